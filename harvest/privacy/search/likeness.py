"""What is only alike to a name: other marks on letters, another order, names more or less, initials. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from harvest.privacy.search import telephone
from harvest.privacy.search.name_words import PARTING, given_and_family, is_person, straight
from harvest.privacy.search.pieces import pieces, prepared, variants
from spec.matching import Degree, Span, find_folded, fold

_SHORTEST = 3
#: Names of so many words are tried in every order.
_FEW_WORDS = 3
#: Letters of one name's part between two others that may be a middle name's: `Ida M. Wegmann`.
_MIDDLE = r"(?:[^\W\d_]{1,40} ){1,2}"
#: Shorter ones stand everywhere once blanks make no difference.
_SHORTEST_TIGHT = 7


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is alike to some names.

    Attributes:
        texts: folded texts.
        middle: patterns with room for middle names.
        tight: the names without their blanks, and patterns that find them whatever blanks they have.
        numbers: patterns of telephone numbers.
        rare: for each name, what has to stand in a folded text that holds it or what is alike.
    """

    texts: tuple[str, ...]
    middle: tuple[re.Pattern[str], ...]
    tight: tuple[tuple[str, re.Pattern[str]], ...]
    numbers: tuple[re.Pattern[str], ...]
    rare: tuple[str, ...]

    def may_stand(self, text: str) -> bool:
        """Whether it is worth asking further: a quick look that is wrong only where it says yes."""
        for variant in variants(text):
            plain = fold(variant, Degree.ALIKE)
            tight = plain.replace(" ", "")
            if any(one in plain for one in self.rare) or any(one in tight for one, _ in self.tight):
                return True
        return False

    def spans(self, text: str) -> Iterator[Span]:
        """Where any of it stands."""
        even = prepared(text)
        for pattern in self.numbers:
            yield from (Span(*found.span()) for found in pattern.finditer(even))
        for start, piece in pieces(even, Degree.ALIKE, self._may_hold):
            found = [span for one in self.texts if one in piece.text for span in find_folded(piece, one)]
            for pattern in (*self.middle, *(pattern for _, pattern in self.tight)):
                for hit in pattern.finditer(piece.text):
                    span = piece.original(*hit.span(1))
                    if span is not None and (
                        pattern not in self.middle
                        or _is_one_name(text[start + span.start : start + span.end])
                    ):
                        found.append(span)
            end = 0
            for one in sorted(found, key=lambda span: (span.start, -span.end)):
                if one.start >= end:
                    end = one.end
                    yield Span(start + one.start, start + one.end)

    def _may_hold(self, plain: str) -> bool:
        tight = plain.replace(" ", "")
        return (
            any(one in plain for one in self.texts)
            or any(one in tight for one, _ in self.tight)
            or any(one.search(plain) for one in self.middle)
        )


@lru_cache(maxsize=256)
def likeness(names: tuple[str, ...]) -> Likeness:
    """What is alike to these names."""
    texts: dict[str, None] = {}
    middle, numbers, rare = [], [], []
    tight: list[tuple[str, re.Pattern[str]]] = []
    for name in names:
        if telephone.is_number(name):
            numbers.append(telephone.extended(name))
            continue
        whole, words = fold(straight(name), Degree.ALIKE), straight(name).split()
        if len(whole.replace(" ", "")) < _SHORTEST:
            continue
        texts[whole] = None
        # a legal form is no last name
        if not is_person(words) or fold(straight(name)) != " ".join(map(fold, words)):
            rare.append(whole)
            continue
        parts = [fold(word, Degree.ALIKE) for word in words]
        rare.append(parts[-1])
        texts.update(dict.fromkeys(_texts(parts)))
        words = whole.split()
        first, last = re.escape(words[0]), re.escape(parts[-1])
        middle.append(re.compile(rf"(?<!\w)(?=({first} {_MIDDLE}{last})(?!\w))"))
        orders = {"".join(words), "".join((*parts[-1:], *parts[:-1])).replace(" ", "")}
        tight.extend(map(_tight, (one for one in sorted(orders) if len(one) >= _SHORTEST_TIGHT)))
    return Likeness(tuple(texts), tuple(middle), tuple(tight), tuple(numbers), tuple(rare))


def _tight(letters: str) -> tuple[str, re.Pattern[str]]:
    return letters, re.compile(rf"(?<!\w)({' ?'.join(letters)})(?!\w)")


def _texts(parts: list[str]) -> Iterator[str]:
    """The orders and shorter forms of a person's name, of which the last part is the last name."""
    yield from map(" ".join, _orders(parts))
    given, family = given_and_family(parts)
    words, last = " ".join(given).split(), " ".join(family)
    forms = (words[0], words[0][:1], " ".join(word[:1] for word in words))
    for one in forms:
        yield from (f"{one} {last}", f"{last} {one}")
    yield f"{parts[0]} {parts[-1]}"
    yield f"{' '.join(parts)}s"  # of whom something is


def _orders(words: list[str]) -> Iterator[tuple[str, ...]]:
    if len(words) <= _FEW_WORDS:
        yield from permutations(words)
    else:
        yield from ((*words[place:], *words[:place]) for place in range(len(words)))


def _is_one_name(text: str) -> bool:
    """Names have capitals, and no comma among them: `Ida und Wegmann` are two."""
    return PARTING.isdisjoint(text) and all(word[:1].isupper() for word in text.split())
