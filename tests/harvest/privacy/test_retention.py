"""What is older than formgen.toml wants it kept is told, and removed when somebody says so: it, and nothing else."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner

from harvest.cli import harvest
from harvest.commands.decide import Wanted, decide
from harvest.commands.run import Request, harvest_returns
from harvest.commands.status import status_of
from harvest.history.runs import runs_of
from harvest.history.undo import undo
from harvest.ledger import Ledger
from harvest.privacy.expire import due_returns, remove_expired
from harvest.results import Fate
from harvest.version import VERSION
from spec.errors import EXIT_NEEDS_PERSON, EXIT_WRONG_CALL, WrongInputError
from tests.harvest.offices import ENTRIES, SECTION, Office, filled
from tests.harvest.privacy.remains import everything

A, B = "Träger A", "Träger B"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A said two things on 1 January 2026 and one of them again on the 20th; B said one on the 2nd."""
    made = Office.at(tmp_path / "office")
    made.drop("A.pdf", filled(A, {"wohnheim": [("Haus A", "1")], "praxis": [("Praxis A", "1")]}))
    made.drop("B.pdf", filled(B, {"wohnheim": [("Haus B", "2")]}, 2), 2)
    made.drop("A neu.pdf", filled(A, {"praxis": [("Praxis A", "1")]}, 20), 20)
    harvest_returns(Request(made.workspace))
    return made


def on(day: int, month: int = 1, year: int = 2029) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def keep(office: Office, years: int) -> None:
    office.workspace.config.write_text(f"[retention]\nyears = {years}\n", encoding="utf-8")


def test_what_is_due_and_what_rests_on_it_alone(office: Office) -> None:
    keep(office, 3)
    before = {path: path.read_bytes() for path in office.workspace.root.rglob("*") if path.is_file()}

    due = status_of(office.workspace, clock=lambda: on(10))[0].expired

    assert list(due.returns.values()) == ["A.pdf", "B.pdf"]
    # the practice was confirmed by the newer return, the two homes were not
    assert due.alone == 2
    assert {path: path.read_bytes() for path in before} == before


def test_nothing_is_due_before_its_time_or_without_a_limit(office: Office) -> None:
    assert not status_of(office.workspace, clock=lambda: on(10, year=2099))[0].expired.returns
    keep(office, 3)
    assert not status_of(office.workspace, clock=lambda: on(30, 12, 2028))[0].expired.returns
    assert status_of(office.workspace, clock=lambda: on(29, 2, 2032))[0].exit_code == EXIT_NEEDS_PERSON


def test_a_clock_that_stood_behind_makes_nothing_old(office: Office) -> None:
    """The file came in 2026, whatever its form's clock said."""
    keep(office, 3)
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(filled("Träger C", {"wohnheim": [("Haus C", "3")]}))) as pdf:
        pdf.docinfo["/ModDate"] = "D:20010101120000Z"
        pdf.save(made, deterministic_id=True)
    office.drop("C.pdf", made.getvalue(), 3)
    harvest_returns(Request(office.workspace))
    assert office.entries()["Haus C"]["confirmed"].startswith("2001")

    assert not status_of(office.workspace, clock=lambda: on(30, 12, 2028))[0].expired.returns


def test_the_command_says_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(office, 1)
    monkeypatch.setattr("harvest.state.retention._years_ago", lambda *_: on(10, year=2026))

    said = CliRunner().invoke(harvest, ["status", "--workspace", str(office.workspace.root)])

    assert "2 Rücksendungen" in said.output
    assert "2 Einträge" in said.output


def test_a_faulty_setting_is_named(office: Office) -> None:
    office.workspace.config.write_text("[retention]\nyears = -1\n", encoding="utf-8")
    with pytest.raises(WrongInputError, match="years"):
        remove_expired(office.workspace)


# ---------------------------------------------------------------- removing


def at(day: int) -> datetime:
    """On this day everything from before 10 January 2026 is due."""
    return on(day)


def forget_expired(office: Office, day: int = 10) -> None:
    keep(office, 3)
    remove_expired(office.workspace, clock=lambda: at(day))


