"""The merge: returns, decisions and hand edits in, the register out. No clock, no files, no memory of earlier runs."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from harvest.merge.answers import answers_of, nils_of
from harvest.merge.blocks import pairs
from harvest.merge.entry import ByHand, build
from harvest.merge.facility import Facility, fold, take_apart
from harvest.merge.fold import Fold, Folded, Spoken, statements_of
from harvest.merge.group import Group, Grouped, group, same_decisions
from harvest.merge.halves import Part, wholes
from harvest.merge.layout import Layout
from harvest.merge.similar import SAME_FACILITY
from harvest.merge.unread import typed_over, waiting
from harvest.model import (
    Check,
    Decision,
    DecisionKind,
    Duplicate,
    Entry,
    HandDeletion,
    HandEdit,
    HandRow,
    Register,
    Submission,
)


def merge(
    submissions: Iterable[Submission],
    layout: Layout,
    *,
    edits: Iterable[HandEdit] = (),
    hand_rows: Iterable[HandRow] = (),
    deletions: Iterable[HandDeletion] = (),
    decisions: Iterable[Decision] = (),
) -> Register:
    """The register that follows from these sets; their order and repetition change nothing.

    Ids in `edits`, `deletions`, `decisions` and prefilled rows may be any id that the entry ever had. What names an
    entry that is not there (its only return was undone) waits: it shows again when the entry does.
    """
    known = tuple(decisions)
    submissions = typed_over(submissions, known)
    with without_collector():
        folding = Fold(layout, same_decisions(known))
        given_way = wholes(submissions)
        statements = tuple(statements_of(submissions))
        for statement in statements:
            if (whole := given_way.get(Part.of(statement.submission))) is not None:
                folding.add_names(statement, whole)
        for statement in statements:
            if Part.of(statement.submission) not in given_way:
                folding.add(statement)
        folding.finish()
        changes = tuple(edits)
        folding.add_hand_rows(hand_rows, _spoken(changes, known))
        folded = folding.result
        grouped = group(folded, known, deletions)
        unread, to_be = waiting(folded, grouped.groups, layout)
        entries = _entries(grouped, _by_hand(folded, changes, known), layout, unread)
        return Register(
            tuple(sorted(entries, key=lambda entry: _place(entry, layout))),
            nils_of(folded.statements, layout),
            tuple(sorted(one.id for one in grouped.groups if not one.living)),
            answers_of(folded.statements, layout),
            to_be,
        )


@contextmanager
def without_collector() -> Iterator[None]:
    """For what makes many objects and no cycles: the collector would pass over all of them again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _entries(
    grouped: Grouped,
    by_hand: Mapping[int, ByHand],
    layout: Layout,
    unread: Mapping[str, tuple[Check, ...]],
) -> list[Entry]:
    living = [one for one in grouped.groups if one.living]
    entries = [
        build(one, _of_group(one, by_hand), layout.columns, unread.get(one.id, ()), layout.dated)
        for one in living
    ]
    proposals = _proposals(living, entries, grouped, layout)
    return [replace(entry, duplicates=tuple(proposals.get(entry.id, ()))) for entry in entries]


def _place(entry: Entry, layout: Layout) -> tuple[object, ...]:
    facility = layout.facility(entry.values)
    # Entries without a facility's name stand at the end, where they are looked for.
    return layout.rank(entry.category), not facility, fold(facility), entry.id


_Event = TypeVar("_Event", HandEdit, Decision)


def _sorted(events: Iterable[_Event]) -> list[_Event]:
    return sorted(set(events), key=lambda event: (event.at, repr(event)))


def _spoken(edits: Iterable[HandEdit], decisions: Iterable[Decision]) -> Iterator[Spoken]:
    """What people set in single cells."""
    for edit in edits:
        yield Spoken(edit.entry_id, edit.column, edit.new, edit.at)
    for one in decisions:
        if one.kind is DecisionKind.CHOOSE:
            yield Spoken(one.entry_id, one.column, one.value, one.at)


def _by_hand(
    folded: Folded, edits: Iterable[HandEdit], decisions: Sequence[Decision]
) -> Mapping[int, ByHand]:
    found: dict[int, ByHand] = defaultdict(ByHand)
    for edit in _sorted(edits):
        if owner := folded.owner.get(edit.entry_id):
            found[owner.born].edits.append(edit)
    for decision in _sorted(decisions):
        owner = folded.owner.get(decision.entry_id)
        if owner is None:
            continue
        hand = found[owner.born]
        if decision.kind is DecisionKind.CHOOSE:
            hand.choices.append(decision)
        elif decision.kind is DecisionKind.CHECKED:
            hand.checked.append(decision)
        elif decision.kind is not DecisionKind.TYPED:
            hand.paired.append(decision)
    return found


def _of_group(one: Group, by_hand: Mapping[int, ByHand]) -> ByHand:
    mine = [by_hand[chain.born] for chain in one.chains if chain.born in by_hand]
    if len(mine) == 1:
        return mine[0]
    return ByHand(
        _sorted(edit for hand in mine for edit in hand.edits),
        _sorted(choice for hand in mine for choice in hand.choices),
        _sorted(check for hand in mine for check in hand.checked),
        _sorted(pair for hand in mine for pair in hand.paired),
    )


def _proposals(
    groups: Sequence[Group], entries: Sequence[Entry], grouped: Grouped, layout: Layout
) -> Mapping[str, list[Duplicate]]:
    """Entries of one category that may be one facility, best first."""
    by_category: dict[str, list[int]] = defaultdict(list)
    for position, entry in enumerate(entries):
        if layout.facility(entry.values):
            by_category[entry.category].append(position)
    found: dict[str, list[Duplicate]] = defaultdict(list)
    for positions in by_category.values():
        facilities = [_facility(entries[position], layout) for position in positions]
        for one, two, likeness in pairs(facilities):
            left, right = positions[one], positions[two]
            if grouped.unions.apart(groups[left].chains[0].born, groups[right].chains[0].born):
                continue
            if likeness.reason != SAME_FACILITY and _told_apart(groups[left], groups[right]):
                continue
            for own, other in ((left, right), (right, left)):
                found[entries[own].id].append(
                    Duplicate(entries[own].id, entries[other].id, likeness.score, likeness.reason)
                )
    for proposed in found.values():
        proposed.sort(key=lambda duplicate: (-duplicate.score, duplicate.other))
    return found


def _facility(entry: Entry, layout: Layout) -> Facility:
    text = layout.facility(entry.values)
    rest = "\n".join(value for value in entry.values.values() if value != text)
    return take_apart(text, rest)


def _told_apart(one: Group, two: Group) -> bool:
    """Whether a reporter listed both side by side in one return: whoever writes Nord and Süd below each other means two."""

    def returns(chosen: Group) -> set[tuple[str, str, datetime]]:
        return {
            (said.return_id, said.reporter.key, said.moment.at)
            for chain in chosen.chains
            for version in chain.versions
            if not version.row.blank
            for said in (version.statement.submission,)
        }

    return bool(returns(one) & returns(two))
