"""Every value that an entry ever had, from where, and which rule chose the one that stands there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from harvest.entries import find, find_named, names_in, unknown
from harvest.history.why_nil import nil_of, waiting_row
from harvest.ledger import HandEvents, Ledger, Recorded, StoredDocument, StoredReturn
from harvest.merge import Part, cell_id, typed_over, wholes
from harvest.merge.facilities.equality import plain
from harvest.merge.fold import filled
from harvest.model import (
    NIL_BOX,
    CellPlace,
    Change,
    Decision,
    DecisionKind,
    Entry,
    HandDeletion,
    HandEdit,
    HandRow,
    Method,
    Source,
    Submission,
    Value,
)
from harvest.nilbox import name_of
from harvest.state.editions import Editions
from harvest.state.state import State, layout_of, merged, said_in, state_of
from harvest.workspace.read_only import looked_into
from spec.words import Words, words
from spec.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Statement:
    """A value as it stood in one return.

    `chosen` is false for what lost against another reading of the same cell; `pictured`: the ledger holds what the cell
    looked like on the scan; `gave_way`: it stood in a damaged file of which the whole one has come.
    """

    text: str
    source: Source
    method: str
    confidence: float
    run: int
    active: bool
    chosen: bool
    pictured: bool = False
    gave_way: bool = False


@dataclass(frozen=True, slots=True)
class ColumnHistory:
    """One column: what stands there, which rule chose it, all that was said.

    Attributes:
        rule: `hand`, `chosen`, `newest`, `agreed`; `waits`: a person still has to look.
    """

    column: str
    heading: str
    text: str
    rule: str
    said: tuple[Statement, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryHistory:
    """All that is known of an entry.

    Attributes:
        stands: `shown`; `deleted`: removed by hand; `undone`: its returns came in runs that were undone.
        events: what people did, also in undone runs.
        history: what happened to it, oldest first.
        headings: column key -> heading, for people.
        names: entry id -> its facility, for people.
    """

    entry: Entry
    stands: str
    category: str
    told: tuple[ColumnHistory, ...]
    events: tuple[Recorded, ...]
    history: tuple[Change, ...]
    headings: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Keys: id, aliases, category, stands, status, confirmed, values, events, history."""
        entry = self.entry
        return {
            "id": entry.id,
            "aliases": list(entry.aliases),
            "category": entry.category,
            "stands": self.stands,
            "status": entry.status.value,
            "confirmed": entry.confirmed.isoformat() if entry.confirmed else None,
            "values": [_told_as_json(one) for one in self.told],
            "events": [event_as_json(one) for one in self.events],
            "history": [_change_as_json(one) for one in self.history],
        }


def why(workspace: Workspace, named: str) -> tuple[EntryHistory, Words]:
    """Why an entry says what it says; `named` is any id that it ever had, or what it is called. Changes nothing.

    Raises:
        UnknownEntryError: no entry ever had this id, and none is called so.
        AmbiguousEntryError: several are called so.
        NothingDoneError: the workspace knows no form, or the ledger can't be read.
    """
    with looked_into(workspace) as (ledger, editions):
        everything = ledger.why((), tuple(ledger.known())).returns
        state = state_of(ledger, editions)
        known = _besides(ledger, state, editions, everything, named)
        if known is not None:
            return known, words(editions.newest.form.language)
        entry, stands, whole = _found(ledger, state, editions, everything, named)
        ids = tuple(sorted({entry.id, named.strip().lower(), *entry.aliases, *whole.aliases, whole.id}))
        events = ledger.why((*ids, *_cell_ids(whole, editions)), ()).events
        pictured = ledger.pictured({source.return_id for source in whole.sources})
    form = editions.newest.form
    headings = {column.key: column.heading for column in form.columns}
    typed = (one.event for one in events if one.active and isinstance(one.event, Decision))
    spoken = typed_over(said_in(everything, editions, state.events.decisions), typed)
    said = _said(whole, everything, spoken, pictured)
    columns = [*headings, *sorted(({*entry.values, *said}) - set(headings))]
    told = tuple(
        _told(column, headings.get(column, column), entry, said.get(column, ()), events)
        for column in columns
        if column in entry.values or column in said
    )
    categories = {category.key: category.name for category in form.categories}
    return EntryHistory(
        entry,
        stands,
        categories.get(entry.category, entry.category),
        told,
        events,
        entry.history,
        headings,
        names_in(state.register, form),
    ), words(form.language)


