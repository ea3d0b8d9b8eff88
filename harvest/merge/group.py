"""Which chains are one entry: what people decided first, then what the returns themselves say.

Decisions are taken newest first, and an older one gives way where a newer one stands against it; so the result depends on
the decisions' own times only. Links that returns make (equal rows, prefilled ids) come last, oldest first: they never
part what a person joined, nor join what a person told apart, or a reporter in one return.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from harvest.merge.chains import Chain
from harvest.merge.facilities.equality import Content
from harvest.merge.facilities.union_find import Unions
from harvest.merge.fold import Folded, Link
from harvest.model import Decision, DecisionKind, HandDeletion


@dataclass(frozen=True, slots=True)
class Group:
    """The chains of one entry, the earliest first; `hidden` ones were deleted by hand."""

    chains: tuple[Chain, ...]
    hidden: frozenset[int]

    @property
    def id(self) -> str:
        """The entry's id: that of the earliest chain."""
        return self.chains[0].id

    @property
    def living(self) -> tuple[Chain, ...]:
        """The chains that still count."""
        if not self.hidden:
            return self.chains
        return tuple(chain for chain in self.chains if chain.born not in self.hidden)


@dataclass(frozen=True, slots=True)
class Grouped:
    """All groups in order of birth, and which pairs of them must not be proposed again."""

    groups: tuple[Group, ...]
    unions: Unions


def same_decisions(decisions: Iterable[Decision]) -> Mapping[str, set[str]]:
    """Entry id -> ids decided to be the same and not told apart later by the same two ids."""
    newest: dict[frozenset[str], Decision] = {}
    for decision in sorted(_pairs(decisions), key=_age):
        newest.setdefault(frozenset({decision.entry_id, decision.other}), decision)
    same: dict[str, set[str]] = defaultdict(set)
    for decision in newest.values():
        if decision.kind is DecisionKind.SAME:
            same[decision.entry_id].add(decision.other)
            same[decision.other].add(decision.entry_id)
    return same


def group(folded: Folded, decisions: Iterable[Decision], deletions: Iterable[HandDeletion]) -> Grouped:
    """Put the chains together to entries."""
    # `linked` also keeps apart what a reporter told apart; that is no decision, so such pairs may still be proposed.
    unions, linked = Unions(), Unions()
    links: list[Link] = []
    for decision in sorted(_pairs(decisions), key=_age):
        one, two = folded.owner.get(decision.entry_id), folded.owner.get(decision.other)
        if one is None or two is None or one.category != two.category:
            continue
        if decision.kind is DecisionKind.DIFFERENT:
            unions.forbid(one.born, two.born)
            linked.forbid(one.born, two.born)
        elif unions.join(one.born, two.born):
            linked.join(one.born, two.born)
            links.append(Link(decision.at, one.born, two.born))
    by_age = sorted(folded.links, key=lambda link: (link.at, link.one, link.two))
    for one_born, two_born in _told_apart(folded, by_age):
        linked.forbid(one_born, two_born)
    for link in by_age:
        if linked.join(link.one, link.two):
            unions.join(link.one, link.two)
            links.append(link)
    hidden = _hidden(folded, links, deletions)
    members: dict[int, list[Chain]] = defaultdict(list)
    for chain in folded.chains:
        members[unions.root(chain.born)].append(chain)
    groups = (Group(tuple(sorted(chains, key=_birth)), frozenset(hidden)) for chains in members.values())
    return Grouped(tuple(groups), unions)


def _told_apart(folded: Folded, links: Iterable[Link]) -> Iterator[tuple[int, int]]:
    """Chains that would be linked, and that one reporter listed side by side with different words in one return.

    A row may repeat what another one said before it was changed; whoever lists both means two.
    """
    said: dict[int, list[tuple[int, Content]]] = defaultdict(list)
    for born in sorted({born for link in links for born in (link.one, link.two)}):
        for version in folded.chains[born].versions:
            if not version.row.blank:
                said[id(version.statement)].append((born, version.content))
    for rows in said.values():
        for (one, content), (two, other) in combinations(rows, 2):
            if one != two and content != other:
                yield one, two


def _pairs(decisions: Iterable[Decision]) -> list[Decision]:
    kinds = {DecisionKind.SAME, DecisionKind.DIFFERENT}
    return [decision for decision in set(decisions) if decision.kind in kinds]


def _age(decision: Decision) -> tuple[float, str, str, str]:
    """Newest first; at the same moment "different" wins, which loses nothing."""
    ids = sorted((decision.entry_id, decision.other))
    return -decision.at.timestamp(), decision.kind.value, ids[0], ids[1]


def _birth(chain: Chain) -> tuple[datetime, bool, int]:
    return chain.since, bool(chain.hand), chain.born


def _hidden(folded: Folded, links: Iterable[Link], deletions: Iterable[HandDeletion]) -> set[int]:
    """Chains that were part of an entry when it was deleted.

    What joined the entry later is another reporter's word that nobody has deleted. So is what was joined in the same
    breath: whoever names two rows the same and removes one of them keeps the other.
    A row that was put back by hand after its deletion is there again.
    """
    by_chain: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        by_chain[link.one].append(link)
        by_chain[link.two].append(link)
    hidden: set[int] = set()
    for deletion in set(deletions):
        start = folded.owner.get(deletion.entry_id)
        if start is None:
            continue
        reached, todo = {start.born}, [start.born]
        while todo:
            for link in by_chain[todo.pop()]:
                fresh = {link.one, link.two} - reached if link.at < deletion.at else set()
                reached |= fresh
                todo.extend(fresh)
        hidden |= {born for born in reached if not _put_back(folded.chains[born], deletion)}
    return hidden


def _put_back(chain: Chain, deletion: HandDeletion) -> bool:
    return bool(chain.hand) and chain.hand[-1].at > deletion.at
