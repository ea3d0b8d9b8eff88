"""Whether two texts name the same facility, and how alike they are. Pure."""
