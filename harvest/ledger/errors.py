"""What can be wrong with a ledger, in words that say what to do."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spec.console.said import said
from spec.errors import NothingDoneError, WrongInputError


class LedgerDamagedError(NothingDoneError):
    """The file is no ledger any more, or never was one."""

    @classmethod
    def at(cls, path: str, detail: str) -> LedgerDamagedError:
        """The error for this file."""
        return cls(
            path,
            said("The ledger can't be read ({detail}).", detail=said(detail)),
            "Keep the file, then run `harvest rebuild`: it makes a new ledger from the originals and the register.",
        )


class LedgerNewerError(NothingDoneError):
    """The ledger was written by a newer version of the program."""


class LedgerBusyError(NothingDoneError):
    """The ledger can't be written now: in use, read-only, disk full."""


class UnknownRunError(WrongInputError):
    """There is no such run, or it can't be undone or redone."""


_WAIT = (
    "Close the other program, or wait until the other run, the backup or the sync has ended; then try again."
)
_HELD = ("The ledger is in use by another program.", _WAIT)
_FULL = ("The ledger can't grow: the disk is full.", "Make room on the disk, then try again.")
#: What SQLite needs for a journal and a page; below it, a file that can't be made or written is the disk's fault.
_ROOM = 64 * 1024
#: Windows: sharing violation, lock violation.
_SHARING = frozenset({32, 33})
# What SQLite says, and what a person can do. An OperationalError with none of these words is damage.
_SURROUNDINGS = {
    "locked": _HELD,
    "busy": _HELD,
    "readonly": ("The ledger is read-only.", "Allow writing to the file and its folder."),
    "full": _FULL,
    "unable to open": ("The ledger can't be opened.", "Check that the folder exists and that you may write to it."),
    "disk i/o": ("The ledger can't be read or written: the disk reports an error.", "Check the disk or the network drive, then try again."),
}  # fmt: skip


#: What SQLite says whatever the reason is.
_VAGUE = frozenset({"unable to open", "disk i/o"})


def _beneath(path: Path | str, error: sqlite3.OperationalError) -> tuple[str, str] | None:
    """What keeps SQLite from opening or writing, as far as the system tells: another program, or a full disk."""
    if "LOCK" in getattr(error, "sqlite_errorname", ""):
        return _HELD
    try:
        if shutil.disk_usage(Path(path).parent).free < _ROOM:
            return _FULL
        with Path(path).open("rb"):
            return None
    except OSError as refused:
        return _HELD if getattr(refused, "winerror", None) in _SHARING else None


@contextmanager
def in_plain_words(path: Path | str) -> Iterator[None]:
    """Turn SQLite's errors into ours.

    Raises:
        LedgerBusyError: the surroundings forbid the work.
        LedgerDamagedError: the file is damaged.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        told = str(error).lower()
        for word, (fault, remedy) in _SURROUNDINGS.items():
            if word in told:
                known = _beneath(path, error) if word in _VAGUE else None
                raise LedgerBusyError(str(path), *(known or (fault, remedy))) from error
        raise LedgerDamagedError.at(str(path), str(error)) from error
    except sqlite3.IntegrityError:
        raise  # a mistake of the caller, never of the file
    except sqlite3.DatabaseError as error:
        raise LedgerDamagedError.at(str(path), str(error)) from error
