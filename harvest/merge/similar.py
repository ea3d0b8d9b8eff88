"""How alike two facilities are: 0 to 100, and why.

Thresholds (measured on `tests/harvest/merge/pairs.toml`, see `test_similar.py`):

- `PROPOSE`: from here on two entries are proposed as duplicates. A proposal costs a person a glance, a missed one a
  doubled line in the register, so it leans towards proposing.
- `MATCH`: from here on a row of a newer return is taken for the row that the same reporter wrote before. Higher, since
  nobody looks at it; a miss shows as one missing and one new row, which loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from harvest.merge.facility import CARRIERS, Facility, is_generic, stem

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


_SPELLING = 0.84  # two words from here on are spellings of one
_NEAR = 0.7  # and from here on they may be
_TELLING_WEIGHT = 0.8
_DOUBT = 74.0  # names that contradict each other come no further, whatever else they share


@lru_cache(maxsize=1 << 16)
def _weight(word: str) -> float:
    if word.isdigit() or len(word) <= 2:
        return 0.5
    if word in CARRIERS:
        return 0.6
    return 0.35 if is_generic(word) else 1.0


def _alike(one: str, two: str) -> float:
    """How alike two words are, 0 to 1; an abbreviation is as good as its word."""
    short, long = sorted((one, two), key=len)
    if len(short) >= 5 and long.startswith(short):
        return 0.95
    return fuzz.ratio(one, two) / 100


def _shared(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[list[float], list[str], list[str]]:
    """The weights of the words that both have, in this or another spelling, and the words that remain."""
    weights = [_weight(word) for word in left if word in right]
    rest = [word for word in left if word not in right]
    free = [word for word in right if word not in left]
    only_left = []
    for word in rest:
        best = max(free, key=lambda other: (_alike(word, other), other), default=None)
        if best is not None and not word.isdigit() and len(word) > 3 and _alike(word, best) >= _SPELLING:
            free.remove(best)
            weights.append(min(_weight(word), _weight(best)) * _alike(word, best))
        else:
            only_left.append(word)
    # Compounds: "Laienhelfer Initiative", "Laienhelferinitiative".
    if only_left and free and fuzz.ratio("".join(only_left), "".join(free)) >= 100 * _SPELLING:
        weights.append(max(sum(map(_weight, only_left)), sum(map(_weight, free))))
        return weights, [], []
    return weights, only_left, free


@dataclass(frozen=True, slots=True)
class _Names:
    """How alike two names are, and whether each has a word of its own that tells places apart (Nord, Süd; 3, 4)."""

    score: float
    told_apart: bool = False


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
        # Spellings that are far from each other (Muhammad, Mohammed) leave it to address and telephone.
        near = max(_alike(one, two) for one in only_left for two in only_right) >= _NEAR
        return _Names(min(score, _DOUBT), told_apart=not near)
    # Where little is shared, kinds of service tell apart as well: "Caritas Wohnheim", "Caritas Tagesstätte".
    little = sum(weight >= _TELLING_WEIGHT for weight in weights) < 2
    return _Names(min(score, _DOUBT) if little and only_left and only_right else score)


def _telling(words: list[str]) -> bool:
    return any(_weight(word) >= 0.5 and word not in CARRIERS for word in words)


def _without_towns(left: Facility, right: Facility) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names without the town that either address names: some write it in the name, some only behind the postal code."""
    towns = {stem(town) for town in (left.town, right.town) if town}
    one = tuple(word for word in left.name if word not in towns)
    two = tuple(word for word in right.name if word not in towns)
    return (one, two) if one and two else (left.name, right.name)


def compare(left: Facility, right: Facility) -> Likeness:
    """How alike two facilities are; symmetric."""
    if right.key < left.key:
        left, right = right, left
    names = _names(*_without_towns(left, right))
    same_street = bool(left.street) and left.street == right.street
    same_door = (
        same_street
        and left.number == right.number
        and (left.postal == right.postal or not (left.postal and right.postal))
    )
    if names.score == 100 and same_door:
        return Likeness(100.0, SAME_FACILITY)
    apart = _apart(left, right, same_street=same_street)
    phone = bool(left.phones & right.phones)
    if names.told_apart:
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
    if (
        left.street
        and right.street
        and not same_street
        and fuzz.ratio(left.street, right.street) < 100 * _SPELLING
    ):
        off += 10
    elif same_street and left.number and right.number and left.number != right.number:
        off += 5
    if left.town and right.town and fuzz.ratio(left.town, right.town) < 100 * _SPELLING:
        off += 12
    return off
