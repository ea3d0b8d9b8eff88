"""What can be wrong with a ledger, in words that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spec.errors import NothingDoneError, WrongInputError
from spec.said import said


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


# What SQLite says, and what a person can do. An OperationalError with none of these words is damage.
_SURROUNDINGS = {
    "locked": ("The ledger is in use by another program.", "Close the other program or wait for the other run to end, then try again."),
    "busy": ("The ledger is in use by another program.", "Close the other program or wait for the other run to end, then try again."),
    "readonly": ("The ledger is read-only.", "Allow writing to the file and its folder."),
    "full": ("The ledger can't grow: the disk is full.", "Make room on the disk, then try again."),
    "unable to open": ("The ledger can't be opened.", "Check that the folder exists and that you may write to it."),
    "disk i/o": ("The ledger can't be read or written: the disk reports an error.", "Check the disk or the network drive, then try again."),
}  # fmt: skip


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
                raise LedgerBusyError(str(path), fault, remedy) from error
        raise LedgerDamagedError.at(str(path), str(error)) from error
    except sqlite3.IntegrityError:
        raise  # a mistake of the caller, never of the file
    except sqlite3.DatabaseError as error:
        raise LedgerDamagedError.at(str(path), str(error)) from error
