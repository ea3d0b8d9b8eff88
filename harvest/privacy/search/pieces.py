"""Texts made ready for a search, and gone through in pieces. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from spec.matching import Degree, Folded, fold, folded

#: Folded texts with their places are dear: longer ones are gone through in pieces that overlap by more than any name.
_PIECE, _OVERLAP = 1_000, 1_000
#: Letters of a word that a piece goes on for, so that it does not end within one.
_LONGEST_WORD = 500
#: Spellings of a blank in addresses of the web; each is as long as what stands for it while it is searched.
_BLANKS = re.compile(r"%20|(?<=[^\W\d_])\+(?=[^\W\d_])")
_LINE_END = re.compile(r"(?<=\w)[-\u2010\u00ad][^\S\n]*+\n\s*+(?=\w)")
_UNSEEN = "\u200b"
#: of Arabic, Indic and other scripts
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")


def even(text: str) -> str:
    """`text` composed, with one blank where there are several."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def prepared(text: str) -> str:
    """`text`, as long as it is, with digits as they are dialled and blanks as blanks."""
    if not text.isascii():
        text = _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)
    return _BLANKS.sub(lambda found: " " * len(found[0]), text) if "%20" in text or "+" in text else text


def variants(text: str) -> Iterator[str]:
    """The text; and, as long as that, with the words whole that the ends of lines part."""
    yield text
    if _LINE_END.search(text):
        yield _LINE_END.sub(lambda found: _UNSEEN * len(found[0]), text)


def pieces(text: str, degree: Degree, may_hold: Callable[[str], bool]) -> Iterator[tuple[int, Folded]]:
    """The pieces of a text in which somebody may stand, folded with the way back, and where each begins."""
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
