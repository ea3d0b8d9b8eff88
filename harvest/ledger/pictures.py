"""Pictures of cells: each stands once, under the hash of its bytes, however many cells look like it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping

from harvest.ledger import codec
from harvest.ledger.loading import newest_readings, rows
from harvest.model import CellPicture, CellPlace, Picture
from spec.names import parse_field_name


def add(connection: sqlite3.Connection, reading: int, pictures: Iterable[CellPicture]) -> None:
    """Keep the pictures that belong to a reading."""
    for place, one in enumerate(pictures):
        picture, sha256 = one.picture, one.picture.sha256
        connection.execute(
            "INSERT OR IGNORE INTO pictures VALUES (?, ?, ?, ?, ?)",
            (sha256, picture.kind, picture.width, picture.height, picture.data),
        )
        connection.execute(
            "INSERT INTO picture_places VALUES (?, ?, ?, ?, ?)",
            (reading, place, str(one.name), one.page, sha256),
        )


def known(
    connection: sqlite3.Connection, returns: Collection[str], *, active_only: bool = True
) -> Mapping[CellPlace, str]:
    """The hash of each picture of a facility's cell in the newest readings of these returns."""
    heads = dict(newest_readings(connection, returns, active_only=active_only))
    sql = "SELECT reading, name, page, sha256 FROM picture_places WHERE {} ORDER BY reading, place"
    return {
        place: sha256
        for reading, text, page, sha256 in rows(connection, sql, "reading", heads.keys())
        if (name := parse_field_name(codec.text_out(text)))
        and (place := CellPlace.of(heads[reading], page, name))
    }


def loaded(
    connection: sqlite3.Connection, cells: Iterable[CellPlace], hashes: Mapping[CellPlace, str], most: int
) -> Iterator[tuple[CellPlace, Picture]]:
    """The pictures of these cells, in their order, until together they would have more than `most` bytes."""
    met: dict[str, Picture] = {}
    moved = _without_category(hashes)
    for cell in cells:
        sha256 = hashes.get(cell) or moved.get(cell._replace(category=""))
        if sha256 is None:
            continue
        if sha256 not in met:
            row = connection.execute(
                "SELECT kind, width, height, data FROM pictures WHERE sha256 = ?", (sha256,)
            ).fetchone()
            if row is None or (most := most - len(row[3])) < 0:
                return
            met[sha256] = Picture(*row)
        yield cell, met[sha256]


def _without_category(hashes: Mapping[CellPlace, str]) -> Mapping[CellPlace, str]:
    """The same for entries that somebody has moved to another category; not where two categories share a page."""
    found: dict[CellPlace, list[str]] = {}
    for cell, sha256 in hashes.items():
        found.setdefault(cell._replace(category=""), []).append(sha256)
    return {cell: several[0] for cell, several in found.items() if len(several) == 1}


def forget(connection: sqlite3.Connection, sha256: str) -> None:
    """Take out the pictures of a return's cells; those that another return's cell looks like stay for that."""
    readings = "reading IN (SELECT id FROM readings WHERE sha256 = ?)"
    connection.execute(f"DELETE FROM picture_places WHERE {readings}", (sha256,))  # noqa: S608 - a constant
    connection.execute("DELETE FROM pictures WHERE sha256 NOT IN (SELECT sha256 FROM picture_places)")
