"""A page as a picture without its text and its fields: what is left was drawn (ISO 32000-1, 8 and 12.5).

Kept apart from the reading of text, since pages are drawn in this way only where they are not known to be as sent.
"""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from harvest.reading.model import limits
from harvest.reading.pdf.pdfium_adapter import Document, Picture, rendered

#: A text that a note holds is read off the note.
_ROOM = 4


def drawn(
    document: Document, number: int, dpi: float, unread: Collection[int], *, colour: bool = False
) -> Picture:
    """The page in grey or in colour, of its text only the objects of these numbers (`Piece.order`): nobody could read them as text.

    The annotations that are drawings are shown, fields and notes are not. The document's annotations are gone afterwards.

    Raises:
        UnreadableError: the page is broken.
    """
    import pypdfium2.raw as c  # noqa: PLC0415 - a heavy library, loaded when a page asks for it

    with document.page(number) as page:
        _remove_notes(c, page)
        count = max(c.FPDFPage_CountObjects(page), 0)
        each = (c.FPDFPage_GetObject(page, index) for index in range(count))
        for order, one in _texts(c, each, [0], 0):
            if order not in unread:
                c.FPDFPageObj_SetIsActive(one, False)
        return rendered(page, dpi, fields=False, colour=colour)


def _texts(c: Any, each: Iterable[Any], met: list[int], depth: int) -> Iterator[tuple[int, Any]]:
    """The text objects, each with its place among all that is drawn on the page; `met` counts these."""
    for one in each:
        met[0] += 1
        if met[0] > limits.OBJECTS:
            return
        kind = c.FPDFPageObj_GetType(one)
        if kind == c.FPDF_PAGEOBJ_TEXT:
            yield met[0], one
        elif kind == c.FPDF_PAGEOBJ_FORM and depth < limits.FORM_DEPTH:
            parts = range(max(c.FPDFFormObj_CountObjects(one), 0))
            yield from _texts(c, (c.FPDFFormObj_GetObject(one, part) for part in parts), met, depth + 1)


def _remove_notes(c: Any, page: Any) -> None:
    """Fields, and all annotations but those that are drawings."""
    for index in reversed(range(min(c.FPDFPage_GetAnnotCount(page), limits.FIELDS))):
        one = c.FPDFPage_GetAnnot(page, index)
        if not one:
            continue
        kept = _is_drawing(c, one)
        c.FPDFPage_CloseAnnot(one)
        if not kept:
            c.FPDFPage_RemoveAnnot(page, index)


def _is_drawing(c: Any, annotation: Any) -> bool:
    kind = c.FPDFAnnot_GetSubtype(annotation)
    if kind == c.FPDF_ANNOT_FREETEXT:
        said = (ctypes.c_ushort * _ROOM)()
        return bool(c.FPDFAnnot_GetStringValue(annotation, b"Contents", said, 2 * _ROOM) <= 2)
    return kind in {
        c.FPDF_ANNOT_INK, c.FPDF_ANNOT_STAMP, c.FPDF_ANNOT_LINE, c.FPDF_ANNOT_SQUARE, c.FPDF_ANNOT_CIRCLE,
        c.FPDF_ANNOT_POLYGON, c.FPDF_ANNOT_POLYLINE, c.FPDF_ANNOT_STRIKEOUT, c.FPDF_ANNOT_SQUIGGLY,
        c.FPDF_ANNOT_UNDERLINE,
    }  # fmt: skip
