"""A worksheet part taken apart: what stands before the rows, the rows, what stands after them (ECMA-376-1, 18.3.1).

The fast way cuts the XML at `<row` and `<c`, as every writer known to us spells them; whatever is spelled
otherwise goes through `normalize_xml` first. A differential test against openpyxl guards the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from harvest.register.cell_text import from_xml
from harvest.register.errors import NotAWorkbookError
from harvest.register.xlsx.normalize_xml import canonical, is_plain, plain
from harvest.register.xlsx.row_xml import place_of

_CLOSED_ROW = re.compile(rb'<row r="(\d+)"([^>]*?)/>')
CELL = re.compile(r'<c r="([A-Z]{1,3})\d+"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_ROW_START = re.compile(rb'<row r="(\d+)"')
#: As many blank rows in a row come from a whole column; they are a million then.
_MANY = 5_000
_START = re.compile(rb"<sheetData\b[^>]*>")
#: a cell spelt in another way than CELL expects; `<c` also begins names such as `<cols>`
_ODD_CELL = re.compile(rb'<c(?! r="[A-Z]{1,3}\d)[\s>/]')
_TEXT = re.compile(r"<t(?:\s[^>]*)?(?:/>|>(.*?)</t>)", re.DOTALL)
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>|<phoneticPr\b[^>]*/>", re.DOTALL)
_VALUE = re.compile(r"<v(?:\s[^>]*)?>(.*?)</v>", re.DOTALL)
_STYLE = re.compile(r'\bs="(\d+)"')
_TYPE = re.compile(r'\bt="(\w+)"')
_PLAIN_START, _PLAIN_END = "<is><t>", "</t></is>"
_PLAIN_ITEM = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_ITEM = re.compile(r"<si\b[^>]*?(?:/>|>(.*?)</si>)", re.DOTALL)


class RawRow(NamedTuple):
    """A row: its number, its other attributes, its cells; as UTF-8, for most rows are only passed on.

    As text, one emoji would make every character of a sheet take four bytes.
    """

    number: int
    attributes: bytes
    inside: bytes


class RawCell(NamedTuple):
    """A cell: its column's letters, the text of its attributes after `r`, what it contains."""

    letters: str
    attributes: str
    inside: str

    @property
    def place(self) -> int:
        """Place of its column, from 0."""
        return place_of(self.letters)

    @property
    def style(self) -> int:
        """Index of its look."""
        found = _STYLE.search(self.attributes)
        return int(found[1]) if found else 0

    @property
    def kind(self) -> str:
        """Its type: s, str, inlineStr, b, e, d, n."""
        found = _TYPE.search(self.attributes)
        return found[1] if found else "n"

    @property
    def formula(self) -> bool:
        """Whether it holds a formula."""
        return "<f" in self.inside and re.search(r"<f[\s>/]", self.inside) is not None


@dataclass(frozen=True, slots=True)
class Grid:
    """A worksheet: `head` ends before `<sheetData`, `tail` starts after it.

    `blank`: the many rows without any content that follow where somebody gave whole columns a look; as they stand.
    """

    head: str
    rows: tuple[RawRow, ...]
    tail: str
    blank: bytes = b""

    @classmethod
    def of(cls, data: bytes, place: str) -> Grid:
        """The worksheet that `data` spells in UTF-8.

        Raises:
            NotAWorkbookError: it is no worksheet or damaged.
        """
        grid = _cut(data) if is_plain(data) else None
        if grid is None:
            grid = _cut(canonical(decoded(data, place), place).encode())
        if grid is None:
            raise NotAWorkbookError(place, "The part is no worksheet.", "Restore a backup.")
        return grid


