"""Pages that kept their fields, and on which an editor wrote besides: online editors, PDF editors, fixed notes."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pypdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from reportlab.pdfgen.canvas import Canvas

from formgen.blank import Blank, build_blank
from harvest.model import Method, Reading
from harvest.reading import read
from harvest.reading.pdf.added_content import FAMILIES, family, is_as_sent
from harvest.reading.pdf.pdfium_adapter import Document
from tests.harvest.reading.forms import fill, saved
from tests.specimens.form import RETURNS, edition, small_form

CELL, BESIDE = "kontaktstelle_r01_einrichtung", "kontaktstelle_r01_kontakt"


@pytest.fixture(scope="module")
def blank() -> Blank:
    return build_blank(small_form())


def returned(blank: Blank) -> Pdf:
    """A return in which one field was filled the usual way."""
    return fill(Pdf.open(io.BytesIO(blank.pdf)), {CELL: "Haus Süd"}, blank.edition_file)


def number_of(blank: Blank) -> int:
    """The number of the page that everything here happens on, from 0."""
    return blank.edition_file.fields[BESIDE].page


def drawn(blank: Blank, text: str, x: float, y: float) -> bytes:
    """A page with nothing but a line of text."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=blank.edition_file.page_size)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(x, y, text)
    canvas.save()
    return target.getvalue()


def in_one_stream(blank: Blank, over: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(saved(returned(blank))))
    writer.pages[number_of(blank)].merge_page(pypdf.PdfReader(io.BytesIO(over)).pages[0])
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def in_a_form_of_its_own(blank: Blank, over: bytes) -> bytes:
    pdf = returned(blank)
    with Pdf.open(io.BytesIO(over)) as other:
        pdf.pages.append(other.pages[0])
        pdf.pages[number_of(blank)].add_overlay(pdf.pages[-1], None)
        del pdf.pages[-1]
    return saved(pdf)


def in_a_further_stream(blank: Blank, over: bytes) -> bytes:
    pdf = returned(blank)
    page = pdf.pages[number_of(blank)].obj
    with Pdf.open(io.BytesIO(over)) as other:
        more = pdf.copy_foreign(other.pages[0].obj.Contents)
        fonts = pdf.copy_foreign(pdf_indirect(other, other.pages[0].obj.Resources.Font))
    page.Resources.Font = Dictionary({**dict(page.Resources.Font.items()), **dict(fonts.items())})
    page.Contents = Array([page.Contents, more])
    return saved(pdf)


def pdf_indirect(pdf: Pdf, one: pikepdf.Object) -> pikepdf.Object:
    return one if one.is_indirect else pdf.make_indirect(one)


WAYS = pytest.mark.parametrize("way", [in_one_stream, in_a_form_of_its_own, in_a_further_stream])
Way = Callable[[Blank, bytes], bytes]


def reading_of(blank: Blank, data: bytes) -> Reading:
    return read(data, {blank.edition_file.edition: blank.edition_file})


def said(reading: Reading) -> dict[str, tuple[str, Method]]:
    return {
        field.name.local: (field.text, field.method)
        for field in reading.fields
        if field.text not in {"", "/Off"}
    }


def asked(reading: Reading) -> list[tuple[str, dict[str, str]]]:
    return [(one.code, dict(one.details)) for one in reading.problems]


@WAYS
def test_what_was_typed_onto_a_field_is_read_beside_what_fields_say(blank: Blank, way: Way) -> None:
    x0, _, _, y1 = blank.edition_file.fields[BESIDE].box
    reading = reading_of(blank, way(blank, drawn(blank, "Frau Öztürk, 030 123", x0 + 4, y1 - 12)))
    assert said(reading) == {
        CELL: ("Haus Süd", Method.WIDGET),
        BESIDE: ("Frau Öztürk, 030 123", Method.FLATTENED),
    }
    assert reading.problems == ()


@WAYS
def test_what_was_typed_beside_all_fields_is_told(blank: Blank, way: Way) -> None:
    reading = reading_of(blank, way(blank, drawn(blank, "Wir ziehen im Mai um", 300, 530)))
    assert said(reading) == {CELL: ("Haus Süd", Method.WIDGET)}
    page = str(number_of(blank) + 1)
    assert asked(reading) == [("note-outside", {"page": page, "text": "Wir ziehen im Mai um"})]


def test_what_was_painted_onto_a_field_is_told(blank: Blank) -> None:
    pdf = returned(blank)
    page = pdf.pages[number_of(blank)].obj
    x0, y0, x1, y1 = blank.edition_file.fields[CELL].box
    white = f"1 g {x0 + 1} {y0 + 1} {x1 - x0 - 2} {y1 - y0 - 2} re f".encode()
    page.Contents = Array([page.Contents, pdf.make_indirect(Stream(pdf, white))])
    reading = reading_of(blank, saved(pdf))
    assert said(reading) == {CELL: ("Haus Süd", Method.WIDGET)}
    assert asked(reading) == [("drawing-on-page", {"page": str(number_of(blank) + 1)})]


