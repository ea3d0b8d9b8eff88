"""The register's file is replaced safely, or left alone."""

from __future__ import annotations

import errno
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harvest.register.errors import BlockedRegisterError
from harvest.register.readback.register_reader import file_hash
from harvest.workspace import safe_replacement

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "register.xlsx"
    path.write_bytes(b"alt")
    return path


def replaced(
    path: Path, data: bytes = b"neu", *, read_as: str | None = "", now: datetime = NOW
) -> safe_replacement.Replacement:
    known = file_hash(path) if read_as == "" and path.exists() else (read_as or None)

    def write(draft: Path) -> None:
        draft.write_bytes(data)

    return safe_replacement.replace_register(
        path, write, read_as=known, backups=path.parent / "backups", now=now
    )


def reason(blocked: safe_replacement.Blocked | None) -> str:
    return blocked.reason if blocked else ""


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_the_register_is_replaced_and_kept(path: Path) -> None:
    written = replaced(path)
    assert path.read_bytes() == b"neu"
    assert (written.path, written.blocked) == (path, None)
    assert written.backup
    assert written.backup.name == "register 2026-05-04 093000.xlsx"
    assert written.backup.read_bytes() == b"alt"
    assert names(path.parent) == ["backups", "register.xlsx"]


def test_the_first_register_needs_no_backup(tmp_path: Path) -> None:
    written = replaced(tmp_path / "register.xlsx")
    assert written.backup is None
    assert names(tmp_path) == ["register.xlsx"]


def test_the_newest_twenty_backups_stay(path: Path) -> None:
    mine = path.parent / "backups"
    mine.mkdir()
    (mine / "register 2020 wichtig.xlsx").write_bytes(b"von Hand")
    for day in range(25):
        replaced(path, str(day).encode(), now=NOW + timedelta(days=day))
    kept = names(mine)
    assert len(kept) == 21
    assert kept[0] == "register 2020 wichtig.xlsx"
    assert kept[1].startswith("register 2026-05-09")


def test_two_backups_in_one_second_both_stay(path: Path) -> None:
    replaced(path)
    replaced(path, b"noch neuer")
    assert names(path.parent / "backups") == [
        "register 2026-05-04 093000 (2).xlsx",
        "register 2026-05-04 093000.xlsx",
    ]


LOCKS = {
    "~$register.xlsx": bytes([9]) + b"B. M\xfcller" + b" " * 50,
    ".~lock.register.xlsx#": ",Büro Müller,rechner,04.05.2026 09:00,file:///x;".encode(),
}


@pytest.mark.parametrize("lock", LOCKS)
def test_an_open_register_is_left_alone(path: Path, lock: str) -> None:
    (path.parent / lock).write_bytes(LOCKS[lock])
    with pytest.raises(BlockedRegisterError, match="Müller") as told:
        safe_replacement.require_free(path)
    assert lock in told.value.faults[0].remedy
    written = replaced(path)
    assert path.read_bytes() == b"alt"
    assert written.path.name == "register (neu 2026-05-04 093000).xlsx"
    assert written.path.read_bytes() == b"neu"
    assert reason(written.blocked) == "open"
    assert not (path.parent / "backups").exists()


def test_a_register_that_changed_meanwhile_is_left_alone(path: Path) -> None:
    written = replaced(path, read_as="0" * 64)
    assert path.read_bytes() == b"alt"
    assert reason(written.blocked) == "changed"


def test_a_register_that_appeared_meanwhile_is_left_alone(path: Path) -> None:
    written = replaced(path, read_as=None)
    assert (path.read_bytes(), reason(written.blocked)) == (b"alt", "changed")


def test_a_protected_register_is_left_alone(path: Path) -> None:
    path.chmod(0o444)
    assert reason(safe_replacement.blocked(path)) == "read-only"
    assert reason(replaced(path).blocked) == "read-only"
    path.chmod(0o644)


def test_a_register_opened_in_the_last_moment_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows answers when Excel holds the file."""
    plain = type(path).replace

    def refuse(self: Path, target: Path) -> Path:
        if str(target) == str(path.resolve()):
            raise PermissionError(errno.EACCES, "in use")
        return plain(self, target)

    monkeypatch.setattr(type(path), "replace", refuse)
    written = replaced(path)
    assert (path.read_bytes(), reason(written.blocked)) == (b"alt", "open")
    assert written.path.read_bytes() == b"neu"


def test_windows_is_asked_by_opening_for_appending(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(safe_replacement, "_can_be_opened", lambda _: False)
    assert reason(safe_replacement.blocked(path)) == "open"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_full_disk_changes_nothing(path: Path, code: int) -> None:
    def write(draft: Path) -> None:
        draft.write_bytes(b"ha")
        raise OSError(code, os.strerror(code))

    with pytest.raises(BlockedRegisterError) as told:
        safe_replacement.replace_register(path, write, read_as=None, backups=path.parent / "backups", now=NOW)
    assert ("full" in str(told.value)) == (code == errno.ENOSPC)
    assert names(path.parent) == ["register.xlsx"]
    assert path.read_bytes() == b"alt"


def test_an_error_while_writing_leaves_no_draft(path: Path) -> None:
    def write(draft: Path) -> None:
        draft.write_bytes(b"halb")
        raise KeyError("x")

    with pytest.raises(KeyError):
        safe_replacement.replace_register(path, write, read_as=None, backups=path.parent / "backups", now=NOW)
    assert names(path.parent) == ["register.xlsx"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "netz"
    folder.mkdir()
    path.rename(folder / "echt.xlsx")
    path.symlink_to(folder / "echt.xlsx")
    replaced(path)
    assert path.is_symlink()
    assert (folder / "echt.xlsx").read_bytes() == b"neu"
