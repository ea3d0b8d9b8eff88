"""PDF objects as bytes: numbers, strings, streams, and a section that is appended to a file.

Written by hand since 750 fields make some 4,000 objects, and every library that builds them one by one
costs more than the rest of the blank together (findings: performance, "Making forms").
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

from spec.geometry import Box

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_SIZE = re.compile(rb"/Size (\d+)")
#: PDFDocEncoding equals Latin-1 in these (ISO 32000-1, annex D.2).
_LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100))))
_ESCAPES = str.maketrans({"\\": "\\\\", "(": "\\(", ")": "\\)"})


def number(value: float) -> str:
    """A number with at most three decimals, no exponent, no trailing zeros."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def text_string(text: str) -> bytes:
    """A text string (ISO 32000-1, 7.9.2.2): PDFDocEncoding where it can, else UTF-16BE."""
    if _LATIN.issuperset(text):
        return b"(" + text.translate(_ESCAPES).encode("latin-1") + b")"
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode("ascii") + b">"


def name(text: str) -> bytes:
    """A name object; `text` holds letters, digits and hyphens only."""
    return b"/" + text.encode("ascii")


def rectangle(box: Box) -> bytes:
    """A box as a rectangle array."""
    return ("[" + " ".join(map(number, box.as_tuple())) + "]").encode("ascii")


def ref(target: int) -> bytes:
    """An indirect reference to object `target`."""
    return b"%d 0 R" % target


def array(items: Iterable[bytes]) -> bytes:
    """An array."""
    return b"[" + b" ".join(items) + b"]"


class Section:
    """Objects that are appended to a PDF as an incremental update (ISO 32000-1, 7.5.6).

    Args:
        base: a PDF with a classic cross-reference table, as reportlab writes it.
    """

    def __init__(self, base: bytes) -> None:
        tail = base[base.rindex(b"trailer") :]
        start, root, size = _START.search(tail), _ROOT.search(tail), _SIZE.search(tail)
        if not (start and root and size):
            raise ValueError("the drawn pages have no classic trailer")
        self._base = base
        self._previous = int(start[1])
        self.root = int(root[1])
        self._next = int(size[1])
        self._bodies: dict[int, bytes] = {}

    def reserve(self, count: int = 1) -> int:
        """Numbers for `count` objects in a row that are filled later; the first of them."""
        first = self._next
        self._next += count
        return first

    def put(self, target: int, body: bytes) -> int:
        """Give object `target` its content; returns `target`."""
        self._bodies[target] = body
        return target

    def add(self, body: bytes) -> int:
        """A new object; its number."""
        return self.put(self.reserve(), body)

    def add_stream(self, entries: bytes, content: bytes, *, packed: bool = False) -> int:
        """A new stream; `content` is deflated unless it is `packed` already."""
        body = content if packed else zlib.compress(content, 9)
        head = b"<< %s /Filter /FlateDecode /Length %d >>" % (entries, len(body))
        return self.add(head + b"\nstream\n" + body + b"\nendstream")

    def appended(self, trailer: bytes) -> bytes:
        """The file with this section at its end; `trailer` holds further trailer entries."""
        parts, position = [self._base], len(self._base)
        table = [b"xref\n"]
        for target, body in sorted(self._bodies.items()):
            table.append(b"%d 1\n%010d 00000 n \n" % (target, position))
            parts.append(b"%d 0 obj\n%s\nendobj\n" % (target, body))
            position += len(parts[-1])
        end = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d %s >>\nstartxref\n%d\n%%%%EOF\n"
        return b"".join((*parts, *table, end % (self._next, self.root, self._previous, trailer, position)))
