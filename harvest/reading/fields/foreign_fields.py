"""Filled fields that carry another name than ours: renamed by a tool that joined files, or put there by an editor. Pure.

Where the name says nothing, the place does: a field in a cell's own rectangle is that cell's. One that only lies over or
beside the cells is what somebody wrote with a tool of their own, and is treated as a note is (`harvest.reading.pdf.markup_annotations`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from harvest.model import Method, Problem, Severity
from harvest.problems import problem
from harvest.reading.model import limits
from harvest.reading.model.raw_fields import RawField, RawForeign, RawNote, Rect
from harvest.reading.pdf import markup_annotations

#: Points by which an edge of a renamed field may be off: programs round, and a page may have been scaled.
_EDGE = 2.0
#: Points that a hidden field has to a side at most.
_TINY = 3.0
_ROW = re.compile(r"_r[0-9]+_[a-z0-9-]+$")
_NIL = "_nil"
_OFF = frozenset({"", "/Off", "Off"})
#: Stands before the name of a checkbox that somebody added and ticked.
_TICKED = "☒"
#: A page that is none of ours is named as a whole; so many of its fields are told besides.
_OF_A_STRANGER = 12


def placed(
    fields: Iterable[RawForeign], boxes: Mapping[int, Mapping[str, Rect]]
) -> tuple[list[RawField], list[RawNote], list[Problem]]:
    """The fields that stand in cells of ours, what the others say as notes, and how many are left out, if any.

    Args:
        fields: of the whole file.
        boxes: page -> field name -> its place, in the same coordinates; of the pages that are known to be ours.
    """
    found: list[RawField] = []
    said: list[RawNote] = []
    left, on_page = 0, Counter[int]()
    for one in fields:
        cells = boxes.get(one.page, {})
        name = "" if one.hidden else _cell(one, cells)
        if name:
            found.append(RawField(name, one.text, Method.WIDGET, one.page, one.box, one.confidence))
            continue
        said_here = _note(one, cells, found)
        if said_here is None:
            continue
        on_page[one.page] += 1
        if len(said) < limits.FOREIGN and (cells or on_page[one.page] <= _OF_A_STRANGER):
            said.append(said_here)
        else:
            left += bool(cells)
    if not left:
        return found, said, []
    size = len(said) + left
    too_many = problem("too-large", Severity.LOST, what="fields", size=size, limit=limits.FOREIGN)
    return found, said, [too_many]


def _cell(one: RawForeign, cells: Mapping[str, Rect]) -> str:
    """The name of the cell whose rectangle the field has."""
    if one.box is None:
        return ""
    for name, cell in cells.items():
        same = all(abs(mine - theirs) <= _EDGE for mine, theirs in zip(one.box, cell, strict=True))
        if same and one.button == name.endswith(_NIL):
            return name
    return _entry(one.box, cells)


def _entry(box: Rect, cells: Mapping[str, Rect]) -> str:
    """The name of the hidden field of a prefilled row, which is tiny and stands at the foot of its row, before its first cell."""
    if max(box[2] - box[0], box[3] - box[1]) > _TINY:
        return ""
    row = [
        (cell[0], name)
        for name, cell in cells.items()
        if abs(cell[1] - box[1]) <= _EDGE and box[2] < cell[0] and _ROW.search(name)
    ]
    return f"{min(row)[1].rpartition('_')[0]}_id" if row else ""


def _note(one: RawForeign, cells: Mapping[str, Rect], found: list[RawField]) -> RawNote | None:
    """What a field that is in no cell says; None where that is nothing, or was taken as a tick."""
    if not one.button:
        return _written(one, one.text) if one.text.strip() else None
    if one.text in _OFF:
        return None
    box = (
        None
        if one.hidden
        else markup_annotations.field_under(one.box, {n: c for n, c in cells.items() if n.endswith(_NIL)})
    )
    if box is None:
        return _written(one, f"{_TICKED} {one.name}")
    found.append(
        RawField(box[0], one.text, Method.ANNOTATION, one.page, one.box, min(box[1], one.confidence))
    )
    return None


def _written(one: RawForeign, text: str) -> RawNote:
    return RawNote(one.page, markup_annotations.WRITTEN, text, one.box, one.hidden)
