"""Text made even before anything is looked for in it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ODD_DIGIT = re.compile(r"[^\D0-9]")
_SPACE = re.compile(r"[^\S\n ]")
_DASH = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


# Soft hyphens, zero-width and direction marks, variation selectors: copied along from web pages, written by no hand.
_HIDDEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


def visible(text: str) -> str:
    """`text` without signs that nobody sees."""
    return text if text.isascii() else _HIDDEN.sub("", text)


@lru_cache(maxsize=64)  # an entry's text is looked through for several things in a row
def even(text: str) -> str:
    """`text` with ASCII digits, plain spaces and plain hyphens, and without signs that nobody sees."""
    if text.isascii():
        return text.replace("\t", " ").replace("\r", "\n")
    text = _DASH.sub("-", _SPACE.sub(" ", visible(text).replace("\r", "\n").replace("\uff0b", "+")))
    return _ODD_DIGIT.sub(lambda found: _digit(found[0]), text)


def _digit(character: str) -> str:
    # \d are the decimal digits of all scripts: a superscript or a fraction is no digit of a number
    return str(unicodedata.decimal(character))


def blank(text: str, *patterns: re.Pattern[str]) -> str:
    """`text` with everything that a pattern finds replaced by line ends of the same length."""
    for pattern in patterns:
        text = pattern.sub(lambda found: "\n" * len(found[0]), text)
    return text


def once(found: list[str]) -> tuple[str, ...]:
    """Every text once, in order; capital and small letters count as the same."""
    return tuple({text.casefold(): text for text in reversed(found)}.values())[::-1]


def words(text: str) -> frozenset[str]:
    """The words of a table that is written as running text."""
    return frozenset(text.split())