def decoded(data: bytes, place: str) -> str:
    """A part's text.

    Raises:
        NotAWorkbookError: it is not UTF-8.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise NotAWorkbookError(place, "The part is damaged.", "Restore a backup.") from error


def _cut(xml: bytes) -> Grid | None:
    """The worksheet, cut at the end tags of its rows: several times as fast as a pattern for a whole row.

    None where anything is spelt in a way that this does not expect.
    """
    start, end = _START.search(xml), xml.rfind(b"</sheetData>")
    if start is None or _ODD_CELL.search(xml, start.end()) is not None:
        return None
    head = xml[: start.start()].decode(errors="replace")
    if start[0].endswith(b"/>"):
        return Grid(head, (), xml[start.end() :].decode(errors="replace"))
    body, tail = xml[start.end() : end], xml[end + len(b"</sheetData>") :].decode(errors="replace")
    body, blank = _without_blank(body)
    *pieces, between = body.split(b"</row>")
    rows: list[RawRow] = []
    if end < 0 or not all(_take_row(piece, rows) for piece in pieces) or not _closed_rows(between, rows):
        return None
    if any(later.number <= earlier.number for earlier, later in pairwise(rows)):
        return None
    return Grid(head, tuple(rows), tail, blank)


def _without_blank(body: bytes) -> tuple[bytes, bytes]:
    """The rows up to the last one with content, and the others, if these are as many as no person makes one by one."""
    last = body.rfind(b"</c>")
    end = body.find(b"</row>", last) + len(b"</row>") if last >= 0 else 0
    blank = body[end:]
    many = blank.count(b'<row r="') if end else 0
    if many < _MANY or many != blank.count(b"<row "):
        return body, b""
    return body[:end], blank


def below(blank: bytes, last: int) -> bytes:
    """What is left of blank rows when others stand up to row `last`."""
    for found in _ROW_START.finditer(blank):
        if int(found[1]) > last:
            return blank[found.start() :]
    return b""


def _take_row(piece: bytes, rows: list[RawRow]) -> bool:
    """Take over the row that ends a piece; rows without cells have no end tag and stand glued to its front."""
    head, _, cells = piece.partition(b">")
    if head[-1:] == b"/" or head[:8] != b'<row r="':
        start = piece.rfind(b"<row ")
        if start < 0 or not _closed_rows(piece[:start], rows):
            return False
        head, _, cells = piece[start:].partition(b">")
    number, quote, attributes = head[8:].partition(b'"')
    if not quote or head[:8] != b'<row r="' or not number.isdigit():
        return False
    rows.append(RawRow(int(number), attributes, cells))
    return True


def _closed_rows(text: bytes, rows: list[RawRow]) -> bool:
    """Take over rows without cells; false where something else stands among them."""
    found = _CLOSED_ROW.findall(text)
    rows += [RawRow(int(number), attributes, b"") for number, attributes in found]
    return not _CLOSED_ROW.sub(b"", text).strip()


def cells_of(row: RawRow) -> Iterator[RawCell]:
    """The cells of a row, from left to right."""
    return (RawCell(*found) for found in CELL.findall(row.inside.decode()))


def rich_text(inside: str) -> str:
    """The text of a CT_Rst (18.4.8): its runs joined, without the reading aids of East Asian text."""
    if "<rPh" in inside or "<phoneticPr" in inside:
        inside = _PHONETIC.sub("", inside)
    return "".join(from_xml(text) for text in _TEXT.findall(inside))


def shared_strings(xml: str, place: str) -> list[str]:
    """The texts of sharedStrings.xml (18.4.9)."""
    xml = plain(xml, place)
    items = _PLAIN_ITEM.findall(xml)
    if len(items) == xml.count("<si>") + xml.count("<si/>") + xml.count("<si "):
        return [from_xml(text) for text in items]
    return [rich_text(inside) for inside in _ITEM.findall(xml)]


def inline_text(inside: str) -> str:
    """The text of an inline string."""
    if inside.startswith(_PLAIN_START) and inside.endswith(_PLAIN_END):
        text = inside[7:-9]
        if "<" not in text:
            return from_xml(text)
    return rich_text(inside)


def raw_value(inside: str) -> str:
    """What stands in `<v>`."""
    found = _VALUE.search(inside)
    return from_xml(found[1]) if found else ""
