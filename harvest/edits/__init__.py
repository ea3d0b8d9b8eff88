"""What people did in the workbook: manual edits told from what programs did to the cells. Pure."""
