"""A run without news need not merge; and nothing that happens in a workspace is ever overlooked for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import harvest.commands.run
import harvest.commands.status
import harvest.summary
from harvest.commands.decide import Wanted, decide
from harvest.commands.run import Request, harvest_returns
from harvest.commands.status import status_of
from harvest.history.rebuild import rebuild
from harvest.history.undo import redo, undo
from harvest.ledger import Ledger
from harvest.privacy.expire import remove_expired
from harvest.privacy.forget import forget
from harvest.results import RunResult, StatusResult
from harvest.state.editions import Editions, load_editions
from harvest.state.retention import longest_kept
from harvest.state.state import state_of
from harvest.summary import kept, key_of
from harvest.version import VERSION
from spec.wire import EditionFile
from spec.words import Words
from spec.workspace import Workspace
from tests.harvest.offices import Office, filled, sheet_rows
from tests.harvest.workspace.mailed import open_round, send

DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Two partners of whom one contradicts itself and the other, and a run that found nothing new."""
    made = Office.at(tmp_path / "office")
    wohnheim = [("Haus Nord, Weg 1, 52062 Aachen", "1"), ("Haus B", "2")]
    made.drop("A.pdf", filled("Träger A", {"wohnheim": wohnheim}))
    made.drop("B.pdf", filled("Träger B", {"wohnheim": [("Haus Nord, Weg 1, 52062 Aachen", "3")]}, 2), 2)
    made.drop("liste.docx", b"PK\x03\x04 no zip at all", 3)
    run(made)
    run(made)
    return made


def run(office: Office) -> dict[str, Any]:
    """What a run says, but for places."""
    return told(*harvest_returns(Request(office.workspace, clock=lambda: DAY)))


def status(office: Office) -> dict[str, Any]:
    return told(*status_of(office.workspace, clock=lambda: DAY))


def told(result: RunResult | StatusResult, words: Words) -> dict[str, Any]:
    data = result.as_json(words) if isinstance(result, RunResult) else result.as_json()
    return {key: value for key, value in data.items() if key not in {"register", "side_file", "backup"}}


def forgetful(office: Office, folder: Path) -> Office:
    """The same workspace without what the last run counted."""
    if folder.exists():
        shutil.rmtree(folder)
    made = office.copy(folder)
    made.workspace.summary.unlink(missing_ok=True)
    return made


