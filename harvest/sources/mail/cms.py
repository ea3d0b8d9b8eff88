"""What a signed or compressed CMS message wraps (RFC 5652, 5; RFC 3274; S/MIME, RFC 8551, 3.5.2): read without any key.

Walked here in linear time: the libraries that there are either want a key, or build the whole tree of hostile bytes in Python.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field

from harvest.sources.mail import transfer_encoding
from spec.errors import FormgenHarvestError

_OID = b"\x06"
_SIGNED = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_COMPRESSED = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09"
_ENVELOPED = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"
_AUTH_ENVELOPED = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17"
_START = re.compile(rb"\x30(?:\x80|[\x00-\x7f]|[\x81-\x84].{1,4}?)\x06[\x09\x0b](" + b"|".join(
    re.escape(one) for one in (_SIGNED, _COMPRESSED, _ENVELOPED, _AUTH_ENVELOPED)
) + rb")", re.DOTALL)  # fmt: skip
_ARMOUR = re.compile(rb"\s*-----BEGIN (?:PKCS7|CMS|PKCS #7 SIGNED DATA)-----\s+")
_DEEPEST = 16


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What stands in a CMS message. `sealed`: nobody reads it without the key; `data` is None where it is not within."""

    sealed: bool
    data: bytes | None = field(default=None, repr=False)


class _DamagedError(FormgenHarvestError):
    """The bytes are no BER, or end too early."""

    def __init__(self) -> None:
        super().__init__(
            "CMS",
            "The signed or compressed part is damaged.",
            "Ask the sender to send the form again, unsigned.",
        )


def is_cms(head: bytes) -> bool:
    """Whether a file begins as a CMS message does that may wrap something, in binary, base64 or PEM."""
    return _START.match(_binary(head)) is not None


def unwrapped(data: bytes, most: int) -> Wrapped | None:
    """What the message wraps, compressed content of at most `most` bytes; None where it is no CMS message or damaged."""
    plain = _binary(data)
    found = _START.match(plain)
    if found is None:
        return None
    kind = found.group(1)
    if kind in {_ENVELOPED, _AUTH_ENVELOPED}:
        return Wrapped(sealed=True)
    try:
        content = _content(plain, found.end())
        if kind == _COMPRESSED and content is not None:
            inflate = zlib.decompressobj()
            content = inflate.decompress(content, most)
            if inflate.unconsumed_tail:
                return None
    except (_DamagedError, zlib.error):
        return None
    return Wrapped(sealed=False, data=content)


def _binary(data: bytes) -> bytes:
    if armour := _ARMOUR.match(data):
        return transfer_encoding.base64_decoded(data[armour.end() :].partition(b"-----")[0])
    return (
        transfer_encoding.base64_decoded(data) if data[:64].lstrip().startswith((b"MI", b"MIAGCS")) else data
    )


def _content(data: bytes, position: int) -> bytes | None:
    """The encapsulated content: behind [0], SEQUENCE, version and algorithms. None for a signature alone."""
    position = _into(data, position, 0xA0)
    position = _into(data, position, 0x30)
    position = _past(data, _past(data, position))
    _, start, length = _header(data, position)
    position = _past(data, _into(data, position, 0x30))  # the content's type
    # behind a signature alone follow the certificates, under the same tag
    if (length is not None and position >= start + length) or data[position : position + 1] != b"\xa0":
        return None
    return _octets(data, _into(data, position, 0xA0))


def _header(data: bytes, position: int) -> tuple[int, int, int | None]:
    """Tag, where the content begins, and its length (X.690, 8.1); None for one that an end mark closes."""
    try:
        tag, first = data[position], data[position + 1]
    except IndexError:
        raise _DamagedError from None
    if tag & 0x1F == 0x1F:
        raise _DamagedError
    position += 2
    if first == 0x80:
        return tag, position, None
    if first < 0x80:
        return tag, position, first
    size = first & 0x7F
    return tag, position + size, int.from_bytes(data[position : position + size], "big")


def _into(data: bytes, position: int, wanted: int) -> int:
    tag, start, _ = _header(data, position)
    if tag != wanted:
        raise _DamagedError
    return start


def _past(data: bytes, position: int, depth: int = 0) -> int:
    _, start, length = _header(data, position)
    if length is not None:
        return start + length
    if depth > _DEEPEST:
        raise _DamagedError
    while data[start : start + 2] != b"\0\0":
        start = _past(data, start, depth + 1)
    return start + 2


def _octets(data: bytes, position: int) -> bytes:
    """An OCTET STRING, whole or in pieces (X.690, 8.7); one that is cut off gives what is there."""
    chunks: list[bytes] = []
    #: ends of the strings that are open, None for one that an end mark closes
    ends: list[int | None] = []
    while True:
        while ends and ends[-1] is not None and position >= ends[-1]:
            ends.pop()
        if (chunks and not ends) or position >= len(data):
            return b"".join(chunks)
        if ends and ends[-1] is None and data[position : position + 2] == b"\0\0":
            ends.pop()
            position += 2
            if not ends:
                return b"".join(chunks)
            continue
        tag, start, length = _header(data, position)
        if tag == 0x24 and len(ends) < _DEEPEST:
            ends.append(None if length is None else start + length)
            position = start
        elif tag == 0x04 and length is not None:
            chunks.append(data[start : start + length])
            position = start + length
            if not ends:
                return b"".join(chunks)
        else:
            raise _DamagedError
