"""What people must have done, told from the register's twin: what it shows against what the returns say. Pure.

A rebuilt ledger knows the returns, but not the decisions and corrections that the lost one held. `register.json` shows
their effects: an entry that stands within another was joined, one that is missing was deleted, a value that no return
rules for was chosen or typed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from harvest.edits.three_way import HandChanges
from harvest.edits.typed_cells import unchanged
from harvest.edits.written_state import WrittenState, after, newest_word
from harvest.model import (
    EPOCH,
    NIL_BOX,
    TICK,
    Decision,
    DecisionKind,
    Entry,
    HandDeletion,
    HandEdit,
    HandRow,
    Register,
    Status,
)
from harvest.model.times import moment_of
from spec.wire import WireEntry, WireSource

_ENTRIES = TypeAdapter(tuple[WireEntry, ...])
#: a row of a return
_Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Twin:
    """The register as its twin shows it, and when that was written."""

    entries: tuple[WireEntry, ...]
    nils: tuple[WireEntry, ...]
    at: datetime

    @classmethod
    def read(cls, path: Path) -> Twin | None:
        """The file; None where there is none, or none that can be read."""
        try:
            items = _ENTRIES.validate_json(path.read_bytes())
            at = moment_of(path.stat().st_mtime) or EPOCH
        except (OSError, ValidationError):
            return None
        entries = tuple(item for item in items if not item.nil)
        return cls(entries, tuple(item for item in items if item.nil), at)

    @property
    def written(self) -> WrittenState:
        """The same as what was written into the register."""
        return WrittenState(
            0,
            {entry.id: entry.values for entry in self.entries},
            {entry.id: entry.category for entry in self.entries},
            {entry.id: tuple(one.other for one in entry.duplicates) for entry in self.entries},
        )

    @property
    def sources(self) -> Mapping[str, WireSource]:
        """Return -> one place in it: its file's name and its time."""
        return {one.return_id: one for item in (*self.entries, *self.nils) for one in item.sources}


def typed(twin: Twin, register: Register) -> HandChanges:
    """What people typed for cells that no program can read, told from entries that show words where nothing was read."""
    shown: dict[tuple[str, _Place], WireEntry] = {
        (entry.category, place): entry for entry in twin.entries for place in _places(entry.sources)
    }
    said = []
    for entry, check in register.checks:
        source = check.source
        item = shown.get((entry.category, (source.return_id, source.page, source.row)))
        text = item.values.get(check.column, "") if item and check.unread else ""
        if check.column == NIL_BOX and any(nil.id == entry.id for nil in _says(twin.nils, source.return_id)):
            at = after(twin.at, source.at)
            said.append(Decision(DecisionKind.TYPED, check.unread, at, source.return_id, check.column, TICK))
        if text.strip() and not unchanged(entry.values.get(check.column, ""), text):
            at = after(twin.at, source.at)
            said.append(Decision(DecisionKind.TYPED, check.unread, at, source.return_id, check.column, text))
    return HandChanges(decisions=tuple(said))


def _says(nils: Iterable[WireEntry], return_id: str) -> Iterator[WireEntry]:
    """The nil returns that rest on a return."""
    return (nil for nil in nils if any(one.return_id == return_id for one in nil.sources))


def structure(twin: Twin, register: Register, forgotten: Collection[str] = ()) -> HandChanges:
    """Rows that people added, deleted, joined and parted, told from the register that follows from the returns.

    What returns said that were forgotten but for it (`forgotten`: their hashes) can't be read again: it stays as a row
    that people added.
    """
    by_id = _by_id(register)
    shown = {entry.id for entry in twin.entries}
    shown |= {by_id[identity].id for identity in shown if identity in by_id}
    gone = [entry for entry in register.entries if entry.id not in shown]
    joined = tuple(_joined(twin, gone))
    in_others = {one.other for one in joined}
    known = twin.sources.keys()
    return HandChanges(
        rows=tuple(_rows(twin, by_id, forgotten)),
        deletions=tuple(
            HandDeletion(entry.id, after(twin.at, newest_word(entry)))
            for entry in gone
            if entry.id not in in_others
            and entry.sources
            and all(source.return_id in known for source in entry.sources)
        ),
        decisions=(*joined, *_parted(twin, by_id)),
    )


