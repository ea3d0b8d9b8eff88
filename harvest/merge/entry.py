"""From the chains of one facility to its entry: what is shown, what contradicts, what to check, what happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from harvest.merge.chains import Chain, ChainCell, Event, same_words
from harvest.merge.facilities.equality import key_of, plain
from harvest.merge.facilities.wording import contained
from harvest.merge.group import Group
from harvest.merge.layout import Layout
from harvest.merge.newness import newness
from harvest.model import (
    Change,
    Check,
    Claim,
    Conflict,
    Decision,
    Entry,
    HandEdit,
    Method,
    Source,
    Status,
)
from harvest.parse import only_signed
from harvest.text.answer_words import is_answer_word

#: Kinds of a change that people make.
EDITED, DECIDED = "edited", "decided"
DOUBTFUL = frozenset({Method.APPEARANCE, Method.ANNOTATION, Method.FILL_SIGN, Method.FLATTENED, Method.OCR})


@dataclass(slots=True)
class ByHand:
    """What people did to one entry, in the order of time."""

    edits: list[HandEdit] = field(default_factory=list)
    choices: list[Decision] = field(default_factory=list)
    checked: list[Decision] = field(default_factory=list)
    paired: list[Decision] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person said last on a cell; it stands until a person says otherwise."""

    at: datetime
    rank: int  # at the same moment: a row added by hand, an edit, a choice between values
    text: str


def build(
    group: Group,
    by_hand: ByHand,
    layout: Layout,
    unread: Iterable[Check] = (),
) -> Entry:
    """The entry of a group that is not hidden altogether, with its cells that nobody has read; proposals come later.

    In the columns `layout.dated`, dates and initials differ and yet contradict nobody: each partner says when it wrote its own
    row. Whatever else stands there is a word like any other. In the columns `layout.identifying`, two spellings of one name are
    one name.
    """
    doubted = _doubted(group, by_hand)
    rulings = _rulings(group, by_hand, doubted)
    order = list(layout.columns)
    cells = {column: _cells(group.living, column, layout.dated) for column in _columns(group, rulings, order)}
    values: dict[str, str] = {}
    conflicts: list[Conflict] = []
    checks: list[Check] = []
    for column, newest_first in cells.items():
        joined = len(newest_first) > 1 and column not in layout.dated and column not in rulings
        said = _fullest_first(newest_first) if joined else newest_first
        asked = doubted.get(column) if column not in rulings else None
        if column in rulings or asked or not _undisputed(said):
            shown, others = _shown(
                _contradicting(said) if column in layout.dated and column not in rulings else said,
                rulings.get(column),
                _checked(by_hand, column),
            )
            values[column] = shown.text
            named = key_of(column, shown.text, layout.identifying)
            others = tuple(one for one in others if key_of(column, one.text, layout.identifying) != named)
            others += (Claim(asked.value, asked.at, None),) if asked else ()
            if others:
                conflicts.append(Conflict(group.id, column, shown, others))
        else:
            values[column] = said[0].value.text
        if column not in rulings:
            checks.extend(_check(group.id, column, said, by_hand))
    checks.extend(one for one in unread if one.column not in rulings and not _seen(one, by_hand))
    return Entry(
        group.id,
        group.chains[0].category,
        {column: text for column, text in values.items() if text or column in rulings},
        _status(group.living, layout.identifying),
        tuple(
            dict.fromkeys(
                version.statement.submission.reporter.label
                for chain in group.living
                for version in chain.versions
            )
        ),
        _sources(group),
        _confirmed(group.living, by_hand),
        aliases=tuple(sorted({identity for chain in group.chains for identity in chain.ids} - {group.id})),
        hand=tuple(
            column for column in cells if column in rulings and not _said_so(group, column, rulings[column])
        ),
        conflicts=tuple(conflicts),
        checks=tuple(sorted(checks, key=lambda one: _nth(one.column, order))),
        history=_history(group, by_hand),
    )


# ---------------------------------------------------------------- values


def _columns(group: Group, rulings: Mapping[str, Ruling], order: Iterable[str]) -> list[str]:
    known = {column for chain in group.living for column in chain.cells} | set(rulings)
    ordered = [column for column in order if column in known]
    return ordered + sorted(known - set(ordered))


