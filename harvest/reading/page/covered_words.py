"""Words of a page that nobody sees: something was painted over them later, as people correct what they cannot erase."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from harvest.reading.page.drawings import Page
from harvest.reading.printed.ink import DPI, Ink, Sheet
from spec.geometry import Box

#: Of a letter's size: how far to the left and right of its origin, and above it, something of it shows.
_LEFT, _RIGHT, _ABOVE = 0.3, 0.6, 0.8
#: Letters from which on it is no accident.
_SEVERAL = 2


def covered(page: Page, names: Collection[str], whole: Sheet, without: Sheet) -> Iterator[tuple[str, str]]:
    """The names of cells with words that the page does not show, and these words.

    Args:
        page: the page and its text.
        names: the cells that hold words.
        whole, without: how it shows, and how without its text.
    """
    for name in names:
        box = page.boxes[name].inset(1.0, 1.0)
        ink = Ink(without.cut(box), box, whole)
        letters = dict.fromkeys(_letters(page, box))  # some programs draw all text twice
        hidden = "".join(letter for letter, at in letters if not _shows(ink, at))
        if len(hidden) >= _SEVERAL:
            yield name, hidden


def _letters(page: Page, box: Box) -> Iterator[tuple[str, Box]]:
    """The letters that begin in a box, each with where it shows, to a point."""
    for piece in page.content.pieces:
        if piece.clip is not None or len(piece.text) != len(piece.starts):
            continue
        size = piece.size
        for letter, start in zip(piece.text, piece.starts, strict=True):
            x, y = page.lies.point(*start)
            if letter.isalnum() and box.holds(x, y) and box.holds(x + size, y + size * _ABOVE):
                x, y = round(x), round(y)
                yield letter, Box(x - _LEFT * size, y, x + _RIGHT * size, y + _ABOVE * size)


def _shows(ink: Ink, at: Box) -> bool:
    scale, box = DPI / 72, ink.box
    left, right = (round((x - box.x0) * scale) for x in (at.x0, at.x1))
    top, bottom = (round((box.y1 - y) * scale) for y in (at.y1, at.y0))
    wide, high = ink.text.size
    zone = (max(left, 0), max(top, 0), min(right, wide), min(bottom, high))
    return zone[0] >= zone[2] or zone[1] >= zone[3] or ink.text.crop(zone).getbbox() is not None
