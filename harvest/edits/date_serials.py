"""Bare numbers in a column of dates: what a spreadsheet counts days with, when a cell has lost its format."""

from __future__ import annotations

import re
from datetime import date, timedelta

_NUMBER = re.compile(r"([1-9]\d{4})(?:[.,]\d+)?")
#: The days on which forms may be dated: from 2000 to 2099.
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
#: What the numbers count from (ECMA-376-1, 18.17.4.1).
_ZERO, _ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)


def day_of(text: str, *, since_1904: bool = False) -> str:
    """The day that a bare number stands for, `05.11.2026`; empty for anything else."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return ""
    day = (_ZERO_1904 if since_1904 else _ZERO) + timedelta(days=int(found[1]))
    return f"{day:%d.%m.%Y}" if _FIRST <= day <= _LAST else ""
