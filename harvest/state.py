"""The merged state that the ledger stands for: computed, never stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from harvest.editions import Editions
from harvest.ledger import HandEvents, Ledger, StoredReturn
from harvest.merge import Layout, merge
from harvest.model import Register, Submission
from harvest.normalise import submissions
from harvest.version import VERSION


@dataclass(frozen=True, slots=True)
class State:
    """Everything that follows from the ledger's active events."""

    returns: tuple[StoredReturn, ...]
    submissions: tuple[Submission, ...]
    events: HandEvents
    register: Register


def state_of(ledger: Ledger, editions: Editions) -> State:
    """The register and what it rests on; inside an open run also with what that run added."""
    returns = ledger.active_submissions_input()
    said = tuple(
        submission
        for one in returns
        for submission in submissions(
            one.reading, one.document.sha256, one.document.file, one.moment, editions.by_id
        )
    )
    events = ledger.hand_events()
    register = merge(
        said,
        layout_of(editions),
        edits=events.edits,
        hand_rows=events.rows,
        deletions=events.deletions,
        decisions=events.decisions,
    )
    return State(returns, said, events, register)


def layout_of(editions: Editions) -> Layout:
    """Order of categories and columns: the newest edition's first."""
    return Layout.of(*(edition.form for edition in editions.ordered))


def fingerprint(state: State, notes: Sequence[object]) -> str:
    """A hash of all that the register would show, but for the run's own number and time."""
    shown = json.dumps([VERSION, repr(state.register), repr(notes)])
    return hashlib.sha256(shown.encode("utf-8", "backslashreplace")).hexdigest()
