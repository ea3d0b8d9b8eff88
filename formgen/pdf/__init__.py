"""The laid-out form as a PDF: drawn pages, widgets, structure, metadata, page codes."""
