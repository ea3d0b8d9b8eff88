"""A workbook as a whole: read, written anew, its charts, pictures and the marks by which our sheets are known."""
