"""What people do in a workbook without a second thought: nothing is lost, and what was not taken over is told."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import column_index_from_string, get_column_letter

from harvest.commands.run import Request, harvest_returns
from harvest.model import Severity
from tests.contract.conftest import call
from tests.harvest.offices import Office, filled, sheet_rows
from tests.harvest.register.packages import assert_sound

ENTRIES = "Alle Einträge"
HOMES = [(f"Haus {n}\n{n} Weg, 520{n:02d} Aachen", f"Frau {n}, 0241 5550{n:02d}") for n in range(1, 6)]
SURGERIES = [(f"Praxis {n}", f"Dr. {n}") for n in range(1, 6)]
LAST = 11


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Ten entries, in the rows 2 to 11."""
    office = Office.at(tmp_path_factory.mktemp("habits") / "office")
    office.drop("a.pdf", filled("Träger A", {"wohnheim": HOMES, "praxis": SURGERIES}))
    harvest_returns(Request(office.workspace))
    return office


@pytest.fixture
def office(harvested: Office, tmp_path: Path) -> Office:
    return harvested.copy(tmp_path / "office")


def worked(office: Office, edit: Callable[[Any], None], *, rows_gone: bool = False) -> Any:
    """Somebody works in the workbook; then the next return comes in, and a run that has nothing new changes nothing."""
    book = office.book()
    edit(book)
    book.save(office.workspace.register)
    office.drop("b.pdf", filled("Träger B", {"wohnheim": [("Haus Neu", "neu")]}, 5), 5)
    result = harvest_returns(Request(office.workspace, rows_gone=rows_gone))[0]
    assert_sound(office.workspace.register)
    assert not harvest_returns(Request(office.workspace))[0].changed
    return result


def told(result: Any) -> dict[str, list[str]]:
    """Code of a fault -> where."""
    found: dict[str, list[str]] = {}
    for fault in result.faults:
        found.setdefault(fault.code, []).append(fault.place)
    return found


def page_of(book: Any) -> Any:
    return next(sheet for sheet in book.worksheets if sheet.title.startswith(ENTRIES))


def column(office: Office, heading: str) -> list[Any]:
    page = page_of(office.book())
    headings, ids = sheet_rows(page)
    return [page.cell(row, headings[heading]).value for row in sorted(ids.values())]


def contacts(office: Office) -> dict[str, str]:
    return {name: one["values"]["kontakt"] for name, one in office.entries().items()}


EVERYTHING = {**{name.split("\n")[0]: text for name, text in (*HOMES, *SURGERIES)}, "Haus Neu": "neu"}


# ---------------------------------------------------------------- ids


@pytest.mark.parametrize("ids", ["one", "series"])
def test_ids_that_were_filled_over_are_known_by_the_words_beside_them(office: Office, ids: str) -> None:
    before = {name: one["id"] for name, one in office.entries().items()}

    def fill(book: Any) -> None:
        page = book[ENTRIES]
        first = page.cell(2, 1).value
        for row in range(2, LAST + 1):
            page.cell(row, 1).value = first if ids == "one" else f"w{row}"

    result = worked(office, fill)

    assert set(result.hand.values()) == {0}
    assert set(told(result)) == {"register-id-erased"}
    assert told(result)["register-id-erased"][0] == f"{ENTRIES}, Zeile {3 if ids == 'one' else 2}"
    assert contacts(office) == EVERYTHING
    assert {name: one["id"] for name, one in office.entries().items() if name in before} == before


def test_what_many_rows_have_is_told_in_one_breath(office: Office) -> None:
    book = office.book()
    for row in range(2, LAST + 1):
        book[ENTRIES].cell(row, 1).value = f"w{row}"
    book.save(office.workspace.register)

    said = call("harvest", "run", "--workspace", office.workspace.root)

    lines = [line for line in said.out.splitlines() if ENTRIES in line]
    assert len(lines) == 2
    assert f"{ENTRIES}, Zeile 3; {ENTRIES}, Zeile 4" in lines[1]


