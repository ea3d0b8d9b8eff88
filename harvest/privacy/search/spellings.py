"""The texts that bytes may be, and a text in the ways in which programs write one."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from urllib.parse import unquote

from harvest.sources.kinds import as_bytes

_TAG = re.compile(r"<[^<>]*>")
#: What parts cells, rows and paragraphs: in worksheets, in Word's files, in HTML.
_BLOCK = re.compile(
    r"</?(?:[A-Za-z]{1,20}:)?(?:c|v|si|is|row|p|comment|br|td|th|tr|li|div|dd|dt|pre|table|title|h[1-6])(?:[\s/][^<>]*)?>"
)
_VALUE = re.compile(r'="([^"<>]*)"')
_NOTE = re.compile(r"<!--(.{0,100000}?)-->", re.DOTALL)
_MARKED_UP = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_QUOTE = re.compile(r"\n>[> ]*")
_QUOTED = re.compile(rb"=[0-9A-F]{2}")
_CARD = re.compile(rb"\s{0,20}+BEGIN:V")
_UNFOLDED = re.compile(rb"\r?\n[ \t]")
_BASE64_ONLY = re.compile(rb"[A-Za-z0-9+/\r\n]{16,}+={0,2}\s{0,4}+")
#: encodings of DOS and of the Macintosh
_OLDER = ("cp850", "mac_roman")
#: where no attribute holds what people write
_CELLS = "<worksheet"


def decoded(data: bytes) -> Iterator[str]:
    """The texts that these bytes may be: UTF-8, UTF-16 with a mark or without, else what Windows writes."""
    plain = as_bytes(data)
    try:
        yield from spelled(plain.decode("utf-8"))
    except UnicodeDecodeError:
        yield from spelled(plain.decode("cp1252", "replace"))
        # damage in a text of UTF-8 leaves the rest of it readable
        yield from spelled(plain.decode("utf-8", "replace"))
    if b"\0" in data:
        # numbers before a text may move it to an odd place; big-endian is little-endian one place further
        yield from spelled(data.decode("utf-16-le", "replace"))
        yield from spelled(data[1:].decode("utf-16-le", "replace"))


def spelled(text: str) -> Iterator[str]:
    """The text; without the tags, escapes and quotation marks that it may have in it."""
    if _MARKED_UP.search(text):
        yield from _untagged(text)
        if text.lstrip().startswith("<"):
            return
    yield text
    if "\\u" in text:
        yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if "%" in text:
        yield unquote(text)
    if "&" in text:
        yield unescape(text)
    if "\n>" in text:
        yield _QUOTE.sub("\n", text)


def _untagged(text: str) -> Iterator[str]:
    """A tag may part two cells, or stand in the middle of a word that is half bold; no name goes over a cell's end."""
    blocks = _BLOCK.sub("\n", text)
    yield unescape(_TAG.sub(" ", blocks))
    yield unescape(_TAG.sub("", blocks))
    yield "\n".join(unescape(found) for found in _NOTE.findall(text))
    if _CELLS not in text[:2000]:
        yield "\n".join(unquote(unescape(found)) for found in _VALUE.findall(text))


def written_otherwise(data: bytes) -> Iterator[str]:
    """The same for files of text as older programs, calendars and address books write them."""
    plain = as_bytes(data)
    if _QUOTED.search(plain):  # RFC 2045, 6.7; in vCards without a header that says so
        yield from decoded(quopri.decodestring(plain))
    if _CARD.match(plain):  # RFC 5545, 3.1
        yield from decoded(_UNFOLDED.sub(b"", plain))
    if _BASE64_ONLY.fullmatch(plain):
        with suppress(binascii.Error):
            yield from decoded(base64.b64decode(plain))
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        yield from (text for name in _OLDER for text in spelled(plain.decode(name, "replace")))
