"""Adapter to PDFium: what stands on a page in the order of its content, and the page as a picture.

PDFium's own text extraction sorts by place, which mixes text that runs on below its field with what stands
there. Here its characters are put back into the order of the content (docs/findings/readers.md, 6).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any

from harvest.reading.model import limits
from harvest.reading.model.errors import UnreadableError
from harvest.reading.model.similarity_transform import Point, Rect, Similarity, between
from harvest.reading.pdf.page_objects import UNMOVED, Matrix, covers, is_hidden, moved, times, without_text

if TYPE_CHECKING:
    from PIL.Image import Image

_FILL_SIGN = "ADBE_FillSign"
_FONT_NAME = 256  # bytes that are enough for one


@dataclass(slots=True)
class Piece:
    """One text object: a run of characters in one font, page coordinates.

    Attributes:
        start, end: pen position at its first and after its last character.
        across: one em to the right, as drawn.
        clip: the smallest rectangle that cuts the text off; None where none does.
        form: which form XObject it is part of; 0 for the page itself.
        font: the font's name as the file says it.
        order: its place among all that is drawn on the page.
    """

    text: str
    start: Point
    end: Point
    across: Point
    clip: Rect | None
    form: int
    signed: bool
    font: str = ""
    order: int = 0
    starts: list[Point] = field(default_factory=list)

    @property
    def size(self) -> float:
        """Type size as drawn."""
        return max(abs(self.across[0]), abs(self.across[1]))


@dataclass(frozen=True, slots=True)
class Shape:
    """Something drawn: a path's or picture's bounds.

    Attributes:
        order: its place among all that is drawn on the page.
        covers: whether it is a picture that hides text that was drawn before.
    """

    bounds: Rect
    form: int
    picture: bool
    signed: bool
    order: int = 0
    covers: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A page's content in order; `hidden` is text that is drawn without a trace. `size` as people see it, in points."""

    pieces: tuple[Piece, ...]
    shapes: tuple[Shape, ...]
    size: tuple[float, float]
    hidden: tuple[Piece, ...] = ()

    @property
    def area(self) -> float:
        """Square points."""
        return self.size[0] * self.size[1]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a picture, in grey where nothing else is said; `lies` takes its pixels, y upwards, to the page's coordinates."""

    image: Image
    lies: Similarity


class Document:
    """An open PDF. Pages are counted from 1."""

    def __init__(self, data: bytes, passwords: Sequence[str] = ()) -> None:
        """Open it.

        Raises:
            UnreadableError: PDFium can't.
        """
        import pypdfium2 as pdfium  # noqa: PLC0415 - a heavy library, loaded when a page asks for it

        for password in (None, *passwords):
            try:
                self._pdf = pdfium.PdfDocument(data, password=password)
            except pdfium.PdfiumError as error:
                reason = str(error)
            else:
                return
        raise UnreadableError(reason)

    @property
    def count(self) -> int:
        """Of pages."""
        return len(self._pdf)

    def show_fields(self) -> None:
        """From now on pictures show what fields show, too. Nothing in the file is run: this PDFium has no JavaScript."""
        if self._pdf.formenv is None:
            self._pdf.init_forms()

    def close(self) -> None:
        """Let go of it."""
        self._pdf.close()

    @contextmanager
    def page(self, number: int) -> Iterator[Any]:
        """A page, open for pypdfium2's calls.

        Raises:
            UnreadableError: the page is broken.
        """
        import pypdfium2 as pdfium  # noqa: PLC0415

        try:
            page = self._pdf[number - 1]
        except (pdfium.PdfiumError, IndexError) as error:
            raise UnreadableError(str(error)) from error
        try:
            yield page
        finally:
            page.close()

    def content(self, number: int) -> Content:
        """What stands on a page, without what annotations show.

        Raises:
            UnreadableError: the page is broken.
        """
        import pypdfium2.raw as c  # noqa: PLC0415

        with self.page(number) as page:
            text = c.FPDFText_LoadPage(page)
            if not text:
                raise UnreadableError("no text page")
            try:
                walk = _Walk(c, self._pdf, page)
                count = c.FPDFPage_CountObjects(page)
                walk.objects(c.FPDFPage_GetObject(page, index) for index in range(count))
                _characters(c, text, {**walk.pieces, **walk.hidden})
            finally:
                c.FPDFText_ClosePage(text)
            width, height = page.get_size()
        pieces, hidden = (
            tuple(piece for piece in found.values() if piece.starts and _is_somewhere(piece))
            for found in (walk.pieces, walk.hidden)
        )
        return Content(pieces, tuple(walk.shapes), (width, height), hidden)

    def picture(self, number: int, dpi: float, *, words: bool = True) -> Picture:
        """A page in grey, annotations too, upright as people see it; never larger than the limit.

        Args:
            number: the page's.
            dpi: dots to an inch.
            words: whether with the text of its content.

        Raises:
            UnreadableError: the page is broken.
        """
        import pypdfium2.raw as c  # noqa: PLC0415

        with self.page(number) as page:
            if not words:
                without_text(c, page)
            return rendered(page, dpi)


