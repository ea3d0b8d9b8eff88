"""The pages' QR codes for a thousand tokens. A code is linear, so a token's part is computed once, not per page.

Data and check codewords of ISO/IEC 18004 are linear over GF(2), and the mask is fixed: the code of a text is
the code of another text of the same length, plus (exclusive or) what each differing bit adds. Only token and
check character differ between the copies of a page; what their bits add is learnt from `formgen.pdf.qr` itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import getitem
from typing import NamedTuple

from formgen.pdf.qr import ALPHABET, Code, encode
from spec.geometry import PageKey
from spec.names import CHECK_DIGITS, check_character

#: Characters of a token (spec.names), and what its check sum is taken modulo (ISO/IEC 7064, MOD 37-2).
TOKEN_LENGTH = 9
_MODULUS = 37
#: A pair of characters is a number of 11 bits, a single last one a number of 6 (7.4.4).
_BASE, _PAIR_BITS, _LAST_BITS = 45, 11, 6


class Bits(NamedTuple):
    """A code's modules as one number: row by row, each row filled up to whole bytes."""

    size: int
    value: int

    @property
    def stride(self) -> int:
        """Bytes of a row."""
        return (self.size + 7) // 8


def bits_of(code: Code) -> Bits:
    """The modules of a code; a dark one is a 1."""
    stride = (code.size + 7) // 8 * 8
    value = 0
    for runs in code.runs:
        row = 0
        for start, length in runs:
            row |= ((1 << length) - 1) << (stride - start - length)
        value = value << stride | row
    return Bits(code.size, value)


@lru_cache(maxsize=512)
def _added(length: int, position: int) -> tuple[int, ...]:
    """What each bit of the pair at `position` adds to a code of `length` characters, lowest bit first."""
    zero = bits_of(encode("0" * length)).value
    pair = "0" * length
    count = _PAIR_BITS if position + 1 < length else _LAST_BITS
    found = []
    for bit in range(count):
        first, second = divmod(1 << bit, _BASE)
        signs = (_SIGNS[first] + _SIGNS[second])[-2 if count == _PAIR_BITS else -1 :]
        text = pair[:position] + signs + pair[position + len(signs) :]
        found.append(bits_of(encode(text)).value ^ zero)
    return tuple(found)


_SIGNS = "".join(sorted(ALPHABET, key=ALPHABET.__getitem__))


def _number(text: str, position: int) -> int:
    pair = text[position : position + 2].upper()
    return ALPHABET[pair[0]] if len(pair) == 1 else ALPHABET[pair[0]] * _BASE + ALPHABET[pair[1]]


def difference(before: str, after: str, positions: Sequence[int]) -> int:
    """What to add to the code of `before` for that of `after`; they differ in the pairs at `positions` only."""
    length, total = len(before), 0
    for position in positions:
        changed = _number(before, position) ^ _number(after, position)
        for added in _added(length, position):
            if changed & 1:
                total ^= added
            changed >>= 1
    return total


@dataclass(slots=True)
class _Rows(dict[int, bytes]):
    """Eight modules of a row at one place -> the rectangles that draw them; made when first asked for."""

    row: int
    left: int
    size: int = field(default=8)

    def __missing__(self, modules: int) -> bytes:
        parts, start = [], -1
        for column in range(9):
            dark = column < 8 and modules >> (7 - column) & 1
            if dark and start < 0:
                start = column
            elif not dark and start >= 0:
                parts.append(b"%d %d %d 1 re\n" % (self.left + start, self.row, column - start))
                start = -1
        self[modules] = drawn = b"".join(parts)
        return drawn


@lru_cache(maxsize=8)
def _tables(size: int) -> tuple[_Rows, ...]:
    return tuple(_Rows(row, left) for row in range(size) for left in range(0, size, 8))


def rectangles(bits: Bits) -> bytes:
    """The dark modules as rectangles of a path; the unit is a module, the origin the upper left corner."""
    data = bits.value.to_bytes(bits.stride * bits.size, "big")
    return b"".join(map(getitem, _tables(bits.size), data))


@dataclass(frozen=True, slots=True)
class _Zero:
    """A page for the token 000000000 and the check character 0: its code, and its part of the check sum.

    Attributes:
        total: the check sum; a token's value counts `weight` times in it.
        length: characters of an identity of this page.
    """

    before: str
    after: str
    bits: Bits
    total: int
    weight: int
    length: int


@lru_cache(maxsize=4096)
def _zero(edition: str, key: PageKey) -> _Zero:
    before, after = f"{edition}/", f"/{key.category}/{key.number}"
    body = f"{before}{'0' * TOKEN_LENGTH}{after}"
    bits = bits_of(encode(f"{body}/0"))
    total = 38 - CHECK_DIGITS.index(check_character(body))
    # A character's value is doubled once for each character from it to the end (ISO/IEC 7064, MOD 37-2).
    weight = 2 ** (len(after) + 1) % _MODULUS
    return _Zero(before, after, bits, total, weight, len(body) + 2)


@lru_cache(maxsize=4096)
def _check_adds(length: int, check: str) -> int:
    """What the check character adds; it shares a pair with the slash before it where the length is even."""
    zero = "0" * (length - 2) + "/"
    return difference(zero + "0", zero + check, ((length - 1) // 2 * 2,))


class TokenCodes:
    """Identities of one copy's pages, and their codes."""

    def __init__(self, edition: str, token: str) -> None:
        self.edition, self.token = edition, token
        self._value = 0
        for digit in token:
            self._value = self._value * 2 + CHECK_DIGITS.index(digit)
        self._added: dict[int, int] = {}

    def page(self, key: PageKey) -> tuple[str, Bits]:
        """The identity of a page as text, and its code."""
        zero = _zero(self.edition, key)
        check = CHECK_DIGITS[(38 - (zero.total + self._value * zero.weight)) % _MODULUS]
        size = zero.bits.size
        if size not in self._added:
            self._added[size] = self._token_adds(zero.length)
        value = zero.bits.value ^ self._added[size] ^ _check_adds(zero.length, check)
        return f"{zero.before}{self.token}{zero.after}/{check}", Bits(size, value)

    def _token_adds(self, length: int) -> int:
        """What the token adds to every code of a size: five pairs, with the slash after it."""
        start = len(self.edition) + 1
        rest = "/" + "0" * (length - start - TOKEN_LENGTH - 1)
        empty, own = ("0" * start + token + rest for token in ("0" * TOKEN_LENGTH, self.token))
        return difference(empty, own, range(start, start + TOKEN_LENGTH, 2))
