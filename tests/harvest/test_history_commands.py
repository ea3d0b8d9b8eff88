"""undo, redo, why, diff, decide, rebuild, refusals, letters, watch: what each promises."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harvest.cli import harvest
from harvest.commands.decide import Wanted, decide
from harvest.commands.letters import letters
from harvest.commands.run import Request, harvest_returns
from harvest.commands.status import status_of
from harvest.commands.watch import Watch
from harvest.entries import UnknownEntryError
from harvest.history.diff import difference
from harvest.history.rebuild import rebuild
from harvest.history.runs import runs_of
from harvest.history.undo import redo, undo
from harvest.history.why import why
from harvest.ledger import Ledger, LedgerDamagedError, LedgerNewerError, UnknownRunError
from harvest.ledger.schema import NEWEST
from harvest.results import Fate, RunResult
from harvest.version import VERSION
from spec.errors import NothingDoneError, WrongInputError
from spec.wire import RecipientsFile, WireRecipient
from tests.harvest.offices import Office, filled, sheet_rows

EDITOR = "Alle Einträge"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Two partners have answered; both know the house at the market."""
    made = Office.at(tmp_path / "office")
    made.drop(
        "a.pdf",
        filled(
            "Träger A",
            {"wohnheim": [("Haus am Markt\nMarkt 1, 52062 Aachen", "Frau A"), ("Haus B", "Frau B")]},
        ),
    )
    run(made)
    made.drop(
        "b.pdf",
        filled("Träger B", {"wohnheim": [("Haus am Markt\nMarkt 1\n52062 Aachen", "Herr C")]}, day=2),
        day=2,
    )
    run(made)
    return made


def run(office: Office, **how: object) -> RunResult:
    return harvest_returns(Request(office.workspace, **how))[0]  # type: ignore[arg-type]


def edit(office: Office, change: Callable[[Any, dict[str, int], dict[str, int]], None]) -> None:
    book = office.book()
    headings, ids = sheet_rows(book[EDITOR])
    change(book[EDITOR], headings, ids)
    book.save(office.workspace.register)


def corrected(office: Office, facility: str, text: str) -> None:
    identity = office.entries()[facility]["id"]
    edit(
        office,
        lambda sheet, headings, ids: setattr(sheet.cell(ids[identity], headings["Kontakt"]), "value", text),
    )


# ---------------------------------------------------------------- undo, redo


def test_undo_then_redo_gives_the_same_register(office: Office) -> None:
    before, view = office.twin(), shown(office)

    result, _ = undo(office.workspace)
    without = office.twin()
    redo(office.workspace)

    assert result.target.id == 2
    assert [entry["reporters"] for entry in without] == [["Träger A"], ["Träger A"]]
    assert office.twin() == before
    assert shown(office) == view


def shown(office: Office) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row) for row in office.book()[EDITOR].iter_rows()]


def test_what_people_did_since_is_taken_in_first_and_stays(office: Office) -> None:
    corrected(office, "Haus B", "Frau Neu")

    result, _ = undo(office.workspace)

    assert result.register.hand["edited"] == 1
    assert office.entries()["Haus B"]["values"]["kontakt"] == "Frau Neu"
    assert [one.kind for one in runs_of(office.workspace)[0]] == ["harvest", "harvest", "register", "undo"]


def test_undoing_a_harvest_takes_no_correction_back(office: Office) -> None:
    corrected(office, "Haus B", "Frau Neu")
    office.drop("c.pdf", filled("Träger C", {"praxis": [("Praxis Nord", "")]}, day=3), day=3)
    run(office)

    undo(office.workspace)

    assert "Praxis Nord" not in office.entries()
    assert office.entries()["Haus B"]["values"]["kontakt"] == "Frau Neu"


def test_what_people_did_can_be_undone_by_its_number(office: Office) -> None:
    corrected(office, "Haus B", "Frau Neu")
    number = run(office).run

    undo(office.workspace, number)
    assert office.entries()["Haus B"]["values"]["kontakt"] == "Frau B"
    redo(office.workspace)
    assert office.entries()["Haus B"]["values"]["kontakt"] == "Frau Neu"


def test_a_document_of_an_undone_run_stays_out_until_redone(office: Office) -> None:
    undo(office.workspace)
    again = run(office)

    assert [one.fate for one in again.outcomes] == [Fate.KNOWN, Fate.UNDONE]
    assert len(office.entries()) == 2


def test_a_dry_undo_changes_nothing(office: Office) -> None:
    corrected(office, "Haus B", "Frau Neu")
    before = (office.workspace.ledger.read_bytes(), office.workspace.register.read_bytes())

    result, _ = undo(office.workspace, dry_run=True)

    assert result.register.run is None
    assert sum(result.register.entries.values()) == 2
    assert (office.workspace.ledger.read_bytes(), office.workspace.register.read_bytes()) == before


