"""Pages that are pictures with text over or beneath them: stamps, fax lines, Bates numbers, an earlier recognition's words."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from pikepdf import Name, Pdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from harvest.model import Method, Reading
from harvest.reading import read
from harvest.reading.pdf.pdfium_adapter import Document
from harvest.reading.printed.picture_layers import Stack
from harvest.reading.scan import tesseract
from tests.specimens.figures import plain, values
from tests.specimens.form import RETURNS, Truth, edition

EDITIONS = {edition().edition: edition()}
SCAN = RETURNS / "scan-200.pdf"
TRUTH = Truth.of(SCAN).values
SIZE = edition().page_size
STAMP = (
    "Eingegangen",
    "am",
    "12.11.2026",
    "Stadt",
    "Musterstadt",
    "Amt",
    "für",
    "Soziales",
    "Aktenzeichen",
    "50.1",
)
FIRST = "kontaktstelle_r01_einrichtung"
EMPTY = "kontaktstelle_r04_kontakt"
Draw = Callable[[Canvas], None]


def box(local: str) -> tuple[float, float, float, float]:
    return edition().fields[local].box


def scanned() -> Image.Image:
    document = Document(SCAN.read_bytes())
    page = document.picture(1, 200).image
    document.close()
    return page


def on_paper(beneath: Draw, over: Draw, picture: Image.Image | None = None) -> bytes:
    """A scan that fills its page, with something drawn before it, and something after."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=SIZE)
    beneath(canvas)
    canvas.drawImage(ImageReader(picture or scanned()), 0, 0, *SIZE)
    over(canvas)
    canvas.save()
    return target.getvalue()


def nothing(_: Canvas) -> None:
    return


def stamped(x: float, y: float, size: float = 8, turn: float = 0) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(turn)
        canvas.setFont("Helvetica", size)
        along = 0.0
        for word in STAMP:
            canvas.drawString(along, 0, word)
            along += canvas.stringWidth(word + " ", "Helvetica", size)
        canvas.restoreState()

    return draw


def best(reading: Reading) -> dict[str, str]:
    """Of each field the surest of what was read."""
    return values(replace(reading, fields=tuple(sorted(reading.fields, key=lambda one: one.confidence))))


def read_right(reading: Reading) -> set[str]:
    got = best(reading)
    return {name for name, text in TRUTH.items() if plain(got.get(name, "")) == plain(text)}


def notes(reading: Reading) -> list[str]:
    return [dict(one.details)["text"] for one in reading.problems if one.code == "note-outside"]


@pytest.mark.parametrize(
    "over",
    [
        pytest.param(stamped(200, 582), id="at the head, as a fax machine"),
        pytest.param(stamped(36, 8), id="at the foot, as a Bates number"),
        pytest.param(stamped(20, 60, turn=90), id="along the edge"),
        pytest.param(stamped(box(FIRST)[0] - 20, box(FIRST)[1] + 8), id="across the cells of a row"),
        pytest.param(stamped(box(EMPTY)[0] + 4, box(EMPTY)[1] + 8, 26), id="large, across empty cells"),
    ],
)
def test_a_scan_is_read_as_one_whatever_was_stamped_over_it(over: Draw) -> None:
    reading = read(on_paper(nothing, over), EDITIONS)
    assert read_right(reading) == set(TRUTH)
    assert values(reading).keys() == TRUTH.keys()
    assert {field.method for field in reading.fields} == {Method.OCR}
    assert notes(reading) == [" ".join(STAMP)]