def _cells(chains: Iterable[Chain], column: str, dated: Collection[str]) -> list[ChainCell]:
    """What each chain says, the newest word first."""
    cells = [chain.cells[column] for chain in chains if column in chain.cells]
    return sorted(cells, key=lambda cell: newness(cell, dated), reverse=True) if len(cells) > 1 else cells


def _fullest_first(said: list[ChainCell]) -> list[ChainCell]:
    """The newest word first, or the longest of the others that has all of it and more."""
    fuller = [cell for cell in said[1:] if contained(said[0].value.text, cell.value.text)]
    if not fuller:
        return said
    first = max(fuller, key=lambda cell: len(cell.value.text))
    return [first, *(cell for cell in said if cell is not first)]


def _doubted(group: Group, by_hand: ByHand) -> dict[str, Decision]:
    """Column -> an answer ("ja", "links") that an earlier version took for a text; the newest one.

    What a partner wrote shows, and the answer stands against it, until a person decides. Where no partner says anything, or
    says the same, nothing is in doubt.
    """
    return {
        one.column: one
        for one in by_hand.choices
        if one.unguarded
        and is_answer_word(one.value)
        and any(one.column in chain.cells for chain in group.living)
        and not _said_so(group, one.column, Ruling(one.at, 2, one.value))
    }


def _rulings(group: Group, by_hand: ByHand, doubted: Mapping[str, Decision]) -> dict[str, Ruling]:
    found: dict[str, list[Ruling]] = {}
    for chain in group.living:
        for row in chain.hand:
            for column, text in row.values.items():
                if text.strip():
                    found.setdefault(column, []).append(Ruling(row.at, 0, text))
    for edit in by_hand.edits:
        found.setdefault(edit.column, []).append(Ruling(edit.at, 1, edit.new))
    for choice in by_hand.choices:
        if choice.column not in doubted or not choice.unguarded or not is_answer_word(choice.value):
            found.setdefault(choice.column, []).append(Ruling(choice.at, 2, choice.value))
    return {
        column: max(said, key=lambda ruling: (ruling.at, ruling.rank, ruling.text))
        for column, said in found.items()
    }


def _said_so(group: Group, column: str, ruling: Ruling) -> bool:
    """Whether a person chose what a return says, rather than set a value of their own."""
    return ruling.rank == 2 and any(
        plain(value.text) == plain(ruling.text)
        for chain in group.chains
        for version in chain.versions
        if (said := version.row.values.get(column)) is not None
        for value in (said, *said.alternatives)
    )


def _undisputed(said: Sequence[ChainCell]) -> bool:
    """Whether one chain alone says something here, and says one thing."""
    return len(said) == 1 and not said[0].value.alternatives


def _contradicting(said: Sequence[ChainCell]) -> list[ChainCell]:
    """The newest word on when a row was written, and older ones that say more than a date and initials."""
    return [*said[:1], *(cell for cell in said[1:] if not only_signed(cell.value.text))]


def _shown(
    said: list[ChainCell], ruling: Ruling | None, checked: list[Decision]
) -> tuple[Claim, tuple[Claim, ...]]:
    """The claim that stands in the register and those that contradict it."""
    if ruling is None:
        shown = said[0].claim
        rest = (cell.claim for cell in said[1:] if not contained(cell.value.text, shown.text))
        against = [*rest, *_alternatives(said[0], checked)]
    else:
        own = next((cell for cell in said if plain(cell.value.text) == plain(ruling.text)), None)
        shown = Claim(ruling.text, ruling.at, own.claim.source if own and ruling.rank == 2 else None)
        # A hand's word wins over all that was said before it; only news can contradict it.
        against = [cell.claim for cell in said if cell.since > ruling.at]
    return shown, tuple(claim for claim in against if not same_words(claim.text, shown.text))


def _alternatives(cell: ChainCell, checked: list[Decision]) -> list[Claim]:
    """Other values that the same return holds for the same cell (two widgets of one name, a note over a field)."""
    if _is_checked(cell, checked):
        return []
    source = cell.said.source(cell.column)
    return [
        Claim(other.text, cell.said.statement.at, _read_by(source, other.method, other.page))
        for other in cell.value.alternatives
        if other.text.strip()
    ]


def _read_by(source: Source, method: Method, page: int) -> Source:
    return Source(
        source.return_id, source.file, page or source.page, source.row, method, source.reporter, source.at
    )


# ---------------------------------------------------------------- checks


def _checked(by_hand: ByHand, column: str) -> list[Decision]:
    return [decision for decision in by_hand.checked if decision.column in {column, ""}]


