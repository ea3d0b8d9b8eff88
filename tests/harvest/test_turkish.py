"""A computer that speaks Turkish, where the capital of `i` is another letter than `I`."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.history.runs import runs_of
from harvest.history.undo import undo
from tests.harvest.offices import Office, filled


class Cursor(sqlite3.Cursor):
    """As Python has it there: it takes no INSERT for one, and counts no rows."""

    rowcount = -1


class Connection(sqlite3.Connection):
    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        return self.cursor(Cursor).execute(sql, parameters)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """One return, one run."""
    monkeypatch.setattr("harvest.ledger.store.sqlite3.connect", partial(sqlite3.connect, factory=Connection))
    made = Office.at(tmp_path / "office")
    made.drop("a.pdf", filled("Träger A", {"wohnheim": [("Haus B", "Frau B")]}))
    harvest_returns(Request(made.workspace))
    return made


def test_the_run_that_took_a_correction_in_is_the_one_to_undo(office: Office) -> None:
    book = office.book()
    (cell,) = (cell for row in book["Alle Einträge"].iter_rows() for cell in row if cell.value == "Frau B")
    cell.value = "Frau Neu"
    book.save(office.workspace.register)
    corrected, _ = harvest_returns(Request(office.workspace))

    assert [run.kind for run in runs_of(office.workspace)[0]] == ["harvest", "register"]
    undo(office.workspace, corrected.run)
    assert office.entries()["Haus B"]["values"]["kontakt"] == "Frau B"