def test_a_row_pasted_once_more_word_for_word_is_told_and_not_called_a_new_one(office: Office) -> None:
    def paste(book: Any) -> None:
        page = book[ENTRIES]
        for row in (2, 3):
            for place, cell in enumerate(list(page[row + 5]), start=1):
                page.cell(row, place).value = cell.value

    result = worked(office, paste)

    # what stood beside the rows that went has a sheet of its own
    assert set(told(result)) == {"register-row-repeated", "register-set-aside"}
    assert result.hand["deleted"] == 2
    gone = {name for name in EVERYTHING if name not in contacts(office)}
    assert gone == {
        "Haus 1",
        "Haus 2",
    }  # what lay under the paste is deleted, can be brought back, and is told
    assert call("harvest", "undo", str(result.run - 1), "--workspace", office.workspace.root).code == 0
    assert contacts(office) == EVERYTHING


# ---------------------------------------------------------------- rows that are nobody's entry


@pytest.mark.parametrize("label", [1, 3, None])
def test_a_row_that_adds_up_is_no_entry_and_stays(office: Office, label: int | None) -> None:
    def add_up(book: Any) -> None:
        page = book[ENTRIES]
        if label:
            page.cell(LAST + 1, label).value = "Summe"
        page.cell(LAST + 1, 4).value = f"=COUNTA(D2:D{LAST})"

    result = worked(office, add_up)

    assert result.faults == ()
    assert contacts(office) == EVERYTHING
    page = office.book()[ENTRIES]
    assert page.cell(LAST + 2, 4).value == f"=COUNTA(D2:D{LAST + 1})"
    assert label is None or page.cell(LAST + 2, label).value == "Summe"


def test_a_line_below_the_list_stays_though_it_stands_where_ids_stand(office: Office) -> None:
    def note(book: Any) -> None:
        book[ENTRIES].cell(LAST + 1, 1).value = "Stand: Sitzung im März"

    assert worked(office, note).faults == ()
    assert office.book()[ENTRIES].cell(LAST + 2, 1).value == "Stand: Sitzung im März"


# ---------------------------------------------------------------- cells and columns


def test_merging_cells_loses_no_words(office: Office) -> None:
    result = worked(office, lambda book: book[ENTRIES].merge_cells("C2:C4"))

    assert result.hand["edited"] == 0
    assert told(result) == {"register-merged": [f"{ENTRIES}, Zeile 3", f"{ENTRIES}, Zeile 4"]}
    assert contacts(office) == EVERYTHING
    page = office.book()[ENTRIES]
    page.unmerge_cells("C2:C4")
    assert [str(area) for area in page.merged_cells.ranges] == []


def test_one_column_sorted_by_itself_is_told(office: Office) -> None:
    def sort(book: Any) -> None:
        page = book[ENTRIES]
        texts = [page.cell(row, 4).value for row in range(2, LAST + 1)]
        for row, text in zip(range(2, LAST + 1), reversed(texts), strict=True):
            page.cell(row, 4).value = text

    result = worked(office, sort)

    (fault,) = result.faults
    assert (fault.code, fault.place) == ("register-texts-moved", ENTRIES)
    assert dict(fault.details) == {"column": "Kontakt", "rows": "10"}
    assert call("harvest", "undo", str(result.run - 1), "--workspace", office.workspace.root).code == 0
    assert contacts(office) == EVERYTHING


def test_corrections_in_many_rows_are_no_accident(office: Office) -> None:
    def replace(book: Any) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str):
                        cell.value = cell.value.replace("Haus", "Wohnhaus")

    result = worked(office, replace)

    assert (result.hand["edited"], result.faults) == (5, ())
    assert {name for name in contacts(office) if "aus" in name} == {
        *(f"Wohnhaus {n}" for n in range(1, 6)),
        "Haus Neu",
    }


@pytest.mark.parametrize("marks", ["follow", "left behind"])
def test_a_deleted_column_says_nothing_and_comes_back_with_its_heading(office: Office, marks: str) -> None:
    def delete(book: Any) -> None:
        book[ENTRIES].delete_cols(4)
        if marks == "follow":  # as Excel does; openpyxl leaves all names where they stood
            for name, defined in book.defined_names.items():
                sheet, _, cell = defined.attr_text.rpartition("!")
                place = column_index_from_string(cell.strip("$1")) if "$1" in cell else 0
                if name.startswith("_fgh.entries") and place >= 4:
                    moved = f"${get_column_letter(place - 1)}$1" if place > 4 else "#REF!"
                    defined.attr_text = f"{sheet}!{moved}"

    result = worked(office, delete)
    assert [(fault.code, fault.severity) for fault in result.faults] == [
        ("register-column-missing", Severity.NOTE)
    ]
    assert contacts(office) == EVERYTHING

    book = office.book()
    page = book[ENTRIES]
    page.cell(1, page.max_column + 1).value = "Kontakt"
    book.save(office.workspace.register)
    result = harvest_returns(Request(office.workspace))[0]

    assert set(result.hand.values()) == {0}
    assert contacts(office) == EVERYTHING
    assert sorted(column(office, "Kontakt")) == sorted(EVERYTHING.values())


