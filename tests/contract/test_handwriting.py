"""Forms filled in by hand and scanned: the office types what the pictures show, and that is what the return says."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harvest.commands.decide import Wanted, decide
from harvest.commands.run import Request, harvest_returns
from harvest.commands.status import status_of
from harvest.history.rebuild import rebuild
from harvest.history.undo import redo, undo
from harvest.history.why import why
from harvest.model import Decision, DecisionKind
from harvest.privacy.expire import remove_expired
from harvest.privacy.forget import forget
from spec.workspace import Workspace
from tests.harvest.libreoffice import by_macro
from tests.harvest.offices import Office
from tests.specimens.form import EDITION, Truth, edition, specimens

CHECK = "Bitte prüfen"
COLUMNS = ("einrichtung", "erfahrung", "kontakt", "verabredung", "datum")
#: What a clerk reads in the pictures of the second row. Dates and numbers are what spreadsheets like to change.
READ = {
    "einrichtung": "Haus am Anger\nAm Anger 3, 99084 Erfurt",
    "erfahrung": "=auch Russisch",
    "kontakt": "Hr. Weiß, 030 7890123",
    "verabredung": "0307890123",
    "datum": "3.4.26",
}

Typing = Callable[[Office, Mapping[str, str], Path], None]


def run(office: Office) -> Any:
    return harvest_returns(Request(office.workspace))[0]


def made(root: Path, *names: str) -> Office:
    workspace = Workspace(root)
    place = workspace.edition(edition().edition)
    place.mkdir(parents=True)
    shutil.copyfile(EDITION, place / "edition.json")
    workspace.returns.mkdir()
    for name in names:
        shutil.copy(specimens(name)[0], workspace.returns)
    return Office(workspace)


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A page whose second row is a scrawl; it was harvested once."""
    office = made(tmp_path_factory.mktemp("paper") / "office", "pen-scrawl")
    assert run(office).changed
    return office


@pytest.fixture
def office(harvested: Office, tmp_path: Path) -> Office:
    return harvested.copy(tmp_path / "office")


def items(office: Office) -> dict[str, tuple[int, dict[str, Any]]]:
    """Column of the form -> row on the sheet and what stands there, for the cells that nobody has read."""
    sheet = office.book()[CHECK]
    headings = [str(cell.value) for cell in sheet[1]]
    keys = {column.heading: column.key for column in edition().form.columns}
    found = {}
    for number, values in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        said = dict(zip(headings, values, strict=True))
        if said["Kennung der Zelle"]:
            found[keys[said["Spalte"].removesuffix(" (Formular)")]] = (number, said)
    return found


def by_openpyxl(office: Office, texts: Mapping[str, str], _: Path, under: str = "Richtig ist") -> None:
    places, book = items(office), office.book()
    sheet = book[CHECK]
    column = next(cell.column for cell in sheet[1] if cell.value == under)
    for key, text in texts.items():
        sheet.cell(places[key][0], column).value = text
        sheet.cell(places[key][0], column).data_type = "s"
    book.save(office.workspace.register)


#: Types as at the keyboard: `FormulaLocal` takes `=...` for a formula and `3.4.26` for a date.
TYPE = """
sheet = book.Sheets.getByName(asked["sheet"])
for column, row, text in asked["cells"]:
    sheet.getCellByPosition(column, row).FormulaLocal = text
"""


def by_libreoffice(office: Office, texts: Mapping[str, str], scratch: Path) -> None:
    """Open the register in LibreOffice, type, save: by a macro, since nobody sits there."""
    places = items(office)
    column = next(cell.column for cell in office.book()[CHECK][1] if cell.value == "Richtig ist") - 1
    cells = [(column, places[key][0] - 1, text) for key, text in texts.items()]
    register = office.workspace.register
    by_macro(register, TYPE, scratch, register, sheet=CHECK, cells=cells)


def second_row(office: Office) -> dict[str, Any]:
    (found,) = (one for one in office.twin() if any(source["row"] == 2 for source in one["sources"]))
    return found


# ---------------------------------------------------------------- what the office finds


