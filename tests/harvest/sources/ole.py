"""A small writer of OLE compound files (MS-CFB, version 3), for Outlook mails that the tests make."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096

Tree = dict[str, "bytes | Tree"]


def compound(tree: Tree) -> bytes:
    """The compound file of a tree: bytes are streams, dictionaries storages."""
    entries: list[tuple[str, int, int, int, int, bytes]] = []  # name, type, left/right next, child, -, data

    def add(name: str, content: bytes | Tree) -> int:
        number = len(entries)
        if isinstance(content, bytes):
            entries.append((name, 2, _FREE, _FREE, 0, content))
            return number
        entries.append((name, 1 if number else 5, _FREE, _FREE, 0, b""))
        previous = _FREE
        # a chain of right siblings is a valid, if lopsided, tree; readers need its order only to search
        for child, inner in sorted(content.items(), key=lambda item: (-len(item[0]), item[0]), reverse=False):
            own = add(child, inner)
            entries[own] = (*entries[own][:2], previous, *entries[own][3:])
            previous = own
        entries[number] = (*entries[number][:3], previous, *entries[number][4:])
        return number

    add("Root Entry", tree)
    sectors: list[bytes] = []
    fat: list[int] = []

    def store(data: bytes) -> int:
        if not data:
            return _END
        first = len(sectors)
        for start in range(0, len(data), _SECTOR):
            sectors.append(data[start : start + _SECTOR].ljust(_SECTOR, b"\0"))
            fat.append(len(sectors))
        fat[-1] = _END
        return first

    mini = b""
    minifat: list[int] = []
    starts: list[int] = []
    for _, kind, _, _, _, data in entries:
        if kind != 2 or not data:
            starts.append(_END if kind == 2 else 0)
        elif len(data) >= _CUTOFF:
            starts.append(store(data))
        else:
            starts.append(len(minifat))
            count = -(-len(data) // _MINI)
            minifat += [len(minifat) + index + 1 for index in range(count - 1)] + [_END]
            mini += data.ljust(count * _MINI, b"\0")
    starts[0] = store(mini)
    first_minifat = store(b"".join(struct.pack("<I", value) for value in minifat))
    minifat_sectors = -(-len(minifat) * 4 // _SECTOR)
    directory = b""
    for (name, kind, right, child, _, data), start in zip(entries, starts, strict=True):
        encoded = name.encode("utf-16-le") + b"\0\0"
        size = len(mini) if kind == 5 else len(data)
        directory += encoded.ljust(64, b"\0") + struct.pack(
            "<HBBIII16sIQQIQ", len(encoded), kind, 1, _FREE, right, child, b"", 0, 0, 0, start, size
        )
    first_directory = store(directory)
    fat_sectors = 1
    while fat_sectors * 128 < len(fat) + fat_sectors:
        fat_sectors += 1
    positions = [len(sectors) + index for index in range(fat_sectors)]
    fat += [_FAT] * fat_sectors
    table = b"".join(struct.pack("<I", value) for value in fat).ljust(fat_sectors * _SECTOR, b"\xff")
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, fat_sectors,
        first_directory, 0, _CUTOFF, first_minifat, minifat_sectors, _END, 0,
        *positions[:1],
    )  # fmt: skip
    difat = b"".join(struct.pack("<I", value) for value in positions[1:109])
    return (header + difat).ljust(_SECTOR, b"\xff") + b"".join(sectors) + table


def fixed(**values: int) -> bytes:
    """Properties of fixed length; the key is `p` and the tag in hex."""
    return b"".join(struct.pack("<IIQ", int(key[1:], 16), 6, value) for key, value in values.items())


def filetime(time: datetime) -> int:
    return int((time - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10_000_000)


def text(tag: int, value: str) -> dict[str, bytes]:
    return {f"__substg1.0_{tag:04X}001F": value.encode("utf-16-le")}


def attachment(name: str, data: bytes | None = None, mail: Tree | None = None, method: int = 1) -> Tree:
    tree: Tree = {"__properties_version1.0": b"\0" * 8 + fixed(p37050003=method), **text(0x3707, name)}
    if data is not None:
        tree["__substg1.0_37010102"] = data
    if mail is not None:
        tree["__substg1.0_3701000D"] = mail
    return tree


def message(
    *attachments: Tree, subject: str = "Rücklauf", sent: datetime | None = None, top: bool = True
) -> Tree:
    head = b"\0" * (32 if top else 24)
    times = fixed(p00390040=filetime(sent)) if sent else b""
    tree: Tree = {
        "__properties_version1.0": head + times,
        **text(0x0037, subject),
        **text(0x0C1A, "Träger Süd"),
        **text(0x5D01, "post@traeger.example"),
        **text(0x001A, "IPM.Note"),
    }
    for number, one in enumerate(attachments):
        tree[f"__attach_version1.0_#{number:08X}"] = one
    return tree
