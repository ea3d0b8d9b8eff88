"""When a partner last confirmed a row: the date in whatever was typed under "date and initials".

Rules, in order:
1. Day, month and year in German order (`3.4.24`, `3. April 2024`) or after ISO 8601 (`2024-04-03`, `20240403`).
2. Month and year: `April 2024`, `04/2024`, `03/24`, `3.24`, `2024-04`. `03.04` may also be a day without a year: nothing.
3. A year: `2024`, `Anfang 2024`, `Frühjahr 2024`, `2. Quartal 2024`. `Anfang April 2024` is a month.
4. `3/4/24` and `3-4-24` may be read in two orders, `24-04-03` and `24/04/03` in three (ISO 8601 without the century);
   they count only where all give the same date or the others are impossible.
5. Two figures of a year mean 2000 and later. A date that the calendar lacks, before 1980, or after `latest` is
   impossible: a partner can't have confirmed a row tomorrow, so it is an appointment or a slip.
6. Of several dates the newest counts: a row is confirmed again by adding a date.
7. A blank within a figure (`15. 1 1. 2026`, as recognition and careful typists leave it) belongs to the figure. Where it
   may as well part two figures (`1 5.11.2026`, `15.11.20 26`), there is no date.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from harvest.parse.plain import blank, even

OLDEST_YEAR = 1980
#: a year of two figures that hardly anybody means by the last figure of a date
_OLD = 2015


class Precision(StrEnum):
    """How exactly a date was given."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class SaidDate:
    """A date as exact as it was given: `first` is the first day that it can mean."""

    first: date
    precision: Precision

    @property
    def last(self) -> date:
        """The last day that it can mean."""
        if self.precision is Precision.DAY:
            return self.first
        if self.precision is Precision.YEAR:
            return date(self.first.year, 12, 31)
        if self.first.month == 12:
            return date(self.first.year, 12, 31)
        return date.fromordinal(date(self.first.year, self.first.month + 1, 1).toordinal() - 1)

    @property
    def iso(self) -> str:
        """`2024-04-03`, `2024-04` or `2024`."""
        return self.first.isoformat()[
            : {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        ]


#: names of months as people type them: German, Austrian and English, whole and shortened
MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner jan january",
            "februar feber feb febr february",
            "märz maerz mrz mär march mar",
            "april apr",
            "mai may",
            "juni jun june juno",
            "juli jul july julei",
            "august aug",
            "september sept sep",
            "oktober okt oct october",
            "november nov",
            "dezember dez dec december",
        ),
        1,
    )
    for name in names.split()
}

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>[0-9]{4}|'?[0-9]{2})(?![0-9])"
_ALONE = r"(?<![\w.,/-])"  # nothing that could belong to the same figure stands before
_NO_MORE = r"(?![0-9]|[.,/-][0-9]| ?uhr)"
_WITH_FULL_YEAR = (
    r"jahr|stand|seit|early|mid|late|spring|autumn|kw ?[0-9]{1,2}|[0-9]{1,2}\. ?kw|"
    r"quartal ?[1-4]|[1-4]\.? ?(?:quartal|q\.?)|q ?[1-4]|iv|i{1,3}"
)
_WITH_ANY_YEAR = r"anfang|mitte|ende|früh(?:jahr|ling)|sommer|herbst|winter|jahresanfang|jahresende"

_Found = Iterator[SaidDate]
_Reader = Callable[[re.Match[str]], _Found]


def _year(text: str) -> int:
    digits = text.lstrip("'")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(name: str) -> int:
    # 0 for a spelling that only Unicode's idea of capitals lets through (U+0130 for i): no month, no date
    return MONTHS.get(name.casefold(), 0)


def _dated(year: int, month: int, day: int, precision: Precision) -> _Found:
    try:
        yield SaidDate(date(year, month, day), precision)
    except ValueError:
        return


def _on(year: int, month: int, day: int) -> _Found:
    return _dated(year, month, day, Precision.DAY)


def _in(year: int, month: int) -> _Found:
    return _dated(year, month, 1, Precision.MONTH)


def _day_month_year(match: re.Match[str]) -> _Found:
    return _on(_year(match["year"]), int(match["month"]), int(match["day"]))


def _in_any_order(match: re.Match[str]) -> _Found:
    first, second, year = int(match["day"]), int(match["month"]), _year(match["year"])
    possible = {*_on(year, second, first), *_on(year, first, second)}
    if all(len(match[part]) == 2 for part in ("day", "month", "year")) and _may_begin_with_a_year(
        match, year
    ):
        possible |= {*_on(2000 + first, second, year - 2000)}
    return _only_one(possible)


