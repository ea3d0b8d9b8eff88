"""Zip archives, entry by entry, each read no further than it may grow."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO, BinaryIO

from harvest.model import Provenance
from harvest.model.times import moment_of, plausible
from harvest.sources.archive import zip_aes
from harvest.sources.found import MIB, Limits, Part, Piece, Refused, megabytes, refused
from harvest.sources.kinds import is_litter
from harvest.sources.names import inside

_ENCRYPTED = 0x1
_UTF8 = 0x800
_CHUNK = 256 * 1024
_CENTRAL = b"PK\x01\x02"
#: what zipfile and the decompressors raise on damaged input; lzma and bz2 raise OSError or EOFError
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, IndexError),
    *(NotImplementedError, RuntimeError, OverflowError, UnicodeError, KeyError, TypeError, MemoryError),
)


def parts(
    source: BinaryIO, provenance: Provenance, limits: Limits, passwords: Sequence[str] = ()
) -> Iterator[Part]:
    """The archive's files. Folders and what systems leave in archives are passed over.

    `passwords` are tried one after another on encrypted entries: ZipCrypto and WinZip AES.
    Raises nothing for bad input: what can't be had is refused by name.
    """
    try:
        if _entries_at_most(source) > 20 * limits.entries:
            yield refused(provenance, "too-many-entries", limit=limits.entries)
            return
        archive = zipfile.ZipFile(source)
    except _DAMAGED:
        yield refused(provenance, "archive-damaged")
        return
    with archive:
        yield from _entries(archive, provenance, limits, zip_aes.Keys(passwords))


def is_office(source: BinaryIO, limits: Limits) -> bool:
    """Whether the archive is a Word, Excel, PowerPoint or OpenDocument file under whatever name."""
    try:
        if _entries_at_most(source) > 20 * limits.entries:
            return False
        with zipfile.ZipFile(source) as archive:
            first = archive.infolist()[:1]
            names = {entry.filename for entry in archive.infolist()[:64]}
            return "[Content_Types].xml" in names or any(entry.filename == "mimetype" for entry in first)
    except _DAMAGED:
        return False


def _entries_at_most(source: BinaryIO) -> int:
    """How many directory entries the file can hold at most: zipfile reads them all at once, unasked.

    The number in the end record is no help, for zipfile does not go by it.
    """
    source.seek(0)
    count, tail = 0, b""
    while chunk := source.read(MIB):
        block = tail + chunk
        count += block.count(_CENTRAL)
        tail = block[-3:]
    source.seek(0)
    return count


def _entries(
    archive: zipfile.ZipFile, provenance: Provenance, limits: Limits, keys: zip_aes.Keys
) -> Iterator[Part]:
    # ZipInfo.is_dir() fails on an empty name; a "folder" with bytes in it is a file that hides
    entries = [
        entry for entry in archive.infolist() if entry.file_size or not entry.orig_filename.endswith("/")
    ]
    overlapping = _overlapping(entries)
    for number, entry in enumerate(entries):
        name = _name(entry)
        if is_litter(name):
            continue
        if number >= limits.entries:
            yield refused(provenance, "too-many-entries", limit=limits.entries)
            return
        own = _provenance(provenance, name, entry)
        if entry.header_offset in overlapping:
            yield refused(own, "archive-bomb")
        else:
            yield _entry(archive, entry, own, limits, keys)


def _overlapping(entries: Sequence[zipfile.ZipInfo]) -> set[int]:
    """Where entries start that share bytes with another one: what no honest packer writes (zip bombs do)."""
    found: set[int] = set()
    reach, owner = -1, -1
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        # 30 bytes of local header and at least the name stand before the data
        end = entry.header_offset + 30 + entry.compress_size
        if entry.header_offset < reach:
            found |= {entry.header_offset, owner}
        if end > reach:
            reach, owner = end, entry.header_offset
    return found


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's name. Without the UTF-8 flag names are cp437 by the standard, UTF-8 from macOS and Linux.

    cp437 and cp850, which German Windows uses, agree on umlauts and ß (APPNOTE.TXT, appendix D).
    """
    name = entry.orig_filename
    if entry.flag_bits & _UTF8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _provenance(outer: Provenance, name: str, entry: zipfile.ZipInfo) -> Provenance:
    own = inside(outer, name)
    time = _time(entry) or outer.file_time
    return replace(own, file_time=time)


def _time(entry: zipfile.ZipInfo) -> datetime | None:
    """When the entry was changed: its UTC extra field (0x5455) where it has one; None where its clock was never set.

    The plain time is local to wherever it was packed. It is taken as UTC: an hour or two off, but the
    same on every machine that reads it.
    """
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == 0x5455 and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return moment_of(struct.unpack_from("<I", extra, 5)[0])
        extra = extra[4 + size :]
    try:
        return plausible(datetime(*entry.date_time, tzinfo=UTC))
    except ValueError:
        return None


def _entry(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    own: Provenance,
    limits: Limits,
    keys: zip_aes.Keys,
) -> Piece | Refused:
    try:
        if entry.flag_bits & _ENCRYPTED:
            return _decrypted(archive, entry, own, limits, keys)
        with archive.open(entry) as stream:
            return _read(stream, entry, own, limits)
    except _DAMAGED:
        return refused(own, "archive-damaged")


def _decrypted(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    own: Provenance,
    limits: Limits,
    keys: zip_aes.Keys,
) -> Piece | Refused:
    """The entry under the first password that fits."""
    for password in keys.tried():
        try:
            if entry.compress_type == zip_aes.AES_METHOD:
                found = _read(zip_aes.open_aes(archive, entry, password), entry, own, limits)
            else:
                # a wrong password passes ZipCrypto's check byte in one of 256 cases; CRC and inflate tell
                with archive.open(entry, pwd=password) as stream:
                    found = _read(stream, entry, own, limits)
        except _DAMAGED:
            continue
        keys.fits(password)
        return found
    return refused(own, "archive-encrypted")


def _read(
    stream: zipfile.ZipExtFile | IO[bytes], entry: zipfile.ZipInfo, own: Provenance, limits: Limits
) -> Piece | Refused:
    """The whole stream, but never more of it in memory than the limits allow."""
    cap = max(limits.document, limits.container)
    grown = max(MIB, entry.compress_size * limits.ratio)
    chunks, size = [], 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > grown:
            return refused(own, "archive-bomb")
        if size > cap:
            return refused(own, "document-too-large", limit=megabytes(cap))
        chunks.append(chunk)
    return Piece(b"".join(chunks), own)
