"""When two names mean the same, and where a name stands in a text: one definition for both sides.

| degree | makes no difference | example |
| --- | --- | --- |
| equal | case, ß, ä/ae, blanks, hyphens, punctuation, apostrophes, marks that nobody sees, composition, the spelling of legal forms | `Köln` and `KOELN`, `Haus e.V.` and `Haus e. V.` |
| alike | besides: marks on letters, letters that other alphabets have beside ours, the order of words | `Łukasz Żak` and `Zak, Lukasz` |

What is equal is taken as one; what is only alike is shown to a person and asked. A folded text keeps the way back to
the places of the original, since folding changes lengths (ß is ss).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from typing import NamedTuple


class Degree(Enum):
    """How much may differ."""

    EQUAL = "equal"
    ALIKE = "alike"


class Span(NamedTuple):
    """A part of a text: from `start` up to, not including, `end`."""

    start: int
    end: int


_APOSTROPHES = frozenset("'’‘‛`´ʼʻʹʽʾʿˈ＇")
_TATWEEL = "ـ"
# signs of punctuation in Unicode's eyes that tell one text from another: addresses, numbers, per cent
_TELLING = frozenset("@#%*§")
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ı": "i"}
# letters that Unicode does not take apart, and those that keyboards of neighbouring languages mix up
_BESIDE_OURS = {
    "ł": "l", "đ": "d", "ø": "o", "æ": "a", "œ": "o", "ð": "d", "þ": "th", "ħ": "h", "ŋ": "n", "ŧ": "t", "ĸ": "k", "ə": "e",
    "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ھ": "ه", "ہ": "ه", "ە": "ه", "ґ": "г", "ё": "е", "є": "е", "ї": "и", "і": "и",
}  # fmt: skip

_BLANKS = re.compile(" {2,}")
_DIGRAPH = re.compile("([aou])e")
#: Legal forms as they come out of folding, each spelling -> one.
_FORMS = {
    "e v": "ev",
    "eingetragener verein": "ev",
    "g gmbh": "ggmbh",
    "g g m b h": "ggmbh",
    "gemeinnuetzige gmbh": "ggmbh",
    "gemeinnuetzige gesellschaft mbh": "ggmbh",
    "g m b h": "gmbh",
    "gesellschaft mbh": "gmbh",
    "g ug": "gug",
    "gemeinnuetzige ug": "gug",
    "e g": "eg",
    "a oe r": "aoer",
    "k d oe r": "kdoer",
    "gmbh und co": "gmbh co",
}
_FORM = re.compile(
    "(?<![^ ])(?:" + "|".join(sorted(map(re.escape, _FORMS), key=len, reverse=True)) + ")(?![^ ])"
)


def _equal_character(character: str) -> str:
    """What is left of one character of a composed text where texts are compared as equal."""
    if character in _APOSTROPHES or character == _TATWEEL or unicodedata.category(character) == "Cf":
        return ""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", character).casefold())
    # İ is a capital i
    return "".join(map(_plain_character, folded.replace("i\u0307", "i")))


def _plain_character(character: str) -> str:
    if character in _UMLAUTS:
        return _UMLAUTS[character]
    if character.isalnum():
        digit = unicodedata.decimal(character, None)
        return character if digit is None else str(digit)
    category = unicodedata.category(character)
    if category == "Cf" or character in _APOSTROPHES or "\ufe00" <= character <= "\ufe0f":
        return ""
    separates = category[0] in "ZCP" and character not in _TELLING
    return " " if separates else character


def _alike_character(character: str) -> str:
    """What is left of it where texts are compared as alike."""
    bare = (
        one
        for folded in _equal_character(character)
        for one in unicodedata.normalize("NFKD", _BESIDE_OURS.get(folded, folded))
        if not unicodedata.combining(one)
    )
    return "".join(_BESIDE_OURS.get(one, one) for one in bare)


class _Table(dict[int, str]):
    """Characters and what folding leaves of them, each worked out once."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> str:
        self[code] = left = self._rule(chr(code))
        return left


_TABLES = {Degree.EQUAL: _Table(_equal_character), Degree.ALIKE: _Table(_alike_character)}
_ASCII = "".join(map(chr, range(128)))


def _steps(degree: Degree) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]:
    """What follows the folding of characters, in order."""
    return (
        (_BLANKS, lambda _: " "),
        (_FORM, lambda found: _FORMS[found[0]]),
        *(((_DIGRAPH, lambda found: found[1]),) if degree is Degree.ALIKE else ()),
    )


_STEPS = {degree: _steps(degree) for degree in Degree}


@cache
def _plain_table(degree: Degree) -> tuple[bytes, bytes]:
    """What folding leaves of each sign of ASCII, one sign for one, and the signs of which it leaves nothing."""
    left = [(sign, sign.translate(_TABLES[degree])) for sign in _ASCII]
    table = bytes(ord(to or "\0") for _, to in left).ljust(256, b"\0")
    return table, "".join(sign for sign, to in left if not to).encode("ascii")


def _characters(text: str, degree: Degree) -> str:
    """Each character of `text` as it is compared."""
    if text.isascii():
        # whole files are searched: a table of bytes is fifty times as fast
        return text.encode("ascii").translate(*_plain_table(degree)).decode("ascii")
    return unicodedata.normalize("NFC", text).translate(_TABLES[degree])