def test_runs_that_are_not_there_are_a_wrong_call(office: Office) -> None:
    with pytest.raises(UnknownRunError):
        undo(office.workspace, 7)
    with pytest.raises(UnknownRunError):
        redo(office.workspace)


# ---------------------------------------------------------------- why, diff, decide


def test_why_tells_every_value_and_which_rule_chose_it(office: Office) -> None:
    mine, other = (one["id"] for one in office.twin() if one["values"]["einrichtung"].startswith("Haus am"))
    decide(office.workspace, Wanted(mine, same_as=(other,)))
    corrected(office, "Haus am Markt", "Frau Neu")
    run(office)

    because, _ = why(office.workspace, other)
    told = {one.column: one for one in because.told}

    assert {mine, other} <= {because.entry.id, *because.entry.aliases}
    assert told["kontakt"].rule == "hand"
    assert [(one.text, one.source.file, one.source.page, one.source.row) for one in told["kontakt"].said] == [
        ("Frau A", "a.pdf", 2, 1),
        ("Herr C", "b.pdf", 2, 1),
    ]
    assert told["einrichtung"].rule == "newest"
    kinds = [one["kind"] for one in because.as_json()["events"]]
    assert kinds == ["same", "edited"]


def test_why_tells_of_deleted_and_undone_entries(office: Office) -> None:
    gone = office.entries()["Haus B"]["id"]
    edit(office, lambda sheet, _, ids: sheet.delete_rows(ids[gone]))
    run(office)
    assert "Haus B" not in office.entries()

    because, _ = why(office.workspace, gone)
    assert because.stands == "deleted"
    assert {one.column: one.text for one in because.told} == {"einrichtung": "Haus B", "kontakt": "Frau B"}

    undo(office.workspace, 1)
    because, _ = why(office.workspace, gone)
    assert because.stands == "undone"
    assert [one.active for told in because.told for one in told.said] == [False, False]
    with pytest.raises(UnknownEntryError):
        why(office.workspace, "aaaaaaaaa")


def test_diff_tells_what_changed_between_two_runs(office: Office) -> None:
    corrected(office, "Haus B", "Frau Neu")
    run(office)

    first, _ = difference(office.workspace, 0, 1)
    since, _ = difference(office.workspace, 1)

    assert [step.kind for step in first.steps] == ["added", "added"]
    assert sorted((step.kind, [(one.old, one.new) for one in step.cells]) for step in since.steps) == [
        ("added", []),
        ("changed", [("Frau B", "Frau Neu")]),
    ]
    assert difference(office.workspace, 3, 3)[0].steps == ()


def test_decisions_from_the_command_line(office: Office) -> None:
    mine, other = (one["id"] for one in office.twin() if one["duplicates"])

    decide(office.workspace, Wanted(mine, different_from=(other,)))
    assert not any(one["duplicates"] for one in office.twin())
    decide(office.workspace, Wanted(mine, same_as=(other,)))
    joined = office.entries()["Haus am Markt"]
    assert {one["column"] for one in joined["conflicts"]} == {"kontakt"}
    decide(office.workspace, Wanted(other, choose=(("Kontakt", "Frau A"),)))
    assert office.entries()["Haus am Markt"]["values"]["kontakt"] == "Frau A"
    assert office.entries()["Haus am Markt"]["conflicts"] == []


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("aaaaaaaaa", same_as=("x",)),
        Wanted("MINE"),
        Wanted("MINE", same_as=("aaaaaaaaa",)),
        Wanted("MINE", same_as=("MINE",)),
        Wanted("MINE", choose=(("fax", "1"),)),
    ],
)
def test_a_decision_on_nothing_is_a_wrong_call(office: Office, wanted: Wanted) -> None:
    mine = office.entries()["Haus B"]["id"]
    same = tuple(mine if one == "MINE" else one for one in wanted.same_as)
    before = office.workspace.ledger.read_bytes()
    with pytest.raises(WrongInputError):
        decide(
            office.workspace,
            Wanted(mine if wanted.entry == "MINE" else wanted.entry, same, (), wanted.choose),
        )
    assert office.workspace.ledger.read_bytes() == before


# ---------------------------------------------------------------- rebuild