def _is_checked(cell: ChainCell, checked: list[Decision]) -> bool:
    """A check holds for the words that were looked at, however often they come back."""
    return any(
        same_words(decision.value, cell.value.text) if decision.value else decision.at >= cell.since
        for decision in checked
    )


def _check(identity: str, column: str, said: list[ChainCell], by_hand: ByHand) -> Iterable[Check]:
    if not said:
        return
    cell, value = said[0], said[0].value
    doubtful = value.method in DOUBTFUL or value.confidence < 1 or value.alternatives
    if doubtful and not _is_checked(cell, _checked(by_hand, column)):
        others = tuple(dict.fromkeys(other.text for other in value.alternatives))
        yield Check(
            identity, column, value.text, value.method, value.confidence, others, cell.said.source(column)
        )


def _nth(column: str, order: Sequence[str]) -> int:
    return order.index(column) if column in order else len(order)


def _seen(unread: Check, by_hand: ByHand) -> bool:
    """Whether somebody said, about the entry, that there is nothing to read."""
    return any(
        one.column == unread.column and not one.value.strip() and one.at >= unread.source.at
        for one in by_hand.checked
    )


# ---------------------------------------------------------------- the entry as a whole


_ATTENTION = (Status.EMPTIED, Status.MISSING, Status.CHANGED, Status.NEW, Status.UNCHANGED, Status.HAND)


def _status(chains: tuple[Chain, ...], identifying: Collection[str]) -> Status:
    """The status in the newest word on the facility; what one reporter says anew may be known from another."""
    reported = [chain for chain in chains if chain.last_word is not None]
    if not reported:
        return Status.HAND
    newest = max(chain.last_word for chain in reported if chain.last_word is not None)
    last = [chain for chain in reported if chain.last_word == newest]
    chain = min(last, key=lambda chain: (_ATTENTION.index(chain.status), chain.born))
    if chain.status is not Status.NEW or all(other.since >= chain.since for other in chains):
        return chain.status
    older = [other for other in chains if other.since < chain.since]
    told = {
        (column, key_of(column, text, identifying)) for other in older for column, text in _all_texts(other)
    }
    return (
        Status.UNCHANGED
        if {(column, key_of(column, text, identifying)) for column, text in _all_texts(chain)} <= told
        else Status.CHANGED
    )


def _all_texts(chain: Chain) -> list[tuple[str, str]]:
    by_hand = [(column, text) for row in chain.hand for column, text in row.values.items() if text.strip()]
    return [*chain.texts().items(), *by_hand]


def _sources(group: Group) -> tuple[Source, ...]:
    sources = {
        version.source(): None
        for chain in group.chains
        for version in chain.versions
        if not version.row.blank
    }
    return tuple(
        sorted(
            sources,
            key=lambda source: (source.at, source.return_id, source.page, source.row, source.reporter),
        )
    )


def _confirmed(chains: tuple[Chain, ...], by_hand: ByHand) -> datetime | None:
    said = [chain.confirmed for chain in chains if chain.confirmed is not None]
    added = [row.at for chain in chains for row in chain.hand]
    people = [edit.at for edit in by_hand.edits] + [one.at for one in (*by_hand.choices, *by_hand.checked)]
    return max([*said, *added, *people], default=None)


def _history(group: Group, by_hand: ByHand) -> tuple[Change, ...]:
    events: list[Event] = [event for chain in group.chains for event in chain.events]
    for chain in group.chains:
        for row in chain.hand:
            events.append(Event(row.at, Status.HAND))
            events.extend(
                Event(row.at, Status.HAND, column, "", text) for column, text in row.values.items() if text
            )
    events.extend(Event(edit.at, EDITED, edit.column, edit.old, edit.new) for edit in by_hand.edits)
    events.extend(
        Event(one.at, DECIDED, one.column, "", one.value) for one in (*by_hand.choices, *by_hand.checked)
    )
    events.extend(Event(one.at, DECIDED, "", one.other, one.kind.value) for one in by_hand.paired)
    changes = {
        Change(group.id, event.at, str(event.kind), event.column, event.old, event.new, event.source): None
        for event in events
    }
    return tuple(sorted(changes, key=_order))


def _order(change: Change) -> tuple[object, ...]:
    source = change.source
    place = (source.return_id, source.row, source.reporter) if source else ("", 0, "")
    return change.at, place, change.column, change.kind, change.old, change.new
