"""Cells whose fields are gone: text, ink and watermarks on pages that were printed or flattened; exported form data."""
