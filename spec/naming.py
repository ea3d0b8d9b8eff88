"""Names as people write them: in part, in capitals, without umlauts; what they can mean, and never a guess."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TypeVar

_Thing = TypeVar("_Thing")
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "ı": "i"})
#: Letters of a name's part; what is shorter stands in every other name.
_FEWEST = 3
#: Letters of a word that says by itself what is meant.
_LONG = 6


def folded(name: str) -> str:
    """A name as names are compared: `Träger e. V.` and `TRAEGER e.V.` are one."""
    plain = unicodedata.normalize("NFC", name).casefold().translate(_LETTERS)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"\w+", bare))


def meant(text: str, names: Mapping[_Thing, Iterable[str]]) -> tuple[_Thing, ...]:
    """All that `text` can mean: those that are called so; where none is, those in whose names it stands.

    Args:
        text: what somebody wrote.
        names: each thing and all that it is called.
    """
    wanted = folded(text)
    if not wanted:
        return ()
    called = {thing: [folded(name) for name in its] for thing, its in names.items()}
    if whole := tuple(thing for thing, its in called.items() if wanted in its):
        return whole
    if len(wanted) < _FEWEST:
        return ()
    return tuple(thing for thing, its in called.items() if any(wanted in name for name in its))


def like(text: str, names: Mapping[_Thing, Iterable[str]], least: float = 0.6) -> _Thing | None:
    """What `text` may be a slip for: the thing whose name, or a long word of it, is most like it.

    Args:
        text: what somebody wrote.
        names: each thing and all that it is called.
        least: how like, from 0 to 1.
    """
    spelt: dict[str, _Thing] = {}
    for thing, its in names.items():
        for name in map(folded, its):
            spelt.setdefault(name, thing)
    for thing, its in names.items():
        for word in (word for name in its for word in folded(name).split() if len(word) >= _LONG):
            spelt.setdefault(word, thing)
    near = difflib.get_close_matches(folded(text), spelt, n=1, cutoff=least)
    return spelt[near[0]] if near else None
