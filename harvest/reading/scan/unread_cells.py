"""What stands on a page without being read: by a person, who gets its picture (`harvest.reading.scan.crop`). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from harvest.model import Method, Problem, Severity
from harvest.problems import problem
from harvest.reading.model.raw_fields import RawField, parsed_name
from spec.geometry import Box
from spec.names import NilField, RowField


def inked(names: Iterable[str], boxes: Mapping[str, Box], number: int) -> Iterator[RawField]:
    """Cells of a facility that hold something, without words, and boxes of which nobody knows: a person will read them."""
    for name in names:
        if isinstance(parsed_name(name), RowField | NilField):
            yield RawField(name, "", Method.OCR, number, boxes[name].as_tuple(), 0.0)


def unread(names: Iterable[str], number: int) -> Iterator[Problem]:
    """What stands there without being read is told row by row: nobody wants to be told five times.

    A note only: each cell waits for a person by itself.
    """
    rows = dict.fromkeys(name.row for name in map(parsed_name, names) if isinstance(name, RowField))
    yield from (problem("ocr-nothing", Severity.NOTE, page=number, row=row) for row in rows)
    if any(not isinstance(parsed_name(name), RowField | NilField) for name in names):
        yield problem("ocr-nothing-beside", Severity.CHECK, page=number)
