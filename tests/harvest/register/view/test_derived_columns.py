"""Columns read out of a partner's texts: beside them, never instead; in registers old and new."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from harvest.model import Entry, Register
from harvest.register.sheet_model import ENTRIES, SECTION_PREFIX, Cell, RegisterView, SheetView
from harvest.register.update.register_update import update
from harvest.register.view import derived_columns
from harvest.register.view.derived_columns import AGE, STEPS
from harvest.register.workbook.workbook_writer import write_new
from tests.harvest.register.samples import entry, sample_view

LONG_AGO = datetime(2024, 4, 3, tzinfo=UTC)
KEYS = ("postal-code", "town", "phone", "email", "web", "languages", "as-of", AGE)
VALUES = {
    "einrichtung": "Kontaktstelle Nord\nJülicher Str. 114, 52070 Aachen",
    "erfahrung": "Türkisch, Kurdisch (Kurmancî)",
    "kontakt": "0241/55 50 12-10, Fax 0241/555013\nnord@example.org, www.example.org",
    "verabredung": "",
    "datum": "3.4.24 MK",
}


def row(one: Entry) -> dict[str, Cell]:
    sheet = next(sheet for sheet in sample_view(Register((one,))).sheets if sheet.key == ENTRIES)
    cells = next(iter(sheet.rows)).cells
    assert len(cells) == len(sheet.columns)
    return {column.key: cell for column, cell in zip(sheet.columns, cells, strict=True)}


def test_each_entry_is_read_out_once_for_all_sheets_and_as_often_as_they_are_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read_out: list[str] = []
    cells = derived_columns.cells

    def counting(one: Entry, *args: Any) -> Any:
        read_out.append(one.id)
        return cells(one, *args)

    monkeypatch.setattr(derived_columns, "cells", counting)
    entries = tuple(entry(number, key) for number, key in enumerate(("spdi", "spdi", "mso")))

    sheets = [
        sheet
        for sheet in sample_view(Register(entries)).sheets
        if sheet.key == ENTRIES or sheet.key.startswith(SECTION_PREFIX)
    ]
    shown = [[one.cells[-len(KEYS) :] for one in sheet.rows] for sheet in (*sheets, *sheets)]

    assert read_out == [one.id for one in entries]
    assert shown[0] == [cell for sheet in shown[1:3] for cell in sheet]
    assert shown[3:] == shown[:3]


def with_date(typed: str, confirmed: datetime = LONG_AGO) -> Entry:
    return entry(1, "spdi", values={**VALUES, "datum": typed}, confirmed=confirmed)


def test_what_is_read_stands_beside_what_was_typed() -> None:
    cells = row(entry(1, "spdi", values=VALUES, confirmed=LONG_AGO))

    assert {key: cells[key] for key in VALUES} == VALUES
    assert [cells[key] for key in KEYS] == [
        "52070",
        "Aachen",
        "0241 555012-10",
        "nord@example.org",
        "www.example.org",
        "Türkisch, Kurdisch (Kurmancî)",
        date(2024, 4, 3),
        25,
    ]
    assert list(cells)[-len(KEYS) :] == list(KEYS)


@pytest.mark.parametrize(
    ("typed", "shown", "confirmed", "months"),
    [
        ("April 2024", "04/2024", datetime(2024, 4, 30, tzinfo=UTC), 24),
        ("2024", "2024", datetime(2024, 12, 31, tzinfo=UTC), 16),
        ("2024", "2024", datetime(2026, 4, 1, tzinfo=UTC), 1),
        ("03.04", None, LONG_AGO, 25),
        ("", None, LONG_AGO, 25),
    ],
)
def test_a_date_is_shown_as_exactly_as_it_was_typed(
    typed: str, shown: str | None, confirmed: datetime, months: int
) -> None:
    cells = row(with_date(typed, confirmed))

    assert cells["as-of"] == shown
    assert cells[AGE] == months


def test_an_entry_that_nobody_confirmed_has_no_age() -> None:
    assert row(entry(1, "spdi", values={}, confirmed=None))[AGE] is None


def test_age_has_a_colour(tmp_path: Path) -> None:
    write_new(sample_view(Register((with_date("3.4.24"),))), tmp_path / "r.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Alle Einträge"]
    heads = [cell.value for cell in sheet[1]]
    column = get_column_letter(heads.index("Alter in Monaten") + 1)
    rules = [
        (rule.operator, rule.formula)
        for area in sheet.conditional_formatting
        if str(area.sqref).startswith(f"{column}2:")
        for rule in area.rules
    ]
    assert rules == [("greaterThanOrEqual", [str(number)]) for number, _ in STEPS]


def older(view: RegisterView) -> RegisterView:
    """The register as a version of the program wrote it that read nothing out."""

    def without(sheet: SheetView) -> SheetView:
        kept = [place for place, column in enumerate(sheet.columns) if column.key not in KEYS]
        if len(kept) == len(sheet.columns):
            return sheet
        return replace(
            sheet,
            columns=tuple(sheet.columns[place] for place in kept),
            rows=tuple(replace(row, cells=tuple(row.cells[place] for place in kept)) for row in sheet.rows),
            steps={},
        )

    return replace(view, sheets=tuple(without(sheet) for sheet in view.sheets))


def test_an_older_register_gets_the_columns(tmp_path: Path) -> None:
    register = Register((entry(1, "spdi", values=VALUES), entry(2, "spdi")))
    write_new(older(sample_view(register)), tmp_path / "old.xlsx")
    book = openpyxl.load_workbook(tmp_path / "old.xlsx")
    before = [cell.value for cell in book["Alle Einträge"][1]]
    book["Alle Einträge"].cell(2, len(before) + 1, "meine Notiz")
    book.save(tmp_path / "old.xlsx")

    update(sample_view(register), tmp_path / "old.xlsx", tmp_path / "new.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "new.xlsx")["Alle Einträge"]
    heads = [cell.value for cell in sheet[1]]
    assert [head for head in heads if head in before] == before
    assert {"PLZ", "Ort", "Telefon", "E-Mail", "Web", "Sprachen", "Stand", "Alter in Monaten"} <= set(heads)
    assert sheet.cell(2, heads.index("PLZ") + 1).value == "52070"
    assert "meine Notiz" in [cell.value for cell in sheet[2]]
