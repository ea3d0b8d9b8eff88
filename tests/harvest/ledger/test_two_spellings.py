"""An office of an older version, whose two rows are one facility for this one: `two_spellings/` was written by that version.

Two partners had named "Lebenshilfe e.V., Köln" and "Lebenshilfe e. V., Koeln"; the office had two columns of its own and
corrected one contact.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.history.undo import undo
from harvest.history.why import why
from harvest.ledger.schema import APPLICATION_ID
from harvest.results import RunResult
from tests.harvest.offices import ENTRIES, Office

OLDER = Path(__file__).parent / "two_spellings"
FIRST, SECOND = "v3j85mdj1", "ehwafpmj2"


def rows_of(office: Office, title: str) -> list[dict[str, object]]:
    """Heading -> value, row by row."""
    head, *rows = openpyxl.load_workbook(office.workspace.register)[title].values
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, RunResult]:
    office = Office.at(tmp_path_factory.mktemp("older") / "office")
    with closing(sqlite3.connect(office.workspace.ledger)) as connection:
        connection.executescript((OLDER / "ledger.sql").read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 3")
    shutil.copyfile(OLDER / "register.xlsx", office.workspace.register)
    return office, harvest_returns(Request(office.workspace))[0]


def test_the_older_id_shows_and_the_other_still_names_the_entry(
    upgraded: tuple[Office, RunResult],
) -> None:
    office, _ = upgraded
    names = [one["values"]["einrichtung"] for one in office.twin()]
    assert len([name for name in names if name.startswith("Lebenshilfe")]) == 1
    (entry,) = (one for one in office.twin() if one["id"] == FIRST)
    assert entry["values"]["kontakt"] == "Frau Alt, 0221 5", "what was corrected by hand on the other row"
    assert entry["reporters"] == ["Partner 0", "Partner 1"]
    assert not entry["conflicts"]
    assert why(office.workspace, SECOND)[0].entry.id == FIRST


def test_what_people_wrote_beside_both_rows_is_kept_and_told(upgraded: tuple[Office, RunResult]) -> None:
    office, result = upgraded
    (row,) = (one for one in rows_of(office, ENTRIES) if one["Kennung"] == FIRST)
    assert (row["Besuch"], row["Wer"]) == ("Besuch 6: Lebenshilfe e.", "Wer 5")
    (aside,) = rows_of(office, "Abgelegtes")
    assert (aside["Kennung"], aside["Spalte"], aside["Wert"]) == (
        SECOND,
        "Besuch",
        "Besuch 5: Lebenshilfe e.",
    )
    assert [one.code for one in result.faults] == ["register-set-aside"]


def test_the_next_run_has_nothing_to_tell_and_undo_loses_nothing(upgraded: tuple[Office, RunResult]) -> None:
    office, _ = upgraded
    assert not harvest_returns(Request(office.workspace))[0].faults
    before = office.twin()
    undo(office.workspace, 2)  # the correction
    (entry,) = (one for one in office.twin() if one["id"] == FIRST)
    assert entry["values"]["kontakt"] == "Frau Alt"
    assert {one["id"] for one in office.twin()} == {one["id"] for one in before}
    assert rows_of(office, "Abgelegtes")
