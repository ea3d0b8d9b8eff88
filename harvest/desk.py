"""The register's file as a run meets it: read once, compared with what was last written, replaced at the end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from harvest.answers_file import answers_file
from harvest.atomic import cannot_write, write_text
from harvest.ledger import Ledger
from harvest.merge import Layout
from harvest.merge.threeway import NO, HandChanges, compare
from harvest.merge.written import Written
from harvest.model import EPOCH, OnDisk, Problem, Register
from harvest.register import files
from harvest.register.export import export_json
from harvest.register.read import read_register
from harvest.register.update import update
from harvest.register.view import ReturnNote, RunNote, build_view
from harvest.register.workbook import write_new
from harvest.state import State, fingerprint
from harvest.version import VERSION
from spec.model import Form
from spec.words import Words
from spec.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Draft:
    """A register that is written but not yet in its place, and what the ledger keeps of it."""

    path: Path
    snapshot: dict[str, Any]
    json: str
    answers: str
    at: datetime

    def discard(self) -> None:
        """Remove the draft; nothing happens where it is gone already."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Desk:
    """The register of a workspace during one run. `read_at` is when the file was last changed."""

    workspace: Workspace
    form: Form
    words: Words
    ledger: Ledger
    on_disk: OnDisk | None
    read_at: datetime

    @classmethod
    def open(cls, workspace: Workspace, form: Form, words: Words, ledger: Ledger) -> Desk:
        """Read the register, if there is one.

        Raises:
            NothingDoneError: it is open elsewhere, write-protected, or not this form's register.
        """
        path = workspace.register
        files.require_free(path)
        if not path.exists():
            return cls(workspace, form, words, ledger, None, EPOCH)
        changed = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        return cls(workspace, form, words, ledger, read_register(path, form, words), changed)

    # ------------------------------------------------------------ what people did

    @cached_property
    def base(self) -> dict[str, Any] | None:
        """What the run wrote that the register says it is from; where it says nothing, what was written last."""
        if self.on_disk is None:
            return None
        if self.on_disk.run.isdecimal():
            return self.ledger.snapshot(int(self.on_disk.run))
        last = self.ledger.last_snapshot()
        return None if last is None else last[1]

    @property
    def base_run(self) -> int | None:
        """The number of that run; the same change read again from the same register counts once."""
        return None if self.base is None else int(self.base["run"])

    def changes(self, layout: Layout, known: Register) -> HandChanges:
        """What people did in the register since it was written.

        Args:
            layout: order of categories and columns.
            known: the register as the ledger stands. It is what a register is compared with whose run the ledger
                does not know (a ledger that was rebuilt, a register from a backup): nothing in it may be lost.
        """
        if self.on_disk is None:
            return HandChanges()
        written = Written.of(0, known) if self.base is None else Written.from_json(self.base)
        no = NO | {self.words("register.say.no").casefold()}
        return compare(written, self.on_disk, layout, self.read_at, no=no)

    @property
    def faults(self) -> tuple[Problem, ...]:
        """What could not be taken as it stands in the register: formulas, unknown choices."""
        return () if self.on_disk is None else self.on_disk.faults

    # ------------------------------------------------------------ what is written

    def is_current(self, shown: str) -> bool:
        """Whether the register that lies there shows what `shown` is the fingerprint of."""
        written = self.base is not None and self.base.get("fingerprint") == shown
        return written and self.workspace.answers.exists()

    def prepare(self, run: int, at: datetime, state: State, notes: Sequence[ReturnNote]) -> Draft:
        """Write the new register beside the old one, so that a full disk is noticed before anything is recorded.

        Raises:
            NothingDoneError: the disk is full or the folder can't be written.
        """
        view = build_view(
            state.register,
            self.form,
            self.words,
            run=RunNote(str(run), at, VERSION),
            returns=notes,
            zone=at.astimezone().tzinfo or UTC,
        )
        path = self.workspace.register
        draft = path.with_name(f".{path.stem}.{uuid.uuid4().hex[:12]}.tmp")
        try:
            draft.parent.mkdir(parents=True, exist_ok=True)
            if self.on_disk is None:
                write_new(view, draft)
            else:
                update(view, path, draft)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise cannot_write(path, error) from error
        snapshot = {
            **Written.of(run, state.register).as_json(),
            "fingerprint": fingerprint(state, notes),
        }
        answers = answers_file(state, run, at, self.words).to_json()
        return Draft(draft, snapshot, export_json(state.register, self.form), answers, at)

    def finish(self, draft: Draft) -> files.Written:
        """Put the draft in the register's place, or beside it where that is not possible any more."""
        written = files.replace_register(
            self.workspace.register,
            lambda place: _move(draft.path, place),
            read_as=None if self.on_disk is None else self.on_disk.sha256,
            backups=self.workspace.backups,
            now=draft.at.astimezone(),
        )
        write_text(self.workspace.register_json, draft.json)
        write_text(self.workspace.answers, draft.answers)
        return written


def _move(draft: Path, place: Path) -> None:
    draft.replace(place)
