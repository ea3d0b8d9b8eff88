"""How old an answer is, and when it is old enough to be asked for again."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

#: months after which an answer is ageing, and after which it is stale; the office asks once a year
AGEING_AFTER = 12
STALE_AFTER = 24


class Freshness(StrEnum):
    """What an age means."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"


def counted_from(typed: date | None, confirmed: date | None, today: date) -> date | None:
    """The day from which an answer's age counts: the later of both; whoever says again that it holds makes it new.

    Args:
        typed: the last day that the date in the row can mean; one to come is today's.
        confirmed: when it was last confirmed.
        today: the office's day.
    """
    known = [day for day in (typed and min(typed, today), confirmed) if day is not None]
    return max(known, default=None)


def months_between(earlier: date, later: date) -> int:
    """Whole months from `earlier` to `later`; 0 where `earlier` is the later one.

    The 31st of a month and the last day of a shorter one are a month apart.
    """
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if later.day < earlier.day and not _is_last_day(later):
        months -= 1
    return max(0, months)


def _is_last_day(day: date) -> bool:
    return day == date.max or date.fromordinal(day.toordinal() + 1).month != day.month


def freshness(months: int) -> Freshness:
    """What an age of that many months means."""
    if months < AGEING_AFTER:
        return Freshness.FRESH
    return Freshness.AGEING if months < STALE_AFTER else Freshness.STALE
