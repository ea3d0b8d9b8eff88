"""Pictures beside the rows of a sheet: drawings of ours, among those that people put there.

Sources: ECMA-376-1 (20.5 spreadsheet drawings). Ours are known by the name of the drawing; where a program dropped that,
by the mark in the picture's own bytes (`harvest.model.PICTURE_MARK`). All others stay as they are, byte for byte.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from harvest.model import PICTURE_MARK, Picture
from harvest.register.cell_text import to_attribute, unescape_xml
from harvest.register.sheet_model import PictureView, SheetView
from harvest.register.xlsx.package import Package, rels_part
from harvest.register.xlsx.part_names import OFFICE, relation_type
from harvest.register.xlsx.sheet_layout import DECLARATION
from harvest.register.xlsx.workbook_part import with_relations, without_relation

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_EMPTY = (
    f'{DECLARATION}<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main"></xdr:wsDr>'
)
NO_RELATIONS = f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships"></Relationships>'
#: Our drawings' names go on with the beginning of the picture's hash.
_NAME = "harvest-"
_KEY = 16
#: Points: a pixel, the largest picture, the air around it.
_PIXEL = 0.38
_MOST = (182.0, 75.0)
_AIR = 3.0
_EMU = 12_700
#: Programs number what they add by counting from 1, and look at nobody else's numbers.
_FIRST_ID = 1_000
#: A picture's own bytes are looked into only where it is no larger than ours can be.
_LARGEST = 64 * 1024

_ANCHOR = re.compile(r"<((?:\w+:)?(?:oneCell|twoCell|absolute)Anchor)\b.*?</\1>", re.DOTALL)
_PICTURE = re.compile(r"<(?:\w+:)?pic[\s>]")
_GROUP = re.compile(r"<(?:\w+:)?grpSp[\s>]")
_PROPERTIES = re.compile(r"<(?:\w+:)?cNvPr\b[^>]*>")
_ROW = re.compile(r"<(?:\w+:)?row>\s*(\d+)\s*<")
_EMBEDDED = re.compile(r'<(?:\w+:)?blip\b[^>]*?\b\w++:embed="([^"]*)"')
_OWN_NAME = re.compile(rf'\bname="{_NAME}([0-9a-f]{{{_KEY}}})"')
_ALT = re.compile(r'\bdescr="([^"]*)"')
_ID = re.compile(r'<(?:\w+:)?cNvPr\b[^>]*?\bid="(\d+)"')
_END = re.compile(r"</(?:\w+:)?wsDr>\s*\Z")
_CLOSED = re.compile(r"<((?:\w+:)?wsDr)\b([^>]*)/>\s*\Z")


class Placed(NamedTuple):
    """A picture and where it stands: row from 1, column from 0."""

    row: int
    column: int
    shown: PictureView


@dataclass(slots=True)
class Followed:
    """What changes in the package: parts with their new content, parts that go, and the new drawing, if it is new."""

    texts: dict[str, str] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    created: str = ""


def size_of(picture: Picture) -> tuple[float, float]:
    """Width and height as shown, in points."""
    scale = min(_PIXEL, _MOST[0] / picture.width, _MOST[1] / picture.height)
    return picture.width * scale, picture.height * scale


def row_height(shown: PictureView) -> float:
    """Height of a row that shows the picture, in points."""
    return round(size_of(shown.picture)[1] + 2 * _AIR)


def standing(sheet: SheetView) -> list[Placed]:
    """The pictures of a sheet that is written anew, headings in its first row."""
    if not sheet.pictures:
        return []
    column = sheet.index(sheet.pictures)
    return [
        Placed(number, column, row.picture)
        for number, row in enumerate(sheet.rows, start=2)
        if row.picture is not None
    ]


def drawn_anew(placed: Sequence[Placed], drawing: str) -> Followed:
    """The parts of a new drawing that shows these pictures."""
    done = Followed(created=drawing)
    if placed:
        _write(done, drawing, _EMPTY, NO_RELATIONS, placed=placed, targets={})
    return done


def followed(
    package: Package, read: Callable[[str], str], part: str, placed: Sequence[Placed], free: Callable[[], str]
) -> Followed | None:
    """The drawing of the sheet in `part`, brought up to date: one picture of ours beside each row that has one.

    What stands right already stays as it is, whatever size people gave it.

    Args:
        read: a part's text as it stands so far.
        placed: the pictures that the sheet should show.
        free: gives a name for a drawing where the sheet has none.

    Returns:
        None where nothing changes.
    """
    there = [one for one in package.relations(part) if one.kind == "drawing" and one.target in package.infos]
    if not there:
        return drawn_anew(placed, free()) if placed else None
    drawing = there[0].target
    targets = {one.id: one.target for one in package.relations(drawing) if not one.external}
    text = read(drawing)
    left, gone, missing = _compared(text, targets, package, placed)
    if left == text and not missing:
        return None
    rels = rels_part(drawing)
    relations, dropped = read(rels) if rels in package.infos else NO_RELATIONS, set[str]()
    for relation in gone:
        if f'"{relation}"' not in left:
            relations = without_relation(relations, relation)
            dropped.add(targets.pop(relation))
    done = Followed()
    _write(done, drawing, left, relations, placed=missing, targets=targets)
    done.media = {name: data for name, data in done.media.items() if name not in package.infos}
    needed = {*targets.values(), *_needed_elsewhere(package, rels, dropped)}
    done.dropped = dropped - needed - {_media(one.shown.picture) for one in placed}
    return done


def _compared(
    text: str, targets: Mapping[str, str], package: Package, placed: Iterable[Placed]
) -> tuple[str, set[str], list[Placed]]:
    """The drawing without what of ours stands wrong, the relations which that used, and the pictures that are missing.

    `targets`: id of a relation of the drawing -> its part.
    """
    wanted = {(one.row - 1, _key(one.shown.picture)): one for one in placed}
    gone: set[str] = set()

    def kept(found: re.Match[str]) -> str:
        own = _own(found[0], targets, package)
        if own is None:
            return found[0]
        one = wanted.get((own.row, own.key))
        if one is not None and own.named and own.alt == one.shown.alt:
            del wanted[own.row, own.key]
            return found[0]
        gone.add(own.relation)
        return ""

    return _ANCHOR.sub(kept, text), gone, list(wanted.values())


class _Own(NamedTuple):
    row: int
    key: str
    relation: str
    alt: str
    named: bool


def _own(anchor: str, targets: Mapping[str, str], package: Package) -> _Own | None:
    """What an anchor of ours shows; None for other people's."""
    row, embedded = _ROW.search(anchor), _EMBEDDED.search(anchor)
    properties = _PROPERTIES.search(anchor)
    if not (row and embedded and properties) or _GROUP.search(anchor) or not _PICTURE.search(anchor):
        return None
    name, alt = _OWN_NAME.search(properties[0]), _ALT.search(properties[0])
    target = targets.get(embedded[1], "")
    key = name[1] if name and target else _marked(target, package)
    if not key:
        return None
    return _Own(int(row[1]), key, embedded[1], unescape_xml(alt[1]) if alt else "", name is not None)


