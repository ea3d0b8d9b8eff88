"""The pictures of a sheet of ours in an existing workbook brought up to date: drawing, its parts, and what names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from harvest.register.readback.locate import FoundSheet
from harvest.register.update.splice import Spliced
from harvest.register.workbook.drawingml import DRAWING_TYPE
from harvest.register.workbook.row_pictures import NO_RELATIONS, Followed, Placed, followed
from harvest.register.xlsx import workbook_part
from harvest.register.xlsx.package import Package, rels_part
from harvest.register.xlsx.part_names import OFFICE, relation_type

_TYPES = "[Content_Types].xml"
_KINDS = {"png": "image/png", "jpeg": "image/jpeg"}
#: What follows a drawing in CT_Worksheet (18.3.1.99).
_AFTER_DRAWING = re.compile(
    r"<(?:legacyDrawing|legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b"
    r"|<mc:AlternateContent\b|</worksheet>"
)


@dataclass(frozen=True, slots=True)
class Pictured:
    """What changes in the package: parts with their content, parts that go, and what follows the sheet's rows."""

    tail: str
    parts: Mapping[str, bytes] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()


def pictured(
    package: Package,
    read: Callable[[str], str],
    found: FoundSheet,
    spliced: Spliced,
    *,
    new: Mapping[str, tuple[int, float, int]],
    free: Callable[[], str],
) -> Pictured | None:
    """The sheet with its pictures; None where nothing changes.

    Args:
        read: a part's text as it stands so far.
        spliced: the sheet's rows as they will be.
        new: columns that the sheet gets now: key -> place and more. Who deleted the pictures' column wants no pictures.
        free: gives a name for a new drawing.
    """
    key = found.view.pictures
    if not key or package.strict:
        return None
    column = new[key][0] if key in new else found.columns.get(key)
    placed = [] if column is None else [Placed(row, column, shown) for row, shown in spliced.pictures]
    done = followed(package, read, found.sheet.part, placed, free)
    if done is None:
        return None
    parts = {name: text.encode() for name, text in done.texts.items()} | done.media
    tail = found.grid.tail
    if done.created:
        rels = rels_part(found.sheet.part)
        relations = read(rels) if rels in package.infos else NO_RELATIONS
        relations, (number,) = workbook_part.with_relations(
            relations, [(relation_type("drawing"), f"/{done.created}")]
        )
        parts[rels] = relations.encode()
        tail = _with_drawing(tail, number)
    parts[_TYPES] = _types(read, done).encode()
    return Pictured(tail, parts, frozenset(done.dropped))


def _with_drawing(tail: str, relation: str) -> str:
    place = _AFTER_DRAWING.search(tail)
    at = place.start() if place else len(tail)
    return f'{tail[:at]}<drawing xmlns:r="{OFFICE}/relationships" r:id="{relation}"/>{tail[at:]}'


def _types(read: Callable[[str], str], done: Followed) -> str:
    types = read(_TYPES)
    drawing = {f"/{done.created}": DRAWING_TYPE} if done.created else {}
    types = workbook_part.with_types(types, drawing, [f"/{name}" for name in sorted(done.dropped)])
    return workbook_part.with_kinds(types, _KINDS) if done.media else types