def _besides(
    ledger: Ledger, state: State, editions: Editions, everything: tuple[StoredReturn, ...], named: str
) -> EntryHistory | None:
    """What has an id but is no entry: a nil return, a box or a row that waits for a person."""
    form = editions.newest.form
    names = {category.key: category.name for category in form.categories}
    headings = {column.key: column.heading for column in form.columns}
    row = waiting_row(state.register, named)
    if row is not None:
        told = tuple(
            ColumnHistory(one.column, headings.get(one.column, one.column), "", "waits", (), ())
            for one in row.checks
        )
        return EntryHistory(row, "shown", names.get(row.category, row.category), told, (), (), headings)
    nil = nil_of(
        ledger, state.register, everything, said_in(everything, editions, state.events.decisions), named
    )
    if nil is None:
        return None
    pictured = ledger.pictured({one.source.return_id for one in nil.boxes})
    spoken = words(form.language)
    yes = spoken("register.say.yes")
    said = tuple(
        Statement(
            yes if one.text else "", one.source, one.source.method.value, one.confidence, one.run, one.active,
            chosen=True, pictured=one.cell in pictured,
        )
        for one in nil.boxes
    )  # fmt: skip
    shown = yes if nil.text else "" if nil.rule == "waits" else spoken("register.say.no")
    told = (ColumnHistory(NIL_BOX, name_of(spoken), shown, nil.rule, said, ()),)
    category = names.get(nil.entry.category, nil.entry.category)
    return EntryHistory(nil.entry, nil.stands, category, told, nil.events, (), headings)


def _found(
    ledger: Ledger, state: State, editions: Editions, everything: tuple[StoredReturn, ...], named: str
) -> tuple[Entry, str, Entry]:
    """The entry as it stands, how it stands, and the same with all that ever came."""
    form = editions.newest.form
    undeleted = replace(state.events, deletions=())
    shown = find_named(state.register, named, form)
    deleted = None if shown else find_named(merged(state.submissions, undeleted, editions), named, form)
    all_events = _all_events(ledger, undeleted, named)
    full = merged(said_in(everything, editions, state.events.decisions), all_events, editions)
    standing = shown or deleted
    whole = find(full, standing.id) if standing else find_named(full, named, form)
    found = standing or whole
    if found is None:
        raise unknown(state.register, named, form)
    stands = "shown" if shown else "deleted" if deleted else "undone"
    return found, stands, whole or found


def _cell_ids(entry: Entry, editions: Editions) -> Iterator[str]:
    """The cells of its rows in the returns, under which is recorded what people typed for them."""
    for source in entry.sources:
        for column in layout_of(editions).columns:
            place = CellPlace(source.return_id, source.page, entry.category, source.row, column)
            yield cell_id(place)


def _all_events(ledger: Ledger, counting: HandEvents, identity: str) -> HandEvents:
    """With rows that were added under this id in a run that was undone since."""
    undone = tuple(
        one.event
        for one in ledger.why((identity.strip().lower(),), ()).events
        if isinstance(one.event, HandRow) and not one.active
    )
    return replace(counting, rows=(*counting.rows, *undone))


# ---------------------------------------------------------------- what the returns say


def _said(
    entry: Entry,
    returns: Iterable[StoredReturn],
    submissions: Iterable[Submission],
    pictured: Collection[CellPlace],
) -> Mapping[str, tuple[Statement, ...]]:
    """Column -> everything that any return says there, oldest first."""
    returns = tuple(returns)
    documents = {one.document.sha256: one.document for one in returns}
    read_in = {one.document.sha256: one.read_in for one in returns}
    by_return: dict[str, list[Submission]] = {}
    for submission in submissions:
        by_return.setdefault(submission.return_id, []).append(submission)
    found: dict[str, list[Statement]] = {}
    whole = tuple((source, False) for source in entry.sources)
    for source, gave_way in (*whole, *_halves(entry, documents, by_return)):
        document = documents[source.return_id]
        for column, value in _cells(entry, source, by_return.get(source.return_id, ())):
            for chosen, one in ((not gave_way, value), *((False, other) for other in value.alternatives)):
                place = replace(source, page=one.page or source.page, method=one.method)
                cell = CellPlace(place.return_id, place.page, entry.category, place.row, column)
                found.setdefault(column, []).append(
                    Statement(
                        one.text,
                        place,
                        one.method.value,
                        one.confidence,
                        read_in[document.sha256],
                        document.active,
                        chosen,
                        one.method in {Method.OCR, Method.HAND} and cell in pictured,
                        gave_way,
                    )
                )
    return {column: tuple(said) for column, said in found.items()}