def test_a_column_emptied_from_top_to_bottom_is_taken_for_an_accident(office: Office) -> None:
    def empty(book: Any) -> None:
        for row in range(2, book[ENTRIES].max_row + 1):
            book[ENTRIES].cell(row, 4).value = None

    result = worked(office, empty)

    assert told(result) == {"register-column-emptied": [ENTRIES]}
    assert contacts(office) == EVERYTHING
    assert sorted(column(office, "Kontakt")) == sorted(EVERYTHING.values())

    result = worked(office, empty, rows_gone=True)
    assert result.hand["edited"] == len(EVERYTHING)
    assert set(contacts(office).values()) == {""}


# ---------------------------------------------------------------- other programs, other files


def by_numbers(book: Any) -> None:
    """As Numbers exports: no names, no looks, a title row, a sheet for each table, a summary; dates are texts."""
    book.defined_names.clear()
    for page in book.worksheets:
        page.auto_filter.ref = page.freeze_panes = None
        page.conditional_formatting = type(page.conditional_formatting)()
        page.data_validations.dataValidation = []
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, dt.date):
                    cell.value = f"{cell.value:%d.%m.%Y}"
                cell.style = "Normal"
        page.insert_rows(1)
        page["A1"] = "Tabelle 1"
        page.title = f"{page.title} - Tabelle 1"
    book.create_sheet("Exportübersicht", 0)["A1"] = "Dieses Dokument wurde aus Numbers exportiert."
    book.custom_doc_props = type(book.custom_doc_props)()


def test_a_register_that_numbers_exported_is_known_and_its_dates_are_dates_again(office: Office) -> None:
    result = worked(office, by_numbers)

    assert (set(result.hand.values()), result.faults) == ({0}, ())
    assert contacts(office) == EVERYTHING
    book = office.book()
    assert book.sheetnames[:3] == ["Exportübersicht", f"{ENTRIES} - Tabelle 1", "Bereich Eins - Tabelle 1"]
    page = page_of(book)
    headings, ids = sheet_rows(page)
    days = [page.cell(row, headings["Bestätigt am"]) for row in ids.values()]
    assert {(type(day.value), day.is_date) for day in days} == {(dt.datetime, True)}


def test_all_entries_are_found_under_any_title(office: Office) -> None:
    def rename(book: Any) -> None:
        book.defined_names.clear()
        book[ENTRIES].title = "Unsere Liste"

    assert worked(office, rename).faults == ()
    assert "Unsere Liste" in office.book().sheetnames
    assert ENTRIES not in office.book().sheetnames
    assert contacts(office) == EVERYTHING


@pytest.mark.parametrize(
    "name",
    ["register.ods", "register.xlsm", "register (1).xlsx", "register - Kopie.xlsx", "register-LAPTOP7.xlsx",
     "Kopie von register.xlsx"],
)  # fmt: skip
def test_a_newer_copy_beside_the_register_is_told(office: Office, name: str) -> None:
    register = office.workspace.register
    copy = register.with_name(name)
    shutil.copyfile(register, copy)
    later = register.stat().st_mtime + 60
    os.utime(copy, (later, later))
    before = copy.read_bytes()

    result = harvest_returns(Request(office.workspace))[0]

    assert told(result) == {"register-beside": [name]}
    assert result.exit_code == 1
    assert copy.read_bytes() == before


@pytest.mark.parametrize(
    "name", ["register (neu 2026-01-02 030405).xlsx", "register.json", "registerliste.xlsx"]
)
def test_what_is_no_copy_that_somebody_works_in_is_not_told(office: Office, name: str) -> None:
    register = office.workspace.register
    if name != register.with_suffix(".json").name:
        shutil.copyfile(register, register.with_name(name))
    later = register.stat().st_mtime + 60
    os.utime(register.with_name(name), (later, later))

    assert harvest_returns(Request(office.workspace))[0].faults == ()


def test_an_older_copy_is_not_told(office: Office) -> None:
    register = office.workspace.register
    shutil.copy2(register, register.with_name("register (1).xlsx"))
    assert harvest_returns(Request(office.workspace))[0].faults == ()