def test_every_cell_by_hand_is_an_item_with_its_picture(office: Office) -> None:
    inked = {local.removeprefix("kontaktstelle_r02_") for local in Truth.of(specimens("pen-scrawl")[0]).ink}
    found = items(office)
    assert tuple(found) == COLUMNS
    assert set(found) == inked

    for _, said in found.values():
        assert (said["Wert"], said["Sicherheit"], said["Richtig ist"]) == (None, None, None)
        assert said["Gelesen aus"] == "nicht lesbar"
        assert said["Angebot"] == "Kontakt- und Beratungsstelle"
        assert said["Stelle"] == "pen-scrawl.pdf, Seite 1, Zeile 2"
    (row,) = {said["Kennung"] for _, said in found.values()}
    assert row not in {entry["id"] for entry in office.twin()}
    pictured = {image.anchor._from.row + 1 for image in office.book()[CHECK]._images}
    assert {number for number, _ in found.values()} <= pictured


def test_it_is_counted_and_reported(office: Office) -> None:
    result, _ = status_of(office.workspace)
    assert result.to_do["checks"] == 10  # five were recognised, five were not
    assert result.to_do["documents"] == 0
    assert result.exit_code == 1
    page = office.workspace.report.read_text(encoding="utf-8")
    assert page.count("<img") == 10
    assert page.count('<span>nicht lesbar</span><span dir="auto">pen-scrawl.pdf</span>') == 5
    assert not run(office).changed


# ---------------------------------------------------------------- what the office types


@pytest.mark.parametrize("typing", [by_openpyxl, by_libreoffice])
def test_what_is_typed_beside_the_pictures_is_the_entry(
    office: Office, typing: Typing, tmp_path: Path
) -> None:
    identity = items(office)["datum"][1]["Kennung"]

    typing(office, READ, tmp_path)
    result = run(office)

    assert (result.hand["decided"], result.hand["edited"], result.to_do["checks"]) == (5, 0, 5)
    entry = second_row(office)
    assert (entry["id"], entry["values"]) == (identity, READ)
    assert [source["method"] for source in entry["sources"]] == ["hand"]
    assert items(office) == {}
    assert not run(office).changed


def test_what_was_typed_can_be_traced(office: Office, tmp_path: Path) -> None:
    by_openpyxl(office, READ, tmp_path)
    done = run(office)

    because, _ = why(office.workspace, second_row(office)["id"])

    assert [event.event.kind for event in because.events if isinstance(event.event, Decision)] == [
        DecisionKind.TYPED
    ] * 5
    assert {event.run for event in because.events} == {done.run}
    for told in because.told:
        (said,) = told.said
        assert (said.text, said.method, said.source.page, said.source.row) == (
            READ[told.column],
            "hand",
            1,
            2,
        )
        assert said.pictured


def test_typed_in_two_weeks_it_is_one_entry_under_one_id(office: Office, tmp_path: Path) -> None:
    identity = items(office)["datum"][1]["Kennung"]
    now = {key: READ[key] for key in ("kontakt", "datum")}
    later = {key: text for key, text in READ.items() if key not in now}

    by_openpyxl(office, now, tmp_path)
    run(office)
    assert (second_row(office)["id"], second_row(office)["values"]) == (identity, now)
    assert set(items(office)) == set(later)
    by_openpyxl(office, later, tmp_path)
    run(office)

    assert (second_row(office)["id"], second_row(office)["values"]) == (identity, READ)
    assert len([one for one in office.twin() if not one["nil"]]) == 2


def test_where_there_is_nothing_to_read_the_item_is_closed(office: Office, tmp_path: Path) -> None:
    by_openpyxl(office, {"verabredung": "stimmt"}, tmp_path, "Geprüft")

    result = run(office)

    assert result.hand["decided"] == 1
    assert set(items(office)) == set(COLUMNS) - {"verabredung"}
    assert len(office.twin()) == 1


