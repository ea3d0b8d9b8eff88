"""Returns that are older than the office wants to keep them: which they are, and what rests on them alone. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from harvest.ledger import StoredReturn
from harvest.model import Entry, FieldReading
from harvest.state.state import State
from spec.names import CoverField, EntryField, RowField


@dataclass(frozen=True, slots=True)
class Expired:
    """What is due.

    Attributes:
        before: returns from before this moment are; None without a limit.
        returns: hash -> file name, the oldest first.
        alone: how many entries and nil returns rest on these returns alone and go with them.
        kept: how many entries rest on them alone, but stay, since somebody worked on them.
        entries: ids, of any time, of the entries that go.
        stay: hash -> names of the fields that stay of these returns: the rows of entries that somebody worked on.
    """

    before: datetime | None
    returns: Mapping[str, str]
    alone: int
    kept: int = 0
    entries: frozenset[str] = frozenset()
    stay: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def whole(self) -> frozenset[str]:
        """Returns of which nothing stays."""
        return frozenset(self.returns) - self.stay.keys()

    def as_json(self) -> dict[str, Any]:
        """Keys: before, returns, alone, kept."""
        return {
            "before": None if self.before is None else self.before.isoformat(),
            "returns": list(self.returns),
            "alone": self.alone,
            "kept": self.kept,
        }


def expired(state: State, gone: Collection[str], years: int, now: datetime) -> Expired:
    """What has been kept longer than `years`; 0 is no limit.

    Args:
        state: what is kept.
        gone: hashes of returns whose originals are gone; due are these only while more than what stays is left of them.
        years: how long returns are to be kept.
        now: the moment from which that is counted.
    """
    if not years:
        return Expired(None, {}, 0)
    before = _years_ago(now, years)
    old = {one.document.sha256: one for one in state.returns if _newest(one, now) < before}
    events = state.events
    worked_on = {one.entry_id for one in events.edits} | {one.entry_id for one in events.rows}
    worked_on |= {identity for one in events.decisions for identity in (one.entry_id, one.other)} - {""}
    # whoever deletes an entry carries it no longer
    deleted = frozenset(state.register.deleted)
    carried = [
        entry
        for entry in state.register.entries
        if entry.id not in deleted and not worked_on.isdisjoint(_ids(entry))
    ]
    staying = {entry.id for entry in carried}
    alone = [entry for entry in state.register.entries if _rests_on(entry.sources, old)]
    going = [entry for entry in alone if entry.id not in staying]
    stay = _stay(old, carried)
    due = {
        identity: one.document.file
        for identity, one in sorted(old.items(), key=lambda pair: (_newest(pair[1], now), pair[0]))
        if identity not in gone
        or any(str(one.name) not in stay.get(identity, ()) for one in one.reading.fields)
    }
    return Expired(
        before,
        due,
        len(going) + sum(_rests_on(nil.sources, old) for nil in state.register.nils),
        len(alone) - len(going),
        frozenset(identity for entry in going for identity in _ids(entry)),
        {identity: names for identity, names in stay.items() if identity in due},
    )


def none_expired(longest: datetime | None, years: int, now: datetime) -> Expired | None:
    """What `expired` says where no return has been kept that long; None where one has been.

    Args:
        longest: what `longest_kept` said, at `now` or before; None without returns.
        years: how long returns are to be kept.
        now: the moment from which that is counted.
    """
    if not years:
        return Expired(None, {}, 0)
    before = _years_ago(now, years)
    return Expired(before, {}, 0) if longest is None or longest >= before else None


def longest_kept(state: State, now: datetime) -> datetime | None:
    """When the return came that was kept longest; as time goes on, no other return can come to be older than that."""
    return min((_newest(one, now) for one in state.returns), default=None)


def _rests_on(sources: Collection[Any], old: Collection[str]) -> bool:
    return bool(sources) and all(source.return_id in old for source in sources)


def _ids(entry: Entry) -> tuple[str, ...]:
    return entry.id, *entry.aliases


def _stay(old: Mapping[str, StoredReturn], entries: Iterable[Entry]) -> Mapping[str, frozenset[str]]:
    """The rows of these entries in these returns, and who reported them, without which they would be another's."""
    rows: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for entry in entries:
        for source in entry.sources:
            if source.return_id in old:
                rows[source.return_id].add((source.page, source.row))
    return {
        identity: frozenset(_names(old[identity].reading.fields, wanted)) for identity, wanted in rows.items()
    }


def _names(fields: Iterable[FieldReading], rows: Collection[tuple[int, int]]) -> Iterator[str]:
    numbers = {row for _, row in rows}
    for one in fields:
        name = one.name
        if isinstance(name, CoverField):
            if name.key == "organisation":
                yield str(name)
        elif isinstance(name, RowField | EntryField):
            # a field without a page of its own may stand on any
            here = name.row in numbers if not one.place.page else (one.place.page, name.row) in rows
            if here:
                yield str(name)


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