def test_a_lost_ledger_is_rebuilt_with_all_that_people_did(office: Office) -> None:
    mine, other = (one["id"] for one in office.twin() if one["duplicates"])
    decide(office.workspace, Wanted(mine, same_as=(other,), choose=(("kontakt", "Frau A"),)))
    corrected(office, "Haus B", "Frau Neu")
    run(office)
    before = values(office)
    edit(office, lambda sheet, *_: sheet.append([None, "Praxis", "Praxis von Hand", "Tel. 1"]))
    shutil.rmtree(office.workspace.returns)
    office.workspace.ledger.unlink()

    with pytest.raises(NothingDoneError, match="harvest rebuild"):
        run(office)
    result, _ = rebuild(office.workspace)

    assert result.aside is None
    assert values(office) == before | {"Praxis von Hand": "Tel. 1"}
    assert [one["file"] for one in office.entries()["Haus am Markt"]["sources"]] == ["a.pdf", "b.pdf"]
    assert not run(office).changed


def values(office: Office) -> dict[str, str]:
    return {name: entry["values"].get("kontakt", "") for name, entry in office.entries().items()}


def test_deleted_rows_stay_away_from_a_rebuilt_ledger(office: Office) -> None:
    gone = office.entries()["Haus B"]["id"]
    edit(office, lambda sheet, _, ids: sheet.delete_rows(ids[gone]))
    run(office)
    office.drop("c.pdf", filled("Träger C", {"praxis": [("Praxis Neu", "")]}, day=3), day=3)
    office.workspace.ledger.unlink()

    rebuild(office.workspace)

    assert "Haus B" not in office.entries()
    assert "Praxis Neu" in office.entries()
    assert why(office.workspace, gone)[0].stands == "deleted"


def test_a_damaged_ledger_is_named_kept_aside_and_replaced(office: Office) -> None:
    corrected(office, "Haus B", "Frau Neu")
    run(office)
    before = office.twin()
    data = bytearray(office.workspace.ledger.read_bytes())
    data[4096 * 3 : 4096 * 9] = bytes(range(256)) * 96
    office.workspace.ledger.write_bytes(data)

    said = call("run", office)
    assert said.exit_code == 3
    assert "harvest rebuild" in said.stderr
    result, _ = rebuild(office.workspace)

    assert result.aside is not None
    assert result.aside.read_bytes() == data
    assert [{key: entry[key] for key in ("id", "values", "reporters")} for entry in office.twin()] == [
        {key: entry[key] for key in ("id", "values", "reporters")} for entry in before
    ]


def test_a_ledger_in_order_is_not_rebuilt_by_mistake(office: Office) -> None:
    before = office.workspace.ledger.read_bytes()
    with pytest.raises(WrongInputError, match="--force"):
        rebuild(office.workspace)
    assert office.workspace.ledger.read_bytes() == before


def call(command: str, office: Office, *words: str) -> Any:
    runner = CliRunner()
    from harvest import cli

    def main() -> None:
        import sys

        sys.argv = ["harvest", command, "--workspace", str(office.workspace.root), *words]
        cli.main()

    import click

    return runner.invoke(click.Command("harvest", callback=main))


@pytest.mark.parametrize("at", [0, 1, 20, 100, 4096, 5000, 9000, 20_000, 30_000, 45_000])
def test_damage_anywhere_never_shows_a_traceback(office: Office, at: int) -> None:
    data = bytearray(office.workspace.ledger.read_bytes())
    data[at : at + 900] = b"\xff" * len(data[at : at + 900])
    office.workspace.ledger.write_bytes(data)

    for command in ("status", "runs", "run"):
        said = call(command, office)
        assert said.exit_code in {0, 1, 3}, (said.exception, said.output)


def test_a_newer_ledger_is_left_alone(office: Office) -> None:
    import sqlite3

    with sqlite3.connect(office.workspace.ledger) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 1}")
    connection.close()
    before = office.workspace.ledger.read_bytes()

    for act in (run, lambda one: rebuild(one.workspace), lambda one: status_of(one.workspace)):
        with pytest.raises(LedgerNewerError, match="Update"):
            act(office)
    assert office.workspace.ledger.read_bytes() == before


def test_another_programs_database_is_no_ledger(office: Office) -> None:
    import sqlite3

    office.workspace.ledger.unlink()
    with sqlite3.connect(office.workspace.ledger) as connection:
        connection.execute("CREATE TABLE runs (id)")
    connection.close()
    with pytest.raises(LedgerDamagedError):
        run(office)


# ---------------------------------------------------------------- what is refused


