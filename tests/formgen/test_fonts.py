"""The shipped fonts: what partners can type, what a form can print, and that the data belongs together."""

import zlib

import pytest

from formgen.fonts import FACES, data, face_metrics, face_path, form_font


@pytest.mark.parametrize(
    ("language", "letters"),
    [
        ("German", "ÄÖÜäöüßẞ„“–…€§"),
        ("Turkish", "ğĞıİşŞçÇöÖüÜâî₺"),
        ("Polish", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"),
        ("Czech, Slovak", "ěščřžýáíéúůďťňĚŠČŘŽ"),
        ("Romanian", "ăâîșțȘȚ"),
        ("Vietnamese", "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"),
        ("Kurmanji", "çêîşûÇÊÎŞÛ"),
        ("Sorani", "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهەھیێ"),
        ("Arabic", "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي،؛؟٠١٢٣"),
        ("Persian", "پچژگکی۰۱۲۳۴۵۶۷۸۹"),
        ("Arabic, joined", "ﺍﺎﺏﺐﺑﺒﻻﻼﭘﮔ"),
        ("Russian, Ukrainian, Serbian", "АЯаяЁёІіЇїЄєҐґЉљЊњЋћЂђЏџ"),
        ("Greek", "ΑΩαωάέήίόύώϊΰς"),
        ("signs", "→←✓☐•·²³½°±×№‚‘’«»"),
    ],
)
def test_partners_can_type(language: str, letters: str) -> None:
    assert [letter for letter in letters if ord(letter) not in form_font().glyphs] == [], language


@pytest.mark.parametrize("face", FACES)
def test_forms_can_be_printed_in_latin_cyrillic_and_greek(face: str) -> None:
    metrics = face_metrics()[face]  # type: ignore[index]
    assert metrics.missing("Straße „Łódź“ – ağıİş, tiếng Việt, Привет, Καλημέρα: 5 € § 8; …•№") == ""


def test_the_form_font_is_stored_as_the_pdf_needs_it() -> None:
    font = form_font()
    assert len(zlib.decompress(font.program)) == font.program_length
    assert max(font.glyphs.values()) < len(font.widths)
    assert font.width("mm", 8) == pytest.approx(2 * font.width("m", 8))


def test_the_metrics_are_those_of_the_shipped_faces() -> None:
    from fontTools import ttLib as ttlib

    for face in FACES:
        font = ttlib.TTFont(face_path(face))
        scale = 1000 / font["head"].unitsPerEm
        widths = {
            chr(code): round(font["hmtx"][name][0] * scale) for code, name in font.getBestCmap().items()
        }
        assert face_metrics()[face].widths == widths


def test_the_licences_travel_with_the_fonts() -> None:
    assert b"Bitstream" in data("LICENSE-DejaVu.txt")
    assert b"Apache License" in data("LICENSE-OpenSans.txt")


def test_the_colour_profile_is_srgb() -> None:
    assert data("srgb.icc")[36:40] == b"acsp"
    assert b"s\0R\0G\0B" in data("srgb.icc")
