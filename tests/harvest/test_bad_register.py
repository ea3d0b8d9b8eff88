"""A register that can't be used: said clearly, exit 3, and nothing changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harvest.commands.run import Request, harvest_returns
from spec.errors import NothingDoneError
from tests.contract.conftest import call
from tests.harvest.offices import Office, filled, sheet_rows


def replaced(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        assert any(name in one.filename for one in source.infolist())
        for item in source.infolist():
            part = source.read(item)
            target.writestr(item.filename, change(part) if name in item.filename else part)
    return out.getvalue()


def with_part(data: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr(name, part)
    return out.getvalue()


BAD: dict[str, Callable[[bytes], bytes]] = {
    "of another form": lambda data: replaced(
        data, "custom.xml", lambda part: part.replace(b">klein<", b">gross<")
    ),
    "of a newer version": lambda data: replaced(
        data,
        "custom.xml",
        lambda part: part.replace(
            b">1</vt:lpwstr></property></Properties>", b">9</vt:lpwstr></property></Properties>"
        ),
    ),
    "no workbook": lambda _: b"PK\x03\x04 nothing",
    "with a password": lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2000,
    "cut off": lambda data: data[: len(data) // 2],
    "with macros": lambda data: with_part(data, "xl/vbaProject.bin", b"\xd0\xcf"),
    "a zip bomb": lambda data: replaced(data, "worksheets/sheet1.xml", lambda part: part + b" " * (1 << 30)),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_register_that_cant_be_used_stops_the_run(kind: str, tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    office.drop("a.pdf", filled("Träger A", {"wohnheim": [("Haus am Markt", "Frau A")]}))
    harvest_returns(Request(office.workspace))
    office.workspace.register.write_bytes(BAD[kind](office.workspace.register.read_bytes()))
    office.drop("b.pdf", filled("Träger B", {"wohnheim": [("Haus B", "")]}, 2), 2)
    before = {path: path.read_bytes() for path in office.workspace.root.rglob("*") if path.is_file()}

    with pytest.raises(NothingDoneError) as caught:
        harvest_returns(Request(office.workspace))

    assert "register.xlsx" in str(caught.value)
    after = {path: path.read_bytes() for path in office.workspace.root.rglob("*") if path.is_file()}
    assert after == before


def test_the_command_says_so_with_code_3(tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    office.workspace.register.write_bytes(b"no workbook")
    said = call("harvest", "run", "--workspace", office.workspace.root)
    assert said.code == 3
    assert "register.xlsx" in said.err or "rebuild" in said.err


def test_ids_that_somebody_doubled_or_erased_lose_no_row(tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    rows = [("Haus am Markt", "Frau A"), ("Haus am Bach", "Frau B"), ("Haus am Wald", "Frau C")]
    office.drop("a.pdf", filled("Träger A", {"wohnheim": rows}))
    harvest_returns(Request(office.workspace))
    book = office.book()
    page = book["Alle Einträge"]
    headings, ids = sheet_rows(page)
    known = office.entries()
    first, second = (ids[known[name]["id"]] for name in ("Haus am Markt", "Haus am Bach"))
    page.cell(first, headings["Kennung"]).value = None
    page.cell(first, headings["Kontakt"]).value = "Frau A-Neu"
    copy = page.max_row + 1
    for column in range(1, 5):  # a row copied with its id, and made another one
        page.cell(copy, column).value = page.cell(second, column).value
    page.cell(copy, headings["Einrichtung (Formular)"]).value = "Haus am Bach, Zweigstelle"
    book.save(office.workspace.register)

    harvest_returns(Request(office.workspace))

    now = office.entries()
    assert set(now) == {"Haus am Markt", "Haus am Bach", "Haus am Bach, Zweigstelle", "Haus am Wald"}
    assert now["Haus am Markt"]["values"]["kontakt"] == "Frau A-Neu"
    assert len({one["id"] for one in now.values()}) == 4
    page = office.book()["Alle Einträge"]
    shown = [page.cell(row, 3).value for row in range(2, page.max_row + 1)]
    assert sorted(shown) == sorted(now)


def test_a_formula_in_a_column_of_ours_is_no_value_and_is_told(tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    office.drop("a.pdf", filled("Träger A", {"wohnheim": [("Haus am Markt", "Frau A")]}))
    harvest_returns(Request(office.workspace))
    book = office.book()
    page = book["Alle Einträge"]
    headings, _ = sheet_rows(page)
    page.cell(2, headings["Status"]).value = '="neu"&"!"'
    page.cell(2, headings["Kontakt"]).value = '=UPPER("frau x")'
    book.save(office.workspace.register)

    result = harvest_returns(Request(office.workspace))[0]

    assert [one.code for one in result.faults] == ["register-formula-blind"]
    page = office.book()["Alle Einträge"]
    assert page.cell(2, headings["Kontakt"]).value == "Frau A"
    assert page.cell(2, headings["Status"]).value == "neu"
