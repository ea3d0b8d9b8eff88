"""What an adapter takes out of a PDF, before anybody asks whose it is. Plain enough to travel as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from harvest.model import Method, Picture, Problem
from harvest.reading.model import confidence_levels, limits
from spec.names import (
    EntryField,
    IdField,
    RowField,
    find_field_name,
    parse_field_name,
    parse_identity,
)

Rect = tuple[float, float, float, float]

#: Tails that tools add when they join files in which the same name occurs twice: qpdf `+1`, MuPDF ` [78]`,
#: others `#1`, ` (2)`, `.2`, `_2`. No name of ours ends so: its last part begins with a letter.
_TAIL = re.compile(r"(?:[+#._]\d+|\s*\(\d+\)|\s*\[\d+\])+$")


@dataclass(frozen=True, slots=True)
class RawField:
    """A field of ours with a value: `name` parses, `page` is from 1 or 0 for none, `box` as in /Rect.

    `confidence` is 1 for what was read, less for what was reconstructed (see `harvest.reading.model.confidence_levels`).
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
    """What somebody put on a page from outside: an annotation's kind (`/FreeText`), its text and where that stands.

    `hidden` is what nobody sees who opens the file.
    """

    page: int
    kind: str
    text: str
    box: Rect | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class RawForeign:
    """A field with a value whose name is none of ours: its page, name, value and /Rect.

    `button` is a checkbox, whose value is its state; `hidden` is what nobody sees who opens the file.
    """

    page: int
    name: str
    text: str
    box: Rect | None
    button: bool = False
    hidden: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Besides:
    """What else a file holds than fields of ours. It stays in the worker, which looks into it.

    Attributes:
        notes: annotations that are no widgets.
        bare: numbers of the pages without any field of ours; what they say stands in their content.
        signed: whether Adobe's Fill & Sign left its mark.
        written: numbers of the pages with fields on which something else was written, too.
        boxes: page -> name of a field of ours -> its place there; only for the pages where it is asked for.
        foreign: fields with a value whose names are none of ours.
        layered: whether the file has layers that are switched off.
    """

    notes: tuple[RawNote, ...] = ()
    bare: tuple[int, ...] = ()
    signed: bool = False
    written: tuple[int, ...] = ()
    boxes: Mapping[int, Mapping[str, Rect]] = field(default_factory=dict)
    layered: bool = False
    foreign: tuple[RawForeign, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.notes or self.bare or self.signed or self.written or self.foreign)


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
        left: numbers of the pages that were still to be looked at when this was told; none at the end.
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
    left: tuple[int, ...] = ()
    besides: Besides = field(default_factory=Besides, compare=False)


def together(told: Sequence[Raw]) -> Raw:
    """What was told of one document bit by bit: at first all but its further pages, then each page's (at least one)."""
    first, last = told[0], told[-1]
    return replace(
        first,
        fields=tuple(one for raw in told for one in raw.fields),
        seen=tuple(one for raw in told for one in raw.seen),
        pictures=tuple(one for raw in told for one in raw.pictures),
        problems=tuple(dict.fromkeys(one for raw in told for one in raw.problems)),
        left=last.left,
    )


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers as people write them: 61-90, 93; shortened where there are many."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    text = ", ".join("-".join(map(str, run)) for run in runs)
    return text if len(text) <= limits.QUOTED else text[: limits.QUOTED].rpartition(",")[0] + " ..."


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
    within = find_field_name(".".join(parts)) or find_field_name("_".join(parts[-5:]))
    return None if within is None else str(within)


def name_by_value(text: str) -> str | None:
    """The name of the hidden field that says whose a page is, from what it says; None for any other value."""
    identity = parse_identity(text) if len(text) <= limits.QUOTED else None
    return None if identity is None else str(IdField(identity.edition, identity.category, identity.page))


def prefilled_rows(fields: Iterable[RawField]) -> tuple[str, ...]:
    """What the names of the cells begin with that stand in rows with the id of an entry, among the fields of one page."""
    return tuple(
        one.name.removesuffix("id")
        for one in fields
        if one.name.endswith("_id") and one.text.strip() and isinstance(parsed_name(one.name), EntryField)
    )


def is_cell(name: str) -> bool:
    """Whether a field is a cell of a facility's row."""
    return isinstance(parsed_name(name), RowField)


def is_answer(name: str) -> bool:
    """Whether a field is one for a partner to fill in: it doesn't say whose a page or an entry is."""
    return not isinstance(parsed_name(name), IdField | EntryField)


def otherwise(
    field: RawField, words: str, same: Callable[[str, str, tuple[float, float]], bool]
) -> RawField | None:
    """What a field's appearance shows as a reading of its own, where that is something else than the field stores."""
    if field.box is None or not words.strip() or not is_answer(field.name):
        return None
    x0, y0, x1, y1 = field.box
    if field.text.strip() and same(words, field.text, (x1 - x0, y1 - y0)):
        return None
    return replace(field, text=words, method=Method.APPEARANCE, confidence=confidence_levels.SHOWN_ONLY)


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
