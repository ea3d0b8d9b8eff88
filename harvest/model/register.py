"""What people did by hand, and the merged register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from harvest.model.picture import CellPlace
from harvest.model.reading import Method

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HandEdit:
    """A cell that somebody changed in the register: what was written there before, and what stands there now."""

    entry_id: str
    column: str
    old: str
    new: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HandRow:
    """A row that somebody added to the register; its id was given when it was first seen."""

    entry_id: str
    category: str
    values: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class HandDeletion:
    """A row that somebody removed from the register."""

    entry_id: str
    at: datetime


class DecisionKind(StrEnum):
    """What people decide."""

    SAME = "same"  # entry and other are one facility
    DIFFERENT = "different"  # entry and other are two
    CHOOSE = "choose"  # of a conflict's values, this one is right
    CHECKED = "checked"  # a doubtful cell was looked at and is right
    TYPED = (
        "typed"  # what a cell of a return says that no program could read; nothing: there is nothing to read
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision; `other` is an entry id (SAME, DIFFERENT), `column` and `value` belong to CHOOSE, CHECKED.

    TYPED is about no entry, for there may be none yet: `entry_id` is the cell's id (see `merge.ids`), `other` the return.

    Attributes:
        unguarded: recorded by a version that took any word in an answer's cell for the text that is to stand in the register.
    """

    kind: DecisionKind
    entry_id: str
    at: datetime
    other: str = ""
    column: str = ""
    value: str = ""
    unguarded: bool = False


class Status(StrEnum):
    """How an entry stands against what was known before (merge rule 3); words in spec/words."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    EMPTIED = "emptied"
    MISSING = "missing"
    HAND = "hand"  # added by hand, never reported


@dataclass(frozen=True, slots=True)
class Source:
    """One place that an entry rests on."""

    return_id: str
    file: str
    page: int
    row: int
    method: Method
    reporter: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """One value for one cell, and who says so since when. A hand edit claims with `source=None`."""

    text: str
    at: datetime
    source: Source | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Values that contradict each other in one cell; `shown` stands in the register (merge rules 5 and 6)."""

    entry_id: str
    column: str
    shown: Claim
    others: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two entries that may be one facility; `score` 0 to 100, `reason` a key in spec/words."""

    entry_id: str
    other: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """One step in an entry's history. `column` is empty for what happened to the entry as a whole."""

    entry_id: str
    at: datetime
    kind: str  # a Status value, or `edited`, `deleted`, `decided`, `alternative` (a second value in the cell)
    column: str
    old: str
    new: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class Check:
    """A cell that was recovered or doubtful: a person should look.

    `unread`: the cell's own id where something stands in it that no program could read; its text is empty.
    """

    entry_id: str
    column: str
    text: str
    method: Method
    confidence: float
    alternatives: tuple[str, ...]
    source: Source
    unread: str = ""

    def cell(self, category: str) -> CellPlace:
        """The cell of a return that is in doubt, for an entry under this category."""
        return CellPlace(self.source.return_id, self.source.page, category, self.source.row, self.column)


@dataclass(frozen=True, slots=True)
class Entry:
    """One facility under one category.

    Attributes:
        id: never changes.
        aliases: ids under which the same entry was known elsewhere (joined duplicates, older first reports).
        values: column -> text shown.
        confirmed: when a return or a person last said that this is so.
        hand: columns whose value a person set.
    """

    id: str
    category: str
    values: Mapping[str, str]
    status: Status
    reporters: tuple[str, ...]
    sources: tuple[Source, ...]
    confirmed: datetime | None
    aliases: tuple[str, ...] = ()
    hand: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    checks: tuple[Check, ...] = ()
    history: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class NilReturn:
    """A reporter's statement that an offer does not exist here; `withdrawn` where a newer return lists one."""

    id: str
    category: str
    reporter: str
    sources: tuple[Source, ...]
    confirmed: datetime
    contradicted: bool = False  # the same sheet also lists facilities
    withdrawn: bool = False  # a newer return of the same reporter lists facilities


class Answer(StrEnum):
    """What a reporter's newest word on a category is."""

    ANSWERED = "answered"
    NIL = "nil"
    BLANK = "blank"
    NOT_RETURNED = "not-returned"


@dataclass(frozen=True, slots=True)
class Register:
    """The merged state: a function of the returns, the decisions and the hand edits, of nothing else.

    Attributes:
        entries: in the form's order of categories, then by facility, then by id.
        deleted: ids of entries that were removed by hand; they stay in the ledger.
        answers: reporter label -> category -> newest answer.
        unread: rows of which nobody has read anything yet, as the entries that they will be: without values, with
            their cells among the checks. Likewise nil returns of which no program could tell whether they are any.
        uncompared: entries that share so much with so many others that duplicates were looked for among the nearest only.
    """

    entries: tuple[Entry, ...]
    nils: tuple[NilReturn, ...] = ()
    deleted: tuple[str, ...] = ()
    answers: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
    unread: tuple[Entry, ...] = ()
    uncompared: int = 0

    @property
    def answering(self) -> int:
        """How many reporters have said anything: a blank form is no answer."""
        said = {Answer.ANSWERED, Answer.NIL}
        return sum(not said.isdisjoint(given.values()) for given in self.answers.values())

    @property
    def checks(self) -> Iterator[tuple[Entry, Check]]:
        """Every cell that a person should look at."""
        return ((entry, check) for entry in (*self.entries, *self.unread) for check in entry.checks)
