"""Cells of a page that came back as a picture: straightened onto the blank, each field cut out and recognised.

The QR code in one corner tells whose page it is and about how it lies; the small print in the opposite corner
makes that exact, since a small code seen from afar leaves points of error at the other end of the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from heapq import nlargest
from math import ceil, floor
from typing import TYPE_CHECKING

from harvest.model import Method
from harvest.reading.identity.page_identity import Seen
from harvest.reading.model import confidence_levels
from harvest.reading.model.edition_geometry import PRINT_AT, Blanks, code_box
from harvest.reading.model.homography import UNMOVED, Projection
from harvest.reading.model.raw_fields import RawField
from harvest.reading.model.similarity_transform import Similarity, between
from harvest.reading.printed.flattened import NIL, TICKED
from harvest.reading.scan import table_registration, tesseract
from harvest.reading.scan.crop import AROUND
from harvest.reading.scan.table_registration import Laid
from spec.geometry import Box
from spec.names import CHECK_DIGITS, PageIdentity, find_identities

if TYPE_CHECKING:
    from PIL.Image import Image, Resampling

#: Dots to an inch of the straightened page: Tesseract reads 8-point type best at about this.
DPI = 300
_SCALE = DPI / 72
#: Dots to an inch at which its table's rules are looked for.
_COARSE = 150
#: Kinds of pages whose table fits that are looked at for what their small print says.
_WAYS = 3
#: Where the small print is looked for, around the left end of its baseline: left, below, right, above; points.
_AROUND = (14.0, 9.0, 60.0, 14.0)
#: Where it stands, whatever it says.
_PRINT = Box(PRINT_AT[0] - 6, PRINT_AT[1] - 5, PRINT_AT[0] + 230, PRINT_AT[1] + 10)
#: Its lower left corner as ink, from the left end of its baseline. A test measures it.
_INK_AT = (0.4, -0.15)
#: Darker than this is ink; paper is brought to white before.
_INK = 140
#: What is lighter than this at half the resolution has no ink in it.
_MAYBE = 220
#: Square points of ink below which a field is empty: a hyphen has two.
_LEAST_INK = 1.5
#: Points cut off a field's edges, where a table's line may show; of a checkbox more, for its border.
_EDGE = (0.5, 0.5)
_BORDER = (2.0, 2.0)
#: Pixels from a framed field's right side to where its text ends at most.
_FULL = 42
#: The lowest part of a page, where its small print stands.
_FOOT = 0.12
#: Shares of a checkbox's inside that are ink: when it is ticked beyond doubt, and from when on a person has to look:
#: a slip of the pen, a pencil's touch, a tick that was blotted out. Of paper alone none is as dark as `_FAINT`.
_TICKED = (0.08, 0.7)
_TOUCHED = 0.004
_FAINT, _FAINTLY = 180, 0.02


def straightened(
    picture: Image,
    lies: Similarity,
    size: tuple[float, float],
    bent: Projection = UNMOVED,
    *,
    dpi: int = DPI,
    area: Box | None = None,
) -> Image:
    """The page as it would be on paper of the blank's size.

    Args:
        picture: the page in grey.
        lies: its pixels, y upwards, to the blank.
        size: the blank's, in points.
        bent: what `lies` does not say: from the blank to where it takes the page.
        dpi: dots to an inch of the result.
        area: the part of the page that is wanted; else all.
    """
    return _Paper(_evened(picture), lies, size).flat(bent, dpi, area)


def inked(
    picture: Image, lies: Similarity, size: tuple[float, float], bent: Projection, boxes: Iterable[Box]
) -> Image:
    """Like `straightened`, but white wherever nothing is that `cells` would look at: most of a page is empty.

    A look at half the resolution tells which boxes hold nothing; these stay white. The others are as `straightened`
    shows them, to the pixel, with what is around them.
    """
    from PIL import Image as Pictures  # noqa: PLC0415 - loaded when a page is a picture

    paper = _Paper(_evened(picture), lies, size)
    coarse = paper.coarse(bent)
    page = Pictures.new("L", _pixels(size, DPI), 255)
    for box in boxes:
        look = _cut(coarse, box.inset(*_EDGE), size, _COARSE)
        if sum(look.histogram()[:_MAYBE]) * (72 / _COARSE) ** 2 < _LEAST_INK / 2:
            continue
        left, top, right, bottom = _pixels_around(box, size)
        area = Box(left / _SCALE, size[1] - bottom / _SCALE, right / _SCALE, size[1] - top / _SCALE)
        page.paste(paper.flat(bent, DPI, area), (left, top))
    return page


def laid(picture: Image, lies: Similarity, size: tuple[float, float], boxes: Iterable[Box]) -> Laid:
    """How the page lies as the rules of its table say, where `lies` is about right."""
    return table_registration.laid(
        _Paper(_evened(picture), lies, size).coarse, table_registration.rules_of(boxes), size
    )


def _pixels_around(box: Box, size: tuple[float, float]) -> tuple[int, int, int, int]:
    """Left, upper, right and lower edge on the straightened page: whole pixels, so that parts show what the whole shows."""
    left, top = (box.x0 - AROUND) * _SCALE, (size[1] - box.y1 - AROUND) * _SCALE
    right, bottom = (box.x1 + AROUND) * _SCALE, (size[1] - box.y0 + AROUND) * _SCALE
    return max(floor(left), 0), max(floor(top), 0), ceil(right), ceil(bottom)


def _evened(picture: Image) -> Image:
    """With its paper white and its ink black."""
    from PIL import ImageOps  # noqa: PLC0415

    return ImageOps.autocontrast(picture, cutoff=(1, 40))


def _pixels(size: tuple[float, float], dpi: int) -> tuple[int, int]:
    return round(size[0] * dpi / 72), round(size[1] * dpi / 72)


@dataclass(frozen=True)
class _Paper:
    """A page's picture, evened; about how it lies, pixels, y upwards, to the blank; the blank's size, points."""

    picture: Image
    lies: Similarity
    size: tuple[float, float]

    def flat(self, bent: Projection, dpi: int, area: Box | None = None) -> Image:
        """See `straightened`."""
        from PIL.Image import Resampling  # noqa: PLC0415

        return self._shown(self.picture, bent, dpi, area or Box(0.0, 0.0, *self.size), Resampling.BICUBIC)

    def coarse(self, bent: Projection) -> Image:
        """The whole page at the resolution at which rules are looked for; a quarter of the effort, and less grain."""
        from PIL.Image import Resampling  # noqa: PLC0415

        return self._shown(self._small, bent, _COARSE, Box(0.0, 0.0, *self.size), Resampling.BILINEAR)

    @cached_property
    def _small(self) -> Image:
        """The picture with as many whole pixels taken together as leave it the resolution of `coarse`."""
        return self.picture.reduce(max(int(72 / self.lies.scale / _COARSE + 0.1), 1))

    def _shown(self, source: Image, bent: Projection, dpi: int, area: Box, resampling: Resampling) -> Image:
        from PIL.Image import Transform  # noqa: PLC0415

        # from a pixel of the result to one of the source; both count y downwards
        per, fewer = 72 / dpi, source.width / self.picture.width
        blank = Projection(((per, 0.0, area.x0), (0.0, -per, area.y1), (0.0, 0.0, 1.0)))
        high = fewer * self.picture.height
        upwards = Projection(((fewer, 0.0, 0.0), (0.0, -fewer, high), (0.0, 0.0, 1.0)))
        rows = blank.then(bent).then(Projection.of(self.lies.inverse)).then(upwards).rows
        matrix = [one / (rows[2][2] or 1e-9) for row in rows for one in row][:8]
        return source.transform(
            _pixels((area.width, area.height), dpi), Transform.PERSPECTIVE, matrix, resampling, fillcolor=255
        )


def cut_off(picture: Image, lies: Similarity, bent: Projection, boxes: Mapping[str, Box]) -> set[str]:
    """The names of the boxes that the picture does not show whole."""
    back = Projection.of(lies.inverse)
    whole = bent.then(back)

    def outside(x: float, y: float) -> bool:
        across, up = whole.point(x, y)
        return not (0 <= across <= picture.width and 0 <= up <= picture.height)

    return {
        name
        for name, box in boxes.items()
        if any(outside(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1))
    }


def by_table(picture: Image, blanks: Blanks) -> Seen | None:
    """Whose page it is and how it lies, for pages whose code is spoilt: by the rules of its table, then its small print."""
    if is_white(picture):
        return None
    lines = table_registration.Lines(picture)
    ways = [
        (found[0], size, boxes, found[1])
        for size, boxes in blanks.tables()
        for upside_down in (False, True)
        if (found := lines.lie(table_registration.rules_of(boxes), size, upside_down=upside_down))
    ]
    for _, size, boxes, lies in nlargest(_WAYS, ways, key=lambda way: way[0]):
        identity = _printed_there(straightened(picture, lies, size, area=_PRINT), blanks)
        if identity and frozenset(blanks.boxes(identity).values()) in {boxes, frozenset()}:
            return Seen(identity, lies)
    return None


def _printed_there(shown: Image, blanks: Blanks) -> PageIdentity | None:
    """What the small print says, `shown` where it stands; the check character keeps misread ones out."""
    line = _framed(shown)
    larger = line.resize((line.width * 3 // 2, line.height * 3 // 2))
    try:
        found = tesseract.recognise([line, larger], DPI, tesseract.LINE, f"{CHECK_DIGITS}/")
    except (tesseract.NoTesseractError, tesseract.TesseractFailedError):
        return None
    said = [one.text.replace(" ", "").replace("\n", "") for one in found]
    # the edition is one of a few: what else is read of it is misread
    said += [edition + text[len(edition) :] for text in said for edition in blanks.maps]
    return next((identity for text in said for identity in find_identities(text)), None)


def exact(picture: Image, lies: Similarity, size: tuple[float, float]) -> Similarity:
    """`lies`, made exact by the small print; as it was where that is not found."""
    left, below, right, above = _AROUND
    x, y = PRINT_AT
    area = Box(max(x - left, 0), max(y - below, 0), x + right, y + above)
    found = _small_print(straightened(picture, lies, size, area=area), area)
    if found is None:
        return lies
    centre = code_box(size).centre
    target = (PRINT_AT[0] + _INK_AT[0], PRINT_AT[1] + _INK_AT[1])
    return lies.then(between((centre, found), (centre, target)))


def _small_print(shown: Image, area: Box) -> tuple[float, float] | None:
    """The lower left corner of the small print's ink, in points; `shown` is the area where it should be."""
    ink = _ink(shown)
    columns, rows = _profile(ink, across=True), _profile(ink, across=False)
    first = next((index for index, share in enumerate(columns) if share > 0.02), None)
    last = next((index for index in range(len(rows) - 1, -1, -1) if rows[index] > 0.06), None)
    if first is None or last is None:
        return None
    return area.x0 + first / _SCALE, area.y1 - (last + 1) / _SCALE


