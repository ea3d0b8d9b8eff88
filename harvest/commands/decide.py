"""Decisions for those who prefer the command line to the register's sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from harvest.commands.register_change import RegisterChange
from harvest.edits.written_state import after, newest_word
from harvest.entries import find, find_named, names_in, wanted_entry
from harvest.ledger import Run
from harvest.merge.ids import cell_id
from harvest.model import NIL_BOX, TICK, CellPlace, Decision, DecisionKind, Entry, Register
from harvest.nilbox import answer, called, name_of
from harvest.state.own_forms import OWN_BOX
from harvest.state.state import State, state_of
from harvest.text.answer_words import meant_as_text
from harvest.text.clean_text import clean
from harvest.workspace.session import at_work, now, rewrite
from spec.console.said import said
from spec.errors import WrongInputError
from spec.form.model import Form
from spec.words import Words
from spec.workspace import Workspace

KIND = "decide"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person decides on one entry, which is named as `entries` takes it; columns by their key or heading.

    `confirms`: whether a partner confirms what a form shows that came back as it was sent; `entry` is its file then.
    """

    entry: str
    same_as: tuple[str, ...] = ()
    different_from: tuple[str, ...] = ()
    choose: tuple[tuple[str, str], ...] = ()
    checked: tuple[str, ...] = ()
    confirms: bool | None = None

    @property
    def anything(self) -> bool:
        """Whether there is anything to decide."""
        more = self.confirms is not None
        return more or bool(self.same_as or self.different_from or self.choose or self.checked)


@dataclass(slots=True)
class Decided:
    """The decisions as they were recorded, and the register that followed.

    Attributes:
        headings: column key -> heading, for people.
        names: entry id -> its facility, for people.
    """

    decisions: tuple[Decision, ...]
    headings: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    register: RegisterChange = field(init=False)

    @property
    def exit_code(self) -> int:
        """1 where something needs a person, else 0."""
        return self.register.exit_code

    def as_json(self, words: Words) -> dict[str, Any]:
        """Keys: decisions, and those of `RegisterChange`."""
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
        WrongInputError: nothing was decided, or an entry or column is unknown, or several are called so; nothing was
            changed.
        NothingDoneError: the register is open, the disk is full, ...; nothing was changed.
    """
    if not wanted.anything:
        raise WrongInputError(
            wanted.entry,
            "Nothing was decided.",
            "Add --same-as, --different-from, --choose, --checked or --confirms.",
        )
    decided = Decided(())
    with at_work(workspace, clock, dry_run=dry_run) as session:

        def act(run: Run) -> None:
            # Only now: an entry may just have been added by hand.
            state = state_of(session.ledger, session.editions)
            register, form = state.register, session.desk.form
            if wanted.confirms is not None:
                decided.decisions = (_on_own_form(wanted, state, run.at),)
                run.add_decisions(decided.decisions)
                return
            meant = _meant(wanted, register, form)
            decided.decisions = tuple(_decisions(meant, register, form, session.words, run.at))
            decided.headings = {column.key: column.heading for column in form.columns}
            decided.names = names_in(register, form)
            run.add_decisions(decided.decisions)

        done = rewrite(session, KIND, act, dry_run=dry_run)
        decided.register = RegisterChange.of(session, done)
        return decided, session.words


def _on_own_form(wanted: Wanted, state: State, now: datetime) -> Decision:
    """Whether the partner confirms what a form shows that somebody saved as it was sent."""
    named = wanted.entry.strip()
    asked = {
        one.document.sha256: one.document.file
        for one in state.returns
        if one.document.sha256 in state.own.made
    }
    found = [identity for identity, file in asked.items() if named in {identity, file}]
    if len(found) != 1:
        fault = (
            "Several files are called so." if found else "No form that came back as it was sent is called so."
        )
        remedy = said("Such files are: {names}.", names=", ".join(sorted(asked.values())) or "–")
        raise WrongInputError(wanted.entry, fault, remedy)
    cell = cell_id(CellPlace(found[0], 0, "", 0, OWN_BOX))
    return Decision(DecisionKind.TYPED, cell, now, found[0], OWN_BOX, TICK if wanted.confirms else "")


def _meant(wanted: Wanted, register: Register, form: Form) -> Wanted:
    """With the entry's id in place of its name. What is named as the other one is not meant."""
    known = {other.strip().lower() for other in (*wanted.same_as, *wanted.different_from)}
    # a row of which nothing is read yet has an id, but is no entry
    if wanted.entry.strip().lower() in {one.id for one in register.unread}:
        return wanted
    others = [one for other in known if (one := find(register, other))]
    category = others[0].category if others else ""
    entry = wanted_entry(register, wanted.entry, form, without={one.id for one in others}, category=category)
    # an id that the entry had elsewhere says more than the one that it has now
    return wanted if find(register, wanted.entry) else replace(wanted, entry=entry.id)


