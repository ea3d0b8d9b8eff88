"""A register's file replaced safely: never while somebody has it open, never one that changed since it was read.

Tested on Linux. What differs on Windows (an open workbook can't be opened for writing nor replaced) is written after
the documentation of CreateFile and MoveFileEx and tested with simulated errors only.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harvest.register.errors import BlockedRegisterError
from harvest.register.readback.register_reader import file_hash
from spec.console.said import refusal, said
from spec.storage.atomic_files import take_name

KEPT_BACKUPS = 20
_BACKUP = re.compile(r" \d{4}-\d\d-\d\d \d{6}(?: \(\d+\))?\.xlsx\Z")
_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why a register can't be replaced: key of the reason (`open`, `read-only`, `changed`), who or what, remedy."""

    reason: str
    fault: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """Where the new register is.

    Attributes:
        path: the file that was written.
        backup: the copy of the register that was replaced, if there was one.
        blocked: why `path` is a side file and the register itself was left alone; None where all went well.
        set_aside: how many texts of people's own stood in rows that are gone, and were put on a sheet of their own.
    """

    path: Path
    backup: Path | None = None
    blocked: Blocked | None = None
    set_aside: int = 0


# ---------------------------------------------------------------- what stands in the way


def blocked(path: Path) -> Blocked | None:
    """Why the register at `path` can't be replaced now; None where it can, or there is none."""
    held = _held(path)
    if held is not None:
        who, lock = held
        return Blocked(
            "open",
            said("The register is open ({who}).", who=who) if who else "The register is open.",
            said(
                "Close it and start again. If nobody has it open, delete the left-over file {lock}.",
                lock=lock.name,
            ),
        )
    if not path.exists():
        return None
    if not os.access(path, os.W_OK) or not path.stat().st_mode & 0o200:
        return Blocked(
            "read-only", "The register is write-protected.", "Remove the write protection, then start again."
        )
    if sys.platform == "win32" and not _can_be_opened(path):
        return Blocked("open", "The register is open in another program.", "Close it and start again.")
    return None


def require_free(path: Path) -> None:
    """Raise where the register can't be replaced: for the start of a run, before anything was done.

    Raises:
        BlockedRegisterError
    """
    found = blocked(path)
    if found is not None:
        raise BlockedRegisterError(path.name, found.fault, found.remedy)


def _held(path: Path) -> tuple[str, Path] | None:
    """Who holds the register open, by the lock files that Office and LibreOffice put beside it."""
    for folder in dict.fromkeys((path.parent, path.resolve().parent)):
        office, libre = folder / f"~${path.name}", folder / f".~lock.{path.name}#"
        if office.exists():
            return _office_owner(office), office
        if libre.exists():
            return _libre_owner(libre), libre
    return None


def _office_owner(lock: Path) -> str:
    """The user in Office's owner file: a length byte and that many characters. Unreadable while Excel holds it."""
    with suppress(OSError, IndexError):
        data = lock.read_bytes()[:165]
        return _printable(data[1 : 1 + data[0]].decode("cp1252", "replace"))
    return ""


def _libre_owner(lock: Path) -> str:
    """The user in LibreOffice's lock file: `,user,host,date,...;`."""
    with suppress(OSError):
        parts = lock.read_text(encoding="utf-8", errors="replace")[:2000].split(",")
        return _printable(next((part for part in parts[:3] if part.strip()), ""))
    return ""


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()[:80]


def _can_be_opened(path: Path) -> bool:
    """Excel on Windows denies others to write; appending opens without touching a byte."""
    try:
        with path.open("ab"):
            return True
    except OSError:
        return False


# ---------------------------------------------------------------- replacing


