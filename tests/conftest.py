"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import settings

from spec.console.screen import VARIABLE

# Whoever runs the tests, and whatever language their computer speaks: none.
os.environ[VARIABLE] = "C"

# How long an example takes says how busy the machine is, and nothing about the product.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
