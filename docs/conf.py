"""Sphinx: `python3 .ci/start.py docs` builds the documents; a warning is an error."""

project = "formgen-harvest"
extensions = ["myst_parser"]
language = "en"
html_theme = "furo"
myst_heading_anchors = 3
exclude_patterns = ["_build"]
