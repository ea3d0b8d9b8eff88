"""What a person at the office stumbles over: the first run, the wrong folder, taking back what was typed by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harvest.cli import harvest
from harvest.commands.export import export_register
from harvest.commands.run import Request, harvest_returns
from harvest.commands.status import status_of
from harvest.history.rebuild import rebuild
from harvest.history.runs import runs_of
from harvest.history.undo import undo
from harvest.history.why import why
from harvest.say import changes, results
from spec.console.cli import run as command
from spec.errors import EXIT_WRONG_CALL, NothingDoneError
from spec.workspace import Workspace
from tests.harvest.offices import Office, filled, sheet_rows


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.at(tmp_path / "office")


def told(office: Office, capsys: pytest.CaptureFixture[str], request: Request | None = None) -> str:
    results.run(*harvest_returns(request or Request(office.workspace)), as_json=False, quiet=False)
    return capsys.readouterr().out


def test_the_first_run_says_where_returns_are_to_be_put(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(office, capsys)
    assert f"{office.workspace.returns.absolute()}\n" in said
    for way in ("E-Mails", "ZIP", "harvest run DATEI ORDNER", "harvest run --mailbox"):
        assert way in said


def test_a_folder_without_anything_in_it_is_named(
    office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "leer").mkdir()
    said = told(office, capsys, Request(office.workspace, (tmp_path / "leer",)))
    assert f"Hier liegt nichts, was zurückgekommen wäre: {tmp_path / 'leer'}\n" in said


def test_who_has_put_something_there_is_not_told_again(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.drop("a.pdf", filled("A", {"wohnheim": [("Haus A", "Frau A")]}))
    assert "Hier liegt nichts" not in told(office, capsys)
    assert "Hier liegt nichts" not in told(office, capsys)


COMMANDS: dict[str, Callable[[Workspace], object]] = {
    "run": lambda place: harvest_returns(Request(place)),
    "dry run": lambda place: harvest_returns(Request(place, dry_run=True)),
    "undo": undo,
    "rebuild": lambda place: rebuild(place, force=True),
    "why": lambda place: why(place, "x"),
    "runs": runs_of,
    "status": status_of,
    "export": lambda place: export_register(place, "json", None),
}


@pytest.mark.parametrize("asked", COMMANDS.values(), ids=COMMANDS.keys())
@pytest.mark.parametrize("there", [True, False])
def test_the_wrong_folder_is_named_and_nothing_is_made_in_it(
    tmp_path: Path, asked: Callable[[Workspace], object], there: bool
) -> None:
    place = tmp_path / "woanders"
    if there:
        place.mkdir()
    with pytest.raises(NothingDoneError) as error:
        asked(Workspace(place))
    assert str(error.value).startswith(f"{place}: There is no form yet")
    assert "go to its folder or name it with --workspace" in str(error.value)
    assert (place.exists(), list(place.glob("**/*"))) == (there, [])


def test_a_folder_that_does_not_exist_is_not_watched(office: Office) -> None:
    nowhere = str(office.workspace.root / "nirgends")
    code = command(harvest, "harvest", ["watch", nowhere, "--workspace", str(office.workspace.root)])
    assert code == EXIT_WRONG_CALL


def test_undo_says_whether_it_took_back_what_people_typed(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.drop("a.pdf", filled("A", {"wohnheim": [("Haus A", "Frau A")]}))
    harvest_returns(Request(office.workspace))
    book = office.book()
    sheet = book["Alle Einträge"]
    headings, ids = sheet_rows(sheet)
    sheet.cell(next(iter(ids.values())), headings["Kontakt"]).value = "Frau Neu"
    book.save(office.workspace.register)
    harvest_returns(Request(office.workspace))

    for dry, words in (
        (True, "Es stünde dann nicht mehr darin."),
        (False, "Es steht jetzt nicht mehr darin."),
    ):
        changes.undone(*undo(office.workspace, dry_run=dry), as_json=False)
        said = capsys.readouterr().out
        assert words in said
        assert "`harvest redo 2` holt es zurück." in said
    changes.undone(*undo(office.workspace), as_json=False)
    said = capsys.readouterr().out
    assert "von Hand im Register geändert" not in said
    assert "`harvest redo 1` holt es zurück." in said


def test_a_workbook_is_not_exported_to_where_nothing_can_be_written(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    harvest_returns(Request(office.workspace))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("harvest.commands.export.write_new", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(NothingDoneError, match="can't be written"):
        export_register(office.workspace, "xlsx", tmp_path / "register.xlsx")


def test_a_return_without_a_name_is_called_as_its_file(office: Office) -> None:
    office.drop("Scan 12.pdf", filled("", {"wohnheim": [("Haus A", "Frau A")]}))
    harvest_returns(Request(office.workspace))
    assert office.entries()["Haus A"]["reporters"] == ["Scan 12.pdf"]
    assert [row[0].value for row in office.book()["Wer fehlt noch"].iter_rows(min_row=2)] == ["Scan 12.pdf"]


def test_a_blank_form_without_a_name_is_nobody_and_a_blank_one_with_a_name_no_answer(office: Office) -> None:
    office.drop("a.pdf", filled("A", {"wohnheim": [("Haus A", "Frau A")]}))
    office.drop("leer.pdf", filled("", {}, day=2))
    office.drop("auch leer.pdf", filled("B", {}, day=3))
    harvest_returns(Request(office.workspace))

    assert status_of(office.workspace)[0].reporters == 1
    assert sorted(str(row[0].value) for row in office.book()["Wer fehlt noch"].iter_rows(min_row=2)) == [
        "A",
        "B",
    ]
    files = {row[0].value: row[3].value for row in office.book()["Rücklauf"].iter_rows(min_row=2)}
    assert files["leer.pdf"] == "leer zurückgekommen"
    report = office.workspace.report.read_text(encoding="utf-8")
    assert "<strong>1</strong> <span>Organisation hat geantwortet</span>" in report
    assert "<strong>1</strong> <span>Eintrag im Register</span>" in report


def test_two_files_of_one_name_are_two_reporters(office: Office) -> None:
    for folder, name in (("eins", "Haus A"), ("zwei", "Haus B")):
        (office.workspace.returns / folder).mkdir()
        office.drop(f"{folder}/Scan.pdf", filled("", {"wohnheim": [(name, "x")]}))
    harvest_returns(Request(office.workspace))
    labels = [str(row[0].value) for row in office.book()["Wer fehlt noch"].iter_rows(min_row=2)]
    assert len(set(labels)) == 2
    assert all(label.startswith("Scan.pdf (") for label in labels)


def test_what_is_wrong_in_the_register_is_told_by_the_names_of_sheets_and_columns(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.drop("a.pdf", filled("A", {"wohnheim": [("Haus A", "Frau A")]}))
    harvest_returns(Request(office.workspace))
    book = office.book()
    for title, text in (("Alle Einträge", "Frau Eins"), ("Bereich Eins", "Frau Zwei")):
        headings, ids = sheet_rows(book[title])
        book[title].cell(next(iter(ids.values())), headings["Kontakt"]).value = text
    book.save(office.workspace.register)

    said = told(office, capsys)

    assert "Alle Einträge, Zeile 2: " in said
    assert "(Spalte „Kontakt“)" in said
    assert "kontakt" not in said


FAULTY_SETTINGS = {
    "a value": '[office]\nsender = "stelle@amt.example"\nlanguage = "fr"\n',
    "a name": '[office]\nsendr = "x"\nsender = "stelle@amt.example"\n[retention]\nyears = "fünf"\n',
    "no TOML": '[office\nsender = "stelle@amt.example"\n',
    "UTF-16": '[office]\nsender = "stelle@amt.example"\n'.encode("utf-16"),
}


@pytest.fixture(scope="module")
def filled_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office.at(tmp_path_factory.mktemp("settings") / "office")
    office.drop("a.pdf", filled("A", {"wohnheim": [("Haus A", "Frau A")]}))
    harvest_returns(Request(office.workspace))
    return office


@pytest.mark.parametrize("written", FAULTY_SETTINGS.values(), ids=FAULTY_SETTINGS.keys())
def test_faulty_settings_are_told_and_stop_no_command_that_only_looks(
    filled_office: Office, capsys: pytest.CaptureFixture[str], written: str | bytes
) -> None:
    place = filled_office.workspace
    looking = (
        ["show", str(place.returns / "a.pdf")],
        ["why", "Haus A"],
        ["runs"],
        ["status"],
        ["diff", "0"],
        ["export", "--format", "csv"],
    )

    def said(words: list[str]) -> tuple[int, str, str]:
        capsys.readouterr()
        code = command(harvest, "harvest", [*words, "--workspace", str(place.root)])
        found = capsys.readouterr()
        return code, found.out, found.err

    right = [said(words) for words in looking]
    place.config.write_bytes(written if isinstance(written, bytes) else written.encode())
    for words, (code, out, err) in zip(looking, right, strict=True):
        assert err == ""
        now = said(words)
        assert now[:2] == (code, out)
        assert "formgen.toml" in now[2]
    code, _, err = said(["run"])
    assert (code, "formgen.toml" in err) == (EXIT_WRONG_CALL, True)
    place.config.unlink()
