"""The reader as the workers use it, watched: one that speaks to the network, writes or starts something is ended."""

from __future__ import annotations

import os
import sys

from harvest.reading.extract import extract
from tests.fuzz.guard import ENDED, forbidden

__all__ = ["extract"]


def _watch(event: str, words: tuple[object, ...]) -> None:
    if forbidden(event, words, None):
        os._exit(ENDED)


# Recognising characters takes seconds: it is left to the batches that are harvested as a whole.
os.environ["PATH"] = ""
sys.dont_write_bytecode = True
sys.addaudithook(_watch)
