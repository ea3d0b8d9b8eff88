"""The register's file as a run meets it: read once, compared with what was last written, replaced at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from harvest.edits.three_way import NO, HandChanges, answered, compare
from harvest.edits.written_state import WrittenState
from harvest.ledger import Ledger
from harvest.merge import Layout
from harvest.model import EPOCH, OnDisk, Problem, Register
from harvest.model.times import moment_of
from harvest.register.cell_text import as_written
from harvest.register.export import export_json
from harvest.register.readback.register_reader import read_register
from harvest.register.sheet_model import RegisterView
from harvest.register.update.register_update import update
from harvest.register.view.register_view import ReturnNote, RunNote, build_view
from harvest.register.workbook.workbook_writer import write_new
from harvest.report.answers import answers_file
from harvest.report.page import render
from harvest.state.state import State, fingerprint
from harvest.version import VERSION
from harvest.workspace import safe_replacement
from harvest.workspace.problem_places import named
from harvest.workspace.stray_copies import beside
from spec.form.model import Form
from spec.storage.atomic_files import cannot_write, flush, take_name, unfinished
from spec.words import Words
from spec.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Draft:
    """A register that is written and on the disk, but not yet in its place, and what the ledger keeps of it.

    Attributes:
        twins: the files beside the register: draft -> place.
        copy: a copy of the register that will be replaced.
        set_aside: texts of people's own that are on a sheet of their own now.
    """

    path: Path
    twins: Mapping[Path, Path]
    copy: Path | None
    snapshot: dict[str, Any]
    at: datetime
    set_aside: int = 0

    def discard(self) -> None:
        """Remove what is not in its place yet."""
        for path in (self.path, *self.twins, *([self.copy] if self.copy else [])):
            with suppress(OSError):
                path.unlink(missing_ok=True)


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
        safe_replacement.require_free(path)
        if not path.exists():
            return cls(workspace, form, words, ledger, None, EPOCH)
        changed = moment_of(path.stat().st_mtime) or EPOCH  # hand edits are later than what they were made in
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

    @property
    def stranger(self) -> bool:
        """Whether there is a register of which the ledger does not know what was written into it."""
        return self.on_disk is not None and self.base is None

    def changes(
        self, layout: Layout, known: Callable[[], WrittenState], *, many_gone: bool = False
    ) -> HandChanges:
        """What people did in the register since it was written.

        Args:
            layout: order of categories and columns.
            known: what a register is compared with whose run the ledger does not know (a ledger from a backup):
                nothing in it may be lost, and nothing is concluded from rows that it lacks.
            many_gone: take even most rows for deleted; a person has confirmed it.
        """
        if self.on_disk is None:
            return HandChanges()
        if self.base is None:
            return replace(self.changes_since(known(), layout), deletions=())
        return self.changes_since(WrittenState.from_json(self.base), layout, many_gone=many_gone)

    def changes_since(self, written: WrittenState, layout: Layout, *, many_gone: bool = False) -> HandChanges:
        """What people did in the register since `written` was written into it."""
        if self.on_disk is None:
            return HandChanges()
        found = compare(written, self.on_disk, layout, self.read_at, many_gone=many_gone, no=self._no)
        return replace(found, faults=named(found.faults, self.form, self.words))

    @property
    def _no(self) -> frozenset[str]:
        return NO | {self.words("register.say.no").casefold()}

    def _written(self, run: int, at: datetime, register: Register) -> WrittenState:
        """What a run writes, and what people wrote that stays."""
        shown = WrittenState.of(run, register, at, as_written=as_written)
        if self.on_disk is None:
            return shown
        base = shown if self.base is None else WrittenState.from_json(self.base)
        said = answered(base, self.on_disk, self._no)
        found: dict[str, frozenset[tuple[str, str]]] = {}
        for one, texts in said.items():
            entry = shown.aliases.get(one, one)
            found[entry] = found.get(entry, frozenset()) | texts
        return replace(shown, answered=found)

    @property
    def faults(self) -> tuple[Problem, ...]:
        """What could not be taken as it stands in the register: formulas, unknown choices; and copies beside it."""
        return (*beside(self.workspace.register), *(() if self.on_disk is None else self.on_disk.faults))

    # ------------------------------------------------------------ what is written

    def is_current(self, shown: str) -> bool:
        """Whether the register that lies there shows what `shown` is the fingerprint of."""
        written = self.base is not None and self.base.get("fingerprint") == shown
        twins = (self.workspace.register_json, self.workspace.answers, self.workspace.report)
        return written and all(path.exists() for path in twins)

    def prepare(self, run: int, at: datetime, state: State, notes: Sequence[ReturnNote]) -> Draft:
        """Write the new register beside the old one, so that a full disk is noticed before anything is recorded.

        Raises:
            NothingDoneError: the disk is full or the folder can't be written.
        """
        note, zone = RunNote(str(run), at, VERSION), at.astimezone().tzinfo or UTC
        shown = state.register
        view = build_view(
            shown, self.form, self.words, run=note, returns=notes, zone=zone, mailing=state.mailing,
            pictures=state.pictures,
        )  # fmt: skip
        made: list[Path] = []
        try:
            draft, set_aside = self._workbook(view, made)
            copy = (
                None
                if self.on_disk is None
                else safe_replacement.copied(self.workspace.register, self.workspace.backups)
            )
            made += [copy] if copy else []
            answers = answers_file(state, run, at, self.words).to_json()
            report = render(
                shown, self.form, self.words, run=note, returns=notes, zone=zone, mailing=state.mailing,
                pictures=state.pictures,
            )  # fmt: skip
            twins = {
                _drafted(place, text, made): place
                for place, text in (
                    (self.workspace.register_json, export_json(state.register, self.form)),
                    (self.workspace.answers, answers),
                    (self.workspace.report, report),
                )
            }
        except BaseException as error:
            for one in made:
                one.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise cannot_write(self.workspace.register, error) from error
            raise
        snapshot = {
            **self._written(run, at, state.register).as_json(),
            "fingerprint": fingerprint(state, notes),
        }
        return Draft(draft, twins, copy, snapshot, at, set_aside)

    def _workbook(self, view: RegisterView, made: list[Path]) -> tuple[Path, int]:
        """The new workbook, and how many texts went to a sheet of their own."""
        path = self.workspace.register
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = unfinished(path)
        made.append(draft)
        set_aside = 0
        if self.on_disk is None:
            write_new(view, draft)
        else:
            set_aside = update(view, path, draft).set_aside
        flush(draft)
        return draft, set_aside

    def finish(self, draft: Draft) -> safe_replacement.Replacement:
        """Put the draft in the register's place, or beside it where that is not possible any more.

        The register comes last: as long as it is the old one, the next run knows that there is work left.

        Raises:
            NothingDoneError: a file can't be put in its place; the next run does it.
        """
        try:
            for twin, place in draft.twins.items():
                take_name(twin, place)
            written = safe_replacement.replace_register(
                self.workspace.register,
                lambda place: take_name(draft.path, place),
                read_as=None if self.on_disk is None else self.on_disk.sha256,
                backups=self.workspace.backups,
                now=draft.at.astimezone(),
                copy=draft.copy,
            )
            return replace(written, set_aside=draft.set_aside)
        except OSError as error:
            raise cannot_write(self.workspace.register, error) from error
        finally:
            draft.discard()


def _drafted(place: Path, text: str, made: list[Path]) -> Path:
    draft = unfinished(place)
    made.append(draft)
    draft.write_text(text, encoding="utf-8", newline="\n")
    flush(draft)
    return draft
