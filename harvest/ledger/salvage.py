"""What can still be taken from a damaged ledger: table by table, row by row, as far as SQLite reads it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from harvest.ledger import codec, loading
from harvest.ledger.records import HandEvents
from harvest.model import Provenance

_Found = TypeVar("_Found")
_HASH = 64
# What SQLite reads of a damaged file may be anything.
_SPOILT = (sqlite3.Error, ValueError, KeyError, TypeError, IndexError, OverflowError)


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What could be read.

    Attributes:
        events: what people did, as far as it counted.
        ways: document's hash -> the way on which it came.
        last_run: the highest number of a run.
        forgotten, withheld: hashes of documents that may not come back, and of those whose names may not.
    """

    editions: dict[str, str] = field(default_factory=dict)
    events: HandEvents = field(default_factory=HandEvents)
    ways: dict[str, Provenance] = field(default_factory=dict)
    last_run: int = 0
    forgotten: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()


def salvage(path: Path) -> Salvaged:
    """Read what can be read of the file; nothing where it is no ledger at all. The file is not changed."""
    if not path.exists():
        return Salvaged()
    with suppress(sqlite3.Error, OSError), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA query_only = ON")
        return Salvaged(
            dict(_read(connection, _editions)),
            HandEvents(
                tuple(_read(connection, loading.edits)),
                tuple(_read(connection, loading.hand_rows)),
                tuple(_read(connection, loading.deletions)),
                tuple(_read(connection, loading.decisions)),
            ),
            dict(_read(connection, _ways)),
            max(_read(connection, _numbers), default=0),
            frozenset(_read(connection, partial(_hashes, table="forgotten"))),
            frozenset(_read(connection, partial(_hashes, table="withheld"))),
        )
    return Salvaged()


def _read(
    connection: sqlite3.Connection, rows: Callable[[sqlite3.Connection], Iterator[_Found]]
) -> Iterator[_Found]:
    """Rows until the first that can't be read."""
    with suppress(*_SPOILT):
        yield from rows(connection)


def _editions(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for edition, text in connection.execute("SELECT edition, text FROM editions"):
        yield edition, codec.text_out(text)


def _ways(connection: sqlite3.Connection) -> Iterator[tuple[str, Provenance]]:
    known = {name for _, name, *_ in connection.execute("PRAGMA table_info(sightings)")}
    carrier = "carrier" if "carrier" in known else "''"
    sql = f"SELECT sha256, path, name, file_time, mail_time, mail_from, mail_subject, {carrier} FROM sightings ORDER BY id DESC"  # noqa: S608 - names of ours
    for sha256, *way in connection.execute(sql):
        yield sha256, loading.provenance(way)


def _hashes(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    for (sha256,) in connection.execute(f"SELECT sha256 FROM {table}"):  # noqa: S608 - names of ours
        if len(str(sha256)) == _HASH:
            yield str(sha256)


def _numbers(connection: sqlite3.Connection) -> Iterator[int]:
    for (number,) in connection.execute("SELECT id FROM runs"):
        yield int(number)