def fold(text: str, degree: Degree = Degree.EQUAL) -> str:
    """`text` as it is compared, in its own order of words; two that fold to the same are `degree`.

    Small letters and digits; one blank for whatever parts words; none at the ends.
    """
    folded = _characters(text, degree).strip()
    for pattern, left in _STEPS[degree]:
        if pattern is not _FORM or any(form in folded for form in _FORMS):
            folded = pattern.sub(left, folded)
    return folded


@lru_cache(maxsize=1 << 16)
def equal_key(name: str) -> str:
    """Two names with the same key are equal; empty where nothing that could be compared stands in it."""
    return fold(name)


@lru_cache(maxsize=1 << 16)
def alike_key(name: str) -> str:
    """Two names with the same key are alike: the order of their words and the marks on letters make no difference."""
    return " ".join(sorted(fold(name, Degree.ALIKE).split()))


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with the way back.

    Attributes:
        text: as `fold` gives it, with a blank kept at either end.
        places: for each of its characters, the part of the original that it stands for. Several characters may stand
            for one part (`ss` for ß), and one for a longer part (a blank for `, `).
    """

    text: str
    places: tuple[Span, ...]

    def original(self, start: int, end: int) -> Span | None:
        """The part of the original that the characters from `start` to `end` stand for.

        None where either end falls within what one part of the original became: a half ß is no letter.
        """
        if not 0 <= start < end <= len(self.text) or not (self._between(start) and self._between(end)):
            return None
        return Span(self.places[start].start, self.places[end - 1].end)

    def _between(self, place: int) -> bool:
        return place in {0, len(self.text)} or self.places[place - 1].end <= self.places[place].start


def folded(text: str, degree: Degree = Degree.EQUAL) -> Folded:
    """`text` folded, with the way back to its places."""
    table, signs, places = _TABLES[degree], list[str](), list[Span]()
    if _BELONGING.search(text) or not unicodedata.is_normalized("NFC", text):
        for span in _clusters(text):
            part = unicodedata.normalize("NFC", text[span.start : span.end]).translate(table)
            signs.append(part)
            places.extend([span] * len(part))
    else:  # most texts by far
        for place, part in enumerate(map(table.__getitem__, map(ord, text))):
            if part:
                signs.append(part)
                places.extend([Span(place, place + 1)] * len(part))
    result = Folded("".join(signs), tuple(places))
    for pattern, left in _STEPS[degree]:
        result = _replaced(result, pattern, left)
    return result


def _clusters(text: str) -> Iterator[Span]:
    """Each letter with the marks that belong to it, so that none is cut in two."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _belongs_to_the_one_before(text[place]):
            yield Span(start, place)
            start = place


#: Where a sign may belong to the one before it, in every block of Unicode that has such; a quick look that is wrong only
#: where it says yes.
_BELONGING = re.compile(
    r"[^\x00-\u02ff\u0370-\u0482\u048a-\u058f\u1e00-\u20cf\u20f1-\u2cee\u3040-\u3098\u309b-\ua66e\uac00-\ud7af\uf900-\ufaff\ufffd]"
)


@cache
def _belongs_to_the_one_before(character: str) -> bool:
    # the vowels and finals of Hangul compose with what stands before them, too
    return unicodedata.category(character) in {"Mn", "Mc", "Me"} or "\u1160" <= character <= "\u11ff"


def _replaced(text: Folded, pattern: re.Pattern[str], left: Callable[[re.Match[str]], str]) -> Folded:
    pieces, places, last = list[str](), list[Span](), 0
    for found in pattern.finditer(text.text):
        pieces.append(text.text[last : found.start()])
        places.extend(text.places[last : found.start()])
        whole = Span(text.places[found.start()].start, text.places[found.end() - 1].end)
        pieces.append(left(found))
        places.extend([whole] * len(pieces[-1]))
        last = found.end()
    if not last:
        return text
    return Folded("".join((*pieces, text.text[last:])), (*places, *text.places[last:]))


def find(text: str, name: str, degree: Degree = Degree.EQUAL) -> Iterator[Span]:
    """Where `name` stands in `text` as whole words, in the words' order; the parts of `text` that spell it.

    Each part folds to what `name` folds to. Of parts that overlap the first is told.
    """
    wanted = fold(name, degree)
    if wanted and wanted in fold(text, degree):
        yield from find_folded(folded(text, degree), wanted)


def find_folded(text: Folded, wanted: str) -> Iterator[Span]:
    """Where `wanted`, folded like `text`, stands in it as whole words."""
    place = text.text.find(wanted)
    while place >= 0:
        end = place + len(wanted)
        span = text.original(place, end) if _is_whole_word(text.text, place, end) else None
        if span is not None:
            yield span
        place = text.text.find(wanted, end if span is not None else place + 1)


def _is_whole_word(text: str, start: int, end: int) -> bool:
    before = start > 0 and _is_spaced(text[start - 1]) and _is_spaced(text[start])
    behind = end < len(text) and _is_spaced(text[end]) and _is_spaced(text[end - 1])
    return not (before or behind)


def _is_spaced(character: str) -> bool:
    """Whether words of such signs stand apart from others; Chinese ones do not."""
    return character.isalnum() and unicodedata.east_asian_width(character) != "W"
