"""Decisions for those who prefer the command line to the register's sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from harvest.clean import clean
from harvest.entries import wanted_entry
from harvest.ledger import Run
from harvest.merge.written import after, newest_word
from harvest.model import Decision, DecisionKind, Entry, Register
from harvest.rewritten import Rewritten
from harvest.workspace.session import at_work, now, rewrite
from harvest.workspace.state import state_of
from spec.errors import WrongInputError
from spec.model import Form
from spec.said import said
from spec.words import Words
from spec.workspace import Workspace

KIND = "decide"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person decides on one entry; ids may be any that an entry ever had, columns their key or heading."""

    entry: str
    same_as: tuple[str, ...] = ()
    different_from: tuple[str, ...] = ()
    choose: tuple[tuple[str, str], ...] = ()
    checked: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether there is anything to decide."""
        return bool(self.same_as or self.different_from or self.choose or self.checked)


@dataclass(slots=True)
class Decided:
    """The decisions as they were recorded, and the register that followed."""

    decisions: tuple[Decision, ...]
    register: Rewritten = field(init=False)

    @property
    def exit_code(self) -> int:
        """1 where something needs a person, else 0."""
        return self.register.exit_code

    def as_json(self, words: Words) -> dict[str, Any]:
        """Keys: decisions, and those of `Rewritten`."""
        told = [
            {
                "kind": one.kind.value,
                "entry": one.entry_id,
                "other": one.other,
                "column": one.column,
                "value": one.value,
            }
            for one in self.decisions
        ]
        return {"decisions": told, **self.register.as_json(words)}


def decide(
    workspace: Workspace,
    wanted: Wanted,
    *,
    dry_run: bool = False,
    clock: Callable[[], datetime] = now,
) -> tuple[Decided, Words]:
    """Record decisions and write the register that follows.

    Raises:
        WrongInputError: nothing was decided, or an entry or column is unknown; nothing was changed.
        NothingDoneError: the register is open, the disk is full, ...; nothing was changed.
    """
    if not wanted.anything:
        raise WrongInputError(
            wanted.entry, "Nothing was decided.", "Add --same-as, --different-from, --choose or --checked."
        )
    decided = Decided(())
    with at_work(workspace, clock, dry_run=dry_run) as session:

        def act(run: Run) -> None:
            # Only now: an entry may just have been added by hand.
            register = state_of(session.ledger, session.editions).register
            decided.decisions = tuple(_decisions(wanted, register, session.desk.form, run.at))
            run.add_decisions(decided.decisions)

        done = rewrite(session, KIND, act, dry_run=dry_run)
        decided.register = Rewritten.of(session, done)
        return decided, session.words


def _decisions(wanted: Wanted, register: Register, form: Form, now: datetime) -> Iterator[Decision]:
    unread = _unread(register, wanted.entry.strip().lower())
    typed = dict(_typed(wanted, unread, form))
    for (cell, return_id, column, at), text in typed.items():
        yield Decision(DecisionKind.TYPED, cell, after(now, at), return_id, column, text)
    columns = {column for _, _, column, _ in typed}
    rest = replace(
        wanted,
        choose=tuple(pair for pair in wanted.choose if _column(pair[0], form) not in columns),
        checked=tuple(one for one in wanted.checked if _column(one, form) not in columns),
    )
    if rest.anything or not typed:
        yield from _on_entry(rest, register, form, now)


#: A cell that waits for a person to read it: its id, its return, its column, when that came.
_Cell = tuple[str, str, str, datetime]


def _unread(register: Register, named: str) -> Mapping[str, _Cell]:
    """Column -> its cell, of a row or entry; the newest where several returns have one."""
    found = {}
    for entry, check in sorted(register.checks, key=lambda pair: (pair[1].source.at, pair[1].unread)):
        if check.unread and named in {entry.id, *entry.aliases}:
            found[check.column] = (check.unread, check.source.return_id, check.column, check.source.at)
    return found


def _typed(wanted: Wanted, unread: Mapping[str, _Cell], form: Form) -> Iterator[tuple[_Cell, str]]:
    """What is said of cells that no program could read; looked at and right means: there is nothing."""
    for named in wanted.checked:
        if cell := unread.get(_column(named, form)):
            yield cell, ""
    for named, value in wanted.choose:
        if cell := unread.get(_column(named, form)):
            yield cell, clean(value)


def _on_entry(wanted: Wanted, register: Register, form: Form, now: datetime) -> Iterator[Decision]:
    entry = wanted_entry(register, wanted.entry)
    # Who decides has read what is there, also where a partner's clock is ahead.
    at = after(now, newest_word(entry))
    for kind, others in (
        (DecisionKind.SAME, wanted.same_as),
        (DecisionKind.DIFFERENT, wanted.different_from),
    ):
        for other in others:
            named = _other(entry, other, register, kind)
            when = after(at, newest_word(wanted_entry(register, named)))
            yield Decision(kind, entry.id, when, other=named)
    for named, value in wanted.choose:
        yield Decision(DecisionKind.CHOOSE, entry.id, at, column=_column(named, form), value=clean(value))
    for named in wanted.checked:
        column = _column(named, form)
        value = entry.values.get(column, "")
        yield Decision(DecisionKind.CHECKED, entry.id, at, column=column, value=value)


def _other(entry: Entry, identity: str, register: Register, kind: DecisionKind) -> str:
    """The other entry's id. To part what was joined, the id under which the other one was known does."""
    other = wanted_entry(register, identity)
    named = identity.strip().lower()
    if other.id != entry.id:
        if other.category != entry.category:
            raise WrongInputError(
                identity,
                "The two entries stand under different categories.",
                "Name one of the same category.",
            )
        return other.id
    if kind is DecisionKind.DIFFERENT and named in entry.aliases:
        return named
    raise WrongInputError(identity, "This is the same entry already.", "Name another one.")


def _column(named: str, form: Form) -> str:
    wanted = " ".join(named.casefold().split())
    for column in form.columns:
        if wanted in {column.key.casefold(), " ".join(column.heading.casefold().split())}:
            return column.key
    known = ", ".join(column.key for column in form.columns)
    raise WrongInputError(named, "The form has no such column.", said("It has: {names}.", names=known))
