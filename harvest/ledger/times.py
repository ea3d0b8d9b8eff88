"""The time of a return (merge rule 2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from harvest.model import EPOCH, Moment, Provenance, TimeSource


def moment_of(
    mod_date: datetime | None, sightings: Iterable[Provenance], blank_dates: Collection[datetime] = ()
) -> Moment:
    """The PDF's ModDate, else the earliest mail, else the earliest file time; never the time of the run.

    The earliest, so that the order in which copies of one return arrive changes nothing.

    Args:
        mod_date: what the PDF says.
        sightings: every way on which it came.
        blank_dates: ModDates of the forms as they were sent out. A program that saves without touching ModDate leaves one
            of these; it says when the form was made, not when it was filled in.
    """
    if mod_date is not None and mod_date not in blank_dates:
        return Moment(mod_date, TimeSource.MOD_DATE)
    seen = tuple(sightings)
    if mails := [seen_as.mail_time for seen_as in seen if seen_as.mail_time is not None]:
        return Moment(min(mails), TimeSource.MAIL)
    if files := [seen_as.file_time for seen_as in seen if seen_as.file_time is not None]:
        return Moment(min(files), TimeSource.FILE)
    return Moment(mod_date or EPOCH, TimeSource.MOD_DATE if mod_date else TimeSource.NONE)
