"""The merged state that the ledger stands for: computed, never stored."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from harvest.ledger import HandEvents, Ledger, StoredRefusal, StoredReturn
from harvest.merge import Layout, merge, typed_over
from harvest.merge.plan import without_collector
from harvest.model import CellPlace, Mailing, Picture, Register, ReporterKind, Severity, Submission
from harvest.normalise import submissions
from harvest.version import VERSION
from harvest.workspace.editions import Editions
from harvest.workspace.mailing import mailing_of
from harvest.workspace.settled import settled

#: what parts the steps of a way in a provenance
INSIDE = " > "
#: bytes of all pictures that register and report show together
PICTURES = 24 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class State:
    """Everything that follows from the ledger's active events.

    Attributes:
        pictures: of cells that are to be checked.
        settled: hashes of damaged returns that have come whole since.
    """

    returns: tuple[StoredReturn, ...]
    submissions: tuple[Submission, ...]
    events: HandEvents
    register: Register
    refusals: tuple[StoredRefusal, ...] = ()
    mailing: Mailing = field(default_factory=Mailing)
    pictures: Mapping[CellPlace, Picture] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()


def state_of(ledger: Ledger, editions: Editions) -> State:
    """The register and what it rests on; inside an open run also with what that run added."""
    with without_collector():
        returns = ledger.active_submissions_input()
        events = ledger.hand_events()
        said = typed_over(said_in(returns, editions), events.decisions)
        register = merged(said, events, editions)
        mailing = mailing_of(editions.rounds, editions.labels, returns, said)
        refusals = tuple(_open_refusals(ledger.refusals(), returns))
        shown = _pictures(ledger, register)
        whole = settled(returns, said)
        return State(returns, said, events, register, refusals, mailing, shown, whole)


def _pictures(ledger: Ledger, register: Register) -> Mapping[CellPlace, Picture]:
    doubts = sorted(register.checks, key=lambda pair: not pair[1].unread)  # these have nothing else to go by
    cells = [doubt.cell(entry.category) for entry, doubt in doubts]
    return ledger.pictures(cells, PICTURES) if cells else {}


def said_in(returns: Iterable[StoredReturn], editions: Editions) -> tuple[Submission, ...]:
    """What the returns say, every reporter by the name that the office knows."""
    return tuple(
        named(submission, editions.labels)
        for one in returns
        for submission in submissions(
            one.reading, one.document.sha256, one.document.file, one.moment, editions.by_id
        )
    )


def named(submission: Submission, labels: Mapping[str, str]) -> Submission:
    """The submission under the recipient's name in the list, whatever was typed on the cover."""
    who = submission.reporter
    if who.kind is not ReporterKind.TOKEN or who.key not in labels:
        return submission
    return replace(submission, reporter=replace(who, label=labels[who.key]))


def merged(said: Iterable[Submission], events: HandEvents, editions: Editions) -> Register:
    """The register that follows from these."""
    return merge(
        said,
        layout_of(editions),
        edits=events.edits,
        hand_rows=events.rows,
        deletions=events.deletions,
        decisions=events.decisions,
    )


def _open_refusals(
    refusals: Iterable[StoredRefusal], returns: Iterable[StoredReturn]
) -> Iterator[StoredRefusal]:
    """What a person may still have to look at: not what came readable, on the same way, in a later run."""
    newest: dict[str, int] = defaultdict(int)
    for one in returns:
        for way in one.document.sightings:
            parts = way.path.split(INSIDE)
            for length in range(1, len(parts) + 1):
                path = INSIDE.join(parts[:length])
                newest[path] = max(newest[path], one.document.run)
    for refusal in refusals:
        if refusal.problem.severity is not Severity.NOTE and newest[refusal.provenance.path] <= refusal.run:
            yield refusal


def layout_of(editions: Editions) -> Layout:
    """Order of categories and columns: the newest edition's first."""
    return Layout.of(*(edition.form for edition in editions.ordered))


def fingerprint(state: State, notes: Sequence[object]) -> str:
    """A hash of all that the register would show, but for the run's own number and time."""
    pictures = sorted((*cell, picture.sha256) for cell, picture in state.pictures.items())
    shown = json.dumps([VERSION, repr(state.register), repr(notes), repr(state.mailing), pictures])
    return hashlib.sha256(shown.encode("utf-8", "backslashreplace")).hexdigest()
