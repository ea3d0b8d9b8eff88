"""Which row of a newer sheet is which row of the same reporter's older ones.

In this order, each step only among what the earlier ones left over:
1. the entry id that stood prefilled in the row, unless the row was overtyped with another facility
   while the known one stands word for word elsewhere on the sheet (rows moved down to insert one);
2. rows that say the same in every column;
3. rows that name the same facility (normalised name and address): the same row number first, then a pair that is
   alone on both sides; several that cannot be told apart stay apart, since keeping both loses nothing;
4. the most similar facility, from `similar.MATCH` up, best first; of equals the one with the same row number;
5. rows that name no facility but say the same otherwise;
6. an emptied row without an id: the known one that stood in that row of the same edition.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import NamedTuple

from harvest.merge.chains import Chain, Statement, Version
from harvest.merge.facilities.blocks import Index
from harvest.merge.facilities.equality import facility_key, key_of
from harvest.merge.facilities.facility_parts import Facility, take_apart
from harvest.merge.facilities.similarity import MATCH
from harvest.merge.layout import Layout
from harvest.model import Row

#: Row id written in the form -> the reporter's own chain that it means.
Resolve = Callable[[str], Chain | None]


class _Pair(NamedTuple):
    """A row (its index) and a chain (its birth) that are alike; sorts best first."""

    distance: float
    elsewhere: bool
    row: int
    chain: int


class Matcher:
    """Matches the rows of one statement to the chains of its reporter and category."""

    def __init__(
        self, statement: Statement, versions: tuple[Version, ...], chains: Iterable[Chain], layout: Layout
    ) -> None:
        self._statement = statement
        self._layout = layout
        self._rows = dict(enumerate(versions))
        self._chains = {chain.born: chain for chain in chains}
        self._unclear_rows: set[int] = set()
        self._unclear: set[int] = set()
        self.found: dict[int, Chain] = {}

    def run(self, resolve: Resolve) -> Mapping[int, Chain]:
        """Position of the version -> chain; what is left out is new."""
        self._by_id(resolve)
        self._by_content()
        self._by_facility()
        self._by_likeness()
        self._by_the_rest()
        self._by_number()
        return self.found

    def _take(self, index: int, chain: Chain) -> None:
        self.found[index] = chain
        del self._rows[index]
        del self._chains[chain.born]

    def _facility(self, row: Row) -> str:
        return self._layout.facility_cell(row.values)

    def _known(self, chain: Chain) -> str:
        return self._layout.facility(chain.texts())

    def _by_id(self, resolve: Resolve) -> None:
        named = {facility_key(self._facility(version.row)) for version in self._rows.values()}
        wanted: dict[int, list[tuple[bool, int]]] = defaultdict(list)
        for index, version in self._rows.items():
            chain = resolve(version.row.entry_id) if version.row.entry_id else None
            if chain is None or chain.born not in self._chains:
                continue
            known = facility_key(self._known(chain))
            own = facility_key(self._facility(version.row))
            if version.row.blank or own == known or not own or known not in named:
                wanted[chain.born].append((own != known, index))
        for born, rows in wanted.items():
            self._take(min(rows)[1], self._chains[born])

    def _by_content(self) -> None:
        known: dict[object, list[Chain]] = defaultdict(list)
        for chain in self._chains.values():
            known[chain.content].append(chain)
        for index, version in list(self._rows.items()):
            if version.content and (same := known.get(version.content)):
                chain = min(same, key=lambda chain: (_number(chain) != version.row.number, chain.born))
                same.remove(chain)
                self._take(index, chain)

    def _by_facility(self) -> None:
        rows: dict[str, list[int]] = defaultdict(list)
        chains: dict[str, list[Chain]] = defaultdict(list)
        for index, version in self._rows.items():
            if facility := self._facility(version.row):
                rows[take_apart(facility).key].append(index)
        for chain in self._chains.values():
            if facility := self._known(chain):
                chains[take_apart(facility).key].append(chain)
        for key, same in rows.items():
            self._pair_off(same, chains.get(key, []))

    def _pair_off(self, rows: list[int], chains: list[Chain]) -> None:
        """Pair rows and chains that name one facility."""
        by_number: dict[int, list[Chain]] = defaultdict(list)
        for chain in chains:
            by_number[_number(chain)].append(chain)
        if len(rows) > 1 or len(chains) > 1:
            for index in list(rows):
                same = by_number.get(self._rows[index].row.number, [])
                if len(same) == 1:
                    rows.remove(index)
                    chains.remove(same[0])
                    self._take(index, same.pop())
        if len(rows) == 1 and len(chains) == 1:
            self._take(rows[0], chains[0])
        elif rows and chains:
            self._unclear_rows.update(rows)
            self._unclear.update(chain.born for chain in chains)

    def _by_likeness(self) -> None:
        chains = [
            chain for chain in self._chains.values() if chain.born not in self._unclear and self._known(chain)
        ]
        rows = [
            index
            for index in self._rows
            if index not in self._unclear_rows and self._facility(self._rows[index].row)
        ]
        if not chains or not rows:
            return
        known = Index([self._parts(chain.texts()) for chain in chains])
        found = []
        for index in rows:
            row = self._rows[index].row
            texts = {column: value.text for column, value in row.values.items()}
            for position, likeness in known.like(self._parts(texts), MATCH):
                chain = chains[position]
                found.append(_Pair(-likeness.score, _number(chain) != row.number, index, chain.born))
        for _, level in groupby(sorted(found), key=lambda pair: (pair.distance, pair.elsewhere)):
            self._take_clear(list(level))

    def _take_clear(self, pairs: list[_Pair]) -> None:
        """Of equally good pairs, those that stand alone; the others can't be told apart and stay apart."""
        free = [pair for pair in pairs if pair.row in self._rows and pair.chain in self._chains]
        free = [
            pair for pair in free if pair.row not in self._unclear_rows and pair.chain not in self._unclear
        ]
        rows, chains = Counter(pair.row for pair in free), Counter(pair.chain for pair in free)
        for pair in free:
            if rows[pair.row] == 1 and chains[pair.chain] == 1:
                self._take(pair.row, self._chains[pair.chain])
            else:
                self._unclear_rows.add(pair.row)
                self._unclear.add(pair.chain)

    def _parts(self, texts: Mapping[str, str]) -> Facility:
        facility = self._layout.facility(texts)
        return take_apart(facility, "\n".join(text for _, text in sorted(texts.items()) if text != facility))

    def _by_the_rest(self) -> None:
        nameless = {
            index: dict(version.content)
            for index, version in self._rows.items()
            if version.content and not self._facility(version.row)
        }
        for index, said in nameless.items():
            for chain in list(self._chains.values()):
                known = {
                    column: key_of(column, text, self._layout.identifying)
                    for column, text in chain.texts().items()
                }
                if all(known.get(column) == key for column, key in said.items()):
                    self._take(index, chain)
                    break
                same_place = (
                    _number(chain) == self._rows[index].row.number and _edition(chain) == self._edition
                )
                if same_place and not self._known(chain):
                    self._take(index, chain)
                    break

    def _by_number(self) -> None:
        for index, version in list(self._rows.items()):
            if not version.row.blank or version.row.entry_id:
                continue
            for chain in self._chains.values():
                if _number(chain) == version.row.number and _edition(chain) == self._edition:
                    self._take(index, chain)
                    break

    @property
    def _edition(self) -> str:
        return self._statement.submission.edition


def _number(chain: Chain) -> int:
    return chain.versions[-1].row.number if chain.versions else 0


def _edition(chain: Chain) -> str:
    return chain.versions[-1].statement.submission.edition if chain.versions else ""
