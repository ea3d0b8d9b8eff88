"""styles.xml: what exists stays as it is, what our sheets need is appended (ECMA-376-1, 18.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from harvest.register.sheet_model import ColumnView, Kind, Role

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

#: A workbook without any style of its own. The order of the collections is CT_Stylesheet's.
EMPTY_STYLES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><color rgb="FF212121"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    '<dxfs count="0"></dxfs>'
    "</styleSheet>"
)

_BETWEEN = re.compile(r">\s+<")
_EMPTY = re.compile(r"<(\w+)((?:\s[^<>]*)?)></\1>")
#: Collections in the order of CT_Stylesheet, to find the place of one that is missing.
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
_TEXT_FORMAT = 49  # "@": what is typed stays text, so that neither dates nor zeros are lost (18.8.30)


class Look(NamedTuple):
    """A cell's look. `number` is a format's id, or its code where it has to be declared."""

    number: int | str = 0
    colour: str = "212121"
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: int = 11
    fill: str = ""
    line: str = "D5DBDF"
    side: str = "EEF1F3"
    wrap: bool = True
    horizontal: str = ""
    vertical: str = "top"
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone of conditional formatting: colour of the text and of the ground."""

    text: str
    ground: str


TONES = {
    "good": Tone("1B5E20", "E3F1E4"),
    "mild": Tone("0D4A7A", "E1EEF8"),
    "warn": Tone("7A4B00", "FCEFD5"),
    "bad": Tone("8E1B16", "F9E1DF"),
    "quiet": Tone("5F6B73", "EEF1F3"),
}

HEADS = {
    Role.EDITABLE: Look(
        bold=True, colour="FFFFFF", fill="35566B", line="35566B", side="5F7D90", vertical="center"
    ),
    Role.DECISION: Look(
        bold=True, colour="5C4400", fill="F6DE9C", line="D9B95C", side="F9ECC4", vertical="center"
    ),
    Role.MANAGED: Look(
        bold=True, colour="37474F", fill="E6EBEE", line="AFBBC3", side="F7F9FA", vertical="center"
    ),
}
EMPTY_NOTE = Look(italic=True, colour="5F6B73", wrap=False, vertical="center", line="FFFFFF", side="FFFFFF")


def body_look(column: ColumnView, language: str) -> Look:
    """How the cells of a column look."""
    if column.role is Role.DECISION:
        return Look(number=_TEXT_FORMAT, fill="FFF8E1", line="EBDDB0", side="F5E9C4")
    if column.upright:
        return Look(number=_TEXT_FORMAT, wrap=False, horizontal="center")
    # "fill" shows as much of a checksum as fits and does not spill over into the next column
    grey = Look(
        number=_TEXT_FORMAT, colour="546069", wrap=column.wrap, horizontal="" if column.wrap else "fill"
    )
    day = r"dd\.mm\.yyyy" if language == "de" else r"yyyy\-mm\-dd"
    looks = {
        Kind.LINK: Look(colour="0B5394", underline=True, wrap=False),
        Kind.DATE: grey._replace(number=day, wrap=False, horizontal="left"),
        Kind.MOMENT: grey._replace(number=rf"{day}\ hh:mm", wrap=False, horizontal="left"),
        Kind.NUMBER: grey._replace(number=1, wrap=False, horizontal="center"),
        Kind.TEXT: Look(number=_TEXT_FORMAT) if column.role is Role.EDITABLE else grey,
    }
    return looks[column.kind]


def head_look(column: ColumnView) -> Look:
    """How a column's heading looks."""
    look = HEADS[column.role]
    return look._replace(turn=90, vertical="bottom", horizontal="center") if column.upright else look