def merged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts how often the state is computed."""
    count: list[str] = []
    for module in (harvest.commands.run, harvest.commands.status):
        compute = vars(module)["state_of"]

        def counting(*args: Any, compute: Any = compute) -> Any:
            count.append("")
            return compute(*args)

        monkeypatch.setattr(module, "state_of", counting)
    return count


# ---------------------------------------------------------------- what it is for


def test_a_run_without_news_and_the_status_merge_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = forgetful(office, tmp_path / "other")
    count = merged(monkeypatch)

    quick, look = run(office), status(office)
    assert count == []

    slow = run(other)
    assert count == [""]
    other.workspace.summary.unlink()
    assert status(other) == look
    assert count == ["", ""]
    assert quick == slow
    assert look["to_do"].items() <= quick["to_do"].items()
    assert quick["to_do"]["duplicates"] == 1
    assert quick["to_do"]["documents"] == 1


def test_a_run_with_news_leaves_its_count_for_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.drop("C.pdf", filled("Träger C", {"praxis": [("Praxis", "1")]}, 3), 3)
    assert run(office)["changed"]

    count = merged(monkeypatch)
    assert not run(office)["changed"]
    assert count == []


@pytest.mark.parametrize("come", ["copied", "copied twice", "rebuilt"])
def test_what_is_found_anew_and_shows_nowhere_is_found_once(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, come: str
) -> None:
    """Copied files have another time, which no register shows; such a run is rolled back, each time."""
    if come == "rebuilt":
        path = next(office.workspace.forms.glob("*/edition.json"))
        known = EditionFile.model_validate_json(path.read_bytes())
        other = known.model_copy(update={"edition": f"z{known.edition[1:]}"})
        older = office.workspace.edition(other.edition) / "edition.json"
        older.parent.mkdir()
        older.write_text(other.to_json(), encoding="utf-8")
        os.utime(older, (1, 1))
    else:
        office.drop("A.pdf", (office.workspace.returns / "A.pdf").read_bytes(), 7)
    run(office)
    if come == "copied twice":
        office.drop("B.pdf", (office.workspace.returns / "B.pdf").read_bytes(), 8)
        run(office)

    count = merged(monkeypatch)
    quick = run(office)
    assert count == []
    assert not quick["changed"]
    assert status(office) == status(forgetful(office, tmp_path / "other"))
    assert run(forgetful(office, tmp_path / "other")) == quick
    # once more anew: what was counted with other times than these says nothing of them
    office.drop("B.pdf", (office.workspace.returns / "B.pdf").read_bytes(), 9)
    count.clear()
    run(office)
    assert count == [""]


def test_what_is_kept_holds_no_word_of_anybody(office: Office) -> None:
    said = office.workspace.summary.read_text()
    assert not [word for word in ("Haus", "Träger", "Aachen", "A.pdf", "liste") if word in said]


def test_a_dry_run_keeps_nothing(office: Office) -> None:
    office.workspace.summary.unlink()
    harvest_returns(Request(office.workspace, dry_run=True))
    assert not office.workspace.summary.exists()


# ---------------------------------------------------------------- whatever happens shows at once


def arrive(office: Office) -> None:
    office.drop("C.pdf", filled("Träger C", {"praxis": [("Praxis", "1")]}, 3), 3)


def arrive_under_another_name(office: Office) -> None:
    shutil.copy2(office.workspace.returns / "A.pdf", office.workspace.returns / "0.pdf")


def refuse(office: Office) -> None:
    office.drop("noch eine.docx", b"PK\x03\x04 no zip either", 4)


def edit(office: Office) -> None:
    office.write("Haus B", "Kontakt", "von Hand")


def delete(office: Office) -> None:
    office.delete("Haus B")


def add(office: Office) -> None:
    book = office.book()
    columns, _ = sheet_rows(book["Alle Einträge"])
    below = book["Alle Einträge"].max_row + 1
    book["Alle Einträge"].cell(below, columns["Einrichtung (Formular)"]).value = "Haus Neu"
    book["Alle Einträge"].cell(below, columns["Angebot"]).value = "Wohnheim"
    book.save(office.workspace.register)


def answer(office: Office) -> None:
    book = office.book()
    columns = {str(cell.value): cell.column for cell in book["Dubletten"][1]}
    book["Dubletten"].cell(2, columns["Gleich wie"]).value = "ja"
    book.save(office.workspace.register)


def decide_on_the_command_line(office: Office) -> None:
    decide(office.workspace, Wanted(office.entries()["Haus B"]["id"], choose=(("kontakt", "entschieden"),)))


def undo_last(office: Office) -> None:
    undo(office.workspace)


def undo_and_redo(office: Office) -> None:
    undo(office.workspace)
    redo(office.workspace)


def undo_without_the_register(office: Office) -> None:
    with Ledger(office.workspace.ledger, VERSION) as ledger:
        ledger.undo(1, DAY)


def forget_a_partner(office: Office) -> None:
    forget(office.workspace, "Träger B")


def forget_what_is_old(office: Office) -> None:
    office.workspace.config.write_text("[retention]\nyears = 3\n", encoding="utf-8")
    remove_expired(office.workspace, clock=lambda: datetime(2029, 1, 2, 18, tzinfo=UTC))


def rebuild_the_ledger(office: Office) -> None:
    rebuild(office.workspace, force=True)


def make_another_edition(office: Office) -> None:
    """The same form with its categories in another order."""
    path = next(office.workspace.forms.glob("*/edition.json"))
    known = EditionFile.model_validate_json(path.read_bytes())
    section = known.form.sections[0]
    turned = section.model_copy(update={"categories": tuple(reversed(section.categories))})
    form = known.form.model_copy(update={"sections": (turned,)})
    path.write_text(known.model_copy(update={"form": form}).to_json(), encoding="utf-8")


def name_recipients(office: Office) -> None:
    send(office, "2026")


def open_a_round(office: Office) -> None:
    send(office, "2026")
    open_round(office, "2026", date(2026, 1, 2))


def lose_the_report(office: Office) -> None:
    office.workspace.report.unlink()


def lose_the_register(office: Office) -> None:
    office.workspace.register.unlink()


def bring_an_older_ledger_back(office: Office) -> None:
    """What a backup held when one return less had come."""
    backup = office.workspace.ledger.read_bytes()
    arrive(office)
    run(office)
    run(office)
    (office.workspace.returns / "C.pdf").unlink()
    office.workspace.ledger.write_bytes(backup)


def bring_an_older_register_back(office: Office) -> None:
    backup = office.workspace.register.read_bytes()
    arrive(office)
    run(office)
    run(office)
    office.workspace.register.write_bytes(backup)


def keep_for_a_month_only(office: Office) -> None:
    office.workspace.config.write_text("[retention]\nyears = 1\n", encoding="utf-8")


HAPPENINGS = (
    arrive, arrive_under_another_name, refuse, edit, delete, add, answer, decide_on_the_command_line, undo_last,
    undo_and_redo, undo_without_the_register, forget_a_partner, forget_what_is_old, rebuild_the_ledger,
    make_another_edition, name_recipients, open_a_round, lose_the_report, lose_the_register,
    bring_an_older_ledger_back, bring_an_older_register_back, keep_for_a_month_only,
)  # fmt: skip


def what_is_there(office: Office) -> dict[str, object]:
    space = office.workspace
    sheets = {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in office.book()
    }
    del sheets["Über"]
    return {
        "twin": office.twin(), "sheets": sheets, "answers": space.answers.exists(), "report": space.report.exists(),
    }  # fmt: skip


@pytest.mark.parametrize("happens", HAPPENINGS, ids=lambda one: str(one.__name__))
def test_what_happens_shows_as_if_nothing_had_been_kept(
    office: Office, tmp_path: Path, happens: Callable[[Office], None]
) -> None:
    happens(office)
    other = forgetful(office, tmp_path / "other")

    for _ in range(3):
        assert status(office) == status(other)
        assert run(office) == run(other)
        assert what_is_there(office) == what_is_there(other)
        other.workspace.summary.unlink(missing_ok=True)


def test_returns_grow_too_old_without_anything_happening(office: Office) -> None:
    office.workspace.config.write_text("[retention]\nyears = 3\n", encoding="utf-8")
    request = Request(office.workspace, clock=lambda: datetime(2029, 1, 1, tzinfo=UTC))
    assert harvest_returns(request)[0].expired == 0

    later = datetime(2029, 1, 2, 12, tzinfo=UTC)
    assert harvest_returns(replace(request, clock=lambda: later))[0].expired == 1
    due = status_of(office.workspace, clock=lambda: later)[0].expired
    assert list(due.returns.values()) == ["A.pdf"]


def test_a_clock_that_was_set_back_is_counted_anew(tmp_path: Path) -> None:
    """What came after the count has not come yet by the clock that is right now."""
    office = Office.at(tmp_path / "office")
    office.workspace.config.write_text("[retention]\nyears = 3\n", encoding="utf-8")
    office.drop("A.pdf", filled("Träger A", {"wohnheim": [("Haus", "1")]}), day=365 * 14)

    def expired(year: int) -> int:
        request = Request(office.workspace, clock=lambda: datetime(year, 6, 1, tzinfo=UTC))
        return harvest_returns(request)[0].expired

    assert [expired(2041), expired(2041)] == [0, 0]
    assert expired(2035) == 1


def test_the_status_counts_only_what_the_ledger_keeps(tmp_path: Path) -> None:
    """A copied file is younger, and makes its return younger for a run that sees it; nothing of that is recorded."""
    office = Office.at(tmp_path / "office")
    office.workspace.config.write_text("[retention]\nyears = 3\n", encoding="utf-8")
    path = office.drop("A.pdf", filled("Träger A", {"wohnheim": [("Haus", "1")]}))
    request = Request(office.workspace, clock=lambda: datetime(2029, 6, 1, tzinfo=UTC))
    assert harvest_returns(request)[0].expired == 1

    office.drop("A.pdf", path.read_bytes(), day=365 * 2)
    assert [harvest_returns(request)[0].expired for _ in range(2)] == [0, 0]
    assert len(status_of(office.workspace, clock=request.clock)[0].expired.returns) == 1


# ---------------------------------------------------------------- the key


def key(workspace: Workspace) -> str | None:
    with Ledger(workspace.ledger, VERSION) as ledger:
        return key_of(ledger, load_editions(workspace, ledger.editions()))


def test_all_that_editions_hold_is_in_the_key(office: Office) -> None:
    """A part that is added to them one day is taken in without anybody thinking of it."""
    with Ledger(office.workspace.ledger, VERSION) as ledger:
        editions = load_editions(office.workspace, ledger.editions())
        plain = key_of(ledger, editions)
        assert plain == key_of(ledger, load_editions(office.workspace, {}))
        for one in fields(Editions):
            less: dict[str, Any] = {one.name: ()}
            assert key_of(ledger, replace(editions, **less)) != plain, one.name


@pytest.mark.parametrize("what", ["version", "python", "rapidfuzz", "sources", "zone"])
def test_another_program_or_zone_counts_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    before = key(office.workspace)
    assert kept(office.workspace, before) is not None
    if what == "version":
        monkeypatch.setattr(harvest.summary, "VERSION", "0.2")
    elif what == "python":
        monkeypatch.setattr("sys.version", "3.99")
    elif what == "rapidfuzz":
        monkeypatch.setattr("rapidfuzz.__version__", "99")
    elif what == "sources":
        here = list(harvest.summary._sources())
        assert {"harvest/merge/plan.py", "harvest/summary.py", "spec/names.py"} <= {name for name, *_ in here}
        monkeypatch.setattr(harvest.summary, "_sources", lambda: iter(here[1:]))
    else:
        monkeypatch.setattr("time.tzname", ("Nowhere", "Nowhere"))
    after = key(office.workspace)
    assert after != before
    assert kept(office.workspace, after) is None


def test_there_is_no_key_while_somebody_writes(office: Office) -> None:
    space = office.workspace
    with Ledger(space.ledger, VERSION) as ledger:
        editions = load_editions(space, ledger.editions())
        with ledger.run("harvest", DAY) as mine:
            assert key_of(ledger, editions) is None
            mine.discarded = True
        assert key_of(ledger, editions) is not None
        journal = space.root / "ledger.sqlite-journal"
        journal.write_bytes(b"what another program undoes after a crash")
        assert ledger.digest() is None
        journal.unlink()
    with Ledger(None, VERSION) as ledger:
        assert key_of(ledger, editions) is None


def test_asking_for_the_key_leaves_the_locks_alone(office: Office) -> None:
    """Closing a file gives up all locks on it that the process has: so the file is not opened within a transaction."""
    write = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
    command = [sys.executable, "-c", write, str(office.workspace.ledger)]
    with Ledger(office.workspace.ledger, VERSION) as ledger:
        with ledger.run("harvest", DAY) as mine:
            assert ledger.digest() is None
            outside = subprocess.run(command, check=False, capture_output=True, text=True)
            mine.discarded = True
        assert "locked" in outside.stderr
        assert subprocess.run(command, check=False).returncode == 0


# ---------------------------------------------------------------- damage


def test_a_damaged_file_is_worth_nothing(office: Office, tmp_path: Path) -> None:
    place, truth = office.workspace.summary, key(office.workspace)
    whole = place.read_bytes()
    assert kept(office.workspace, truth) is not None

    damaged = [whole[:end] for end in range(0, len(whole), 7)]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 5)]
    damaged += [b"", b"\xff\xfe", b"{}", b"null\n" * 9, whole + b"x", whole + whole, b"\n" * (1 << 20)]
    for data in damaged:
        place.write_bytes(data)
        assert kept(office.workspace, truth) is None, data

    place.write_bytes(damaged[100])
    other = forgetful(office, tmp_path / "other")
    assert status(office) == status(other)
    assert run(office) == run(other)
    assert kept(office.workspace, truth) is not None


def test_a_place_where_nothing_can_be_written_costs_time_only(office: Office) -> None:
    first = run(office)
    office.workspace.summary.unlink()
    office.workspace.summary.mkdir()
    (office.workspace.summary / "in the way").touch()

    assert run(office) == first
    assert status(office)["to_do"].items() <= first["to_do"].items()
    assert [path.name for path in office.workspace.root.iterdir() if path.name.endswith(".part")] == []


def test_the_longest_kept_return_is_never_older_later(office: Office) -> None:
    """What is counted on one day holds on all later ones: no clock makes a return older than it was."""
    with Ledger(office.workspace.ledger, VERSION) as ledger:
        state = state_of(ledger, load_editions(office.workspace, ledger.editions()))
    days = [datetime(2025, 12, 1, tzinfo=UTC) + timedelta(days=10 * step) for step in range(12)]
    counted = [longest_kept(state, day) for day in days]
    assert None not in counted
    assert counted == sorted(one for one in counted if one)