def rendered(page: Any, dpi: float, *, fields: bool = True, colour: bool = False) -> Picture:
    """An open page as a picture; see `Document.picture`. Without `fields` even if they are to be shown."""
    import pypdfium2 as pdfium  # noqa: PLC0415
    from pypdfium2 import raw as c  # noqa: PLC0415

    width, height = page.get_size()
    scale = min(dpi / 72, limits.PIXELS / max(width, height, 1.0))
    try:
        bitmap = page.render(scale=scale, grayscale=not colour, may_draw_forms=fields)
    except (pdfium.PdfiumError, ValueError) as error:  # a page of no size, or of an impossible one
        raise UnreadableError(str(error)) from error
    try:
        image: Image = bitmap.to_pil().convert("RGB" if colour else "L")
    finally:
        bitmap.close()
    corners = []
    for x, y in ((0, image.height), (image.width, image.height)):
        px, py = ctypes.c_double(), ctypes.c_double()
        c.FPDF_DeviceToPage(page, 0, 0, image.width, image.height, 0, x, y, px, py)
        corners.append((px.value, py.value))
    lies = between(((0, 0), (image.width, 0)), (corners[0], corners[1]))
    return Picture(image, lies)


class _Walk:
    """Goes through a page's objects and those of its form XObjects in the order in which they are drawn."""

    def __init__(self, c: Any, pdf: Any, page: Any) -> None:
        self._c = c
        self._pdf = pdf
        self._page = page
        self.pieces: dict[int, Piece] = {}  # by the address of the text object
        self.hidden: dict[int, Piece] = {}
        self.shapes: list[Shape] = []
        self._fonts: dict[int, str] = {}
        self._forms = self._count = self._pictures = 0

    def objects(
        self,
        each: Iterable[Any],
        matrix: Matrix = UNMOVED,
        depth: int = 0,
        form: int = 0,
        *,
        signed: bool = False,
    ) -> None:
        """Take up the objects of the page or of a form XObject."""
        c = self._c
        for one in each:
            self._count += 1
            if self._count > limits.OBJECTS:
                return
            kind = c.FPDFPageObj_GetType(one)
            marked = signed or self._is_signed(one)
            if kind == c.FPDF_PAGEOBJ_TEXT:
                self._text(one, matrix, form, signed=marked)
            elif kind == c.FPDF_PAGEOBJ_FORM and depth < limits.FORM_DEPTH:
                self._forms += 1
                inner = times(self._matrix(one), matrix)
                parts = (
                    c.FPDFFormObj_GetObject(one, part) for part in range(c.FPDFFormObj_CountObjects(one))
                )
                self.objects(parts, inner, depth + 1, self._forms, signed=marked)
            else:
                bounds = self._bounds(one)
                if bounds is not None:
                    picture = kind == c.FPDF_PAGEOBJ_IMAGE
                    hides = picture and self._hides(one, bounds)
                    shape = Shape(moved(bounds, matrix), form, picture, marked, self._count, hides)
                    self.shapes.append(shape)

    def _text(self, one: Any, matrix: Matrix, form: int, *, signed: bool) -> None:
        c = self._c
        found = self.hidden if is_hidden(c, one) else self.pieces
        a, b, _, _, _, _ = times(self._matrix(one), matrix)
        size = ctypes.c_float()
        c.FPDFTextObj_GetFontSize(one, size)
        clip = self._clip(one)
        found[ctypes.addressof(one.contents)] = Piece(
            "", (0, 0), (0, 0), (a * size.value, b * size.value),
            None if clip is None else moved(clip, matrix), form, signed, self._font(one), self._count,
        )  # fmt: skip

    def _hides(self, one: Any, bounds: Rect) -> bool:
        """Whether a picture covers text that was drawn before. Asked of so many of a page, and of no huge ones."""
        if not self.pieces or max(bounds[2] - bounds[0], bounds[3] - bounds[1]) > limits.PIXELS:
            return False
        self._pictures += 1
        return self._pictures <= limits.COVERING and covers(self._c, self._pdf, self._page, one)

    def _font(self, one: Any) -> str:
        """The name of a text object's font; most of a page's are set in a few."""
        c = self._c
        font = c.FPDFTextObj_GetFont(one)
        key = ctypes.addressof(font.contents) if font else 0
        if key not in self._fonts:
            name = ctypes.create_string_buffer(_FONT_NAME)
            length = c.FPDFFont_GetBaseFontName(font, name, _FONT_NAME) if font else 0
            self._fonts[key] = name.value.decode("latin-1") if 0 < length <= _FONT_NAME else ""
        return self._fonts[key]

    def _matrix(self, one: Any) -> Matrix:
        m = self._c.FS_MATRIX()
        self._c.FPDFPageObj_GetMatrix(one, m)
        return m.a, m.b, m.c, m.d, m.e, m.f

    def _bounds(self, one: Any) -> Rect | None:
        edges = [ctypes.c_float() for _ in range(4)]
        if not self._c.FPDFPageObj_GetBounds(one, *edges):
            return None
        return edges[0].value, edges[1].value, edges[2].value, edges[3].value

    def _clip(self, one: Any) -> Rect | None:
        """The rectangle that all clips leave. PDFium drops clips that cut nothing off."""
        c = self._c
        path = c.FPDFPageObj_GetClipPath(one)
        found: Rect | None = None
        for index in range(max(c.FPDFClipPath_CountPaths(path), 0) if path else 0):
            xs, ys = [], []
            for step in range(min(c.FPDFClipPath_CountPathSegments(path, index), limits.CLIP_STEPS)):
                x, y = ctypes.c_float(), ctypes.c_float()
                c.FPDFPathSegment_GetPoint(c.FPDFClipPath_GetPathSegment(path, index, step), x, y)
                xs.append(x.value)
                ys.append(y.value)
            if xs:
                box = (min(xs), min(ys), max(xs), max(ys))
                found = box if found is None else _common(found, box)
        return found

    def _is_signed(self, one: Any) -> bool:
        c = self._c
        for index in range(max(c.FPDFPageObj_CountMarks(one), 0)):
            mark = c.FPDFPageObj_GetMark(one, index)
            buffer, length = (ctypes.c_ushort * 32)(), ctypes.c_ulong()
            if mark and c.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), length):
                name = bytes(buffer)[: max(length.value - 2, 0)].decode("utf-16-le", "replace")
                if name == _FILL_SIGN:
                    return True
        return False


