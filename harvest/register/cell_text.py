"""Text as a workbook can hold it: what is replaced, what is escaped, where a long text is parted.

A cell's text is an ST_Xstring (ECMA-376-1, 22.9.2.19): characters that XML cannot carry are written as
`_xHHHH_`, and an underscore that a person typed before such a pattern becomes `_x005F_`.
"""

from __future__ import annotations

import hashlib
import re

from spec.storage.workbook_files import unescape_xstring

#: Excel holds this many UTF-16 code units in a cell and silently drops the rest (Excel specifications and limits).
CELL_LIMIT = 32_767

_UNWRITABLE = re.compile("[\r\x00\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?")
_LOST = re.compile("[\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f]|_x")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_MARK = re.compile(r"(?:… )?\[[^\[\]]*\b([0-9a-f]{12})\]\Z")
_MARK_ROOM = 120  # code units kept free for the words around a mark


def encoding_of(part: bytes) -> str:
    """How a part of a workbook is encoded: UTF-8 or, rarely, UTF-16 (ECMA-376-2, 9.1.3)."""
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    return "utf-8-sig" if part.startswith(b"\xef\xbb\xbf") else "utf-8"


def as_written(text: str) -> str:
    """The text that a register holds for `text`; the same for every text that was read from one.

    Line ends become LF. NUL is shown as U+2400, lone surrogates and the two noncharacters that XML forbids
    as U+FFFD: no workbook can hold them.
    """
    if _UNWRITABLE.search(text) is None:
        return text
    return _LOST.sub("\ufffd", _LINE_END.sub("\n", text).replace("\x00", "\u2400"))


def to_xml(text: str) -> str:
    """`text` (as written) as the content of an element; every other program reads it as text, never as markup."""
    if _SPECIAL.search(text) is None:
        return text
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def to_attribute(text: str) -> str:
    """`text` as the content of a double-quoted attribute."""
    text = to_xml(text).replace('"', "&quot;")
    return text.replace("\n", "&#10;").replace("\t", "&#9;")


_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def _entity(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    number = int(found[1], 16) if found[1] else int(found[2])
    return chr(number) if number < 0x110000 else "\ufffd"


def unescape_xml(text: str) -> str:
    """Element or attribute content with the entities of XML resolved; a workbook has no others (no DTD)."""
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    return _ENTITY.sub(_entity, text) if "&" in text else text


def from_xml(text: str) -> str:
    """The text that stands in a cell whose element content is `text`: the inverse of `to_xml`."""
    return unescape_xstring(unescape_xml(text)) if "&" in text or "_x" in text or "\r" in text else text


def units(text: str) -> int:
    """Length of `text` in a cell: UTF-16 code units, escapes counted as they stand in the file."""
    if text.isascii() and _SPECIAL.search(text) is None:
        return len(text)
    escaped = _CONTROL.sub("_x0000_", _LOOKS_ESCAPED.sub("_x005F_", text))
    return len(escaped.encode("utf-16-le", "surrogatepass")) // 2


def fits_cell(text: str) -> bool:
    """Whether a cell holds `text` whole."""
    # an escape takes seven units at most, so short texts need no counting
    return len(text) * 7 <= CELL_LIMIT or units(text) <= CELL_LIMIT


def mark_of(text: str) -> str:
    """The mark that ties the parts of a long text together: 12 hex digits of its hash."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def part(text: str) -> tuple[str, ...]:
    """`text` in parts that each fit a cell with room for a mark; joined they give it back exactly."""
    parts = []
    while text:
        room = CELL_LIMIT - _MARK_ROOM
        end = min(len(text), room)
        while units(text[:end]) > room:
            end = end * 9 // 10
        end = _gap(text, end)
        parts.append(text[:end])
        text = text[end:]
    return tuple(parts)


def _gap(text: str, end: int) -> int:
    """A place at or shortly before `end` after white space, so that no word and no combined letter is parted."""
    if end >= len(text):
        return end
    for place in range(end, max(end - 400, 1), -1):
        if text[place - 1].isspace():
            return place
    return end


def find_mark(text: str) -> tuple[str, str] | None:
    """The text before a mark and the mark, where `text` ends with one."""
    found = _MARK.search(text[-_MARK_ROOM * 2 :])
    return (text[: len(text) - len(found[0])], found[1]) if found else None
