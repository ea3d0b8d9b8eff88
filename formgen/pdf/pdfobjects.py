"""PDF objects as bytes, and the compact file that they make.

Written by hand since 870 fields make some 5,000 objects, and every library that builds them one by one,
or parses them to write them anew, costs more than the rest of the blank together (docs/findings/performance.md,
"Making forms").
"""

from __future__ import annotations

import re
import zlib
from collections.abc import ItemsView, Iterable, Iterator, Mapping

from spec.geometry import Box

#: PDFDocEncoding equals Latin-1 but for these (ISO 32000-1, annex D.2).
_NOT_LATIN = re.compile(rb"[\x00-\x1f\x7f-\xa0\xad]")
_SPECIAL = re.compile(rb"[\\()]")
_STREAM = re.compile(rb"<<(.*?)>>\s*stream\r?\n", re.DOTALL)
_LENGTH = re.compile(rb"/Length (\d+)")
#: Deflate at 6 to 9 takes up to twice the time and makes the blank 2 % smaller.
_EFFORT = 4
#: Objects in one object stream: more pack better, fewer are faster to open one by one.
_TOGETHER = 200


def number(value: float) -> str:
    """A number with at most three decimals, no exponent, no trailing zeros."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def text_string(text: str) -> bytes:
    """A text string (ISO 32000-1, 7.9.2.2): PDFDocEncoding where it can, else UTF-16BE."""
    try:
        latin = text.encode("latin-1")
    except UnicodeEncodeError:
        latin = b"\0"
    if _NOT_LATIN.search(latin):
        return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode("ascii") + b">"
    if _SPECIAL.search(latin):
        latin = _SPECIAL.sub(rb"\\\g<0>", latin)
    return b"(" + latin + b")"


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


def stream(entries: bytes, content: bytes) -> bytes:
    """A stream object's body; `entries` are its dictionary's without `/Length`."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


class Objects:
    """The objects of a file that grows: number -> body.

    Args:
        bodies: the objects that are there already.
    """

    def __init__(self, bodies: Mapping[int, bytes] | None = None) -> None:
        self._bodies = dict(bodies or {})
        self._next = max(self._bodies, default=0) + 1

    def __getitem__(self, target: int) -> bytes:
        return self._bodies[target]

    def items(self) -> ItemsView[int, bytes]:
        """Number and body of each object that has one."""
        return self._bodies.items()

    def reserve(self, count: int = 1) -> int:
        """Numbers for `count` objects in a row that are filled later; the first of them."""
        first = self._next
        self._next += count
        return first

    def put(self, target: int, body: bytes) -> int:
        """Give object `target` its body; returns `target`."""
        self._bodies[target] = body
        return target

    def add(self, body: bytes) -> int:
        """A new object; its number."""
        return self.put(self.reserve(), body)

    def add_stream(self, entries: bytes, content: bytes, *, packed: bool = False) -> int:
        """A new stream; `content` is deflated unless it is `packed` already."""
        body = content if packed else zlib.compress(content, _EFFORT)
        return self.add(stream(entries + b" /Filter /FlateDecode", body))

    def drop(self, target: int) -> None:
        """Take an object out; nothing may refer to it any more."""
        del self._bodies[target]

    def file(self, root: int, info: int, identifier: bytes) -> bytes:
        """The whole PDF: streams one by one, all else in object streams (ISO 32000-1, 7.5.7 and 7.5.8).

        Args:
            identifier: hexadecimal digits for both halves of the file's `/ID`.
        """
        plain = [target for target, body in sorted(self._bodies.items()) if not body.endswith(b"endstream")]
        groups = [plain[start : start + _TOGETHER] for start in range(0, len(plain), _TOGETHER)]
        entries: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
        parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
        position = len(parts[0])
        for target, body in self._separate(groups, entries):
            entries[target] = (1, position, 0)
            parts.append(b"%d 0 obj\n%s\nendobj\n" % (target, body))
            position += len(parts[-1])
        table = self.reserve()
        entries[table] = (1, position, 0)
        trailer = b"/Root %s /Info %s /ID [<%s> <%s>]" % (ref(root), ref(info), identifier, identifier)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (table, _cross_reference(entries, trailer)))
        parts.append(b"startxref\n%d\n%%%%EOF\n" % position)
        return b"".join(parts)

    def _separate(
        self, groups: list[list[int]], entries: dict[int, tuple[int, int, int]]
    ) -> Iterator[tuple[int, bytes]]:
        """Every object that stands on its own; notes in `entries` which ones stand inside another."""
        for target, body in sorted(self._bodies.items()):
            if body.endswith(b"endstream"):
                yield target, body
        for group in groups:
            own = self.reserve()
            offsets, position = [], 0
            for index, target in enumerate(group):
                entries[target] = (2, own, index)
                offsets.append(b"%d %d" % (target, position))
                position += len(self._bodies[target]) + 1
            head = b" ".join(offsets) + b"\n"
            content = head + b"\n".join(self._bodies[target] for target in group)
            kind = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(group), len(head))
            yield own, stream(kind, zlib.compress(content, _EFFORT))


def _cross_reference(entries: Mapping[int, tuple[int, int, int]], trailer: bytes) -> bytes:
    """The cross-reference stream; numbers without an object are free."""
    size = max(entries) + 1
    free = (0, 0, 65535)
    rows = b"".join(
        kind.to_bytes(1, "big") + place.to_bytes(4, "big") + index.to_bytes(2, "big")
        for kind, place, index in (entries.get(target, free) for target in range(size))
    )
    head = b"/Type /XRef /Size %d /W [1 4 2] %s /Filter /FlateDecode" % (size, trailer)
    return stream(head, zlib.compress(rows, _EFFORT))


def objects_of(data: bytes) -> dict[int, bytes]:
    """The objects of a PDF with one classic cross-reference table, as reportlab writes it; streams deflated.

    Raises:
        ValueError: the file is not of that kind.
    """
    mark, end = data.rfind(b"trailer"), data.rfind(b"%%EOF")
    start = int(data[data.rfind(b"startxref") + 9 : end]) if mark >= 0 else 0
    lines = data[start : max(mark, 0)].split(b"\n")
    if lines[0].strip() != b"xref" or not lines[1].startswith(b"0 "):
        raise ValueError("the drawn pages have no classic cross-reference table")
    offsets = {
        target: int(line[:10]) for target, line in enumerate(lines[2:]) if line.rstrip().endswith(b"n")
    }
    ends = dict(zip(sorted(offsets.values()), [*sorted(offsets.values())[1:], start], strict=True))
    found = {}
    for target, offset in offsets.items():
        body = data[offset : ends[offset]]
        found[target] = _deflated(body[body.index(b"obj") + 3 : body.rindex(b"endobj")].strip())
    return found


def _deflated(body: bytes) -> bytes:
    head = _STREAM.match(body)
    length = _LENGTH.search(head[1]) if head else None
    if head is None or length is None or b"/Filter" in head[1]:
        return body
    entries = _LENGTH.sub(b"", head[1], count=1).strip() + b" /Filter /FlateDecode"
    content = body[head.end() : head.end() + int(length[1])]
    return stream(entries, zlib.compress(content, _EFFORT))
