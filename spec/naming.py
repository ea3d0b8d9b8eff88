"""Names as people write them: in part, in capitals, without umlauts; what they can mean, and never a guess."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TypeVar

from spec.matching import Degree, alike_key, equal_key, fold

_Thing = TypeVar("_Thing")
#: Letters of a name's part; what is shorter stands in every other name.
_FEWEST = 3
#: Letters of a word that says by itself what is meant.
_LONG = 6


def meant(text: str, names: Mapping[_Thing, Iterable[str]]) -> tuple[_Thing, ...]:
    """All that `text` can mean: those that are called so; where none is, those in whose names it stands.

    Args:
        text: what somebody wrote.
        names: each thing and all that it is called.
    """
    its_names = {thing: tuple(its) for thing, its in names.items()}
    for key in (equal_key, alike_key):
        said = key(text)
        if said and (whole := tuple(it for it, its in its_names.items() if said in map(key, its))):
            return whole
    parts = {thing: [fold(name) for name in its] for thing, its in its_names.items()}
    wanted = fold(text)
    if len(wanted) < _FEWEST:
        return ()
    if found := tuple(thing for thing, its in parts.items() if any(wanted in name for name in its)):
        return found
    # where marks are left out, whole words only: a part of one would mean more than was said
    return tuple(thing for thing, its in its_names.items() if any(_has_words(name, text) for name in its))


def _has_words(name: str, text: str) -> bool:
    said = fold(text, Degree.ALIKE)
    return bool(said) and f" {said} " in f" {fold(name, Degree.ALIKE)} "


def like(text: str, names: Mapping[_Thing, Iterable[str]], least: float = 0.6) -> _Thing | None:
    """What `text` may be a slip for: the thing whose name, or a long word of it, is most like it.

    Args:
        text: what somebody wrote.
        names: each thing and all that it is called.
        least: how like, from 0 to 1.
    """
    spelt: dict[str, _Thing] = {}
    for thing, its in names.items():
        for name in (fold(one, Degree.ALIKE) for one in its):
            spelt.setdefault(name, thing)
    for thing, its in names.items():
        for word in (word for name in its for word in fold(name, Degree.ALIKE).split() if len(word) >= _LONG):
            spelt.setdefault(word, thing)
    near = difflib.get_close_matches(fold(text, Degree.ALIKE), spelt, n=1, cutoff=least)
    return spelt[near[0]] if near else None
