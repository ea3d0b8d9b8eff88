"""A ledger that something emptied, holds or lets no room for: said as what it is, and nothing of a person's is lost."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.commands.status import status_of
from harvest.history.rebuild import rebuild
from harvest.ledger.errors import LedgerBusyError, in_plain_words
from spec.errors import NothingDoneError
from spec.storage.locks import only_run
from tests.harvest.offices import Office, filled


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A row was deleted, which the ledger knows; then the ledger became a file of 0 bytes."""
    made = Office.at(tmp_path)
    made.drop("A.pdf", filled("Träger A", {"wohnheim": [("Haus A", "1"), ("Haus B", "2")]}))
    harvest_returns(Request(made.workspace))
    made.delete("Haus B")
    harvest_returns(Request(made.workspace))
    made.workspace.ledger.write_bytes(b"")
    return made


def test_an_empty_ledger_is_lost_and_not_a_new_one(office: Office) -> None:
    before = office.workspace.register.read_bytes()
    for command in (
        lambda: harvest_returns(Request(office.workspace)),
        lambda: harvest_returns(Request(office.workspace, dry_run=True)),
        lambda: status_of(office.workspace),
    ):
        with pytest.raises(NothingDoneError, match=r"0 bytes.*harvest rebuild"):
            command()
    assert office.workspace.ledger.read_bytes() == b""
    assert office.workspace.register.read_bytes() == before


def test_originals_alone_tell_that_it_is_lost(office: Office) -> None:
    office.workspace.register.unlink()
    with pytest.raises(NothingDoneError, match="0 bytes"):
        harvest_returns(Request(office.workspace))


def test_rebuild_needs_no_force_and_what_was_deleted_stays_so(office: Office) -> None:
    rebuild(office.workspace)
    assert list(office.entries()) == ["Haus A"]
    assert not harvest_returns(Request(office.workspace))[0].changed


def test_an_empty_file_where_nothing_was_harvested_is_a_new_ledger(tmp_path: Path) -> None:
    made = Office.at(tmp_path)
    made.workspace.ledger.write_bytes(b"")
    made.drop("A.pdf", filled("Träger A", {"wohnheim": [("Haus A", "1")]}))
    harvest_returns(Request(made.workspace))
    assert list(made.entries()) == ["Haus A"]


@pytest.mark.parametrize("says", ["unable to open database file", "disk I/O error"])
def test_what_sqlite_can_not_tell_is_a_full_disk_where_no_room_is_left(
    says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(LedgerBusyError, match="disk is full"), in_plain_words(tmp_path / "ledger.sqlite"):
        raise sqlite3.OperationalError(says)


def test_a_ledger_that_a_backup_holds_is_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(*_: object, **__: object) -> None:
        error = PermissionError(errno.EACCES, "in use")
        error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
        raise error

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(LedgerBusyError, match="backup"), in_plain_words(tmp_path / "ledger.sqlite"):
        raise sqlite3.OperationalError("unable to open database file")


def test_no_room_for_the_lock_is_a_full_disk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("filelock.FileLock.acquire", full)
    with pytest.raises(NothingDoneError, match="disk is full"), only_run(office.workspace):
        pass
