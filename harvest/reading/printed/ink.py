"""What is drawn within the boxes of a page that came as a PDF: strokes, shapes, letters as outlines, pictures.

No blank has anything inside its fields. So the page is drawn once without the text that is read as text and without its own
fields, and whatever is left within a box was put there by somebody, by whichever program and in whichever way. Pictures in
grey; points, origin bottom left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import hypot
from typing import TYPE_CHECKING

from harvest.reading.model.similarity_transform import Similarity
from harvest.reading.pdf.pdfium_adapter import Picture
from spec.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image

#: Dots to an inch at which strokes are looked for: the thinnest that people draw is a pixel wide.
DPI = 144
#: Points within a box's edges where the form's own rules may show; of a checkbox more, for its border.
EDGE, BORDER = 1.2, 2.0
#: Levels of grey that a pixel differs from its box's ground at least: pale inks count, the grain of shading doesn't.
_DIFFERS = 24
#: Pixels by which a box is shifted at its far end where it is cut out as it lies: turning and scaling take their time.
_SHIFTED = 1.2
#: Square points of ink below which a box is empty: a full stop has one.
_LEAST = 0.8
#: Ink as pale as this is a watermark's where it lies over so many boxes at once.
PALE, _MANY = 150, 4
#: Share of its densest row of pixels that a row has where small letters stand, between base line and x-height.
_DENSE = 0.35
#: Shares of a line of text: of that height, how far a stroke through the line may leave it; of its length, how much the
#: stroke takes.
_BEYOND, _THROUGH = 0.15, 0.6
#: Pixels by which a stroke that leads straight through a box leaves its line, as much as a thick pen is wide.
_STRAIGHT = 3.0
#: Pixels at a box's edge that a stroke reaches if it goes on beyond.
_REACHES = 2
#: Share of a row's length that what is drawn takes if it strikes the row out.
_ACROSS = 0.6


@dataclass(frozen=True)
class Sheet:
    """A page as it came. `lies` takes places on it to the blank's page of `size`."""

    picture: Picture
    lies: Similarity
    size: tuple[float, float]

    def cut(self, box: Box, dpi: float = DPI) -> Image:
        """What it shows of a box of the blank."""
        from PIL.Image import Resampling, Transform  # noqa: PLC0415 - loaded when a page is looked at

        wide, high = (max(round(side * dpi / 72), 1) for side in (box.width, box.height))
        back, scale, image = self._back, 72 / dpi, self.picture.image
        if (abs(back.b * scale) + abs(back.a * scale - 1)) * max(wide, high) < _SHIFTED:
            x, y = back.point(box.x0, box.y1)
            left, top = round(x), round(image.height - y)
            return image.crop((left, top, left + wide, top + high))
        # from a pixel of the result to one of the source; both count y downwards
        x, y = back.point(box.x0, box.y1)
        a, b = back.a * scale, back.b * scale
        matrix = (a, b, x, -b, a, image.height - y)
        return image.transform((wide, high), Transform.AFFINE, matrix, Resampling.BILINEAR, fillcolor=255)

    @cached_property
    def _back(self) -> Similarity:
        return self.picture.lies.then(self.lies).inverse

    def page(self, dpi: float = DPI) -> Image:
        """All of it."""
        return self.cut(Box(0.0, 0.0, *self.size), dpi)


def over(boxes: Mapping[str, Box], whole: Sheet, drawn: Sheet) -> dict[str, Ink]:
    """What is drawn in which box; `drawn` is the page without text and fields."""
    found = {name: Ink(drawn.cut(box), box, whole) for name, box in boxes.items()}
    return {name: ink for name, ink in found.items() if ink.area > _LEAST}


