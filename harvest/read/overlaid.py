"""What somebody put over a page of ours whose text can be read: drawings, paint, and text where the fields are still there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from harvest.model import Severity
from harvest.problems import problem
from harvest.read import drawn, foreign, limits, printed, tesseract
from harvest.read.drawn import Page
from harvest.read.pdfium import Content, Document, Shape
from harvest.read.raw import Raw, Rect
from harvest.read.recovered import Recovered
from harvest.read.similarity import Similarity
from spec.geometry import Box


def page_of(content: Content, number: int, places: Mapping[str, Rect]) -> Page:
    """A page that has its fields: it is looked at as it lies."""
    boxes = {name: Box(*place) for name, place in places.items() if not name.endswith("_id")}
    return Page(number, content, Similarity(), boxes, content.size)


def read(document: Document, page: Page, raw: Raw, found: Recovered, *, written: bool) -> None:
    """What stands on a page besides its fields: text in or beside them if it was `written` on, pictures, strokes, paint."""
    if written:
        found.print(page.number, printed.cells(page.content, page.lies, page.boxes, page.number))
    document.show_fields()
    touched = drawn_on(document, page, raw, found)
    beside = [box for name, box in page.boxes.items() if name not in touched]
    drawn_over = [page.boxes[name] for name in touched]
    if written and any(
        (shape.picture and not _is_in(shape, drawn_over)) or _is_in(shape, beside)
        for shape in page.content.shapes
    ):
        found.problems.append(problem("drawing-on-page", Severity.CHECK, page=page.number))


def drawn_on(document: Document, page: Page, raw: Raw, found: Recovered) -> Collection[str]:
    """What is drawn over the fields of a page; gives the fields."""
    number = page.number
    own = (one for one in raw.besides.foreign if one.page == number)
    placed, _, _ = foreign.placed(own, found.boxes)
    texts = [one for one in (*raw.fields, *placed, *found.fields) if one.page == number]
    said = {one.name: one.text for one in sorted(texts, key=lambda one: bool(one.text.strip()))}
    with tesseract.within(limits.PAGE_SECONDS):
        over = drawn.look(document, page, said, found.garbled)
    found.fields += over.fields
    found.problems += dict.fromkeys(over.problems)
    found.doubted |= {(number, name) for name in over.doubted}
    if over.pictured:
        found.cut(over.whole.page(), over.pictured, page.boxes, page.size, number)
    return over.touched


def _is_in(shape: Shape, boxes: Iterable[Box]) -> bool:
    """Whether something is drawn within a field, where the form has nothing."""
    x0, y0, x1, y1 = shape.bounds
    return any(box.holds(x0, y0) and box.holds(x1, y1) for box in boxes)
