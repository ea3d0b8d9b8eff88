"""What is drawn on a page, whether it still has its fields or is print: by whom and how does not matter."""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from formgen.blank import Blank, build_blank
from harvest.model import Method, Reading
from harvest.reading import read
from tests.harvest.reading.forms import saved
from tests.readers.engines import require
from tests.readers.tools import flatten
from tests.specimens.form import small_form

CELL, NEXT, BELOW = (
    "kontaktstelle_r01_einrichtung",
    "kontaktstelle_r01_erfahrung",
    "kontaktstelle_r03_einrichtung",
)
BESIDE_BELOW = "kontaktstelle_r03_erfahrung"
NIL = "kontaktstelle_nil"
SAID = {CELL: "Haus Süd, Weg 1"}
PAGE = 2
Content = Callable[[Blank], bytes]
Way = Callable[[Pdf, bytes, Path], bytes]


@pytest.fixture(scope="module")
def blank() -> Blank:
    return build_blank(small_form())


def box(blank: Blank, local: str) -> tuple[float, float, float, float]:
    return blank.edition_file.fields[local].box


def returned(blank: Blank, values: Mapping[str, str] | None = None) -> Pdf:
    """A return as MuPDF leaves it: its fields show what they hold."""
    wanted = {f"{blank.edition_file.edition}_{local}": text for local, text in (values or SAID).items()}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "blank.pdf"), Path(folder, "returned.pdf")
        source.write_bytes(blank.pdf)
        require("mupdf").fill(source, wanted, target)
        return Pdf.open(io.BytesIO(target.read_bytes()))


# ---------------------------------------------------------------- ways in which ink comes onto a page


def in_a_stream(pdf: Pdf, ink: bytes, _: Path) -> bytes:
    """An editor's own stream after the page's."""
    page = pdf.pages[PAGE - 1].obj
    page.Contents = Array([page.Contents, pdf.make_indirect(Stream(pdf, ink))])
    return saved(pdf)


def in_the_same_stream(pdf: Pdf, ink: bytes, _: Path) -> bytes:
    page = pdf.pages[PAGE - 1].obj
    page.Contents = pdf.make_indirect(Stream(pdf, b"q " + page.Contents.read_bytes() + b" Q " + ink))
    page.Resources.XObject["/Mine"] = page.Resources.XObject.Identity
    return saved(pdf)


def in_a_form(pdf: Pdf, ink: bytes, _: Path) -> bytes:
    page = pdf.pages[PAGE - 1].obj
    form = Stream(
        pdf, ink, Type=Name.XObject, Subtype=Name.Form, BBox=page.MediaBox, Resources=page.Resources
    )
    page.Resources.XObject["/Mine"] = pdf.make_indirect(form)
    return in_a_stream(pdf, b"q /Mine Do Q", Path())


def as_an_annotation(pdf: Pdf, ink: bytes, _: Path) -> bytes:
    page = pdf.pages[PAGE - 1].obj
    shows = Stream(
        pdf, ink, Type=Name.XObject, Subtype=Name.Form, BBox=page.MediaBox, Resources=page.Resources
    )
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Ink, Rect=page.MediaBox, F=4, InkList=Array([]),
        AP=Dictionary(N=pdf.make_indirect(shows)),
    )  # fmt: skip
    page.Annots.append(pdf.make_indirect(note))
    return saved(pdf)


def printed(printer: str) -> Way:
    def way(pdf: Pdf, ink: bytes, folder: Path) -> bytes:
        source, target = folder / "inked.pdf", folder / "printed.pdf"
        source.write_bytes(as_an_annotation(pdf, ink, folder))
        flatten(printer, source, target)
        return target.read_bytes()

    way.__name__ = printer
    return way


def by_qpdf(pdf: Pdf, ink: bytes, folder: Path) -> bytes:
    source, target = folder / "inked.pdf", folder / "flat.pdf"
    source.write_bytes(as_an_annotation(pdf, ink, folder))
    command = ["qpdf", "--generate-appearances", "--flatten-annotations=all", str(source), str(target)]
    subprocess.run(command, check=False)
    return target.read_bytes()


