"""What PDFium tells of single objects of a page, and how they lie. `c` is its raw interface."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import Any

from harvest.reading.model import limits
from harvest.reading.model.similarity_transform import Rect

#: Text render modes without a trace (ISO 32000-1, table 106): what text recognition puts over a scan.
_INVISIBLE = {3, 7}
_OPAQUE = 255

Matrix = tuple[float, float, float, float, float, float]  # a, b, c, d, e, f (8.3.3)
UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def times(one: Matrix, other: Matrix) -> Matrix:
    """First `one`, then `other`."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def moved(box: Rect, matrix: Matrix) -> Rect:
    """The upright rectangle around where a rectangle goes."""
    a, b, c, d, e, f = matrix
    points = [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def is_hidden(c: Any, one: Any) -> bool:
    """Whether a text object is drawn without a trace."""
    if c.FPDFTextObj_GetTextRenderMode(one) in _INVISIBLE:
        return True
    channels = [ctypes.c_uint() for _ in range(4)]
    return bool(c.FPDFPageObj_GetFillColor(one, *channels)) and channels[3].value == 0


def covers(c: Any, pdf: Any, page: Any, one: Any) -> bool:
    """Whether a picture hides all that lies beneath: nothing shows through, as through stencils and masks (8.9.6, 11.6.5)."""
    bitmap = c.FPDFImageObj_GetRenderedBitmap(pdf, page, one)
    if not bitmap:
        return False
    try:
        if c.FPDFBitmap_GetFormat(bitmap) != c.FPDFBitmap_BGRA:
            return True
        size = c.FPDFBitmap_GetStride(bitmap) * c.FPDFBitmap_GetHeight(bitmap)
        return min(ctypes.string_at(c.FPDFBitmap_GetBuffer(bitmap), size)[3::4], default=255) == _OPAQUE
    finally:
        c.FPDFBitmap_Destroy(bitmap)


def without_text(c: Any, page: Any) -> None:
    """Take the text out of what an open page shows, for as long as it is open."""
    count = max(c.FPDFPage_CountObjects(page), 0)
    _silence(c, (c.FPDFPage_GetObject(page, index) for index in range(count)), [limits.OBJECTS], 0)


def _silence(c: Any, each: Iterable[Any], left: list[int], depth: int) -> None:
    for one in each:
        left[0] -= 1
        if left[0] < 0:
            return
        kind = c.FPDFPageObj_GetType(one)
        if kind == c.FPDF_PAGEOBJ_TEXT:
            c.FPDFPageObj_SetIsActive(one, False)
        elif kind == c.FPDF_PAGEOBJ_FORM and depth < limits.FORM_DEPTH:
            count = max(c.FPDFFormObj_CountObjects(one), 0)
            _silence(c, (c.FPDFFormObj_GetObject(one, part) for part in range(count)), left, depth + 1)