class StyleBook:
    """The styles of one workbook, appended to as needed.

    An index once given never changes: other sheets' cells point at them.
    """

    def __init__(self, xml: str = EMPTY_STYLES) -> None:
        self._xml = xml
        self._added: dict[str, list[str]] = {}
        self._known: dict[Look, int] = {}
        self._tones: dict[str, int] = {}

    @property
    def changed(self) -> bool:
        """Whether anything was appended."""
        return any(self._added.values())

    def look(self, look: Look) -> int:
        """Index in cellXfs of this look."""
        if look not in self._known:
            self._known[look] = self._need("cellXfs", "xf", self._xf(look))
        return self._known[look]

    def tone(self, name: str) -> int:
        """Index in dxfs of this tone."""
        if name not in self._tones:
            tone = TONES[name]
            self._tones[name] = self._need(
                "dxfs",
                "dxf",
                f'<dxf><font><color rgb="FF{tone.text}"/></font>'
                f'<fill><patternFill patternType="solid"><fgColor rgb="FF{tone.ground}"/>'
                f'<bgColor rgb="FF{tone.ground}"/></patternFill></fill></dxf>',
            )
        return self._tones[name]

    def to_xml(self) -> str:
        """The whole part."""
        xml = self._xml
        for name, added in self._added.items():
            if added:
                xml = _appended(xml, name, added)
        return xml

    def _xf(self, look: Look) -> str:
        font = self._need("fonts", "font", _font(look))
        fill = self._need("fills", "fill", _fill(look)) if look.fill else 0
        border = self._need("borders", "border", _border(look))
        number = look.number if isinstance(look.number, int) else self._number(look.number)
        align = f' horizontal="{look.horizontal}"' if look.horizontal else ""
        align += f' vertical="{look.vertical}"'
        align += f' textRotation="{look.turn}"' if look.turn else ""
        align += ' wrapText="1"' if look.wrap else ""
        return (
            f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"'
            ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
            f"<alignment{align}/></xf>"
        )

    def _number(self, code: str) -> int:
        """Id of a declared number format; ids from 164 on are free for us (18.8.30)."""
        taken = 163
        for found in re.finditer(r"<numFmt\b[^>]*?/?>", self._xml + "".join(self._added.get("numFmts", ()))):
            number = re.search(r'\bnumFmtId="(\d+)"', found[0])
            if number is None:
                continue
            taken = max(taken, int(number[1]))
            if f'formatCode="{code}"' in found[0]:
                return int(number[1])
        self._added.setdefault("numFmts", []).append(f'<numFmt numFmtId="{taken + 1}" formatCode="{code}"/>')
        return taken + 1

    def _need(self, collection: str, tag: str, xml: str) -> int:
        """Index of an element; appended unless the very same one stands there already."""
        there = _items(self._xml, collection, tag)
        if xml in there:
            return there.index(xml)
        added = self._added.setdefault(collection, [])
        if xml not in added:
            added.append(xml)
        return len(there) + added.index(xml)


def _collection(xml: str, name: str) -> re.Match[str] | None:
    return re.search(rf"<{name}\b([^>]*?)(/>|>(.*?)</{name}>)", xml, re.DOTALL)


def _items(xml: str, collection: str, tag: str) -> list[str]:
    """The elements of a collection. They nest no element of their own name, so a plain search is exact."""
    found = _collection(xml, collection)
    if found is None or not found[3]:
        return []
    items = re.finditer(rf"<{tag}\b[^>]*?(?:/>|>.*?</{tag}>)", found[3], re.DOTALL)
    # as we write them: without lines between elements, and closed at once where they are empty
    return [_EMPTY.sub(r"<\1\2/>", _BETWEEN.sub("><", item[0])) for item in items]


def _appended(xml: str, name: str, added: list[str]) -> str:
    found = _collection(xml, name)
    new = "".join(added)
    if found is None:
        later = "|".join((*_ORDER[_ORDER.index(name) + 1 :], "tableStyles", "colors", "extLst"))
        place = re.search(rf"<(?:{later})\b|</styleSheet>", xml)
        if place is None:
            raise ValueError("styles.xml has no end")
        return f'{xml[: place.start()]}<{name} count="{len(added)}">{new}</{name}>{xml[place.start() :]}'
    tag = {"numFmts": "numFmt", "cellXfs": "xf"}.get(name, name.rstrip("s"))
    count = len(_items(xml, name, tag)) + len(added)
    attributes = re.sub(r'(?<!\s)\s*+\bcount="\d*"', "", found[1])
    element = f'<{name} count="{count}"{attributes}>{found[3] or ""}{new}</{name}>'
    return xml[: found.start()] + element + xml[found.end() :]


def _font(look: Look) -> str:
    marks = (
        ("<b/>" if look.bold else "") + ("<i/>" if look.italic else "") + ("<u/>" if look.underline else "")
    )
    return (
        f'<font>{marks}<sz val="{look.size}"/><color rgb="FF{look.colour}"/>'
        '<name val="Calibri"/><family val="2"/></font>'
    )


def _fill(look: Look) -> str:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{look.fill}"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    )


def _border(look: Look) -> str:
    line = '<{0} style="thin"><color rgb="FF{1}"/></{0}>'
    right, bottom = line.format("right", look.side), line.format("bottom", look.line)
    return f"<border><left/>{right}<top/>{bottom}<diagonal/></border>"
