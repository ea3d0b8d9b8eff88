"""Which facilities are worth comparing: those that share a telling word, an address or a telephone number.

Comparing everything with everything grows with the square. A block holds the facilities that share one key; a block of
more than `CROWDED` says too little where the key is a word (every "Caritas"): such facilities meet in the blocks of their
other keys. Where it is a whole name, an address or a telephone number, each is compared with those in the block whose
names are nearest, and how many that concerns is told (`uncompared`). So the work per facility has a bound.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from harvest.merge.facilities.facility_parts import Facility, is_generic, stem
from harvest.merge.facilities.similarity import (
    PROPOSE,
    Likeness,
    at_one_door,
    compare,
    hopeless,
    telling_words,
)

CROWDED = 60
#: First signs of the keys that tell by themselves that two may be one: whole name, address, telephone number.
_STRONG = frozenset("=@+")


def keys_of(facility: Facility) -> Iterator[str]:
    """The blocks that a facility belongs to."""
    telling = [word for word in facility.name if len(word) > 2 and not is_generic(word)]
    if facility.street:
        yield f"@{facility.street}{facility.number}"
    for phone in facility.phones:
        yield f"+{phone}"
    yield f"={' '.join(sorted(facility.name))}"
    for word in telling:
        # The first four letters survive most misspellings and endings.
        yield f"w{word[:4]}"
        if facility.postal:
            yield f"p{facility.postal[:3]}{word[:4]}"
    for one, two in combinations(sorted({word[:5] for word in facility.name if len(word) > 2})[:8], 2):
        yield f"2{one}{two}"
    if facility.postal:
        yield f"z{facility.postal}"


class Index:
    """Facilities by block. Positions are those of the sequence it was made from."""

    def __init__(self, facilities: Sequence[Facility]) -> None:
        self.facilities = facilities
        # The telling words, without the facility's own town: see `similar._without_town`.
        self._towns = [stem(facility.town) for facility in facilities]
        self._words = [
            telling_words(facility) - {town} for facility, town in zip(facilities, self._towns, strict=True)
        ]
        self._blocks: dict[str, list[int]] = defaultdict(list)
        for position, facility in enumerate(facilities):
            for key in keys_of(facility):
                self._blocks[key].append(position)
        self._by_name: dict[str, list[tuple[str, int]]] = {}

    def candidates(self, facility: Facility, after: int = -1) -> list[int]:
        """Positions beyond `after` worth comparing with `facility`, in ascending order."""
        found: set[int] = set()
        for key in keys_of(facility):
            block = self._blocks.get(key)
            if block is None or block[-1] <= after:
                continue
            if len(block) <= CROWDED:
                found.update(block if after < 0 else block[bisect_right(block, after) :])
            elif key[0] in _STRONG:
                found.update(position for position in self._nearest(key, facility) if position > after)
        return sorted(found)

    def _nearest(self, key: str, facility: Facility) -> Iterator[int]:
        """The positions of a crowded block whose names stand next to the facility's, were they sorted."""
        if key not in self._by_name:
            self._by_name[key] = sorted(
                (self.facilities[position].key, position) for position in self._blocks[key]
            )
        by_name = self._by_name[key]
        place = bisect_left(by_name, (facility.key, -1))
        near = by_name[max(0, place - CROWDED // 2) : place + CROWDED // 2]
        return (position for _, position in near)

    @property
    def uncompared(self) -> int:
        """How many facilities stand in a crowded block of a whole name, an address or a telephone number."""
        return len(
            {
                position
                for key, block in self._blocks.items()
                if key[0] in _STRONG and len(block) > CROWDED
                for position in block
            }
        )

    def like(self, facility: Facility, least: float = PROPOSE, after: int = -1) -> list[tuple[int, Likeness]]:
        """Positions beyond `after` at least this much like `facility`, in ascending order."""
        words, town = telling_words(facility), stem(facility.town)
        own = words - {town}
        found = []
        for position in self.candidates(facility, after):
            theirs, elsewhere = self._words[position], self._towns[position]
            if elsewhere != town:
                near = not hopeless(own - {elsewhere}, theirs - {town})
            else:
                near = not hopeless(own, theirs)
            other = self.facilities[position]
            if near or _same_place(facility, other):
                likeness = compare(facility, other)
                if likeness.score >= least:
                    found.append((position, likeness))
        return found


def _same_place(one: Facility, two: Facility) -> bool:
    same_street = bool(one.street) and one.street == two.street
    return same_street or not one.phones.isdisjoint(two.phones) or at_one_door(one, two)


def pairs(index: Index, least: float = PROPOSE) -> Iterable[tuple[int, int, Likeness]]:
    """Every two positions that are alike enough, each pair once, smaller position first."""
    for position, facility in enumerate(index.facilities):
        for other, likeness in index.like(facility, least, after=position):
            yield position, other, likeness
