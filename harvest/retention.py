"""Returns that are older than the office wants to keep them: found and told. Nothing here removes anything. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harvest.ledger import StoredReturn
from harvest.state import State


@dataclass(frozen=True, slots=True)
class Expired:
    """What is due.

    Attributes:
        before: returns from before this moment are; None without a limit.
        returns: hash -> file name, the oldest first.
        alone: how many entries and nil returns rest on these returns alone: no newer one confirms them.
    """

    before: datetime | None
    returns: Mapping[str, str]
    alone: int

    def as_json(self) -> dict[str, Any]:
        """Keys: before, returns, alone."""
        return {
            "before": None if self.before is None else self.before.isoformat(),
            "returns": list(self.returns),
            "alone": self.alone,
        }


def expired(state: State, years: int, now: datetime) -> Expired:
    """What has been kept longer than `years`; 0 is no limit."""
    if not years:
        return Expired(None, {}, 0)
    before = _years_ago(now, years)
    due = sorted((_newest(one, now), one.document.sha256, one.document.file) for one in state.returns)
    old = {identity: file for at, identity, file in due if at < before}
    register = state.register
    told = (*(entry.sources for entry in register.entries), *(nil.sources for nil in register.nils))
    alone = sum(bool(sources) and all(one.return_id in old for one in sources) for sources in told)
    return Expired(before, old, alone)


def _newest(one: StoredReturn, now: datetime) -> datetime:
    """When it came, by the newest of its clocks: a partner's may stand years behind."""
    ways = one.document.sightings
    clocks = (one.moment.at, *(way.mail_time for way in ways), *(way.file_time for way in ways))
    return max((at for at in clocks if at is not None and at <= now), default=now)


def _years_ago(now: datetime, years: int) -> datetime:
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # the 29th of February
        return now.replace(year=now.year - years, day=28)