def _halves(
    entry: Entry, documents: Mapping[str, StoredDocument], by_return: Mapping[str, Iterable[Submission]]
) -> Iterator[tuple[Source, bool]]:
    """The same rows in damaged files that gave way to a source of the entry."""
    said = tuple(one for several in by_return.values() for one in several)
    labels = {Part.of(one): one.reporter.label for one in said}
    for part, whole in wholes(said).items():
        for source in entry.sources:
            if (source.return_id, source.reporter) == (whole.return_id, labels[whole]):
                document = documents[part.return_id]
                at = next(one.moment.at for one in said if Part.of(one) == part)
                yield (
                    replace(
                        source, return_id=part.return_id, file=document.file, reporter=labels[part], at=at
                    ),
                    True,
                )


def _cells(entry: Entry, source: Source, said: Iterable[Submission]) -> Iterator[tuple[str, Value]]:
    for submission in said:
        if submission.reporter.label != source.reporter:
            continue
        for sheet in submission.sheets:
            if sheet.category == entry.category:
                for row in map(filled, sheet.rows):
                    if row.number == source.row and not row.blank:
                        yield from row.values.items()


def _told(
    column: str, heading: str, entry: Entry, said: tuple[Statement, ...], events: Iterable[Recorded]
) -> ColumnHistory:
    text = entry.values.get(column, "")
    against = tuple(
        claim.text for conflict in entry.conflicts if conflict.column == column for claim in conflict.others
    )
    return ColumnHistory(column, heading, text, _rule(column, text, entry, said, events), said, against)


def _rule(
    column: str, text: str, entry: Entry, said: tuple[Statement, ...], events: Iterable[Recorded]
) -> str:
    if column in entry.hand:
        return "hand"
    chosen = (
        one.event
        for one in events
        if one.active and isinstance(one.event, Decision) and one.event.kind is DecisionKind.CHOOSE
    )
    if any(one.column == column and plain(one.value) == plain(text) for one in chosen):
        return "chosen"
    different = {plain(one.text) for one in said if one.active and one.text.strip()}
    return "newest" if len(different) > 1 else "agreed"


# ---------------------------------------------------------------- as JSON


def _source_as_json(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "return": source.return_id,
        "file": source.file,
        "page": source.page,
        "row": source.row,
        "method": source.method.value,
        "reporter": source.reporter,
        "read_at": source.at.isoformat(),
    }


def _told_as_json(told: ColumnHistory) -> dict[str, Any]:
    return {
        "column": told.column,
        "text": told.text,
        "rule": told.rule,
        "against": list(told.against),
        "said": [
            {
                "text": one.text,
                "source": _source_as_json(one.source),
                "confidence": one.confidence,
                "run": one.run,
                "active": one.active,
                "chosen": one.chosen,
            }
            for one in told.said
        ],
    }


def event_as_json(recorded: Recorded) -> dict[str, Any]:
    """Keys: run, active, kind, at, and what belongs to the kind."""
    told: dict[str, Any] = {"run": recorded.run, "active": recorded.active}
    event = recorded.event
    if isinstance(event, HandEdit):
        told |= {"kind": "edited", "column": event.column, "old": event.old, "new": event.new}
    elif isinstance(event, HandRow):
        told |= {"kind": "added", "category": event.category, "values": dict(event.values)}
    elif isinstance(event, HandDeletion):
        told |= {"kind": "deleted"}
    else:
        told |= {
            "kind": event.kind.value,
            "entry": event.entry_id,
            "other": event.other,
            "column": event.column,
            "value": event.value,
        }
    return {**told, "at": _at(event.at)}


def _at(at: datetime) -> str:
    return at.isoformat()


def _change_as_json(change: Change) -> dict[str, Any]:
    return {
        "at": _at(change.at),
        "kind": change.kind,
        "column": change.column,
        "old": change.old,
        "new": change.new,
        "source": _source_as_json(change.source),
    }
