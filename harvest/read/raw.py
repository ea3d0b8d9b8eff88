"""What an adapter takes out of a PDF, before anybody asks whose it is. Plain enough to travel as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from harvest.model import Method, Picture, Problem
from spec.names import parse_field_name

Rect = tuple[float, float, float, float]

#: Tails that tools add when they join files in which the same name occurs twice: qpdf `+1`, MuPDF ` [78]`,
#: others `#1`, ` (2)`, `.2`, `_2`. No name of ours ends so: its last part begins with a letter.
_TAIL = re.compile(r"(?:[+#._]\d+|\s*\(\d+\)|\s*\[\d+\])+$")


@dataclass(frozen=True, slots=True)
class RawField:
    """A field of ours with a value: `name` parses, `page` is from 1 or 0 for none, `box` as in /Rect.

    `confidence` is 1 for what was read, less for what was reconstructed (see `harvest.read.trust`).
    """

    name: str
    text: str
    method: Method
    page: int
    box: Rect | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class RawPicture:
    """What a field of ours looked like on a scan; `name` and `page` as in RawField."""

    name: str
    page: int
    picture: Picture


@dataclass(frozen=True, slots=True)
class RawNote:
    """What somebody put on a page from outside: an annotation's kind (`/FreeText`), text and /Rect."""

    page: int
    kind: str
    text: str
    box: Rect | None


@dataclass(frozen=True, slots=True)
class Besides:
    """What else a file holds than fields of ours. It stays in the worker, which looks into it.

    Attributes:
        notes: annotations that are no widgets.
        bare: numbers of the pages without any widget; what they say stands in their content.
        signed: whether Adobe's Fill & Sign left its mark.
        written: numbers of the pages with fields on which something else was written, too.
        boxes: page -> name of a field of ours -> its place there; only for the pages where it is asked for.
    """

    notes: tuple[RawNote, ...] = ()
    bare: tuple[int, ...] = ()
    signed: bool = False
    written: tuple[int, ...] = ()
    boxes: Mapping[int, Mapping[str, Rect]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.notes or self.bare or self.signed or self.written)


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
        seen: pages that say by print or QR code whose they are: number from 1, and what they say.
        pictures: cells of scans.
        besides: what further ways of reading may find something in; does not travel.
    """

    pages: int
    fields: tuple[RawField, ...]
    ours: int = 0
    foreign: int = 0
    dates: tuple[str, str] = ("", "")
    producer: str = ""
    xfa: bool = False
    problems: tuple[Problem, ...] = ()
    seen: tuple[tuple[int, str], ...] = ()
    pictures: tuple[RawPicture, ...] = ()
    besides: Besides = field(default_factory=Besides, compare=False)


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
    said = {(one.name, one.text) for one in fields if one.method is not Method.FIELD_TREE}
    kept: dict[tuple[str, str, Method, int], RawField] = {}
    for one in fields:
        if one.method is Method.FIELD_TREE:
            if (one.name, one.text) in said:
                continue
            said.add((one.name, one.text))
        kept.setdefault((one.name, one.text, one.method, one.page), one)
    return tuple(kept.values())


def rect_of(values: Sequence[float]) -> Rect | None:
    """The rectangle with its corners in order (7.9.5), or None where it has no area."""
    if len(values) != 4:
        return None
    x0, x1 = sorted((values[0], values[2]))
    y0, y1 = sorted((values[1], values[3]))
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None
