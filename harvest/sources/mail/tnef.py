"""winmail.dat (TNEF, MS-OXTNEF): how Outlook packs attachments for other Outlooks.

No library: the one there is has had no release since 2021. Only attachments are read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from harvest.model import Provenance
from harvest.sources.found import Limits, Part, Piece, refused
from harvest.sources.names import inside

_SIGNATURE = 0x223E9F78
# attribute ids: MS-OXTNEF 2.1.3.2
_REND_DATA, _TITLE, _DATA, _PROPS = 0x9002, 0x8010, 0x800F, 0x9005
_LONG_NAME, _MIME, _DATA_OBJECT = 0x3707, 0x370E, 0x3701
#: bytes of a value of fixed length, by MAPI type, padded to four (MS-OXCDATA 2.11.1)
_FIXED = {
    **dict.fromkeys((0x0002, 0x0003, 0x0004, 0x000A, 0x000B), 4),
    **dict.fromkeys((0x0005, 0x0006, 0x0007, 0x0014, 0x0040), 8),
    0x0048: 16,
}
_VARIABLE = {0x000D, 0x001E, 0x001F, 0x0102}
#: before an embedded object stands the GUID of its interface
_GUID = 16


@dataclass(slots=True)
class _Attachment:
    title: str = ""
    data: bytes | None = None
    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict)


def parts(data: bytes, provenance: Provenance, limits: Limits) -> Iterator[Part]:
    """The attachments. A mail within is TNEF again, a step of its own.

    Raises nothing for bad input: attachments before the damage are handed on, and the damage is named.
    """
    current: _Attachment | None = None
    count = 0
    for attribute, value in _attributes(data):
        if attribute == _REND_DATA:
            if current:
                yield from _handed(current, provenance)
            current, count = _Attachment(), count + 1
            if count > limits.parts:
                yield refused(provenance, "mail-too-many-parts", limit=limits.parts)
                return
        elif attribute is None:
            yield refused(provenance, "mail-damaged")
        elif current:
            _keep(current, attribute, value)
    if current:
        yield from _handed(current, provenance)


def _attributes(data: bytes) -> Iterator[tuple[int | None, bytes]]:
    """Attribute ids and values; at last `None` where the file ends in the middle of one."""
    position = 6
    while position + 9 <= len(data):
        _, attribute, _, length = struct.unpack_from("<BHHI", data, position)
        start = position + 9
        if start + length > len(data):
            yield None, b""
            return
        yield attribute, data[start : start + length]
        position = start + length + 2


def _keep(current: _Attachment, attribute: int, value: bytes) -> None:
    if attribute == _TITLE:
        current.title = value.rstrip(b"\0").decode("cp1252", errors="replace")
    elif attribute == _DATA:
        current.data = value
    elif attribute == _PROPS:
        current.properties = dict(_properties(value))


def _handed(found: _Attachment, provenance: Provenance) -> Iterator[Part]:
    name = _text(found.properties.get(_LONG_NAME)) or found.title
    own = inside(provenance, name or "unnamed")
    embedded = found.properties.get(_DATA_OBJECT, (0, b""))[1]
    if embedded[_GUID:].startswith(struct.pack("<I", _SIGNATURE)):
        yield Piece(embedded[_GUID:], inside(provenance, name or "mail"))
    elif data := found.data or embedded:
        yield Piece(data, own, _text(found.properties.get(_MIME)).lower())
    else:
        yield refused(own, "empty-file")


def _text(value: tuple[int, bytes] | None) -> str:
    if value is None:
        return ""
    kind, data = value
    return data.decode("utf-16-le" if kind == 0x001F else "cp1252", errors="replace").rstrip("\0")


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """MAPI properties: id -> type and first value; ends where it no longer understands (MS-OXTNEF 2.1.3.4)."""
    try:
        (count,) = struct.unpack_from("<I", data)
        position = 4
        for _ in range(min(count, 4096)):
            kind, tag = struct.unpack_from("<HH", data, position)
            position += 4
            if tag >= 0x8000:
                position = _after_name(data, position)
            many, kind = bool(kind & 0x1000), kind & 0x0FFF
            value, position = _value(data, position, kind, many=many)
            yield tag, (kind, value)
    except (struct.error, ValueError):
        return


def _after_name(data: bytes, position: int) -> int:
    """Where a named property's value begins: its name, a GUID and a number or a text, is passed over."""
    (by_text,) = struct.unpack_from("<I", data, position + _GUID)
    position += _GUID + 4
    if not by_text:
        return position + 4
    (length,) = struct.unpack_from("<I", data, position)
    return position + 4 + _padded(length)


def _value(data: bytes, position: int, kind: int, *, many: bool) -> tuple[bytes, int]:
    """A property's first value and where the next property begins."""
    count = 1
    if many or kind in _VARIABLE:
        (count,) = struct.unpack_from("<I", data, position)
        position += 4
    first = b""
    for number in range(min(count, 4096)):
        if kind in _VARIABLE:
            (length,) = struct.unpack_from("<I", data, position)
            position += 4
        elif kind in _FIXED:
            length = _FIXED[kind]
        else:
            raise ValueError(f"unknown type {kind}")
        if position + length > len(data):
            raise ValueError("ends in the middle of a value")
        first = data[position : position + length] if number == 0 else first
        position += _padded(length)
    return first, position


def _padded(length: int) -> int:
    return -(-length // 4) * 4
