"""Which moments a file or a mail can name. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

#: PDF 1.0 is of 1993; an earlier date is a clock that was never set.
_FIRST_YEAR = 1993
#: A later one is a slip or a trick. Local time has no word for the last hours of year 9999, Windows none for any after
#: 3000 or before 1970: one such return would stop every run.
_LAST_YEAR = 2199
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def plausible(moment: datetime | None) -> datetime | None:
    """`moment`, or None where no return can be of that time."""
    if moment is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    return moment


def moment_of(seconds: float) -> datetime | None:
    """The moment in UTC that a file's clock says, None where no return can be of that time.

    Args:
        seconds: since 1970, as file systems and archives count; any number at all. Windows' own arithmetic ends at 1970.
    """
    try:
        return plausible(_ZERO + timedelta(seconds=seconds))
    except (OverflowError, ValueError):
        return None
