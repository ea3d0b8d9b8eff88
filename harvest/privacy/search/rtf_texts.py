"""The text of RTF, plain or packed as Outlook packs it (MS-OXRTFCP)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\u(-?[0-9]{1,5}) ?(\\'[0-9a-fA-F]{2}|[^\\{}])?|\\([a-zA-Z]{1,32})(?:-?[0-9]{1,10})? ?"
    rb"|\\([^a-zA-Z])|([{}\r\n])"
)
_BREAKS = frozenset({b"par", b"line", b"tab", b"cell", b"row", b"page", b"sect"})
_SIGNS = {b"~": " ", b"_": "-", b"-": ""}
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20"
    b"\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_MOST = 64 * 1024 * 1024


def texts(data: bytes) -> Iterator[str]:
    """Its text; once with what stands for a letter beyond the code page taken for a letter of its own, once not."""
    for fallback in (False, True):
        yield "".join(_parts(data, fallback=fallback))


def _parts(data: bytes, *, fallback: bool) -> Iterator[str]:
    last = 0
    for found in _TOKEN.finditer(data):
        yield data[last : found.start()].decode("cp1252", "replace")
        last = found.end()
        byte, code, instead, word, sign, _ = found.groups()
        if byte is not None:
            yield bytes.fromhex(byte.decode()).decode("cp1252", "replace")
        elif code is not None:
            yield chr(int(code) % 0x10000)
            if fallback and instead is not None and not instead.startswith(b"\\"):
                yield instead.decode("cp1252", "replace")
        elif word in _BREAKS:
            yield "\n"
        elif sign is not None:
            yield _SIGNS.get(sign, sign.decode("cp1252", "replace"))
    yield data[last:].decode("cp1252", "replace")


def unpacked(data: bytes) -> bytes:
    """Outlook's compressed RTF, as far as it goes; the bytes as they are where they are none."""
    if len(data) < 16:
        return data
    _, size, kind = struct.unpack_from("<III", data)
    body = data[16:]
    if kind != 0x75465A4C:
        return body
    window, place = bytearray(_DICTIONARY.ljust(_WINDOW, b"\0")), len(_DICTIONARY)
    found, at = bytearray(), 0
    while at < len(body) and len(found) < min(size, _MOST):
        control, at = body[at], at + 1
        for bit in range(8):
            if not control >> bit & 1:
                piece, at = body[at : at + 1], at + 1
            elif at + 2 <= len(body):
                reference, at = body[at] << 8 | body[at + 1], at + 2
                if reference >> 4 == place:
                    return bytes(found)
                piece = b""
                for step in range((reference & 15) + 2):
                    one = window[((reference >> 4) + step) % _WINDOW]
                    piece += bytes((one,))
                    window[(place + step) % _WINDOW] = one
            else:
                return bytes(found)
            for one in piece:
                window[place] = one
                place = (place + 1) % _WINDOW
            found += piece
    return bytes(found)
