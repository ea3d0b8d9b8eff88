"""Whom somebody names, and where they stand in a text. Pure.

Searched is in folded texts (`spec/matching.py`), and what is found are places in the original, so that what is found,
cut out and shown is one text. What is equal is taken; what is only alike is shown and asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from harvest.privacy.search import neighbours
from spec.errors import WrongInputError
from spec.matching import Degree, Folded, Span, find_folded, fold, folded

_SHORTEST = 3
#: Folded texts with their places are dear: longer ones are gone through in pieces that overlap by more than any name.
_PIECE, _OVERLAP = 1_000, 1_000
#: Letters of a word that a piece goes on for, so that it does not end within one.
_LONGEST_WORD = 500
#: Words of a person's name at most, and of names whose words are tried in every order.
_MOST_WORDS, _FEW_WORDS = 6, 3
#: Letters of one name's part between two others that may be a middle name's: `Ida M. Wegmann`.
_MIDDLE = r"(?:[^\W\d_]{1,40} ){1,2}"
#: What parts two persons, or the parts of a list, rather than the words of one name.
_PARTING = frozenset(',;/|:()[]{}<>=&!?"')
#: Spellings of a blank in addresses of the web; each is as long as what stands for it while it is searched.
_BLANKS = re.compile(r"%20|(?<=[^\W\d_])\+(?=[^\W\d_])")
_LINE_END = re.compile(r"(?<=\w)[-\u2010\u00ad][^\S\n]*+\n\s*+(?=\w)")
_UNSEEN = "\u200b"
#: of Arabic, Indic and other scripts
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_NUMBER = re.compile(r"\+?[\d\s()/.\u2010-\u2015-]+")
_FEWEST_DIGITS = 6
_SIGNS = r"[\s()/.\u00a0\u2010-\u2015-]*"
#: A telephone number or an address that stands so near to a name is likely theirs.
_BESIDE = 80
_DIALLED = re.compile(r"(?<![\w.])(?:\+|\(?0)[\d ()/.\u2010-\u2015-]{4,25}\d(?!\w)")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_DATE = re.compile(r"\d{1,2}\. ?\d{1,2}\. ?\d{2,4}")
#: What goes on with an address: `x.ida@haus.example` is another one than `ida@haus.example`.
_BEFORE_ADDRESS = frozenset(".-_+%")


@dataclass(frozen=True, slots=True)
class Who:
    """A name, address or number to be forgotten.

    Attributes:
        text: as it was asked for.
        names: the same, and what else is theirs.
    """

    text: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Who:
        """Whom a text names.

        Raises:
            WrongInputError: the text is so short that it would be found everywhere.
        """
        if not long_enough(text):
            raise WrongInputError(
                text, "This is too short: it would be found everywhere.", "Name the whole name or address."
            )
        return cls(_even(text), (_even(text),))

    def also(self, texts: Iterable[str]) -> Who:
        """The same, and these; those that are too short to be anybody's are left out."""
        more = (_even(text) for text in texts if long_enough(text))
        return Who(self.text, tuple(dict.fromkeys((*self.names, *more))))

    def named(self, text: str) -> bool:
        """Whether `text` is this name and nothing else."""
        even = text.strip()
        return any(fold(text[span.start : span.end]) == fold(even) for span in self.spans(text))

    def mentioned(self, text: str) -> bool:
        """Whether it stands somewhere in `text`."""
        return next(_found(text, self.names), None) is not None

    def spans(self, text: str) -> list[Span]:
        """Where it stands in `text`, in order; parts that overlap are one."""
        found = list(_found(text, self.names))
        straight = _joined(span for span, turned in found if not turned)
        # of "Ida Wegmann, Ida Obst" nothing but Ida Wegmann is hers
        return _joined((*straight, *(span for span, turned in found if turned and not _any(span, straight))))

    def without(self, text: str, mark: str) -> str:
        """`text` with `mark` wherever it stands."""
        for span in reversed(self.spans(text)):
            text = f"{text[: span.start]}{mark}{text[span.end :]}"
        return text

    def similar(self, text: str) -> Iterator[str]:
        """What stands in `text` and is only alike: other marks on letters, another order, middle names more or less."""
        if not any(part in fold(text, Degree.ALIKE) for part in _likeness(self.names).rare):
            return
        taken = self.spans(text)
        for found in _alike(text, self.names):
            span = neighbours.whole(text, found)
            if span is not None and not _any(found, taken):
                yield _even(text[span.start : span.end])

    def may_stand(self, text: str) -> bool:
        """Whether it is worth asking further: a quick look that is wrong only where it says yes."""
        if any(map(_is_number, self.names)):
            return True
        likeness = _likeness(self.names)
        if len(likeness.rare) < len(self.names):
            return True
        return any(
            rare in fold(variant, Degree.ALIKE) for variant in _variants(text) for rare in likeness.rare
        )

    def beside(self, text: str, *, anywhere: bool = False) -> Iterator[str]:
        """Telephone numbers and addresses of mail that stand near to it, or `anywhere`, and are not taken themselves."""
        spans = self.spans(text)
        for found in _reachable(text) if spans or anywhere else ():
            near = anywhere or any(
                found.start - _BESIDE <= one.end and one.start <= found.end + _BESIDE for one in spans
            )
            if near and not _any(found, spans):
                yield _even(text[found.start : found.end])


