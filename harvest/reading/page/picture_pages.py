"""Pages that are pictures: whose they are by their QR code or table, and what their fields show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from harvest.model import Severity
from harvest.problems import problem
from harvest.reading.identity.page_identity import Seen
from harvest.reading.model import limits
from harvest.reading.model.edition_geometry import Blanks, code_box
from harvest.reading.model.similarity_transform import Similarity
from harvest.reading.pdf import markup_annotations
from harvest.reading.pdf.pdfium_adapter import Content, Picture, Piece
from harvest.reading.printed import flattened
from harvest.reading.printed import picture_layers as stack
from harvest.reading.printed.picture_layers import Stack
from harvest.reading.scan import scanned_cells
from harvest.reading.scan.qr import codes
from harvest.reading.scan.tesseract import NoTesseractError, TesseractFailedError
from harvest.reading.scan.unread_cells import inked as inked_fields
from harvest.reading.scan.unread_cells import unread
from spec.geometry import Box


class Source(Protocol):
    """What shows pages as pictures: a PDF, or a file that is a picture itself."""

    def picture(self, number: int, dpi: float, *, words: bool = True) -> Picture:
        """A page in grey."""


if TYPE_CHECKING:
    from PIL.Image import Image

    from harvest.reading.page.recovered_values import Recovered


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is looked at as it shows: its number, what stands on it, how that is made up."""

    number: int
    content: Content
    stack: Stack


def look(document: Source, page: Page, blanks: Blanks, found: Recovered) -> None:
    """A page whose text does not tell whose it is: its QR code may, and what it shows is read from its text or picture."""
    if found.pictured >= most(blanks):
        found.passed_over.append(page.number)
        return
    over = page.stack.over
    picture = document.picture(page.number, scanned_cells.DPI, words=not over)
    found.pictured += not scanned_cells.is_white(picture.image)
    if _placed(picture, page, blanks, found):
        return
    if over:  # what was written may be the page's own text, of which the picture is only the ground
        whole = Page(page.number, page.content, Stack(picture=True, words=page.stack.words))
        if _placed(document.picture(page.number, scanned_cells.DPI), whole, blanks, found):
            return
    found.problems.append(problem("page-not-ours", Severity.CHECK, page=page.number))


def _placed(picture: Picture, page: Page, blanks: Blanks, found: Recovered) -> bool:
    """Whether a picture is of pages of ours, which are then read."""
    number, met, left = page.number, False, list(page.stack.over)
    for code in codes(picture.image):
        size = blanks.size(code.identity)
        met = True
        if size is None:
            found.seen.append((number, str(code.identity)))
            continue
        lies = code.lies(code_box(size))
        boxes = blanks.boxes(code.identity)
        if not page.stack.picture:  # its foot was cut off, but its text is there
            seen = Seen(code.identity, picture.lies.inverse.then(lies))
            found.take(number, seen, boxes)
            found.print(number, flattened.cells(page.content, seen.lies, boxes, number, paper=size))
            continue
        seen = Seen(code.identity, scanned_cells.exact(picture.image, lies, size))
        left = _scanned(picture, seen, page, left, blanks=blanks, found=found)
    if not met and page.stack.picture:
        met, left = _without_code(picture, page, blanks, found)
    if met and left:
        said = markup_annotations.short(flattened.joined(left, Similarity()))
        found.problems.append(problem("note-outside", Severity.CHECK, page=number, text=said))
    return met


def _without_code(picture: Picture, page: Page, blanks: Blanks, found: Recovered) -> tuple[bool, list[Piece]]:
    """Whether a picture whose code is spoilt is one of ours; and what was written over it that is no answer."""
    left = list(page.stack.over)
    by_table = scanned_cells.by_table(picture.image, blanks)
    if by_table is not None and blanks.size(by_table.identity) is not None:
        return True, _scanned(picture, by_table, page, left, blanks=blanks, found=found, by_table=True)
    identity = by_table.identity if by_table else scanned_cells.read_identity(picture.image)
    if identity is None:
        return False, left
    found.seen.append((page.number, str(identity)))  # whose it is can be read, but not where its fields lie
    if blanks.size(identity) is not None:
        found.problems.append(problem("ocr-failed", Severity.LOST, page=page.number))
    return True, left


def _scanned(
    picture: Picture,
    seen: Seen,
    page: Page,
    over: list[Piece],
    *,
    blanks: Blanks,
    found: Recovered,
    by_table: bool = False,
) -> list[Piece]:
    """A page of ours in a picture: made exact, then recognised; where that fails, words might go to a neighbour's field.

    Gives what of the text written over it is no answer.
    """
    size, boxes, lies = blanks.size(seen.identity), blanks.boxes(seen.identity), seen.lies
    if size is None:
        return over
    onto = picture.lies.inverse.then(lies)
    found.take(page.number, Seen(seen.identity, onto), boxes)
    laid = scanned_cells.laid(picture.image, lies, size, boxes.values())
    if not (laid.proven if by_table else laid.held):
        found.problems.append(problem("ocr-failed", Severity.LOST, page=page.number))
        return over
    shown = scanned_cells.inked(picture.image, lies, size, laid.bent, boxes.values())
    cut = scanned_cells.cut_off(picture.image, lies, laid.bent, boxes)
    if cut:
        found.problems.append(problem("page-cut-off", Severity.LOST, page=page.number))
    layer = stack.in_fields(page.stack.words, onto, boxes, page.number) if page.stack.words else {}
    sheet = _Sheet(shown, boxes, size, page.number, cut, layer)
    inked = _recognise(sheet, found)
    fields, left = stack.typed(over, onto, boxes, page.number, inked) if over else ([], over)
    found.fields += fields
    return left


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page of ours, straightened: its fields, its size, its number in the file, which fields it shows in part.

    `layer` is what an earlier recognition says, by field.
    """

    image: Image
    boxes: Mapping[str, Box]
    size: tuple[float, float]
    number: int
    cut: Collection[str]
    layer: Mapping[str, str]


def _recognise(sheet: _Sheet, found: Recovered) -> set[str]:
    """Read a sheet's fields; the names of those in which the picture shows anything."""
    boxes, number, inked = (
        sheet.boxes,
        sheet.number,
        scanned_cells.written(sheet.image, sheet.boxes, sheet.size),
    )
    try:
        fields, left = scanned_cells.cells(sheet.image, boxes, sheet.size, number, sheet.cut)
    except NoTesseractError:
        found.problems.append(problem("ocr-not-installed", Severity.LOST, page=number))
        fields, left = [], []
    except TesseractFailedError:
        found.pictured += limits.FAILED - 1
        found.problems.append(problem("ocr-failed", Severity.LOST, page=number))
        fields, left = [], []
    if sheet.layer:
        fields, left = stack.compared(fields, left, sheet.layer)
        silent = [name for name in inked if name not in {*left, *(one.name for one in fields)}]
        fields += stack.alone(silent, sheet.layer, boxes, number)
    found.fields += fields
    found.fields += inked_fields(left, boxes, number)
    # where there are no words, there has to be a picture
    names = dict.fromkeys([*left, *(one.name for one in fields)])
    found.cut(sheet.image, names, boxes, sheet.size, number)
    found.problems += unread(left, number)
    return {*inked, *names}


def most(blanks: Blanks) -> int:
    """How many pages of one document are looked at as pictures: more than any partner's return has."""
    longest = max((len(known.pages) for known in blanks.maps.values()), default=0)
    return max(limits.PICTURED, 2 * longest)
