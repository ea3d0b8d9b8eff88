"""A register brought up to date inside the workbook that people work in."""
