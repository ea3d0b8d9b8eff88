"""Whom somebody names, and where they stand in a text. Pure.

Searched is in folded texts (`spec/matching.py`), and what is found are places in the original, so that what is found,
cut out and shown is one text. What is equal is taken; what is only alike is shown and asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from harvest.privacy.search import neighbours, telephone
from harvest.privacy.search.likeness import likeness
from harvest.privacy.search.name_words import PARTING, straight, turned
from harvest.privacy.search.pieces import even, pieces, prepared, variants
from spec.errors import WrongInputError
from spec.matching import Degree, Span, find_folded, fold

_SHORTEST = 3
#: A telephone number or an address that stands so near to a name is likely theirs.
_BESIDE = 80
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
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
        return cls(even(text), (even(text),))

    def also(self, texts: Iterable[str]) -> Who:
        """The same, and these; those that are too short to be anybody's are left out."""
        more = (even(text) for text in texts if long_enough(text))
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
        plain = _joined(span for span, is_turned in found if not is_turned)
        # of "Ida Wegmann, Ida Obst" nothing but Ida Wegmann is hers
        return _joined((*plain, *(span for span, is_turned in found if is_turned and not _any(span, plain))))

    def without(self, text: str, mark: str) -> str:
        """`text` with `mark` wherever it stands."""
        for span in reversed(self.spans(text)):
            text = f"{text[: span.start]}{mark}{text[span.end :]}"
        return text

    def similar(self, text: str) -> Iterator[str]:
        """What stands in `text` and is only alike: other marks on letters, another order, middle names more or less."""
        alike = likeness(self.names)
        if not (alike.numbers or alike.may_stand(text)):
            return
        taken = self.spans(text)
        for found in alike.spans(text):
            span = neighbours.whole(text, found)
            # a zero between letters: bytes of UTF-16 that are read as another encoding
            if span is not None and not _any(found, taken) and "\0" not in text[span.start : span.end]:
                yield even(text[span.start : span.end])

    def may_stand(self, text: str) -> bool:
        """Whether it is worth asking further: a quick look that is wrong only where it says yes."""
        alike = likeness(self.names)
        return len(alike.rare) < len(self.names) or alike.may_stand(text)

    def beside(self, text: str, *, anywhere: bool = False) -> Iterator[str]:
        """Telephone numbers and addresses of mail that stand near to it, or `anywhere`, and are not taken themselves."""
        spans = self.spans(text)
        for found in _reachable(text) if spans or anywhere else ():
            near = anywhere or any(
                found.start - _BESIDE <= one.end and one.start <= found.end + _BESIDE for one in spans
            )
            if near and not _any(found, spans):
                yield even(text[found.start : found.end])


def long_enough(text: str) -> bool:
    """Whether it can be somebody's: what is shorter is found everywhere."""
    return len("".join(even(text).split())) >= _SHORTEST


def _reachable(text: str) -> Iterator[Span]:
    """Where somebody's telephone number or address of mail stands."""
    yield from telephone.dialled(text)
    yield from (Span(*found.span()) for found in _ADDRESS.finditer(text) if "@" in text)


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
            is_turned = bool(comma) and fold(before) == self.last and PARTING.isdisjoint(behind)
            return is_turned and neighbours.alone(whole, span)
        if self.address:
            after = whole[span.end : span.end + 2]
            goes_on = after[:1] in {".", "-"} and after[1:].isalnum()
            return not goes_on and (span.start == 0 or whole[span.start - 1] not in _BEFORE_ADDRESS)
        if neighbours.joined(whole, span) and (self.hyphened or not neighbours.has_hyphen(part)):
            return False
        return self.loose or (PARTING.isdisjoint(part) and (self.dotted or not neighbours.parted(part)))


@lru_cache(maxsize=256)
def _spellings(names: tuple[str, ...]) -> tuple[tuple[_Spelling, ...], tuple[re.Pattern[str], ...]]:
    found: dict[_Spelling, None] = {}
    numbers = []
    for name in names:
        if telephone.is_number(name):
            numbers.append(telephone.equal(name))
            continue
        one = straight(name)
        loose = not PARTING.isdisjoint(one)
        found[
            _Spelling(
                fold(one),
                loose=loose,
                address="@" in name,
                stopped=one.endswith("."),
                hyphened=neighbours.has_hyphen(one),
                dotted="." in one or neighbours.parted(one),
            )
        ] = None
        for last, first in turned(one):
            found[_Spelling(fold(f"{last} {first}"), last=fold(last))] = None
    found.pop(_Spelling(""), None)
    return tuple(one for one in found if one.text), tuple(numbers)


def _any(span: Span, others: Iterable[Span]) -> bool:
    return any(span.start < one.end and one.start < span.end for one in others)


def _found(text: str, names: tuple[str, ...]) -> Iterator[tuple[Span, bool]]:
    """Where they stand, and whether in the other order."""
    spellings, numbers = _spellings(names)
    plain_text = prepared(text)
    for pattern in numbers:
        yield from ((Span(*found.span()), False) for found in pattern.finditer(plain_text))
    for variant in variants(plain_text):
        plain = fold(variant)
        wanted = [one for one in spellings if one.text in plain]
        texts = tuple(one.text for one in wanted)
        for start, piece in pieces(variant, Degree.EQUAL, lambda plain: any(one in plain for one in texts)):  # noqa: B023
            for one in wanted:
                for span in find_folded(piece, one.text):
                    whole = _with_stop(text, Span(start + span.start, start + span.end), one)
                    if one.fits(text, whole):
                        yield whole, bool(one.last)


def _with_stop(text: str, span: Span, name: _Spelling) -> Span:
    """The full stop of `e. V.` goes with it."""
    stops = name.stopped and text[span.end : span.end + 1] == "."
    return Span(span.start, span.end + 1) if stops else span


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found
