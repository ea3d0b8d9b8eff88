"""What changed in the register between two runs, from what each of them wrote into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harvest.edits.written_state import WrittenState
from harvest.ledger import Ledger, UnknownRunError
from harvest.workspace.read_only import looked_into
from spec.console.said import said
from spec.words import Words, words
from spec.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that says something else now."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Step:
    """One entry that is not what it was.

    Attributes:
        kind: `added`, `removed`, `changed` or `joined` (it is part of the entry `into` now).
        values: the entry's, as it stands or last stood.
    """

    kind: str
    entry: str
    category: str
    values: Mapping[str, str]
    cells: tuple[CellChange, ...] = ()
    into: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """From the register of one run to that of another.

    Attributes:
        names: category key -> name, for people.
        facility: key of the column that names the facility.
        headings: column key -> heading, for people.
    """

    before: int
    after: int
    steps: tuple[Step, ...]
    names: Mapping[str, str]
    facility: str
    headings: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Keys: from, to, entries[{kind, entry, category, values, into, cells[{column, old, new}]}]."""
        return {
            "from": self.before,
            "to": self.after,
            "entries": [
                {
                    "kind": step.kind,
                    "entry": step.entry,
                    "category": step.category,
                    "values": dict(step.values),
                    "into": step.into or None,
                    "cells": [
                        {"column": cell.column, "old": cell.old, "new": cell.new} for cell in step.cells
                    ],
                }
                for step in self.steps
            ],
        }


def difference(workspace: Workspace, before: int, after: int | None = None) -> tuple[Difference, Words]:
    """What changed from run `before` to run `after`; default: to the register as it was last written.

    A run that wrote no register left it as it was. Before the first run it was empty: 0 means that.

    Raises:
        UnknownRunError: there is no such run.
        NothingDoneError: the workspace knows no form, or the ledger can't be read.
    """
    with looked_into(workspace) as (ledger, editions):
        form = editions.newest.form
        numbers = [run.id for run in ledger.runs()]
        last = numbers[-1] if numbers else 0
        after = last if after is None else after
        old, new = _written(ledger, before, numbers), _written(ledger, after, numbers)
    steps = tuple(_steps(old, new))
    names = {category.key: category.name for category in form.categories}
    headings = {column.key: column.heading for column in form.columns}
    found = Difference(before, after, steps, names, form.identifying_column.key, headings)
    return found, words(form.language)


def _written(ledger: Ledger, number: int, numbers: list[int]) -> WrittenState:
    if number and number not in numbers:
        raise UnknownRunError(
            said("run {number}", number=number), "There is no such run.", "`harvest runs` lists them."
        )
    for earlier in sorted((one for one in numbers if one <= number), reverse=True):
        snapshot = ledger.snapshot(earlier)
        if snapshot is not None:
            return WrittenState.from_json(snapshot)
    return WrittenState(0, {})


def _steps(old: WrittenState, new: WrittenState) -> Iterator[Step]:
    """In the order of the newer register; what it lacks comes after."""
    renamed = set()  # known by another id now: an older return said the same
    for identity, values in new.entries.items():
        category = new.categories.get(identity, "")
        known = identity
        if identity not in old.entries:
            known = next((one for one in _others(new, identity) if one in old.entries), identity)
            renamed.add(known)
        was = old.entries.get(known)
        if was is None:
            yield Step("added", identity, category, values)
        elif cells := tuple(_cells(was, values)):
            yield Step("changed", identity, category, values, cells)
    for identity, values in old.entries.items():
        if identity not in new.entries and identity not in renamed:
            into = new.aliases.get(identity, "")
            kind = "joined" if into else "removed"
            yield Step(kind, identity, old.categories.get(identity, ""), values, into=into)


def _others(written: WrittenState, identity: str) -> list[str]:
    """The ids under which an entry was known elsewhere."""
    return [alias for alias, entry in written.aliases.items() if entry == identity]


def _cells(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[CellChange]:
    for column in dict.fromkeys((*new, *old)):
        if old.get(column, "") != new.get(column, ""):
            yield CellChange(column, old.get(column, ""), new.get(column, ""))
