"""What a return says: one value per cell, normalised and chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from harvest.model.reading import Method
from spec.matching import equal_key

#: As sure as this a value is at most over which something is drawn (`harvest.reading.model.confidence_levels`).
CONTESTED = 0.5


class TimeSource(StrEnum):
    """Which clock a return's time comes from (merge rule 2)."""

    MOD_DATE = "mod-date"
    MAIL = "mail"
    FILE = "file"
    MADE = "made"  # the form's own making: it came back as it was sent
    NONE = "none"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A return's time and where it comes from."""

    at: datetime
    source: TimeSource


#: See `Submission.age`.
Age: TypeAlias = tuple[bool, Moment, bool]


class ReporterKind(StrEnum):
    """How a reporter is known (merge rule 3)."""

    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    ORGANISATION = "organisation"
    RETURN = "return"


@dataclass(frozen=True, slots=True, order=True)
class Reporter:
    """Who answered.

    Attributes:
        key: goes into the ids of what the reporter says; never made in another way, since forms carry them.
        label: what people read.
        who: tells reporters apart. Two spellings of one organisation are one reporter (`spec.matching`, equal).
    """

    kind: ReporterKind
    key: str = field(compare=False)
    label: str = field(compare=False)
    who: str = field(init=False)

    def __post_init__(self) -> None:
        named = equal_key(self.key) if self.kind is ReporterKind.ORGANISATION else ""
        object.__setattr__(self, "who", named or self.key)


@dataclass(frozen=True, slots=True)
class Value:
    """One cell, normalised (NFC, LF), chosen among the methods; what lost stands in `alternatives`."""

    text: str
    method: Method = Method.WIDGET
    confidence: float = 1.0
    page: int = 0
    alternatives: tuple[Value, ...] = ()

    @property
    def contested(self) -> bool:
        """Whether the file itself says something against it: struck out, drawn over, shown but no longer stored."""
        return self.method is Method.APPEARANCE or (
            self.method is not Method.OCR and self.confidence <= CONTESTED
        )


@dataclass(frozen=True, slots=True, order=True)
class Unread:
    """A cell in which something stands that no program could read.

    Attributes:
        answered: a person has typed what it says, or has said that it says nothing.
        said: what the file says there besides, where that contradicts itself.
    """

    column: str
    page: int = 0
    answered: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One facility's cells on a sheet. `entry_id` is known where the form was prefilled.

    `unread`: cells that had to be read by a person, or still have to be; what was typed stands in `values`.
    """

    number: int
    values: Mapping[str, Value]
    entry_id: str | None = None
    unread: tuple[Unread, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether no cell says anything."""
        return not any(value.text.strip() for value in self.values.values())

    @property
    def waits(self) -> bool:
        """Whether a person still has to read some of it."""
        return any(not cell.answered for cell in self.unread)

    @property
    def silent(self) -> bool:
        """Whether nothing was written here, not even what nobody has read yet."""
        return self.blank and not self.waits


@dataclass(frozen=True, slots=True)
class Sheet:
    """One category in one return. Rows that were never touched are left out; emptied ones are blank rows.

    `complete` is false where only some of the category's pages came back: rows on the others are not missing.
    `unread`: boxes for "nothing here" of which no program could tell whether they are ticked; a tick that a person saw
    stands in `nil`.
    """

    category: str
    rows: tuple[Row, ...]
    nil: bool = False
    page: int = 0
    complete: bool = True
    unread: tuple[Unread, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a person still has to look at its box for "nothing here"."""
        return any(not cell.answered for cell in self.unread)

    @property
    def blank(self) -> bool:
        """Whether the sheet says nothing at all: no row filled, not even illegibly, no nil return."""
        return not self.nil and all(row.silent for row in self.rows)


@dataclass(frozen=True, slots=True)
class Submission:
    """What one reporter says in one return. A return of joined forms gives several.

    Attributes:
        code: what the copy's pages carry; empty on a blank.
        round: the mailing that it answers; empty where nobody can know.
        damaged: the file was, so that some of it may be missing.
        former: what older versions of the reader had found in the return, the oldest first: entries keep the ids that
            they have from there.
    """

    return_id: str
    edition: str
    reporter: Reporter
    moment: Moment
    file: str
    sheets: tuple[Sheet, ...]
    cover: Mapping[str, Value] = field(default_factory=dict)
    feedback: Mapping[str, Value] = field(default_factory=dict)
    code: str = ""
    round: str = ""
    damaged: bool = False
    former: tuple[Submission, ...] = ()

    @property
    def half(self) -> bool:
        """Whether it comes from a damaged file that lost its own date: nobody knows how old it is."""
        return self.damaged and self.moment.source is not TimeSource.MOD_DATE

    @property
    def age(self) -> Age:
        """Its place among all submissions, the oldest first (merge rule 2).

        A half file is older than any whole one; a damaged copy older than the whole file of the same date.
        """
        return not self.half, self.moment, not self.damaged
