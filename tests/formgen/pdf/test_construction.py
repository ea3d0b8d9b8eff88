"""How the blank is built, so that every PDF engine keeps what partners write.

The reasons stand in the findings on PDF readers; each test here pins one of them.
"""

import io
import re
import zlib
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Object

from formgen.blank import Blank
from formgen.fonts import form_font
from spec.names import IdField, NilField, PageIdentity, parse_field_name, parse_identity


@pytest.fixture(scope="module")
def fields(pdf: pikepdf.Pdf) -> dict[str, Object]:
    return {str(field.T): field for field in pdf.Root.AcroForm.Fields}


@pytest.fixture(scope="module")
def texts(fields: dict[str, Object]) -> list[Object]:
    return [field for field in fields.values() if Name.Tx == field.FT]


def test_the_fields_are_those_of_the_field_map(blank: Blank, fields: dict[str, Object]) -> None:
    edition = blank.edition_file.edition
    assert set(fields) == {f"{edition}_{name}" for name in blank.edition_file.fields}
    assert len(fields) > 700


def test_names_are_flat_and_tell_edition_category_row_and_column(
    blank: Blank, fields: dict[str, Object]
) -> None:
    for name, field in fields.items():
        parsed = parse_field_name(name)
        assert parsed is not None, name
        assert parsed.edition == blank.edition_file.edition
        assert "/Parent" not in field
        assert "/Kids" not in field


def test_each_box_stands_where_the_field_map_says(blank: Blank, pdf: pikepdf.Pdf) -> None:
    for name, place in blank.edition_file.field_map.fields.items():
        widget = next(w for w in pdf.pages[place.page].obj.Annots if str(w.T).endswith(f"_{name}"))
        assert [float(edge) for edge in widget.Rect] == pytest.approx(list(place.box.as_tuple()), abs=0.001)
        assert widget.P.objgen == pdf.pages[place.page].obj.objgen
        break_on = float(widget.Rect[2]) <= blank.edition_file.page_size[0]
        assert break_on


def test_no_need_appearances_since_pdfjs_and_poppler_would_draw_nothing(pdf: pikepdf.Pdf) -> None:
    assert "/NeedAppearances" not in pdf.Root.AcroForm
    assert "/XFA" not in pdf.Root.AcroForm


def test_no_max_len_and_no_do_not_scroll_since_pdfium_drops_what_is_beyond(texts: list[Object]) -> None:
    for field in texts:
        assert "/MaxLen" not in field
        assert int(field.Ff) in {4096, 1}


def test_untouched_fields_have_no_value_so_that_emptied_ones_are_told_apart(texts: list[Object]) -> None:
    with_value = [str(field.T) for field in texts if "/V" in field]
    assert all(isinstance(parse_field_name(name), IdField) for name in with_value)


def test_every_text_field_has_eight_points_of_the_embedded_font(texts: list[Object]) -> None:
    answers = [field for field in texts if "/V" not in field]
    assert {str(field.DA) for field in answers} == {"/Wingdings 8 Tf 0 g"}


def test_the_resource_is_called_wingdings_so_that_chrome_asks_our_font_first(pdf: pikepdf.Pdf) -> None:
    # PDFium looks for a fallback font by legacy code page unless the resource's name begins so.
    font = pdf.Root.AcroForm.DR.Font["/Wingdings"]
    assert str(pdf.Root.AcroForm.DA) == "/Wingdings 8 Tf 0 g"
    assert font.Subtype == Name.Type0
    assert str(font.BaseFont) == "/AAAAAA+DejaVuSans"


def test_the_form_font_is_whole_with_cmap_widths_and_to_unicode(pdf: pikepdf.Pdf) -> None:
    from fontTools import ttLib as fonttools

    font = pdf.Root.AcroForm.DR.Font["/Wingdings"]
    descendant = font.DescendantFonts[0]
    assert (font.Encoding, descendant.CIDToGIDMap) == (Name("/Identity-H"), Name.Identity)
    program = fonttools.TTFont(io.BytesIO(descendant.FontDescriptor.FontFile2.read_bytes()))
    glyphs = {name: index for index, name in enumerate(program.getGlyphOrder())}
    # A Type0 font without cmap makes pdf.js drop the appearance and Poppler lose spaces.
    assert {code: glyphs[name] for code, name in program.getBestCmap().items()} == form_font().glyphs
    assert len(descendant.W[1]) == len(glyphs)
    cmap = font.ToUnicode.read_bytes().decode("ascii")
    pairs = dict(re.findall(r"<([0-9A-F]{4})> <([0-9A-F]{4})>\n", cmap))
    assert pairs[f"{form_font().glyphs[ord('ß')]:04X}"] == "00DF"


