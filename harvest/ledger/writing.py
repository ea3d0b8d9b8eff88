"""One run: everything in it is recorded together or not at all."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from harvest.ledger import codec, pictures
from harvest.ledger.errors import UnknownRunError
from harvest.model import (
    Decision,
    Document,
    FieldReading,
    HandDeletion,
    HandEdit,
    HandRow,
    Problem,
    Provenance,
    Reading,
)
from harvest.reading.version import READER_VERSION
from spec.console.said import said
from spec.names import parse_field_name

#: Kinds of runs that only move marks; what they did is taken back by the opposite, not by undoing them.
UNDO, REDO = "undo", "redo"


class Run:
    """The open run of a ledger; made by `Ledger.run` only.

    Attributes:
        id: the number that the register carries.
        at: when it began.
        discarded: whether it leaves no trace: it turned out to change nothing.
        added: how much it holds so far.
    """

    def __init__(self, connection: sqlite3.Connection, identity: int, at: datetime) -> None:
        self._connection = connection
        self.id = identity
        self.at = at
        self.discarded = False
        self.added = 0
        self._traced = 0
        self._trace = hashlib.sha256()

    @property
    def trace(self) -> str | None:
        """Tells what the run added, as long as that is editions and new ways of known documents only.

        Two runs of one trace add the same. Empty where nothing was added, None where anything else was.
        """
        if self.added != self._traced:
            return None
        return self._trace.hexdigest() if self.added else ""

    def _added(self, *what: object) -> None:
        self.added += 1
        self._traced += 1
        self._trace.update(repr(what).encode("utf-8", "backslashreplace"))

    def _was_new(self) -> bool:
        """Whether the statement before added a row.

        Python's `rowcount` does not tell: it looks for the word INSERT with the computer's own pairs of letters, and
        where Turkish is spoken `I` and `i` are none.
        """
        return bool(self._connection.execute("SELECT changes()").fetchone()[0])

    # ------------------------------------------------------------ what came in

    def add_edition(self, edition: str, text: str) -> None:
        """Keep an edition's `edition.json`, so that the ledger explains its returns without the workspace."""
        self._connection.execute(
            "INSERT INTO editions SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM editions WHERE edition = ?)",
            (edition, self.id, codec.text_in(text), edition),
        )
        if self._was_new():
            self._added(edition, text)

    def add_document(
        self, document: Document, reading: Reading, fate: str = "new", *, again: bool = False
    ) -> bool:
        """Keep what was read in a document.

        Args:
            document: its bytes are not kept here, only hash, size and the way on which it came.
            reading: all that was found.
            fate: what became of it.
            again: keep a further reading of a known document (a newer program reads more); the newest counts.

        Returns:
            False where the document is known already (also from a run that was undone: it stays out until that
            is redone); then only the sighting is kept.
        """
        known = self._connection.execute(
            "SELECT 1 FROM documents WHERE sha256 = ?", (document.sha256,)
        ).fetchone()
        if not known:
            self._connection.execute(
                "INSERT INTO documents VALUES (?, ?, ?)", (document.sha256, self.id, len(document.data))
            )
        self.add_sighting(document.sha256, document.provenance)
        if known and not again:
            return False
        self.add_reading(document.sha256, reading, fate)
        return True

    def add_sighting(self, sha256: str, provenance: Provenance) -> None:
        """Keep on which way a known document came, unless that way is known."""
        row = _way(provenance)
        # Only ways of runs that count: one that was undone must not hide the same way found again.
        self._connection.execute(
            """INSERT INTO sightings (run, sha256, path, name, file_time, mail_time, mail_from, mail_subject, carrier)
            SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (
                SELECT 1 FROM sightings WHERE sha256 = ? AND path IS ? AND name IS ? AND file_time IS ?
                AND mail_time IS ? AND mail_from IS ? AND mail_subject IS ? AND carrier IS ? AND run IN active_runs)""",
            (self.id, sha256, *row, sha256, *row),
        )
        if self._was_new():
            self._added(sha256, row)

    def add_problem(self, path: str, problem: Problem) -> None:
        """Keep a problem of something that never became a document (refused before it had a hash)."""
        self._add_problems(None, path, (problem,))

    def add_refusal(self, key: str, sha256: str, provenance: Provenance, problem: Problem) -> bool:
        """Keep that something was seen and is no document.

        Args:
            key: the same for the same thing refused again for the same reason.
            sha256: of its bytes, or empty.
            provenance: the way on which it came.
            problem: why it was refused.

        Returns:
            False where that is known, also from a run that was undone.
        """
        self._connection.execute(
            """INSERT INTO refusals (run, key, sha256, path, name, file_time, mail_time, mail_from, mail_subject,
                carrier, code, severity, place, details)
            SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM refusals WHERE key = ?)""",
            (
                self.id,
                key,
                sha256,
                *_way(provenance),
                problem.code,
                problem.severity.value,
                codec.text_in(problem.place),
                codec.pairs_in(problem.details),
                key,
            ),
        )
        new = self._was_new()
        self.added += new
        return new

    def add_reading(self, sha256: str, reading: Reading, fate: str, reader: int = READER_VERSION) -> None:
        """Keep what was read in a known document; of several readings the newest counts."""
        cursor = self._connection.execute(
            """INSERT INTO readings (run, sha256, fate, pages, mod_date, producer, reader)
            VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (
                self.id,
                sha256,
                fate,
                reading.pages,
                codec.maybe_time_in(reading.mod_date),
                codec.text_in(reading.producer),
                reader,
            ),
        )
        identity = cursor.lastrowid
        self.added += 1
        self._connection.executemany(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (identity, place, page.number, page.edition, page.token, page.category, page.page)
                for place, page in enumerate(reading.found)
            ),
        )
        self._connection.executemany(
            "INSERT INTO fields VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((identity, place, *_field_row(field)) for place, field in enumerate(reading.fields)),
        )
        if reading.pictures:
            pictures.add(self._connection, int(identity or 0), reading.pictures)
        self._add_problems(identity, "", reading.problems)

    def _add_problems(self, reading: int | None, path: str, problems: Iterable[Problem]) -> None:
        self._connection.executemany(
            "INSERT INTO problems (run, reading, path, code, severity, place, details) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    self.id,
                    reading,
                    codec.text_in(path),
                    problem.code,
                    problem.severity.value,
                    codec.text_in(problem.place),
                    codec.pairs_in(problem.details),
                )
                for problem in problems
            ),
        )

    # ------------------------------------------------------------ what people did

    def add_edits(self, edits: Iterable[HandEdit], base: int | None = None) -> int:
        """Keep corrections made in the register that the run `base` wrote; how many were new.

        The same correction read twice from the same register (the file could not be replaced in between) is not
        new the second time, and counts as one.
        """
        return sum(
            self._add(
                "hand_edits",
                ("entry", "field", "old", "new"),
                (edit.entry_id, edit.column, codec.text_in(edit.old), codec.text_in(edit.new)),
                edit.at,
                base,
            )
            for edit in edits
        )

    def add_hand_rows(self, rows: Iterable[HandRow], base: int | None = None) -> int:
        """Keep rows added to the register; how many were new."""
        return sum(
            self._add(
                "hand_rows",
                ("entry", "category", "cells"),
                (row.entry_id, row.category, codec.values_in(row.values)),
                row.at,
                base,
            )
            for row in rows
        )

    def add_deletions(self, deletions: Iterable[HandDeletion], base: int | None = None) -> int:
        """Keep removals from the register; how many were new."""
        return sum(
            self._add("hand_deletions", ("entry",), (deletion.entry_id,), deletion.at, base)
            for deletion in deletions
        )

    def add_decisions(self, decisions: Iterable[Decision], base: int | None = None) -> int:
        """Keep decisions; how many were new."""
        return sum(
            self._add(
                "decisions",
                ("kind", "entry", "other", "field", "value", "guarded"),
                (
                    one.kind.value,
                    one.entry_id,
                    one.other,
                    one.column,
                    codec.text_in(one.value),
                    int(not one.unguarded),
                ),
                one.at,
                base,
            )
            for one in decisions
        )

    def _add(
        self, table: str, columns: tuple[str, ...], row: tuple[Any, ...], at: datetime, base: int | None
    ) -> int:
        same = " AND ".join(f"{column} IS ?" for column in columns)
        marks = ", ".join("?" * (len(columns) + 3))
        # Table and column names are the ones above. Without a base (the command line) every word is new.
        known = self._connection.execute(
            f"SELECT ? IS NOT NULL AND EXISTS "  # noqa: S608 - names of ours
            f"(SELECT 1 FROM {table} WHERE base IS ? AND {same} AND run IN active_runs)",
            (base, base, *row),
        ).fetchone()[0]
        # A word that is known is kept all the same: the run that said it first may be undone, this one not.
        self._connection.execute(
            f"INSERT INTO {table} (run, base, {', '.join(columns)}, at) VALUES ({marks})",  # noqa: S608 - names of ours
            (self.id, base, *row, codec.time_in(at)),
        )
        self.added += not known
        return int(not known)

    # ------------------------------------------------------------ what was written, undone, redone

    def add_snapshot(self, written: Mapping[str, Any]) -> None:
        """Keep what this run writes to the register: what the next one compares with."""
        self._connection.execute("INSERT INTO snapshots VALUES (?, ?)", (self.id, codec.packed(written)))

    def undo(self, target: int) -> None:
        """Take what a run added out of account.

        Raises:
            UnknownRunError: there is no such run, or it is undone, or it only moved marks itself.
        """
        self._mark(target, undone=True)

    def redo(self, target: int) -> None:
        """Take an undone run into account again.

        Raises:
            UnknownRunError: there is no such run, or it is not undone.
        """
        self._mark(target, undone=False)

    def _mark(self, target: int, *, undone: bool) -> None:
        found = self._connection.execute(
            "SELECT kind, id IN active_runs FROM runs WHERE id = ? AND id < ?", (target, self.id)
        ).fetchone()
        place = said("run {number}", number=target)
        if found is None:
            raise UnknownRunError(place, "There is no such run.", "`harvest runs` lists them.")
        kind, active = found
        if kind in {UNDO, REDO}:
            raise UnknownRunError(
                place, "This run is itself an undo or redo.", "Undo or redo the run that it was about."
            )
        if bool(active) is not undone:
            raise UnknownRunError(
                place,
                "This run is already undone." if undone else "This run is not undone.",
                "`harvest runs` lists them.",
            )
        self._connection.execute(
            "INSERT INTO marks (run, target, undone) VALUES (?, ?, ?)", (self.id, target, int(undone))
        )


def _way(provenance: Provenance) -> tuple[Any, ...]:
    return (
        codec.text_in(provenance.path),
        codec.text_in(provenance.name),
        codec.maybe_time_in(provenance.file_time),
        codec.maybe_time_in(provenance.mail_time),
        codec.text_in(provenance.mail_from),
        codec.text_in(provenance.mail_subject),
        provenance.carrier.value,
    )


def _field_row(field: FieldReading) -> tuple[Any, ...]:
    name = str(field.name)
    if parse_field_name(name) != field.name:
        raise ValueError(f"{field.name!r} is no field name that could be read back")
    box = field.place.box
    corners = (None, None, None, None) if box is None else box.as_tuple()
    confidence = codec.confidence_in(field.confidence)
    return name, codec.text_in(field.text), field.method.value, confidence, field.place.page, *corners