def test_old_returns_go_with_what_rests_on_them_alone(office: Office) -> None:
    office.drop("noch einmal.pdf", (office.workspace.returns / "A.pdf").read_bytes(), 2)
    harvest_returns(Request(office.workspace))

    forget_expired(office)

    assert set(office.entries()) == {"Praxis A"}
    said = everything(office)
    assert not [word for word in ("Haus A", "Haus B", "Träger B", "B.pdf") if word in said]
    assert [path.name for path in office.workspace.returns.iterdir()] == ["A neu.pdf"]
    assert len(list(office.workspace.originals.iterdir())) == 1
    assert list(office.workspace.backups.iterdir()) == []
    last = runs_of(office.workspace)[0][-1]
    assert (last.kind, last.note) == ("retention", "2")


def test_a_second_time_there_is_nothing_left_to_do(office: Office) -> None:
    forget_expired(office)
    runs = len(runs_of(office.workspace)[0])

    assert due_returns(office.workspace, clock=lambda: at(10))[0].empty
    assert remove_expired(office.workspace, clock=lambda: at(10))[0].empty

    assert len(runs_of(office.workspace)[0]) == runs
    assert not harvest_returns(Request(office.workspace, clock=lambda: at(10)))[0].changed


def test_what_a_killed_call_had_no_time_to_delete_is_deleted_by_the_next(office: Office) -> None:
    kept = {path: path.read_bytes() for path in office.workspace.originals.iterdir()}
    kept[office.workspace.returns / "B.pdf"] = (office.workspace.returns / "B.pdf").read_bytes()
    forget_expired(office)
    for path, data in kept.items():
        path.write_bytes(data)

    assert not due_returns(office.workspace, clock=lambda: at(10))[0].empty
    forget_expired(office)

    assert len(list(office.workspace.originals.iterdir())) == 1
    assert not (office.workspace.returns / "B.pdf").exists()
    assert set(office.entries()) == {"Praxis A"}


def test_an_old_return_that_somebody_sends_again_stays_out(office: Office) -> None:
    data = (office.workspace.returns / "B.pdf").read_bytes()
    forget_expired(office)
    office.drop("B wieder.pdf", data)

    result, _ = harvest_returns(Request(office.workspace))

    assert Fate.FORGOTTEN in [one.fate for one in result.outcomes]
    assert "Haus B" not in office.entries()


def test_what_a_newer_return_says_stays_with_its_corrections_and_decisions(office: Office) -> None:
    """Its id was made from the old return's words."""
    office.write("Praxis A", "Kontakt", "von Hand")

    forget_expired(office)

    entry = office.entries()["Praxis A"]
    assert entry["values"]["kontakt"] == "von Hand"
    assert not harvest_returns(Request(office.workspace))[0].changed


def test_an_entry_that_somebody_corrected_stays_as_it_was(office: Office) -> None:
    office.write("Haus A", "Kontakt", "von Hand")
    harvest_returns(Request(office.workspace))
    before = office.entries()["Haus A"]
    keep(office, 3)
    due, _ = due_returns(office.workspace, clock=lambda: at(10))
    assert (due.due.alone, due.due.kept) == (1, 1)

    forget_expired(office)

    entry = office.entries()["Haus A"]
    assert (entry["id"], entry["values"], entry["reporters"]) == (
        before["id"],
        before["values"],
        before["reporters"],
    )
    assert set(office.entries()) == {"Haus A", "Praxis A"}
    # the row stays; who sent it, the file's name and everything else that it said do not
    assert [one["file"] for one in entry["sources"]] == [f"{entry['sources'][0]['return'][:12]}.pdf"]
    assert "Haus B" not in everything(office)
    assert len(list(office.workspace.originals.iterdir())) == 1
    assert due_returns(office.workspace, clock=lambda: at(10))[0].empty
    assert not harvest_returns(Request(office.workspace))[0].changed


def test_what_somebody_decided_about_stays(office: Office) -> None:
    one, two = (office.entries()[name]["id"] for name in ("Haus A", "Haus B"))
    decide(office.workspace, Wanted(one, different_from=(two,)))

    forget_expired(office)

    assert set(office.entries()) == {"Haus A", "Haus B", "Praxis A"}
    assert list(office.workspace.returns.iterdir()) == [office.workspace.returns / "A neu.pdf"]


def test_what_somebody_deleted_stays_away(office: Office) -> None:
    office.delete("Praxis A", ENTRIES, SECTION)
    harvest_returns(Request(office.workspace))

    forget_expired(office)

    assert office.entries() == {}
    harvest_returns(Request(office.workspace))
    assert office.entries() == {}