def lost_nils(twin: Twin, register: Register, forgotten: Collection[str]) -> tuple[WireEntry, ...]:
    """The nil returns that rested on nothing but forgotten returns: nothing says them any more."""
    known = {nil.id for nil in register.nils}
    return tuple(
        nil
        for nil in twin.nils
        if nil.id not in known and nil.sources and all(one.return_id in forgotten for one in nil.sources)
    )


def cells(twin: Twin, register: Register) -> HandChanges:
    """Cells that people changed or chose, told from the register that follows once its rows are those that were shown."""
    by_id = _by_id(register)
    return HandChanges(edits=tuple(_edits(twin, by_id)), decisions=tuple(_choices(twin, by_id)))


def _by_id(register: Register) -> Mapping[str, Entry]:
    return {identity: entry for entry in register.entries for identity in (entry.id, *entry.aliases)}


def _places(sources: Sequence[WireSource]) -> set[_Place]:
    return {(one.return_id, one.page, one.row) for one in sources}


def _joined(twin: Twin, gone: Sequence[Entry]) -> Iterator[Decision]:
    """Entries whose every row stands within one that is shown."""
    holder = {(entry.category, place): entry.id for entry in twin.entries for place in _places(entry.sources)}
    for entry in gone:
        held = {
            holder.get((entry.category, (source.return_id, source.page, source.row)))
            for source in entry.sources
        }
        if len(held) == 1 and (into := held.pop()):
            yield Decision(DecisionKind.SAME, into, twin.at, other=entry.id)


def _rows(twin: Twin, by_id: Mapping[str, Entry], forgotten: Collection[str]) -> Iterator[HandRow]:
    for entry in twin.entries:
        lost = entry.sources and all(source.return_id in forgotten for source in entry.sources)
        if (entry.status == Status.HAND or lost) and entry.id not in by_id:
            yield HandRow(entry.id, entry.category, dict(entry.values), _said_at(twin, entry))


def _said_at(twin: Twin, item: WireEntry, column: str = "") -> datetime:
    """When a person said what an entry shows: before what still contradicts it, and never after its last confirmation."""
    for conflict in item.conflicts:
        if conflict.column == column:
            return datetime.fromisoformat(conflict.shown.at)
    return datetime.fromisoformat(item.confirmed) if item.confirmed else twin.at


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell that shows something else than the returns say; `others`: all that contradicts that."""

    entry: Entry
    column: str
    old: str
    new: str
    others: set[str]
    at: datetime


def _differing(twin: Twin, by_id: Mapping[str, Entry]) -> Iterator[_Cell]:
    for item in twin.entries:
        entry = by_id.get(item.id)
        if entry is None:
            continue
        for column in sorted({*item.values, *entry.values}):
            old, new = entry.values.get(column, ""), item.values.get(column, "")
            others = {
                claim.text
                for conflict in entry.conflicts
                if conflict.column == column
                for claim in conflict.others
            }
            settled = others and not any(one.column == column for one in item.conflicts)
            if not unchanged(old, new) or settled:
                yield _Cell(entry, column, old, new, others, _said_at(twin, item, column))


def _edits(twin: Twin, by_id: Mapping[str, Entry]) -> Iterator[HandEdit]:
    for cell in _differing(twin, by_id):
        if not unchanged(cell.old, cell.new) and cell.new not in cell.others:
            yield HandEdit(cell.entry.id, cell.column, cell.old, cell.new, cell.at)


def _choices(twin: Twin, by_id: Mapping[str, Entry]) -> Iterator[Decision]:
    for cell in _differing(twin, by_id):
        if unchanged(cell.old, cell.new) or cell.new in cell.others:
            yield Decision(
                DecisionKind.CHOOSE,
                cell.entry.id,
                cell.at,
                column=cell.column,
                value=cell.new,
                unguarded=True,
            )


def _parted(twin: Twin, by_id: Mapping[str, Entry]) -> Iterator[Decision]:
    """Pairs that would be proposed, and were not any more."""
    shown = {item.id: item for item in twin.entries}
    for item in twin.entries:
        entry = by_id.get(item.id)
        if entry is None:
            continue
        proposed = {one.other for one in item.duplicates}
        for duplicate in entry.duplicates:
            if duplicate.other in shown and duplicate.other not in proposed and entry.id < duplicate.other:
                yield Decision(DecisionKind.DIFFERENT, entry.id, twin.at, other=duplicate.other)