def _decisions(
    wanted: Wanted, register: Register, form: Form, spoken: Words, now: datetime
) -> Iterator[Decision]:
    unread = _unread(register, wanted.entry.strip().lower())
    if NIL_BOX in unread:
        yield from _on_box(wanted, unread[NIL_BOX], spoken, now)
        return
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


def _on_box(wanted: Wanted, cell: _Cell, spoken: Words, now: datetime) -> Iterator[Decision]:
    """Whether a box for "nothing here" is ticked; looked at and right means: it is empty."""
    told = [*wanted.choose, *((one, spoken("register.say.no")) for one in wanted.checked)]
    identity, return_id, column, at = cell
    for named, text in told:
        value = answer(text, spoken) if called(named, spoken) else None
        if value is None:
            break
        yield Decision(DecisionKind.TYPED, identity, after(now, at), return_id, column, value)
    else:
        if told and not (wanted.same_as or wanted.different_from):
            return
    yes, no = spoken("register.say.yes"), spoken("register.say.no")
    raise WrongInputError(
        wanted.entry,
        "Here only yes or no can be said: whether the box is ticked.",
        said("Write --choose {name} {yes}, or {no}.", name=name_of(spoken), yes=yes, no=no),
    )


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
            yield cell, _text(value, ())


def _on_entry(wanted: Wanted, register: Register, form: Form, now: datetime) -> Iterator[Decision]:
    entry = wanted_entry(register, wanted.entry, form)
    # Who decides has read what is there, also where a partner's clock is ahead.
    at = after(now, newest_word(entry))
    for kind, others in (
        (DecisionKind.SAME, wanted.same_as),
        (DecisionKind.DIFFERENT, wanted.different_from),
    ):
        for other in others:
            named = _other(entry, other, register, form, kind)
            when = after(at, newest_word(wanted_entry(register, named, form)))
            yield Decision(kind, entry.id, when, other=named)
    for named, value in wanted.choose:
        column = _column(named, form)
        text = _text(value, _told(entry, column))
        yield Decision(DecisionKind.CHOOSE, entry.id, at, column=column, value=text)
    for named in wanted.checked:
        column = _column(named, form)
        value = entry.values.get(column, "")
        yield Decision(DecisionKind.CHECKED, entry.id, at, column=column, value=value)


def _told(entry: Entry, column: str) -> list[str]:
    """All that is said of a cell."""
    claims = [
        claim.text for one in entry.conflicts if one.column == column for claim in (one.shown, *one.others)
    ]
    return [entry.values.get(column, ""), *claims]


def _text(value: str, replaced: Sequence[str]) -> str:
    """The text that is to stand in the register.

    Raises:
        WrongInputError: it looks like an answer, which would replace what a partner wrote.
    """
    text = meant_as_text(clean(value), replaced)
    if text is None:
        raise WrongInputError(
            value,
            "This sounds like an answer, not like a text for the register.",
            "Write the whole text. If it is to be just this word, put it in quotation marks within the others.",
        )
    return text


def _other(entry: Entry, identity: str, register: Register, form: Form, kind: DecisionKind) -> str:
    """The other entry's id. To part what was joined, the id under which the other one was known does."""
    other = find_named(register, identity, form, without={entry.id}, category=entry.category)
    # no other one is called so: perhaps this one is, or one of another category
    other = other or wanted_entry(register, identity, form)
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
    if kind is DecisionKind.DIFFERENT and entry.aliases:
        remedy = said("Name the id that the other one had before: {ids}.", ids=", ".join(entry.aliases))
        raise WrongInputError(identity, "This is the same entry already.", remedy)
    raise WrongInputError(identity, "This is the same entry already.", "Name another one.")


def _column(named: str, form: Form) -> str:
    """By its key, its heading, or a part of the heading that no other one has."""
    wanted = " ".join(named.casefold().split())
    headings = {column.key: " ".join(column.heading.casefold().split()) for column in form.columns}
    whole = [key for key, heading in headings.items() if wanted in {key.casefold(), heading}]
    found = whole or [key for key, heading in headings.items() if wanted and wanted in heading]
    if len(found) == 1:
        return found[0]
    known = "; ".join(column.heading for column in form.columns)
    fault = "Several columns are called so." if found else "The form has no such column."
    raise WrongInputError(named, fault, said("It has: {names}.", names=known))
