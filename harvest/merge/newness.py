"""Which of several reports on one facility is the newer: by what the statements say of their own time.

The date that somebody typed into the row comes first, then the time of signing or saving, then the mail's. When a file was
copied into a folder says nothing of when it was filled in.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from harvest.merge.chains import ChainCell
from harvest.model import EPOCH, TimeSource
from harvest.parse import confirmed_in

#: Whether it is whole; the day; the moment; then what makes one order of all.
Newness = tuple[bool, date, datetime, str, int, str]
#: What is nobody's word on when something was said.
_NOBODYS = frozenset({TimeSource.FILE, TimeSource.NONE})


def newness(cell: ChainCell, dated: Collection[str]) -> Newness:
    """The place of a cell among those of other chains, the oldest first; `dated`: columns that hold the row's date."""
    said = cell.said.statement.submission
    at = EPOCH if said.moment.source in _NOBODYS else said.moment.at
    day = typed_on(cell, dated) or at.date()
    return not said.half, day, at, said.return_id, cell.said.row.number, cell.value.text


def typed_on(cell: ChainCell, dated: Collection[str]) -> date | None:
    """The day that stands in the row with the cell, as far as it is possible and no later than the return."""
    latest = cell.said.statement.at.date()
    values = cell.said.row.values
    days = [
        min(found.last, latest)
        for column in dated
        if column in values and (found := confirmed_in(values[column].text, latest)) is not None
    ]
    return max(days, default=None)