def _profile(ink: Image, *, across: bool) -> Sequence[float]:
    """The share of ink in each column, or in each row."""
    from PIL import Image as Pictures  # noqa: PLC0415

    size = (ink.width, 1) if across else (1, ink.height)
    return [value / 255 for value in ink.resize(size, Pictures.Resampling.BOX).tobytes()]


def _cut(page: Image, box: Box, size: tuple[float, float], dpi: int = DPI) -> Image:
    edges = (box.x0, size[1] - box.y1, box.x1, size[1] - box.y0)
    left, top, right, bottom = (round(edge * dpi / 72) for edge in edges)
    return page.crop((left, top, right, bottom))


def _ink(picture: Image, darker: int = _INK) -> Image:
    """White where there is ink, black where there is paper; single specks are none."""
    from PIL import ImageFilter  # noqa: PLC0415

    # of nine pixels, most: their mean says it as their median does, and is ten times as fast
    dark = picture.point([255 if grey < darker else 0 for grey in range(256)])
    return dark.filter(ImageFilter.BoxBlur(1)).point([255 if share > 127 else 0 for share in range(256)])


def cells(
    page: Image, boxes: Mapping[str, Box], size: tuple[float, float], number: int, cut: Collection[str] = ()
) -> tuple[list[RawField], list[str]]:
    """What stands in the boxes of a straightened page, and the names of those whose ink gave no characters, or none to trust.

    Among the latter are boxes for "nothing here" that may be ticked or not.

    Args:
        page: straightened, at `DPI`.
        boxes: its fields.
        size: the blank's, in points.
        number: the page's in its file, from 1.
        cut: names of the boxes of which the picture does not show all.

    Raises:
        NoTesseractError, TesseractFailedError: nothing could be recognised.
    """
    marks = {
        name: _mark(_cut(page, box.inset(*_BORDER), size), whole=name not in cut)
        for name, box in boxes.items()
        if name.endswith(NIL)
    }
    ticks = [
        RawField(name, TICKED, Method.OCR, number, boxes[name].as_tuple(), confidence_levels.SCANNED_MARK)
        for name, mark in marks.items()
        if mark is _Mark.TICK
    ]
    inked = written(page, boxes, size)
    recognised = tesseract.recognise([_framed(picture) for picture in inked.values()], DPI, edge=_FULL)
    sure = {
        name: min(
            one.confidence,
            confidence_levels.SCANNED_AT_MOST,
            confidence_levels.CUT_OFF if name in cut else 1.0,
        )
        for name, one in zip(inked, recognised, strict=True)
        if one.text.strip() and one.confidence >= confidence_levels.SCANNED_AT_LEAST
    }
    unread = [name for name, mark in marks.items() if mark is _Mark.DOUBT]
    unread += [name for name in inked if name not in sure]
    read = [
        RawField(
            name, one.text, Method.OCR, number, boxes[name].as_tuple(), sure[name]
        )
        for name, one in zip(inked, recognised, strict=True)
        if name in sure
    ]  # fmt: skip
    return ticks + read, unread