def test_a_corrected_entry_that_somebody_deleted_goes(office: Office) -> None:
    office.write("Haus A", "Kontakt", "0241 999")
    forget_expired(office)
    office.delete("Haus A", ENTRIES, SECTION)

    forget_expired(office)

    said = everything(office)
    assert not [word for word in ("Haus A", "0241 999") if word in said]


def test_of_an_old_return_that_row_alone_stays_and_who_sent_it(office: Office) -> None:
    office.write("Haus A", "Kontakt", "von Hand")
    forget_expired(office)

    with Ledger(office.workspace.ledger, VERSION) as ledger:
        fields = [one for stored in ledger.active_submissions_input() for one in stored.reading.fields]
    kept = [one.text for one in fields if one.text in {"Haus A", "Praxis A", "Haus B", A, B}]

    assert sorted(kept) == ["Haus A", "Praxis A", A, A]


def test_returns_of_runs_that_were_taken_back_go_as_well(tmp_path: Path) -> None:
    made = Office.at(tmp_path / "office")
    made.drop("B.pdf", filled(B, {"wohnheim": [("Haus B", "2")]}, 2), 2)
    harvest_returns(Request(made.workspace))
    undo(made.workspace)

    forget_expired(made)

    assert "Haus B" not in everything(made)
    assert list(made.workspace.originals.iterdir()) == []


def test_the_run_reminds_in_one_line(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(office, 1)
    monkeypatch.setattr("harvest.state.retention._years_ago", lambda *_: on(10, year=2026))
    call = ["run", "--workspace", str(office.workspace.root)]

    assert "2 Rücksendungen ist um" in CliRunner().invoke(harvest, call).output
    assert "harvest forget --expired" in CliRunner().invoke(harvest, call).output


def test_the_command_asks_before_it_removes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(office, 1)
    monkeypatch.setattr("harvest.state.retention._years_ago", lambda *_: on(10, year=2026))
    call = ["forget", "--expired", "--workspace", str(office.workspace.root)]
    before = everything(office)

    said = CliRunner().invoke(harvest, [*call, "--dry-run"])
    assert "2 Rücksendungen aus der Zeit vor dem" in said.output
    assert "2 Einträge und Fehlanzeigen" in said.output
    CliRunner().invoke(harvest, call, input="nein\n")
    assert everything(office) == before

    done = CliRunner().invoke(harvest, call, input="ja\n")
    assert "Lauf" in done.output
    assert set(office.entries()) == {"Praxis A"}
    assert "nichts zu entfernen" in CliRunner().invoke(harvest, [*call, "--yes"]).output


@pytest.mark.parametrize("words", [[], ["Ida Wegmann", "--expired"]], ids=["neither", "both"])
def test_a_person_or_the_old_ones(office: Office, words: list[str]) -> None:
    said = CliRunner().invoke(
        harvest, ["forget", *words, "--workspace", str(office.workspace.root)], standalone_mode=True
    )
    assert said.exit_code == EXIT_WRONG_CALL


def test_without_a_limit_nothing_is_too_old(office: Office) -> None:
    with pytest.raises(WrongInputError, match="years"):
        remove_expired(office.workspace)


def test_a_mail_that_holds_an_old_return_alone_goes_and_an_archive_with_others_is_told(
    office: Office,
) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "c@c.example", "Bogen", "Sat, 03 Jan 2026 10:00:00 +0000"
    mail.set_content("Anbei.")
    mail.add_attachment(
        filled("Träger C", {"wohnheim": [("Haus C", "3")]}, 3),
        maintype="application",
        subtype="pdf",
        filename="C.pdf",
    )
    office.drop("C.eml", mail.as_bytes(), 3)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            zipfile.ZipInfo("D.pdf", (2026, 1, 4, 0, 0, 0)),
            filled("Träger D", {"wohnheim": [("Haus D", "4")]}, 4),
        )
        archive.writestr(
            zipfile.ZipInfo("E.pdf", (2026, 1, 25, 0, 0, 0)),
            filled("Träger E", {"wohnheim": [("Haus E", "5")]}, 25),
        )
    office.drop("beide.zip", packed.getvalue(), 5)
    harvest_returns(Request(office.workspace))
    keep(office, 3)

    removed, _ = remove_expired(office.workspace, clock=lambda: at(10))

    assert [path.name for path in removed.left] == ["beide.zip"]
    assert removed.exit_code == EXIT_NEEDS_PERSON
    assert sorted(path.name for path in office.workspace.returns.iterdir()) == ["A neu.pdf", "beide.zip"]
    assert set(office.entries()) == {"Praxis A", "Haus E"}
