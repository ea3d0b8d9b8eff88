"""Does a picture of a line of text show this text? Compared by pixels with the same line drawn by FreeType.

A picture is an array of ink, 0 for paper and 1 for black, `FINE` times as fine as the page was rendered: engines
place a line at fractions of a pixel, and only then can both be laid on top of each other.
"""

import unicodedata
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from spec.geometry import Box

Picture: TypeAlias = NDArray[np.float64]

DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
DPI = 144
FINE = 4
SIZE = 8  # points, as in the form's fields
DIFFERS = 0.27
"""Ink that is missing or too much on a spot of the size of an accent.

Measured: right lines stay below 0.25 (Poppler, which moves glyphs to whole pixels, comes nearest). A line without one
of its accents begins at 0.2 (`i` for `í`), so that a line has to be nearer to its text than to any such neighbour, too.
"""
BROADER = 0.5
"""The same for a line in a font that is only similar: Helvetica is drawn by every engine with its own look-alike."""

_MARGIN = 10 * FINE  # around a reference, room for aligning
_PLAIN = ("-kern", "-liga")  # PDF engines neither kern nor join Latin letters in a field
_UNSHAPED = (*_PLAIN, "-init", "-medi", "-fina", "-isol", "-rlig", "-calt", "-ccmp")
# letters whose accent is no combining mark, and what they would look like without it or in its stead
_LOOKALIKES = {
    "ı": "i",
    "Ł": "L",
    "ł": "l",
    "ß": "B",
    "€": "E",
    "–": "-",
    "„": ",",
    "“": '"',
    "ґ": "г",
    "ư": "u",
}


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(DEJAVU), SIZE * DPI / 72 * FINE, layout_engine=ImageFont.Layout.RAQM)


def _ink(image: Image.Image) -> Picture:
    """Softened by the width of a pixel, since every engine smooths edges in its own way."""
    soft = image.convert("L").filter(ImageFilter.GaussianBlur(FINE * 0.75))
    return 1 - np.asarray(soft, np.float64) / 255


@cache
def drawn(text: str, features: tuple[str, ...] = _PLAIN, like: str = "") -> Picture:
    """The line as FreeType draws it at the form's size, with a margin; on a sheet of the size that `like` needs."""
    font = _font()
    wide = font.getlength(like or text, features=list(features))
    ascent, descent = font.getmetrics()
    width, height = (FINE * round((side + 2 * _MARGIN) / FINE) for side in (wide, ascent + descent))
    sheet = Image.new("L", (width, height), 255)
    start = (_MARGIN, _MARGIN + ascent)
    ImageDraw.Draw(sheet).text(start, text, font=font, fill=0, anchor="ls", features=list(features))
    # once through the pixels that an engine has
    coarse = sheet.resize((width // FINE, height // FINE), Image.Resampling.BOX)
    return _ink(coarse.resize(sheet.size, Image.Resampling.BICUBIC))


def unjoined(text: str) -> Picture:
    """Arabic letters from right to left, each as it stands alone."""
    return drawn(text, _UNSHAPED)


def reversed_letters(text: str) -> Picture:
    """Arabic letters as they stand alone, from left to right."""
    return drawn(text[::-1], _UNSHAPED)


def neighbours(text: str) -> list[str]:
    """The text with one of its letters spoilt: accents lost, look-alikes taken."""
    spoilt = []
    for place, letter in enumerate(text):
        plain = _LOOKALIKES.get(letter, unicodedata.normalize("NFD", letter)[0])
        if plain != letter:
            spoilt.append(text[:place] + plain + text[place + 1 :])
    return spoilt


def cut_out(page: Image.Image, box: Box, page_height: float) -> Picture:
    """What a rendered page shows within a field."""
    scale = DPI / 72
    edges = (box.x0, page_height - box.y1, box.x1, page_height - box.y0)
    left, top, right, bottom = (round(edge * scale) for edge in edges)
    # the outermost pixel may hold a part of the table's line
    part = page.convert("L").crop((left + 1, top + 1, right - 1, bottom - 1))
    return _ink(part.resize((part.width * FINE, part.height * FINE), Image.Resampling.BICUBIC))


def is_empty(picture: Picture) -> bool:
    """Whether there is nothing but paper."""
    return bool(picture.size == 0 or np.max(picture) < 0.2)


def as_reference(picture: Picture) -> Picture:
    """The inked part, with the margin that makes it a reference."""
    padded = np.pad(picture, _MARGIN)
    top, bottom, left, right = _extent(padded)
    return padded[top - _MARGIN : bottom + _MARGIN, left - _MARGIN : right + _MARGIN]


def _extent(picture: Picture) -> tuple[int, int, int, int]:
    rows, columns = (np.nonzero(picture.max(axis) > 0.3)[0] for axis in (1, 0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _laid_on(picture: Picture, reference: Picture) -> Picture | None:
    """The part of the picture that lies under the reference at the best place; None where the lengths differ."""
    top, _, left, right = _extent(picture)
    own_top, own_bottom, own_left, own_right = _extent(reference)
    if abs((right - left) - (own_right - own_left)) > 4 * FINE:
        return None
    room = 3 * max(reference.shape[0], _MARGIN)
    padded = np.pad(picture, room)
    ink = reference[own_top:own_bottom, own_left:own_right]
    height, width = ink.shape

    def likeness(place: tuple[int, int]) -> float:
        part = padded[place[0] : place[0] + height, place[1] : place[1] + width]
        return float((part * ink).sum() / np.sqrt((part * part).sum() + 1e-9))

    start = (top + room, left + room)
    for step in (FINE, 1):
        near = [
            (start[0] + step * down, start[1] + step * aside)
            for down in range(-3, 4)
            for aside in range(-3, 4)
        ]
        start = max(near, key=likeness)
    first, second = start[0] - own_top, start[1] - own_left
    return padded[first : first + reference.shape[0], second : second + reference.shape[1]]


def _worst_spot(difference: Picture) -> float:
    """The largest difference over a spot of about two pixels: an accent."""
    reach = int(FINE * 1.5)
    sums = np.cumsum(np.cumsum(np.pad(difference, ((1, 0), (1, 0))), 0), 1)
    spots = sums[reach:, reach:] - sums[:-reach, reach:] - sums[reach:, :-reach] + sums[:-reach, :-reach]
    return float(np.abs(spots).max()) / reach**2


def difference(picture: Picture, reference: Picture) -> float:
    """How much the worst spot of the picture differs from the reference: 0 not at all, 1 where nothing fits."""
    if is_empty(picture):
        return 1.0
    part = _laid_on(picture, reference)
    return 1.0 if part is None else _worst_spot(part - reference)


def shows(picture: Picture, text: str) -> bool:
    """Whether the picture shows this text in DejaVu Sans, each letter with its accents."""
    if is_empty(picture) or (part := _laid_on(picture, drawn(text))) is None:
        return False
    own = _worst_spot(part - drawn(text))
    return own < DIFFERS and all(
        own < _worst_spot(part - drawn(other, like=text)) for other in neighbours(text)
    )
