"""A register written anew: what is written is read back the same, by us and by others, and the package is sound."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from python_calamine import CalamineWorkbook

from harvest.model import Register
from harvest.register.cell_text import as_written
from harvest.register.readback.register_reader import read_register
from harvest.register.sheet_model import ENTRIES, Link, Rows, RowView
from harvest.register.view.overflow_texts import LongTexts
from harvest.register.workbook.workbook_writer import TooManyRowsError, write_new
from harvest.register.xlsx.row_xml import MAX_ROWS
from spec.words import words
from tests.harvest.register.packages import assert_sound, parts
from tests.harvest.register.samples import checklist, entry, sample_register, sample_view
from tests.harvest.register.test_cell_text import ANY_TEXT


def written(tmp_path: Path, register: Register | None = None) -> Path:
    path = tmp_path / "register.xlsx"
    write_new(sample_view(register), path)
    return path


def values(path: Path) -> list[tuple[str, str, dict[str, str]]]:
    on_disk = read_register(path, checklist(), words("de"))
    return [(row.entry_id, row.category, dict(row.values)) for row in on_disk.rows]


def expected(register: Register) -> list[tuple[str, str, dict[str, str]]]:
    return [
        (one.id, one.category, {key: as_written(text) for key, text in one.values.items()})
        for one in register.entries
    ]


def one_entry(**texts: str) -> Register:
    empty = dict.fromkeys(("einrichtung", "erfahrung", "kontakt", "verabredung", "datum"), "")
    return Register((entry(1, "kontaktstelle", values={**empty, **texts}),))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert values(path) == expected(sample_register())
    on_disk = read_register(path, checklist(), words("de"))
    assert (on_disk.form, on_disk.run) == ("migration-psychiatrie", "run-0002")
    assert len(on_disk.section_rows) == len(on_disk.rows)
    assert on_disk.choices == ()
    assert on_disk.faults == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_TEXT, ANY_TEXT)
def test_any_text_is_read_back(tmp_path: Path, one: str, other: str) -> None:
    register = one_entry(einrichtung=f"x{one}", kontakt=other)
    assert values(written(tmp_path, register)) == expected(register)


@pytest.mark.parametrize(
    "text",
    ["=SUMME(A1)", "+49 221", "-", "@Team", '=HYPERLINK("http://x")', "'=1", "0221", "1e5", "3.4.24", "WAHR", "#NAME?"],
)  # fmt: skip
def test_a_partner_s_text_is_text_to_everybody(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, one_entry(einrichtung=text))
    cell = openpyxl.load_workbook(path).worksheets[0]["C2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.number_format == "@"
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1][2] == text


@pytest.mark.parametrize("length", [32_767, 32_768, 100_000])
@pytest.mark.parametrize("letter", ["a", "😀", "_x0041_", "ß\n"])
def test_no_text_is_cut(tmp_path: Path, length: int, letter: str) -> None:
    text = (letter * length)[:length]
    register = one_entry(einrichtung="x", erfahrung=text)
    path = written(tmp_path, register)
    assert values(path) == expected(register)
    book = openpyxl.load_workbook(path)
    longest = max(
        len(cell.value.encode("utf-16-le")) // 2
        for page in book for row in page.iter_rows() for cell in row if isinstance(cell.value, str)
    )  # fmt: skip
    assert longest <= 32_767
    if len(text.encode("utf-16-le")) // 2 > 32_767:
        assert "Langtexte" in book.worksheets[0]["D2"].value[-80:]
        assert book["Langtexte"].sheet_state == "visible"


def test_other_programs_read_the_same(tmp_path: Path) -> None:
    path = written(tmp_path)
    view = sample_view()
    others = openpyxl.load_workbook(path)
    quick = CalamineWorkbook.from_path(str(path))
    for number, sheet in enumerate(view.sheets):
        for at, row in enumerate(sheet.rows, start=2):
            theirs = [cell.value for cell in others.worksheets[number][at]]
            for cell, read in zip(row.cells, theirs, strict=False):
                if isinstance(cell, Link):
                    assert read == f'=HYPERLINK("{cell.target}","{cell.label}")'
                elif isinstance(read, datetime):
                    assert str(cell)[:10] == f"{read:%Y-%m-%d}"
                else:
                    assert read == (cell if cell != "" else None)
            first = quick.get_sheet_by_index(number).to_python()[at - 1][0]
            if isinstance(row.cells[0], str):
                assert first == row.cells[0]


def test_the_package_is_sound(tmp_path: Path) -> None:
    assert_sound(written(tmp_path))
    assert_sound(written(tmp_path, Register(())))
    assert_sound(written(tmp_path, one_entry(einrichtung="x" * 40_000)))


def test_the_same_register_gives_the_same_bytes(tmp_path: Path) -> None:
    first = written(tmp_path).read_bytes()
    assert written(tmp_path).read_bytes() == first


def test_an_empty_sheet_says_a_friendly_sentence(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, Register(())))
    assert book["Konflikte"]["A2"].value.startswith("Schön")
    assert read_register(tmp_path / "register.xlsx", checklist(), words("de")).rows == ()


def test_it_is_set_up_for_reading_and_printing(tmp_path: Path) -> None:
    book: Any = openpyxl.load_workbook(written(tmp_path))
    page = book["Alle Einträge"]
    assert page.freeze_panes == "D2"
    assert page.auto_filter.ref == "A1:AA76"
    assert page.print_title_rows == "$1:$1"
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.oddFooter.center.text == "Seite &P von &N"
    assert book["Sozialpsychiatrie"].sheet_properties.tabColor.rgb == "FF1F5673"
    assert book.properties.title == "Migration und Psychiatrie"
    assert book["Listen"].sheet_state == book["Langtexte"].sheet_state == "hidden"
    lists = {
        str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "list"
    }
    assert lists == {f"B2:B{MAX_ROWS}": "'Listen'!$A$1:$A$25"}
    decided, own = book["Konflikte"].data_validations.dataValidation[-2:]
    assert decided.formula1 == '"behalten,übernehmen,beide"'
    assert decided.showErrorMessage, "anything else is refused while it is typed"
    assert "behalten" in decided.error
    assert own.formula1 is None


def test_rows_are_as_tall_as_their_text(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(
        written(tmp_path, one_entry(einrichtung="Zeile\n" * 6 + "Ende"))
    ).worksheets[0]
    assert page.row_dimensions[2].height == 7 * 15 + 4
    assert page.row_dimensions[2].height is not None


def test_more_rows_than_a_sheet_has_are_refused(tmp_path: Path) -> None:
    view = sample_view(Register(()))
    sheet = view.sheets[0]
    row = RowView((None,) * len(sheet.columns))
    crowded = replace(sheet, rows=Rows(lambda: iter([row] * MAX_ROWS)))
    with pytest.raises(TooManyRowsError):
        write_new(replace(view, sheets=(crowded,)), tmp_path / "x.xlsx")


def test_sheets_of_any_name_get_one_that_excel_allows(tmp_path: Path) -> None:
    view = sample_view(Register(()))
    odd = ("History", "a/b:c*d?[e]\\f", "x" * 40, "X" * 40, "'zitiert'", "")
    sheets = (
        view.sheets[0],
        *(replace(view.sheets[3], title=title, key=f"k{n}") for n, title in enumerate(odd)),
    )
    write_new(replace(view, sheets=sheets), tmp_path / "x.xlsx")
    assert_sound(tmp_path / "x.xlsx")


def test_libreoffice_keeps_every_text(tmp_path: Path) -> None:
    odd = "\ttab  zwei \n\n=1+1 _x000D_ <&> \x07 'Ende  "
    register = Register(
        (*sample_register().entries, entry(99, "rechtsanwaelte", values={"einrichtung": odd}))
    )
    path = written(tmp_path, register)
    program = shutil.which("soffice")
    assert program, "LibreOffice is needed here: python3 .ci/start.py test installs it"
    command = [program, "--headless", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"]
    command += ["--convert-to", "xlsx", "--outdir", str(tmp_path / "again"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    again = values(tmp_path / "again" / "register.xlsx")
    known = {category.key for category in checklist().categories}
    assert [texts for _, key, texts in again if key in known][:75] == [
        texts for _, _, texts in expected(register)
    ][:75]
    assert again[75][2]["einrichtung"] == odd


def test_long_texts_are_continued_once(tmp_path: Path) -> None:
    text = "lang " * 10_000
    path = written(tmp_path, one_entry(einrichtung=text))
    page = openpyxl.load_workbook(path)["Langtexte"]
    assert [page.cell(row, 3).value for row in range(2, page.max_row + 1)] == [2]
    assert LongTexts.of(sample_view()).sheet == "Langtexte"
    assert ENTRIES == "entries"
    assert len(parts(path)) > 15