def _may_begin_with_a_year(match: re.Match[str], last: int) -> bool:
    """After hyphens as in ISO 8601; after slashes only where the last figure would be a year long ago."""
    return match["by"] == "-" or last < _OLD


def _with_blanks(match: re.Match[str]) -> _Found:
    """A date within whose figures blanks stand: nothing where one may also part two figures."""
    year = match["year"]
    if " " in match["day"] or (len(year) == 5 and year[:2] in {"19", "20"} and year[2] == " "):
        return iter(())
    day, month, full = (match[part].replace(" ", "") for part in ("day", "month", "year"))
    return _on(_year(full), int(month), int(day))


def _only_one(possible: set[SaidDate]) -> _Found:
    if len(possible) == 1:
        yield from possible


def _day_named(match: re.Match[str]) -> _Found:
    return _on(_year(match["year"]), _month(match["name"]), int(match["day"]))


def _month_named(match: re.Match[str]) -> _Found:
    # April 05: a year, or the fifth in English order; from 13 on only a year is meant by people who write German
    if len(match["year"]) > 2 or int(match["year"]) > 12:
        yield from _in(_year(match["year"]), _month(match["name"]))


def _month_year(match: re.Match[str]) -> _Found:
    return _in(_year(match["year"]), int(match["month"]))


def _month_short_year(match: re.Match[str]) -> _Found:
    # 03/24: only one of the two can be a month; 03.04 might be a day without its year
    if int(match["year"]) > 12:
        yield from _in(_year(match["year"]), int(match["month"]))


def _year_alone(match: re.Match[str]) -> _Found:
    return _dated(_year(match["year"]), 1, 1, Precision.YEAR)


