"""WinZip AES (AE-1, AE-2), which the standard library does not read and 7-Zip and WinZip write.

Source: "AES Encryption Information: Encryption Specification AE-1 and AE-2", winzip.com.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO

AES_METHOD = 99
_EXTRA = 0x9901
_ROUNDS = 1000
_MAC_LENGTH = 10
_CHECK_LENGTH = 2
#: strength in the extra field -> bytes of the key; the salt is half as long
_KEY_LENGTH = {1: 16, 2: 24, 3: 32}
_BLOCKS = 4096
_MOST_TRIES = 5_000


class Keys:
    """The passwords to try on one archive, in the encodings that packers use: UTF-8, then German Windows' two.

    One that fits comes first from then on. A password costs about half a millisecond to try, and an archive of
    ten thousand encrypted entries would cost minutes: there is an end to trying.
    """

    def __init__(self, passwords: Sequence[str]) -> None:
        spelled = (
            password.encode(encoding, errors="replace")
            for password in passwords
            if password
            for encoding in ("utf-8", "cp1252", "cp850")
        )
        self._passwords = list(dict.fromkeys(spelled))
        self._left = _MOST_TRIES

    def tried(self) -> Iterator[bytes]:
        """The passwords, the likeliest first; none any more once too many were tried in vain."""
        for password in tuple(self._passwords):
            if self._left <= 0:
                return
            self._left -= 1
            yield password

    def fits(self, password: bytes) -> None:
        """`password` opened an entry: it comes first, and trying it was not in vain."""
        self._passwords.remove(password)
        self._passwords.insert(0, password)
        self._left = _MOST_TRIES


def open_aes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, password: bytes) -> BinaryIO:
    """The unpacked entry as a stream.

    Raises:
        zipfile.BadZipFile: the password does not fit, or the entry is damaged or packed in an unknown way.
    """
    strength, method = _extra(entry)
    raw = _raw(archive, entry)
    key_length = _KEY_LENGTH.get(strength, 0)
    salt_length = key_length // 2
    if not key_length or len(raw) < salt_length + _CHECK_LENGTH + _MAC_LENGTH:
        raise zipfile.BadZipFile("no AES entry")
    salt, check = raw[:salt_length], raw[salt_length : salt_length + _CHECK_LENGTH]
    body, mac = raw[salt_length + _CHECK_LENGTH : -_MAC_LENGTH], raw[-_MAC_LENGTH:]
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, _ROUNDS, 2 * key_length + _CHECK_LENGTH)
    if keys[-_CHECK_LENGTH:] != check:
        raise zipfile.BadZipFile("password does not fit")
    if not hmac.compare_digest(hmac.digest(keys[key_length:-_CHECK_LENGTH], body, "sha1")[:_MAC_LENGTH], mac):
        raise zipfile.BadZipFile("damaged, or password does not fit")
    return _Unpacked(_decrypt(body, keys[:key_length]), method)


def _extra(entry: zipfile.ZipInfo) -> tuple[int, int]:
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _EXTRA and size >= 7:
            _, _, strength, method = struct.unpack_from("<H2sBH", extra, 4)
            return strength, method
        extra = extra[4 + size :]
    raise zipfile.BadZipFile("AES entry without its extra field")


def _raw(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    source = archive.fp
    if source is None:
        raise zipfile.BadZipFile("archive closed")
    source.seek(entry.header_offset)
    header = source.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("no local header")
    name_length, extra_length = struct.unpack_from("<HH", header, 26)
    source.seek(name_length + extra_length, io.SEEK_CUR)
    return source.read(entry.compress_size)


def _decrypt(body: bytes, key: bytes) -> Iterator[bytes]:
    """`body` in the clear. The counter runs from 1 and is little-endian, unlike any library's CTR mode."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - heavy

    # ECB makes the key stream here; nothing is ever encrypted with it alone
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
    for start in range(0, len(body), 16 * _BLOCKS):
        piece = body[start : start + 16 * _BLOCKS]
        first = start // 16 + 1
        count = -(-len(piece) // 16)
        counters = b"".join(number.to_bytes(16, "little") for number in range(first, first + count))
        stream = encryptor.update(counters)[: len(piece)]
        mixed = int.from_bytes(piece, "big") ^ int.from_bytes(stream, "big")
        yield mixed.to_bytes(len(piece), "big")


class _Unpacked(io.BytesIO):
    """Decrypted chunks, inflated only as far as they are asked for."""

    def __init__(self, chunks: Iterator[bytes], method: int) -> None:
        super().__init__()
        if method not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise zipfile.BadZipFile(f"unknown method {method} under AES")
        self._chunks = chunks
        self._inflate = zlib.decompressobj(-15) if method == zipfile.ZIP_DEFLATED else None
        self._rest = b""

    def read(self, size: int | None = -1) -> bytes:
        """At most `size` bytes; empty at the end."""
        wanted = size if size and size > 0 else 1 << 20
        while True:
            source = self._rest or next(self._chunks, b"")
            if self._inflate is None:
                self._rest = source[wanted:]
                return source[:wanted]
            if not source and not self._rest:
                return self._inflate.flush()
            out = self._inflate.decompress(source, wanted)
            self._rest = self._inflate.unconsumed_tail
            if out or self._inflate.eof:
                return out
