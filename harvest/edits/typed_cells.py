"""Whether what stands in a cell is what was written there, in spite of what spreadsheets make of text.

| what happens | why | what follows |
| --- | --- | --- |
| `52062` comes back as `52062.0` | a digit-only text was touched with F2 and became a number | no edit |
| `01067` comes back as `1067` | the same; the number has no leading zero | no edit |
| `024112345` comes back as `2.4112345E7` | the same, shown in scientific notation | no edit |
| `3.4.24` comes back as `2024-04-03 00:00:00` | Excel takes it for a date | no edit |
| `April 2024`, `04/24` come back as `2024-04-01` | the same; the day is Excel's invention | no edit |
| line ends are CRLF, CR or `_x000D_` | the workbook was saved by another program | no edit |
| spaces at the ends of lines and of the cell are gone | spreadsheets and people trim them | no edit |
| letters are decomposed (NFD) | the workbook was saved on macOS | no edit |
| the text ends after 32,767 characters | Excel's limit for a cell | no edit |

A number or date typed over something else is an edit; it is taken as a person would have written it (`52062`, `03.04.2024`).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

CELL_LIMIT = 32_767

_CARRIAGE = re.compile(r"_x000d_|\r", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
#: A number as programs write one: no sign before it, no needless zero. `01067` and `+49241` were typed by somebody.
_BY_PROGRAM = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
#: What programs make of an integer, and no person writes: 52062.0, 2.4112345678E10.
_FLOAT = re.compile(r"-?\d{4,}\.0|-?\d\.\d+e\+?\d+", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?")
_DAY = re.compile(r"(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})")
_MONTH = re.compile(r"(?:(\d{1,2})\s?[./-]|([a-zäöü]{3,9})\.?)\s?(\d{4}|\d{2})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_OTHER_MONTHS = {"mar": 3, "mrz": 3, "mae": 3, "may": 5, "oct": 10, "dec": 12}


def even(text: str) -> str:
    """The text without what programs change on their own: line ends, trailing spaces, composition of letters."""
    text = unicodedata.normalize(
        "NFC", _CARRIAGE.sub("\n", text.replace("\r\n", "\n").replace("_x000D_\n", "\n"))
    )
    # line by line: an expression that looks for blanks before a line end takes quadratic time on a run of them
    return "\n".join(line.rstrip() for line in _CONTROL.sub("", text).split("\n")).strip()


def unchanged(written: str, stands: str) -> bool:
    """Whether `stands` is what a spreadsheet may have made of `written` without anybody's doing."""
    if written == stands:
        return True
    before, now = even(written), even(stands)
    return (
        before == now
        or (len(stands) >= CELL_LIMIT - 1 and before.startswith(now))
        or _same_number(before, now)
        or _same_date(before, now)
    )


def as_typed(stands: str) -> str:
    """The text of an edit as a person would have written it: no `.0` of a number, no midnight of a date.

    Only what no person types is touched: `2024-04-03`, `8.0` and `12e3` stay.
    """
    text = even(stands)
    if (found := _ISO.fullmatch(text)) and found[4]:
        day = f"{found[3]}.{found[2]}.{found[1]}"
        return day if (found[4], found[5]) == ("00", "00") else f"{day} {found[4]}:{found[5]}"
    number = _number(text) if _FLOAT.fullmatch(text) else None
    if number is not None and number == number.to_integral_value():
        return str(int(number))
    return text


def _number(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text) or len(text) > 40:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern admits only numbers
        return None
    # 1e999999 would fill the memory as soon as it is written out.
    return number if number.adjusted() < 40 else None


def _same_number(before: str, now: str) -> bool:
    if not _BY_PROGRAM.fullmatch(now.replace(",", ".")):
        return False
    one, two = _number(before.replace(",", ".")), _number(now.replace(",", "."))
    return one is not None and one == two


def _same_date(before: str, now: str) -> bool:
    found = _ISO.fullmatch(now)
    if not found or (found[4] and (found[4], found[5]) != ("00", "00")):
        return False
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return day == _day(before) or (day.day == 1 and (day.year, day.month) == _month(before))


def _year(text: str) -> int:
    """Two digits as Excel reads them: up to 29 in this century."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 30 else 1900)


def _day(text: str) -> date | None:
    if found := _DAY.fullmatch(text):
        try:
            return datetime(_year(found[3]), int(found[2]), int(found[1])).date()  # noqa: DTZ001 - a day, no moment
        except ValueError:
            return None
    if found := _ISO.fullmatch(text):
        return _day(f"{found[3]}.{found[2]}.{found[1]}")
    return None


def _month(text: str) -> tuple[int, int] | None:
    found = _MONTH.fullmatch(text)
    if not found:
        return None
    if found[1]:
        return _year(found[3]), int(found[1])
    name = found[2].lower()[:3]
    number = _MONTHS.index(name) + 1 if name in _MONTHS else _OTHER_MONTHS.get(name)
    return None if number is None else (_year(found[3]), number)