LIVE = [in_a_stream, in_the_same_stream, in_a_form, as_an_annotation]
FLAT = [printed("gs"), printed("cairo"), by_qpdf]
WAYS = pytest.mark.parametrize("way", [*LIVE, *FLAT], ids=lambda way: way.__name__)


# ---------------------------------------------------------------- what is drawn


def scrawl(x0: float, x1: float, y: float) -> bytes:
    """A wave: nothing that looks like letters."""
    points = [(x0 + 2 * n, y + (-6, 4, 7, -3)[n % 4]) for n in range(int((x1 - x0) / 2))]
    first, *others = (f"{x:.1f} {at:.1f}" for x, at in points)
    return f"q 0 0 0.6 RG 1.2 w {first} m {' '.join(f'{one} l' for one in others)} S Q".encode()


def line(x0: float, y0: float, x1: float, y1: float) -> bytes:
    return f"q 0.8 0 0 RG 1 w {x0} {y0} m {x1} {y1} l S Q".encode()


def reading_of(blank: Blank, data: bytes) -> Reading:
    return read(data, {blank.edition_file.edition: blank.edition_file})


def codes(reading: Reading) -> set[tuple[str, ...]]:
    return {(one.code, *(value for key, value in one.details if key == "row")) for one in reading.problems}


def to_type_up(reading: Reading) -> set[str]:
    """Cells that wait for a person, each with its picture."""
    waiting = {str(one.name.local) for one in reading.fields if one.method is Method.OCR and not one.text}
    assert waiting <= {str(one.name.local) for one in reading.pictures}
    return waiting


def values(reading: Reading) -> dict[str, str]:
    return {str(one.name.local): one.text for one in reading.fields if one.text not in {"", "/Off"}}


@WAYS
def test_ink_over_cells_makes_each_of_them_a_picture_to_type_up(
    blank: Blank, way: Way, tmp_path: Path
) -> None:
    x0, y0, _, y1 = box(blank, BELOW)
    next_x0 = box(blank, BESIDE_BELOW)[0]
    ink = scrawl(x0 + 20, next_x0 + 40, (y0 + y1) / 2)
    reading = reading_of(blank, way(returned(blank), ink, tmp_path))
    assert to_type_up(reading) == {BELOW, BESIDE_BELOW}
    assert values(reading) == SAID
    assert ("ocr-nothing", "3") in codes(reading)


@WAYS
def test_a_cross_over_the_box_is_a_nil_return_however_far_it_goes_it_is_asked_about(
    blank: Blank, way: Way, tmp_path: Path
) -> None:
    x0, y0, x1, y1 = box(blank, NIL)
    small = line(x0 - 2, y0 - 2, x1 + 2, y1 + 2) + line(x0 - 2, y1 + 2, x1 + 2, y0 - 2)
    assert values(reading_of(blank, way(returned(blank), small, tmp_path)))[NIL] == "/Yes"
    large = line(x0 - 20, y0 - 20, x1 + 90, y1 + 90)
    assert NIL in to_type_up(reading_of(blank, way(returned(blank), large, tmp_path)))


@WAYS
@pytest.mark.parametrize("far", [True, False], ids=["the row", "its words"])
def test_a_row_that_was_struck_out_is_told_and_is_no_sure_entry(
    blank: Blank, way: Way, tmp_path: Path, *, far: bool
) -> None:
    given = {CELL: "Haus Süd, Weg 1, Beratung", NEXT: "Türkisch und Arabisch"}
    pdf = returned(blank, given)
    x0, _, x1, _ = box(blank, CELL)
    right = box(blank, "kontaktstelle_r01_verabredung")[2] if far else x1
    height = box(blank, CELL)[3] - 9.5  # of the first line's small letters
    ink = line(x0 + 2, height, right - 4 if far else x0 + 110, height)
    reading = reading_of(blank, way(pdf, ink, tmp_path))
    assert ("row-struck-out", "1") in codes(reading)
    assert values(reading)[CELL] == given[CELL]
    (one,) = [field for field in reading.fields if str(field.name.local) == CELL]
    assert one.confidence <= 0.5
    assert CELL in {str(picture.name.local) for picture in reading.pictures}


