"""Returns that are older than `retention.years` taken out, with what rests on them alone; that it was done stays on record.

What the office itself wrote or decided keeps its entry as it is. Files that hold copies of everything (backups, side
files) go, since they hold the old returns' words, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from harvest.commands.register_change import RegisterChange
from harvest.privacy.removal import (
    Removal,
    delete,
    everything,
    files_of,
    merged_with_deleted,
    packed_with,
    take_out,
)
from harvest.privacy.search.mentions import copies
from harvest.register.redact import redact
from harvest.state.retention import Expired, expired
from harvest.state.state import state_of
from harvest.workspace import forgotten_hashes
from harvest.workspace.register_on_disk import Draft
from harvest.workspace.session import Session, at_work, now, rewrite
from spec.config import FILE, load_config
from spec.errors import EXIT_DONE, EXIT_NEEDS_PERSON, WrongInputError
from spec.words import Words
from spec.workspace import Workspace

KIND = "retention"


@dataclass(frozen=True, slots=True)
class Removed:
    """What went, or would.

    Attributes:
        due: the returns and what rests on them.
        files: originals, copies in the folder of returns, backups.
        left: archives and saved mails that hold other things, too; a person has to look.
        register: None where nothing was changed.
    """

    due: Expired
    files: tuple[Path, ...]
    left: tuple[Path, ...]
    register: RegisterChange | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is due."""
        return not (self.due.returns or self.files)

    @property
    def exit_code(self) -> int:
        """1 where something needs a person, else 0."""
        look = self.left or (self.register is not None and self.register.exit_code)
        return EXIT_NEEDS_PERSON if look else EXIT_DONE

    def as_json(self, words: Words) -> dict[str, Any]:
        """Keys: before, returns, alone, kept, files, left, register."""
        return {
            **self.due.as_json(),
            "returns": dict(self.due.returns),
            "files": [str(path) for path in self.files],
            "left": [str(path) for path in self.left],
            "register": None if self.register is None else self.register.as_json(words),
        }


def due_returns(workspace: Workspace, *, clock: Callable[[], datetime] = now) -> tuple[Removed, Words]:
    """What would go. Changes nothing.

    Raises:
        WrongInputError: formgen.toml has faults, or says nothing of how long returns are to be kept.
        NothingDoneError: the register is open, the ledger can't be read, ...
    """
    years = _years(workspace)
    with at_work(workspace, clock, dry_run=True) as session:
        return _planned(session, years), session.words


def remove_expired(workspace: Workspace, *, clock: Callable[[], datetime] = now) -> tuple[Removed, Words]:
    """Take it out for good. Afterwards nothing of it remains in the ledger's file.

    Raises:
        WrongInputError: formgen.toml has faults, or says nothing of how long returns are to be kept.
        NothingDoneError: the register is open, the disk is full, ...; nothing was changed.
    """
    years = _years(workspace)
    with at_work(workspace, clock) as session:
        plan = _planned(session, years)
        if plan.empty:
            return plan, session.words
        removal = Removal(plan.due.whole, plan.due.stay, plan.due.entries)
        count = str(len(plan.due.returns))

        def polish(draft: Draft) -> None:
            # rows that an entry left behind when it went
            redact(draft.path, removal.redact, removal.entries)

        done = rewrite(session, KIND, lambda run: take_out(session, run, removal), note=count, polish=polish)
        forgotten_hashes.write(workspace, session.ledger)
        held = delete((*plan.files, *copies(workspace)))
        session.ledger.vacuum()
        return replace(
            plan, left=(*plan.left, *held), register=RegisterChange.of(session, done)
        ), session.words


def _years(workspace: Workspace) -> int:
    years = load_config(workspace).retention.years
    if not years:
        raise WrongInputError(
            f"{FILE}, retention.years",
            "Nothing says how long returns are to be kept.",
            "Write years = 5, or another number, under [retention].",
        )
    return years


def _planned(session: Session, years: int) -> Removed:
    """What goes, once what people did in the register is taken in."""
    found: list[Removed] = []
    rewrite(session, KIND, lambda _run: found.append(_plan(session, years)), dry_run=True)
    return found[0]


def _plan(session: Session, years: int) -> Removed:
    workspace, ledger = session.workspace, session.ledger
    returns, said = everything(session)
    state = state_of(ledger, session.editions)
    register = replace(merged_with_deleted(session, said), deleted=state.register.deleted)
    gone = ledger.forgotten()
    due = expired(
        replace(state, returns=returns, submissions=said, register=register), gone, years, session.at
    )
    # What an earlier call had no time to delete is deleted now.
    files = tuple(files_of(workspace, {*due.returns, *gone}))
    packed = packed_with(session, returns, frozenset(due.returns))
    kept = tuple(copies(workspace)) if due.returns else ()
    return Removed(due, (*files, *packed.alone, *kept), packed.mixed)
