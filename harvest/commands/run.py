"""The one orchestrator: sources -> ledger -> register. It decides the order of steps, nothing else (see `session`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from harvest.ledger import Ledger, Run
from harvest.model import Severity
from harvest.progress import Progress, silent
from harvest.reading.version import READER_VERSION
from harvest.results import RunResult
from harvest.sources.mailbox.imap import Account
from harvest.state.retention import expired
from harvest.state.state import State, state_of
from harvest.summary import Summary, keep, kept, key_of
from harvest.workspace.default_sources import usual_sources
from harvest.workspace.intake import Intake, Sources, Taken
from harvest.workspace.register_on_disk import Draft
from harvest.workspace.rereading import Again, forget_progress, read_again
from harvest.workspace.session import Hand, Session, at_work, now, set_aside
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
        recorded = _record(request, session, _known(session, years), progress)
        result = _result(request, recorded)
        if recorded.state is not None:
            due = expired(recorded.state, session.ledger.forgotten(), years, session.at)
            result = replace(result, expired=len(due.returns))
        if recorded.draft is not None:
            written = session.desk.finish(recorded.draft)
            side = written.path if written.blocked else None
            faults = (*result.faults, *set_aside(written))
            result = replace(result, side_file=side, backup=written.backup, faults=faults)
        if recorded.lasting:
            keep(request.workspace, key_of(session.ledger, session.editions), recorded.summary)
        if recorded.again.result is not None and not request.dry_run:
            forget_progress(session)
        return result, session.words


def _known(session: Session, years: int) -> Summary | None:
    """What an earlier run left of just what lies here now, as far as it tells all that a run has to."""
    found = kept(session.workspace, key_of(session.ledger, session.editions))
    return found if found is not None and found.none_expired(years, session.at) is not None else None


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What stands in the ledger now, and what is going to be written.

    Attributes:
        summary: of what the register shows.
        state: None where nothing happened since the summary was left.
        lasting: whether the summary was counted just now, and holds for what the ledger will be.
        writer: None where nothing is written.
    """

    taken: Taken
    again: Again
    hand: Hand
    summary: Summary
    state: State | None
    lasting: bool
    writer: Run | None
    draft: Draft | None


def _record(request: Request, session: Session, known: Summary | None, progress: Progress) -> _Recorded:
    """One transaction: the runs with all that they add, and what they are going to write.

    A run that has nothing to add and nothing to write is rolled back like a dry run: it leaves no trace.
    """
    ledger, draft = session.ledger, None
    stranger = session.desk.stranger
    hand, again = Hand(), Again()
    try:
        with ledger.together(dry_run=request.dry_run) as whole:
            if not stranger:
                hand = session.take_by_hand(session.known, many_gone=request.rows_gone)
            with ledger.run(KIND, session.at, after=session.after) as run:
                intake = Intake(session, run, _sources(request), dry_run=request.dry_run)
                taken = intake.take(progress)
                news = _news(session, run, taken, hand, known)
                run.discarded = news.none
            # the last one, so that it is the first to be undone
            again = read_again(session, request.passwords, progress, dry_run=request.dry_run)
            state = state_of(ledger, session.editions) if again.run else news.state
            if stranger and state is not None:
                # The returns first: what they say must not be taken for typed by hand.
                held = session.written(state)
                hand = session.take_by_hand(lambda: held)
                state = state_of(ledger, session.editions)
            writer = hand.run if run.discarded or (stranger and hand.run) else run
            writer = writer if again.run is None or (stranger and hand.run) else again.run
            whole.discarded = writer is None
            if state is not None and writer is not None and not request.dry_run:
                draft = session.draft(writer, state)
                _remember(ledger, intake, again)
        if writer is None and not request.dry_run:
            _remember(ledger, intake, again)
    except BaseException:
        if draft is not None:
            draft.discard()
        raise
    if state is None:
        assert known is not None  # that is why the state was not needed
        return _Recorded(taken, again, hand, known, None, lasting=False, writer=None, draft=None)
    shown = news.shown if draft is None else draft.snapshot["fingerprint"]
    trace = run.trace if run.discarded else ""
    summary = Summary.of(state, session.at, shown, trace or "")
    lasting = trace is not None and not request.dry_run
    return _Recorded(taken, again, hand, summary, state, lasting, writer, draft)


@dataclass(frozen=True, slots=True)
class _News:
    """Whether a run brought any.

    Attributes:
        none: the register shows all of it already.
        state: what the ledger stands for with this run; None where an earlier run has counted the same.
        shown: its fingerprint; empty where it was not asked for.
    """

    none: bool
    state: State | None
    shown: str = ""


def _remember(ledger: Ledger, intake: Intake, again: Again) -> None:
    """What belongs to no run: mails and originals that need not be read once more."""
    if intake.mails.fresh:
        ledger.remember_mails(intake.mails.fresh)
    if again.outcomes:
        ledger.remember_rereads(READER_VERSION, again.outcomes)


def _news(session: Session, run: Run, taken: Taken, hand: Hand, known: Summary | None) -> _News:
    idle = not session.desk.stranger and not taken.fresh and not any(one.problems for one in taken.refused)
    settled = idle and hand.run is None and not _broken(hand)
    same = known is not None and known.added == run.trace
    if known is not None and same and settled and session.desk.is_current(known.shown):
        return _News(none=True, state=None, shown=known.shown)
    state = state_of(session.ledger, session.editions)
    if not settled:
        return _News(none=idle and hand.run is not None and run.added == 0, state=state)
    shown = session.shown(state)
    return _News(none=session.desk.is_current(shown), state=state, shown=shown)


#: What is wrong with a register that says nothing new, and is put right by writing it again.
_MENDED = frozenset(
    f"register-{what}"
    for what in (
        "category-changed", "column-emptied", "formula-blind", "id-doubled", "id-erased", "many-rows-gone", "merged",
        "row-gone-but-edited", "row-gone-elsewhere", "row-repeated",
    )
)  # fmt: skip


def _broken(hand: Hand) -> bool:
    return any(fault.code in _MENDED for fault in hand.faults)


def _sources(request: Request) -> Sources:
    paths = request.sources or usual_sources(request.workspace)
    return Sources(paths, request.root, request.mailbox, request.passwords)


def _result(request: Request, recorded: _Recorded) -> RunResult:
    summary, faults = recorded.summary, recorded.hand.faults
    waiting = dict(summary.to_do)
    waiting["documents"] += recorded.taken.passing
    waiting["register"] = sum(one.severity is not Severity.NOTE for one in faults)
    return RunResult(
        run=None if request.dry_run or recorded.writer is None else recorded.writer.id,
        dry_run=request.dry_run,
        outcomes=recorded.taken.outcomes,
        entries=summary.entries,
        to_do=waiting,
        register=request.workspace.register,
        changed=recorded.writer is not None,
        hand=recorded.hand.counts,
        faults=faults,
        reread=recorded.again.result,
        empty=() if recorded.taken.outcomes or request.mailbox else _looked_into(request),
    )


def _looked_into(request: Request) -> tuple[Path, ...]:
    return tuple(request.sources or usual_sources(request.workspace) or (request.workspace.returns,))
