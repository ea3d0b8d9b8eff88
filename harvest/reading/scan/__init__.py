"""Pages that are pictures: laid onto the blank, cut into cells, recognised."""
