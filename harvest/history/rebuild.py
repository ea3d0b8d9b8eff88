"""A new ledger where the old one is lost or damaged: from the originals, the returns, the register and its twin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from harvest.commands.register_change import RegisterChange
from harvest.edits.three_way import HandChanges
from harvest.edits.written_state import WrittenState
from harvest.history.inferred import Twin, cells, lost_nils, structure, typed
from harvest.ledger import HandEvents, Ledger, LedgerDamagedError, Salvaged, salvage
from harvest.model import Document, Problem, Provenance, Severity
from harvest.model.times import moment_of
from harvest.progress import Progress, silent
from harvest.sources import Found
from harvest.state.editions import load_editions, require_form
from harvest.state.state import INSIDE, State, layout_of, state_of
from harvest.version import VERSION
from harvest.workspace import forgotten_hashes, originals
from harvest.workspace.default_sources import usual_sources
from harvest.workspace.intake import Intake, Sources
from harvest.workspace.lost_ledger import has_ledger
from harvest.workspace.register_on_disk import Desk
from harvest.workspace.rights import rights_of
from harvest.workspace.session import HAND, Done, Hand, Session, add_changes, now
from spec.console.said import refusal, said
from spec.errors import NothingDoneError, WrongInputError
from spec.storage.atomic_files import sweep, take_name, unfinished
from spec.storage.locks import only_run
from spec.words import Words, words
from spec.workspace import Workspace

KIND = "rebuild"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a new ledger was made from.

    Attributes:
        aside: where the old one lies now; None where there was none.
        documents: how many were read.
        salvaged: what people had done, taken from the old ledger.
        found: what people had done, told from the register and its twin, by kind.
    """

    aside: Path | None
    documents: int
    salvaged: int
    found: Mapping[str, int]
    register: RegisterChange

    @property
    def exit_code(self) -> int:
        """1 where something needs a person, else 0."""
        return self.register.exit_code

    def as_json(self, words: Words) -> dict[str, Any]:
        """Keys: aside, documents, salvaged, found, and those of `RegisterChange`."""
        return {
            "aside": None if self.aside is None else str(self.aside),
            "documents": self.documents,
            "salvaged": self.salvaged,
            "found": dict(self.found),
            **self.register.as_json(words),
        }


def rebuild(
    workspace: Workspace,
    *,
    force: bool = False,
    passwords: tuple[str, ...] = (),
    progress: Progress = silent,
    clock: Callable[[], datetime] = now,
) -> tuple[Rebuilt, Words]:
    """Make a new ledger and write the register that follows; the old one is kept under another name.

    Raises:
        WrongInputError: the ledger is in order, and nobody insisted.
        LedgerNewerError: a newer version of the program wrote it.
        NothingDoneError: the register is open, the disk is full, there is no form; nothing was changed.
    """
    require_form(workspace)
    with only_run(workspace), rights_of(workspace):
        _require_damage(workspace, force=force)
        sweep(workspace.root, workspace.originals, workspace.backups)
        old = salvage(workspace.ledger)
        draft = unfinished(workspace.ledger)
        try:
            with Ledger(draft, VERSION) as ledger:
                editions = load_editions(workspace, old.editions)
                language = words(editions.newest.form.language)
                desk = Desk.open(workspace, editions.newest.form, language, ledger)
                session = Session(workspace, ledger, editions, language, desk, clock())
                forgotten_hashes.write(workspace, ledger, old.forgotten, old.withheld)
                made = _Rebuild(session, old, passwords).record(progress)
            aside = _put(draft, workspace.ledger, session.at)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        file = desk.finish(made.draft)
        done = Done(made.run, Hand(None, made.by_hand, made.faults), made.state, file)
        rebuilt = Rebuilt(aside, made.documents, made.salvaged, made.found, RegisterChange.of(session, done))
        return rebuilt, language


def _require_damage(workspace: Workspace, *, force: bool) -> None:
    if force or not has_ledger(workspace):
        return
    try:
        with Ledger(workspace.ledger, VERSION) as ledger:
            ledger.check()
            state_of(ledger, load_editions(workspace, ledger.editions()))
    except LedgerDamagedError:
        return
    raise WrongInputError(
        str(workspace.ledger),
        "The ledger is in order; a new one would forget which runs were undone.",
        "There is nothing to do. If you insist, add --force.",
    )


