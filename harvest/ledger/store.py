"""The ledger's file: open it, open a run in it, read it back."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from harvest.ledger import codec, loading, pictures
from harvest.ledger.errors import in_plain_words
from harvest.ledger.forgetting import Forgetting, opened
from harvest.ledger.records import (
    HandEvents,
    RunRecord,
    SeenMail,
    StoredDocument,
    StoredRefusal,
    StoredReturn,
    Why,
)
from harvest.ledger.schema import bring_up_to_date, known_as
from harvest.ledger.writing import REDO, UNDO, Run
from harvest.model import CellPlace, Picture
from spec.console.failures import lasts, something_lasts

_MEMORY = ":memory:"
# Another run holds the workspace's lock, so waiting longer than this means that something else is wrong.
_PATIENCE_SECONDS = 5.0
_PIECE = 1 << 20


@dataclass(slots=True)
class Together:
    """Runs that are committed together; `discarded`: none of them is."""

    discarded: bool = False


class Ledger:
    """An open ledger. Close it, or use it in a `with`.

    A rollback journal rather than a write-ahead log: offices keep their files on network drives, where the shared memory
    of a write-ahead log does not work. `synchronous=FULL`: what is committed survives a power cut.
    """

    def __init__(self, path: Path | None, version: str) -> None:
        """Open or create; None for one that lives in memory only (a dry run in a fresh workspace).

        Args:
            path: the file.
            version: of the program, recorded with what it writes.

        Raises:
            LedgerNewerError: a newer version of the program wrote it.
            LedgerDamagedError: the file is no ledger or damaged.
            LedgerBusyError: it can't be opened or written now.
        """
        self._path = _MEMORY if path is None else str(path)
        self._version = version
        with in_plain_words(self._path):
            self._connection = sqlite3.connect(self._path, timeout=_PATIENCE_SECONDS, isolation_level=None)
            try:
                self._set_up()
            except BaseException:
                self._connection.close()
                raise

    def _set_up(self) -> None:
        for pragma in (
            "journal_mode = DELETE",
            "synchronous = FULL",
            "foreign_keys = ON",
            "trusted_schema = OFF",
        ):
            self._connection.execute(f"PRAGMA {pragma}")
        bring_up_to_date(self._connection, self._path, self._version)

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------ writing

    @contextmanager
    def together(self, *, dry_run: bool = False) -> Iterator[Together]:
        """Several runs, committed as a whole at the end; rolled back as a whole on any exception or in a dry run.

        Raises:
            LedgerBusyError: another program writes to it, the disk is full, the file is read-only.
        """
        with in_plain_words(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            lasting = lasts()
            try:
                group = Together()
                yield group
                keep = not (dry_run or group.discarded)
                self._connection.execute("COMMIT" if keep else "ROLLBACK")
                something_lasts(lasting or keep)
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                    something_lasts(lasting)
                raise

    @contextmanager
    def run(
        self, kind: str, at: datetime, note: str = "", *, dry_run: bool = False, after: int = 0
    ) -> Iterator[Run]:
        """A run: committed as a whole at the end, rolled back as a whole on any exception, when it is a dry run or was discarded.

        Within `together` it is committed with the others.

        Args:
            kind: what it does.
            at: when.
            note: in a person's words; may be empty.
            dry_run: keep nothing.
            after: its number is higher than this one: that of a register which a ledger that is gone has written.

        Raises:
            LedgerBusyError: another program writes to it, the disk is full, the file is read-only.
        """
        inner = self._connection.in_transaction
        lasting = lasts()
        with in_plain_words(self._path):
            self._connection.execute("SAVEPOINT run" if inner else "BEGIN IMMEDIATE")
            try:
                identity = self._connection.execute(
                    """INSERT INTO runs (id, kind, at, version, note)
                    SELECT max(?, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'runs'), 0)) + 1, ?, ?, ?, ?""",
                    (after, kind, codec.time_in(at), self._version, codec.text_in(note)),
                ).lastrowid
                run = Run(self._connection, int(identity or 0), at)
                yield run
                self._end(inner=inner, keep=not (dry_run or run.discarded))
                something_lasts(lasting or not (inner or dry_run or run.discarded))
            except BaseException:
                if self._connection.in_transaction:
                    self._end(inner=inner, keep=False)
                    something_lasts(lasting)
                raise

    def _end(self, *, inner: bool, keep: bool) -> None:
        if not inner:
            self._connection.execute("COMMIT" if keep else "ROLLBACK")
            return
        if not keep:
            self._connection.execute("ROLLBACK TO run")
        self._connection.execute("RELEASE run")

    def remember_mails(self, mails: Iterable[SeenMail]) -> None:
        """Keep which mails need not be read again; within an open transaction it is committed with that."""
        with in_plain_words(self._path):
            self._connection.executemany(
                "INSERT OR IGNORE INTO mails VALUES (?, ?, ?)",
                sorted({(known_as(box), validity, uid) for box, validity, uid in mails}),
            )

    def remember_rereads(self, reader: int, outcomes: Mapping[str, str]) -> None:
        """Keep what a version of the reader made of documents where that is no new reading (see `outdated`)."""
        with in_plain_words(self._path):
            self._connection.executemany(
                "INSERT INTO rereads (sha256, reader, outcome) VALUES (?, ?, ?)",
                [(sha256, reader, outcome) for sha256, outcome in sorted(outcomes.items())],
            )

    @contextmanager
    def forgetting(self, run: Run) -> Iterator[Forgetting]:
        """Take out what people asked to be forgotten, within an open run; call `vacuum` once it is committed."""
        with in_plain_words(self._path):
            # The bytes of what is deleted are overwritten, not only marked as free.
            self._connection.execute("PRAGMA secure_delete = ON")
            with opened(self._connection, run.id) as forgetting:
                yield forgetting

    def vacuum(self) -> None:
        """Write the file anew, so that nothing of what was deleted remains in it.

        Raises:
            LedgerBusyError: the disk is full or the file in use.
        """
        with in_plain_words(self._path):
            self._connection.execute("VACUUM")

    def undo(self, target: int, at: datetime, note: str = "") -> int:
        """Undo a run and nothing else; the number of the run that did it. See `Run.undo`."""
        with self.run(UNDO, at, note) as run:
            run.undo(target)
        return run.id

    def redo(self, target: int, at: datetime, note: str = "") -> int:
        """Redo a run and nothing else; the number of the run that did it. See `Run.redo`."""
        with self.run(REDO, at, note) as run:
            run.redo(target)
        return run.id

    # ------------------------------------------------------------ reading

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """What is stored was valid once; what can't be understood any more is damage that SQLite does not notice."""
        with in_plain_words(self._path):
            try:
                yield
            except (ValueError, KeyError, TypeError, zlib.error) as error:
                raise sqlite3.DatabaseError(f"{type(error).__name__}: {error}") from error

    def runs(self) -> tuple[RunRecord, ...]:
        """All runs, the oldest first."""
        with self._reading():
            return loading.runs(self._connection)

    def last_to_undo(self) -> RunRecord | None:
        """The newest run that counts and did more than move marks."""
        candidates = [run for run in self.runs() if run.active and run.kind not in {UNDO, REDO}]
        return candidates[-1] if candidates else None

    def last_undone(self) -> RunRecord | None:
        """The run that was undone last and still is."""
        with self._reading():
            row = self._connection.execute(
                """SELECT target FROM marks WHERE undone = 1 AND id = (
                    SELECT max(id) FROM marks AS newer WHERE newer.target = marks.target) ORDER BY id DESC LIMIT 1"""
            ).fetchone()
        return None if row is None else next(run for run in self.runs() if run.id == row[0])

    def editions(self) -> dict[str, str]:
        """Edition -> the text of its edition.json; also of undone runs, since forms of it may be out."""
        with self._reading():
            rows = self._connection.execute("SELECT edition, text FROM editions ORDER BY edition")
            return {edition: codec.text_out(text) for edition, text in rows}

    def documents(self) -> tuple[StoredDocument, ...]:
        """Every document ever seen, by hash."""
        with self._reading():
            return loading.documents(self._connection)

    def known(self) -> dict[str, bool]:
        """Hash of every document ever seen -> whether it counts."""
        with self._reading():
            rows = self._connection.execute("SELECT sha256, run IN active_runs FROM documents")
            return {sha256: bool(active) for sha256, active in rows}

    def forgotten(self) -> frozenset[str]:
        """Hashes of documents that people had removed for good."""
        with self._reading():
            return frozenset(sha256 for (sha256,) in self._connection.execute("SELECT sha256 FROM forgotten"))

    def withheld(self) -> frozenset[str]:
        """Hashes of documents whose names people had removed."""
        with self._reading():
            return frozenset(sha256 for (sha256,) in self._connection.execute("SELECT sha256 FROM withheld"))

    def refusals(self, *, active_only: bool = True) -> tuple[StoredRefusal, ...]:
        """What was seen and is no document, each once, in the order of recording."""
        with self._reading():
            return loading.refusals(self._connection, active_only=active_only)

    def mails(self, box: str, validity: int) -> frozenset[int]:
        """UIDs of a mailbox that need not be read again."""
        with self._reading():
            rows = self._connection.execute(
                "SELECT uid FROM mails WHERE box = ? AND validity = ?", (known_as(box), validity)
            )
            return frozenset(uid for (uid,) in rows)

    def document(self, sha256: str) -> StoredDocument | None:
        """One document, or None where it was never seen."""
        with self._reading():
            return next(iter(loading.documents(self._connection, (sha256,))), None)

    def active_submissions_input(self, blank_dates: Collection[datetime] = ()) -> tuple[StoredReturn, ...]:
        """Every return that counts, by hash, with its newest reading and its time: what `normalise` starts from.

        `blank_dates`: ModDates of the forms as sent out, which say nothing about a return (see `moment_of`).
        """
        with self._reading():
            return loading.returns(self._connection, blank_dates=blank_dates)

    def outdated(self, reader: int) -> dict[str, str]:
        """Documents that count and were not read by this version of the reader or a newer one -> what came of trying.

        That is empty, `missing` or `locked`.
        """
        with self._reading():
            return loading.outdated(self._connection, reader)

    def pictures(self, cells: Sequence[CellPlace], most: int) -> Mapping[CellPlace, Picture]:
        """Pictures of these cells, as far as there are any, in their order, up to `most` bytes."""
        with self._reading():
            found = pictures.known(self._connection, {cell.return_id for cell in cells})
            return dict(pictures.loaded(self._connection, cells, found, most))

    def pictured(self, returns: Collection[str]) -> frozenset[CellPlace]:
        """The cells of these returns of which there is a picture, also of returns that do not count."""
        with self._reading():
            return frozenset(pictures.known(self._connection, returns, active_only=False))

    def hand_events(self) -> HandEvents:
        """All that people did, as far as it counts: what `merge` takes beside the submissions."""
        with self._reading():
            return loading.hand_events(self._connection)

    def snapshot(self, run: int) -> dict[str, Any] | None:
        """What a run wrote to the register, also where it was undone since; None where it wrote none."""
        with self._reading():
            row = self._connection.execute("SELECT packed FROM snapshots WHERE run = ?", (run,)).fetchone()
            return None if row is None else codec.unpacked(row[0])

    def last_snapshot(self) -> tuple[int, dict[str, Any]] | None:
        """The newest snapshot and its run; None where no register was ever written."""
        with self._reading():
            row = self._connection.execute(
                "SELECT run, packed FROM snapshots ORDER BY run DESC LIMIT 1"
            ).fetchone()
            return None if row is None else (row[0], codec.unpacked(row[1]))

    def why(self, ids: tuple[str, ...], returns: tuple[str, ...]) -> Why:
        """All that is recorded under an entry's ids (also in undone runs), and its returns with what was read in them."""
        with self._reading():
            return Why(
                loading.recorded(self._connection, ids),
                loading.returns(self._connection, returns, active_only=False),
            )

    def digest(self) -> str | None:
        """A hash of the file's bytes, of which everything that is read here is made.

        None where it has no meaning: in memory, within a transaction, while a journal lies there (somebody is writing,
        or was killed), where the file can't be read.
        """
        # On POSIX, closing the file a second time ends the locks that this process has on it: never within a transaction.
        if self._path == _MEMORY or self._connection.in_transaction:
            return None
        journal = Path(f"{self._path}-journal")
        found = hashlib.sha256()
        try:
            if journal.exists():
                return None
            with Path(self._path).open("rb") as stream:
                while piece := stream.read(_PIECE):
                    found.update(piece)
            return None if journal.exists() else found.hexdigest()
        except OSError:
            return None

    def check(self) -> None:
        """Read the whole file for damage; slow for a large one.

        Raises:
            LedgerDamagedError: it is damaged.
        """
        with self._reading():
            found = self._connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(found)