def long_enough(text: str) -> bool:
    """Whether it can be somebody's: what is shorter is found everywhere."""
    return len("".join(_even(text).split())) >= _SHORTEST


def _reachable(text: str) -> Iterator[Span]:
    """Where somebody's telephone number or address of mail stands."""
    for found in _DIALLED.finditer(text):
        if sum(map(str.isdigit, found[0])) >= _FEWEST_DIGITS and not _DATE.fullmatch(found[0]):
            yield Span(*found.span())
    yield from (Span(*found.span()) for found in _ADDRESS.finditer(text) if "@" in text)


def _even(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


# ---------------------------------------------------------------- equal


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A name as it is searched, folded.

    Attributes:
        text: what has to stand there.
        last: where it is the name's other order, what has to stand before the comma; else empty.
        loose: whether signs that part persons may stand between its words.
        address: whether it is one of e-mail.
        stopped: whether it ends with a full stop.
        hyphened: whether hyphens belong to it.
        dotted: whether full stops or dashes do.
    """

    text: str
    last: str = ""
    loose: bool = False
    address: bool = False
    stopped: bool = False
    hyphened: bool = False
    dotted: bool = False

    def fits(self, whole: str, span: Span) -> bool:
        """Whether the part of the original that folds to this is one."""
        part = whole[span.start : span.end]
        if self.last:
            before, comma, behind = part.partition(",")
            turned = bool(comma) and fold(before) == self.last and _PARTING.isdisjoint(behind)
            return turned and neighbours.alone(whole, span)
        if self.address:
            after = whole[span.end : span.end + 2]
            goes_on = after[:1] in {".", "-"} and after[1:].isalnum()
            return not goes_on and (span.start == 0 or whole[span.start - 1] not in _BEFORE_ADDRESS)
        if neighbours.joined(whole, span) and (self.hyphened or not neighbours.has_hyphen(part)):
            return False
        return self.loose or (_PARTING.isdisjoint(part) and (self.dotted or not neighbours.parted(part)))


@lru_cache(maxsize=256)
def _spellings(names: tuple[str, ...]) -> tuple[tuple[_Spelling, ...], tuple[re.Pattern[str], ...]]:
    found: dict[_Spelling, None] = {}
    numbers = []
    for name in names:
        if _is_number(name):
            numbers.append(re.compile(_number(name)))
            continue
        straight = _straight(name)
        loose = not _PARTING.isdisjoint(straight)
        found[
            _Spelling(
                fold(straight),
                loose=loose,
                address="@" in name,
                stopped=straight.endswith("."),
                hyphened=neighbours.has_hyphen(straight),
                dotted="." in straight or neighbours.parted(straight),
            )
        ] = None
        for last, first in _turned(straight):
            found[_Spelling(fold(f"{last} {first}"), last=fold(last))] = None
    found.pop(_Spelling(""), None)
    return tuple(one for one in found if one.text), tuple(numbers)


def _straight(name: str) -> str:
    """`Wegmann, Ida` is Ida Wegmann."""
    last, comma, first = name.partition(",")
    turned = f"{first} {last}".split()
    return " ".join(turned) if comma and first.strip() and _is_person(turned) else name


def _is_person(words: list[str]) -> bool:
    letters = "".join(words)
    return (
        2 <= len(words) <= _MOST_WORDS
        and "@" not in letters
        and not any(map(str.isdigit, letters))
        and _PARTING.isdisjoint(letters)
    )


def _turned(name: str) -> Iterator[tuple[str, str]]:
    """The name's other orders, as lists have them: what stands before the comma and what behind it."""
    words = name.split()
    if _is_person(words):
        for place in range(1, len(words)):
            yield " ".join(words[place:]), " ".join(words[:place])


def _any(span: Span, others: Iterable[Span]) -> bool:
    return any(span.start < one.end and one.start < span.end for one in others)


def _found(text: str, names: tuple[str, ...]) -> Iterator[tuple[Span, bool]]:
    """Where they stand, and whether in the other order."""
    spellings, numbers = _spellings(names)
    even = _prepared(text)
    for pattern in numbers:
        yield from ((Span(*found.span()), False) for found in pattern.finditer(even))
    for variant in _variants(even):
        plain = fold(variant)
        wanted = [one for one in spellings if one.text in plain]
        texts = tuple(one.text for one in wanted)
        for start, piece in _pieces(variant, Degree.EQUAL, lambda plain: any(one in plain for one in texts)):  # noqa: B023
            for one in wanted:
                for span in find_folded(piece, one.text):
                    whole = _with_stop(text, Span(start + span.start, start + span.end), one)
                    if one.fits(text, whole):
                        yield whole, bool(one.last)


def _with_stop(text: str, span: Span, name: _Spelling) -> Span:
    """The full stop of `e. V.` goes with it."""
    stops = name.stopped and text[span.end : span.end + 1] == "."
    return Span(span.start, span.end + 1) if stops else span


def _prepared(text: str) -> str:
    """`text`, as long as it is, with digits as they are dialled and blanks as blanks."""
    if not text.isascii():
        text = _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)
    return _BLANKS.sub(lambda found: " " * len(found[0]), text) if "%20" in text or "+" in text else text


