"""Queries: rows back to the types that were put in."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from harvest.ledger import codec
from harvest.ledger.records import (
    Counts,
    HandEvent,
    HandEvents,
    Recorded,
    RunRecord,
    StoredDocument,
    StoredRefusal,
    StoredReturn,
)
from harvest.ledger.times import moment_of
from harvest.model import (
    EPOCH,
    Carrier,
    Decision,
    DecisionKind,
    FieldReading,
    HandDeletion,
    HandEdit,
    HandRow,
    Method,
    PageFound,
    Place,
    Problem,
    Provenance,
    Reading,
    Severity,
)
from spec.geometry import Box
from spec.names import FieldName, parse_field_name

# SQLite's own bound on `?` in one statement was 999 for long.
_AT_ONCE = 500
#: How many known documents each run has read again.
_READ_AGAIN = """SELECT readings.run, count(*) FROM readings JOIN documents USING (sha256)
    WHERE readings.run != documents.run GROUP BY readings.run"""
#: Documents that count and that no such version of the reader has read, or that it could not read then, and why.
_OUTDATED = """SELECT sha256, coalesce(
        (SELECT outcome FROM rereads WHERE rereads.sha256 = documents.sha256 AND reader >= :reader ORDER BY id DESC LIMIT 1), '')
    FROM documents WHERE run IN active_runs AND sha256 NOT IN (SELECT sha256 FROM forgotten)
    AND NOT EXISTS (SELECT 1 FROM readings WHERE readings.sha256 = documents.sha256 AND reader >= :reader)
    AND NOT EXISTS (SELECT 1 FROM rereads WHERE rereads.sha256 = documents.sha256 AND reader >= :reader
        AND outcome IN ('same', 'failed')) ORDER BY sha256"""
_METHODS = {method.value: method for method in Method}


def runs(connection: sqlite3.Connection) -> tuple[RunRecord, ...]:
    """All runs, the oldest first."""
    tables = ("documents", "hand_edits", "hand_rows", "hand_deletions", "decisions", "refusals")
    counts = {
        table: dict(connection.execute(f"SELECT run, count(*) FROM {table} GROUP BY run").fetchall())  # noqa: S608 - names of ours
        for table in tables
    }
    again = dict(connection.execute(_READ_AGAIN).fetchall())
    rows = connection.execute("SELECT id, kind, at, version, note, id IN active_runs FROM runs ORDER BY id")
    return tuple(
        RunRecord(
            identity,
            kind,
            codec.time_out(at),
            version,
            codec.text_out(note),
            bool(active),
            Counts(*(count.get(identity, 0) for count in (*(counts[table] for table in tables), again))),
        )
        for identity, kind, at, version, note, active in rows
    )


# ---------------------------------------------------------------- documents, and what was read in them


@dataclass(frozen=True, slots=True)
class _Head:
    """The newest reading of a document, without what was found in it; `earlier` are those before it that count."""

    reading: int
    sha256: str
    fate: str
    pages: int
    mod_date: datetime | None
    producer: str
    run: int
    earlier: tuple[_Head, ...] = ()


def documents(
    connection: sqlite3.Connection, only: Collection[str] | None = None
) -> tuple[StoredDocument, ...]:
    """Documents by hash; all, or these."""
    heads = {head.sha256: head for head in _heads(connection, only, active_only=False)}
    sightings = _sightings(connection, only)
    problems = _problems(connection, [head.reading for head in heads.values()])
    return tuple(
        _document(row, heads[row[0]], sightings[row[0]], problems)
        for row in rows(
            connection,
            "SELECT sha256, size, run, run IN active_runs FROM documents WHERE {} ORDER BY sha256",
            "sha256",
            only,
        )
        if row[0] in heads
    )


def returns(
    connection: sqlite3.Connection,
    only: Collection[str] | None = None,
    *,
    active_only: bool = True,
    blank_dates: Collection[datetime] = (),
) -> tuple[StoredReturn, ...]:
    """Returns by hash with their newest reading that counts."""
    heads = sorted(_heads(connection, only, active_only=active_only), key=lambda head: head.sha256)
    stored = {document.sha256: document for document in documents(connection, only)}
    identities = [one.reading for head in heads for one in (head, *head.earlier)]
    pages, fields = _pages(connection, identities), _fields(connection, identities)
    problems = _problems(connection, identities)

    def reading(head: _Head) -> Reading:
        return Reading(
            head.pages,
            tuple(pages[head.reading]),
            tuple(fields[head.reading]),
            tuple(problems[head.reading]),
            head.mod_date,
            head.producer,
        )

    found = []
    for head in heads:
        document = stored[head.sha256]
        if active_only and not document.active:
            continue
        moment = moment_of(head.mod_date, document.sightings, blank_dates)
        earlier = tuple(map(reading, head.earlier))
        found.append(StoredReturn(document, reading(head), moment, head.run, earlier))
    return tuple(found)


def _document(
    row: tuple[Any, ...], head: _Head, sightings: list[Provenance], problems: dict[int, list[Problem]]
) -> StoredDocument:
    sha256, size, run, active = row
    # a way that an older version stored, and that was looked at again since, is one way
    looked_at = {_bare(way) for way in sightings if way.carrier}
    told = (way for way in dict.fromkeys(sightings) if way.carrier or way not in looked_at)
    ordered = tuple(sorted(told, key=_earliest))
    file = ordered[0].file if ordered else sha256
    return StoredDocument(
        sha256, size, run, head.fate, bool(active), file, ordered, tuple(problems[head.reading])
    )


def _bare(way: Provenance) -> Provenance:
    return replace(way, carrier=Carrier.UNKNOWN)


def _earliest(seen: Provenance) -> tuple[datetime, str, str, str, str, str]:
    times = [at for at in (seen.mail_time, seen.file_time) if at is not None]
    return min(times, default=EPOCH), seen.path, seen.name, seen.mail_from, seen.mail_subject, seen.carrier


def _heads(
    connection: sqlite3.Connection, only: Collection[str] | None, *, active_only: bool
) -> Iterable[_Head]:
    """The newest reading of each document that counts; of one that does not count the newest of all."""
    sql = """SELECT id, sha256, fate, pages, mod_date, producer, run, run IN active_runs FROM readings
        WHERE {} ORDER BY id"""
    read: dict[str, tuple[list[_Head], list[_Head]]] = defaultdict(lambda: ([], []))
    for identity, sha256, fate, pages, mod_date, producer, run, active in rows(
        connection, sql, "sha256", only
    ):
        at, by = codec.maybe_time_out(mod_date), codec.text_out(producer)
        read[sha256][bool(active)].append(_Head(identity, sha256, fate, pages, at, by, run))
    for undone, counting in read.values():
        if several := counting or ([] if active_only else undone):
            yield replace(several[-1], earlier=tuple(several[:-1]))


def outdated(connection: sqlite3.Connection, reader: int) -> dict[str, str]:
    """Documents that no such version of the reader has read, and what came of the last try; empty: there was none."""
    return dict(connection.execute(_OUTDATED, {"reader": reader}).fetchall())


def newest_readings(
    connection: sqlite3.Connection, only: Collection[str], *, active_only: bool
) -> Iterator[tuple[int, str]]:
    """The number of each document's newest reading, and the document's hash."""
    return ((head.reading, head.sha256) for head in _heads(connection, only, active_only=active_only))


def _sightings(connection: sqlite3.Connection, only: Collection[str] | None) -> dict[str, list[Provenance]]:
    found: dict[str, list[Provenance]] = defaultdict(list)
    # A document of an undone run is shown with its own sightings; one that counts takes no time from undone runs.
    sql = """SELECT sha256, path, name, file_time, mail_time, mail_from, mail_subject, carrier
        FROM sightings WHERE {} AND (
        run IN active_runs OR run = (SELECT run FROM documents WHERE documents.sha256 = sightings.sha256)) ORDER BY id"""
    for sha256, *way in rows(connection, sql, "sha256", only):
        found[sha256].append(provenance(way))
    return found


def provenance(way: Sequence[Any]) -> Provenance:
    """A way as it was recorded."""
    path, name, file_time, mail_time, mail_from, subject, carrier = way
    return Provenance(
        codec.text_out(path),
        codec.text_out(name),
        codec.maybe_time_out(file_time),
        codec.maybe_time_out(mail_time),
        codec.text_out(mail_from),
        codec.text_out(subject),
        Carrier(carrier),
    )


def refusals(connection: sqlite3.Connection, *, active_only: bool) -> tuple[StoredRefusal, ...]:
    """What was refused, each once, in the order of recording."""
    found: dict[str, StoredRefusal] = {}
    for key, sha256, run, active, code, severity, place, details, *way in connection.execute(
        """SELECT key, sha256, run, run IN active_runs, code, severity, place, details,
            path, name, file_time, mail_time, mail_from, mail_subject, carrier FROM refusals ORDER BY id"""
    ):
        problem = Problem(code, Severity(severity), codec.text_out(place), codec.pairs_out(details))
        if active or not active_only:
            one = StoredRefusal(key, sha256, provenance(way), problem, run, bool(active))
            found.setdefault(key, one)
    return tuple(found.values())


def _problems(connection: sqlite3.Connection, readings: Collection[int]) -> dict[int, list[Problem]]:
    found: dict[int, list[Problem]] = defaultdict(list)
    sql = "SELECT reading, code, severity, place, details FROM problems WHERE {} ORDER BY id"
    for reading, code, severity, place, details in rows(connection, sql, "reading", readings):
        problem = Problem(code, Severity(severity), codec.text_out(place), codec.pairs_out(details))
        found[reading].append(problem)
    return found


def _pages(connection: sqlite3.Connection, readings: Collection[int]) -> dict[int, list[PageFound]]:
    found: dict[int, list[PageFound]] = defaultdict(list)
    sql = "SELECT reading, number, edition, token, category, page FROM pages WHERE {} ORDER BY reading, place"
    for reading, *page in rows(connection, sql, "reading", readings):
        found[reading].append(PageFound(*page))
    return found


def _fields(connection: sqlite3.Connection, readings: Collection[int]) -> dict[int, list[FieldReading]]:
    found: dict[int, list[FieldReading]] = defaultdict(list)
    names: dict[str, FieldName] = {}  # the same few hundred names in every return of an edition
    sql = """SELECT reading, name, text, method, confidence, page, x0, y0, x1, y1 FROM fields
        WHERE {} ORDER BY reading, place"""
    for reading, name, text, method, confidence, page, x0, y0, x1, y1 in rows(
        connection, sql, "reading", readings
    ):
        if name not in names:
            names[name] = _name(name)
        place = Place(page, None if x0 is None else Box(x0, y0, x1, y1))
        field = FieldReading(names[name], codec.text_out(text), _METHODS[method], place, confidence)
        found[reading].append(field)
    return found


def _name(text: str) -> FieldName:
    if (name := parse_field_name(text)) is None:
        raise sqlite3.DatabaseError(f"the field name {text!r} is damaged")
    return name


# ---------------------------------------------------------------- what people did


def hand_events(connection: sqlite3.Connection) -> HandEvents:
    """All that counts, in the order of recording."""
    return HandEvents(
        tuple(edits(connection)),
        tuple(hand_rows(connection)),
        tuple(deletions(connection)),
        tuple(decisions(connection)),
    )


def edits(connection: sqlite3.Connection) -> Iterator[HandEdit]:
    """Corrections that count."""
    return (_edit(row) for row in _active(connection, "hand_edits"))


def hand_rows(connection: sqlite3.Connection) -> Iterator[HandRow]:
    """Added rows that count."""
    return (_hand_row(row) for row in _active(connection, "hand_rows"))


def deletions(connection: sqlite3.Connection) -> Iterator[HandDeletion]:
    """Removals that count."""
    return (_deletion(row) for row in _active(connection, "hand_deletions"))


def decisions(connection: sqlite3.Connection) -> Iterator[Decision]:
    """Decisions that count."""
    return (_decision(row) for row in _active(connection, "decisions"))


_COLUMNS = {
    "hand_edits": "at, entry, field, old, new",
    "hand_rows": "at, entry, category, cells",
    "hand_deletions": "at, entry",
    "decisions": "at, kind, entry, other, field, value, guarded",
}


def _has_guarded(connection: sqlite3.Connection) -> bool:
    """Not where a ledger is salvaged that an earlier version wrote: it is read as it is."""
    return any(row[1] == "guarded" for row in connection.execute("PRAGMA table_info(decisions)"))


def _active(connection: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    """What counts; the same word read again from the same register is one, as it was recorded first."""
    columns = _COLUMNS[table]
    if table == "decisions" and not _has_guarded(connection):
        columns = columns.replace("guarded", "0")
    sql = f"SELECT base, {columns} FROM {table} WHERE run IN active_runs ORDER BY id"  # noqa: S608 - names of ours
    seen = set()
    for base, at, *words in connection.execute(sql):
        key = (base, *words)
        if base is None or key not in seen:
            seen.add(key)
            yield at, *words


def recorded(connection: sqlite3.Connection, ids: Collection[str]) -> tuple[Recorded, ...]:
    """All that people did under these ids, also in undone runs, in the order of runs."""
    makers: dict[str, Callable[[tuple[Any, ...]], HandEvent]] = {
        "hand_edits": _edit,
        "hand_rows": _hand_row,
        "hand_deletions": _deletion,
        "decisions": _decision,
    }
    found: list[Recorded] = []
    for table, make in makers.items():
        sql = f"SELECT id, run, run IN active_runs, {_COLUMNS[table]} FROM {table} WHERE {{}} ORDER BY id"  # noqa: S608 - names of ours
        seen = {}
        for place in ("entry", "other") if table == "decisions" else ("entry",):
            for identity, run, active, *row in rows(connection, sql, place, ids):
                seen[identity] = Recorded(run, bool(active), make(tuple(row)))
        found.extend(seen.values())
    return tuple(sorted(found, key=lambda one: one.run))


def _edit(row: tuple[Any, ...]) -> HandEdit:
    at, entry, column, old, new = row
    return HandEdit(entry, column, codec.text_out(old), codec.text_out(new), codec.time_out(at))


def _hand_row(row: tuple[Any, ...]) -> HandRow:
    at, entry, category, cells = row
    return HandRow(entry, category, codec.values_out(cells), codec.time_out(at))


def _deletion(row: tuple[Any, ...]) -> HandDeletion:
    return HandDeletion(row[1], codec.time_out(row[0]))


def _decision(row: tuple[Any, ...]) -> Decision:
    at, kind, entry, other, column, value, guarded = row
    text = codec.text_out(value)
    return Decision(DecisionKind(kind), entry, codec.time_out(at), other, column, text, unguarded=not guarded)


def rows(
    connection: sqlite3.Connection, sql: str, column: str, only: Collection[Any] | None
) -> Iterator[tuple[Any, ...]]:
    """Rows of `sql`, whose `{}` becomes a condition on `column`; in pieces where the list is long."""
    if only is None:
        yield from connection.execute(sql.format("1"))
        return
    wanted = sorted(set(only))
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        yield from connection.execute(sql.format(f"{column} IN ({', '.join('?' * len(part))})"), part)