def test_a_picture_that_was_put_on_a_page_is_told(blank: Blank) -> None:
    pdf = returned(blank)
    page = pdf.pages[number_of(blank)].obj
    dot = Stream(pdf, b"\x80", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
                 ColorSpace=Name.DeviceGray, BitsPerComponent=8)  # fmt: skip
    page.Resources.XObject["/Im1"] = pdf.make_indirect(dot)
    page.Contents = Array([page.Contents, pdf.make_indirect(Stream(pdf, b"q 90 0 0 40 500 20 cm /Im1 Do Q"))])
    number = str(number_of(blank) + 1)
    # its upper half lies over the last row
    assert asked(reading_of(blank, saved(pdf))) == [
        ("ocr-nothing", {"page": number, "row": "5"}),
        ("drawing-on-page", {"page": number}),
    ]


def test_a_page_whose_content_is_broken_keeps_its_fields(blank: Blank) -> None:
    pdf = returned(blank)
    pdf.pages[number_of(blank)].obj.Contents = Array([Name.Nothing, Array([])])
    assert said(reading_of(blank, saved(pdf))) == {CELL: ("Haus Süd", Method.WIDGET)}


def test_the_blank_is_as_it_was_sent_and_shows_no_other_fonts(blank: Blank) -> None:
    with Pdf.open(io.BytesIO(blank.pdf)) as pdf:
        assert all(is_as_sent(page.obj) for page in pdf.pages)
        count = len(pdf.pages)
    document = Document(blank.pdf)
    fonts = {piece.font for number in range(1, count + 1) for piece in document.content(number).pieces}
    document.close()
    assert {family(font) for font in fonts} == FAMILIES


def fixed(blank: Blank, pdf: Pdf) -> None:
    """One filled field becomes print, the others stay, as with programs that fix what was filled in."""
    page = pdf.pages[number_of(blank)].obj
    name = f"{blank.edition_file.edition}_{CELL}"
    x0, y0, *_ = blank.edition_file.fields[CELL].box
    page.Annots = Array([one for one in page.Annots if str(one.get("/T", "")) != name])
    pdf.Root.AcroForm.Fields = Array(
        [one for one in pdf.Root.AcroForm.Fields if str(one.get("/T", "")) != name]
    )
    shows = f"q 1 0 0 1 {x0} {y0} cm BT /F1+0 8 Tf 4 40 Td <01> Tj ET Q".encode()
    page.Contents = Array([page.Contents, pdf.make_indirect(Stream(pdf, shows))])


def test_a_field_that_is_print_now_is_read_among_fields(blank: Blank) -> None:
    pdf = returned(blank)
    fixed(blank, pdf)
    (field,) = said(reading_of(blank, saved(pdf))).items()
    assert (field[0], field[1][1]) == (CELL, Method.FLATTENED)


@pytest.mark.parametrize("specimen", ["printed-pdfjs-gs", "scan-200"])
def test_a_signature_hides_nothing_of_a_page_without_fields(specimen: str) -> None:
    editions = {edition().edition: edition()}
    data = (RETURNS / f"{specimen}.pdf").read_bytes()
    with Pdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            seal = Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=pikepdf.String("Unterschrift"),
                V=Dictionary(Type=Name.Sig), Rect=Array([10, 10, 60, 40]),
            )  # fmt: skip
            page.obj.Annots = Array([pdf.make_indirect(seal)])
        sealed = read(saved(pdf), editions)
    assert said(sealed) == said(read(data, editions))
    assert len(said(sealed)) > 5


def test_two_of_the_same_page_on_one_sheet_are_both_read(blank: Blank) -> None:
    page = number_of(blank)
    x0, _, _, y1 = blank.edition_file.fields[CELL].box
    width, height = blank.edition_file.page_size
    with Pdf.new() as sheet:
        sheet.add_blank_page(page_size=(width, height))
        for index, text in enumerate(("Haus Nord", "Haus Süd")):
            with Pdf.open(io.BytesIO(blank.pdf)) as one:
                with Pdf.open(io.BytesIO(drawn(blank, text, x0 + 4, y1 - 12))) as over:
                    one.pages.append(over.pages[0])
                one.pages[page].add_overlay(one.pages[-1], None)
                del one.pages[page].obj.Annots
                sheet.pages.append(one.pages[page])
            half = pikepdf.Rectangle(index * width / 2, 0, (index + 1) * width / 2, height)
            sheet.pages[0].add_overlay(sheet.pages[-1], half)
            del sheet.pages[-1]
        reading = reading_of(blank, saved(sheet))
    assert [field.text for field in reading.fields] == ["Haus Nord", "Haus Süd"]
    assert {field.name.local for field in reading.fields} == {CELL}
    assert reading.problems == ()
