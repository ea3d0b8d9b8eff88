"""A sheet of ours that somebody copied within the workbook and worked on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from harvest.model import Problem
from harvest.register.readback.register_reader import read_register
from harvest.register.workbook.workbook_writer import write_new
from spec.words import words
from tests.harvest.register.samples import checklist, sample_view

Copied = Callable[[str, str, Callable[[Any], object]], tuple[Problem, ...]]


@pytest.fixture
def copied(tmp_path: Path) -> Copied:
    """Copy a sheet, give the copy a title, work on it; gives what is told then."""

    def copy(original: str, title: str, change: Callable[[Any], object]) -> tuple[Problem, ...]:
        path = tmp_path / "register.xlsx"
        write_new(sample_view(), path)
        book = openpyxl.load_workbook(path)
        page = book.copy_worksheet(book[original])
        page.title = title
        change(page)
        book.save(path)
        return read_register(path, checklist(), words("de")).faults

    return copy


@pytest.mark.parametrize(
    ("original", "title"),
    [
        ("Alle Einträge", "Alle Einträge (2)"),
        ("Alle Einträge", "Alle Einträge Copy"),
        ("Alle Einträge", "Meine Arbeit"),
        ("Migration", "Migration_2"),
    ],
)
def test_cells_that_differ_on_a_copy_are_told(copied: Copied, original: str, title: str) -> None:
    def change(page: Any) -> None:
        page["E2"], page["D3"] = "auf der Kopie", "auch dort"

    (told,) = copied(original, title, change)

    assert (told.code, told.place) == ("register-sheet-copied", title)
    assert dict(told.details) == {"cells": "2", "original": original}


def test_rows_that_were_added_there_count(copied: Copied) -> None:
    def change(page: Any) -> None:
        row = page.max_row + 1
        page.cell(row, 2).value, page.cell(row, 3).value = "Wohnheim", "Neues Haus"

    (told,) = copied("Alle Einträge", "Alle Einträge (2)", change)

    assert dict(told.details)["cells"] == "2"


def test_emptied_cells_count(copied: Copied) -> None:
    (told,) = copied("Alle Einträge", "Alle Einträge (2)", lambda page: page.__setitem__("E2", None))

    assert dict(told.details)["cells"] == "1"


def test_a_copy_that_says_the_same_is_nobody_s_business(copied: Copied) -> None:
    assert copied("Alle Einträge", "Alle Einträge (2)", lambda _page: None) == ()


def test_columns_of_their_own_and_sorted_rows_make_no_difference(copied: Copied) -> None:
    def change(page: Any) -> None:
        page["AD2"] = "eigene Notiz"
        first, second = ([cell.value for cell in page[row]] for row in (2, 3))
        for row, texts in ((2, second), (3, first)):
            for place, text in enumerate(texts, start=1):
                if place != 30:
                    page.cell(row, place).value = text

    assert copied("Alle Einträge", "Sortiert", change) == ()
