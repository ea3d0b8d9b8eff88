"""What stands around a name in a text, and tells whether it is the whole name of that person or a part of another's. Pure."""

from __future__ import annotations

import re

from harvest.privacy.search.name_words import PARTING
from spec.matching import Span

_HYPHENS = "-\u2010\u2011"
_HYPHEN = re.compile(f"[{_HYPHENS}]")
#: A sentence that ends, or a dash between two things, rather than what parts the words of one name.
_PARTED = re.compile(r"(?<=[^\W\d_][^\W\d_])[.\u2026]\s|\s[-\u2010-\u2015]\s")
_WORD_BEFORE = re.compile(r"([^\W\d_][\w.'\u2019-]{0,60})[ \t\u00a0]{1,10}\Z")
_WORD_BEHIND = re.compile(r"[ \t\u00a0]{1,10}([^\W\d_][\w'\u2019-]{0,60})")
_REST_BEFORE = re.compile(r"[\w'\u2019\u2010\u2011-]{1,80}\Z")
_REST_BEHIND = re.compile(r"[\w'\u2019\u2010\u2011-]{1,80}")
_ADDRESS_BEHIND = re.compile(r"@[\w.-]{1,120}\w")
#: Words beside a name that are no name.
_PLAIN = frozenset(
    """
    frau fr herr herrn hr dr prof dipl kontakt leitung leiterin leiter ansprechpartner ansprechpartnerin ansprechperson
    tel telefon fax mobil handy mail e-mail email
    mrs mr ms contact phone mobile
    """.split()  # noqa: SIM905  a table of words reads better than a list of quotes
)
_NEAR = 100


def has_hyphen(text: str) -> bool:
    """Whether a hyphen stands in it."""
    return _HYPHEN.search(text) is not None


def parted(text: str) -> bool:
    """Whether what stands in it are two things and not the words of one name: `Anna. Große Räume`."""
    return _PARTED.search(text) is not None


def joined(text: str, span: Span) -> bool:
    """Whether a hyphen makes it a part of a double name: `Eva-Anna Groß`, `Anna Groß-Brand`."""
    before, behind = text[max(span.start - 2, 0) : span.start], text[span.end : span.end + 2]
    return (before[-1:] in _HYPHENS and before[:1].isalpha() and len(before) > 1) or (
        behind[:1] in _HYPHENS and behind[1:].isalpha()
    )


def alone(text: str, span: Span) -> bool:
    """Whether `Groß, Anna` is one person: of `Hanna Groß, Anna Grün` neither word is hers."""
    return _before(text, span) is None and _behind(text, span) is None and not joined(text, span)


def whole(text: str, span: Span) -> Span | None:
    """What is only alike with the rest of its words, as it is shown; None where it is made of two others' names."""
    start, end = span
    if not PARTING.isdisjoint(text[start:end]):
        before, behind = _before(text, span), _behind(text, span)
        if before is not None and behind is not None:
            return None
        start, end = (start if before is None else before), (end if behind is None else behind)
    if rest := _REST_BEFORE.search(text[max(start - _NEAR, 0) : start]):
        start -= len(rest[0])
    if rest := _REST_BEHIND.match(text, end):
        end = rest.end()
    if address := _ADDRESS_BEHIND.match(text, end):
        end = address.end()
    return Span(start, end)


def _before(text: str, span: Span) -> int | None:
    """Where a name begins that goes on with this."""
    found = _WORD_BEFORE.search(text[max(span.start - _NEAR, 0) : span.start])
    return span.start - len(found[0]) if found and _is_name(found[1]) else None


def _behind(text: str, span: Span) -> int | None:
    """Where a name ends that begins with this."""
    found = _WORD_BEHIND.match(text, span.end)
    return found.end() if found and _is_name(found[1]) else None


def _is_name(word: str) -> bool:
    return word[:1].isupper() and word.rstrip(".").casefold() not in _PLAIN
