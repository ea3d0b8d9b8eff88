"""What somebody drew on a page that came as a PDF: over its cells and boxes, so that a person types it up or looks at it.

Strokes of a pen, shapes, letters that a program turned into outlines, pictures that were pasted: `harvest.reading.printed.ink` finds
them, here is said what each of them means for the field over which it lies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from harvest.model import Method, Problem, Severity
from harvest.problems import problem
from harvest.reading.model import confidence_levels
from harvest.reading.model.raw_fields import RawField, parsed_name, ranges
from harvest.reading.model.similarity_transform import Similarity
from harvest.reading.pdf import without_text
from harvest.reading.pdf.pdfium_adapter import Content, Document
from harvest.reading.printed import flattened, ink, tint
from harvest.reading.printed.ink import Ink, Sheet
from harvest.reading.scan import scanned_cells, tesseract
from harvest.reading.scan.unread_cells import inked, unread
from spec.geometry import Box
from spec.names import RowField

#: Shares of a box for "nothing here" that are drawn on where it is ticked beyond doubt.
_TICKED = (0.08, 0.85)
#: Points around such a box that a tick keeps to: what goes on farther was perhaps never meant for it.
_AROUND = 5.0
_NIL = flattened.NIL


@dataclass(frozen=True, slots=True)
class Page:
    """A page of ours: its number, what its text says, how it lies on the blank, the blank's boxes and size."""

    number: int
    content: Content
    lies: Similarity
    boxes: Mapping[str, Box]
    size: tuple[float, float]


@dataclass
class Drawn:
    """What is drawn on a page.

    Attributes:
        fields: cells that were recognised, or that a person reads; ticks.
        problems: what is told of it.
        pictured: names of the fields that a person wants to see.
        doubted: names of the fields whose text is drawn over.
        touched: names of all boxes in which something is drawn.
        whole: the page as it came.
        without: the page without its text and its fields.
    """

    whole: Sheet
    without: Sheet
    fields: list[RawField] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pictured: list[str] = field(default_factory=list)
    doubted: list[str] = field(default_factory=list)
    touched: frozenset[str] = frozenset()


def look(document: Document, page: Page, said: Mapping[str, str], garbled: Collection[str]) -> Drawn:
    """What is drawn over the boxes of a page. The document's notes are gone afterwards (`harvest.reading.pdf.without_text`).

    Args:
        document: the open file.
        page: the page in it.
        said: name of a field of the page -> its text, where it has any.
        garbled: names of fields whose text has no meaning: signs may stand there for letters, and are not to be recognised.

    Raises:
        UnreadableError: the page is broken.
    """
    whole = Sheet(document.picture(page.number, ink.DPI), page.lies, page.size)
    without = _stripped(document, page, ink.DPI)
    boxes = {name: _inner(name, box) for name, box in page.boxes.items()}
    over = ink.over(boxes, whole, without)
    # a page that was printed smaller is drawn larger, so that rules stay as thin beside their boxes
    colours = without_text.drawn(document, page.number, tint.DPI * page.lies.scale, (), colour=True)
    marked = tint.marked(colours, page.lies, boxes) - set(over)
    found = Drawn(whole, without, touched=frozenset(over))
    if pale := ink.watermarked(over):
        over = {name: one for name, one in over.items() if name not in pale}
        found.problems.append(problem("drawing-on-page", Severity.CHECK, page=page.number))
    if over:
        _nil(over, page, without, said, found)
        texts = {name: text for name, text in said.items() if text.strip() and not name.endswith(_NIL)}
        _over_text({name: one for name, one in over.items() if name in texts}, page, without, found)
        empty = [name for name in over if name not in texts and not name.endswith(_NIL)]
        if lines := ink.crossed({name: over[name] for name in empty}):
            empty = [name for name in empty if name not in lines]
            # where two strokes meet recognition finds letters that nobody wrote
            garbled = {*garbled, *(name for name in empty if over[name].goes_beyond)}
            found.problems.append(problem("drawing-on-page", Severity.CHECK, page=page.number))
        _over_nothing(document, empty, page, garbled, found)
    _marked(marked, page, found)
    return found


def _marked(names: Collection[str], page: Page, found: Drawn) -> None:
    """What somebody coloured, as with a marker: it is told once which rows."""
    keys = [parsed_name(name) for name in names]
    rows = sorted({key.row for key in keys if isinstance(key, RowField)})
    if rows:
        told = problem("rows-marked", Severity.CHECK, page=page.number, rows=ranges(rows))
        found.problems.append(told)
    elif keys:
        found.problems.append(problem("drawing-on-page", Severity.CHECK, page=page.number))


