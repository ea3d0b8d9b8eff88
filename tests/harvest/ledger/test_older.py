"""A ledger that an older version has written opens, says the same, and knows that its returns may be read again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.ledger import Ledger
from harvest.ledger.schema import APPLICATION_ID, NEWEST
from harvest.reading.version import READER_VERSION
from harvest.version import VERSION
from tests.harvest.offices import Office

DUMP = Path(__file__).with_name("format_3.sql")


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Two returns, a run by hand; format 3."""
    path = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 3")
    return path


def test_it_is_brought_up_to_date_and_says_what_it_said(older: Path) -> None:
    with Ledger(older, VERSION) as ledger:
        returns = ledger.active_submissions_input()
        assert [one.document.file for one in returns] == ["A.pdf", "B.pdf"]
        assert {field.text for one in returns for field in one.reading.fields} >= {"Haus Nord", "040 9"}
        assert [edit.new for edit in ledger.hand_events().edits] == ["von Hand"]
        assert set(ledger.outdated(READER_VERSION).values()) == {""}
        assert all(one.earlier == () for one in returns)
    with closing(sqlite3.connect(older)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (NEWEST,)
    with Ledger(older, VERSION) as ledger:
        assert ledger.active_submissions_input() == returns


def test_mails_that_were_read_are_known_still_and_the_mailboxs_name_is_gone(older: Path) -> None:
    box = "imap://frau.wegmann@office.example/Antworten"
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("INSERT INTO mails VALUES (?, 7, 4711)", (box,))
        connection.commit()
    with Ledger(older, VERSION) as ledger:
        assert ledger.mails(box, 7) == {4711}
        ledger.remember_mails([(box, 7, 4712)])
        assert ledger.mails(box, 7) == {4711, 4712}
        assert ledger.mails(box, 8) == ledger.mails("imap://other@office.example/Antworten", 7) == frozenset()
    assert b"wegmann" not in older.read_bytes()


def test_without_its_originals_it_stays_as_it_was_read(older: Path, tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    older.replace(office.workspace.ledger)

    result, _ = harvest_returns(Request(office.workspace))

    assert result.reread is not None
    assert sorted(result.reread.missing) == ["A.pdf", "B.pdf"]
    shown = [(one["values"]["einrichtung"], one["values"]["kontakt"]) for one in office.twin()]
    assert sorted(shown) == [("Haus Nord", "030 1"), ("Haus Nord", "040 9"), ("Haus Süd", "von Hand")]
    assert harvest_returns(Request(office.workspace))[0].reread is None
