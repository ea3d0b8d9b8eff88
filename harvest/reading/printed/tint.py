"""Which boxes of a page somebody coloured: a marker's colours are so pale that in grey they are paper, and fill the box.

Points, origin bottom left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import add
from typing import TYPE_CHECKING

from harvest.reading.model.similarity_transform import Similarity
from harvest.reading.pdf.pdfium_adapter import Picture
from spec.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image

#: Dots to an inch: a marker is as broad as a line of text.
DPI = 36
#: Points within a box's edges where the form's own rules still show at so few dots.
_EDGE = 2.5
#: Levels of red, green or blue by which a pixel differs at least from the paper.
_COLOURED = 14
#: Square points of colour from which on a box is marked: what a marker leaves on a few letters.
_LEAST = 40.0
#: Share of its boxes from which on a page was coloured by a program (that shades fields).
_NEARLY_ALL = 0.9


def marked(picture: Picture, lies: Similarity, boxes: Mapping[str, Box]) -> frozenset[str]:
    """The names of the boxes that have another colour than the paper, none where nearly all have.

    Args:
        picture: the page in colour, without its text and its fields.
        lies: takes places on the page to the blank's page.
        boxes: places on the blank's page.
    """
    back = picture.lies.then(lies).inverse
    inner = {
        name: box.inset(_EDGE, _EDGE) for name, box in boxes.items() if min(box.width, box.height) > 2 * _EDGE
    }
    cut = {name: picture.image.crop(_edges(picture.image, back, box)) for name, box in inner.items()}
    paper = _paper(cut.values())
    scale = (72 / DPI) ** 2
    found = frozenset(name for name, one in cut.items() if _coloured(one, paper) * scale >= _LEAST)
    return found if len(found) < _NEARLY_ALL * len(boxes) else frozenset()


def _edges(image: Image, back: Similarity, box: Box) -> tuple[int, int, int, int]:
    """Where a box is in the picture, from the left and from the top; of one that lies askew, what is around it."""
    corners = [back.point(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
    left, right = (min(max(round(each(x for x, _ in corners)), 0), image.width) for each in (min, max))
    top, low = (
        min(max(round(image.height - each(y for _, y in corners)), 0), image.height) for each in (max, min)
    )
    return left, top, right, low


def _paper(boxes: Iterable[Image]) -> tuple[int, ...]:
    """Red, green and blue of most of what the boxes show."""
    met = [[0] * 256 for _ in range(3)]
    for box in boxes:
        histogram = box.histogram()
        for place, channel in enumerate(met):
            channel[:] = map(add, channel, histogram[256 * place : 256 * (place + 1)])
    return tuple(max(range(256), key=channel.__getitem__) for channel in met)


def _coloured(box: Image, paper: tuple[int, ...]) -> int:
    """How many pixels of a box differ from the paper."""
    from PIL import Image as Pictures  # noqa: PLC0415 - loaded when a page is looked at
    from PIL import ImageChops  # noqa: PLC0415 - the same

    if not box.width or not box.height:
        return 0
    off = ImageChops.difference(box, Pictures.new("RGB", box.size, paper)).split()
    most = ImageChops.lighter(ImageChops.lighter(off[0], off[1]), off[2])
    return sum(most.histogram()[_COLOURED:])
