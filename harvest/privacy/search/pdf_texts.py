"""What can be read in a PDF by somebody who looks for a name: strings, streams, what stands on the pages, what is attached.

For the worker only: the libraries are native code on hostile bytes.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import pikepdf
import pypdfium2

from harvest.privacy.search.spellings import spelled

#: How a PDF could be read: whole, not without a password, damaged, or with pages that are pictures.
SEALED, DAMAGED, PICTURE = "sealed", "damaged", "picture"

_STREAM = re.compile(rb"stream\r?\n")
_MOST_STREAM = 32 * 1024 * 1024
_OCTAL = re.compile(rb"\\([0-7]{3})")
_HEX = re.compile(rb"<([0-9A-Fa-f\s]{8,20000})>")
#: What moves the pen between the parts of one word.
_KERNED = re.compile(rb"\)\s*-?[0-9.]{1,6}\s*\(")
_DEEPEST = 32
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f")


class Closed(NamedTuple):
    """Something could not be read, and why."""

    reason: str


def texts(data: bytes) -> Iterator[str | bytes | Closed]:
    """Texts, and bytes of which nobody knows yet what they are; last, maybe, that something could not be read."""
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            for one in pdf.objects:
                for part in _strings(one, 0):
                    if isinstance(part, str):
                        # what stands apart is no whole: each by itself
                        yield from spelled(part)
                    else:
                        yield part
            pictures = [bool(page.images) for page in pdf.pages]
        yield from _pages(data, pictures)
    except pikepdf.PasswordError:
        yield Closed(SEALED)
    except (pikepdf.PdfError, pypdfium2.PdfiumError, OSError, ValueError, RuntimeError, TypeError):
        yield from _damaged(data)
        yield Closed(DAMAGED)


def _pages(data: bytes, pictures: list[bool]) -> Iterator[str | Closed]:
    document = pypdfium2.PdfDocument(data)
    bare = False
    try:
        for number, page in enumerate(document):
            text = page.get_textpage()
            said = text.get_text_bounded()
            text.close()
            page.close()
            bare |= not said.strip() and pictures[number : number + 1] == [True]
            yield said
    finally:
        document.close()
    if bare:
        yield Closed(PICTURE)


def _strings(one: Any, depth: int) -> Iterator[str | bytes]:
    if depth > _DEEPEST:
        return
    if isinstance(one, pikepdf.String):
        yield str(one)
    elif isinstance(one, pikepdf.Array):
        for part in one.as_list():
            if not getattr(part, "is_indirect", False):
                yield from _strings(part, depth + 1)
    elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        items = one.as_dict().items() if isinstance(one, pikepdf.Dictionary) else dict(one.items()).items()
        for _, part in items:
            if not getattr(part, "is_indirect", False):
                yield from _strings(part, depth + 1)
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") != "/Image":
            yield from _stream(one)


def _stream(one: Any) -> Iterator[str | bytes]:
    kind = one.get("/Type")
    if kind in {"/ObjStm", "/XRef"}:  # the objects themselves are gone through
        return
    data = bytes(one.read_bytes())
    if kind in {"/EmbeddedFile", "/Metadata"} or data[:64].lstrip(
        b"\xef\xbb\xbf\xff\xfe\0 \r\n\t"
    ).startswith(b"<"):
        yield data
    elif _is_text(data):
        yield from (part.decode("cp1252", "replace") for part in _unescaped(_KERNED.sub(b"", data)))


def _is_text(data: bytes) -> bool:
    """Whether a stream holds words rather than a font or a profile of colours."""
    start = data[:4096]
    return len(start.translate(None, _CONTROLS)) > 0.95 * len(start)


def _damaged(data: bytes) -> Iterator[bytes]:
    """What stands in the bytes of a file that no library opens."""
    yield from _unescaped(data)
    for found in _STREAM.finditer(data):
        try:
            yield from _unescaped(zlib.decompressobj().decompress(data[found.end() :], _MOST_STREAM))
        except zlib.error:
            continue


def _unescaped(data: bytes) -> Iterator[bytes]:
    yield data
    if b"\\" in data:
        yield _OCTAL.sub(lambda found: bytes((int(found[1], 8) & 0xFF,)), data)
    if hexadecimal := _HEX.findall(data):
        digits = (b"".join(found.split()) for found in hexadecimal)
        yield b"\n".join(bytes.fromhex(one[: len(one) // 2 * 2].decode("ascii")) for one in digits)
