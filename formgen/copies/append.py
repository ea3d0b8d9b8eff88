"""Incremental updates (ISO 32000-1, 7.5.6): a finished file's bytes stay as they are, what differs follows.

The update's cross-reference is of the file's own kind: readers need not understand files that mix both
(7.5.8.4 allows that only to hybrid files).
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pikepdf

from formgen.pdf.pdfobjects import ref, stream

_ENTRY = struct.Struct(">BIH").pack
#: Copies are made by the thousand; the best packing takes five times as long for a tenth less.
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Base:
    """What an update must know of the file it follows.

    Attributes:
        length: bytes of the file.
        previous: where its last cross-reference begins.
        size: one more than its highest object number; new objects count from here.
        streamed: whether its cross-reference is a stream (7.5.8) rather than a table.
        identifier: the first half of its `/ID`, which never changes (14.4).
    """

    length: int
    previous: int
    size: int
    root: int
    info: int
    streamed: bool
    identifier: bytes

    @classmethod
    def of(cls, data: bytes) -> Base:
        """Read a finished file's tail.

        Raises:
            ValueError: it has no cross-reference at its end.
        """
        tail = data[data.rindex(b"startxref") :].split()
        previous = int(tail[1])
        with pikepdf.open(io.BytesIO(data)) as pdf:
            trailer = pdf.trailer
            return cls(
                length=len(data),
                previous=previous,
                size=int(trailer["/Size"]),
                root=trailer["/Root"].objgen[0],
                info=trailer["/Info"].objgen[0],
                streamed=not data.startswith(b"xref", previous),
                identifier=bytes(trailer["/ID"][0]),
            )


@dataclass(frozen=True, slots=True)
class Packed:
    """Objects that many updates of one file share, as an object stream that is made once.

    Attributes:
        entries: where each object is found, as rows of a cross-reference stream.
    """

    number: int
    body: bytes
    entries: Mapping[int, bytes]

    @classmethod
    def of(cls, number: int, objects: Mapping[int, bytes]) -> Packed:
        """Pack objects that are no streams into object stream `number`."""
        numbers = list(objects)
        entries = {target: _ENTRY(2, number, index) for index, target in enumerate(numbers)}
        return cls(number, _object_stream(numbers, objects, 9), entries)


def update(
    base: Base, objects: Mapping[int, bytes], identifier: bytes, packed: Packed | None = None
) -> bytes:
    """The bytes that follow the file: `objects` by number, new or in place of old ones.

    Args:
        identifier: 16 bytes that tell this version from others (14.4).
        packed: further objects; only for a file whose cross-reference is a stream.
    """
    if base.streamed:
        return _with_stream(base, objects, identifier, packed)
    return _with_table(base, objects, identifier)


def _trailer(base: Base, size: int, identifier: bytes) -> bytes:
    return b"/Size %d /Root %s /Info %s /Prev %d /ID [<%s> <%s>]" % (
        size,
        ref(base.root),
        ref(base.info),
        base.previous,
        base.identifier.hex().encode("ascii"),
        identifier.hex().encode("ascii"),
    )


def _with_table(base: Base, objects: Mapping[int, bytes], identifier: bytes) -> bytes:
    # A file may end without a line break.
    parts, position = [b"\n"], base.length + 1
    offsets = {}
    for number, body in sorted(objects.items()):
        offsets[number] = position
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        position += len(parts[-1])
    table = [b"xref\n"]
    for first, count in _runs(sorted(offsets)):
        table.append(b"%d %d\n" % (first, count))
        table += [b"%010d 00000 n \n" % offsets[number] for number in range(first, first + count)]
    size = max(base.size, max(offsets, default=0) + 1)
    end = b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (_trailer(base, size, identifier), position)
    return b"".join((*parts, *table, end))


def _with_stream(base: Base, objects: Mapping[int, bytes], identifier: bytes, packed: Packed | None) -> bytes:
    parts, position = [b"\n"], base.length + 1
    entries: dict[int, bytes] = {}
    if packed is not None:
        entries |= packed.entries
        objects = {packed.number: packed.body, **objects}
    plain = []
    for number, body in objects.items():
        if not body.endswith(b"endstream"):
            plain.append(number)
            continue
        entries[number] = _ENTRY(1, position, 0)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        position += len(parts[-1])
    size = max(base.size, max(objects, default=0) + 1, max(entries, default=0) + 1)
    if plain:
        own, size = size, size + 1
        entries |= {number: _ENTRY(2, own, index) for index, number in enumerate(plain)}
        entries[own] = _ENTRY(1, position, 0)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (own, _object_stream(plain, objects, _LEVEL)))
        position += len(parts[-1])
    entries[size] = _ENTRY(1, position, 0)
    numbers = sorted(entries)
    index = b" ".join(b"%d %d" % run for run in _runs(numbers))
    head = b"/Type /XRef %s /W [1 4 2] /Index [%s] /Filter /FlateDecode"
    # zlib's usual tables take ten times as long to set up as a few hundred rows to pack.
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 12, 4)
    rows = packer.compress(b"".join([entries[number] for number in numbers])) + packer.flush()
    table = stream(head % (_trailer(base, size + 1, identifier), index), rows)
    parts.append(b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (size, table, position))
    return b"".join(parts)


def _object_stream(numbers: Sequence[int], objects: Mapping[int, bytes], level: int) -> bytes:
    """ISO 32000-1, 7.5.7."""
    offsets, position = [], 0
    for number in numbers:
        offsets.append(b"%d %d" % (number, position))
        position += len(objects[number]) + 1
    head = b" ".join(offsets) + b"\n"
    content = head + b"\n".join([objects[number] for number in numbers])
    kind = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(numbers), len(head))
    return stream(kind, zlib.compress(content, level))


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Numbers in a row as (first, count)."""
    if not numbers:
        return
    first = numbers[0]
    for number, following in pairwise((*numbers, -1)):
        if following != number + 1:
            yield first, number - first + 1
            first = following
