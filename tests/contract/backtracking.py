"""What a regular expression may have to try over and over: repeats without a bound whose work grows faster than the text.

Read out of the parsed pattern. Three shapes count: a repeat within a repeat; two repeats beside each other that take the
same letters; and a repeat that a search begins anew at each letter of what it takes. Possessive repeats, atomic groups
(Python 3.11) and repeats with a small bound try nothing over and over.
"""

from __future__ import annotations

import re
import re._constants as constants  # type: ignore[import-not-found, unused-ignore]
import re._parser as parser  # type: ignore[import-not-found, unused-ignore]
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

#: A repeat with a higher bound counts as one without.
MOST = 400
#: Letters that stand for all: what two repeats share is among them.
SAMPLE = [
    *map(chr, range(0x180)),
    *"\u00a0\u2013\u2014\u2010\u2019\u202f\u200b\u2028\u0430\u0660\u4e00\U0001f600",
]


@dataclass(frozen=True)
class Piece:
    """One step of a pattern on one way through it."""

    letters: frozenset[str]
    repeated: bool = False
    possessive: bool = False
    nullable: bool = False
    anchor: bool = False
    #: no match begins behind one of these letters
    guard: bool = False
    #: takes no letters, and may fail
    check: bool = False


@cache
def _matching(pattern: str, flags: int) -> frozenset[str]:
    compiled = re.compile(pattern, flags)
    return frozenset(one for one in SAMPLE if compiled.fullmatch(one))


def _in_set(items: Sequence[Any], flags: int) -> frozenset[str]:
    found: set[str] = set()
    negated = False
    for op, value in items:
        if op is constants.NEGATE:
            negated = True
        elif op is constants.LITERAL:
            found.add(chr(value))
        elif op is constants.RANGE:
            found |= {one for one in SAMPLE if value[0] <= ord(one) <= value[1]}
            found.add(chr(value[0]))
        elif op is constants.CATEGORY:
            found |= _category(value)
    if flags & re.IGNORECASE:
        found |= {other for one in found for other in (one.lower(), one.upper())}
    return frozenset(SAMPLE) - found if negated else frozenset(found)


def _category(value: Any) -> frozenset[str]:
    name = str(value)
    letter = "d" if "DIGIT" in name else "s" if "SPACE" in name else "w"
    return _matching(f"\\{letter.upper() if 'NOT' in name else letter}", 0)


def _letters(op: Any, value: Any, flags: int) -> frozenset[str] | None:
    if op is constants.LITERAL:
        return _in_set([(op, value)], flags)
    if op is constants.NOT_LITERAL:
        return frozenset(SAMPLE) - {chr(value)}
    if op is constants.ANY:
        return frozenset(SAMPLE) if flags & re.DOTALL else frozenset(SAMPLE) - {"\n"}
    if op is constants.IN:
        return _in_set(value, flags)
    return None


def _all_letters(items: Any, flags: int) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for op, value in items:
        one = _letters(op, value, flags)
        if one is not None:
            found |= one
        else:
            for inner in _inner(op, value):
                found |= _all_letters(inner, flags)
    return found


def _inner(op: Any, value: Any) -> list[Any]:
    if op in {constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT}:
        return [value[2]]
    if op is constants.SUBPATTERN:
        return [value[3]]
    if op is constants.BRANCH:
        return list(value[1])
    if op is constants.ATOMIC_GROUP:
        return [value]
    return []


def _unbounded(items: Any) -> bool:
    """Whether a repeat without a bound stands within, possessive ones apart."""
    for op, value in items:
        if op in {constants.MAX_REPEAT, constants.MIN_REPEAT} and value[1] > MOST:
            return True
        if op in {constants.POSSESSIVE_REPEAT, constants.ATOMIC_GROUP}:
            continue
        if any(_unbounded(inner) for inner in _inner(op, value)):
            return True
    return False


def _ways(items: Sequence[Any], flags: int) -> list[list[Piece]]:
    """The ways through a pattern, as pieces; at most some hundred of them."""
    ways: list[list[Piece]] = [[]]
    for op, value in items:
        more = _steps(op, value, flags)
        ways = [[*way, *step] for way in ways for step in more][:300]
    return ways


