"""How alike two facilities are: 0 to 100, and why.

Thresholds (measured on `tests/harvest/merge/pairs.toml`, see `test_similar.py`):

- `PROPOSE`: from here on two entries are proposed as duplicates. A proposal costs a person a glance, a missed one a
  doubled line in the register, so it leans towards proposing.
- `MATCH`: from here on a row of a newer return is taken for the row that the same reporter wrote before. Higher, since
  nobody looks at it; a miss shows as one missing and one new row, which loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

from harvest.merge.facility import CARRIERS, Facility, is_generic

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


_ALIKE = 84.0  # two words from here on are spellings of one


def _weight(word: str) -> float:
    if word.isdigit() or len(word) <= 2:
        return 0.5
    if word in CARRIERS:
        return 0.6
    return 0.35 if is_generic(word) else 1.0


def _shared(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[float, list[str], list[str]]:
    """The weight of the words that both have, in this or another spelling, and the words that remain."""
    weight = 0.0
    free = list(right)
    unmatched = []
    for word in left:
        if word in free:
            free.remove(word)
            weight += _weight(word)
        else:
            unmatched.append(word)
    rest_left = []
    for word in unmatched:
        best = max(free, key=lambda other: (fuzz.ratio(word, other), other), default=None)
        if best is not None and not word.isdigit() and len(word) > 3 and fuzz.ratio(word, best) >= _ALIKE:
            free.remove(best)
            weight += min(_weight(word), _weight(best)) * fuzz.ratio(word, best) / 100
        else:
            rest_left.append(word)
    return weight, rest_left, free


def _name_score(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    if not left or not right:
        return 0.0
    if left == right:
        return 100.0
    joined = fuzz.ratio("".join(left), "".join(right))  # compounds: "Kontakt Stelle", "Kontaktstelle"
    weight, only_left, only_right = _shared(left, right)
    lost_left, lost_right = sum(map(_weight, only_left)), sum(map(_weight, only_right))
    dice = 100 * 2 * weight / (2 * weight + lost_left + lost_right) if weight else 0.0
    # One name inside the other: "Die Brücke" and "Kontaktstelle Die Brücke Aachen".
    inside = (
        100 * weight / (weight + min(lost_left, lost_right)) - 8 * max(lost_left, lost_right)
        if weight >= 1
        else 0.0
    )
    score = max(dice, inside, joined if joined >= 90 else 0.0)
    if _contradict(only_left, only_right):
        score = min(score, 74.0)
    return score


def _contradict(only_left: list[str], only_right: list[str]) -> bool:
    """Whether each name has a word of its own that tells places apart: Nord and Süd, 3 and 4, Aachen and Düren."""

    def telling(words: list[str]) -> bool:
        return any(_weight(word) >= 0.5 and word not in CARRIERS for word in words)

    return telling(only_left) and telling(only_right)


def compare(left: Facility, right: Facility) -> Likeness:
    """How alike two facilities are; symmetric."""
    if right.key < left.key:
        left, right = right, left
    name = _name_score(left.name, right.name)
    same_street = bool(left.street) and left.street == right.street
    same_door = (
        same_street
        and left.number == right.number
        and left.postal in {"", right.postal} | ({left.postal} if not right.postal else set())
    )
    if name == 100 and same_door:
        return Likeness(100.0, SAME_FACILITY)
    apart = _apart(left, right, same_street=same_street)
    phone = bool(left.phones & right.phones)
    if phone and name >= 45:
        return Likeness(round(min(99.0, max(name, 82.0) + 5) - apart / 3, 1), SAME_PHONE)
    if same_door and name >= 40:
        return Likeness(round(min(99.0, name + (100 - name) * 0.45), 1), SAME_ADDRESS)
    if name == 100 and not apart:
        return Likeness(97.0, SAME_FACILITY)
    return Likeness(round(max(0.0, name - apart), 1), SIMILAR_NAME)


def _apart(left: Facility, right: Facility, *, same_street: bool) -> float:
    """What another address takes off. A facility may have moved, so the address alone never decides."""
    off = 0.0
    if left.postal and right.postal and left.postal != right.postal:
        off += 24 if left.postal[:2] != right.postal[:2] else 8
    if left.street and right.street and not same_street and fuzz.ratio(left.street, right.street) < _ALIKE:
        off += 10
    elif same_street and left.number and right.number and left.number != right.number:
        off += 5
    if left.town and right.town and fuzz.ratio(left.town, right.town) < _ALIKE:
        off += 12
    return off
