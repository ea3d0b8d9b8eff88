"""What holds for every test."""

from __future__ import annotations

import os

from spec.screen import VARIABLE

# Whoever runs the tests, and whatever language their computer speaks: none.
os.environ[VARIABLE] = "C"