def test_undo_gives_the_item_back_and_redo_the_words(office: Office, tmp_path: Path) -> None:
    before = items(office).keys()
    by_openpyxl(office, READ, tmp_path)
    result = run(office)
    typed, shown = office.twin(), office.book()["Alle Einträge"].max_row

    undo(office.workspace, result.run)
    assert items(office).keys() == before
    assert len(office.twin()) == 1
    redo(office.workspace)

    assert (office.twin(), office.book()["Alle Einträge"].max_row, items(office)) == (typed, shown, {})


def test_a_lost_ledger_costs_no_word_that_was_typed(office: Office, tmp_path: Path) -> None:
    by_openpyxl(office, {key: READ[key] for key in ("einrichtung", "kontakt")}, tmp_path)
    run(office)
    before = office.twin()
    by_openpyxl(office, {"datum": READ["datum"]}, tmp_path)
    office.workspace.ledger.unlink()

    rebuild(office.workspace)

    entry = second_row(office)
    assert entry["id"] == next(one["id"] for one in before if one["id"] == entry["id"])
    assert entry["values"] == {key: READ[key] for key in ("einrichtung", "kontakt", "datum")}
    assert set(items(office)) == {"erfahrung", "verabredung"}
    assert len(office.twin()) == len(before)


def test_the_command_line_can_type_too(office: Office) -> None:
    row = items(office)["datum"][1]["Kennung"]

    decided, _ = decide(
        office.workspace,
        Wanted(row, choose=(("kontakt", "Hr. Weiß"), ("einrichtung", "Haus am Anger")), checked=("datum",)),
    )

    assert {one.kind for one in decided.decisions} == {DecisionKind.TYPED}
    assert second_row(office)["id"] == row
    assert second_row(office)["values"] == {"kontakt": "Hr. Weiß", "einrichtung": "Haus am Anger"}
    assert set(items(office)) == {"erfahrung", "verabredung"}


def test_who_is_forgotten_is_forgotten_in_what_was_typed(office: Office, tmp_path: Path) -> None:
    by_openpyxl(office, READ, tmp_path)
    run(office)

    forget(office.workspace, "Hr. Weiß")

    assert "Weiß" not in second_row(office)["values"]["kontakt"]
    assert not list(office.workspace.originals.glob("*.pdf"))
    assert not office.book()[CHECK]._images
    assert "Weiß" not in office.workspace.ledger.read_bytes().decode("utf-8", "replace")


def test_with_a_return_that_is_too_old_go_the_words_that_were_typed_from_it(
    office: Office, tmp_path: Path
) -> None:
    by_openpyxl(office, READ, tmp_path)
    run(office)
    office.workspace.config.write_text("[retention]\nyears = 5\n", encoding="utf-8")

    remove_expired(office.workspace, clock=lambda: datetime.now(UTC) + timedelta(days=4000))

    assert office.twin() == []
    assert items(office) == {}
    assert "Anger" not in office.workspace.ledger.read_bytes().decode("utf-8", "replace")


def test_words_typed_after_the_cells_ids_were_deleted_are_known_by_their_row(
    office: Office, tmp_path: Path
) -> None:
    by_openpyxl(office, READ, tmp_path)
    book = office.book()
    sheet = book[CHECK]
    sheet.delete_cols(next(cell.column for cell in sheet[1] if cell.value == "Kennung der Zelle"))
    book.save(office.workspace.register)

    run(office)

    assert second_row(office)["values"] == READ


# ---------------------------------------------------------------- a row that was read in part


def test_an_unread_cell_belongs_to_the_entry_of_its_row(tmp_path: Path) -> None:
    office = made(tmp_path / "office", "pen-letters")
    run(office)
    unread = items(office)
    if not unread:
        pytest.fail("this version of Tesseract read all of it: the specimen shows nothing any more")
    entry = second_row(office)
    assert {said["Kennung"] for _, said in unread.values()} == {entry["id"]}

    by_openpyxl(office, {key: READ[key] for key in unread}, tmp_path)
    run(office)

    after = second_row(office)
    assert after["id"] == entry["id"]
    assert after["values"] == entry["values"] | {key: READ[key] for key in unread}
    assert items(office) == {}
