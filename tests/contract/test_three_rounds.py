"""Three rounds as an office has them: nothing of ours or theirs is lost, and every cell can be traced."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from harvest.commands.decide import Wanted, decide
from harvest.commands.run import Request, harvest_returns
from harvest.history.rebuild import rebuild
from harvest.history.undo import redo, undo
from harvest.history.why import why
from tests.harvest.offices import Office, filled, sheet_rows

ENTRIES = "Alle Einträge"
MARKET_A = ("Haus am Markt\nMarkt 1, 52062 Aachen", "Frau A, 0241 555010")
MARKET_B = ("Haus am Markt\nMarkt 1\n52062 Aachen", "Herr B")


def run(office: Office) -> Any:
    return harvest_returns(Request(office.workspace))[0]


def by_libreoffice(office: Office, scratch: Path) -> None:
    """Open the register in LibreOffice and save it, as somebody does who has no Excel."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is needed here: apt-get install libreoffice-calc"
    home = (scratch / "profile").as_uri()
    subprocess.run(
        [program, f"-env:UserInstallation={home}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", str(scratch), str(office.workspace.register)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    shutil.copyfile(scratch / "register.xlsx", office.workspace.register)


def every_cell_can_be_traced(office: Office) -> None:
    """What stands in a cell was said in a return that is kept, or by a person in a recorded run."""
    for entry in office.twin():
        if entry["nil"]:
            continue
        because, _ = why(office.workspace, entry["id"])
        told = {one.column: one for one in because.told}
        for column, text in entry["values"].items():
            said = {one.text for one in told[column].said}
            by_hand = str([one.event for one in because.events])
            assert text in said or repr(text)[1:-1] in by_hand, (entry["id"], column, text)
            for one in told[column].said:
                assert (office.workspace.originals / f"{one.source.return_id}.pdf").exists()
                assert one.source.page > 0
                assert one.source.row > 0


def in_the_workbook(office: Office) -> dict[str, tuple[Any, ...]]:
    sheet = office.book()[ENTRIES]
    _, ids = sheet_rows(sheet)
    return {identity: tuple(cell.value for cell in sheet[row]) for identity, row in ids.items()}


def theirs(office: Office) -> tuple[Any, ...]:
    """What people added to the workbook: a column, a comment, a colour, a sheet."""
    book = office.book()
    sheet = book[ENTRIES]
    headings, ids = sheet_rows(sheet)
    row = ids[office.entries()["Haus am Bach"]["id"]]
    comment = sheet.cell(row, headings["Kontakt"]).comment
    return (
        sheet.cell(row, headings["Notiz"]).value,
        comment.text.strip() if comment else None,
        sheet.cell(row, headings["Kontakt"]).fill.fgColor.rgb,
        book["Eigenes Blatt"]["A1"].value,
    )


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office.at(tmp_path / "office")
    made.drop(
        "Träger A.pdf",
        filled("Träger A", {"wohnheim": [MARKET_A, ("Haus am Bach", "Frau C"), ("Haus Alt", "Herr D")]}),
    )
    made.drop("Träger B.pdf", filled("Träger B", {"wohnheim": [MARKET_B]}, 2, nil=("praxis",)), 2)
    run(made)
    return made


def first_round_in_the_workbook(office: Office) -> None:
    """A correction, a new row, a deletion, a column, a comment, a colour, a sheet; the duplicate is decided."""
    book: Any = openpyxl.load_workbook(office.workspace.register)
    sheet = book[ENTRIES]
    headings, ids = sheet_rows(sheet)
    known = office.entries()
    row = ids[known["Haus am Bach"]["id"]]
    sheet.cell(row, headings["Kontakt"]).value = "Frau C-Neu, 0241 555020"
    sheet.cell(row, headings["Kontakt"]).comment = Comment("rief an", "Büro")
    sheet.cell(row, headings["Kontakt"]).fill = PatternFill("solid", fgColor="FFFFE699")
    notes = sheet.max_column + 1
    sheet.cell(1, notes).value = "Notiz"
    sheet.cell(row, notes).value = "ruft zurück"
    book.create_sheet("Eigenes Blatt")["A1"] = "unsere Liste"
    duplicates = book["Dubletten"]
    titles = {str(cell.value): cell.column for cell in duplicates[1]}
    duplicates.cell(2, titles["Gleich wie"]).value = "ja"
    added = sheet.max_row + 1
    sheet.cell(added, headings["Angebot"]).value = "Praxis"
    sheet.cell(added, headings["Einrichtung (Formular)"]).value = "Praxis von Hand"
    sheet.cell(added, headings["Kontakt"]).value = "Dr. H"
    sheet.delete_rows(ids[known["Haus Alt"]["id"]])
    book.save(office.workspace.register)


def names(office: Office) -> set[str]:
    return set(office.entries())


def test_three_rounds(office: Office, tmp_path: Path) -> None:
    markets = [
        one for one in office.twin() if one["values"].get("einrichtung", "").startswith("Haus am Markt")
    ]
    assert len(markets) == 2
    gone = office.entries()["Haus Alt"]["id"]

    # ---- the office works in the register; the second round comes in
    first_round_in_the_workbook(office)
    newer = {"wohnheim": [MARKET_A, ("Haus am Bach", "Frau C-Ganz-Neu"), ("Haus Neu", "Frau E")]}
    office.drop("Träger A 2.pdf", filled("Träger A", newer, 10), 10)
    result = run(office)

    assert result.hand == {"edited": 1, "added": 1, "deleted": 1, "decided": 1}
    assert names(office) == {"Haus am Markt", "Haus am Bach", "Praxis von Hand", "Haus Neu"}
    bach = office.entries()["Haus am Bach"]
    assert bach["values"]["kontakt"] == "Frau C-Neu, 0241 555020"
    assert {
        claim["text"] for one in office.entries()["Haus am Markt"]["conflicts"] for claim in one["others"]
    }
    assert theirs(office) == ("ruft zurück", "rief an", "FFFFE699", "unsere Liste")
    every_cell_can_be_traced(office)
    assert why(office.workspace, gone)[0].stands == "deleted"

    # ---- a contradiction is decided in the sheet; LibreOffice saves the workbook; a third round comes in
    by_libreoffice(office, tmp_path)
    book = office.book()
    conflicts = book["Konflikte"]
    titles = {str(cell.value): cell.column for cell in conflicts[1]}
    for row in range(2, conflicts.max_row + 1):
        if conflicts.cell(row, titles["Kennung"]).value:
            conflicts.cell(row, titles["Entscheidung"]).value = "behalten"
    book.save(office.workspace.register)
    office.drop("Träger C.pdf", filled("Träger C", {"praxis": [("Praxis Nord", "Dr. N")]}, 20), 20)
    result = run(office)

    assert result.to_do["conflicts"] == 0
    assert result.hand["edited"] == result.hand["added"] == result.hand["deleted"] == 0
    assert names(office) == {"Haus am Markt", "Haus am Bach", "Praxis von Hand", "Haus Neu", "Praxis Nord"}
    assert theirs(office) == ("ruft zurück", "rief an", "FFFFE699", "unsere Liste")
    every_cell_can_be_traced(office)

    # ---- undo, redo
    before, cells, own = office.twin(), in_the_workbook(office), theirs(office)
    undo(office.workspace, result.run)
    assert names(office) == {"Haus am Markt", "Haus am Bach", "Praxis von Hand", "Haus Neu"}
    assert theirs(office) == own
    every_cell_can_be_traced(office)
    redo(office.workspace)
    assert office.twin() == before
    assert in_the_workbook(office) == cells
    assert theirs(office) == own

    # ---- the ledger is lost, and made anew
    office.workspace.ledger.unlink()
    rebuild(office.workspace)
    assert told(office) == [(one["id"], one["values"]) for one in before]
    assert theirs(office) == own
    every_cell_can_be_traced(office)
    assert why(office.workspace, gone)[0].stands == "deleted"
    assert not run(office).changed

    # ---- and the office goes on deciding
    decide(office.workspace, Wanted(bach["id"], choose=(("kontakt", "Frau C-Ganz-Neu"),)))
    assert office.entries()["Haus am Bach"]["values"]["kontakt"] == "Frau C-Ganz-Neu"
    assert theirs(office) == own


def told(office: Office) -> list[tuple[str, dict[str, str]]]:
    return [(one["id"], one["values"]) for one in office.twin()]