def _is_somewhere(piece: Piece) -> bool:
    """Whether it stands at a place: a broken matrix puts text at none, where nobody sees it."""
    return all(isfinite(one) for place in (*piece.starts, piece.end, piece.across) for one in place)


def _common(one: Rect, other: Rect) -> Rect:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _characters(c: Any, text: Any, pieces: dict[int, Piece]) -> None:
    """Give each text object its characters; spaces that PDFium only supposes are left out."""
    box, x, y = c.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    # where each object's last glyph begins, which may be several letters, and where it ends
    glyph, last = dict[int, int](), dict[int, int]()
    parts: dict[int, list[int]] = {}
    for index in range(min(max(c.FPDFText_CountChars(text), 0), limits.CHARACTERS)):
        if c.FPDFText_IsGenerated(text, index) == 1:
            continue
        one = c.FPDFText_GetTextObject(text, index)
        key = ctypes.addressof(one.contents) if one else 0
        piece = pieces.get(key)
        if piece is None:
            continue
        c.FPDFText_GetCharOrigin(text, index, x, y)
        if piece.starts[-1:] != [(x.value, y.value)]:
            glyph[key] = index
        piece.starts.append((x.value, y.value))
        parts.setdefault(key, []).append(c.FPDFText_GetUnicode(text, index))
        last[key] = index
    for key, codes in parts.items():
        piece = pieces[key]
        piece.text = _decoded(codes)
        piece.start = piece.starts[0]
        xs, ys = list[float](), list[float]()
        for index in {glyph[key], last[key]}:
            c.FPDFText_GetLooseCharBox(text, index, box)
            xs += box.left, box.right
            ys += box.bottom, box.top
        piece.end = _end(piece, (min(xs), min(ys), max(xs), max(ys)))


def _end(piece: Piece, last: Rect) -> Point:
    """The pen's position after a piece: the far edge of its last glyph's box, which is upright.

    No character's width is the advance: the letters of a glyph whose text is given beside it (14.9.4) have one origin and
    a part of the box each.
    """
    ex, ey = piece.across
    x, y = piece.starts[-1]
    if abs(ex) >= abs(ey):
        advance = last[2] - x if ex >= 0 else x - last[0]
    else:
        advance = last[3] - y if ey >= 0 else y - last[1]
    length, advance = max(abs(ex), abs(ey), 1e-6), max(advance, 0.0)
    return x + ex / length * advance, y + ey / length * advance


def _decoded(codes: list[int]) -> str:
    units = b"".join(
        code.to_bytes(2, "little") if code < 0x10000 else chr(code).encode("utf-16-le", "surrogatepass")
        for code in codes
        if code <= 0x10FFFF
    )
    return units.decode("utf-16-le", "replace")
