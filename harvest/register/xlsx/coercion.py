"""What a spreadsheet program made of typed text, turned back into the text a person would read."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]{0,255}\]')
#: A day may have a zone (XML Schema, 3.3.9), which makes it no other day.
_ZONED_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)")
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's dates know no zone
_LAST_DAY = 2_958_465  # 31 December 9999, the last one Excel knows
#: Days between the two systems in which workbooks count (18.17.4.1): the other one begins on 1 January 1904.
FROM_1904 = 1_462


def as_typed(value: str, kind: str, code: str, *, since_1904: bool = False) -> str:
    """Text for the value of a cell that holds no text.

    Args:
        value: what stands in `<v>`.
        kind: `b` for a truth value, `d` for a date in ISO 8601's spelling, else a number.
        code: the number format's code, `date` for a built-in one of a date.
        since_1904: whether the workbook counts days from 1904.

    A leading zero that was typed into a cell formatted as number is gone for good; ours are formatted as text,
    so that this happens to cells from elsewhere only.
    """
    if kind == "b":
        return "WAHR" if value == "1" else "FALSCH"
    if kind == "d":
        return _from_iso(value, code)
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite():
        return value
    if since_1904 and number >= 1 and is_date(code):
        number += FROM_1904
    return _formatted(number, code)


def iso_moment(value: str) -> datetime | None:
    """The moment that a cell of the type `d` names (18.18.11), as a clock on the wall shows it; a bare day is its midnight."""
    text = value.strip()
    day = _ZONED_DAY.fullmatch(text)
    with suppress(ValueError):
        return datetime.fromisoformat(day[1] if day else text).replace(tzinfo=None)
    return None


def _from_iso(value: str, code: str) -> str:
    moment = iso_moment(value)
    if moment is None:
        with suppress(ValueError):
            moment = datetime.combine(date.min, time.fromisoformat(value.strip().lstrip("T")))
            return _clock(moment)
        return value
    since = moment - _DAY_ZERO
    shown = _QUOTED.sub("", code).lower() if is_date(code) else "date"
    return _moment(Decimal(since.days) + Decimal(since.seconds) / 86_400, shown)


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}" + (f":{moment:%S}" if moment.second else "")


def is_date(code: str) -> bool:
    """Whether a number format shows days or hours; `date` for a built-in one of a date."""
    plain = _QUOTED.sub("", code).lower()
    return code == "date" or bool(
        set(plain) & set("ymdh") and "general" not in plain and "standard" not in plain
    )


def _formatted(number: Decimal, code: str) -> str:
    plain = _QUOTED.sub("", code).lower()
    if is_date(code):
        return _moment(number, plain)
    if plain.endswith("%"):
        return f"{_decimal(number * 100)} %"
    if plain and set(plain) == {"0"}:
        return f"{int(number):0{len(plain)}d}"
    return _decimal(number)


def _decimal(number: Decimal) -> str:
    """Digits without exponent, decimal comma; 15 significant digits, since Excel keeps no more."""
    rounded = +number if number == number.to_integral_value() else Decimal(f"{float(number):.15g}")
    text = f"{rounded:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


def _moment(number: Decimal, plain: str) -> str:
    if not 0 <= number <= _LAST_DAY:
        return _decimal(number)
    moment = _DAY_ZERO + timedelta(seconds=round(float(number) * 86_400))
    clock = _clock(moment)
    if number < 1:
        return clock
    if plain and "d" not in plain and "h" not in plain and plain != "date" and "m" in plain:
        return f"{moment:%m/%Y}"
    day = f"{moment:%d.%m.%Y}"
    return day if moment.hour == moment.minute == moment.second == 0 else f"{day} {clock}"
