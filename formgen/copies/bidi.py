"""The order in which signs of a line are seen, after the Unicode Bidirectional Algorithm (UAX #9). Pure.

The implicit rules only: explicit embeddings and isolates are refused in names and ignored in values, which
people typed into plain form fields.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby

#: Whether a text holds anything that is written from right to left.
RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_IGNORED = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}
_NEUTRAL = {"B", "S", "WS", "ON"}
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_MIRRORED = _BRACKETS | {"«": "»", "‹": "›", "<": ">", "≤": "≥"}
_MIRRORED |= {closing: opening for opening, closing in _MIRRORED.items()}


def base_level(text: str) -> int:
    """0 where a paragraph runs from left to right, 1 where from right to left: its first letter rules (P2, P3)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"L", "R", "AL"}:
            return int(kind != "L")
    return 0


def levels(text: str, base: int) -> list[int]:
    """The embedding level of each character of a paragraph; -1 for what is not shown at all."""
    kinds = [unicodedata.bidirectional(character) or "L" for character in text]
    shown = [index for index, kind in enumerate(kinds) if kind not in _IGNORED]
    types = [kinds[index] for index in shown]
    _weak(types, base)
    _neutral(types, [text[index] for index in shown], base)
    found = [-1] * len(text)
    for index, kind in zip(shown, types, strict=True):
        found[index] = base + {"R": 1 - base, "L": base, "EN": 2 - base, "AN": 2 - base}[kind]
    return found


def _weak(types: list[str], base: int) -> None:
    """Rules W1 to W7."""
    start = "R" if base else "L"
    before = start
    for index, kind in enumerate(types):  # W1
        types[index] = before = before if kind == "NSM" else kind
    _numbers_after(types, start, {"AL"}, "AN")  # W2
    types[:] = ["R" if kind == "AL" else kind for kind in types]  # W3
    for index in range(1, len(types) - 1):  # W4
        left, kind, right = types[index - 1 : index + 2]
        if left == right and ((kind == "ES" and left == "EN") or (kind == "CS" and left in {"EN", "AN"})):
            types[index] = left
    _terminators(types)
    _numbers_after(types, start, {"L"}, "L")  # W7


def _numbers_after(types: list[str], strong: str, letters: set[str], become: str) -> None:
    """What European numbers become after the last letter before them, if that is one of `letters`."""
    for index, kind in enumerate(types):
        if kind in {"L", "R", "AL"}:
            strong = kind
        elif kind == "EN" and strong in letters:
            types[index] = become


def _terminators(types: list[str]) -> None:
    """Rules W5 and W6: `%` and the like belong to the number beside them, else they are neutral."""
    position = 0
    for kind, group in groupby(list(types)):
        length = len(list(group))
        if kind == "ET":
            after = types[position + length] if position + length < len(types) else ""
            beside = position and types[position - 1] == "EN"
            types[position : position + length] = ["EN" if beside or after == "EN" else "ON"] * length
        position += length
    types[:] = ["ON" if kind in {"ES", "CS"} else kind for kind in types]


def _neutral(types: list[str], characters: Sequence[str], base: int) -> None:
    """Rules N0 to N2."""
    own = "R" if base else "L"
    for first, last in _pairs(types, characters):
        inside = {_direction(kind) for kind in types[first + 1 : last]} - {""}
        before = next((found for kind in reversed(types[:first]) if (found := _direction(kind))), own)
        if own in inside:
            types[first] = types[last] = own
        elif inside:
            types[first] = types[last] = before if before in inside else own
    position = 0
    for neutral, group in groupby(list(types), key=_NEUTRAL.__contains__):
        length = len(list(group))
        if neutral:
            before = _direction(types[position - 1]) if position else own
            end = position + length
            after = _direction(types[end]) if end < len(types) else own
            types[position:end] = [before if before == after else own] * length
        position += length


def _direction(kind: str) -> str:
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind, "")


def _pairs(types: Sequence[str], characters: Sequence[str]) -> list[tuple[int, int]]:
    """Bracket pairs (BD16) in the order of their opening brackets."""
    stack: list[tuple[str, int]] = []
    found = []
    for index, character in enumerate(characters):
        if types[index] != "ON":
            continue
        if character in "([{":
            stack.append((_BRACKETS[character], index))
        elif character in ")]}":
            depth = next((at for at in range(len(stack) - 1, -1, -1) if stack[at][0] == character), None)
            if depth is not None:
                found.append((stack[depth][1], index))
                del stack[depth:]
    return sorted(found)


def visual(text: str, found: Sequence[int], base: int) -> list[int]:
    """The indexes of a line's characters from left to right (L1 to L3); `found` are its levels."""
    own = list(found)
    for index in range(len(own) - 1, -1, -1):  # L1
        if own[index] < 0:
            continue
        if unicodedata.bidirectional(text[index]) not in {"WS", "S", "B"}:
            break
        own[index] = base
    order = [index for index, level in enumerate(own) if level >= 0]
    for level in range(max(own, default=0), 0, -1):  # L2
        runs = groupby(order, key=lambda index, level=level: own[index] >= level)  # type: ignore[misc]
        order = [index for high, run in runs for index in (reversed(list(run)) if high else list(run))]
    return _marks_after_bases(text, order, own)


def _marks_after_bases(text: str, order: Sequence[int], own: Sequence[int]) -> list[int]:
    """L3: in a run from right to left a mark stands before its letter; a font's marks want to come after."""
    result: list[int] = []
    waiting: list[int] = []
    for index in order:
        if own[index] % 2 and unicodedata.combining(text[index]):
            waiting.append(index)
            continue
        result += [index, *reversed(waiting)]
        waiting = []
    return result + waiting


def mirrored(character: str) -> str:
    """The sign that stands for `character` in a run from right to left (L4)."""
    return _MIRRORED.get(character, character)
