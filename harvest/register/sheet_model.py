"""The register as sheets of plain data. No file format in here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from harvest.model import Picture

#: Version of the register's make-up. A reader refuses a newer one than its own.
REGISTER_VERSION = 1
ENTRIES = "entries"
DUPLICATES = "duplicates"
CONFLICTS = "conflicts"
CHECK = "check"
NIL = "nil"
GAPS = "gaps"
RETURNS = "returns"
HISTORY = "history"
ABOUT = "about"
CHARTS = "charts"
LONG_TEXTS = "long-texts"
SECTION_PREFIX = "section."


class Link(NamedTuple):
    """A link of ours: `target` is a path made by us (never a partner's text), `label` a word of ours."""

    target: str
    label: str


#: Naive dates and times, as the office's clock shows them; text as written (`text.as_written`).
Cell: TypeAlias = str | int | float | date | datetime | Link | None


class Role(StrEnum):
    """Whose word counts in a column."""

    MANAGED = "managed"  # ours: a change by hand is overwritten
    EDITABLE = "editable"  # a partner's or a person's text: a change by hand is a hand edit
    DECISION = "decision"  # only people write here


class Kind(StrEnum):
    """What a column's cells are."""

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    NUMBER = "number"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column. `width` in characters; `choices` makes a list to choose from, others may be typed where `free`."""

    key: str
    heading: str
    width: float
    role: Role = Role.MANAGED
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    free: bool = True
    hint: str = ""
    wrap: bool = True
    upright: bool = False  # a narrow column whose heading is turned by 90 degrees


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart of rows of its sheet: one bar per row, from row `first` (from 0) on, as many as `colours`.

    `labels` and `values` are column keys; `alt` says the same to those who can't see it; `lying`: bars from left to
    right, for long labels.
    """

    title: str
    alt: str
    labels: str
    values: str
    first: int
    colours: tuple[str, ...]
    lying: bool = False


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture; `alt` says to those who can't see it what it is of."""

    picture: Picture
    alt: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A row: `cells` in the order of the columns; `rank` says where it belongs among the others."""

    cells: tuple[Cell, ...]
    rank: int = 0
    picture: PictureView | None = None


@dataclass(frozen=True, slots=True)
class Rows(Iterable[RowView]):
    """Rows that are made anew each time somebody asks: 100,000 of them need no memory."""

    make: Callable[[], Iterator[RowView]]

    def __iter__(self) -> Iterator[RowView]:
        return self.make()


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet.

    Attributes:
        key: stable; the title may be changed by anybody.
        colour: of the tab, `#rrggbb`, or empty.
        identity: columns whose texts together tell one row from the others.
        empty: the sentence that stands here while there are no rows.
        frozen: number of columns that stay in sight.
        printed: number of columns that are printed; 0 for all.
        tones: column key -> text -> tone of the cell (`good`, `mild`, `warn`, `bad`, `quiet`).
        steps: column key -> (number from which on, tone), the highest number first.
        charts: stand right of the columns.
        pictures: key of the column in which the rows' pictures stand; empty where rows have none.
    """

    key: str
    title: str
    columns: tuple[ColumnView, ...]
    rows: Iterable[RowView]
    identity: tuple[str, ...]
    empty: str
    colour: str = ""
    frozen: int = 0
    printed: int = 0
    tones: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    steps: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    charts: tuple[ChartView, ...] = ()
    pictures: str = ""

    def index(self, key: str) -> int:
        """Place of the column with this key, from 0."""
        return next(place for place, column in enumerate(self.columns) if column.key == key)


@dataclass(frozen=True, slots=True)
class RegisterView:
    """The whole register, ready for any rendering.

    Attributes:
        form, run: what the file says about itself, for the next run.
        title, author: document properties.
        joined: id of an entry that was joined into another -> the id that stands for both now.
        say: words that the workbook itself needs (`continued`, `page`, ...).
    """

    form: str
    run: str
    title: str
    language: str
    made_at: datetime
    sheets: tuple[SheetView, ...]
    say: Mapping[str, str]
    joined: Mapping[str, str] = field(default_factory=dict)