def _variants(text: str) -> Iterator[str]:
    """The text; and, as long as that, with the words whole that the ends of lines part."""
    yield text
    if _LINE_END.search(text):
        yield _LINE_END.sub(lambda found: _UNSEEN * len(found[0]), text)


def _pieces(text: str, degree: Degree, may_hold: Callable[[str], bool]) -> Iterator[tuple[int, Folded]]:
    """The pieces of a text in which somebody may stand, folded with the way back, which is the dear part."""
    for start in range(0, max(len(text), 1), _PIECE):
        begin = max(start - _OVERLAP, 0)
        # a piece begins and ends where a word does, else half a word would be taken for a whole one
        least, end = max(begin - _LONGEST_WORD, 0), min(start + _PIECE, len(text))
        while begin > least and text[begin - 1].isalnum():
            begin -= 1
        most = min(end + _LONGEST_WORD, len(text))
        while end < most and text[end].isalnum():
            end += 1
        if may_hold(fold(text[begin:end], degree)):
            yield begin, folded(text[begin:end], degree)


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


# ---------------------------------------------------------------- alike


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What is alike: folded texts, patterns with room for middle names, and what has to stand in a text that holds any."""

    texts: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    rare: tuple[str, ...]

    def may_stand(self, plain: str) -> bool:
        """Whether any of it may stand in a folded text."""
        return any(one in plain for one in self.texts) or any(one.search(plain) for one in self.patterns)


@lru_cache(maxsize=256)
def _likeness(names: tuple[str, ...]) -> _Likeness:
    texts: dict[str, None] = {}
    patterns, rare = [], []
    for name in names:
        whole = fold(_straight(name), Degree.ALIKE)
        words = _straight(name).split()
        if _is_number(name) or not long_enough(whole):
            continue
        texts[whole] = None
        if not _is_person(words) or fold(name) != " ".join(map(fold, words)):  # a legal form is no last name
            rare.append(whole)
            continue
        parts = [fold(word, Degree.ALIKE) for word in words]
        first, last = parts[0], parts[-1]
        rare.append(last)
        texts.update(dict.fromkeys(map(" ".join, _orders(parts))))
        texts.update(dict.fromkeys((f"{first} {last}", f"{last} {first}", f"{first[:1]} {last}")))
        texts[f"{whole}s"] = None  # of whom something is
        patterns.append(re.compile(rf"(?<!\w)(?=({re.escape(first)} {_MIDDLE}{re.escape(last)})(?!\w))"))
    return _Likeness(tuple(texts), tuple(patterns), tuple(rare))


def _orders(words: list[str]) -> Iterator[tuple[str, ...]]:
    if len(words) <= _FEW_WORDS:
        yield from permutations(words)
    else:
        yield from ((*words[place:], *words[:place]) for place in range(len(words)))


def _alike(text: str, names: tuple[str, ...]) -> Iterator[Span]:
    likeness = _likeness(names)
    for start, piece in _pieces(_prepared(text), Degree.ALIKE, likeness.may_stand):
        found = [span for one in likeness.texts if one in piece.text for span in find_folded(piece, one)]
        for pattern in likeness.patterns:
            for hit in pattern.finditer(piece.text):
                span = piece.original(*hit.span(1))
                if span is not None and _is_one_name(text[start + span.start : start + span.end]):
                    found.append(span)
        end = 0
        for one in sorted(found, key=lambda span: (span.start, -span.end)):
            if one.start >= end:
                end = one.end
                yield Span(start + one.start, start + one.end)


def _is_one_name(text: str) -> bool:
    """Names have capitals, and no comma among them: `Ida und Wegmann` are two."""
    return _PARTING.isdisjoint(text) and all(word[:1].isupper() for word in text.split())


# ---------------------------------------------------------------- numbers


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and sum(map(str.isdigit, text)) >= _FEWEST_DIGITS


def _number(text: str) -> str:
    """A telephone number with or without Germany's code, however it is grouped."""
    digits = "".join(filter(str.isdigit, _prepared(text)))
    national = next(
        (
            digits[len(code) :]
            for code in ("0049", "49" if text.lstrip().startswith("+") else "0049", "0")
            if digits.startswith(code)
        ),
        None,
    )
    if national is None:
        return rf"(?<!\d)\+?{_SIGNS.join(digits)}(?!\d)"
    national = national.removeprefix("0") if digits.startswith(("0049", "49")) else national
    code = rf"(?:(?:\+|(?<!\d)00){_SIGNS}4{_SIGNS}9{_SIGNS}(?:0{_SIGNS})?|(?<!\d)0{_SIGNS})"
    return rf"{code}{_SIGNS.join(national)}(?!\d)"
