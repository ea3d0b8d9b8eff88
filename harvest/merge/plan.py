"""The merge: returns, decisions and hand edits in, the register out. No clock, no files, no memory of earlier runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from harvest.gc_pause import no_collection
from harvest.merge.answers import answers_of, nils_of
from harvest.merge.duplicate_proposals import proposals
from harvest.merge.entry import ByHand, build
from harvest.merge.facilities.facility_parts import fold
from harvest.merge.fold import Fold, Folded, Spoken, statements_of
from harvest.merge.group import Group, Grouped, group, same_decisions
from harvest.merge.halves import Part, wholes
from harvest.merge.layout import Layout
from harvest.merge.unread import typed_over, waiting
from harvest.model import (
    Check,
    Decision,
    DecisionKind,
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
    with no_collection():
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
        entries, uncompared = _entries(grouped, _by_hand(folded, changes, known), layout, unread)
        return Register(
            tuple(sorted(entries, key=lambda entry: _place(entry, layout))),
            nils_of(folded.statements, layout),
            tuple(sorted(one.id for one in grouped.groups if not one.living)),
            answers_of(folded.statements, layout),
            to_be,
            uncompared,
        )


def _entries(
    grouped: Grouped,
    by_hand: Mapping[int, ByHand],
    layout: Layout,
    unread: Mapping[str, tuple[Check, ...]],
) -> tuple[list[Entry], int]:
    """The entries, and how many of them were not compared with all that they might be."""
    living = [one for one in grouped.groups if one.living]
    entries = [build(one, _of_group(one, by_hand), layout, unread.get(one.id, ())) for one in living]
    proposed = proposals(living, entries, grouped, layout)
    by_entry = proposed.by_entry
    return [
        replace(entry, duplicates=tuple(by_entry.get(entry.id, ()))) for entry in entries
    ], proposed.uncompared


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
