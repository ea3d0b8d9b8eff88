"""The one way to take something out of the ledger: people's right to be forgotten.

Everything happens within an open run, which records that it was done, and only while a row in `forgetting` opens the
triggers that else refuse it (see `schema`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from harvest.ledger import codec, pictures

#: text -> the same without what is to be forgotten
Redact = Callable[[str], str]

#: table -> its key, and its columns that hold words
_TEXTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "runs": (("id",), ("note",)),
    "sightings": (("id",), ("path", "name", "mail_from", "mail_subject")),
    "readings": (("id",), ("producer",)),
    # a field of a form that is not ours may be called after somebody
    "fields": (("reading", "place"), ("name", "text")),
    "problems": (("id",), ("path", "place", "details")),
    "refusals": (("id",), ("path", "name", "mail_from", "mail_subject", "place", "details")),
    "hand_edits": (("id",), ("old", "new")),
    "hand_rows": (("id",), ("cells",)),
    "decisions": (("id",), ("value",)),
}
#: The readings of a document.
_READINGS = "reading IN (SELECT id FROM readings WHERE sha256 = ?)"
#: columns whose text is JSON
_PACKED: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any, Redact], Any], Callable[[Any], Any]]] = {
    "details": (
        codec.pairs_out,
        lambda pairs, redact: tuple((key, redact(value)) for key, value in pairs),
        codec.pairs_in,
    ),
    "cells": (
        codec.values_out,
        lambda values, redact: {key: redact(text) for key, text in values.items()},
        codec.values_in,
    ),
}
_NAMING = (
    ("hand_edits", "entry"),
    ("hand_rows", "entry"),
    ("hand_deletions", "entry"),
    ("decisions", "entry"),
    ("decisions", "other"),
)


class Forgetting:
    """What may be taken out; made by `Ledger.forgetting` only."""

    def __init__(self, connection: sqlite3.Connection, run: int) -> None:
        self._connection = connection
        self._run = run

    def documents(self, hashes: Collection[str]) -> None:
        """Take documents out with all that was read in them; their hashes stay, so that they are not read again."""
        self.pictures(hashes)
        for sha256 in sorted(hashes):
            for table in ("fields", "pages", "problems"):
                self._connection.execute(f"DELETE FROM {table} WHERE {_READINGS}", (sha256,))  # noqa: S608 - names of ours
            for table in ("readings", "rereads", "sightings", "documents"):
                self._connection.execute(f"DELETE FROM {table} WHERE sha256 = ?", (sha256,))  # noqa: S608 - names of ours
        self.keep_out(hashes)

    def pictures(self, hashes: Collection[str]) -> None:
        """Take out what cells of these documents look like: no word can be taken out of a picture."""
        for sha256 in sorted(hashes):
            pictures.forget(self._connection, sha256)

    def all_but(self, sha256: str, names: Collection[str]) -> None:
        """Take a document out but for the fields of these names; nothing stays of the ways on which it came but when."""
        self.pictures((sha256,))
        self._connection.execute(f"DELETE FROM problems WHERE {_READINGS}", (sha256,))  # noqa: S608 - a constant
        fields = self._connection.execute(
            f"SELECT reading, place, name FROM fields WHERE {_READINGS}",  # noqa: S608 - a constant
            (sha256,),
        )
        for reading, place, name in fields.fetchall():
            if codec.text_out(name) not in names:
                self._connection.execute(
                    "DELETE FROM fields WHERE reading = ? AND place = ?", (reading, place)
                )
        plain = codec.text_in(f"{sha256[:12]}.pdf")
        self._connection.execute(
            "UPDATE sightings SET path = ?, name = ?, mail_from = ?, mail_subject = ? WHERE sha256 = ?",
            (plain, plain, codec.text_in(""), codec.text_in(""), sha256),
        )
        self.keep_out((sha256,))

    def typed(self, sha256: str, kept: Collection[str] = ()) -> None:
        """Take out what people typed for cells of a document, but for the cells with these ids."""
        typed = self._connection.execute(
            "SELECT id, entry FROM decisions WHERE kind = 'typed' AND other = ?", (sha256,)
        ).fetchall()
        for identity, cell in typed:
            if cell not in kept:
                self._connection.execute("DELETE FROM decisions WHERE id = ?", (identity,))

    def quoted(self, gone: Callable[[str], bool]) -> None:
        """Take out what people's doings quote of words that no return says any more."""
        edits = self._connection.execute("SELECT id, old FROM hand_edits").fetchall()
        for identity, old in edits:
            if gone(codec.text_out(old)):
                self._connection.execute(
                    "UPDATE hand_edits SET old = ? WHERE id = ?", (codec.text_in(""), identity)
                )
        checked = self._connection.execute(
            "SELECT id, value FROM decisions WHERE kind = 'checked'"
        ).fetchall()
        for identity, value in checked:
            if gone(codec.text_out(value)):
                self._connection.execute("DELETE FROM decisions WHERE id = ?", (identity,))

    def keep_out(self, hashes: Collection[str]) -> None:
        """Documents with these hashes are not taken in again, whoever sends them."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO forgotten VALUES (?, ?)",
            [(sha256, self._run) for sha256 in sorted(hashes)],
        )

    def withhold(self, hashes: Collection[str]) -> None:
        """The names of these documents, and of what is in these containers, are not stored again."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO withheld VALUES (?, ?)", [(sha256, self._run) for sha256 in sorted(hashes)]
        )

    def refused(self, keys: Mapping[str, str]) -> None:
        """What was refused is known under other keys; the old ones were hashes of names, too."""
        for old, new in sorted(keys.items()):
            self._connection.execute("UPDATE refusals SET key = ? WHERE key = ?", (new, old))

    def words(self, redact: Redact) -> int:
        """Take words out of every text; how many texts held them."""
        count = 0
        for table, (keys, columns) in _TEXTS.items():
            for column in columns:
                count += self._column(table, keys, column, redact)
        return count

    def _column(self, table: str, keys: tuple[str, ...], column: str, redact: Redact) -> int:
        rows = self._connection.execute(f"SELECT {', '.join(keys)}, {column} FROM {table}").fetchall()  # noqa: S608 - names of ours
        place = " AND ".join(f"{key} = ?" for key in keys)
        count = 0
        for *key, stored in rows:
            changed = _redacted(column, stored, redact)
            if changed is not None:
                sql = f"UPDATE {table} SET {column} = ? WHERE {place}"  # noqa: S608 - names of ours
                self._connection.execute(sql, (changed, *key))
                count += 1
        return count

    def events(self, entries: Collection[str]) -> None:
        """Take out what people did to these entries."""
        for table, column in _NAMING:
            for entry in sorted(entries):
                self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (entry,))  # noqa: S608 - names of ours

    def rename(self, entries: Mapping[str, str]) -> None:
        """What people did to an entry goes on to be about it under its new id."""
        for table, column in _NAMING:
            for old, new in sorted(entries.items()):
                self._connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {column} = ?",  # noqa: S608 - names of ours
                    (new, old),
                )
        # two that were decided to be one and got one id need no decision
        self._connection.execute("DELETE FROM decisions WHERE other = entry")

    def snapshots(self, change: Callable[[Any], Any]) -> None:
        """Rewrite what earlier runs wrote to the register."""
        rows = self._connection.execute("SELECT run, packed FROM snapshots").fetchall()
        for run, packed in rows:
            changed = codec.packed(change(codec.unpacked(packed)))
            self._connection.execute("UPDATE snapshots SET packed = ? WHERE run = ?", (changed, run))


def _redacted(column: str, stored: Any, redact: Redact) -> Any | None:
    """What is to be stored instead; None where nothing has to go."""
    if column in _PACKED:
        unpack, change, pack = _PACKED[column]
        before = unpack(stored)
        after = change(before, redact)
        return None if after == before else pack(after)
    text = codec.text_out(stored)
    changed = redact(text)
    return None if changed == text else codec.text_in(changed)


@contextmanager
def opened(connection: sqlite3.Connection, run: int) -> Iterator[Forgetting]:
    """The triggers stand open within this; the caller's transaction closes them again whatever happens."""
    connection.execute("INSERT INTO forgetting VALUES (?)", (f"run {run}",))
    try:
        yield Forgetting(connection, run)
    finally:
        connection.execute("DELETE FROM forgetting")
