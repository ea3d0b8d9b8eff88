"""Workbooks of any writer, opened with openpyxl: what that library does not know is put into the spelling that it does.

"Strict Open XML" has other namespaces (ISO/IEC 29500-1, against ECMA-376-1 Transitional); characters that XML could not
carry stand as `_xHHHH_` (22.9.2.19, ST_Xstring); the area that a sheet says it has may be an old one (18.3.1.35).
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:  # would make every start wait
    from openpyxl.workbook import Workbook

_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/"
#: Beginnings of the names that differ; each goes on alike in both.
_NAMES = (
    (b"spreadsheetml/main", b"spreadsheetml/2006/main"),
    (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
    (b"officeDocument/", b"officeDocument/2006/"),
    (b"drawingml/", b"drawingml/2006/"),
)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_ESCAPED_BYTES = re.compile(rb"_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile("_x(00(?:0[0-8BCEFbcef]|1[0-9A-Fa-f]))_")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PARTS = re.compile(r"\.(?:xml|rels)\Z", re.IGNORECASE)
#: Parts in which cells' texts stand.
_TEXTS = re.compile(r"sharedStrings|sheet", re.IGNORECASE)


def unescape_xstring(text: str) -> str:
    """The text that an ST_Xstring spells; the XML's own escapes are gone already."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def open_workbook(data: bytes, *, read_only: bool) -> Workbook:
    """The workbook in a file's bytes; all rows of its sheets are read, whatever area a sheet says it has.

    Raises:
        Exception: whatever openpyxl and its parsers raise on a damaged file.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - the start does not wait for it

    with warnings.catch_warnings():
        # openpyxl warns of what it drops (drop-down lists, print settings): nothing of it is read here
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(_known(data)), read_only=read_only, data_only=False, keep_links=False)
    if read_only:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
    return book


def cell_text(text: str) -> str:
    """A text that openpyxl read, with the control characters that no XML can carry."""
    return _CONTROL.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _known(data: bytes) -> bytes:
    """The package in the spelling that openpyxl knows; as it stands, where it is in that already."""
    changed: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for info in package.infolist():
            if _PARTS.search(info.filename):
                part = package.read(info)
                known = _known_part(info.filename, part)
                if known is not part:
                    changed[info.filename] = known
        if not changed:
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as target:
            for info in package.infolist():
                target.writestr(info.filename, changed.get(info.filename) or package.read(info))
    return out.getvalue()


def _known_part(name: str, part: bytes) -> bytes:
    known = part
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        known = re.sub(rb"\A\s*<\?xml[^>]*\?>", b"", part.decode("utf-16").encode())
    if _STRICT in known:
        for strict, transitional in _NAMES:
            known = known.replace(_STRICT + strict, _TRANSITIONAL + transitional)
    if b"<!" in known or b"<?" in known[5:]:
        # where lxml is there, openpyxl stumbles over comments and instructions
        known = ET.tostring(_parsed(known))
    if b"_x" in known and _TEXTS.search(name):
        # openpyxl takes `_x005F_` alone out of shared texts, and nothing else
        known = _ESCAPED_BYTES.sub(_reference, known)
    return known if known != part else part


class _NoDoctype(ET.TreeBuilder):
    def doctype(self, *_: object) -> None:
        """Refused: no workbook may declare one (ECMA-376-2, 9.1.3); it is the way in for entity bombs."""
        raise ValueError("a document type")


def _parsed(part: bytes) -> ET.Element:
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - see there
    parser.feed(part)
    root: ET.Element = parser.close()
    return root


def _reference(found: re.Match[bytes]) -> bytes:
    """An escape as XML's own, where XML has one for that character."""
    code = int(found[1], 16)
    if (code >= 0x20 and not 0xD800 <= code < 0xE000 and code < 0xFFFE) or code in {9, 10, 13}:
        return b"&#%d;" % code
    return found[0]
