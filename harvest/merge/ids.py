"""Entry ids: short, readable, checksummed, and a function of what the entry says first.

Nine characters as in `kq3m7x0fd`: a letter (so that no spreadsheet takes an id for a number such as
`12e45`), seven base32 digits without the letters that are misread, and a check character.
About 7.6e11 ids exist; two rows that hash alike are told apart by the caller (see `fold`).
"""

from __future__ import annotations

import hashlib

from spec.names import DIGITS, LETTERS, check_character

LENGTH = 9
# A part never holds the unit separator, so that ("ab", "c") and ("a", "bc") differ.
_SEPARATOR = "\x1f"


def entry_id(*parts: str) -> str:
    """The id for these parts; the same parts always give the same id."""
    text = _SEPARATOR.join(part.replace(_SEPARATOR, " ") for part in parts)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    number, first = divmod(int.from_bytes(digest[:16], "big"), len(LETTERS))
    body = LETTERS[first]
    for _ in range(LENGTH - 2):
        number, digit = divmod(number, len(DIGITS))
        body += DIGITS[digit]
    return body + check_character(body)


def is_entry_id(text: str) -> bool:
    """Whether `text` has an entry id's shape and the right check character."""
    return (
        len(text) == LENGTH
        and text[0] in LETTERS
        and all(character in DIGITS for character in text[1:-1])
        and check_character(text[:-1]) == text[-1]
    )
