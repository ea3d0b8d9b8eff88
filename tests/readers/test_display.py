"""Seen right after filling: what one engine saved, another shows with the right letters; by pixels."""

from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from formgen.pdf.fields import FONT
from tests.readers import matrix_pixels as pixels
from tests.readers.engines import RENDERERS, renderer, require
from tests.readers.matrix import committed
from tests.readers.matrix_copies import SHOWN_ON, Source, source
from tests.readers.matrix_display import FROM_RIGHT, SHOWN, Look, looks
from tests.readers.matrix_measure import other_font, page_numbers
from tests.readers.matrix_pixels import DPI, FINE, Picture
from tests.readers.matrix_words import shown
from tests.readers.tools import flatten

MEASURED = committed()["copies"]  # test_matrix compares it with a fresh measurement
FILLERS = ("pdfium-typed", "pdfjs", "poppler", "pypdf")
FROM_LEFT = [script for script in SHOWN if script not in FROM_RIGHT]


def others(engine: str) -> list[str]:
    return [name for name in RENDERERS if name.split("-")[0] != engine.split("-", maxsplit=1)[0]]


# ---------------------------------------------------------------- the claims


@pytest.mark.parametrize("script", FROM_LEFT)
@pytest.mark.parametrize("engine", FILLERS)
def test_every_other_engine_shows_the_right_letters(engine: str, script: str) -> None:
    found = shown(MEASURED["blank"][engine], script)
    assert {found[name] for name in others(engine)} == {Look.RIGHT}


@pytest.mark.parametrize("script", sorted(FROM_RIGHT))
@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        # puts letters from right to left, but joins none
        ("pdfium-typed", Look.UNJOINED),
        ("pdfium-pasted", Look.UNJOINED),
        # know nothing of the direction
        ("pdfjs", Look.REVERSED),
        ("poppler", Look.REVERSED),
        ("pypdf", Look.REVERSED),
        ("pdfbox", Look.REVERSED),
        # shapes, with a font of its own
        ("mupdf", Look.OTHER_FONT),
        ("mupdf-incremental", Look.OTHER_FONT),
    ],
)
def test_arabic_letters_are_shown_as_far_as_an_engine_shapes(
    engine: str, script: str, expected: Look
) -> None:
    found = shown(MEASURED["blank"][engine], script)
    assert {found[name] for name in others(engine)} == {expected}


@pytest.mark.parametrize("engine", [name for name in MEASURED["prefilled"] if name != "pikepdf"])
def test_what_we_prefill_is_right_in_every_script_and_stays_so(engine: str) -> None:
    assert MEASURED["prefilled"][engine]["prefilled"] == dict.fromkeys(SHOWN, Look.RIGHT)


# ---------------------------------------------------------------- the check can fail


@pytest.fixture(scope="module")
def helvetica(tmp_path_factory: pytest.TempPathFactory) -> tuple[Source, Path]:
    """The blank with Helvetica in place of the form font, filled by Chrome's engine: what forms usually are."""
    own, folder = source("blank"), tmp_path_factory.mktemp("helvetica")
    blank, filled = folder / "blank.pdf", folder / "filled.pdf"
    blank.write_bytes(own.pdf)
    with pikepdf.open(blank, allow_overwriting_input=True) as pdf:
        form = pdf.Root.AcroForm
        form.DA = pikepdf.String("/Helv 8 Tf 0 g")
        for field in form.Fields:
            if f"/{FONT}" in str(field.get("/DA", "")):
                field.DA = form.DA
        del form.DR.Font[f"/{FONT}"]
        pdf.save(blank)
    require("pdfium-typed").fill(blank, own.lines, filled)
    return own, filled


