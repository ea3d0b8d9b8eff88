"""The merged state that the ledger stands for: computed, never stored."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from harvest.gc_pause import no_collection
from harvest.ledger import HandEvents, Ledger, StoredRefusal, StoredReturn
from harvest.merge import Layout, merge, typed_over
from harvest.model import (
    CellPlace,
    Decision,
    Mailing,
    Picture,
    Reading,
    Register,
    ReporterKind,
    Severity,
    Submission,
)
from harvest.normalise import submissions
from harvest.state.editions import Editions
from harvest.state.mailing import answered_on, mailing_of
from harvest.state.own_forms import Judged, MadeForm, OwnForms, decided_on, judged
from harvest.state.pictures_of_one_mail import by_mail
from harvest.state.settled_halves import settled
from harvest.version import VERSION
from spec.rounds import round_by_then
from spec.wire import CopyCode

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
        own: which forms the office may have sent, and from where.
    """

    returns: tuple[StoredReturn, ...]
    submissions: tuple[Submission, ...]
    events: HandEvents
    register: Register
    refusals: tuple[StoredRefusal, ...] = ()
    mailing: Mailing = field(default_factory=Mailing)
    pictures: Mapping[CellPlace, Picture] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    own: OwnForms = field(default_factory=OwnForms)


def state_of(ledger: Ledger, editions: Editions) -> State:
    """The register and what it rests on; inside an open run also with what that run added."""
    with no_collection():
        events = ledger.hand_events()
        counting = counted(ledger.active_submissions_input(), editions, events.decisions)
        returns, said = counting.returns, typed_over(counting.submissions, events.decisions)
        register = merged(said, events, editions)
        mailing = mailing_of(editions.rounds, editions.labels, said)
        refusals = tuple(_open_refusals(ledger.refusals(), returns))
        shown = _pictures(ledger, register)
        whole = settled(returns, said)
        return State(returns, said, events, register, refusals, mailing, shown, whole, editions.own)


def _pictures(ledger: Ledger, register: Register) -> Mapping[CellPlace, Picture]:
    doubts = sorted(register.checks, key=lambda pair: not pair[1].unread)  # these have nothing else to go by
    cells = [doubt.cell(entry.category) for entry, doubt in doubts]
    return ledger.pictures(cells, PICTURES) if cells else {}


def counted(
    returns: Iterable[StoredReturn], editions: Editions, decisions: Iterable[Decision] = ()
) -> Judged:
    """The returns as they are to be dated, and what those of them say that count as answers."""
    dated = [editions.own.dated(one) for one in returns]
    said = by_mail(dated, tuple(all_said_in(dated, editions)))
    return judged(dated, said, editions.own, decided_on(decisions))


def said_in(
    returns: Iterable[StoredReturn], editions: Editions, decisions: Iterable[Decision] = ()
) -> tuple[Submission, ...]:
    """What the returns say that count, every reporter by the name that the office knows."""
    return counted(returns, editions, decisions).submissions


def all_said_in(returns: Iterable[StoredReturn], editions: Editions) -> Iterator[Submission]:
    """What stands in the returns, whether it counts or not."""
    for one in returns:
        # entries have their ids from what older versions of the reader had found
        former = tuple(said for reading in one.earlier for said in _read_in(one, reading, editions))
        for submission in _read_in(one, one.reading, editions):
            yield replace(submission, former=former) if former else submission


def _read_in(one: StoredReturn, reading: Reading, editions: Editions) -> Iterator[Submission]:
    document = one.document
    day, made = answered_on(one), editions.own.made.get(document.sha256, ())
    for submission in submissions(reading, document.sha256, document.file, one.moment, editions.by_id):
        yield named(submission, editions, day, made)


def named(submission: Submission, editions: Editions, day: date, made: Sequence[MadeForm] = ()) -> Submission:
    """The submission under the recipient's token and name in the list, whatever was typed on the cover, with its round.

    Args:
        submission: what was read; its reporter's key is what the pages carry, a token or a round's code.
        editions: whose codes these are.
        day: when it came.
        made: what is known of the file, where it is a form as it was sent.
    """
    who = submission.reporter
    if who.kind is not ReporterKind.TOKEN:
        return replace(submission, round=editions.rounds.round_by(day))
    owner = editions.codes.get(who.key, CopyCode(who.key, ""))
    rounds = {one.round for one in made} - {""}
    known = owner.round or (rounds.pop() if len(rounds) == 1 else "")
    label = editions.labels.get(owner.token, owner.token if who.label == who.key else who.label)
    return replace(
        submission,
        reporter=replace(who, key=owner.token, label=label),
        round=known or round_by_then(editions.rounds.sendings.get(owner.token, ()), day),
    )


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


#: Raised with what the sheets have besides the state: their columns, the answers that may be given there, notes on them.
_SHEETS = 2


def fingerprint(state: State, notes: Sequence[object]) -> str:
    """A hash of all that the register would show, but for the run's own number and time."""
    pictures = sorted((*cell, picture.sha256) for cell, picture in state.pictures.items())
    shown = json.dumps([VERSION, _SHEETS, repr(state.register), repr(notes), repr(state.mailing), pictures])
    return hashlib.sha256(shown.encode("utf-8", "backslashreplace")).hexdigest()
