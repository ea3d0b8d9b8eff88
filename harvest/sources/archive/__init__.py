"""Containers of files: zip archives and PDF portfolios."""