def _steps(op: Any, value: Any, flags: int) -> list[list[Piece]]:  # noqa: PLR0911 - one line for each kind of step
    letters = _letters(op, value, flags)
    if letters is not None:
        return [[Piece(letters)]]
    if op in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
        low, high, inside = value
        if high > MOST:
            return [[Piece(_all_letters(inside, flags), repeated=True, nullable=low == 0)]]
        once = _ways(inside, flags)
        return [*once, []] if low == 0 else once
    if op is constants.POSSESSIVE_REPEAT:
        return [[Piece(_all_letters(value[2], flags), possessive=value[1] > MOST, nullable=value[0] == 0)]]
    if op is constants.ATOMIC_GROUP:
        return [[Piece(_all_letters(value, flags), nullable=value.getwidth()[0] == 0)]]
    if op is constants.SUBPATTERN:
        return _ways(value[3], flags)
    if op is constants.BRANCH:
        return [way for branch in value[1] for way in _ways(branch, flags)]
    if op is constants.ASSERT_NOT and value[0] < 0:
        return [[Piece(_all_letters(value[1], flags), nullable=True, guard=True)]]
    if op is constants.AT and value in {constants.AT_BEGINNING_STRING, constants.AT_BEGINNING}:
        return [[Piece(frozenset(), nullable=True, anchor=True)]]
    if op in {constants.AT, constants.ASSERT, constants.ASSERT_NOT}:
        return [[Piece(frozenset(), nullable=True, check=True)]]
    return [[]]


def _nested(items: Any) -> Iterator[str]:
    for op, value in items:
        if op in {constants.MAX_REPEAT, constants.MIN_REPEAT} and value[1] > MOST and _unbounded(value[2]):
            yield "a repeat within a repeat"
        if op is not constants.POSSESSIVE_REPEAT:
            for inner in _inner(op, value):
                yield from _nested(inner)


def faults(pattern: re.Pattern[Any], *, searched: bool) -> set[str]:
    """What the pattern may try over and over; `searched`: it is looked for at every place of a text."""
    text = pattern.pattern
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    parsed = parser.parse(text, pattern.flags & ~re.UNICODE & ~re.DEBUG)
    flags = pattern.flags
    found = set(_nested(parsed))
    for way in _ways(parsed, flags):
        found |= set(_beside(way))
        if searched:
            found |= set(_begun_anew(way))
    return found


def _beside(way: list[Piece]) -> Iterator[str]:
    """Two repeats that can share out one run of letters between them in many ways."""
    for first, piece in enumerate(way):
        if not piece.repeated:
            continue
        shared = piece.letters
        for other in way[first + 1 :]:
            if other.anchor:
                break
            if other.guard or other.check:
                continue
            if other.repeated and shared & other.letters:
                yield f"two repeats share {_shown(shared & other.letters)}"
                break
            if not other.nullable:
                shared = shared & other.letters
                if not shared:
                    break


def _begun_anew(way: list[Piece]) -> Iterator[str]:
    """A repeat that is taken in, in vain, from each letter of one run of letters."""
    before: frozenset[str] | None = None
    guarded: frozenset[str] = frozenset()
    for number, piece in enumerate(way):
        if piece.anchor:
            return
        if piece.guard:
            guarded |= piece.letters if before is None else frozenset()
            continue
        if piece.check:
            continue
        shared = piece.letters if before is None else before & piece.letters
        if piece.repeated or piece.possessive:
            shared -= guarded
            behind = [one for one in way[number + 1 :] if one.check or not one.nullable]
            if shared and behind:
                yield f"begun anew at each {_shown(shared)}"
            return
        if not piece.nullable:
            before = shared
            if not before:
                return


def _shown(letters: frozenset[str]) -> str:
    first = min(letters, key=lambda one: (not one.isalnum(), one))
    return unicodedata.name(first, f"U+{ord(first):04X}").lower()
