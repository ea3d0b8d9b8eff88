"""What bytes that are no PDF look like, so that a person is told what arrived instead."""

from __future__ import annotations

import codecs
import re

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"BM", "image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),  # Word, Excel and Outlook of before 2007 alike
)
_HTML = re.compile(rb"<!doctype\s+html|<(?:html|head|body|script|meta|title|table|p)[\s>]", re.IGNORECASE)
_MAIL = re.compile(
    rb"(?:from|received|return-path|delivered-to|mime-version|subject|date|message-id|x-[a-z-]+): ?\S",
    re.IGNORECASE,
)
_HEADER = re.compile(rb"%PDF-\d")
#: How far into a file its header is looked for. The standard's readers stop at 1,024 bytes (ISO 32000-1,
#: annex H, note 13); mail gateways are known to put more before it.
_HEADER_WITHIN = 1 << 20


def header_at(data: bytes) -> int:
    """The offset of `%PDF-`, or -1."""
    match = _HEADER.search(data, 0, _HEADER_WITHIN)
    return match.start() if match else -1


def looks_like(data: bytes) -> str:
    """What the bytes look like; one of the choices of the problem `not-a-pdf`."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    if head[4:8] == b"ftyp" or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return "image"
    return _kind_of_text(head.lstrip())


def _kind_of_text(head: bytes) -> str:
    if _HTML.search(head[:1024]):
        return "html"
    if head.startswith(b"<?xml"):
        return "xml"
    if _MAIL.match(head):
        return "mail"
    return "text" if _is_text(head) else "nothing"


def _kind_of_zip(data: bytes) -> str:
    """Office files are zips whose first entries tell the program; their names stand uncompressed."""
    head, tail = data[:65536], data[-65536:]
    for mark, kind in (
        (b"word/", "word"),
        (b"xl/", "excel"),
        (b"mimetypeapplication/vnd.oasis", "opendocument"),
    ):
        if mark in head or (mark in tail and kind != "opendocument"):
            return kind
    return "zip"


def _is_text(head: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head[:1024])  # may end inside a character
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and all(
        character.isprintable() or character in "\t\r\n\f" for character in text
    )