def written(page: Image, boxes: Mapping[str, Box], size: tuple[float, float]) -> dict[str, Image]:
    """How the fields look in which anything stands, boxes for "nothing here" aside; see `cells`."""
    shown = {
        name: _cut(page, box.inset(*_EDGE), size) for name, box in boxes.items() if not name.endswith(NIL)
    }
    return {
        name: picture
        for name, picture in shown.items()
        if _ink_share(picture) * boxes[name].width * boxes[name].height > _LEAST_INK
    }


def read_identity(picture: Image) -> PageIdentity | None:
    """Whose page it is by its small print, for pages whose code is spoilt; upright or upside down.

    The check character keeps misread ones out.
    """
    from PIL import ImageOps  # noqa: PLC0415

    for page in () if is_white(picture) else (picture, picture.rotate(180)):
        foot = page.crop((0, round(page.height * (1 - _FOOT)), page.width, page.height))
        foot = ImageOps.autocontrast(foot, cutoff=(1, 40))
        if not _ink_share(foot):
            continue
        try:
            (found,) = tesseract.recognise([foot], DPI)
        except (tesseract.NoTesseractError, tesseract.TesseractFailedError):
            return None
        for line in found.text.splitlines():
            if identities := find_identities(line.replace(" ", "")):
                return identities[0]
    return None


def is_white(picture: Image, darker: int = _INK) -> bool:
    """Whether nothing on it is as dark as ink."""
    return not any(picture.histogram()[:darker])


class _Mark(Enum):
    """What a checkbox shows."""

    NONE = "none"
    TICK = "tick"
    DOUBT = "doubt"


def _mark(inside: Image, *, whole: bool) -> _Mark:
    share = _ink_share(inside)
    if _TICKED[0] < share < _TICKED[1] and whole:
        return _Mark.TICK
    return _Mark.DOUBT if share > _TOUCHED or _ink_share(inside, _FAINT) > _FAINTLY else _Mark.NONE


def _ink_share(picture: Image, darker: int = _INK) -> float:
    if is_white(picture, darker):
        return 0.0
    histogram = _ink(picture, darker).histogram()
    return histogram[255] / max(sum(histogram), 1)


def _framed(picture: Image) -> Image:
    """With white around it: Tesseract misreads what touches the edge."""
    from PIL import ImageOps  # noqa: PLC0415

    return ImageOps.expand(picture, 20, 255)