@pytest.mark.parametrize("name", ["pdfium-typed", "poppler"])
def test_with_helvetica_letters_are_lost_and_that_is_noticed(
    name: str, helvetica: tuple[Source, Path]
) -> None:
    own, filled = helvetica
    page = renderer(name).render(filled, page_numbers(filled)[SHOWN_ON, 1], DPI)
    found = looks(page, own.boxes(own.shown), own.edition.page_size[1], {})
    assert Look.RIGHT not in found.values()


def line(text: str) -> Picture:
    """A line as an engine might draw it: hinted, at whole pixels, somewhere in a field."""
    sheet = Image.new("L", (420, 60), 255)
    font = ImageFont.truetype(str(pixels.DEJAVU), pixels.SIZE * DPI / 72)
    ImageDraw.Draw(sheet).text((7, 9), text, font=font, fill=0, features=["-kern", "-liga"])
    return pixels._ink(sheet.resize((420 * FINE, 60 * FINE), Image.Resampling.BICUBIC))


@pytest.mark.parametrize("script", SHOWN)
def test_a_right_line_passes(script: str) -> None:
    assert pixels.shows(line(SHOWN[script]), SHOWN[script])


@pytest.mark.parametrize(
    ("script", "spoilt"),
    [(script, spoilt) for script in FROM_LEFT for spoilt in pixels.neighbours(SHOWN[script])],
)
def test_a_single_lost_accent_is_noticed(script: str, spoilt: str) -> None:
    assert not pixels.shows(line(spoilt), SHOWN[script])


@pytest.mark.parametrize("script", SHOWN)
def test_a_missing_letter_an_empty_box_and_nothing_are_noticed(script: str) -> None:
    text = SHOWN[script]
    for place, letter in enumerate(text):
        if letter.isalpha():
            assert not pixels.shows(line(text[:place] + text[place + 1 :]), text)
            assert not pixels.shows(line(text[:place] + "\uffff" + text[place + 1 :]), text)
    assert not pixels.shows(line(" "), text)


@pytest.mark.parametrize("script", sorted(FROM_RIGHT))
def test_joined_letters_are_told_from_unjoined_ones(script: str) -> None:
    text = SHOWN[script]
    assert not pixels.shows(pixels.unjoined(text), text)
    assert not pixels.shows(pixels.reversed_letters(text), text)
    assert pixels.difference(pixels.unjoined(text), pixels.reversed_letters(text)) > pixels.DIFFERS


# ---------------------------------------------------------------- other fonts, other means


def test_what_mupdf_draws_with_its_own_font_says_the_right_letters(tmp_path: Path) -> None:
    """Its pictures are the measure for other fonts, so its text is read from a printed copy."""
    assert set(other_font(source("blank"), tmp_path)) == set(SHOWN)
    flatten("cairo", tmp_path / "shown.pdf", tmp_path / "printed.pdf")
    page = page_numbers(tmp_path / "shown.pdf")[SHOWN_ON, 1]
    printed = renderer("poppler").text(tmp_path / "printed.pdf", page)
    read = [script for script in FROM_LEFT if letters(SHOWN[script]) in letters(printed)]
    assert read == FROM_LEFT


def letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))


def test_one_emoji_makes_firefox_ask_every_reader_to_draw_anew(tmp_path: Path) -> None:
    """pdf.js has no glyph for it, draws nothing in this field, and sets NeedAppearances for the whole form."""
    own = source("blank")
    (tmp_path / "blank.pdf").write_bytes(own.pdf)
    first, second, *_ = own.cells(SHOWN_ON)
    for emoji in ("", " 😀"):
        require("pdfjs").fill(
            tmp_path / "blank.pdf", {first: f"Treff{emoji}", second: "Ort"}, tmp_path / "r.pdf"
        )
        with pikepdf.open(tmp_path / "r.pdf") as pdf:
            assert bool(pdf.Root.AcroForm.get("/NeedAppearances", False)) == bool(emoji)
            fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
            assert ("/AP" in fields[first]) == (not emoji)
            assert b"Tj" in fields[second].AP.N.read_bytes()
