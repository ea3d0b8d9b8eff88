"""The syntax of PDF and the pages that PDFium shows: cross-references, annotations, layers, page objects."""
