"""Which leaves have changed since a run or a day: those whose entries differ from what the register showed then.

What was written then is compared with what would be written now, rather than dates of changes: a return that was
signed in March may come in June, and belongs to the leaves of June.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo

from harvest.edits.written_state import WrittenState
from harvest.ledger import Ledger, RunRecord
from harvest.model import Register
from harvest.state.state import State
from spec.console.said import said
from spec.errors import WrongInputError

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True)
class Then:
    """The register as it was: what was written, and the number of the last run before.

    `run` is 0 where nothing was written yet.
    """

    run: int
    written: WrittenState = field(default_factory=lambda: WrittenState(0, {}))


def parse_since(text: str) -> int | date:
    """A run's number, or a day: `12`, `2026-11-01`, `01.11.2026`.

    Raises:
        WrongInputError: it is neither.
    """
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return int(text)
    if found := _DAY.fullmatch(text):
        year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            pass
    raise WrongInputError(
        "--changed-since",
        said("{text!r} is neither a day nor the number of a run.", text=text),
        "Write a day as 2026-11-01, or the number that `harvest status` and the register name.",
    )


def then(ledger: Ledger, since: int | date, zone: tzinfo | None = None) -> Then:
    """The register as it stood after run `since`, or at the beginning of the day `since`.

    Raises:
        WrongInputError: there is no run with that number.
    """
    runs = ledger.runs()
    if isinstance(since, int):
        if all(one.id != since for one in runs):
            raise WrongInputError(
                "--changed-since", said("There is no run {since}.", since=since), _known(runs)
            )
        number = since
    else:
        before = [one.id for one in runs if one.at.astimezone(zone).date() < since]
        number = max(before, default=0)
    for one in sorted((one.id for one in runs if one.id <= number), reverse=True):
        snapshot = ledger.snapshot(one)
        if snapshot is not None:
            return Then(number, WrittenState.from_json(snapshot))
    return Then(number)


def _known(runs: Sequence[RunRecord]) -> str:
    return said("The newest run is {number}.", number=runs[-1].id) if runs else "Nothing was harvested yet."


def changed_since(state: State, past: Then) -> frozenset[str]:
    """Keys of the categories whose leaves differ from then."""
    was = _by_category(past.written.categories, past.written.entries)
    now = _by_category(
        {entry.id: entry.category for entry in state.register.entries},
        {entry.id: entry.values for entry in state.register.entries},
    )
    changed = {key for key in {*was, *now} if was.get(key) != now.get(key)}
    return frozenset(changed | _new_nils(state.register, state, past.run))


def _by_category(
    categories: Mapping[str, str], entries: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for identity, values in entries.items():
        filled = {column: text for column, text in values.items() if text}
        found.setdefault(categories.get(identity, ""), {})[identity] = filled
    return found


def _new_nils(register: Register, state: State, run: int) -> set[str]:
    """Categories with a nil return that came later; a snapshot holds none."""
    came = {one.document.sha256: one.document.run for one in state.returns}
    return {
        nil.category
        for nil in register.nils
        if min((came.get(source.return_id, 0) for source in nil.sources), default=0) > run
    }
