"""Which entries may be one facility: proposed to the office, which decides.

Entries that name the same facility in the same words are one block: each member is proposed against the oldest of
them, so that n members make n - 1 proposals. Blocks are compared with each other by their oldest members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from harvest.merge.facilities.blocks import Index, pairs
from harvest.merge.facilities.facility_parts import Facility, take_apart
from harvest.merge.facilities.similarity import SAME_FACILITY, Likeness, compare
from harvest.merge.group import Group, Grouped
from harvest.merge.layout import Layout
from harvest.model import Duplicate, Entry

#: Positions of two entries, and how alike they are.
_Pair: TypeAlias = tuple[int, int, Likeness]


@dataclass(frozen=True, slots=True)
class Proposals:
    """Proposed pairs by entry id, best first; each pair stands under both its entries.

    Attributes:
        uncompared: entries that share name, address or telephone with so many others that they were compared with
            the nearest of them only.
    """

    by_entry: Mapping[str, Sequence[Duplicate]]
    uncompared: int = 0


def proposals(
    groups: Sequence[Group], entries: Sequence[Entry], grouped: Grouped, layout: Layout
) -> Proposals:
    """What may be one facility within each category; `groups` and `entries` go side by side, the oldest first."""
    by_category: dict[str, list[int]] = defaultdict(list)
    for position, entry in enumerate(entries):
        if layout.facility(entry.values):
            by_category[entry.category].append(position)
    proposing = _Proposing(groups, grouped)
    found: dict[str, list[Duplicate]] = defaultdict(list)
    left_out = 0
    for positions in by_category.values():
        facilities = {position: _facility(entries[position], layout) for position in positions}
        oldest, within = proposing.blocks(facilities)
        index = Index([facilities[position] for position in oldest])
        between = proposing.between(oldest, index)
        for one, two, likeness in (*within, *between):
            for own, other in ((one, two), (two, one)):
                found[entries[own].id].append(
                    Duplicate(entries[own].id, entries[other].id, likeness.score, likeness.reason)
                )
        left_out += index.uncompared
    for proposed in found.values():
        proposed.sort(key=lambda duplicate: (-duplicate.score, duplicate.other))
    return Proposals(found, left_out)


class _Proposing:
    """Proposes pairs of one category that nobody has told apart."""

    def __init__(self, groups: Sequence[Group], grouped: Grouped) -> None:
        self._groups = groups
        self._grouped = grouped

    def blocks(self, facilities: Mapping[int, Facility]) -> tuple[list[int], list[_Pair]]:
        """The oldest of each block of entries with the same name and address, and each other member beside it.

        A member that somebody told apart from the oldest begins a block of its own.
        """
        heads: dict[str, list[int]] = defaultdict(list)
        within: list[_Pair] = []
        for position, facility in facilities.items():
            for head in heads[facility.key]:
                if not self._apart(head, position):
                    likeness = compare(facilities[head], facility)
                    within.append((head, position, likeness))
                    break
            else:
                heads[facility.key].append(position)
        return sorted(position for same in heads.values() for position in same), within

    def between(self, positions: Sequence[int], index: Index) -> Iterator[_Pair]:
        """Pairs of blocks, by the oldest member of each; `index` holds those at `positions`."""
        for one, two, likeness in pairs(index):
            left, right = positions[one], positions[two]
            if self._apart(left, right):
                continue
            if likeness.reason != SAME_FACILITY and _told_apart(self._groups[left], self._groups[right]):
                continue
            yield left, right, likeness

    def _apart(self, one: int, two: int) -> bool:
        left, right = self._groups[one].chains[0].born, self._groups[two].chains[0].born
        return self._grouped.unions.apart(left, right)


def _facility(entry: Entry, layout: Layout) -> Facility:
    text = layout.facility(entry.values)
    rest = "\n".join(value for value in entry.values.values() if value != text)
    return take_apart(text, rest)


def _told_apart(one: Group, two: Group) -> bool:
    """Whether a reporter listed both side by side in one return: whoever writes Nord and Süd below each other means two."""

    def returns(chosen: Group) -> set[tuple[str, str, datetime]]:
        return {
            (said.return_id, said.reporter.who, said.moment.at)
            for chain in chosen.chains
            for version in chain.versions
            if not version.row.blank
            for said in (version.statement.submission,)
        }

    return bool(returns(one) & returns(two))
