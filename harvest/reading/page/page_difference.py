"""What is drawn on a page beside its fields: told by comparing it with the drawings that were sent, the nearest of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from harvest.reading.identity.page_identity import Seen
from harvest.reading.model.edition_geometry import Blanks, code_box
from harvest.reading.model.similarity_transform import Similarity
from harvest.reading.page.sent_drawings import sent_of
from harvest.reading.pdf.pdfium_adapter import Picture
from harvest.reading.printed.flattened import NIL
from harvest.reading.printed.ink import DPI, Sheet
from spec.geometry import Box, PageKey

if TYPE_CHECKING:
    from PIL.Image import Image

#: How many pixels become one: a print lies on its blank to a point.
_COARSE = 2
#: Pixels (of the coarse ones) by which a print may be off.
_OFF = 5
#: Levels of grey by which a pixel is darker than all that the blank has near it.
_DARKER = 28
#: Square points of ink that are more than an edge which two programs draw a little differently.
_LEAST = 4.0
#: Points around a field that count as the field; a tick may go farther beyond its box.
_FIELD, _BOX = 2.0, 6.0


def is_drawn_on(without: Sheet, seen: Seen, boxes: Mapping[str, Box], blanks: Blanks) -> bool:
    """Whether a page has ink beside its fields that its blank has not. False where there is no blank to compare with.

    Args:
        without: the page without its text and its fields.
        seen: whose it is.
        boxes: its fields.
        blanks: the known editions.
    """
    sent, known = sent_of(blanks), blanks.maps.get(seen.identity.edition)
    if sent is None or known is None:
        return False
    key = PageKey(seen.identity.category, seen.identity.page)
    number = 1 + known.pages.index(key) if key in known.pages else None
    here = without.page().reduce(_COARSE)
    hidden = [*_around(boxes), code_box(without.size).inset(-_FIELD, -_FIELD)]
    areas = [_more(here, blank, without.size, hidden) for blank in sent.pages(seen.identity, number)]
    return min(areas, default=0.0) > _LEAST


def _around(boxes: Mapping[str, Box]) -> Iterable[Box]:
    for name, box in boxes.items():
        more = _BOX if name.endswith(NIL) else _FIELD
        yield box.inset(-more, -more)


def _more(here: Image, blank: Picture, size: tuple[float, float], hidden: Iterable[Box]) -> float:
    """Square points in which a page is darker than its blank, outside the hidden places."""
    from PIL import ImageChops, ImageFilter  # noqa: PLC0415 - loaded when a page is looked at

    there = Sheet(blank, Similarity(), size).page().reduce(_COARSE).filter(ImageFilter.MinFilter(_OFF))
    if there.size != here.size:
        return 0.0
    scale = DPI / _COARSE / 72
    more = ImageChops.subtract(there, here).point([255 if by > _DARKER else 0 for by in range(256)])
    for box in hidden:
        edges = box.x0 * scale, (size[1] - box.y1) * scale, box.x1 * scale, (size[1] - box.y0) * scale
        left, top, right, bottom = (round(edge) for edge in edges)
        more.paste(0, (left, top, max(right, left), max(bottom, top)))
    return more.histogram()[255] / scale**2
