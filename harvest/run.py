"""The one orchestrator: sources -> ledger -> register. It decides the order of steps, nothing else.

The order makes a kill at any moment harmless: originals first (each whole or absent), then one transaction that
records the run together with what it is going to write, then the register, which carries its run's number. A run
killed before the last step leaves an older register whose run the ledger knows; the next run catches up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from harvest.desk import Desk, Draft
from harvest.editions import Editions, load_editions
from harvest.ledger import Ledger, Run, StoredDocument
from harvest.locking import only_run
from harvest.merge.threeway import HandChanges
from harvest.model import Document, Problem, Reading, Severity
from harvest.notes import return_notes
from harvest.originals import keep
from harvest.progress import Progress, silent
from harvest.read.isolate import read_all
from harvest.results import Fate, Outcome, RunResult
from harvest.sources import Refused, documents
from harvest.state import State, fingerprint, layout_of, state_of
from harvest.status import by_status, to_do
from harvest.version import VERSION
from spec.words import Words, words
from spec.workspace import Workspace


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked to do; without sources it takes the workspace's folder of returns."""

    workspace: Workspace
    sources: tuple[Path, ...] = ()
    dry_run: bool = False
    passwords: tuple[str, ...] = ()
    clock: Callable[[], datetime] = field(default=_now)


def harvest_returns(request: Request, progress: Progress = silent) -> tuple[RunResult, Words]:
    """Take in what came, merge it, write the register; also the words in which to speak of it.

    Raises:
        NothingDoneError: another run works here, the register is open or read-only, the disk is full, there is no
            form yet; then nothing was changed.
    """
    if request.dry_run and not request.workspace.root.exists():
        return _harvest(request, progress)
    with only_run(request.workspace):
        return _harvest(request, progress)


def _harvest(request: Request, progress: Progress) -> tuple[RunResult, Words]:
    workspace = request.workspace
    in_memory = request.dry_run and not workspace.ledger.exists()
    with Ledger(None if in_memory else workspace.ledger, VERSION) as ledger:
        editions = load_editions(workspace, ledger.editions())
        language = words(editions.newest.form.language)
        desk = Desk.open(workspace, editions.newest.form, language, ledger)
        taken = _take_in(request, ledger, editions, progress)
        if not request.dry_run:
            for document, _ in taken.fresh:
                keep(document, workspace.originals)
        draft, result = _record(request, ledger, editions, desk, taken)
    if draft is None:
        return result, language
    written = desk.finish(draft)
    side = written.path if written.blocked else None
    return replace(result, side_file=side, backup=written.backup), language


# ---------------------------------------------------------------- what came in


@dataclass(frozen=True, slots=True)
class _Taken:
    """What the sources gave: new documents with their readings, others seen again, and what was refused."""

    fresh: tuple[tuple[Document, Reading], ...]
    again: tuple[Document, ...]
    refused: tuple[Refused, ...]
    outcomes: tuple[Outcome, ...]


def _sources(request: Request) -> tuple[Path, ...]:
    if request.sources:
        return request.sources
    return (request.workspace.returns,) if request.workspace.returns.exists() else ()


def _take_in(request: Request, ledger: Ledger, editions: Editions, progress: Progress) -> _Taken:
    known = {one.sha256: one for one in ledger.documents()}
    fresh: dict[str, Document] = {}
    again: list[Document] = []
    refused: list[Refused] = []
    for found in progress(documents(_sources(request), passwords=request.passwords), "Eingang", None):
        if isinstance(found, Refused):
            refused.append(found)
        elif found.sha256 in known or found.sha256 in fresh:
            again.append(found)
        else:
            fresh[found.sha256] = found
    readings = tuple(
        progress(
            read_all(fresh.values(), editions.by_id, request.passwords),
            "PDF",
            len(fresh),
        )
    )
    return _Taken(readings, tuple(again), tuple(refused), tuple(_outcomes(readings, again, refused, known)))


def _outcomes(
    readings: Sequence[tuple[Document, Reading]],
    again: Sequence[Document],
    refused: Sequence[Refused],
    known: dict[str, StoredDocument],
) -> Iterator[Outcome]:
    for document, reading in readings:
        yield Outcome(document.provenance.path, document.sha256, fate_of(reading), reading.problems)
    for document in again:
        before = known.get(document.sha256)
        undone = before is not None and not before.active
        # what was wrong with it was said when it came; it is not said again
        yield Outcome(document.provenance.path, document.sha256, Fate.UNDONE if undone else Fate.KNOWN)
    for one in refused:
        yield Outcome(one.provenance.path, one.sha256, Fate.REFUSED, (one.problem,))


def fate_of(reading: Reading) -> Fate:
    """Whether anything of ours could be read."""
    if reading.found or reading.fields:
        return Fate.NEW
    lost = any(problem.severity is Severity.LOST for problem in reading.problems)
    return Fate.UNREADABLE if lost else Fate.NEW


# ---------------------------------------------------------------- what is recorded and written


def _record(
    request: Request, ledger: Ledger, editions: Editions, desk: Desk, taken: _Taken
) -> tuple[Draft | None, RunResult]:
    """One transaction: the run with all that it adds, and what it is going to write.

    A run that has nothing to add and nothing to write is rolled back like a dry run: it leaves no trace.
    """
    draft: Draft | None = None
    try:
        with ledger.run("harvest", request.clock(), dry_run=request.dry_run) as run:
            _add(run, editions, taken)
            state = state_of(ledger, editions)
            changes = desk.changes(layout_of(editions), state.register)
            hand = _add_by_hand(run, changes, desk.base_run)
            if any(hand.values()):
                state = state_of(ledger, editions)
            notes = return_notes(state.returns, state.submissions)
            if not taken.fresh and not any(hand.values()) and desk.is_current(fingerprint(state, notes)):
                run.discarded = True
            elif not request.dry_run:
                draft = desk.prepare(run.id, run.at, state, notes)
                run.add_snapshot(draft.snapshot)
    except BaseException:
        if draft is not None:
            draft.discard()
        raise
    number = None if request.dry_run or run.discarded else run.id
    return draft, _result(
        request, taken, state, (*desk.faults, *changes.faults), hand, run=number, changed=not run.discarded
    )


def _add(run: Run, editions: Editions, taken: _Taken) -> None:
    for edition in editions.by_id.values():
        run.add_edition(edition.edition, edition.to_json())
    for document, reading in taken.fresh:
        run.add_document(document, reading, fate_of(reading).value)
    for document in taken.again:
        run.add_sighting(document.sha256, document.provenance)
    for one in taken.refused:
        run.add_problem(one.provenance.path, one.problem)


def _add_by_hand(run: Run, changes: HandChanges, base: int | None) -> dict[str, int]:
    return {
        "edited": run.add_edits(changes.edits, base),
        "added": run.add_hand_rows(changes.rows, base),
        "deleted": run.add_deletions(changes.deletions, base),
        "decided": run.add_decisions(changes.decisions, base),
    }


def _result(
    request: Request,
    taken: _Taken,
    state: State,
    faults: tuple[Problem, ...],
    hand: dict[str, int],
    *,
    run: int | None,
    changed: bool,
) -> RunResult:
    return RunResult(
        run=run,
        dry_run=request.dry_run,
        outcomes=taken.outcomes,
        entries=by_status(state.register),
        to_do={**to_do(state), "register": sum(one.severity is not Severity.NOTE for one in faults)},
        register=request.workspace.register,
        changed=changed,
        hand=hand,
        faults=faults,
    )
