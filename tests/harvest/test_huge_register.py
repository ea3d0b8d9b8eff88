"""Registers that reach down to the last row of a workbook: whole columns with a look, and sheets that are full."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.register.errors import OversizedRegisterError
from tests.harvest.offices import Office, filled

LAST = 1_048_576
SHEET = "xl/worksheets/sheet1.xml"


def with_rows(data: bytes, row: Callable[[int], str]) -> bytes:
    """The register with all rows below the list made by `row`."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for item in source.infolist():
            part = source.read(item)
            if item.filename == SHEET:
                head, tail = part.decode().split("</sheetData>")
                first = max(int(number) for number in re.findall(r'<row r="(\d+)"', head)) + 1
                part = f"{head}{''.join(map(row, range(first, LAST + 1)))}</sheetData>{tail}".encode()
            target.writestr(item.filename, part)
    return out.getvalue()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office.at(tmp_path / "office")
    made.drop("a.pdf", filled("Träger A", {"wohnheim": [("Haus am Markt", "Frau A")]}))
    harvest_returns(Request(made.workspace))
    made.drop("b.pdf", filled("Träger B", {"wohnheim": [("Haus B", "")], "praxis": [("Praxis C", "")]}, 2), 2)
    return made


def numbers(office: Office) -> Iterator[int]:
    with zipfile.ZipFile(office.workspace.register) as package:
        yield from (int(number) for number in re.findall(rb'<row r="(\d+)"', package.read(SHEET)))


LOOKS: dict[str, Callable[[int], str]] = {
    "rows": lambda number: f'<row r="{number}" s="2" customFormat="1"/>',
    "cells": lambda number: f'<row r="{number}" ht="30" customHeight="1"><c r="A{number}" s="2"/></row>',
    "the last row alone": lambda number: f'<row r="{number}" ht="15"><c r="A{number}" s="2"/></row>' * (number == LAST),
}  # fmt: skip


@pytest.mark.parametrize("kind", LOOKS)
def test_whole_columns_that_somebody_formatted_are_an_ordinary_register(kind: str, office: Office) -> None:
    office.workspace.register.write_bytes(with_rows(office.workspace.register.read_bytes(), LOOKS[kind]))

    start = time.process_time()
    result = harvest_returns(Request(office.workspace))[0]
    spent = time.process_time() - start

    assert spent < 10  # row by row it takes several times as long
    assert result.hand == {"edited": 0, "added": 0, "deleted": 0, "decided": 0}
    assert set(office.entries()) == {"Haus am Markt", "Haus B", "Praxis C"}
    found = list(numbers(office))
    assert found[:4] == [1, 2, 3, 4]
    assert found == sorted(set(found))  # Excel calls a sheet damaged in which a row stands twice
    assert found[-1] == LAST
    assert not harvest_returns(Request(office.workspace))[0].changed


def test_a_sheet_that_is_full_is_refused_and_nothing_is_changed(office: Office) -> None:
    full = '<row r="{0}"><c r="B{0}"><v>1</v></c></row>'
    office.workspace.register.write_bytes(with_rows(office.workspace.register.read_bytes(), full.format))
    before = {path: path.read_bytes() for path in office.workspace.root.rglob("*") if path.is_file()}

    with pytest.raises(OversizedRegisterError) as caught:
        harvest_returns(Request(office.workspace))

    assert "1,048,575 rows" in str(caught.value)
    assert "register.xlsx, Alle Einträge" in str(caught.value)
    assert {path: path.read_bytes() for path in office.workspace.root.rglob("*") if path.is_file()} == before
