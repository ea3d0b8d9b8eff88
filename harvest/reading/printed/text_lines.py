"""Pieces of text as they lie on the blank, and how they are joined to the lines that somebody wrote. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from spec.geometry import Box

#: Letters of Hebrew, Arabic, Syriac and Thaana, and the marks on them.
LEFTWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]{2,}")
#: Where programs break a line although no space stands there: after what opens, and after a dash within a word.
_OPEN_END = re.compile(r"""[„‚«‹(\[{]$|\w[-–/]$|^[^"]*(?:"[^"]*"[^"]*)*"$""")
#: Pieces that a word is drawn in at most.
_PIECES = 40
#: In type sizes: the blank between two words.
_BLANK = 0.26
#: In type sizes: how wide a gap is a space.
_SPACE = 0.18
#: Points between a field's edge and its text.
_PADDING = 2.5


@dataclass(slots=True)
class Line:
    """A piece as it lies on the blank."""

    text: str
    x: float
    y: float
    end: float
    size: float
    form: int
    first: float  # advance of its first character
    word: float  # of its first word


def text_of(lines: Sequence[Line], box: Box) -> str:
    """The pieces joined: by nothing, a space or a newline, as they stand to each other."""
    parts: list[str] = []
    row = ""  # what stands on this line so far
    for at, (before, line) in enumerate(zip((None, *lines), lines, strict=False)):
        below = before is not None and _is_below(before, line)
        word = _word(lines, at) if below else 0.0
        gap = "" if before is None else _between(before, line, row, box, word)
        row = line.text if below else row + gap + line.text
        parts += [gap, line.text]
    return "".join(parts)


def _is_below(before: Line, line: Line) -> bool:
    return abs(before.y - line.y) > 0.4 * max(line.size, 1.0)


def _word(lines: Sequence[Line], at: int) -> float:
    """How wide the word is with which a line begins; programs may draw it in several pieces."""
    first, width = lines[at], lines[at].word
    for before, line in pairwise(lines[at : at + _PIECES]):
        if any(map(str.isspace, before.text)) or _is_below(before, line):
            break
        if line.x - before.end > _SPACE * max(line.size, 1.0) or line.text[:1].isspace():
            break
        width = line.x + line.word - first.x
    return width


def _between(before: Line, line: Line, row: str, box: Box, word: float) -> str:
    if _is_below(before, line):
        # A program breaks within a word only where the word is longer than the line, and fills the line then.
        broken = not any(map(str.isspace, row)) and before.end + line.first > box.x1 - _PADDING
        if broken or _OPEN_END.search(row):
            return ""
        soft = _is_soft(before, line, box, word)
        return "\n" if not soft else "" if before.text[-1:].isspace() else " "
    leftwards = line.x < before.x
    gap = before.x - line.end if leftwards else line.x - before.end
    if gap > _SPACE * max(line.size, 1.0) and not (before.text[-1:].isspace() or line.text[:1].isspace()):
        return " "
    return ""


def _is_soft(before: Line, line: Line, box: Box, word: float) -> bool:
    """Whether a line ended because its field was full: the next word would not have found room in it.

    Of a field whose writing runs to the left nobody can tell.
    """
    if LEFTWARDS.search(before.text) or LEFTWARDS.search(line.text):
        return False
    blank = 0.0 if before.text[-1:].isspace() else _BLANK * line.size
    return before.end + blank + word > box.x1 - _PADDING