def _inner(name: str, box: Box) -> Box:
    """The box without its edges."""
    edge = ink.BORDER if name.endswith(_NIL) else ink.EDGE
    return box.inset(edge, edge)


def _stripped(document: Document, page: Page, dpi: float) -> Sheet:
    unread_text = {piece.order for piece in page.content.pieces if not flattened.readable(piece.text)}
    return Sheet(without_text.drawn(document, page.number, dpi, unread_text), page.lies, page.size)


def _nil(over: Mapping[str, Ink], page: Page, without: Sheet, said: Mapping[str, str], found: Drawn) -> None:
    """Boxes for "nothing here": ticked, or to be asked about."""
    for name, one in over.items():
        if not name.endswith(_NIL) or said.get(name, "") not in {"", "/Off"}:
            continue
        box = page.boxes[name]
        if _TICKED[0] <= one.share <= _TICKED[1] and not _goes_on(box, without):
            place = box.as_tuple()
            found.fields.append(
                RawField(
                    name, flattened.TICKED, Method.OCR, page.number, place, confidence_levels.SCANNED_MARK
                )
            )
        else:
            found.fields += inked([name], page.boxes, page.number)
        found.pictured.append(name)


def _goes_on(box: Box, without: Sheet) -> bool:
    """Whether something is drawn as far from the box as no tick goes."""
    around = Ink(without.cut(box.inset(-_AROUND, -_AROUND)), box, without)
    wide, high = around.mask.size
    inside = around.mask.crop((1, 1, wide - 1, high - 1)).histogram()[255]
    return around.mask.histogram()[255] > inside


def _over_text(over: Mapping[str, Ink], page: Page, without: Sheet, found: Drawn) -> None:
    """Cells with words that something is drawn over: a row that was struck out, or whatever it means."""
    rows: dict[tuple[str, int], list[str]] = {}
    for name in over:
        key = parsed_name(name)
        if isinstance(key, RowField):
            rows.setdefault((key.category, key.row), []).append(name)
        else:
            found.problems.append(problem("drawing-on-page", Severity.CHECK, page=page.number))
    for (category, row), names in rows.items():
        struck = any(over[name].strikes for name in names)
        if struck or ink.goes_across(_row(category, row, page, without)):
            told = problem("row-struck-out", Severity.CHECK, page=page.number, row=row)
        else:
            told = problem("drawing-on-page", Severity.CHECK, page=page.number)
        found.problems.append(told)
    found.doubted += over
    found.pictured += over


def _row(category: str, row: int, page: Page, without: Sheet) -> Iterable[Ink]:
    for name, box in page.boxes.items():
        key = parsed_name(name)
        if isinstance(key, RowField) and (key.category, key.row) == (category, row):
            inner = _inner(name, box)
            yield Ink(without.cut(inner), inner, without)


def _over_nothing(
    document: Document, names: list[str], page: Page, garbled: Collection[str], found: Drawn
) -> None:
    """Cells without words: what is drawn there is recognised, or typed up by a person."""
    if not names:
        return
    plain = [name for name in names if name not in garbled]
    read = [
        one
        for one in _recognised(document, plain, page)
        if one.confidence >= confidence_levels.OUTLINES_AT_LEAST
    ]
    done = {one.name for one in read}
    left = [name for name in names if name not in done]
    found.fields += read
    found.fields += inked(left, page.boxes, page.number)
    found.problems += unread(left, page.number)
    found.pictured += names


def _recognised(document: Document, names: list[str], page: Page) -> list[RawField]:
    """What is recognised in boxes of which nothing else is shown."""
    from PIL import Image as Pictures  # noqa: PLC0415 - loaded when a page is looked at

    fine = _stripped(document, page, scanned_cells.DPI)
    scale = scanned_cells.DPI / 72
    paper = Pictures.new("L", (round(page.size[0] * scale), round(page.size[1] * scale)), 255)
    boxes = {name: page.boxes[name] for name in names}
    for name, box in boxes.items():
        inner = _inner(name, box)
        place = round(inner.x0 * scale), round((page.size[1] - inner.y1) * scale)
        paper.paste(fine.cut(inner, scanned_cells.DPI), place)
    try:
        return scanned_cells.cells(paper, boxes, page.size, page.number)[0]
    except (tesseract.NoTesseractError, tesseract.TesseractFailedError):
        return []  # a person reads them