@dataclass(frozen=True)
class Ink:
    """What is drawn in a box, and what the box shows beside it."""

    drawn: Image
    box: Box
    whole: Sheet

    @cached_property
    def mask(self) -> Image:
        """White where something is drawn."""
        ground = _ground(self.drawn)
        return self.drawn.point([255 if abs(grey - ground) > _DIFFERS else 0 for grey in range(256)])

    @cached_property
    def area(self) -> float:
        """Square points."""
        return self.mask.histogram()[255] * (72 / DPI) ** 2

    @property
    def share(self) -> float:
        """Of the box."""
        return self.mask.histogram()[255] / max(self.mask.width * self.mask.height, 1)

    @cached_property
    def pale(self) -> bool:
        """Whether nothing of it is as dark as a pen draws."""
        return not any(self.drawn.histogram()[:PALE])

    @cached_property
    def leads_through(self) -> bool:
        """Whether all of it is one straight stroke that goes on beyond the box at both ends, as no word does."""
        if len(self._at_edges) < 2:
            return False
        (x0, y0), (x1, y1) = self._at_edges[0], self._at_edges[-1]
        length = hypot(x1 - x0, y1 - y0)
        if length < min(self.mask.size) / 2:
            return False
        off = (abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) for x, y in self._dots)
        return max(off) <= _STRAIGHT * length

    @property
    def goes_beyond(self) -> bool:
        """Whether it reaches the box's edge."""
        return bool(self._at_edges)

    @cached_property
    def _dots(self) -> list[tuple[int, int]]:
        """Pixels from the left and from the top in which something is drawn."""
        wide = self.mask.width
        return [(place % wide, place // wide) for place, white in enumerate(self.mask.tobytes()) if white]

    @cached_property
    def _at_edges(self) -> list[tuple[int, int]]:
        """Those at the edges, from the left to the right."""
        wide, high = self.mask.size
        across, down = range(_REACHES, wide - _REACHES), range(_REACHES, high - _REACHES)
        return sorted(dot for dot in self._dots if dot[0] not in across or dot[1] not in down)

    @cached_property
    def columns(self) -> frozenset[int]:
        """Pixels from the box's left edge over which something is drawn."""
        return frozenset(_dark(self.mask, down=True))

    @cached_property
    def text(self) -> Image:
        """White where the box shows text, its own or that of the page."""
        from PIL import ImageChops  # noqa: PLC0415 - loaded when a page is looked at

        return ImageChops.difference(self.whole.cut(self.box), self.drawn).point(
            [255 if change > _DIFFERS else 0 for change in range(256)]
        )

    @property
    def strikes(self) -> bool:
        """Whether it goes through a line of the box's text, most of its length."""
        return any(self._is_through(top, bottom) for top, bottom in _runs(_dense(self.text)))

    def _is_through(self, top: int, bottom: int) -> bool:
        more = round((bottom - top) * _BEYOND)
        zone = (0, max(top - more, 0), self.text.width, bottom + more)
        written = _dark(self.text.crop(zone), down=True)
        length = range(min(written), max(written) + 1)
        crossed = sum(column in length for column in _dark(self.mask.crop(zone), down=True))
        return crossed >= _THROUGH * len(length)


def watermarked(found: Mapping[str, Ink]) -> frozenset[str]:
    """The boxes under which something pale lies that goes on under many."""
    pale = frozenset(name for name, ink in found.items() if ink.pale)
    return pale if len(pale) >= _MANY else frozenset()


def crossed(found: Mapping[str, Ink]) -> frozenset[str]:
    """The boxes through which strokes lead that go over many, as those of a page that was crossed out do."""
    through = frozenset(name for name, ink in found.items() if ink.leads_through)
    return through if len(through) >= _MANY else frozenset()


def goes_across(row: Iterable[Ink]) -> bool:
    """Whether what is drawn over the boxes of a row, those without ink too, takes most of its length."""
    wide = drawn = 0
    for ink in row:
        wide += ink.mask.width
        drawn += len(ink.columns)
    return drawn >= _ACROSS * wide


def _ground(picture: Image) -> int:
    """The grey that most of a picture has: paper, or what a program shades fields with."""
    histogram = picture.histogram()
    return max(range(256), key=lambda grey: (histogram[grey], grey))


def _dark(mask: Image, *, down: bool) -> list[int]:
    """The columns, or rows, in which a mask has anything white."""
    columns, rows = mask.getprojection()
    return [place for place, white in enumerate(columns if down else rows) if white]


def _dense(mask: Image) -> list[int]:
    """The rows in which about as much is white as in the whitest."""
    from PIL.Image import Resampling  # noqa: PLC0415 - loaded when a page is looked at

    shares = mask.resize((1, mask.height), Resampling.BOX).tobytes()
    most = max(shares, default=0)
    return [row for row, share in enumerate(shares) if most and share >= _DENSE * most]


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as runs: first, and after the last."""
    runs = []
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        runs.append((members[0], members[-1] + 1))
    return runs
