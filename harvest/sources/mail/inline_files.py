"""Files that stand within a text instead of beside it: uuencoded, in base64 whose headers were lost, or as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvest.sources.mail import transfer_encoding

_EOL = rb"(?:\r{0,2}\n|\r|\Z)"
_STARTS = b"|".join(
    re.escape(one)
    for one in (*transfer_encoding.BASE64_STARTS[:5], b"/9j/4", b"iVBORw0KGgo", b"MIAGCSqGSIb3DQEH")
)
#: lines of base64 (quoted ones, too), from one that begins as a known file does
_BLOCK = re.compile(
    rb"^[ \t>]*(?:" + _STARTS + rb")[A-Za-z0-9+/_-]{24,}={0,2}[ \t]*" + _EOL
    + rb"(?:[ \t>]*+[A-Za-z0-9+/_-]++={0,2}[ \t]*+" + _EOL + rb"|[ \t>]*+" + _EOL + rb"(?=[ \t>]*+[A-Za-z0-9+/]{40}))*+",
    re.MULTILINE,
)  # fmt: skip
_PDF = re.compile(rb"^%PDF-[12]\.[0-9]", re.MULTILINE)
#: what was left of the headers above it
_NAME = re.compile(rb"name\*?=[ \t]*(?:utf-8'')?\"?([^\r\n\";]{1,200})", re.IGNORECASE)
_ABOVE = 1_000


def is_pdf(text: bytes) -> bool:
    """Whether what a mail calls a text is a PDF, and no letter that speaks of one."""
    return _PDF.match(text.lstrip()[:16]) is not None and b"endobj" in text


def files(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Names (empty where none is known) and bytes of the files in a text, in linear time."""
    text = text if b"\n" in text else text.replace(b"\r", b"\n")
    yield from transfer_encoding.uuencoded(text)
    position = 0
    for found in _BLOCK.finditer(text):
        yield _name_above(text, position, found.start()), transfer_encoding.base64_decoded(found.group())
        position = found.end()
    if (plain := _PDF.search(text)) and b"endobj" in text[plain.start() :]:
        yield _name_above(text, 0, plain.start()), text[plain.start() :]


def _name_above(text: bytes, earliest: int, start: int) -> str:
    names = _NAME.findall(text, max(earliest, start - _ABOVE), start)
    return names[-1].decode("utf-8", errors="replace").strip() if names else ""