def _put(draft: Path, place: Path, at: datetime) -> Path | None:
    """Give the new ledger its name; the old one gets the time's."""
    try:
        aside = None
        # A journal belongs to the file that it lies beside; beside the new one it would destroy that.
        for old in (place, place.with_name(f"{place.name}-journal")):
            if old.exists():
                stamp = f"{at.astimezone():%Y-%m-%d %H%M%S}"
                kept = place.with_name(f"{place.stem} {stamp}{old.name.removeprefix(place.stem)}")
                old.replace(kept)
                aside = aside or kept
        take_name(draft, place)
    except OSError as error:
        raise NothingDoneError(
            str(place),
            said("The ledger can't be replaced ({reason}).", reason=refusal(error)),
            "Close programs that have it open, then run `harvest rebuild` again.",
        ) from error
    return aside


@dataclass(frozen=True, slots=True)
class _Made:
    run: int
    documents: int
    salvaged: int
    found: Mapping[str, int]
    by_hand: Mapping[str, int]
    faults: tuple[Any, ...]
    state: State
    draft: Any


@dataclass(frozen=True, slots=True)
class _Rebuild:
    """The new ledger's first runs: returns and what people had done, then what they did since."""

    session: Session
    old: Salvaged
    passwords: tuple[str, ...]

    def record(self, progress: Progress) -> _Made:
        session, ledger = self.session, self.session.ledger
        twin = Twin.read(session.workspace.register_json)
        after = max(session.after, self.old.last_run)
        with ledger.together():
            with ledger.run(KIND, session.at, after=after) as run:
                sources = Sources(
                    usual_sources(session.workspace), passwords=self.passwords, further=self._originals()
                )
                taken = Intake(session, run, sources, dry_run=False).take(progress)
                for sha256, way in self._ways(twin, ledger.known()):
                    run.add_sighting(sha256, way)
                salvaged = add_changes(run, _changes(self.old.events), None)
                found: Counter[str] = Counter()
                if twin is not None:
                    for tell in (typed, partial(structure, forgotten=self._gone()), cells):
                        register = state_of(ledger, session.editions).register
                        found.update(add_changes(run, tell(twin, register), None))
                state = state_of(ledger, session.editions)
            changes = self._since(twin, state)
            with ledger.run(HAND, session.at) as hand:
                counts = add_changes(hand, changes, None)
                hand.discarded = not any(counts.values())
            state = state_of(ledger, session.editions)
            draft = session.draft(run if hand.discarded else hand, state)
        faults = (*session.desk.faults, *changes.faults, *self._lost(twin, state))
        total = sum(salvaged.values())
        return _Made(run.id, len(taken.fresh), total, found, counts, faults, state, draft)

    def _since(self, twin: Twin | None, state: State) -> HandChanges:
        """What people did in the register after its twin was written."""
        layout = layout_of(self.session.editions)
        if twin is not None:
            aliases = {alias: entry.id for entry in state.register.entries for alias in entry.aliases}
            now = WrittenState.of(0, state.register, twin.at)
            known = replace(twin.written, aliases=aliases, at=twin.at, ahead=now.ahead, unread=now.unread)
            return self.session.desk.changes_since(known, layout)
        known = WrittenState.of(0, state.register)
        # Without the twin nobody knows what the register ever showed: what it lacks may be news.
        return replace(self.session.desk.changes_since(known, layout), deletions=())

    def _lost(self, twin: Twin | None, state: State) -> Iterator[Problem]:
        """Nobody can add a nil return by hand, so those that are lost are told."""
        place = self.session.words("register.sheet.nil")
        names = {one.key: one.name for one in self.session.desk.form.categories}
        for nil in lost_nils(twin, state.register, self._gone()) if twin else ():
            reporter = ", ".join(nil.reporters)
            details = (("category", names.get(nil.category, nil.category)), ("reporter", reporter))
            yield Problem("nil-of-forgotten", Severity.CHECK, place, details)

    def _gone(self) -> frozenset[str]:
        return forgotten_hashes.known(self.session.workspace, self.session.ledger).documents

    def _originals(self) -> Iterator[Found]:
        gone = self._gone()
        for path in originals.all_in(self.session.workspace.originals):
            if path.stem in gone:
                continue
            at = moment_of(path.stat().st_mtime)
            yield Document.of(path.read_bytes(), Provenance(f"originals/{path.name}", path.name, at))

    def _ways(self, twin: Twin | None, known: Container[str]) -> Iterator[tuple[str, Provenance]]:
        """The ways on which documents came, as far as anything tells."""
        told = {
            sha256: Provenance(
                source.file, source.file.rpartition(INSIDE)[2], datetime.fromisoformat(source.read_at)
            )
            for sha256, source in (twin.sources.items() if twin else ())
        }
        names = forgotten_hashes.known(self.session.workspace, self.session.ledger).names
        for sha256, way in (told | self.old.ways).items():
            if sha256 in known and sha256 not in names:
                yield sha256, way


def _changes(events: HandEvents) -> HandChanges:
    return HandChanges(events.edits, events.rows, events.deletions, events.decisions)