@pytest.mark.parametrize("way", [in_a_stream, as_an_annotation], ids=lambda way: way.__name__)
def test_a_page_that_was_crossed_out_is_told_once_and_no_letter_is_made_of_its_strokes(
    blank: Blank, way: Way, tmp_path: Path
) -> None:
    cells = [
        field.box
        for name, field in blank.edition_file.fields.items()
        if name.startswith("kontaktstelle_r0") and not name.endswith("_id")
    ]
    x0, y0 = min(cell[0] for cell in cells), min(cell[1] for cell in cells)
    x1, y1 = max(cell[2] for cell in cells), max(cell[3] for cell in cells)
    cross = line(x0, y0, x1, y1) + line(x0, y1, x1, y0)
    reading = reading_of(blank, way(returned(blank), cross, tmp_path))
    told = [one.code for one in reading.problems if one.code == "drawing-on-page"]
    # where the strokes meet nobody can tell them from a letter: that cell is looked at
    assert len(to_type_up(reading)) <= 2
    assert set(values(reading).values()) - {""} == set(SAID.values())
    assert told


def test_a_ring_around_words_is_told_and_strikes_nothing_out(blank: Blank, tmp_path: Path) -> None:
    x0, y0, _, y1 = box(blank, CELL)
    ring = f"q 1 0 0 RG {x0 + 1.5} {y0 + 2} 150 {y1 - y0 - 4} re S Q".encode()
    reading = reading_of(blank, in_a_stream(returned(blank), ring, tmp_path))
    assert codes(reading) == {("drawing-on-page",)}
    assert values(reading) == SAID


# ---------------------------------------------------------------- marked with a colour


def marker(pdf: Pdf, place: tuple[float, float, float, float], colour: str) -> bytes:
    """As a marker lies on paper: what is under it shows."""
    resources = pdf.pages[PAGE - 1].obj.Resources
    known = resources.get("/ExtGState", Dictionary())
    known["/Marker"] = Dictionary(BM=Name.Multiply)
    resources.ExtGState = known
    x0, y0, x1, y1 = place
    return f"q /Marker gs {colour} rg {x0} {y0} {x1 - x0} {y1 - y0} re f Q".encode()


def rows_marked(reading: Reading) -> list[str]:
    return [value for one in reading.problems for key, value in one.details if key == "rows"]


def row_of(blank: Blank, number: int) -> tuple[float, float, float, float]:
    first, last = (
        box(blank, f"kontaktstelle_r0{number}_{column}") for column in ("einrichtung", "verabredung")
    )
    return first[0], first[1], last[2], last[3]


@WAYS
@pytest.mark.parametrize("colour", ["1 1 .6", ".8 1 .8", "1 .86 .9", ".9 .9 .9"])
def test_a_row_that_was_marked_is_told_and_its_words_stay(
    blank: Blank, way: Way, tmp_path: Path, colour: str
) -> None:
    pdf = returned(blank)
    reading = reading_of(blank, way(pdf, marker(pdf, row_of(blank, 1), colour), tmp_path))
    assert rows_marked(reading) == ["1"]
    assert values(reading) == SAID
    assert not to_type_up(reading)


@pytest.mark.parametrize("way", [in_a_stream, printed("cairo")], ids=lambda way: way.__name__)
def test_a_line_of_words_that_was_marked_is_told_and_so_are_several_rows(
    blank: Blank, way: Way, tmp_path: Path
) -> None:
    pdf = returned(blank)
    x0, _, _, y1 = box(blank, CELL)
    ink = marker(pdf, (x0 + 2, y1 - 13, x0 + 80, y1 - 2), "1 1 .5")
    ink += marker(pdf, row_of(blank, 3), "1 1 .5") + marker(pdf, row_of(blank, 4), ".7 .9 1")
    assert rows_marked(reading_of(blank, way(pdf, ink, tmp_path))) == ["1, 3-4"]


