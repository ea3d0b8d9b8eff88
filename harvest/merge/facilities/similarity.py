"""How alike two facilities are: 0 to 100, and why.

Thresholds (measured on `tests/harvest/merge/pairs.toml`, see `test_similar.py`):

- `PROPOSE`: from here on two entries are proposed as duplicates. A proposal costs a person a glance, a missed one a
  doubled line in the register, so it leans towards proposing.
- `MATCH`: from here on a row of a newer return is taken for the row that the same reporter wrote before. Higher, since
  nobody looks at it; a miss shows as one missing and one new row, which loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from harvest.merge.facilities.facility_parts import CARRIERS, Facility, is_generic, stem

PROPOSE = 78.0
MATCH = 86.0

SAME_FACILITY = "same-facility"
SAME_PHONE = "same-phone"
SAME_ADDRESS = "same-address"
SIMILAR_NAME = "similar-name"
#: Every reason that a proposal can have; words in spec/words under `duplicate.<reason>`.
REASONS = (SAME_FACILITY, SAME_PHONE, SAME_ADDRESS, SIMILAR_NAME)


@dataclass(frozen=True, slots=True, order=True)
class Likeness:
    """Score 0 to 100 and the strongest reason for it."""

    score: float
    reason: str


_SPELLING = 84.0  # two words from here on are spellings of one
_SLIP = 90.0  # two streets from here on may be one, misspelt
_NEAR = 70.0  # and from here on they may be
_TELLING_WEIGHT = 0.8
_DOUBT = 74.0  # names that contradict each other come no further, whatever else they share


@lru_cache(maxsize=1 << 16)
def _weight(word: str) -> float:
    if word.isdigit() or len(word) <= 2:
        return 0.5
    if word in CARRIERS:
        return 0.6
    return 0.35 if is_generic(word) else 1.0


def _spelt(word: str, others: list[str]) -> tuple[str, float] | None:
    """Of `others` the word that is this one in another spelling, and how alike both are, 0 to 1."""
    for other in others:
        short, long = (word, other) if len(word) < len(other) else (other, word)
        if len(short) >= 5 and long.startswith(short):  # an abbreviation is as good as its word
            return other, 0.95
    best = process.extractOne(word, others, scorer=fuzz.ratio, score_cutoff=_SPELLING)
    return None if best is None else (best[0], best[1] / 100)


def _shared(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[list[float], list[str], list[str]]:
    """The weights of the words that both have, in this or another spelling, and the words that remain."""
    weights = [_weight(word) for word in left if word in right]
    free = [word for word in right if word not in left]
    only_left = []
    for word in left:
        if word in right:
            continue
        best = _spelt(word, free) if free and len(word) > 3 and not word.isdigit() else None
        if best is None:
            only_left.append(word)
        else:
            free.remove(best[0])
            weights.append(min(_weight(word), _weight(best[0])) * best[1])
    # Compounds: "Laienhelfer Initiative", "Laienhelferinitiative".
    several = len(only_left) + len(free) > 2
    if several and only_left and free and fuzz.ratio("".join(only_left), "".join(free)) >= _SPELLING:
        weights.append(max(sum(map(_weight, only_left)), sum(map(_weight, free))))
        return weights, [], []
    return weights, only_left, free


@dataclass(frozen=True, slots=True)
class _Names:
    """How alike two names are, and the words that tell them apart where each has one of its own (Nord, Süd; 3, 4)."""

    score: float
    only_left: Sequence[str] = ()
    only_right: Sequence[str] = ()

    @property
    def told_apart(self) -> bool:
        """Spellings that are near each other (Muhammad, Mohammed) leave it to address and telephone."""
        return bool(self.only_left) and not any(
            fuzz.ratio(one, two) >= _NEAR for one in self.only_left for two in self.only_right
        )


def _names(left: tuple[str, ...], right: tuple[str, ...]) -> _Names:
    if not left or not right:
        return _Names(0.0)
    if left == right:
        return _Names(100.0)
    joined = fuzz.ratio("".join(left), "".join(right))
    weights, only_left, only_right = _shared(left, right)
    weight, lost_left, lost_right = sum(weights), sum(map(_weight, only_left)), sum(map(_weight, only_right))
    dice = 100 * 2 * weight / (2 * weight + lost_left + lost_right) if weight else 0.0
    # One name inside the other: "Die Brücke" and "Kontaktstelle Die Brücke Aachen".
    inside = (
        100 * weight / (weight + min(lost_left, lost_right)) - 8 * max(lost_left, lost_right)
        if weight >= 1
        else 0.0
    )
    score = max(dice, inside, joined if joined >= 90 else 0.0)
    if _telling(only_left) and _telling(only_right):
        return _Names(min(score, _DOUBT), only_left, only_right)
    # Where little is shared, kinds of service tell apart as well: "Caritas Wohnheim", "Caritas Tagesstätte".
    little = sum(weight >= _TELLING_WEIGHT for weight in weights) < 2
    return _Names(min(score, _DOUBT) if little and only_left and only_right else score)


def _telling(words: list[str]) -> bool:
    return any(_weight(word) >= 0.5 and word not in CARRIERS for word in words)


def _without_town(own: Facility, other: Facility) -> tuple[str, ...]:
    """The name without the town: some write it in the name, some only behind the postal code.

    A town tells apart where the other says none at all.
    """
    towns = set()
    if own.town and (other.town or stem(own.town) in other.name):
        towns.add(stem(own.town))
    if other.town and not own.town:
        towns.add(stem(other.town))
    if towns.isdisjoint(own.name):
        return own.name
    return tuple(word for word in own.name if word not in towns) or own.name


def telling_words(facility: Facility) -> frozenset[str]:
    """The words of the name that tell which place it is."""
    return frozenset(word for word in facility.name if _telling([word]))


def hopeless(one: frozenset[str], two: frozenset[str]) -> bool:
    """Whether names with these telling words (towns left out) can't come near `PROPOSE`, before anything is counted.

    Most that stand in one block share a common word and differ in the one that counts.
    """
    left, right = one - two, two - one
    if not left or not right:
        return False
    for word in left:
        for other in right:
            if fuzz.ratio(word, other) >= _SPELLING or other.startswith(word) or word.startswith(other):
                return False
    # Compounds: one word here may be two there.
    return (
        len(left) + len(right) == 2
        or fuzz.ratio("".join(sorted(left)), "".join(sorted(right))) < _SPELLING - 20
    )


def at_one_door(one: Facility, two: Facility) -> bool:
    """Whether street, house number and, where both name one, postal code agree.

    With the same postal code a slip in the street's name is forgiven.
    """
    if not (one.street and two.street) or one.number != two.number:
        return False
    if one.street == two.street:
        return one.postal == two.postal or not (one.postal and two.postal)
    return bool(one.postal) and one.postal == two.postal and fuzz.ratio(one.street, two.street) >= _SLIP


def compare(left: Facility, right: Facility) -> Likeness:
    """How alike two facilities are; symmetric."""
    if right.key < left.key:
        left, right = right, left
    names = _names(_without_town(left, right), _without_town(right, left))
    same_street = bool(left.street) and left.street == right.street
    same_door = at_one_door(left, right)
    if names.score == 100 and same_door:
        return Likeness(100.0, SAME_FACILITY)
    apart = _apart(left, right, same_street=same_street)
    phone = not left.phones.isdisjoint(right.phones)
    if (phone or same_door) and names.told_apart:
        # One switchboard and one entrance serve many: what the names tell apart stays apart.
        return Likeness(round(max(0.0, names.score - apart), 1), SIMILAR_NAME)
    if phone and names.score >= 45:
        return Likeness(round(min(99.0, max(names.score, 82.0) + 5) - apart / 3, 1), SAME_PHONE)
    if same_door and names.score >= 40:
        return Likeness(round(min(99.0, names.score + (100 - names.score) * 0.45), 1), SAME_ADDRESS)
    if names.score == 100 and not apart:
        return Likeness(97.0, SAME_FACILITY)
    return Likeness(round(max(0.0, names.score - apart), 1), SIMILAR_NAME)


def _apart(left: Facility, right: Facility, *, same_street: bool) -> float:
    """What another address takes off. A facility may have moved, so the address alone never decides."""
    off = 0.0
    if left.postal and right.postal and left.postal != right.postal:
        off += 24 if left.postal[:2] != right.postal[:2] else 8
    if left.street and right.street and not same_street and fuzz.ratio(left.street, right.street) < _SPELLING:
        off += 10
    elif same_street and left.number and right.number and left.number != right.number:
        off += 5
    if left.town and right.town and fuzz.ratio(left.town, right.town) < _SPELLING:
        off += 12
    return off
