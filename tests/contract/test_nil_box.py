"""A box for "nothing here" of which no program can tell whether it is ticked: the office looks at its picture and says."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harvest.commands.decide import Wanted, decide
from harvest.commands.run import Request, harvest_returns
from harvest.commands.show import show_file
from harvest.commands.status import status_of
from harvest.history.rebuild import rebuild
from harvest.history.undo import redo, undo
from harvest.history.why import why
from harvest.model import Status
from harvest.privacy.expire import remove_expired
from harvest.privacy.forget import forget
from harvest.reading import read
from harvest.say.results import show as say_file
from harvest.say.why import because as say_why
from spec.errors import WrongInputError
from spec.workspace import Workspace
from tests.harvest.offices import Office
from tests.specimens.form import EDITION, edition, specimens

CHECK = "Bitte prüfen"
OFFER = "betreutes-wohnen"


def run(office: Office) -> Any:
    return harvest_returns(Request(office.workspace))[0]


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Office:
    workspace = Workspace(tmp_path_factory.mktemp("pencil") / "office")
    place = workspace.edition(edition().edition)
    place.mkdir(parents=True)
    shutil.copyfile(EDITION, place / "edition.json")
    workspace.returns.mkdir()
    shutil.copy(specimens("pencil-nil")[0], workspace.returns)
    office = Office(workspace)
    assert run(office).changed
    return office


@pytest.fixture
def office(harvested: Office, tmp_path: Path) -> Office:
    return harvested.copy(tmp_path / "office")


def items(office: Office) -> list[dict[str, Any]]:
    sheet = office.book()[CHECK]
    headings = [str(cell.value) for cell in sheet[1]]
    found = (dict(zip(headings, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True))
    return [one for one in found if one["Kennung der Zelle"]]


def typed(office: Office, text: str, under: str = "Richtig ist") -> None:
    book = office.book()
    sheet = book[CHECK]
    column = next(cell.column for cell in sheet[1] if cell.value == under)
    sheet.cell(2, column).value = text
    book.save(office.workspace.register)


def nils(office: Office) -> list[dict[str, Any]]:
    return [one for one in office.twin() if one["nil"]]


def test_the_doubtful_box_is_an_item_with_its_picture_and_no_nil_return(office: Office) -> None:
    (item,) = items(office)

    assert (item["Angebot"], item["Spalte"]) == ("Betreutes Wohnen", "Fehlanzeige")
    assert (item["Wert"], item["Gelesen aus"], item["Sicherheit"]) == (None, "nicht lesbar", None)
    assert item["Stelle"] == "pencil-nil.pdf, Seite 1"
    assert len(office.book()[CHECK]._images) == 1
    assert nils(office) == []
    assert status_of(office.workspace)[0].to_do == {
        "documents": 0,
        "duplicates": 0,
        "conflicts": 0,
        "checks": 1,
    }
    page = office.workspace.report.read_text(encoding="utf-8")
    assert page.count("<img") == 1
    assert "_nil" not in re.sub(r"<[^>]*>", "", page)
    assert not run(office).changed


@pytest.mark.parametrize(
    ("text", "under"),
    [("ja", "Richtig ist"), ("Ja", "Geprüft"), ("x", "Richtig ist"), ("Fehlanzeige", "Richtig ist")],
)
def test_yes_makes_it_a_nil_return_under_the_id_that_stood_there(
    office: Office, text: str, under: str
) -> None:
    identity = items(office)[0]["Kennung"]

    typed(office, text, under)
    result = run(office)

    (nil,) = nils(office)
    assert (nil["id"], nil["category"]) == (identity, OFFER)
    assert [one["method"] for one in nil["sources"]] == ["hand"]
    assert (result.hand["decided"], result.to_do["checks"], items(office)) == (1, 0, [])
    assert not run(office).changed


@pytest.mark.parametrize(
    ("text", "under"), [("nein", "Richtig ist"), ("stimmt", "Geprüft"), ("nein", "Geprüft")]
)
def test_no_closes_the_item(office: Office, text: str, under: str) -> None:
    typed(office, text, under)
    assert run(office).hand["decided"] == 1
    assert (nils(office), items(office)) == ([], [])


def test_what_is_neither_yes_nor_no_is_named_and_the_item_stays(office: Office) -> None:
    typed(office, "vielleicht")
    result = run(office)
    assert [one.code for one in result.faults] == ["register-unknown-choice"]
    assert (nils(office), len(items(office))) == ([], 1)


def test_an_answer_after_the_cells_ids_were_deleted_is_known_by_its_row(office: Office) -> None:
    typed(office, "ja")
    book = office.book()
    sheet = book[CHECK]
    sheet.delete_cols(next(cell.column for cell in sheet[1] if cell.value == "Kennung der Zelle"))
    book.save(office.workspace.register)
    run(office)
    assert len(nils(office)) == 1


def test_undo_gives_the_item_back_and_redo_the_answer(office: Office) -> None:
    typed(office, "ja")
    done = run(office)

    undo(office.workspace, done.run)
    assert (nils(office), len(items(office))) == ([], 1)
    redo(office.workspace)
    assert (len(nils(office)), items(office)) == (1, [])


def test_a_lost_ledger_costs_no_answer(office: Office) -> None:
    typed(office, "ja")
    run(office)
    before = nils(office)
    office.workspace.ledger.unlink()

    rebuild(office.workspace)

    assert [one["id"] for one in nils(office)] == [one["id"] for one in before]
    assert items(office) == []


@pytest.mark.parametrize(("said", "count"), [("ja", 1), ("nein", 0)])
def test_the_command_line_can_answer_too(office: Office, said: str, count: int) -> None:
    identity = items(office)[0]["Kennung"]
    decide(office.workspace, Wanted(identity, choose=(("Fehlanzeige", said),)))
    assert (len(nils(office)), items(office)) == (count, [])


@pytest.mark.parametrize("wanted", [(("Fehlanzeige", "vielleicht"),), (("Kontakt", "ja"),)])
def test_the_command_line_takes_nothing_else(office: Office, wanted: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(WrongInputError, match="only yes or no"):
        decide(office.workspace, Wanted(items(office)[0]["Kennung"], choose=wanted))


def test_it_can_be_traced_before_and_after(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    identity = items(office)[0]["Kennung"]

    before, _ = why(office.workspace, identity)
    assert [(one.rule, one.text, [said.pictured for said in one.said]) for one in before.told] == [
        ("waits", "", [True])
    ]
    for answer, text in (("ja", "ja"), ("nein", "nein")):
        decide(office.workspace, Wanted(identity, choose=(("nil", answer),)))
        after, words = why(office.workspace, identity)
        assert [(one.rule, one.text) for one in after.told] == [("chosen", text)]
        assert after.entry.status is Status.NEW
        say_why(after, words, as_json=False)
        say_why(after, words, as_json=True)
        undo(office.workspace)
    told = capsys.readouterr().out
    assert "pencil-nil.pdf" in told
    assert "_nil" not in told.split("{")[0]
    assert "Seite 1, Texterkennung" in told
    assert "Zeile 0" not in told


def test_a_file_says_that_its_box_is_in_doubt(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    shown, words = show_file(office.workspace.returns / "pencil-nil.pdf", office.workspace)
    say_file(shown, words, as_json=False)
    assert "    Fehlanzeige: (nicht lesbar)" in capsys.readouterr().out


def test_with_a_return_that_is_forgotten_or_too_old_goes_its_item(office: Office, tmp_path: Path) -> None:
    typed(office, "ja")
    run(office)
    other = office.copy(tmp_path / "other")
    other.workspace.config.write_text("[retention]\nyears = 5\n", encoding="utf-8")
    remove_expired(other.workspace, clock=lambda: datetime.now(UTC) + timedelta(days=4000))
    assert (other.twin(), items(other)) == ([], [])

    forget(office.workspace, items_reporter(office))
    assert (office.twin(), items(office)) == ([], [])
    assert not list(office.workspace.originals.glob("*.pdf"))


def items_reporter(office: Office) -> str:
    return str(nils(office)[0]["reporters"][0])


@pytest.mark.parametrize(
    "specimen", specimens("scan-*") + specimens("photo*") + specimens("fax*"), ids=lambda one: one.stem
)
def test_boxes_that_nobody_touched_ask_nobody(specimen: Path) -> None:
    known = edition()
    reading = read(specimen.read_bytes(), {known.edition: known})
    assert not [field for field in reading.fields if str(field.name).endswith("_nil")]