@pytest.mark.parametrize("way", [in_a_stream, printed("gs")], ids=lambda way: way.__name__)
def test_a_page_that_is_coloured_as_a_whole_marks_nothing(blank: Blank, way: Way, tmp_path: Path) -> None:
    pdf = returned(blank)
    ink = marker(pdf, (0, 0, 842, 595), "1 .98 .9")
    reading = reading_of(blank, way(pdf, ink, tmp_path))
    assert rows_marked(reading) == []
    assert values(reading) == SAID


# ---------------------------------------------------------------- nothing drawn


@pytest.mark.parametrize("way", FLAT, ids=lambda way: way.__name__)
def test_where_nothing_is_drawn_nothing_is_told(blank: Blank, way: Way, tmp_path: Path) -> None:
    reading = reading_of(blank, way(returned(blank), b"", tmp_path))
    assert reading.problems == () or way is by_qpdf
    assert not to_type_up(reading)
    assert values(reading) == SAID


# ---------------------------------------------------------------- watermarks


def slanted(text: str, size: float, across: float, up: float) -> bytes:
    return f"q 0.8 g BT /Mark {size} Tf {across} {up} {-up} {across} 140 120 Tm ({text}) Tj ET Q".encode()


def marked(pdf: Pdf, ink: bytes, *pages: int) -> bytes:
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Helvetica-Bold")))
    for number in pages:
        page = pdf.pages[number].obj
        page.Resources.Font["/Mark"] = font
        page.Contents = Array([page.Contents, pdf.make_indirect(Stream(pdf, ink))])
    return saved(pdf)


@pytest.mark.parametrize(
    "ink",
    [
        slanted("TESTVERSION", 70, 0.819, 0.574),
        slanted("Kopie", 12, 0.9, 0.43),
        slanted("ENTWURF", 90, 1, 0),
        slanted("VERTRAULICH", 40, 0, 1),
        b"".join(
            f"q 0.8 g BT /Mark 60 Tf 0.8 0.6 -0.6 0.8 {140 + 40 * n} {90 + 30 * n} Tm ({letter}) Tj ET Q".encode()
            for n, letter in enumerate("MUSTER")
        ),
    ],
    ids=["slanted", "small", "oversized", "upright", "by letters"],
)
def test_words_across_cells_are_told_once_and_are_no_entry(blank: Blank, ink: bytes) -> None:
    reading = reading_of(blank, marked(returned(blank), ink, 1, 2))
    assert values(reading) == SAID
    assert [one.code for one in reading.problems] == ["watermark"]


def test_large_letters_within_one_cell_are_an_answer(blank: Blank) -> None:
    x0, y0, _, _ = box(blank, BELOW)
    ink = f"q 0 g BT /Mark 24 Tf 1 0 0 1 {x0 + 6} {y0 + 20} Tm (Haus) Tj ET Q".encode()
    reading = reading_of(blank, marked(returned(blank), ink, 1))
    assert values(reading)[BELOW] == "Haus"
    assert reading.problems == ()


