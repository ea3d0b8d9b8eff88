"""A chain: what one reporter has said, over time, about one facility under one category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from harvest.merge.facilities.equality import Content, loose, plain
from harvest.model import TRUST, Age, Claim, HandRow, Row, Source, Status, Submission, Unread, Value

#: The kind of a change that tells of a second value in the same cell of the same return.
ALTERNATIVE = "alternative"


@dataclass(frozen=True, slots=True)
class Statement:
    """One category in one return, all sheets and joined copies of it taken together."""

    submission: Submission
    category: str
    rows: tuple[Row, ...]
    nil: bool
    page: int
    complete: bool
    unread: tuple[Unread, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether it says nothing at all."""
        return not self.nil and all(row.silent for row in self.rows)

    @property
    def at(self) -> datetime:
        """The return's time."""
        return self.submission.moment.at

    def source(self, row: int, value: Value | None) -> Source:
        """Where a cell of this statement stands."""
        page = (value.page if value else 0) or self.page
        method = value.method if value else Value("").method
        said = self.submission
        return Source(said.return_id, said.file, page, row, method, said.reporter.label, said.moment.at)


@dataclass(frozen=True, slots=True)
class Version:
    """A row as it stood in one return."""

    statement: Statement
    row: Row
    content: Content

    def source(self, column: str = "") -> Source:
        """Where the row, or one of its cells, stands."""
        values = self.row.values
        value = values.get(column) or next((value for value in values.values() if value.text.strip()), None)
        return self.statement.source(self.row.number, value)


@dataclass(frozen=True, slots=True)
class ChainCell:
    """What a chain says in one column now: since when, and where it was said last."""

    column: str
    value: Value
    since: datetime
    said: Version

    @property
    def claim(self) -> Claim:
        """The cell as a claim."""
        return Claim(self.value.text, self.since, self.said.source(self.column))


@dataclass(frozen=True, slots=True)
class Event:
    """A change before it is known which entry it belongs to."""

    at: datetime
    kind: str
    column: str = ""
    old: str = ""
    new: str = ""
    source: Source | None = None


@dataclass(eq=False, slots=True)
class Chain:
    """Grows while the returns are folded in, oldest first; never shrinks.

    Attributes:
        born: order of birth among all chains; tells chains apart.
        id: the id that it would have alone; `ids` are all that lead to it.
        cells: column -> what it says now. A cell that was emptied keeps its last text.
        hand: the row added by hand, where that is what the chain is.
        last_word: the age of what its reporter said last about the category.
        confirmed: when it was last said without taking anything of it away.
    """

    born: int
    category: str
    id: str
    since: datetime
    ids: list[str] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    cells: dict[str, ChainCell] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    status: Status = Status.NEW
    hand: tuple[HandRow, ...] = ()
    last_word: Age | None = None
    confirmed: datetime | None = None

    @property
    def content(self) -> Content:
        """What the newest version said."""
        return self.versions[-1].content if self.versions else ()

    def texts(self) -> Mapping[str, str]:
        """Column -> text, as it stands."""
        return {column: cell.value.text for column, cell in self.cells.items()}

    def state(self, version: Version) -> None:
        """Take in what a return says about this row: the newest word rules, nothing is forgotten."""
        first = not self.versions
        self.versions.append(version)
        self.last_word = version.statement.submission.age
        self.since = min(self.since, version.statement.at)
        if version.row.blank:
            self._empty_row(version)
            return
        seen = {self._cell(column, value, version) for column, value in sorted(version.row.values.items())}
        contested = any(value.contested for value in version.row.values.values() if value.text.strip())
        if Status.EMPTIED not in seen and not contested:
            self.confirmed = max(self.confirmed or version.statement.at, version.statement.at)
        if first:
            self.status = Status.NEW
            self.events.append(Event(version.statement.at, Status.NEW, source=version.source()))
        else:
            ranked = (Status.EMPTIED, Status.CHANGED)
            otherwise = (
                Status.CHANGED if contested else Status.UNCHANGED
            )  # who strikes a row out doesn't repeat it
            self.status = next((status for status in ranked if status in seen), otherwise)

    def miss(self, statement: Statement) -> None:
        """Take in that a return holds the category, but not this row."""
        self.last_word = statement.submission.age
        if self.status is not Status.MISSING:
            self.events.append(Event(statement.at, Status.MISSING, source=statement.source(0, None)))
        self.status = Status.MISSING

    def _empty_row(self, version: Version) -> None:
        if self.cells.keys().isdisjoint(version.row.values):
            return  # the fields of what it said are gone altogether: nobody emptied them
        if self.status is not Status.EMPTIED:
            self.events.append(Event(version.statement.at, Status.EMPTIED, source=version.source()))
        self.status = Status.EMPTIED

    def _cell(self, column: str, value: Value, version: Version) -> Status:
        at, source = version.statement.at, version.source(column)
        known = self.cells.get(column)
        old = known.value.text if known else ""
        self.events.extend(
            Event(at, ALTERNATIVE, column, other.text, value.text, source)
            for other in value.alternatives
            if plain(other.text) != plain(value.text)
        )
        if not value.text.strip():
            if (
                known is None and value.confidence >= 1
            ):  # only its copy can tell what somebody else had said there
                return Status.UNCHANGED
            self.events.append(Event(at, Status.EMPTIED, column, old, "", source))
            return Status.EMPTIED
        if known is None:
            kind = Status.NEW if len(self.versions) == 1 else Status.CHANGED
            self.events.append(Event(at, kind, column, "", value.text, source))
            self.cells[column] = ChainCell(column, value, at, version)
            return kind
        if plain(old) == plain(value.text):
            # A worse reading of the same words (flattened, scanned) must not replace a better one.
            # What only the field still shows is in doubt, whatever was known.
            if value.contested or TRUST[value.method] <= TRUST[known.value.method]:
                self.cells[column] = ChainCell(column, value, min(known.since, at), version)
            return Status.UNCHANGED
        self.events.append(Event(at, Status.CHANGED, column, old, value.text, source))
        self.cells[column] = ChainCell(column, value, at, version)
        return Status.CHANGED


def same_words(left: str, right: str) -> bool:
    """Whether two texts say the same as far as a contradiction goes."""
    return loose(left) == loose(right)
