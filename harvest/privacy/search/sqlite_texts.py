"""The texts in a file of SQLite's, such as a ledger that was set aside: what its tables hold, packed or not, and its free pages.

For the worker only (`search_worker`).
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing

from harvest import formats
from harvest.privacy.search.spellings import decoded, spelled

_MOST_PACKED = 64 * 1024 * 1024
#: what zlib begins with (RFC 1950, 2.2)
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"


def texts(data: bytes) -> Iterator[str]:
    """Every text in it; of a damaged one, what can be read."""
    # what was deleted stands in free pages
    yield data.decode("utf-8", "replace")
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(data)
            database.text_factory = bytes
            yield from _cells(database)
    except (sqlite3.Error, OverflowError):
        for found in _ZLIB.finditer(data):
            yield from decoded(_unpacked(data[found.start() : found.start() + _MOST_PACKED]))


def _cells(database: sqlite3.Connection) -> Iterator[str]:
    for (table,) in database.execute(_TABLES).fetchall():
        name = table.decode("utf-8", "replace").replace('"', '""')
        for row in database.execute(f'SELECT * FROM "{name}"'):  # noqa: S608 - a name out of the file, quoted
            for value in row:
                if isinstance(value, bytes):
                    yield from _cell(value)


def _cell(value: bytes) -> Iterator[str]:
    if _ZLIB.match(value):
        yield from decoded(_unpacked(value))
    elif not formats.is_picture(formats.suffix_of(value)):
        yield from spelled(value.decode("utf-8", "replace"))


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST_PACKED)
    except zlib.error:
        return b""