def test_a_text_that_became_outlines_is_recognised(blank: Blank, tmp_path: Path) -> None:
    source, target = tmp_path / "typed.pdf", tmp_path / "outlines.pdf"
    x0, _, _, y1 = box(blank, BELOW)
    ink = f"BT /Mark 9 Tf 1 0 0 1 {x0 + 4} {y1 - 14} Tm (Haus Nord, Weg 17) Tj ET".encode()
    with Pdf.open(io.BytesIO(blank.pdf)) as pdf:
        mark = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        sheet = pikepdf.Pdf.new()
        sheet.add_blank_page(page_size=(842, 596))
        sheet.pages[0].obj.Resources = Dictionary(Font=Dictionary(Mark=sheet.make_indirect(mark)))
        sheet.pages[0].obj.Contents = sheet.make_indirect(Stream(sheet, ink))
        source.write_bytes(saved(sheet))
        subprocess.run(
            ["gs", "-q", "-dNOSAFER", "-dNoOutputFonts", "-sDEVICE=pdfwrite", "-o", str(target), str(source)],
            check=True,
        )
        with Pdf.open(target) as outlines:
            pdf.pages.append(outlines.pages[0])
        pdf.pages[PAGE - 1].add_overlay(pdf.pages[-1], None)
        del pdf.pages[-1]
        for page in pdf.pages:
            del page.obj.Annots
        del pdf.Root.AcroForm
        reading = reading_of(blank, saved(pdf))
    assert values(reading) == {BELOW: "Haus Nord, Weg 17"}
    assert {one.method for one in reading.fields} == {Method.OCR}


# ---------------------------------------------------------------- corrections: paint over words


def corrected(blank: Blank, paint: bytes, tmp_path: Path) -> Reading:
    """A flattened return, then something painted over its words."""
    source, flat = tmp_path / "filled.pdf", tmp_path / "flat.pdf"
    source.write_bytes(saved(returned(blank)))
    flatten("gs", source, flat)
    with Pdf.open(flat) as pdf:
        pdf.pages[PAGE - 1].contents_add(paint)
        data = saved(pdf)
    return read(data, {blank.edition_file.edition: blank.edition_file})


@pytest.mark.parametrize("part", [1.0, 0.15])
@pytest.mark.parametrize("colour", [b"1 g", b"0.97 1 0.97 rg"])
def test_words_under_paint_are_told_and_never_an_answer_in_silence(
    colour: bytes, part: float, blank: Blank, tmp_path: Path
) -> None:
    x0, y0, x1, y1 = box(blank, CELL)
    place = b"%f %f %f %f re f" % (x0 + 1, y0 + 1, (x1 - x0) * part, y1 - y0 - 2)
    reading = corrected(blank, b"q %s %s Q" % (colour, place), tmp_path)
    [told] = [one for one in reading.problems if one.code == "text-covered"]
    words = dict(told.details)["text"]
    assert words == "HausSüdWeg1" if part == 1.0 else "HausSüdWeg1".startswith(words)
    assert all(one.confidence <= 0.5 for one in reading.fields if one.name.local == CELL and one.text.strip())


def test_words_that_show_are_not_told_as_covered(blank: Blank, tmp_path: Path) -> None:
    reading = corrected(blank, b"q Q", tmp_path)
    assert "text-covered" not in {one.code for one in reading.problems}


# ---------------------------------------------------------------- damaged fields


@pytest.mark.parametrize(
    "place",
    [
        (0, 0, 0, 0),
        (1e9, 1e9, -1e9, -1e9),
        (100, 100, 100.5, 100.2),
        (0, 0, 842, 595),
        (3000, 3000, 3100, 3040),
    ],
    ids=str,
)
def test_a_field_that_is_no_place_on_the_page_costs_nothing_of_what_is_drawn_beside_it(
    blank: Blank, tmp_path: Path, place: tuple[float, float, float, float]
) -> None:
    pdf = returned(blank)
    for annotation in pdf.pages[PAGE - 1].Annots:
        if str(annotation.get("/T", "")).endswith(("kontaktstelle_r02_kontakt", NIL)):
            annotation.Rect = Array([*place])
    x0, y0, _, y1 = box(blank, BELOW)
    reading = reading_of(blank, in_a_stream(pdf, scrawl(x0 + 20, x0 + 90, (y0 + y1) / 2), tmp_path))
    assert codes(reading) == {("ocr-nothing", "3")}
    assert to_type_up(reading) == {BELOW}
    assert values(reading) == SAID
