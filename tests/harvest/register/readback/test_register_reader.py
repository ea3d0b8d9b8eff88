"""A register read back as it stands: edits, decisions, what Excel made of typed text, and files that can't be used."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from harvest.model import DecisionKind, OnDisk, Register, SheetChoice
from harvest.register.errors import (
    ForeignRegisterError,
    MacroRegisterError,
    NewerRegisterError,
    NotAWorkbookError,
    OversizedRegisterError,
    ProtectedRegisterError,
    RegisterError,
)
from harvest.register.readback.register_reader import read_register
from harvest.register.workbook.workbook_reader import Book
from harvest.register.workbook.workbook_writer import write_new
from harvest.register.xlsx.coercion import as_typed
from harvest.register.xlsx.package import Package
from harvest.register.xlsx.worksheet_reader import cells_of, shared_strings
from spec.errors import EXIT_NOTHING_DONE
from spec.words import words
from tests.harvest.register.packages import parts, rewritten
from tests.harvest.register.samples import checklist, entry, sample_register, sample_view

#: edits a register and gives what is read then
Edited = Callable[[Callable[[Any], object]], OnDisk]


def read(path: Path) -> OnDisk:
    return read_register(path, checklist(), words("de"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "register.xlsx"
    write_new(sample_view(), path)
    return path


@pytest.fixture
def edited(path: Path) -> Edited:
    """Edit the register with openpyxl: `edited(lambda book: ...)` gives what is read then."""

    def edit(change: Callable[[Any], object]) -> OnDisk:
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)
        return read(path)

    return edit


# ---------------------------------------------------------------- what people did


def test_edits_stand_as_they_are(edited: Edited) -> None:
    def change(book: Any) -> None:
        page = book["Alle Einträge"]
        page["E2"], page["D3"], page["A4"], page["A5"] = "neu\nzwei", None, None, "e00001"
        page["B6"] = "gibt es nicht"

    rows = edited(change).rows
    assert rows[0].values["kontakt"] == "neu\nzwei"
    assert rows[1].values["erfahrung"] == ""
    assert (rows[2].entry_id, rows[3].entry_id) == ("", "e00001")
    assert (rows[4].category, rows[4].category_text) == ("", "gibt es nicht")
    assert rows[0].number == 2


def test_edits_on_a_section_s_sheet_are_read_too(edited: Edited) -> None:
    found = edited(lambda book: book["Migration"].__setitem__("E2", "dort geändert"))
    row = next(row for row in found.section_rows if row.sheet == "migration")
    assert row.values["kontakt"] == "dort geändert"


def test_deleted_rows_are_simply_not_there(edited: Edited) -> None:
    found = edited(lambda book: book["Alle Einträge"].delete_rows(3, 2))
    assert [row.entry_id for row in found.rows[:2]] == ["e00001", "e00004"]


def test_empty_and_formatted_rows_are_none(edited: Edited) -> None:
    def change(book: Any) -> None:
        for row in (90, 5_000, 1_048_576):
            book["Alle Einträge"].row_dimensions[row].height = 40
            book["Alle Einträge"].cell(row, 3).number_format = "0"

    assert len(edited(change).rows) == 75


@pytest.mark.parametrize(
    ("sheet", "cells", "choice"),
    [
        ("Dubletten", {"J2": "ja"}, ("duplicates", DecisionKind.SAME, "e00002", "e00007", "", "")),
        ("Dubletten", {"J2": " Nein "}, ("duplicates", DecisionKind.DIFFERENT, "e00002", "e00007", "", "")),
        ("Dubletten", {"J2": "E00007"}, ("duplicates", DecisionKind.SAME, "e00002", "e00007", "", "")),
        (
            "Konflikte",
            {"M2": "übernehmen"},
            ("conflicts", DecisionKind.CHOOSE, "e00001", "", "kontakt", "Frau Öztürk, 0201 / 99 88 77"),
        ),
        (
            "Konflikte",
            {"M2": "behalten"},
            ("conflicts", DecisionKind.CHOOSE, "e00001", "", "kontakt", "Herr Dr. Krüger, Tel. +49 221 987654, krueger@spz-porz.example"),
        ),
        ("Konflikte", {"N2": "0221 / 1"}, ("conflicts", DecisionKind.CHOOSE, "e00001", "", "kontakt", "0221 / 1")),
        ("Bitte prüfen", {"H2": "Türkisch, Farsi"}, ("check", DecisionKind.CHOOSE, "e00003", "", "erfahrung", "Türkisch, Farsi")),
    ],
)  # fmt: skip
def test_decisions_are_understood(
    edited: Edited, sheet: str, cells: dict[str, str], choice: tuple[str, DecisionKind, str, str, str, str]
) -> None:
    def change(book: Any) -> None:
        for place, text in cells.items():
            book[sheet][place] = text

    key, kind, entry_id, other, column, value = choice
    assert edited(change).choices == (SheetChoice(key, 2, kind, entry_id, other, column, value),)


def test_a_checked_cell_is_right_as_it_stands(edited: Edited) -> None:
    (choice,) = edited(lambda book: book["Bitte prüfen"].__setitem__("G2", "stimmt")).choices
    assert (choice.kind, choice.column) == (DecisionKind.CHECKED, "erfahrung")
    assert choice.value.startswith("Ca. 20 %")


def test_an_unknown_decision_is_told_and_not_guessed(edited: Edited) -> None:
    found = edited(lambda book: book["Dubletten"].__setitem__("J2", "vielleicht"))
    assert found.choices == ()
    assert [(fault.code, fault.place) for fault in found.faults] == [
        ("register-unknown-choice", "Dubletten, 2")
    ]


def test_a_formula_where_text_belongs_is_told(edited: Edited) -> None:
    # openpyxl calculates nothing, so it stores no result
    found = edited(lambda book: book["Alle Einträge"].__setitem__("E2", "=1+2"))
    assert [(fault.code, fault.place) for fault in found.faults] == [
        ("register-formula-blind", "Alle Einträge!E2")
    ]


def test_a_formula_without_a_result_empties_nothing(edited: Edited) -> None:
    before = edited(lambda _book: None).rows[0]
    after = edited(lambda book: book["Alle Einträge"].__setitem__("E2", "=1+2")).rows[0]
    lacking = before.values.keys() - after.values.keys()
    assert len(lacking) == 1
    assert all(before.values[column] for column in lacking)
    assert {**after.values, **{column: before.values[column] for column in lacking}} == before.values


def test_own_columns_and_sheets_are_none_of_our_business(edited: Edited) -> None:
    def change(book: Any) -> None:
        book["Alle Einträge"]["AC1"], book["Alle Einträge"]["AC2"] = "Notiz", "=1+1"
        book.create_sheet("Eigenes")["A1"] = "x"

    found = edited(change)
    assert len(found.rows) == 75
    assert found.faults == ()


# ---------------------------------------------------------------- what Excel made of it


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("221123456", "General", "221123456"),
        ("4.92211234567E11", "", "492211234567"),
        ("0.35", "0%", "35 %"),
        ("12.5", "General", "12,5"),
        ("0.1", "General", "0,1"),
        ("51063", "00000", "51063"),
        ("1067", "00000", "01067"),
        ("45385", "date", "03.04.2024"),
        ("45385", r"dd\.mm\.yyyy", "03.04.2024"),
        ("45383", "mmm\\ yy", "04/2024"),
        ("45385.5", "dd.mm.yyyy hh:mm", "03.04.2024 12:00"),
        ("0.40625", "hh:mm", "09:45"),
        ("1e400", "General", "1e400"),
        ("99999999", "date", "99999999"),
        ("45385", "[$-407]d. mmmm yyyy;@", "03.04.2024"),
        ("5", '0" Tage"', "5"),
    ],
)  # fmt: skip
def test_numbers_and_dates_are_text_again(value: str, code: str, text: str) -> None:
    assert as_typed(value, "n", code) == (text if value != "1e400" else as_typed("1e400", "n", ""))


def test_typed_numbers_and_dates_are_read_as_people_see_them(edited: Edited) -> None:
    def change(book: Any) -> None:
        page = book["Alle Einträge"]
        for place, value, code in (
            ("E2", 221123456, "General"), ("G2", date(2026, 4, 3), "DD.MM.YYYY"), ("G3", datetime(2026, 4, 1), "MMM YY"),  # noqa: DTZ001
            ("E3", True, "General"), ("E4", 0.5, "0%"),
        ):  # fmt: skip
            page[place].value, page[place].number_format = value, code

    rows = edited(change).rows
    assert (rows[0].values["kontakt"], rows[0].values["datum"]) == ("221123456", "03.04.2026")
    assert (rows[1].values["datum"], rows[1].values["kontakt"]) == ("04/2026", "WAHR")
    assert rows[2].values["kontakt"] == "50 %"


def test_rich_text_and_reading_aids() -> None:
    xml = (
        '<sst><si><r><t xml:space="preserve">fett </t></r><r><rPr><b/></rPr><t>und &amp; nicht</t></r></si>'
        '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si><si/><si><t/></si></sst>'
    )
    assert shared_strings(xml, "") == ["fett und & nicht", "東京", "", ""]


def test_every_cell_is_read_as_openpyxl_reads_it(tmp_path: Path) -> None:
    """Differential: three writers, odd cells; a hand-written reader must not lose one silently."""
    file = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(str(file))
    page = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for row in range(60):
        for column in range(0, 30, 1 + row % 3):
            page.write_string(row * (1 + row % 2), column, f"<{row}&{column}>")
    page.write_rich_string("A1", "ein ", bold, "fettes", " Wort")
    page.write_blank("B1", None, bold)
    page.write_formula("C1", "=1+1", None, 2)
    page.set_row(200, 30)
    page.write_comment("A5", "x")
    book.close()
    again = tmp_path / "y.xlsx"
    openpyxl.load_workbook(file).save(again)
    for one in (file, again):
        with Package(one) as package:
            opened = Book(package)
            grid = opened.grid(opened.sheets[0])
            mine = {
                f"{cell.letters}{row.number}": opened.text(cell)
                for row in grid.rows for cell in cells_of(row) if cell.inside and not cell.formula
            }  # fmt: skip
        theirs = {
            cell.coordinate: cell.value
            for row in openpyxl.load_workbook(one).worksheets[0].iter_rows() for cell in row
            if cell.value is not None and cell.data_type != "f"
        }  # fmt: skip
        assert mine == theirs
        assert len(mine) > 800


# ---------------------------------------------------------------- what can't be used


def zipped(path: Path, **files: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)


def damage(path: Path, kind: str) -> None:
    data = path.read_bytes()
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "html":
        path.write_bytes(b"<html><body>Login</body></html>")
    elif kind == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif kind == "garbled":
        path.write_bytes(data[:3_000] + b"\x00" * 900 + data[3_900:])
    elif kind == "other-zip":
        zipped(path, **{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"})
    elif kind == "doctype":
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
        rewritten(path, {"xl/worksheets/sheet1.xml": bomb})
    elif kind == "doctype-book":
        rewritten(path, {"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'})
    elif kind == "no-sheet":
        rewritten(path, {"xl/worksheets/sheet1.xml": b"<svg/>"})
    elif kind == "not-utf8":
        xml = parts(path)["xl/worksheets/sheet1.xml"]
        rewritten(path, {"xl/worksheets/sheet1.xml": xml.replace("ä".encode(), b"\xe4")})
    elif kind == "not-xml":
        rewritten(path, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"})


@pytest.mark.parametrize(
    "kind",
    [
        "empty",
        "html",
        "cut",
        "garbled",
        "other-zip",
        "doctype",
        "doctype-book",
        "no-sheet",
        "not-xml",
        "not-utf8",
    ],
)
def test_what_is_no_workbook_is_told(path: Path, kind: str) -> None:
    damage(path, kind)
    with pytest.raises(NotAWorkbookError) as told:
        read(path)
    assert told.value.exit_code == EXIT_NOTHING_DONE
    assert told.value.faults[0].remedy


def test_a_password_is_told(path: Path) -> None:
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 4_000)
    with pytest.raises(ProtectedRegisterError, match="password"):
        read(path)


def test_macros_are_refused(path: Path) -> None:
    types = parts(path)["[Content_Types].xml"].decode()
    plain, macro = "spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroEnabled.main+xml"
    types = types.replace(
        f"application/vnd.openxmlformats-officedocument.{plain}", f"application/vnd.{macro}"
    )
    rewritten(path, {"[Content_Types].xml": types.encode()})
    with pytest.raises(MacroRegisterError):
        read(path)


def test_a_zip_bomb_is_not_unpacked(path: Path) -> None:
    rewritten(path, {"xl/worksheets/sheet1.xml": b" " * (60 << 20)})
    with pytest.raises(OversizedRegisterError):
        read(path)


def test_a_sheet_filled_with_formats_to_its_end_is_read(path: Path) -> None:
    xml = parts(path)["xl/worksheets/sheet1.xml"].decode()
    rows = "".join(f'<row r="{number}" s="1" customFormat="1"/>' for number in range(77, 1_048_577))
    rewritten(path, {"xl/worksheets/sheet1.xml": xml.replace("</sheetData>", f"{rows}</sheetData>").encode()})
    assert len(read(path).rows) == 75


def test_another_form_s_register_is_told(path: Path) -> None:
    rewritten(
        path,
        {
            "docProps/custom.xml": parts(path)["docProps/custom.xml"].replace(
                b"migration-psychiatrie", b"anderes"
            )
        },
    )
    with pytest.raises(ForeignRegisterError, match="anderes"):
        read(path)


def test_a_newer_version_s_register_is_told(path: Path) -> None:
    old = parts(path)["docProps/custom.xml"]
    rewritten(
        path, {"docProps/custom.xml": old.replace(b"<vt:lpwstr>1</vt:lpwstr>", b"<vt:lpwstr>99</vt:lpwstr>")}
    )
    with pytest.raises(NewerRegisterError):
        read(path)


def test_a_workbook_that_is_no_register_is_told(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "x.xlsx")
    with pytest.raises(RegisterError, match="entries"):
        read(tmp_path / "x.xlsx")


def test_marks_and_properties_may_be_lost(path: Path) -> None:
    """As Numbers and web programs export: names and properties are gone, the words remain."""
    book = parts(path)["xl/workbook.xml"].decode()
    book = book[: book.index("<definedNames>")] + book[book.index("</definedNames>") + 15 :]
    old = parts(path)["docProps/custom.xml"]
    rewritten(
        path,
        {"xl/workbook.xml": book.encode(), "docProps/custom.xml": old.replace(b"FormgenHarvest.", b"X.")},
    )
    found = read(path)
    assert (found.form, found.run) == ("", "")
    assert [row.entry_id for row in found.rows] == [one.id for one in sample_register().entries]


def test_no_reading_changes_the_file(path: Path) -> None:
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before


def test_an_id_that_looks_like_a_number_stays_a_text(tmp_path: Path) -> None:
    write_new(sample_view(Register((entry(1, "wfbm", id="0012e5"),))), tmp_path / "r.xlsx")
    assert read(tmp_path / "r.xlsx").rows[0].entry_id == "0012e5"
