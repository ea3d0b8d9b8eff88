"""The one orchestrator: sources -> ledger -> register. It decides the order of steps, nothing else (see `session`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from harvest.ledger import Run
from harvest.model import Severity
from harvest.privacy.retention import expired
from harvest.progress import Progress, silent
from harvest.results import RunResult
from harvest.sources.imap import Account
from harvest.status import by_status, to_do
from harvest.workspace.desk import Draft
from harvest.workspace.intake import Intake, Sources, Taken
from harvest.workspace.session import Hand, Session, at_work, now
from harvest.workspace.state import State, state_of
from harvest.workspace.where import usual_sources
from spec.config import load_config
from spec.words import Words
from spec.workspace import Workspace

KIND = "harvest"


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked to do; without sources it takes the workspace's folder of returns.

    Attributes:
        root: what ways are told relative to.
        mailbox: read besides.
        rows_gone: a person has confirmed that the many rows missing from the register were deleted.
    """

    workspace: Workspace
    sources: tuple[Path, ...] = ()
    dry_run: bool = False
    passwords: tuple[str, ...] = ()
    root: Path | None = None
    mailbox: Account | None = None
    rows_gone: bool = False
    clock: Callable[[], datetime] = field(default=now)


def harvest_returns(request: Request, progress: Progress = silent) -> tuple[RunResult, Words]:
    """Take in what came, merge it, write the register; also the words in which to speak of it.

    Raises:
        WrongInputError: formgen.toml has faults.
        NothingDoneError: another run works here, the register is open or read-only, the disk is full, there is no
            form yet; then nothing was changed.
    """
    years = load_config(request.workspace).retention.years
    with at_work(request.workspace, request.clock, dry_run=request.dry_run) as session:
        recorded = _record(request, session, progress)
        due = expired(recorded.state, session.ledger.forgotten(), years, session.at)
        result = replace(_result(request, recorded), expired=len(due.returns))
        if recorded.draft is None:
            return result, session.words
        written = session.desk.finish(recorded.draft)
        side = written.path if written.blocked else None
        return replace(result, side_file=side, backup=written.backup), session.words


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What stands in the ledger now, and what is going to be written; `writer` is None where nothing is."""

    taken: Taken
    hand: Hand
    state: State
    writer: Run | None
    draft: Draft | None


def _record(request: Request, session: Session, progress: Progress) -> _Recorded:
    """One transaction: the runs with all that they add, and what they are going to write.

    A run that has nothing to add and nothing to write is rolled back like a dry run: it leaves no trace.
    """
    ledger, draft = session.ledger, None
    stranger = session.desk.stranger
    hand = Hand()
    try:
        with ledger.together(dry_run=request.dry_run) as whole:
            if not stranger:
                hand = session.take_by_hand(session.known, many_gone=request.rows_gone)
            with ledger.run(KIND, session.at, after=session.after) as run:
                intake = Intake(session, run, _sources(request), dry_run=request.dry_run)
                taken = intake.take(progress)
                state = state_of(ledger, session.editions)
                idle = not taken.fresh and not any(one.problems for one in taken.refused)
                run.discarded = (
                    idle
                    and not stranger
                    and (run.added == 0 if hand.run else not _broken(hand) and session.is_current(state))
                )
            if stranger:
                # The returns first: what they say must not be taken for typed by hand.
                shown = session.written(state)
                hand = session.take_by_hand(lambda: shown)
                state = state_of(ledger, session.editions)
            writer = hand.run if run.discarded or (stranger and hand.run) else run
            whole.discarded = writer is None
            if writer is not None and not request.dry_run:
                draft = session.draft(writer, state)
                ledger.remember_mails(intake.mails.fresh)
        if writer is None and not request.dry_run and intake.mails.fresh:
            ledger.remember_mails(intake.mails.fresh)
    except BaseException:
        if draft is not None:
            draft.discard()
        raise
    return _Recorded(taken, hand, state, writer, draft)


#: What is wrong with a register that says nothing new, and is put right by writing it again.
_MENDED = frozenset(
    f"register-{what}"
    for what in (
        "category-changed", "column-missing", "formula-blind", "id-doubled", "id-erased", "many-rows-gone", "row-gone-but-edited",
        "row-gone-elsewhere",
    )
)  # fmt: skip


def _broken(hand: Hand) -> bool:
    return any(fault.code in _MENDED for fault in hand.faults)


def _sources(request: Request) -> Sources:
    paths = request.sources or usual_sources(request.workspace)
    return Sources(paths, request.root, request.mailbox, request.passwords)


def _result(request: Request, recorded: _Recorded) -> RunResult:
    state, faults = recorded.state, recorded.hand.faults
    waiting = to_do(state)
    waiting["documents"] += recorded.taken.passing
    waiting["register"] = sum(one.severity is not Severity.NOTE for one in faults)
    return RunResult(
        run=None if request.dry_run or recorded.writer is None else recorded.writer.id,
        dry_run=request.dry_run,
        outcomes=recorded.taken.outcomes,
        entries=by_status(state.register),
        to_do=waiting,
        register=request.workspace.register,
        changed=recorded.writer is not None,
        hand=recorded.hand.counts,
        faults=faults,
    )
