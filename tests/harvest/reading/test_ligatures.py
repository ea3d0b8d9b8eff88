"""Letters that another program drew as one glyph, in a font or an object of its own: they arrive as letters, without a blank."""

from __future__ import annotations

import io
from importlib.resources import files
from itertools import pairwise

import pikepdf
import pypdf
import pytest
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from formgen.blank import Blank, build_blank
from harvest.reading import read
from harvest.reading.pdf.pdfium_adapter import Document
from tests.specimens.form import small_form

FONT = "ligatures"
LETTERS = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
WORDS = [("Tre", "ﬀ", "en"), ("P", "ﬁ", "ngsten"), ("Zu", "ﬂ", "ucht"), ("Gri", "ﬃ", "g"), ("Wa", "ﬄ", "et")]
CELL = "kontaktstelle_r01_verabredung"


@pytest.fixture(scope="module")
def blank() -> Blank:
    return build_blank(small_form())


@pytest.fixture(scope="module", autouse=True)
def font() -> None:
    registerFont(TTFont(FONT, io.BytesIO(files("formgen.fonts").joinpath("text-regular.ttf").read_bytes())))


def drawn(
    parts: tuple[str, ...], at: tuple[float, float], size: tuple[float, float], said: str, *, turn: float = 0
) -> bytes:
    """A page with one word whose parts are objects of their own, each where the last one ends."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size)
    canvas.translate(*at)
    canvas.rotate(turn)
    canvas.setFont(FONT, 8)
    along = 0.0
    for part in parts:
        beside = said == "beside" and part in LETTERS
        if beside:
            canvas._code.append(f"/Span << /ActualText ({LETTERS[part]}) >> BDC")
        canvas.drawString(along, 0, part)
        if beside:
            canvas._code.append("EMC")
        along += canvas.stringWidth(part, FONT, 8)
    canvas.save()
    return as_letters(target) if said == "letters" else target.getvalue()


def as_letters(file: io.BytesIO) -> bytes:
    """The font tells of each ligature its letters (9.10.3), not the one character that stands for them."""
    with pikepdf.Pdf.open(file) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream) and b"beginbfchar" in (cmap := one.read_bytes()):
                for sign, letters in LETTERS.items():
                    code, text = f"<{ord(sign):04X}>", f"<{letters.encode('utf-16-be').hex()}>"
                    cmap = cmap.replace(code.encode(), text.encode())
                one.write(cmap)
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()


#: How a font or the page tells the text of such a glyph: by a character for it, by its letters, by words beside it.
SAID = pytest.mark.parametrize("said", ["sign", "letters", "beside"])


@SAID
@pytest.mark.parametrize("parts", WORDS, ids="".join)
def test_a_ligature_within_a_word_is_letters_and_no_gap(
    blank: Blank, parts: tuple[str, ...], said: str
) -> None:
    edition = blank.edition_file
    place = edition.fields[CELL]
    over = drawn((*parts, " im Mai"), (place.box[0] + 4, place.box[3] - 12), edition.page_size, said)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(blank.pdf))
    writer.pages[place.page].merge_page(pypdf.PdfReader(io.BytesIO(over)).pages[0])
    target = io.BytesIO()
    writer.write(target)
    reading = read(target.getvalue(), {edition.edition: edition})
    word = "".join(LETTERS.get(part, part) for part in parts)
    assert {one.name.local: one.text for one in reading.fields if one.text != "/Off"} == {
        CELL: f"{word} im Mai"
    }


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@SAID
@pytest.mark.parametrize("parts", WORDS, ids="".join)
def test_a_ligature_ends_where_the_next_letter_begins_however_the_line_runs(
    parts: tuple[str, ...], turn: int, said: str
) -> None:
    document = Document(drawn(parts, (300, 300), (600, 600), said, turn=turn))
    pieces = document.content(1).pieces
    document.close()
    for one, following in pairwise(pieces):
        assert one.end == pytest.approx(following.start, abs=0.8)
