"""A cell cut out of a straightened page, as a small picture that a person compares with what was recognised in it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from harvest.model import PICTURE_MARK, Picture
from harvest.reading.model import limits
from spec.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.PngImagePlugin import PngInfo

#: Points around the field: handwriting seldom keeps to the line.
AROUND = 3.0
_GREYS = 16
_QUALITY = 55
#: Darker than this is ink where a picture has to do with black and white.
_INK = 140


def cut_out(page: Image, box: Box, size: tuple[float, float]) -> Picture | None:
    """What stands in `box` of a page, with a little of what is around it.

    Args:
        page: in grey, straightened: it shows exactly a page of `size`, whatever its resolution.
        box: the field, in points.
        size: the page's, in points.

    Returns:
        PNG or JPEG, whichever is smaller, within the limits; None where nothing of the field is on the page.
    """
    from PIL import Image as Pictures  # noqa: PLC0415 - loaded when a page is a picture

    across, down = page.width / size[0], page.height / size[1]
    edges = (
        max(round((box.x0 - AROUND) * across), 0),
        max(round((size[1] - box.y1 - AROUND) * down), 0),
        min(round((box.x1 + AROUND) * across), page.width),
        min(round((size[1] - box.y0 + AROUND) * down), page.height),
    )
    if edges[0] >= edges[2] or edges[1] >= edges[3]:
        return None
    cell = page.crop(edges).convert("L")
    cell.thumbnail(limits.PICTURE_SIZE, Pictures.Resampling.LANCZOS)
    packed = min((_png(cell), _jpeg(cell)), key=lambda one: len(one.data))
    if len(packed.data) > limits.PICTURE_BYTES:  # noise: nothing of it is worth more
        cell.thumbnail((cell.width // 2 or 1, cell.height // 2 or 1), Pictures.Resampling.BOX)
        packed = _black_and_white(cell)
    return packed


def _png(cell: Image) -> Picture:
    """With few greys: the eye misses none, and the file has half the size."""
    step = 256 // _GREYS
    few = cell.point([grey // step for grey in range(256)])
    few.putpalette([channel for grey in range(_GREYS) for channel in (grey * 255 // (_GREYS - 1),) * 3])
    return _saved(few, "png", optimize=True, bits=4, pnginfo=_mark())


def _jpeg(cell: Image) -> Picture:
    return _saved(cell, "jpeg", quality=_QUALITY, optimize=True, comment=PICTURE_MARK)


def _black_and_white(cell: Image) -> Picture:
    plain = cell.point([0 if grey < _INK else 255 for grey in range(256)]).convert("1")
    return _saved(plain, "png", optimize=True, pnginfo=_mark())


def _mark() -> PngInfo:
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415 - see cut_out()

    info = PngInfo()
    info.add_text("Source", PICTURE_MARK.decode("ascii"))
    return info


def _saved(image: Image, kind: str, **how: int | bytes | PngInfo) -> Picture:
    buffer = io.BytesIO()
    image.save(buffer, kind.upper(), **how)
    return Picture(kind, image.width, image.height, buffer.getvalue())