def test_what_was_typed_into_an_empty_field_of_a_scan_is_its_answer_to_be_checked() -> None:
    x0, _, _, y1 = box(EMPTY)

    def typed(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(x0 + 4, y1 - 12, "Frau Alt, 030 1")
        canvas.drawString(x0 + 4, y1 - 22, "montags")

    reading = read(on_paper(nothing, typed), EDITIONS)
    (field,) = (one for one in reading.fields if one.name.local == EMPTY)
    assert (field.text, field.method, field.confidence) == ("Frau Alt, 030 1\nmontags", Method.FLATTENED, 0.6)
    assert read_right(reading) == set(TRUTH)
    assert notes(reading) == []


def test_a_stamp_within_an_empty_field_is_told_and_is_no_answer() -> None:
    x0, y0, _, _ = box(EMPTY)

    def stamp(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 9)
        canvas.drawString(x0 + 4, y0 + 12, "Eingegangen 12.11.26")

    reading = read(on_paper(nothing, stamp), EDITIONS)
    assert values(reading).keys() == TRUTH.keys()
    assert notes(reading) == ["Eingegangen 12.11.26"]


def words(canvas: Canvas, said: dict[str, str], mode: int) -> None:
    """An earlier recognition's words, each field's where it stands, and the small print."""
    text = canvas.beginText()
    text.setTextRenderMode(mode)
    text.setFont("Helvetica", 8)
    text.setTextOrigin(36, 24)
    text.textOut(f"{edition().edition}/-/kontaktstelle/1/w")
    for local, answer in said.items():
        x0, _, _, y1 = box(local)
        text.setTextOrigin(x0 + 4, y1 - 12)
        for line in (answer[at : at + 30] for at in range(0, len(answer), 30)):
            text.textLine(line)
    canvas.drawText(text)


def misread(text: str) -> str:
    return text.replace("ü", "ii").replace("rn", "m").replace("0", "O")


WAYS = ("beneath", "unseen", "clipped away", "transparent")
LAYERS = pytest.mark.parametrize("way", WAYS[:2])


def with_words(said: dict[str, str], way: str, picture: Image.Image | None = None) -> bytes:
    def beneath(canvas: Canvas) -> None:
        if way == "beneath":
            words(canvas, said, 0)

    def over(canvas: Canvas) -> None:
        if way == "transparent":
            canvas.setFillAlpha(0)
        if way != "beneath":
            words(canvas, said, {"unseen": 3, "clipped away": 7, "transparent": 0}[way])

    return on_paper(beneath, over, picture)


@pytest.mark.parametrize("way", WAYS)
def test_what_nobody_sees_is_told_from_what_was_written_over_the_picture(way: str) -> None:
    document = Document(with_words({FIRST: "Haus Süd"}, way, Image.new("L", (84, 60), 240)))
    made = Stack.of(document.content(1))
    document.close()
    assert made.picture
    assert [piece.text for piece in made.words][-1] == "Haus Süd"
    assert made.over == ()


@LAYERS
def test_words_of_an_earlier_recognition_are_not_believed_more_than_ours(way: str) -> None:
    reading = read(with_words({local: misread(text) for local, text in TRUTH.items()}, way), EDITIONS)
    assert {field.method for field in reading.fields} == {Method.OCR}
    assert read_right(reading) == set(TRUTH)
    said = {(one.name.local, "".join(one.text.split())) for one in reading.fields}
    for local, text in TRUTH.items():
        assert (local, "".join(misread(text).split())) in said
    assert {picture.name.local for picture in reading.pictures} == TRUTH.keys()
    assert notes(reading) == []


@LAYERS
def test_where_both_say_the_same_it_is_surer_and_what_only_hidden_words_say_is_no_answer(way: str) -> None:
    short = {local: text for local, text in TRUTH.items() if len(text) < 30}
    reading = read(with_words({**short, EMPTY: "Haus Nirgends, Weg 1"}, way), EDITIONS)
    assert EMPTY not in values(reading)
    assert read_right(reading) == set(TRUTH)
    sure = [field.confidence for field in reading.fields if field.name.local in short]
    assert sure == [0.9] * len(short)


def test_without_a_recognition_of_our_own_the_earlier_one_is_shown_with_its_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(*_: object, **__: object) -> list[tesseract.Recognised]:
        raise tesseract.NoTesseractError

    monkeypatch.setattr(tesseract, "recognise", missing)
    short = {local: text for local, text in TRUTH.items() if len(text) < 30}
    reading = read(with_words({**short, EMPTY: "Haus Nirgends"}, "unseen"), EDITIONS)
    assert values(reading) == short
    assert {field.confidence for field in reading.fields} == {0.5}
    assert {picture.name.local for picture in reading.pictures} == short.keys()
    assert "ocr-not-installed" in {one.code for one in reading.problems}


def test_a_scan_that_tesseract_made_searchable_is_read_as_before() -> None:
    page = io.BytesIO()
    scanned().save(page, "PNG", dpi=(200, 200))
    command = [
        shutil.which("tesseract") or "tesseract",
        "stdin",
        "stdout",
        "-l",
        "eng",
        "--dpi",
        "200",
        "pdf",
    ]
    made = subprocess.run(command, input=page.getvalue(), capture_output=True, check=True).stdout
    assert read_right(read(made, EDITIONS)) == set(TRUTH)


def test_a_printed_page_with_a_large_picture_on_it_is_no_scan() -> None:
    with Pdf.open(RETURNS / "printed-pdfjs-gs.pdf") as pdf:
        page = pdf.pages[1]
        photo = pdf.make_stream(
            b"\xf0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        page.add_resource(photo, Name.XObject, Name("/Ground"))
        page.contents_add(b"q 842 0 0 595 0 0 cm /Ground Do Q", prepend=True)
        target = io.BytesIO()
        pdf.save(target)
    document = Document(target.getvalue())
    assert not Stack.of(document.content(2)).picture
    document.close()
    assert values(read(target.getvalue(), EDITIONS)) == values(
        read((RETURNS / "printed-pdfjs-gs.pdf").read_bytes(), EDITIONS)
    )


def test_a_drawing_without_ground_over_a_printed_page_hides_none_of_its_words() -> None:
    with Pdf.open(RETURNS / "printed-pdfjs-gs.pdf") as pdf:
        page = pdf.pages[1]
        clear = pdf.make_stream(
            b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        drawing = pikepdf.Stream(
            pdf, b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8, SMask=clear,
        )  # fmt: skip
        page.add_resource(pdf.make_indirect(drawing), Name.XObject, Name("/Drawing"))
        page.contents_add(b"q 842 0 0 595 0 0 cm /Drawing Do Q")
        target = io.BytesIO()
        pdf.save(target)
    document = Document(target.getvalue())
    assert not Stack.of(document.content(2)).picture
    document.close()