def test_what_was_refused_is_told_once_and_stands_on_the_sheet_of_returns(office: Office) -> None:
    office.drop("brief.docx", b"PK\x03\x04 word/document.xml")
    office.drop("foto.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    office.drop("leer.pdf", b"")

    first, second = run(office), run(office)

    codes = {one.file: one.problems[0].code for one in first.outcomes if one.problems}
    assert codes["foto.png"] == "picture-damaged"
    assert codes.keys() == {"brief.docx", "foto.png", "leer.pdf"}
    assert not second.changed
    assert not any(one.problems for one in second.outcomes)
    sheet = office.book()["Rücklauf"]
    listed = [str(row[0].value) for row in sheet.iter_rows()]
    assert [listed.count(name) for name in codes] == [1, 1, 1]
    assert first.to_do["documents"] == second.to_do["documents"] == 3
    # what is readable at last is no longer asked for
    office.drop("leer.pdf", filled("Träger D", {"praxis": [("Praxis", "")]}, day=4), day=4)
    assert run(office).to_do["documents"] == 2


def test_a_text_for_those_whose_files_could_not_be_read(office: Office) -> None:
    assert letters(office.workspace)[0] is None
    office.drop("webseite.pdf", b"<!DOCTYPE html><html>")
    run(office)

    path, _ = letters(office.workspace)

    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert "webseite.pdf" in text
    assert "Internetseite" in text


def test_many_rows_gone_have_to_be_confirmed(tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    for day in range(1, 5):
        rows = [(f"Haus {day}-{number} Straße{day}{number}", "x") for number in range(1, 6)]
        office.drop(f"{day}.pdf", filled(f"Träger {day}", {"wohnheim": rows}, day=day), day=day)
    run(office)
    wipe(office)
    assert run(office).to_do["register"] == 1
    assert len(office.entries()) == len(shown(office)) - 1 == 20
    wipe(office)
    run(office, rows_gone=True)
    assert len(office.entries()) == 2


def wipe(office: Office) -> None:
    edit(office, lambda sheet, *_: sheet.delete_rows(2, 18))


# ---------------------------------------------------------------- labels


def test_recipients_of_one_name_are_told_apart_by_their_address() -> None:
    known = [
        WireRecipient.model_validate(
            {
                "token": token, "organisation": "Caritas", "person": "", "email": email, "categories": (),
                "language": "de", "note": "", "listed": True, "edition": "f7q4k93xb", "file": "caritas.pdf",
            }
        )
        for token, email in (("k7m2q4x9a", "a@caritas.example"), ("p3n8r5t2b", "b@caritas.example"))
    ]  # fmt: skip
    file = RecipientsFile(shape=1, recipients=tuple(known))
    assert list(file.labels().values()) == ["Caritas (a@caritas.example)", "Caritas (b@caritas.example)"]
    left = known[1].model_copy(update={"listed": False})
    assert list(RecipientsFile(shape=1, recipients=(known[0], left)).labels().values()) == [
        "Caritas",
        "Caritas",
    ]


# ---------------------------------------------------------------- watch


def test_a_watched_folder_is_harvested_and_waits_while_the_register_is_open(office: Office) -> None:
    time, told, failed = [0.0], [], []
    lock = office.workspace.root / "~$register.xlsx"

    def sleep(seconds: float) -> None:
        time[0] += seconds
        if time[0] == 6:
            lock.write_bytes(b"")
            office.drop("neu.pdf", filled("Träger N", {"praxis": [("Praxis Neu", "")]}, day=5), day=5)
        if time[0] == 40:
            lock.unlink()

    Watch(
        office.workspace,
        office.workspace.returns,
        lambda result, _: told.append(result.changed),
        lambda error: failed.append(str(error)),
        clock=lambda: time[0],
        sleep=sleep,
        stop=lambda: time[0] > 60,
    ).run()

    assert told == [False, True]
    assert len(failed) == 1
    assert "open" in failed[0]
    assert office.entries()["Praxis Neu"]["sources"][0]["file"] == "neu.pdf"


# ---------------------------------------------------------------- the command line


def test_every_command_speaks_json_and_text(office: Office) -> None:
    mine = office.entries()["Haus B"]["id"]
    for words in (
        ("runs",),
        ("why", mine),
        ("diff", "1"),
        ("decide", mine, "--choose", "kontakt", "Frau Neu"),
        ("undo",),
        ("redo",),
        ("status",),
    ):
        for as_json in ((), ("--json",)):
            workspace = ("--workspace", str(office.workspace.root))
            said = CliRunner().invoke(harvest, [*words, *workspace, *as_json], standalone_mode=False)
            assert said.exception is None, said.exception
            assert said.return_value in {0, 1}
            if as_json:
                assert json.loads(said.output)
            else:
                assert said.output.strip()


def test_the_ledger_says_when(office: Office) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    undo(office.workspace, clock=lambda: at)
    with Ledger(office.workspace.ledger, VERSION) as ledger:
        assert ledger.runs()[-1].at == at