def _marked(target: str, package: Package) -> str:
    """The key of a picture whose bytes say that it is ours."""
    info = package.infos.get(target)
    if info is None or info.file_size > _LARGEST:
        return ""
    data = package.read(target)
    return hashlib.sha256(data).hexdigest()[:_KEY] if PICTURE_MARK in data else ""


def _key(picture: Picture) -> str:
    return picture.sha256[:_KEY]


def _media(picture: Picture) -> str:
    return f"xl/media/{_NAME}{_key(picture)}.{picture.kind}"


def _needed_elsewhere(package: Package, but: str, parts: Iterable[str]) -> Iterator[str]:
    """Those of the parts that others point at, too: programs keep one copy of a picture that stands in two places."""
    asked = set(parts)
    for name in package.infos if asked else ():
        folder, file = posixpath.split(name)
        if name != but and posixpath.basename(folder) == "_rels" and file.endswith(".rels"):
            part = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
            yield from (one.target for one in package.relations(part) if one.target in asked)


def _write(
    done: Followed,
    drawing: str,
    text: str,
    relations: str,
    *,
    placed: Sequence[Placed],
    targets: Mapping[str, str],
) -> None:
    """The drawing with these pictures besides, and the parts that they need."""
    ids = {target: relation for relation, target in targets.items()}
    images = {_media(one.shown.picture): one.shown.picture for one in placed}
    new = [name for name in images if name not in ids]
    relations, added = with_relations(relations, [(relation_type("image"), f"/{name}") for name in new])
    ids |= dict(zip(new, added, strict=True))
    first = 1 + max((_FIRST_ID, *(int(number) for number in _ID.findall(text))))
    anchors = "".join(
        _anchor(one, number, ids[_media(one.shown.picture)]) for number, one in enumerate(placed, first)
    )
    text = _CLOSED.sub(lambda root: f"<{root[1]}{root[2]}></{root[1]}>", text)
    done.texts[drawing] = _END.sub(lambda end: f"{anchors}{end[0]}", text)
    done.texts[rels_part(drawing)] = relations
    done.media |= {name: image.data for name, image in images.items()}


def _anchor(one: Placed, number: int, relation: str) -> str:
    """A picture that moves with its cell; with namespaces of its own, whatever the drawing around it declares."""
    width, height = (round(side * _EMU) for side in size_of(one.shown.picture))
    air = round(_AIR * _EMU)
    name, alt = f"{_NAME}{_key(one.shown.picture)}", to_attribute(one.shown.alt)
    return (
        f'<xdr:oneCellAnchor xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main"'
        f' xmlns:r="{OFFICE}/relationships"><xdr:from><xdr:col>{one.column}</xdr:col><xdr:colOff>{air}</xdr:colOff>'
        f"<xdr:row>{one.row - 1}</xdr:row><xdr:rowOff>{air}</xdr:rowOff></xdr:from>"
        f'<xdr:ext cx="{width}" cy="{height}"/><xdr:pic><xdr:nvPicPr>'
        f'<xdr:cNvPr id="{number}" name="{name}" descr="{alt}"/>'
        '<xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
        f'<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/>'
        "</xdr:oneCellAnchor>"
    )