def replace_register(
    path: Path,
    write: Callable[[Path], None],
    *,
    read_as: str | None,
    backups: Path,
    now: datetime,
    copy: Path | None = None,
) -> Replacement:
    """Write a register beside `path`, then put it in its place, and keep a copy of what it replaces.

    Where the register is open, write-protected, or not the one that was read any more, it is left alone and the new
    one stands beside it as `register (neu <time>).xlsx`.

    Args:
        write: writes the new workbook to the path it is given.
        read_as: hash of the register as it was read; None where there was none.
        backups: folder for the copies, of which the newest 20 stay.
        copy: a copy of the register as it was read, made in that folder beforehand: a full disk is noticed then.

    Raises:
        BlockedRegisterError: the disk is full or the folder can't be written; nothing was changed.
    """
    with _temporary(path) as draft:
        write(draft)
        _flush(draft)
        return _put(draft, path, read_as=read_as, backups=backups, now=now, copy=copy)


def _put(
    draft: Path, path: Path, *, read_as: str | None, backups: Path, now: datetime, copy: Path | None
) -> Replacement:
    found = blocked(path) or _changed(path, read_as)
    if found is not None:
        return _beside(draft, path, found, now)
    backup = _backed_up(path, backups, now, copy) if path.exists() else None
    try:
        if path.exists():
            shutil.copymode(path, draft)
        take_name(draft, path.resolve())  # a link to the register stays a link
    except PermissionError:  # opened in Windows just now
        there = Blocked("open", "The register is open in another program.", "Close it and start again.")
        return _beside(draft, path, there, now)
    _flush_folder(path.resolve().parent)
    _prune(backups, path)
    return Replacement(path, backup)


def _changed(path: Path, read_as: str | None) -> Blocked | None:
    there = file_hash(path) if path.exists() else None
    if there == read_as or there is None:
        return None
    return Blocked(
        "changed",
        "The register was changed while the run was working.",
        "Start again; the change will be taken into account.",
    )


def _beside(draft: Path, path: Path, found: Blocked, now: datetime) -> Replacement:
    side = _free(path.with_name(f"{path.stem} (neu {_stamp(now)}){path.suffix}"))
    take_name(draft, side)
    return Replacement(side, None, found)


def copied(path: Path, backups: Path) -> Path:
    """A copy of the register in the folder of backups, not yet under its name there; see `replace_register`.

    Raises:
        OSError: the disk is full or the folder can't be written; nothing is left behind.
    """
    backups.mkdir(parents=True, exist_ok=True)
    copy = backups / f".{path.stem}.{uuid.uuid4().hex[:12]}.tmp"
    try:
        shutil.copy2(path, copy)
        _flush(copy)
    except BaseException:
        with suppress(OSError):
            copy.unlink(missing_ok=True)
        raise
    return copy


def _backed_up(path: Path, backups: Path, now: datetime, copy: Path | None) -> Path:
    copy = copy or copied(path, backups)
    backup = _free(backups / f"{path.stem} {_stamp(now)}{path.suffix}")
    copy.replace(backup)
    return backup


def _prune(backups: Path, path: Path) -> None:
    """Only files that we named are ours to delete. Times in the names sort as text."""
    if not backups.is_dir():
        return
    ours = sorted(
        file for file in backups.iterdir() if file.name.startswith(path.stem) and _BACKUP.search(file.name)
    )
    for old in ours[:-KEPT_BACKUPS]:
        with suppress(OSError):  # a backup that somebody looks at stays until next time
            old.unlink()


def _stamp(now: datetime) -> str:
    return f"{now:%Y-%m-%d %H%M%S}"  # no colon: Windows forbids it in names


def _free(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """A draft in the register's own folder, since only there replacing is one step; gone again whatever happens."""
    draft = path.resolve().with_name(f".{path.stem}.{uuid.uuid4().hex[:12]}.tmp")
    try:
        draft.parent.mkdir(parents=True, exist_ok=True)
        yield draft
    except OSError as error:
        if error.errno in _FULL:
            raise BlockedRegisterError(
                path.name, "The disk is full; nothing was changed.", "Make room, then start again."
            ) from error
        raise BlockedRegisterError(
            path.name,
            said("The register can't be written ({reason}).", reason=refusal(error)),
            "Check the folder, then start again.",
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """The bytes reach the disk before the name does; else a power cut leaves an empty register."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _flush_folder(folder: Path) -> None:
    if sys.platform == "win32":  # folders can't be opened there; NTFS journals the rename itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
