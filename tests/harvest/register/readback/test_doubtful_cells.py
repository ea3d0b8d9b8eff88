"""Cells of which the file does not say what a person sees in them: told, and what was said before stays."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from harvest.model import OnDisk
from harvest.register.errors import NotAWorkbookError
from harvest.register.readback.register_reader import read_register
from harvest.register.update.register_update import update
from harvest.register.workbook.workbook_writer import write_new
from spec.words import words
from tests.harvest.register.packages import parts, rewritten
from tests.harvest.register.samples import checklist, sample_view

SHEET = "xl/worksheets/sheet1.xml"


def read(path: Path) -> OnDisk:
    return read_register(path, checklist(), words("de"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "register.xlsx"
    write_new(sample_view(), path)
    return path


def with_cell(path: Path, place: str, attributes: str, inside: str, sheet: str = SHEET) -> None:
    """Put other content into one cell, as a program would have written it."""
    xml = parts(path)[sheet].decode()
    cell = f'<c r="{place}"{attributes}>{inside}</c>'
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    # the cell, or the end of its row
    pattern = (
        rf'<c r="{place}"[^>]*?(?:/>|>.*?</c>)|(?<=</c>)(?=</row><row r="{int(row) + 1}"|</row></sheetData>)'
    )
    found = re.search(pattern, xml)
    assert found
    rewritten(path, {sheet: (xml[: found.start()] + cell + xml[found.end() :]).encode()})


@pytest.mark.parametrize(
    ("attributes", "value"),
    [
        ("", "<v>0</v>"),
        ("", "<v>0.0</v>"),
        ("", "<v>-0</v>"),
        ("", "<v></v>"),
        ("", ""),
        (' t="str"', "<v>0</v>"),
        (' t="str"', "<v></v>"),
        (' t="str"', ""),
        (' t="n"', "<v>0</v>"),
        (' t="e"', "<v>#NAME?</v>"),
    ],
)
def test_a_result_that_nobody_calculated_takes_no_value_s_place(
    path: Path, attributes: str, value: str
) -> None:
    with_cell(path, "E2", attributes, f'<f>UPPER("frau x")</f>{value}')

    found = read(path)

    assert [(fault.code, fault.place) for fault in found.faults] == [
        ("register-formula-blind", "Alle Einträge!E2")
    ]
    assert "kontakt" in found.rows[0].untold
    assert "kontakt" not in found.rows[0].values


def test_a_result_that_a_program_calculated_is_taken_over_and_told(path: Path) -> None:
    with_cell(path, "E2", ' t="str"', '<f>UPPER("frau x")</f><v>FRAU X</v>')

    found = read(path)

    assert found.rows[0].values["kontakt"] == "FRAU X"
    assert [(fault.code, fault.place) for fault in found.faults] == [("register-formula", "Alle Einträge!E2")]


@pytest.mark.parametrize("index", ["99999", "0", "-1", "", "zwei"])
def test_a_shared_text_that_is_not_there_empties_no_cell(path: Path, index: str) -> None:
    with_cell(path, "E2", ' t="s"', f"<v>{index}</v>")

    found = read(path)

    assert [(fault.code, fault.place) for fault in found.faults] == [
        ("register-text-lost", "Alle Einträge!E2")
    ]
    assert "kontakt" not in found.rows[0].values
    assert found.rows[0].values["einrichtung"]


@pytest.mark.parametrize("name", ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#WERT!", "Err:502"])
def test_an_error_that_was_left_without_its_formula_takes_no_value_s_place(path: Path, name: str) -> None:
    with_cell(path, "E2", ' t="e"', f"<v>{name}</v>")

    found = read(path)

    assert [(fault.code, fault.place, dict(fault.details)["shown"]) for fault in found.faults] == [
        ("register-error-value", "Alle Einträge!E2", name)
    ]
    assert "kontakt" not in found.rows[0].values


@pytest.mark.parametrize("zone", ["", "Z", "+02:00", "-11:30"])
def test_a_day_is_the_same_day_in_every_zone(path: Path, zone: str) -> None:
    with_cell(path, "E2", ' t="d"', f"<v>2026-05-04{zone}</v>")
    assert read(path).rows[0].values["kontakt"] == "04.05.2026"


@pytest.mark.parametrize(
    "cell", [(' t="s"', "<v>99999</v>"), (' t="e"', "<v>#REF!</v>")], ids=["lost", "error"]
)
def test_the_next_register_has_the_text_again(path: Path, tmp_path: Path, cell: tuple[str, str]) -> None:
    before = openpyxl.load_workbook(path)["Alle Einträge"]["E2"].value
    with_cell(path, "E2", *cell)

    update(sample_view(), path, tmp_path / "out.xlsx")

    assert openpyxl.load_workbook(tmp_path / "out.xlsx")["Alle Einträge"]["E2"].value == before


def test_a_decision_that_the_file_lost_is_told(path: Path) -> None:
    with_cell(path, "J2", ' t="s"', "<v>77</v>", sheet_of(path, "Dubletten"))

    found = read(path)

    assert found.choices == ()
    assert [(fault.code, fault.place) for fault in found.faults] == [("register-text-lost", "Dubletten!J2")]


def test_an_id_that_the_file_lost_stops_the_run_with_its_place(path: Path) -> None:
    with_cell(path, "A3", ' t="s"', "<v>99999</v>")

    with pytest.raises(NotAWorkbookError) as told:
        read(path)

    assert told.value.faults[0].place == "register.xlsx, Alle Einträge!A3"


def sheet_of(path: Path, title: str) -> str:
    """Name of a sheet's part."""
    place = openpyxl.load_workbook(path).sheetnames.index(title) + 1
    return f"xl/worksheets/sheet{place}.xml"
