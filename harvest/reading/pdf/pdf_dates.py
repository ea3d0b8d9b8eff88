"""PDF dates (ISO 32000-1, 7.9.4) and the sloppy ones that programs write instead."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from harvest.model.times import plausible

_PDF_DATE = re.compile(
    r"""\s*(?:D\s*:?\s*)?
    (?P<year>\d{4}) [-/.]?(?P<month>\d\d)? [-/.]?(?P<day>\d\d)?
    [T\s]*(?P<hour>\d\d)? :?(?P<minute>\d\d)? :?(?P<second>\d\d)? (?:[.,]\d+)?
    \s*(?P<sign>[-+Zz])? \s*(?P<off_hour>\d\d)? ['’:]?(?P<off_minute>\d\d)? .*""",
    re.VERBOSE | re.DOTALL,
)


def parse_date(text: str) -> datetime | None:
    """The moment in UTC that a date of the Info dictionary names, or None where it names none that can be.

    Everything after the year is optional (7.9.4). Without an offset the relation to UTC is unknown;
    it is taken as UTC, so that the same file gives the same time on every computer.
    """
    match = _PDF_DATE.match(text.replace("\x00", ""))
    return plausible(_from_parts(match) if match else _from_mail_style(text))


def _from_parts(match: re.Match[str]) -> datetime | None:
    def part(name: str, default: int) -> int:
        return int(match[name] or default)

    try:
        local = datetime(  # noqa: DTZ001 - the offset follows
            part("year", 0), part("month", 1) or 1, part("day", 1) or 1,
            part("hour", 0), part("minute", 0), min(part("second", 0), 59),
        )  # fmt: skip
        offset = timedelta(hours=part("off_hour", 0), minutes=part("off_minute", 0))
        if match["sign"] not in {"+", "-"} or offset >= timedelta(days=1):
            offset = timedelta()
        return (local + offset if match["sign"] == "-" else local - offset).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _from_mail_style(text: str) -> datetime | None:
    """`Wed, 31 Jan 2024 12:00:00 +0100` and C's `Wed Jan 31 12:00:00 2024`."""
    try:
        return datetime.strptime(text.strip(), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
