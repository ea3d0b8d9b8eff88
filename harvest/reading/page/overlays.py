"""What somebody put over a page of ours whose text can be read: drawings, paint, and text where the fields are still there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from harvest.model import Method, Severity
from harvest.problems import problem
from harvest.reading.fields import foreign_fields
from harvest.reading.identity.page_identity import Seen
from harvest.reading.model import limits
from harvest.reading.model.edition_geometry import Blanks
from harvest.reading.model.errors import UnreadableError
from harvest.reading.model.raw_fields import Raw, Rect
from harvest.reading.model.similarity_transform import Similarity
from harvest.reading.page import drawings
from harvest.reading.page.covered_words import covered
from harvest.reading.page.drawings import Page
from harvest.reading.page.page_difference import is_drawn_on
from harvest.reading.page.recovered_values import Recovered
from harvest.reading.page.sent_drawings import sent_of
from harvest.reading.pdf import markup_annotations
from harvest.reading.pdf.pdfium_adapter import Content, Document
from harvest.reading.printed import flattened
from harvest.reading.scan import tesseract
from spec.geometry import Box

#: Where a page counts as lying as its blank does: turned and scaled, shares; moved, points.
_UNTURNED, _UNMOVED = 0.002, 0.5
#: Points that a field measures at least, as less holds no letter and no tick; share of its page that it takes at most.
_LEAST_SIDE, _MOST_OF_A_PAGE = 5.0, 0.75
Paper = tuple[float, float]


def page_of(
    content: Content, number: int, places: Mapping[str, Rect], seen: Seen | None, paper: Paper | None
) -> Page:
    """A page that has its fields; it is looked at as it lies, or as its blank does if it is turned or moved.

    Args:
        content: the page's.
        number: its number.
        places: its fields, where they lie on it.
        seen: what its print says, if anything.
        paper: size of its blank, if that is known.
    """
    fields = {name: place for name, place in places.items() if not name.endswith("_id")}
    if seen is None or paper is None or _is_still(seen.lies):
        size = paper or content.size
        return Page(number, content, Similarity(), dict(_on_page(fields, size)), size)
    turned = {name: seen.lies.rect(place) for name, place in fields.items()}
    return Page(number, content, seen.lies, dict(_on_page(turned, paper)), paper)


def _on_page(places: Mapping[str, Rect], size: tuple[float, float]) -> Iterator[tuple[str, Box]]:
    """The fields that are places on the page: a damaged file has fields of no size, and of more than any page.

    A page may begin at another place than (0, 0), so a field may lie a page beside it.
    """
    wide, tall = size
    for name, (x0, y0, x1, y1) in places.items():
        left, right, low, high = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        near = left >= -wide and right <= 2 * wide and low >= -tall and high <= 2 * tall
        small = (right - left) * (high - low) <= _MOST_OF_A_PAGE * wide * tall
        if near and small and right - left >= _LEAST_SIDE and high - low >= _LEAST_SIDE:
            yield name, Box(left, low, right, high)


def _is_still(lies: Similarity) -> bool:
    return max(abs(lies.a - 1), abs(lies.b)) < _UNTURNED and max(abs(lies.e), abs(lies.f)) < _UNMOVED


@dataclass(frozen=True, slots=True)
class Whose:
    """What a page is compared with: what its print says, if anything, and the known editions."""

    seen: Seen | None
    blanks: Blanks

    @property
    def is_alone(self) -> bool:
        """Whether drawings were sent, but none of its edition is there any more."""
        sent = sent_of(self.blanks)
        return self.seen is not None and sent is not None and not sent.knows(self.seen.identity.edition)


def read(document: Document, page: Page, raw: Raw, found: Recovered, whose: Whose | None) -> None:
    """What stands on a page besides its fields: text in or beside them, pictures, strokes, paint.

    `whose` is None where nothing was written onto the page's own content: only notes lie over it.
    """
    if whose:
        found.print(page.number, flattened.cells(page.content, page.lies, page.boxes, page.number))
    document.show_fields()
    touched = drawn_on(document, page, raw, found, whose)
    beside = [box for name, box in page.boxes.items() if name not in touched]
    drawn_over = [page.boxes[name] for name in touched]
    shapes = [(shape.picture, page.lies.rect(shape.bounds)) for shape in page.content.shapes]
    if whose and any(
        (picture and not _is_in(bounds, drawn_over)) or _is_in(bounds, beside) for picture, bounds in shapes
    ):
        found.problems.append(problem("drawing-on-page", Severity.CHECK, page=page.number))


def drawn_on(
    document: Document, page: Page, raw: Raw, found: Recovered, whose: Whose | None
) -> Collection[str]:
    """What is drawn over the fields of a page, and beside them; gives the fields."""
    number = page.number
    own = (one for one in raw.besides.foreign if one.page == number)
    placed, _, _ = foreign_fields.placed(own, found.boxes)
    texts = [one for one in (*raw.fields, *placed, *found.fields) if one.page == number]
    said = {one.name: one.text for one in sorted(texts, key=lambda one: bool(one.text.strip()))}
    try:
        with tesseract.within(limits.PAGE_SECONDS):
            over = drawings.look(document, page, said, found.garbled)
    except UnreadableError:  # its text was read; that it can't be drawn is told
        found.problems.append(problem("drawing-on-page", Severity.CHECK, page=number))
        return ()
    found.fields += over.fields
    found.problems += dict.fromkeys(over.problems)
    _covered(page, over, found)
    found.doubted |= {(number, name) for name in over.doubted}
    if over.pictured:
        found.cut(over.whole.page(), over.pictured, page.boxes, page.size, number)
    if whose and whose.seen and whose.is_alone:
        edition = whose.seen.identity.edition
        found.problems.append(problem("blank-missing", Severity.NOTE, edition=edition))
    elif whose and whose.seen and is_drawn_on(over.without, whose.seen, page.boxes, whose.blanks):
        found.problems.append(problem("drawing-on-page", Severity.CHECK, page=number))
    return over.touched


def _covered(page: Page, over: drawings.Drawn, found: Recovered) -> None:
    """Words that were read off the page, but that something opaque lies over."""
    printed_in = {
        one.name: None
        for one in found.fields
        if one.page == page.number and one.method is Method.FLATTENED and one.name in page.boxes
    }
    for name, words in covered(page, printed_in, over.whole, over.without):
        told = problem(
            "text-covered", Severity.CHECK, name, page=page.number, text=markup_annotations.short(words)
        )
        found.problems.append(told)
        over.doubted.append(name)
        over.pictured += () if name in over.pictured else (name,)


def _is_in(bounds: Rect, boxes: Iterable[Box]) -> bool:
    """Whether something is drawn within a field, where the form has nothing."""
    x0, y0, x1, y1 = bounds
    return any(box.holds(x0, y0) and box.holds(x1, y1) for box in boxes)
