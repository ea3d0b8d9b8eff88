"""What the ledger hands back. Frozen; times are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from harvest.model import (
    Decision,
    HandDeletion,
    HandEdit,
    HandRow,
    Moment,
    Problem,
    Provenance,
    Reading,
)

HandEvent: TypeAlias = HandEdit | HandRow | HandDeletion | Decision


#: a mail that was read: the mailbox's folder, its UIDVALIDITY, its UID
SeenMail: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a run added."""

    documents: int = 0
    hand_edits: int = 0
    hand_rows: int = 0
    hand_deletions: int = 0
    decisions: int = 0
    refusals: int = 0
    rereads: int = 0


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run. `active` is false while it is undone."""

    id: int
    kind: str
    at: datetime
    version: str
    note: str
    active: bool
    counts: Counts


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document that was seen.

    Attributes:
        run: the run that brought it.
        fate: what became of it in its newest reading.
        active: whether it counts; a document whose run was undone stays out until that run is redone.
        file: the name under which people know it: that of the earliest sighting.
        sightings: every distinct way on which it came, earliest first.
    """

    sha256: str
    size: int
    run: int
    fate: str
    active: bool
    file: str
    sightings: tuple[Provenance, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class StoredReturn:
    """A document that counts, with all that was read in it and its time (merge rule 2).

    Attributes:
        read_in: the run that read it so.
        earlier: what older versions of the reader had found in it, the oldest first; entries have their ids from there.
    """

    document: StoredDocument
    reading: Reading
    moment: Moment
    read_in: int = 0
    earlier: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredRefusal:
    """Something that was seen and is no document.

    Attributes:
        key: the same for the same thing refused again for the same reason.
        sha256: of its bytes where they were read, else empty.
        run: the run that met it first.
    """

    key: str
    sha256: str
    provenance: Provenance
    problem: Problem
    run: int
    active: bool


@dataclass(frozen=True, slots=True)
class HandEvents:
    """All that people did, as far as it counts; each in the order in which it was recorded."""

    edits: tuple[HandEdit, ...] = ()
    rows: tuple[HandRow, ...] = ()
    deletions: tuple[HandDeletion, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What somebody did, in which run it was recorded, and whether that run counts."""

    run: int
    active: bool
    event: HandEvent


@dataclass(frozen=True, slots=True)
class Why:
    """What the ledger knows of an entry: people's doings under any of its ids, and its returns with every reading."""

    events: tuple[Recorded, ...]
    returns: tuple[StoredReturn, ...]
