"""QR codes (ISO/IEC 18004) for page identities: alphanumeric mode, level M, versions 1 to 6.

Written for this one use since a general encoder tries all eight masks, which costs more than the rest
of a page. One fixed mask is as readable: a reader takes the mask's number from the code itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

#: Alphanumeric mode: sign -> value (table 5).
ALPHABET = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")}
#: version -> data codewords of a block, check codewords of a block, blocks (level M, table 9).
_BLOCKS = {1: (16, 10, 1), 2: (28, 16, 1), 3: (44, 26, 1), 4: (32, 18, 2), 5: (43, 24, 2), 6: (27, 16, 4)}
#: Level M and mask 0b010 (columns divisible by three), with their BCH code, masked (annex C).
_MASK_NUMBER = 2
_MODE_ALPHANUMERIC = 0b0010


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: rows from the top, in each the runs of dark modules as (start, length)."""

    size: int
    runs: tuple[tuple[tuple[int, int], ...], ...]


def _tables() -> tuple[list[int], list[int]]:
    powers, logs, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return powers, logs


_POWERS, _LOGS = _tables()


@lru_cache(maxsize=8)
def _generator(degree: int) -> tuple[int, ...]:
    """Logarithms of the generator polynomial's coefficients, without the leading one."""
    polynomial = [1]
    for root in range(degree):
        shifted = [*polynomial, 0]
        for index, factor in enumerate(polynomial):
            if factor:
                shifted[index + 1] ^= _POWERS[_LOGS[factor] + root]
        polynomial = shifted
    return tuple(_LOGS[factor] for factor in polynomial[1:])


def _check_codewords(block: list[int], degree: int) -> list[int]:
    generator = _generator(degree)
    rest = block + [0] * degree
    for index in range(len(block)):
        if factor := rest[index]:
            log = _LOGS[factor]
            for place, exponent in enumerate(generator, start=index + 1):
                rest[place] ^= _POWERS[log + exponent]
    return rest[len(block) :]


def _version(length: int) -> int:
    bits = 4 + 9 + length // 2 * 11 + length % 2 * 6
    for version, (data, _, blocks) in _BLOCKS.items():
        if bits <= data * blocks * 8:
            return version
    raise ValueError(f"{length} characters are too many for a page's QR code")


def _data_codewords(text: str, room: int) -> list[int]:
    bits = f"{_MODE_ALPHANUMERIC:04b}{len(text):09b}"
    for index in range(0, len(text) - 1, 2):
        bits += f"{ALPHABET[text[index]] * 45 + ALPHABET[text[index + 1]]:011b}"
    if len(text) % 2:
        bits += f"{ALPHABET[text[-1]]:06b}"
    bits += "0" * min(4, room * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    codewords = [int(bits[start : start + 8], 2) for start in range(0, len(bits), 8)]
    fillers = (0xEC, 0x11)
    return codewords + [fillers[index % 2] for index in range(room - len(codewords))]


def _codewords(text: str, version: int) -> list[int]:
    """Data and check codewords, the blocks interleaved (7.6)."""
    data, degree, blocks = _BLOCKS[version]
    words = _data_codewords(text, data * blocks)
    parts = [words[start : start + data] for start in range(0, len(words), data)]
    checks = [_check_codewords(part, degree) for part in parts]
    return [word for group in zip(*parts, strict=True) for word in group] + [
        word for group in zip(*checks, strict=True) for word in group
    ]


@lru_cache(maxsize=8)
def _frame(version: int) -> tuple[tuple[tuple[int | None, ...], ...], tuple[tuple[int, int], ...]]:
    """The fixed modules (None where data goes) and the places of the data bits in their order."""
    size = 17 + 4 * version
    grid: list[list[int | None]] = [[None] * size for _ in range(size)]

    def draw(top: int, left: int, extent: int, dark: Callable[[int, int], bool]) -> None:
        for row in range(top, top + extent):
            for column in range(left, left + extent):
                if 0 <= row < size and 0 <= column < size:
                    grid[row][column] = int(dark(row - top, column - left))

    def finder(row: int, column: int) -> bool:
        ring = max(abs(row - 4), abs(column - 4))
        return ring in {0, 1, 3}

    for top, left in ((-1, -1), (-1, size - 8), (size - 8, -1)):
        draw(top, left, 9, finder)
    for index in range(8, size - 8):
        grid[6][index] = grid[index][6] = (index + 1) % 2
    if version > 1:
        draw(size - 9, size - 9, 5, lambda row, column: max(abs(row - 2), abs(column - 2)) != 1)
    _format(grid, size)
    return tuple(map(tuple, grid)), tuple(_data_places(grid, size))


def _format(grid: list[list[int | None]], size: int) -> None:
    """Level and mask, twice, and the dark module (7.9)."""
    value = rest = _MASK_NUMBER << 10
    for bit in range(14, 9, -1):
        if rest >> bit & 1:
            rest ^= 0x537 << (bit - 10)
    value = (value | rest) ^ 0x5412
    bits = [value >> index & 1 for index in range(15)]
    column_8 = [0, 1, 2, 3, 4, 5, 7, 8, *range(size - 7, size)]
    row_8 = [*range(size - 1, size - 9, -1), 7, 5, 4, 3, 2, 1, 0]
    for bit, row, column in zip(bits, column_8, row_8, strict=True):
        grid[row][8] = bit
        grid[8][column] = bit
    grid[size - 8][8] = 1


def _data_places(grid: list[list[int | None]], size: int) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, upwards and downwards by turns (7.7.3)."""
    upwards = True
    for right in (*range(size - 1, 6, -2), *range(5, 0, -2)):
        for row in range(size - 1, -1, -1) if upwards else range(size):
            for column in (right, right - 1):
                if grid[row][column] is None:
                    yield row, column
        upwards = not upwards


def encode(text: str) -> Code:
    """The QR code of `text` (letters are coded upper-case).

    Raises:
        ValueError: too long for version 6, or a character that alphanumeric mode does not have.
    """
    upper = text.upper()
    if strange := set(upper) - set(ALPHABET):
        raise ValueError(f"a page's QR code can't hold {sorted(strange)}")
    version = _version(len(upper))
    fixed, places = _frame(version)
    grid = [list(row) for row in fixed]
    bits = "".join(f"{word:08b}" for word in _codewords(upper, version)) + "0" * 7
    for bit, (row, column) in zip(bits, places, strict=False):
        grid[row][column] = (bit == "1") ^ (column % 3 == 0)
    return Code(len(grid), tuple(tuple(_runs(row)) for row in grid))


def _runs(row: list[int | None]) -> Iterator[tuple[int, int]]:
    start = -1
    for column, dark in enumerate([*row, 0]):
        if dark and start < 0:
            start = column
        elif not dark and start >= 0:
            yield start, column - start
            start = -1
