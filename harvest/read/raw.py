"""What an adapter takes out of a PDF, before anybody asks whose it is. Plain enough to travel as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from harvest.model import Method, Problem
from spec.names import parse_field_name

Rect = tuple[float, float, float, float]

#: Tails that tools add when they join files in which the same name occurs twice: qpdf `+1`, MuPDF ` [78]`,
#: others `#1`, ` (2)`, `.2`, `_2`. No name of ours ends so: its last part begins with a letter.
_TAIL = re.compile(r"(?:[+#._]\d+|\s*\(\d+\)|\s*\[\d+\])+$")


@dataclass(frozen=True, slots=True)
class RawField:
    """A field of ours with a value: `name` parses, `page` is from 1 or 0 for none, `box` as in /Rect."""

    name: str
    text: str
    method: Method
    page: int
    box: Rect | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """One PDF's content as far as it concerns us.

    Attributes:
        pages: number of pages.
        fields: fields of ours with a value, page by page, then those of the field tree alone.
        ours, foreign: fields that were looked at; empty ones need not be among them unless all are empty.
        dates: Info /ModDate and /CreationDate as written.
        xfa: whether the form is (also) an XFA form.
        problems: what the adapter noticed.
    """

    pages: int
    fields: tuple[RawField, ...]
    ours: int = 0
    foreign: int = 0
    dates: tuple[str, str] = ("", "")
    producer: str = ""
    xfa: bool = False
    problems: tuple[Problem, ...] = ()


#: Returns of one edition hold the same names over and over.
parsed_name = lru_cache(maxsize=16_384)(parse_field_name)


def name_of(parts: Sequence[str]) -> str | None:
    """The name of ours that a field's partial names (outermost first) spell, or None for a foreign field.

    Flat names are the rule. Tools that joined files put parents above them or add a tail; a tree
    whose levels are the grammar's parts is joined.
    """
    if len(parts) == 1 and parsed_name(parts[0]) is not None:
        return parts[0]
    pieces = _TAIL.sub("", ".".join(parts)).split(".")
    for start in range(len(pieces) - 1, max(len(pieces) - 5, -1), -1):
        name = "_".join(pieces[start:])
        if parsed_name(name) is not None:
            return name
    return None


def reconciled(fields: Iterable[RawField]) -> tuple[RawField, ...]:
    """Without readings of the field tree that only repeat what a page's widget says."""
    fields = tuple(fields)
    said = {(field.name, field.text) for field in fields if field.method is not Method.FIELD_TREE}
    kept: dict[tuple[str, str, Method, int], RawField] = {}
    for field in fields:
        if field.method is Method.FIELD_TREE:
            if (field.name, field.text) in said:
                continue
            said.add((field.name, field.text))
        kept.setdefault((field.name, field.text, field.method, field.page), field)
    return tuple(kept.values())


def rect_of(values: Sequence[float]) -> Rect | None:
    """The rectangle with its corners in order (7.9.5), or None where it has no area."""
    if len(values) != 4:
        return None
    x0, x1 = sorted((values[0], values[2]))
    y0, y1 = sorted((values[1], values[3]))
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None
