"""Which facilities are worth comparing: those that share a telling word, an address or a telephone number.

Comparing everything with everything grows with the square. A block holds the facilities that share one key; a block of
more than `CROWDED` says too little (every "Caritas") and is read only together with a second key, so the work per facility has a bound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from rapidfuzz import fuzz

from harvest.merge.facility import Facility, is_generic
from harvest.merge.similar import PROPOSE, Likeness, compare

CROWDED = 60
#: Names whose letters are further apart than this (0 to 100) are no pair, unless address or telephone say so.
#: The furthest pair of `pairs.toml` that the names alone decide stands at 61.
FAR = 55.0


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
        self._facilities = facilities
        self._names = [" ".join(facility.name) for facility in facilities]
        self._blocks: dict[str, list[int]] = defaultdict(list)
        for position, facility in enumerate(facilities):
            for key in keys_of(facility):
                self._blocks[key].append(position)

    def candidates(self, facility: Facility) -> list[int]:
        """Positions worth comparing with `facility`, in ascending order."""
        found: set[int] = set()
        for key in keys_of(facility):
            block = self._blocks.get(key, ())
            if len(block) <= CROWDED:
                found.update(block)
        return sorted(found)

    def like(self, facility: Facility, least: float = PROPOSE, after: int = -1) -> list[tuple[int, Likeness]]:
        """Positions beyond `after` at least this much like `facility`, in ascending order."""
        name = " ".join(facility.name)
        found = []
        for position in self.candidates(facility):
            if position <= after:
                continue
            other = self._facilities[position]
            # Most candidates share a common word and nothing else: a look at the letters is a tenth of a comparison.
            near = fuzz.token_set_ratio(name, self._names[position], score_cutoff=FAR)
            if not near and not _same_place(facility, other):
                continue
            likeness = compare(facility, other)
            if likeness.score >= least:
                found.append((position, likeness))
        return found


def _same_place(one: Facility, two: Facility) -> bool:
    return bool(one.street and one.street == two.street) or not one.phones.isdisjoint(two.phones)


def pairs(facilities: Sequence[Facility], least: float = PROPOSE) -> Iterable[tuple[int, int, Likeness]]:
    """Every two positions that are alike enough, each pair once, smaller position first."""
    index = Index(facilities)
    for position, facility in enumerate(facilities):
        for other, likeness in index.like(facility, least, after=position):
            yield position, other, likeness
