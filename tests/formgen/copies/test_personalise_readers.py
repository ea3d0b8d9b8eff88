"""Real engines fill personalised and prefilled copies; what they save holds the old values and the new ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec.form.load import default_form
from spec.names import IdField, parse_field_name, parse_identity
from tests.formgen.copies.personalised import ANY_SCRIPT, GERMAN, TOKEN, built, sample
from tests.readers import read_back
from tests.readers.engines import renderer, require

COLUMNS = [column.key for column in default_form().columns]
ENGINES = (
    "pdfium-typed",
    "pdfjs",
    "poppler",
    "mupdf",
    "mupdf-incremental",
    "pypdf",
    "pikepdf",
    "pdf-lib",
    "pdfbox",
    "pdftk",
)
TYPED = "Neu: Haus „Süd“, Weg 5"


def named(local: str) -> str:
    return f"{built().edition_file.edition}_{local}"


def lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("kind", ["filled", "further"])
@pytest.mark.parametrize("engine", ENGINES)
def test_prefilled_values_stay_and_new_ones_arrive(engine: str, kind: str, tmp_path: Path) -> None:
    source, target = tmp_path / "copy.pdf", tmp_path / "returned.pdf"
    source.write_bytes(sample(kind))
    before = read_back.values(source)
    new = "wohnheim_r05" if kind == "filled" else "kontaktstelle_r15"
    given = {named(f"{new}_{COLUMNS[0]}"): TYPED, named("cover_telefon"): "0241 1"}
    require(engine).fill(source, given, target, checks=[named("spdi_nil")])
    after = {name: lines(text) for name, text in read_back.values(target).items() if text}
    assert after == {**before, **given}
    assert named("spdi_nil") in read_back.ticked(target)
    for name, text in after.items():
        if isinstance(parse_field_name(name), IdField):
            identity = parse_identity(text)
            assert identity is not None
            assert identity.token == TOKEN


@pytest.mark.parametrize("engine", ["pdfium-typed", "pdfjs", "poppler", "mupdf"])
def test_a_changed_and_an_emptied_row_come_back_so(engine: str, tmp_path: Path) -> None:
    source, target = tmp_path / "copy.pdf", tmp_path / "returned.pdf"
    source.write_bytes(sample("filled"))
    given = {named(f"spdi_r01_{COLUMNS[0]}"): TYPED}
    given |= {named(f"spdi_r02_{key}"): "" for key, text in zip(COLUMNS, GERMAN, strict=True) if text}
    require(engine).fill(source, given, target)
    after = read_back.values(target)
    assert lines(after[named(f"spdi_r01_{COLUMNS[0]}")]) == TYPED
    assert all(not after.get(named(f"spdi_r02_{key}")) for key in COLUMNS)
    assert after[named("spdi_r02_id")] == "e-spdi-2"


@pytest.mark.parametrize("engine", ["pdfium-typed", "pdfjs", "poppler", "mupdf"])
def test_prefilled_values_are_seen(engine: str, tmp_path: Path) -> None:
    source = tmp_path / "copy.pdf"
    source.write_bytes(sample("further"))
    image = renderer(engine).render(source, 1, 100).convert("L")
    field = built().edition_file.fields[f"kontaktstelle_r01_{COLUMNS[2]}"]
    empty = built().edition_file.fields["cover_telefon"]
    scale = 100 / 72

    def dark(box: tuple[float, float, float, float]) -> int:
        x0, y0, x1, y1 = box
        height = image.size[1]
        part = image.crop(
            (round(x0 * scale), round(height - y1 * scale), round(x1 * scale), round(height - y0 * scale))
        )
        return sum(part.histogram()[:100])

    assert dark(field.box) > 40
    cover = renderer(engine).render(source, 0, 100).convert("L")
    image = cover
    assert dark(empty.box) == 0


def test_arabic_and_kurdish_are_copied_in_an_order_that_can_be_read(tmp_path: Path) -> None:
    """Printing keeps only what is drawn: PDFium turns it back into the words that were meant."""
    import subprocess

    import pypdfium2

    source, printed = tmp_path / "copy.pdf", tmp_path / "printed.pdf"
    source.write_bytes(sample("further"))
    subprocess.run(["pdftocairo", "-pdf", "-f", "5", "-l", "5", source, printed], check=True)
    document = pypdfium2.PdfDocument(printed)
    try:
        page = document[0]
        textpage = page.get_textpage()
        text = textpage.get_text_range()
        textpage.close()
        page.close()
    finally:
        document.close()
    for expected in ("مركز الإرشاد (هاتف 0241 123456)", "بنکەی ڕاوێژکاری"):
        assert expected in ANY_SCRIPT
        assert all(word in text for word in expected.split(" (", maxsplit=1)[0].split())
