"""A page's picture is laid onto the blank by the rules of its table alone, however it lies."""

from __future__ import annotations

from functools import cache

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from harvest.reading.model.edition_geometry import Blanks, code_box
from harvest.reading.model.homography import UNMOVED, Mark, Projection, fitted
from harvest.reading.model.similarity_transform import Similarity, between
from harvest.reading.scan import scanned_cells, table_registration
from spec.geometry import Box
from spec.names import PageIdentity
from tests.specimens.form import RETURNS, edition
from tests.specimens.paper import photographed

DPI = 150
PER = DPI / 72
BLANKS = Blanks.of([edition()])
SHEET = PageIdentity(edition().edition, None, "kontaktstelle", 1)
BOXES = BLANKS.boxes(SHEET)
SIZE = edition().page_size


@cache
def page() -> Image.Image:
    """A printed sheet without its code."""
    with pdfium.PdfDocument(RETURNS / "printed-pdfjs-gs.pdf") as pdf:
        shown: Image.Image = pdf[1].render(scale=PER, grayscale=True).to_pil().convert("L")
    box = code_box(SIZE)
    edges = (box.x0 * PER, (SIZE[1] - box.y1) * PER, box.x1 * PER, (SIZE[1] - box.y0) * PER)
    ImageDraw.Draw(shown).rectangle(edges, fill=120)
    return shown


def moved(degrees: float, scale: float, shift: tuple[int, int]) -> tuple[Image.Image, Similarity]:
    """The sheet as it lies somewhere, and from its pixels to the blank."""
    width, height = page().size
    turn = page().rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    small = Image.new("L", (width, height), 255)
    small.paste(turn.resize((round(width * scale), round(height * scale)), Image.Resampling.LANCZOS), shift)
    back = between(
        ((0, 0), (1, 0)),
        (
            (-shift[0] / scale, (shift[1] - height) / scale + height),
            (1 / scale - shift[0] / scale, (shift[1] - height) / scale + height),
        ),
    )
    level = table_registration.turned((width / 2, height / 2), -degrees)
    return small, back.then(level).then(Similarity(a=1 / PER))


def off(lies: Similarity, wanted: Similarity, bent: Projection = UNMOVED) -> float:
    """How far, in points, a corner of a field lands from where it should."""
    way = bent.then(Projection.of(lies.inverse)).then(Projection.of(wanted))
    corners = [(x, y) for box in BOXES.values() for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
    return max(abs(a - b) for corner in corners for a, b in zip(way.point(*corner), corner, strict=True))


@pytest.mark.parametrize(
    ("degrees", "scale", "shift"),
    [
        (0.0, 1.0, (0, 0)),
        (1.3, 0.9, (90, 60)),
        (-4.0, 0.7, (20, 300)),
        (180.0, 0.9, (90, 60)),
        (178.5, 1.0, (0, 0)),
    ],
)
def test_a_sheet_without_its_code_is_found_and_laid_exactly(
    degrees: float, scale: float, shift: tuple[int, int]
) -> None:
    picture, lies = moved(degrees, scale, shift)
    seen = scanned_cells.by_table(picture, BLANKS)
    assert seen is not None
    assert seen.identity == SHEET
    laid = scanned_cells.laid(picture, seen.lies, SIZE, BOXES.values())
    assert laid.proven
    assert off(seen.lies, lies, laid.bent) < 1.5


def test_a_photo_is_laid_exactly_although_no_two_of_its_sides_are_parallel() -> None:
    corners = {"ul": (0.045, 0.05), "ur": (0.955, 0.035), "lr": (0.975, 0.965), "ll": (0.02, 0.955)}
    picture = photographed(page(), corners)
    width, height = picture.size
    about = between(
        ((0.045 * width, 0.95 * height), (0.955 * width, 0.965 * height)), ((0, SIZE[1]), (SIZE[0], SIZE[1]))
    )
    laid = scanned_cells.laid(picture, about, SIZE, BOXES.values())
    assert laid.proven
    shown = scanned_cells.straightened(picture, about, SIZE, laid.bent, dpi=DPI)
    found = list(table_registration._found(shown, table_registration.rules_of(BOXES.values()), SIZE, 4.0))
    assert len(found) > 40
    assert max(abs(seen) for _, seen in found) < 1.0


@pytest.mark.parametrize("shift", [(0.0, 30.0), (40.0, 0.0)])
def test_a_page_that_does_not_lie_where_it_is_thought_to_lie_is_noticed(shift: tuple[float, float]) -> None:
    picture, lies = moved(0.0, 1.0, (0, 0))
    wrong = lies.then(Similarity(e=shift[0], f=shift[1]))
    assert not scanned_cells.laid(picture, wrong, SIZE, BOXES.values()).held


def test_a_page_without_a_table_is_not_found() -> None:
    assert scanned_cells.by_table(Image.new("L", (1754, 1240), 255), BLANKS) is None
    with pdfium.PdfDocument(RETURNS / "printed-pdfjs-gs.pdf") as pdf:
        cover: Image.Image = pdf[0].render(scale=PER, grayscale=True).to_pil().convert("L")
    ImageDraw.Draw(cover).rectangle((0, 1150, 900, 1240), fill=255)  # without its small print
    assert scanned_cells.by_table(cover, BLANKS) is None


def test_a_table_of_somebody_else_s_is_not_taken_for_ours() -> None:
    other = Image.new("L", page().size, 255)
    width, height = other.size
    draw = ImageDraw.Draw(other)
    across, down = (100, 460, 610, 1340, width - 100), (150, 330, 380, 900, height - 80)
    for x in across:
        draw.line((x, down[0], x, down[-1]), fill=0, width=2)
    for y in down:
        draw.line((across[0], y, across[-1], y), fill=0, width=2)

    assert scanned_cells.by_table(other, BLANKS) is None


def test_rules_are_where_fields_meet() -> None:
    boxes = [Box(x, y, x + 95, y + 60) for x in (10, 110) for y in (20, 83)]
    found = table_registration.rules_of(boxes)
    assert {rule.at for rule in found if rule.upright} == {7.5, 107.5, 207.5}
    assert {rule.at for rule in found if not rule.upright} == {18.5, 81.5, 144.5}
    assert table_registration.rules_of([Box(0, 0, 10, 10)]) == []


def test_what_is_cut_off_is_told_by_name() -> None:
    picture, lies = moved(0.0, 1.0, (0, 0))
    assert scanned_cells.cut_off(picture, lies, UNMOVED, BOXES) == set()
    less = picture.crop((0, 0, picture.width, round((SIZE[1] - 150) * PER)))
    higher = Similarity(f=picture.height - less.height).then(lies)
    gone = scanned_cells.cut_off(less, higher, UNMOVED, BOXES)
    assert {name.split("_")[2] for name in gone} == {"r04", "r05"}


def test_a_projection_is_fitted_to_what_was_measured() -> None:
    true = Projection(((1.02, 0.01, 4.0), (-0.02, 0.99, -3.0), (0.00004, -0.00003, 1.0)))
    places = [(x, y) for x in range(50, 850, 160) for y in range(40, 600, 120)]
    marks = [
        Mark(x, y, upright, true.point(x, y)[0 if upright else 1])
        for x, y in places
        for upright in (True, False)
    ]
    found = fitted(marks, 842.0, bent=True)
    assert (
        max(
            abs(a - b)
            for place in places
            for a, b in zip(found.point(*place), true.point(*place), strict=True)
        )
        < 0.5
    )
    assert found.then(UNMOVED).point(1, 2) == pytest.approx(found.point(1, 2))
