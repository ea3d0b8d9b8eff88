"""A reader that writes to the path that its document names; the guard around it must end it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harvest.reading.model.raw_fields import Raw
from tests.fuzz import reader

__all__ = ["extract"]


def extract(data: bytes, passwords: Sequence[str], *more: object) -> Raw:
    assert reader.extract is not extract
    Path(data.decode()).write_bytes(b"x")
    return Raw(pages=1, fields=())
