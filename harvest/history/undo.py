"""A run taken out of account, or taken into account again. Nothing is deleted: the ledger marks the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from harvest.commands.register_change import RegisterChange
from harvest.history.runs import run_as_json
from harvest.ledger import Run, RunRecord, UnknownRunError
from harvest.workspace.session import Session, at_work, now, rewrite
from spec.console.said import said
from spec.words import Words
from spec.workspace import Workspace

UNDO, REDO = "undo", "redo"


@dataclass(frozen=True, slots=True)
class Undone:
    """What was done (`undo` or `redo`), to which run, and the register that followed."""

    what: str
    target: RunRecord
    register: RegisterChange

    @property
    def exit_code(self) -> int:
        """1 where something needs a person, else 0."""
        return self.register.exit_code

    def as_json(self, words: Words) -> dict[str, Any]:
        """Keys: what, target, and those of `RegisterChange`."""
        return {"what": self.what, "target": run_as_json(self.target), **self.register.as_json(words)}


def undo(
    workspace: Workspace,
    number: int | None = None,
    *,
    dry_run: bool = False,
    clock: Callable[[], datetime] = now,
) -> tuple[Undone, Words]:
    """Take a run out of account; default: the newest that counts.

    What people did in the register since it was written is taken in first and stays.

    Raises:
        UnknownRunError: there is no such run, it is undone already, or it is itself an undo.
        NothingDoneError: the register is open, the disk is full, ...; nothing was changed.
    """
    return _mark(workspace, number, UNDO, dry_run=dry_run, clock=clock)


def redo(
    workspace: Workspace,
    number: int | None = None,
    *,
    dry_run: bool = False,
    clock: Callable[[], datetime] = now,
) -> tuple[Undone, Words]:
    """Take an undone run into account again; default: the one that was undone last.

    Raises:
        UnknownRunError: there is no such run, or it is not undone.
        NothingDoneError: the register is open, the disk is full, ...; nothing was changed.
    """
    return _mark(workspace, number, REDO, dry_run=dry_run, clock=clock)


def _mark(
    workspace: Workspace, number: int | None, what: str, *, dry_run: bool, clock: Callable[[], datetime]
) -> tuple[Undone, Words]:
    with at_work(workspace, clock, dry_run=dry_run) as session:
        target = _target(session, number, what)

        def act(run: Run) -> None:
            (run.undo if what == UNDO else run.redo)(target.id)

        done = rewrite(session, what, act, note=str(target.id), dry_run=dry_run)
        target = replace(target, active=True)  # told as it was, or is again
        return Undone(what, target, RegisterChange.of(session, done)), session.words


def _target(session: Session, number: int | None, what: str) -> RunRecord:
    ledger = session.ledger
    if number is None:
        found = ledger.last_to_undo() if what == UNDO else ledger.last_undone()
        if found is None:
            raise UnknownRunError(
                f"harvest {what}",
                "There is no run to undo." if what == UNDO else "There is no run to redo.",
                "`harvest runs` lists them.",
            )
        return found
    named = next((run for run in ledger.runs() if run.id == number), None)
    if named is None:
        raise UnknownRunError(
            said("run {number}", number=number), "There is no such run.", "`harvest runs` lists them."
        )
    return named