def _run_together(match: re.Match[str]) -> _Found:
    digits = match["digits"]
    forward = _on(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    backward = _on(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    return _only_one({one for one in (*forward, *backward) if one.first.year >= OLDEST_YEAR})


def _way(pattern: str, reader: _Reader) -> tuple[re.Pattern[str], _Reader]:
    return re.compile(pattern, re.IGNORECASE), reader


_DAY = r"(?P<day>[0-9]{1,2})"
_NUMBER = r"(?P<month>[0-9]{1,2})"
_NAME = rf"(?P<name>{_MONTH})"
_FULL = r"(?P<year>[0-9]{4})"
_BEFORE_DAY = r"(?<![0-9])(?<![0-9][.,])"
_SPACED = r"[0-9] [0-9]{3}|(?:19|20) [0-9]{2}|[0-9]{3} [0-9]|[0-9] [0-9]"
_NO_TIME = r"(?![0-9]| ?[.:,][0-9]| ?uhr)"
#: every way to write a date; what looks like one is cut out of the text before the next way is tried
WAYS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    _way(rf"(?<![0-9]){_FULL}(?P<by>[-./]){_NUMBER}(?P=by){_DAY}(?![0-9])", _day_month_year),
    _way(rf"(?<![\w.,/-])(?P<day>[0-9] [0-9]) ?[.,] ?{_NUMBER} ?[.,] ?{_YEAR}", _with_blanks),
    _way(
        rf"{_BEFORE_DAY}{_DAY} ?[.,] ?(?P<month>[0-9] [0-9]) ?[.,] ?(?P<year>{_SPACED}|[0-9]{{4}}|[0-9]{{2}}){_NO_TIME}",
        _with_blanks,
    ),
    _way(rf"{_BEFORE_DAY}{_DAY} ?[.,] ?{_NUMBER} ?[.,] ?(?P<year>{_SPACED}){_NO_TIME}", _with_blanks),
    _way(rf"(?<![0-9])(?<![0-9][.,]){_DAY} ?[.,] ?{_NUMBER} ?[.,] ?{_YEAR}", _day_month_year),
    _way(rf"(?<![0-9])(?<![0-9][.,/-]){_DAY}(?P<by>[/-]){_NUMBER}(?P=by){_YEAR}", _in_any_order),
    _way(rf"(?<![0-9]){_DAY}(?:\.|st|nd|rd|th)? ?-?{_NAME}\.?,? ?-?{_YEAR}", _day_named),
    _way(rf"(?<![^\W_]){_NAME}\.? {_DAY}(?:st|nd|rd|th)?, ?{_FULL}(?![0-9])", _day_named),
    _way(rf"(?<![^\W_]){_NAME}(?:\.? ?| ?[/-] ?){_YEAR}(?![.,/][0-9])", _month_named),
    _way(rf"(?<![^\W_])(?:{_WITH_FULL_YEAR}) ?[./]? ?{_FULL}{_NO_MORE}", _year_alone),
    _way(
        rf"(?<![^\W_])(?:{_WITH_ANY_YEAR}) ?(?P<year>[0-9]{{4}}|'[0-9]{{2}}|1[3-9]|[2-9][0-9]){_NO_MORE}",
        _year_alone,
    ),
    _way(r"(?<![0-9])(?P<digits>[0-9]{8})(?![0-9])", _run_together),
    _way(rf"{_ALONE}{_NUMBER} ?[./-] ?{_FULL}{_NO_MORE}", _month_year),
    _way(rf"{_ALONE}{_FULL}[-/](?P<month>[0-9]{{2}}){_NO_MORE}", _month_year),
    _way(rf"{_ALONE}{_NUMBER}[./-]'?(?P<year>[0-9]{{2}}){_NO_MORE}", _month_short_year),
    _way(
        rf"(?<![0-9])(?<![0-9][.,/-])(?<![0-9] )(?P<year>(?:19|20)[0-9]{{2}}){_NO_MORE}(?! [0-9])",
        _year_alone,
    ),
)
_WORTH_A_LOOK = re.compile("[0-9]{2}")


def confirmed_in(text: str, latest: date) -> SaidDate | None:
    """The newest possible date in `text`, or None.

    Args:
        text: what was typed under date and initials.
        latest: the day on which the return came; a later date is impossible.
    """
    dates = [one for one in _taken_out(text)[0] if one.first <= latest and one.first.year >= OLDEST_YEAR]
    # of `2024` and `1.1.2024` the exact one says more
    return max(dates, key=lambda one: (one.first, -one.last.toordinal()), default=None)


def _taken_out(text: str) -> tuple[list[SaidDate], str]:
    """The dates in `text`, and `text` without whatever looks like one."""
    plain = even(unicodedata.normalize("NFC", text)).replace("’", "'")
    found: list[SaidDate] = []
    if _WORTH_A_LOOK.search(plain):
        for pattern, reader in WAYS:
            for match in pattern.finditer(plain):
                found.extend(reader(match))
            plain = blank(plain, pattern)
    return found, plain


# ---------------------------------------------------------------- initials

_ONE = r"(?:[^\W\d_]\.? ?[^\W\d_]\.?(?: ?-?[^\W\d_]\.?)?|[^\W\d_]{4})"
_INITIALS = re.compile(rf"{_ONE}(?: ?[/,;+&] ?{_ONE}| (?:und|u\.|and) {_ONE})*")
_WORDS = (
    "den", "der", "am", "im", "vom", "ab", "seit", "stand", "datum", "zuletzt", "geändert", "aktualisiert",
    "bestätigt", "geprüft", "gez", "von", "by", "on", "ca", "ok", "okay", "anfang", "mitte", "ende", "uhr", "mo",
    "di", "mi", "do", "fr", "sa", "so",
)  # fmt: skip
# words of small letters, capital at most at the start: AB, SO and AM are initials
_FILLER = re.compile(
    r"(?<![^\W_])(?:kw|KW|"
    + "|".join(f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in (*_WORDS, *MONTHS))
    + r")(?![^\W_])\.?"
)
_EDGE = " ,;:/|-()[]+&*\"'"


def only_signed(text: str) -> bool:
    """Whether `text` is a date, initials, or both, and nothing beside them."""
    found, rest = _taken_out(text)
    return bool(signed_by(text)) or (bool(found) and not _FILLER.sub(" ", rest).strip(f"{_EDGE}.\n"))


def signed_by(text: str) -> str:
    """The initials in `text` as typed (`MK`, `M.K.`, `YŞ/AB`); empty where something else stands beside the date."""
    rest = " ".join(_FILLER.sub(" ", _taken_out(text)[1]).split())
    rest = rest.lstrip(f"{_EDGE}.").rstrip(_EDGE)
    if not rest or any(character.isdigit() for character in rest) or _INITIALS.fullmatch(rest) is None:
        return ""
    # a word of small letters is a remark (`neu`), initials have a capital where the script knows any
    first = rest[0]
    small = first.islower() and first.upper() != first
    return "" if small and len(rest) > 2 else rest
