"""Words taken out of a workbook, wherever they stand: also out of people's own columns, comments and sheets."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Collection
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote, unquote

from harvest.register.cell_text import encoding_of, to_xml
from spec.storage.atomic_files import flush, take_name, unfinished

_TEXT = re.compile(r"<([^\s<>/]*+)([^<>]*+)>([^<]++)(?=<)")
#: what refers to sheets by their names; a name can't be taken out of it alone
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName"})
#: attributes that hold what people write
_TOLD = re.compile(
    r'(?<=\s)(display|tooltip|displayName|userId|descr|title|prompt|promptTitle|error|errorTitle)="([^"]*)"'
)
_LINK = re.compile(r'<Relationship\b[^>]*TargetMode="External"[^>]*>')
_TARGET = re.compile(r'(?<=\s)Target="([^"]*)"')
_ROW = re.compile(r"(<row\b[^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_CELL_TEXT = re.compile(r"<t[^>]*>([^<]*)</t>")
_SHEETS = "xl/worksheets/"


def redact(path: Path, words: Callable[[str], str], entries: Collection[str]) -> None:
    """Rewrite the workbook at `path`.

    Args:
        path: a workbook that nobody has open.
        words: text -> the same without what has to go.
        entries: ids of entries of which no row may stay, also none that was set aside.

    Raises:
        OSError: the disk is full or the folder can't be written.
    """
    done = unfinished(path)
    try:
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as target:
            for item in source.infolist():
                data = source.read(item)
                if item.filename.endswith((".xml", ".vml", ".rels")):
                    data = _redacted(item.filename, data, words, entries)
                target.writestr(item, data, zipfile.ZIP_DEFLATED)
        flush(done)
        take_name(done, path)
    finally:
        done.unlink(missing_ok=True)


def texts_in(path: Path) -> list[str]:
    """What `redact` takes words out of.

    Raises:
        OSError: the workbook can't be read.
    """
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    with zipfile.ZipFile(path) as source:
        for item in source.infolist():
            if item.filename.endswith((".xml", ".vml", ".rels")):
                _redacted(item.filename, source.read(item), note, ())
    return found


def _redacted(name: str, data: bytes, words: Callable[[str], str], entries: Collection[str]) -> bytes:
    encoding = encoding_of(data)
    before = data.decode(encoding, "replace")
    after = _part(name, before, words, entries)
    return data if after == before else after.encode(encoding)


def _part(name: str, xml: str, words: Callable[[str], str], entries: Collection[str]) -> str:
    if entries and name.startswith(_SHEETS):
        xml = _ROW.sub(lambda row: _row(row, entries), xml)
    if name.endswith(".rels"):
        return _LINK.sub(lambda link: _TARGET.sub(lambda target: _target(target, words), link[0]), xml)
    xml = _TOLD.sub(lambda told: f'{told[1]}="{_attribute(told[2], words)}"', xml)
    return _TEXT.sub(lambda text: _text(text, words), xml)


def _row(row: re.Match[str], entries: Collection[str]) -> str:
    """The row, emptied where it is one of these entries'."""
    texts = (found[1].strip() for found in _CELL_TEXT.finditer(row[2] or ""))
    return f"{row[1]}/>" if any(text in entries for text in texts) else row[0]


def _text(found: re.Match[str], words: Callable[[str], str]) -> str:
    if found[1].rpartition(":")[2] in _FORMULAS:
        return found[0]
    before = unescape(found[3])
    after = words(before)
    return found[0] if after == before else f"<{found[1]}{found[2]}>{to_xml(after)}"


def _attribute(value: str, words: Callable[[str], str]) -> str:
    before = unescape(value)
    after = words(before)
    return value if after == before else escape(after)


def _target(found: re.Match[str], words: Callable[[str], str]) -> str:
    """A link to an address that has to go leads nowhere."""
    before = unquote(unescape(found[1]))
    after = words(before)
    return found[0] if after == before else f'Target="{escape(quote(after, safe=":/?&=#%@"))}"'
