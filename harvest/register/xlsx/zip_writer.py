"""A zip written part by part, where parts of another zip are taken over as they are, still compressed (APPNOTE 4.3)."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

from harvest.register.errors import OversizedRegisterError

_UTF8 = 0x800
_DESCRIPTOR = 0x08
_LIMIT = 0xFFFFFFFF
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    offset: int
    external: int

    def common(self) -> bytes:
        """What local header and central directory say alike, from the flags on."""
        return struct.pack(
            "<HHHHLLLHH",
            self.flags,
            self.method,
            self.time,
            self.date,
            self.crc,
            self.packed,
            self.size,
            len(self.name),
            0,
        )


class ZipWriter:
    """Writes a zip to a stream. Files beyond 4 GiB (zip64) are no registers and are refused."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._entries: list[_Entry] = []
        self._offset = 0

    def copy(self, info: zipfile.ZipInfo, raw: bytes) -> None:
        """A part of another zip with its compressed bytes, its time and its name as they were."""
        flags = info.flag_bits & ~_DESCRIPTOR
        name = info.orig_filename.encode("utf-8" if flags & _UTF8 else "cp437")
        when = _stamped(info.date_time)
        sizes = (info.CRC, len(raw), info.file_size)
        self._write(
            _Entry(name, flags, info.compress_type, *when, *sizes, self._offset, info.external_attr), raw
        )

    def add(self, name: str, data: bytes, when: tuple[int, int, int, int, int, int]) -> None:
        """A new part, compressed here."""
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
        raw = packer.compress(data) + packer.flush()
        flags = 0 if name.isascii() else _UTF8
        sizes = (zlib.crc32(data), len(raw), len(data))
        self._write(
            _Entry(name.encode(), flags, zipfile.ZIP_DEFLATED, *_stamped(when), *sizes, self._offset, 0), raw
        )

    def _write(self, entry: _Entry, raw: bytes) -> None:
        if max(self._offset + len(raw), entry.size) > _LIMIT:
            raise OversizedRegisterError(
                "register", "The register would be larger than 4 GiB.", "Remove pictures."
            )
        header = b"PK\x03\x04" + struct.pack("<H", 20) + entry.common() + entry.name
        self._stream.write(header)
        self._stream.write(raw)
        self._offset += len(header) + len(raw)
        self._entries.append(entry)

    def close(self) -> None:
        """The central directory."""
        start = self._offset
        for entry in self._entries:
            record = (
                b"PK\x01\x02"
                + struct.pack("<HH", 20, 20)
                + entry.common()
                + struct.pack("<HHHLL", 0, 0, 0, entry.external, entry.offset)
                + entry.name
            )
            self._stream.write(record)
            self._offset += len(record)
        count = len(self._entries)
        self._stream.write(
            b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count, count, self._offset - start, start, 0)
        )


def _stamped(when: tuple[int, int, int, int, int, int]) -> tuple[int, int]:
    """Time and date as MS-DOS packed them."""
    year, month, day, hour, minute, second = when
    return hour << 11 | minute << 5 | second // 2, (max(year, 1980) - 1980) << 9 | month << 5 | day
