"""A workspace while a command works in it: what every command that writes the register has in common.

The order makes a kill at any moment harmless. First the new register and its twins are written beside the old ones and
flushed, then one transaction records what happened and what is going to be written, then the files take their names,
the register last. A command killed before that leaves an older register whose run the ledger knows; the next one catches up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from harvest.edits.three_way import HandChanges
from harvest.edits.written_state import WrittenState
from harvest.ledger import Ledger, Run
from harvest.model import Problem, Severity
from harvest.register.cell_text import as_written
from harvest.state.editions import Editions, load_editions, require_form
from harvest.state.return_notes import return_notes
from harvest.state.state import State, fingerprint, layout_of, state_of
from harvest.version import VERSION
from harvest.workspace import forgotten_hashes
from harvest.workspace.lost_ledger import has_ledger, require_ledger
from harvest.workspace.register_on_disk import Desk, Draft
from harvest.workspace.rights import rights_of
from harvest.workspace.safe_replacement import Replacement as File
from spec.storage.atomic_files import sweep
from spec.storage.locks import only_run
from spec.storage.sent_forms import record_sent
from spec.words import Words, words
from spec.workspace import Workspace

#: Kind of the run that takes in what people did in the register; apart from the others, so that undoing a run
#: takes nothing back that people did.
HAND = "register"


def now() -> datetime:
    """The clock of all commands; tests hand over another."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Hand:
    """What people did in the register since it was written: how much of each kind, and what could not be taken over."""

    run: Run | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did that rewrites the register.

    Attributes:
        run: its number; None in a dry run.
        state: what the register shows now, or would show.
        file: what was written; None in a dry run.
    """

    run: int | None
    hand: Hand
    state: State
    file: File | None


@dataclass(frozen=True)
class Session:
    """An open workspace; `at` is when the command began."""

    workspace: Workspace
    ledger: Ledger
    editions: Editions
    words: Words
    desk: Desk
    at: datetime

    @property
    def after(self) -> int:
        """The number that the register carries: numbers of runs go on from there, whatever ledger lies here."""
        run = "" if self.desk.on_disk is None else self.desk.on_disk.run
        return int(run) if run.isdecimal() and len(run) < 16 else 0

    def take_by_hand(self, known: Callable[[], WrittenState], *, many_gone: bool = False) -> Hand:
        """Record what people did in the register, in a run of its own; no run where they did nothing new."""
        changes = self.desk.changes(layout_of(self.editions), known, many_gone=many_gone)
        with self.ledger.run(HAND, self.at, after=self.after) as run:
            counts = add_changes(run, changes, self.desk.base_run)
            run.discarded = not any(counts.values())
        return Hand(None if run.discarded else run, counts, (*self.desk.faults, *changes.faults))

    @staticmethod
    def written(state: State) -> WrittenState:
        """What the register of a state holds, whichever run wrote it."""
        return WrittenState.of(0, state.register, as_written=as_written)

    def known(self) -> WrittenState:
        """What is known of the entries where nobody knows what was written into the register."""
        return self.written(state_of(self.ledger, self.editions))

    def draft(self, run: Run, state: State) -> Draft:
        """Write the register beside the old one, and record that this run writes it.

        Raises:
            NothingDoneError: the disk is full or the folder can't be written.
        """
        notes = return_notes(state.returns, state.submissions, state.refusals, state.settled)
        draft = self.desk.prepare(run.id, run.at, state, notes)
        try:
            run.add_snapshot(draft.snapshot)
        except BaseException:
            draft.discard()
            raise
        return draft

    @staticmethod
    def shown(state: State) -> str:
        """The fingerprint of what the register of a state shows."""
        return fingerprint(
            state, return_notes(state.returns, state.submissions, state.refusals, state.settled)
        )


def set_aside(file: File | None) -> tuple[Problem, ...]:
    """A word on what people had written in rows that are gone; nothing where nothing was."""
    if file is None or not file.set_aside:
        return ()
    return (Problem("register-set-aside", Severity.NOTE, "", (("count", str(file.set_aside)),)),)


def add_changes(run: Run, changes: HandChanges, base: int | None) -> dict[str, int]:
    """Record what people did; how much of each kind was new."""
    return {
        "edited": run.add_edits(changes.edits, base),
        "added": run.add_hand_rows(changes.rows, base),
        "deleted": run.add_deletions(changes.deletions, base),
        "decided": run.add_decisions(changes.decisions, base),
    }


@contextmanager
def at_work(
    workspace: Workspace, clock: Callable[[], datetime] = now, *, dry_run: bool = False
) -> Iterator[Session]:
    """Open a workspace for a command that may write the register.

    Raises:
        NothingDoneError: another command works here, the register is open or read-only, the ledger is damaged, newer or
            gone, there is no form yet; then nothing was changed.
    """
    require_form(workspace)
    with only_run(workspace), rights_of(workspace):
        require_ledger(workspace)
        if not dry_run:
            record_sent(workspace)
            sweep(workspace.root, workspace.originals, workspace.backups)
        in_memory = dry_run and not has_ledger(workspace)
        with Ledger(None if in_memory else workspace.ledger, VERSION) as ledger:
            editions = load_editions(workspace, ledger.editions())
            language = words(editions.newest.form.language)
            desk = Desk.open(workspace, editions.newest.form, language, ledger)
            if not dry_run:
                forgotten_hashes.write(workspace, ledger)
            yield Session(workspace, ledger, editions, language, desk, clock())


def rewrite(
    session: Session,
    kind: str,
    act: Callable[[Run], None],
    *,
    note: str = "",
    dry_run: bool = False,
    polish: Callable[[Draft], None] | None = None,
) -> Done:
    """Take in what people did, then do `act` in a run of its own, then write the register that follows.

    `polish` may change the register that was drafted, before anything is committed.

    Raises:
        NothingDoneError: the disk is full, the register can't be written; nothing was changed.
        Whatever `act` raises; nothing was changed then either.
    """
    ledger, draft = session.ledger, None
    try:
        with ledger.together(dry_run=dry_run):
            hand = session.take_by_hand(session.known)
            with ledger.run(kind, session.at, note, after=session.after) as run:
                act(run)
                state = state_of(ledger, session.editions)
                draft = None if dry_run else session.draft(run, state)
                if draft is not None and polish is not None:
                    polish(draft)
    except BaseException:
        if draft is not None:
            draft.discard()
        raise
    if draft is None:
        return Done(None, hand, state, None)
    return Done(run.id, hand, state, session.desk.finish(draft))
