"""Entry ids: short, readable, checksummed, and a function of what the entry says first.

Nine characters as in `kq3m7x0fd`: a letter (so that no spreadsheet takes an id for a number such as
`12e45`), seven base32 digits without the letters that are misread, and a check character.
About 7.6e11 ids exist; two rows that hash alike are told apart by the caller (see `fold`).
"""

from __future__ import annotations

import hashlib

from harvest.model import CellPlace, Reporter, Row
from spec.names import DIGITS, LETTERS, check_character

LENGTH = 9
# A part never holds the unit separator, so that ("ab", "c") and ("a", "bc") differ.
_SEPARATOR = "\x1f"
_PAIRS = tuple(one + two for one in DIGITS for two in DIGITS)


def entry_id(*parts: str) -> str:
    """The id for these parts; the same parts always give the same id."""
    text = _SEPARATOR.join(part.replace(_SEPARATOR, " ") for part in parts)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    while True:
        number = int.from_bytes(digest[1:6], "big")
        pairs = _PAIRS[number & 1023] + _PAIRS[number >> 10 & 1023] + _PAIRS[number >> 20 & 1023]
        body = LETTERS[digest[0] % len(LETTERS)] + pairs + DIGITS[number >> 30 & 31]
        check = check_character(body)
        # One id in 37 would end in a hyphen, which a double click does not copy along.
        if check != "-":
            return body + check
        digest = hashlib.sha256(digest).digest()


def row_id(return_id: str, category: str, row: Row) -> str:
    """The id of a row with unread cells: it has one before a person has read them, and keeps it, whatever they say."""
    page = min(cell.page for cell in row.unread)
    return entry_id("unread", return_id, str(page), category, str(row.number))


def cell_id(cell: CellPlace) -> str:
    """The id of a cell of a return: what people say about it is recorded under it, whatever becomes of its row."""
    return entry_id("cell", cell.return_id, str(cell.page), cell.category, str(cell.row), cell.column)


def nil_id(category: str, reporter: Reporter) -> str:
    """The id of what a reporter says about a whole offer: that there is none."""
    return entry_id("nil", category, reporter.kind, reporter.key)


def is_entry_id(text: str) -> bool:
    """Whether `text` has an entry id's shape and the right check character."""
    return (
        len(text) == LENGTH
        and text[0] in LETTERS
        and all(character in DIGITS for character in text[1:-1])
        and check_character(text[:-1]) == text[-1] != "-"
    )
