"""Telephone numbers: how one is found however it is grouped, and which others stand in a text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvest.privacy.search.pieces import prepared
from spec.matching import Span

_NUMBER = re.compile(r"\+?[\d\s()/.\u2010-\u2015-]+")
_FEWEST_DIGITS = 6
_SIGNS = r"[\s()/.\u00a0\u2010-\u2015-]*"
#: A longer number, or one with an extension, is another one; what begins with 0 or + is the next.
_END = r"(?![ \u00a0]?[\u2010-\u2015/-]?[ \u00a0]?[1-9]|[\u2010-\u2015/-]?\d)"
_EXTENSION = r"[ \u00a0]?[\u2010-\u2015/-]?[ \u00a0]?\d{1,5}(?!\d)"
_DIALLED = re.compile(r"(?<![\w.])(?:\+|\(?0)[\d ()/.\u2010-\u2015-]{4,25}\d(?!\w)")
_DATE = re.compile(r"\d{1,2}\. ?\d{1,2}\. ?\d{2,4}")


def is_number(text: str) -> bool:
    """Whether a text is a telephone number and nothing else."""
    return _NUMBER.fullmatch(text) is not None and sum(map(str.isdigit, text)) >= _FEWEST_DIGITS


def equal(number: str) -> re.Pattern[str]:
    """What finds it with or without Germany's code, however it is grouped."""
    return re.compile(_stem(number) + _END)


def extended(number: str) -> re.Pattern[str]:
    """What finds it with an extension, which is only alike."""
    return re.compile(_stem(number) + _EXTENSION)


def dialled(text: str) -> Iterator[Span]:
    """Where a telephone number stands, whosever it is."""
    for found in _DIALLED.finditer(text):
        if sum(map(str.isdigit, found[0])) >= _FEWEST_DIGITS and not _DATE.fullmatch(found[0]):
            yield Span(*found.span())


def _stem(number: str) -> str:
    digits = "".join(filter(str.isdigit, prepared(number)))
    national = next(
        (
            digits[len(code) :]
            for code in ("0049", "49" if number.lstrip().startswith("+") else "0049", "0")
            if digits.startswith(code)
        ),
        None,
    )
    if national is None:
        return rf"(?<!\d)\+?{_SIGNS.join(digits)}"
    national = national.removeprefix("0") if digits.startswith(("0049", "49")) else national
    code = rf"(?:(?:\+|(?<!\d)00){_SIGNS}4{_SIGNS}9{_SIGNS}(?:0{_SIGNS})?|(?<!\d)\(?0{_SIGNS})"
    return rf"{code}{_SIGNS.join(national)}"
