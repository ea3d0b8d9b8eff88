"""`harvest forget`: afterwards nothing of it remains, and everything else does."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl.comments import Comment

from harvest.decide import Wanted, decide
from harvest.forget import forget, planned
from harvest.results import Fate
from harvest.run import Request, harvest_returns
from harvest.runs import runs_of
from harvest.undo import redo, undo
from harvest.why import why
from spec.errors import WrongInputError
from tests.harvest.commands import Office, filled, sheet_rows


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A partner of whom nothing may remain, another who mentions a person of theirs."""
    made = Office.at(tmp_path / "office")
    made.drop(
        "Wegfall.pdf",
        filled("Wegfall e. V.", {"wohnheim": [("Haus Wegfall", "Ida Wegmann"), ("Haus am Markt", "Herr M")]}),
    )
    made.drop(
        "B.pdf",
        filled("Träger B", {"wohnheim": [("Haus am Bach", "über Ida\nWegmann, 0241 5")], "praxis": [("Dr. Ida Wegmann", "x")]}, 2),
        2,
    )  # fmt: skip
    harvest_returns(Request(made.workspace))
    return made


def everything(office: Office) -> str:
    """All bytes of the workspace but the forms, zip files unpacked."""
    texts = []
    for path in office.workspace.root.rglob("*"):
        if path.is_file() and office.workspace.forms not in path.parents and path.suffix != ".pdf":
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as package:
                    texts += [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
            else:
                texts.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(texts)


def test_a_partner_is_forgotten_with_all_returns(office: Office) -> None:
    undo(office.workspace)
    redo(office.workspace)

    result, _ = forget(office.workspace, "wegfall  e. v.")

    assert list(result.plan.removed.values()) == ["Wegfall.pdf"]
    assert set(office.entries()) == {"Haus am Bach", "Dr. Ida Wegmann"}
    said = everything(office)
    assert not [word for word in ("Wegfall", "Herr M", "Haus am Markt") if word in said]
    assert len(list(office.workspace.originals.iterdir())) == 1
    assert not (office.workspace.returns / "Wegfall.pdf").exists()
    assert runs_of(office.workspace)[0][-1].kind == "forget"
    assert result.exit_code == 0


def test_what_was_forgotten_does_not_come_back(office: Office) -> None:
    data = (office.workspace.returns / "Wegfall.pdf").read_bytes()
    forget(office.workspace, "Wegfall e. V.")
    office.drop("noch einmal.pdf", data)

    result, _ = harvest_returns(Request(office.workspace))

    assert Fate.FORGOTTEN in [one.fate for one in result.outcomes]
    assert not result.changed


def test_a_person_is_forgotten_and_the_rest_of_the_line_stays(office: Office) -> None:
    book = office.book()
    sheet = book["Alle Einträge"]
    headings, ids = sheet_rows(sheet)
    bach, praxis = (office.entries()[name]["id"] for name in ("Haus am Bach", "Dr. Ida Wegmann"))
    sheet.cell(ids[praxis], headings["Kontakt"]).value = "von Hand"
    sheet.cell(ids[bach], headings["Kontakt"]).comment = Comment("Ida Wegmann ist nett", "Büro")
    sheet.cell(1, sheet.max_column + 1).value = "Notiz"
    sheet.cell(ids[bach], sheet.max_column).value = "Ida Wegmann anrufen"
    book.save(office.workspace.register)

    plan, _ = planned(office.workspace, "ida wegmann")
    result, _ = forget(office.workspace, "ida wegmann")

    assert set(plan.plan.redacted.values()) == {"Wegfall.pdf", "B.pdf"}
    entries = office.entries()
    assert entries["Haus am Bach"]["values"]["kontakt"] == "über [entfernt], 0241 5"
    # the correction goes on to be about the entry whose name, and so whose id, has changed
    assert entries["Dr. [entfernt]"]["values"]["kontakt"] == "von Hand"
    assert entries["Haus am Markt"]["values"]["kontakt"] == "Herr M"
    assert "Wegmann" not in everything(office)
    assert list(office.workspace.originals.iterdir()) == []
    assert result.left == ()
    assert why(office.workspace, entries["Haus am Bach"]["id"])[0].told[1].text == "über [entfernt], 0241 5"
    assert not harvest_returns(Request(office.workspace))[0].changed


def test_a_dry_run_changes_nothing_and_tells_where_else_to_look(office: Office) -> None:
    (office.workspace.root / "mail").mkdir()
    (office.workspace.root / "mail" / "a.eml").write_text("An: Ida Wegmann", encoding="utf-8")
    before = everything(office)

    result, _ = planned(office.workspace, "Ida Wegmann")

    assert result.plan.cells == 3
    assert [path.name for path in result.left] == ["a.eml"]
    assert everything(office) == before


def test_who_is_not_there_and_who_is_everywhere(office: Office) -> None:
    before = everything(office)
    assert forget(office.workspace, "Niemand Bekanntes")[0].plan.empty
    with pytest.raises(WrongInputError, match="short"):
        forget(office.workspace, "e")
    # part of a word is somebody else
    assert forget(office.workspace, "Weg")[0].plan.empty
    assert everything(office) == before


# ---------------------------------------------------------------- what others reported, too


def together(tmp_path: Path, second: str = "Haus Gemeinsam", contact: str = "1") -> Office:
    """Two partners report one home; the one that is going to be forgotten was first, so the id is from its words."""
    made = Office.at(tmp_path / "office")
    made.drop("A.pdf", filled("Wegfall e. V.", {"wohnheim": [("Haus Gemeinsam", "1")]}))
    made.drop("B.pdf", filled("Träger B", {"wohnheim": [(second, contact)]}, 2), 2)
    harvest_returns(Request(made.workspace))
    return made


def write(office: Office, name: str, heading: str, text: str) -> None:
    book = office.book()
    sheet = book["Alle Einträge"]
    headings, ids = sheet_rows(sheet)
    sheet.cell(ids[office.entries()[name]["id"]], headings[heading]).value = text
    book.save(office.workspace.register)


def test_a_correction_stays_where_another_partner_reported_the_same(tmp_path: Path) -> None:
    office = together(tmp_path)
    write(office, "Haus Gemeinsam", "Kontakt", "von Hand")
    harvest_returns(Request(office.workspace))

    forget(office.workspace, "Wegfall e. V.")

    entry = office.entries()["Haus Gemeinsam"]
    assert (entry["values"]["kontakt"], entry["reporters"]) == ("von Hand", ["Träger B"])
    assert not harvest_returns(Request(office.workspace))[0].changed


def test_a_correction_stays_where_somebody_decided_that_two_are_one(tmp_path: Path) -> None:
    office = together(tmp_path, "Heim an der Brücke", "0241 9")
    one, two = (office.entries()[name]["id"] for name in ("Haus Gemeinsam", "Heim an der Brücke"))
    decide(office.workspace, Wanted(one, same_as=(two,)))
    [name] = office.entries()
    write(office, name, "Kontakt", "von Hand")

    forget(office.workspace, "Wegfall e. V.")

    entry = office.entries()["Heim an der Brücke"]
    assert entry["values"]["kontakt"] == "von Hand"
    assert "Gemeinsam" not in everything(office)


def test_what_somebody_deleted_does_not_come_back_under_another_id(tmp_path: Path) -> None:
    office = together(tmp_path)
    book = office.book()
    for name in ("Alle Einträge", "Bereich Eins"):
        sheet = book[name]
        _, ids = sheet_rows(sheet)
        sheet.delete_rows(next(iter(ids.values())))
    book.save(office.workspace.register)
    harvest_returns(Request(office.workspace))
    assert office.entries() == {}

    forget(office.workspace, "Wegfall e. V.")

    assert office.entries() == {}
    harvest_returns(Request(office.workspace))
    assert office.entries() == {}