def test_every_field_has_an_empty_appearance_of_its_own(texts: list[Object]) -> None:
    # pypdf and PDFBox write into the stream they find: a shared one would show the last text everywhere.
    drawn = [field.AP.N for field in texts]
    assert len({stream.objgen for stream in drawn}) == len(drawn)
    assert all(stream.read_bytes() == b"" for stream in drawn)
    assert all("/Wingdings" in stream.Resources.Font for stream in drawn)


def test_fields_have_no_border_of_their_own_and_print(fields: dict[str, Object]) -> None:
    for field in fields.values():
        assert int(field.F) == 4
        assert not {"/MK", "/BS", "/Border", "/A", "/AA"} & set(field.keys())


def test_the_nil_return_is_a_checkbox_with_two_drawn_states(fields: dict[str, Object]) -> None:
    boxes = [field for field in fields.values() if Name.Btn == field.FT]
    assert all(isinstance(parse_field_name(str(field.T)), NilField) for field in boxes)
    assert len(boxes) == 25
    for box in boxes:
        assert set(box.AP.N.keys()) == {"/Ja", "/Off"}
        assert (box.V, box["/AS"]) == (Name.Off, Name.Off)
        assert b" S" in box.AP.N["/Ja"].read_bytes()


def test_each_page_ends_with_a_read_only_field_that_says_which_page_it_is(
    blank: Blank, pdf: pikepdf.Pdf
) -> None:
    edition_file = blank.edition_file
    for page, key in zip(pdf.pages, edition_file.pages, strict=True):
        last = page.obj.Annots[-1]
        assert str(last.T) == f"{edition_file.edition}_{key.category}_p{key.number}_id"
        assert int(last.Ff) == 1
        assert parse_identity(str(last.V)) == PageIdentity(
            edition_file.edition, None, key.category, key.number
        )
        left, bottom, right, top = map(float, last.Rect)
        # Not empty, or PyMuPDF refuses the page; on the page, or page extraction may drop it.
        assert 0 < left < right < left + 3
        assert 0 < bottom < top < bottom + 3


def test_there_is_no_script_no_action_no_attachment(pdf: pikepdf.Pdf) -> None:
    for key in ("/OpenAction", "/AA", "/Names", "/Perms", "/Collection"):
        assert key not in pdf.Root
    for number in pdf.objects:
        if isinstance(number, Dictionary):
            assert number.get("/S") not in (Name.JavaScript, Name.Launch, Name.URI, Name.SubmitForm)


def test_a_blank_carries_no_date_so_that_a_mod_date_is_always_the_partners(pdf: pikepdf.Pdf) -> None:
    assert set(pdf.docinfo.keys()) == {"/Title", "/Subject", "/Keywords", "/Producer"}
    assert b"Date" not in pdf.Root.Metadata.read_bytes()


def test_the_identity_is_one_stream_per_page_that_a_copy_can_swap(pdf: pikepdf.Pdf) -> None:
    drawn = [page.obj.Resources.XObject.Identity for page in pdf.pages]
    assert len({stream.objgen for stream in drawn}) == len(pdf.pages)


def test_the_blank_is_small_enough_to_mail(blank: Blank) -> None:
    assert len(blank.pdf) < 420_000
    assert len(zlib.compress(blank.pdf)) < 400_000


def test_chrome_draws_turkish_and_vietnamese_with_the_embedded_font(blank: Blank, tmp_path: Path) -> None:
    from tests.readers import engines

    (tmp_path / "blank.pdf").write_bytes(blank.pdf)
    name = f"{blank.edition_file.edition}_kontaktstelle_r01_kontakt"
    text = "Yıldız Ağaoğlu, Nguyễn"
    engines.require("pdfium-typed").fill(tmp_path / "blank.pdf", {name: text}, tmp_path / "returned.pdf")
    with pikepdf.open(tmp_path / "returned.pdf") as returned:
        widget = next(w for page in returned.pages for w in page.obj.Annots if str(w.T) == name)
        assert str(widget.V) == text
        assert str(widget.AP.N.Resources.Font["/Wingdings"].BaseFont) == "/AAAAAA+DejaVuSans"
        shown = b"".join(
            bytes(found.operands[0])
            for found in pikepdf.parse_content_stream(widget.AP.N)
            if str(found.operator) == "Tj"
        )
    assert shown == bytes.fromhex(form_font().encode(text))
