"""A search for a name in bytes that unpacks whatever it meets, and shares no code with the product's."""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import io
import quopri
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4,}\r?\n?)*[A-Za-z0-9+/]{8,}={0,2}")
_OCTAL = re.compile(rb"\\([0-3][0-7]{2})")
_RTF = re.compile(rb"\\'([0-9a-fA-F]{2})")
_HEX = re.compile(rb"[0-9A-Fa-f]{16,}")
_DEEPEST = 8


class Bytes:
    """A search for whom `who` matches in folded texts; `hint` is a part of the name that every spelling has, in ASCII."""

    def __init__(self, who: re.Pattern[str], hint: str) -> None:
        self._who, self._hint = who, hint
        self._known: dict[bytes, bool] = {}

    def name(self, path: Path) -> bool:
        """Whether a file's name or anything in it is matched."""
        return self._in_text(path.name) or self._in(path.read_bytes(), 0)

    def _in(self, data: bytes, depth: int) -> bool:
        key = hashlib.sha256(data).digest()
        if key not in self._known:
            self._known[key] = any(map(self._in_text, texts(data))) or (
                depth < _DEEPEST and any(self._in(part, depth + 1) for part in unpacked(data) if part != data)
            )
        return self._known[key]

    def _in_text(self, text: str) -> bool:
        return self._hint in text.lower() and self._who.search(folded(text)) is not None


def folded(text: str) -> str:
    """Small letters, composed, ss for ß, ue for ü; one blank for what is neither letter nor digit."""
    text = unicodedata.normalize("NFC", unescape(unquote(text)).casefold())
    text = text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return " ".join(re.sub(r"[\W_]+", " ", text.replace("\xad", "").replace("\u200b", "")).split())


def texts(data: bytes) -> Iterator[str]:
    """All texts that bytes may be."""
    for encoding in ("utf-8", "cp1252", "utf-16-le", "utf-16-be"):
        yield data.decode(encoding, "replace")
    yield data[1:].decode("utf-16-be", "replace")
    if b"<" in data:
        yield re.sub("<[^<>]*>", "", data.decode("utf-8", "replace"))
    if b"\\u" in data:
        yield re.sub(r"\\u([0-9a-f]{4})", lambda one: chr(int(one[1], 16)), data.decode("latin-1"))


def unpacked(data: bytes) -> Iterator[bytes]:
    """What is packed in bytes, at whatever place."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for item in package.infolist():
                yield item.filename.encode()
                yield package.read(item)
        return
    if data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    for found in _ZLIB.finditer(data):
        try:
            yield zlib.decompressobj().decompress(data[found.start() :], 4_000_000)
        except zlib.error:
            continue
    for found in _BASE64.finditer(data):
        digits = b"".join(found[0].split())
        if len(digits) % 4 == 0:
            try:
                yield base64.b64decode(digits, validate=True)
            except binascii.Error:
                continue
    if b"=\n" in data or b"=\r\n" in data or b"=C3" in data:
        yield quopri.decodestring(data)
    if b"\\" in data:
        yield _OCTAL.sub(lambda one: bytes((int(one[1], 8),)), data)
        yield _RTF.sub(lambda one: bytes((int(one[1], 16),)), data)
    yield from (bytes.fromhex(one.decode()[: len(one) // 2 * 2]) for one in _HEX.findall(data))
