"""What travels between the stages of a harvest. Frozen; raw, normalised and merged are distinct types.

document -> (read) -> Reading -> (choose, normalise) -> Submission -> (merge) -> Register
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from spec.geometry import Box
from spec.names import FieldName

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Method(StrEnum):
    """How a value was read, in the order of trust (findings: readers, section 7)."""

    WIDGET = "widget"
    FIELD_TREE = "field-tree"
    ANNOTATION = "annotation"
    FILL_SIGN = "fill-sign"
    FLATTENED = "flattened"
    OCR = "ocr"
    HAND = "hand"


TRUST: Mapping[Method, int] = {method: rank for rank, method in enumerate(Method)}


# ---------------------------------------------------------------- what came in


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a document came from.

    Attributes:
        path: the way to it as a person knows it, steps parted by ` > ` (`post.zip > a/b.pdf`).
        name: the file's own name at the end of that way; hostile input, for display only.
        file_time, mail_time: UTC.
    """

    path: str
    name: str
    file_time: datetime | None = None
    mail_time: datetime | None = None
    mail_from: str = ""
    mail_subject: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes that came in, known by their SHA-256 (64 lower-case hex digits)."""

    data: bytes = field(repr=False)
    sha256: str
    provenance: Provenance

    @classmethod
    def of(cls, data: bytes, provenance: Provenance) -> Document:
        """A document under the hash of its bytes."""
        return cls(data, hashlib.sha256(data).hexdigest(), provenance)


class Severity(StrEnum):
    """What a problem means for the document."""

    NOTE = "note"  # everything arrived; worth knowing
    CHECK = "check"  # everything arrived; a person should look
    LOST = "lost"  # something, or all, could not be read


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing about a document that a person may have to act on.

    Attributes:
        code: stable key, also the key of its words (`problem.<code>` in spec/words): `encrypted`, `empty-file`...
        severity: what it means.
        place: page or field, may be empty.
        details: what the words are filled with, sorted pairs.
    """

    code: str
    severity: Severity
    place: str = ""
    details: tuple[tuple[str, str], ...] = ()


# ---------------------------------------------------------------- what a reader found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stood in the return: page from 1, box in points (origin bottom left) if known."""

    page: int
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field as one reader found it.

    Attributes:
        name: the parsed field name.
        text: exactly what the file holds, decoded but not normalised. A checkbox reads `/Off` or its state.
        confidence: 0 to 1; 1 for a value that was read, not reconstructed.
    """

    name: FieldName
    text: str
    method: Method
    place: Place
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class PageFound:
    """A page of the return that was identified: number from 1, and whose page it is."""

    number: int
    edition: str
    token: str | None
    category: str
    page: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in one return, every method's results side by side.

    Attributes:
        pages: number of pages of the PDF; 0 where it could not be opened.
        found: the pages that were identified.
        fields: fields that hold something or were emptied; a field without /V that was never touched is left out.
        mod_date: ModDate (else CreationDate) of the PDF in UTC.
        producer: Info/Producer, for the record.
    """

    pages: int
    found: tuple[PageFound, ...]
    fields: tuple[FieldReading, ...]
    problems: tuple[Problem, ...] = ()
    mod_date: datetime | None = None
    producer: str = ""


# ---------------------------------------------------------------- what a return says


class TimeSource(StrEnum):
    """Which clock a return's time comes from (merge rule 2)."""

    MOD_DATE = "mod-date"
    MAIL = "mail"
    FILE = "file"
    NONE = "none"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A return's time and where it comes from."""

    at: datetime
    source: TimeSource


class ReporterKind(StrEnum):
    """How a reporter is known (merge rule 3)."""

    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    ORGANISATION = "organisation"
    RETURN = "return"


@dataclass(frozen=True, slots=True, order=True)
class Reporter:
    """Who answered: `key` tells reporters apart, `label` is what people read."""

    kind: ReporterKind
    key: str
    label: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """One cell, normalised (NFC, LF), chosen among the methods; what lost stands in `alternatives`."""

    text: str
    method: Method = Method.WIDGET
    confidence: float = 1.0
    page: int = 0
    alternatives: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One facility's cells on a sheet. `entry_id` is known where the form was prefilled."""

    number: int
    values: Mapping[str, Value]
    entry_id: str | None = None

    @property
    def blank(self) -> bool:
        """Whether no cell says anything."""
        return not any(value.text.strip() for value in self.values.values())


@dataclass(frozen=True, slots=True)
class Sheet:
    """One category in one return. Rows that were never touched are left out; emptied ones are blank rows."""

    category: str
    rows: tuple[Row, ...]
    nil: bool = False
    page: int = 0

    @property
    def blank(self) -> bool:
        """Whether the sheet says nothing at all: no row filled, no nil return."""
        return not self.nil and all(row.blank for row in self.rows)


@dataclass(frozen=True, slots=True)
class Submission:
    """What one reporter says in one return. A return of joined forms gives several."""

    return_id: str
    edition: str
    reporter: Reporter
    moment: Moment
    file: str
    sheets: tuple[Sheet, ...]
    cover: Mapping[str, Value] = field(default_factory=dict)
    feedback: Mapping[str, Value] = field(default_factory=dict)


# ---------------------------------------------------------------- what people did


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


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision; `other` is an entry id (SAME, DIFFERENT), `column` and `value` belong to CHOOSE, CHECKED."""

    kind: DecisionKind
    entry_id: str
    at: datetime
    other: str = ""
    column: str = ""
    value: str = ""


# ---------------------------------------------------------------- the register


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
    kind: str  # a Status value, or `edited`, `deleted`, `decided`
    column: str
    old: str
    new: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class Check:
    """A cell that was recovered or doubtful: a person should look."""

    entry_id: str
    column: str
    text: str
    method: Method
    confidence: float
    alternatives: tuple[str, ...]
    source: Source


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
    """

    entries: tuple[Entry, ...]
    nils: tuple[NilReturn, ...] = ()
    deleted: tuple[str, ...] = ()
    answers: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
