"""The ledger's tables, as numbered migrations. A migration that has been released is never changed, only followed.

Append-only: triggers refuse UPDATE and DELETE on every table. The one exception is for people's right to be forgotten:
within one transaction, a row in `forgetting` (which says why) opens the triggers, what must go is deleted, and the row is
deleted again. Nothing in the program does this on its own.
"""

from __future__ import annotations

import sqlite3
from hashlib import sha256

from harvest.ledger.errors import LedgerDamagedError, LedgerNewerError
from spec.console.said import said

#: "fgha" as a number: tells a ledger from any other SQLite file.
APPLICATION_ID = 0x66676861

_TABLES = (
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at TEXT NOT NULL, version TEXT NOT NULL, note TEXT NOT NULL)""",
    # Whether a run counts: its newest mark says so; none means it does.
    """CREATE TABLE marks (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, target INTEGER NOT NULL REFERENCES runs,
        undone INTEGER NOT NULL CHECK (undone IN (0, 1)))""",
    "CREATE TABLE editions (edition TEXT PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, text NOT NULL)",
    """CREATE TABLE documents (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), run INTEGER NOT NULL REFERENCES runs, size INTEGER NOT NULL)""",
    """CREATE TABLE sightings (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, sha256 TEXT NOT NULL REFERENCES documents,
        path NOT NULL, name NOT NULL, file_time TEXT, mail_time TEXT, mail_from NOT NULL, mail_subject NOT NULL)""",
    """CREATE TABLE readings (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, sha256 TEXT NOT NULL REFERENCES documents,
        fate TEXT NOT NULL, pages INTEGER NOT NULL, mod_date TEXT, producer NOT NULL)""",
    """CREATE TABLE pages (
        reading INTEGER NOT NULL REFERENCES readings, place INTEGER NOT NULL,
        number INTEGER NOT NULL, edition NOT NULL, token, category NOT NULL, page INTEGER NOT NULL,
        PRIMARY KEY (reading, place)) WITHOUT ROWID""",
    """CREATE TABLE fields (
        reading INTEGER NOT NULL REFERENCES readings, place INTEGER NOT NULL,
        name TEXT NOT NULL, text NOT NULL, method TEXT NOT NULL, confidence REAL NOT NULL,
        page INTEGER NOT NULL, x0 REAL, y0 REAL, x1 REAL, y1 REAL,
        PRIMARY KEY (reading, place)) WITHOUT ROWID""",
    # A document that was refused before it had a hash is known by its path alone.
    """CREATE TABLE problems (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, reading INTEGER REFERENCES readings,
        path NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL, place NOT NULL, details NOT NULL)""",
    # base: the run whose register was on the table when people wrote into it; NULL where nobody used a register.
    """CREATE TABLE hand_edits (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, entry TEXT NOT NULL,
        field TEXT NOT NULL, old NOT NULL, new NOT NULL, at TEXT NOT NULL)""",
    """CREATE TABLE hand_rows (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, entry TEXT NOT NULL,
        category TEXT NOT NULL, cells NOT NULL, at TEXT NOT NULL)""",
    """CREATE TABLE hand_deletions (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, entry TEXT NOT NULL, at TEXT NOT NULL)""",
    """CREATE TABLE decisions (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, kind TEXT NOT NULL,
        entry TEXT NOT NULL, other TEXT NOT NULL, field TEXT NOT NULL, value NOT NULL, at TEXT NOT NULL)""",
    "CREATE TABLE snapshots (run INTEGER PRIMARY KEY REFERENCES runs, packed BLOB NOT NULL)",
)
_INDEXES = (
    "CREATE INDEX marks_of ON marks (target)",
    "CREATE INDEX sightings_of ON sightings (sha256)",
    "CREATE INDEX readings_of ON readings (sha256)",
    "CREATE INDEX problems_of ON problems (reading)",
    "CREATE INDEX hand_edits_of ON hand_edits (entry)",
    "CREATE INDEX hand_rows_of ON hand_rows (entry)",
    "CREATE INDEX hand_deletions_of ON hand_deletions (entry)",
    "CREATE INDEX decisions_of ON decisions (entry)",
    "CREATE INDEX decisions_other ON decisions (other)",
)
_KEPT = (
    "runs", "marks", "editions", "documents", "sightings", "readings", "pages", "fields", "problems",
    "hand_edits", "hand_rows", "hand_deletions", "decisions", "snapshots", "migrations",
)  # fmt: skip
_TRIGGER = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""


def _triggers(*tables: str) -> tuple[str, ...]:
    return tuple(_TRIGGER.format(table=table, verb=verb) for table in tables for verb in ("UPDATE", "DELETE"))


#: What came in and is no document; how far mailboxes were read; and which documents people had removed.
_REFUSALS = (
    # key: the hash of the bytes and the reason, or the way and the reason where the bytes were not read.
    """CREATE TABLE refusals (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, key TEXT NOT NULL, sha256 TEXT NOT NULL,
        path NOT NULL, name NOT NULL, file_time TEXT, mail_time TEXT, mail_from NOT NULL, mail_subject NOT NULL,
        code TEXT NOT NULL, severity TEXT NOT NULL, place NOT NULL, details NOT NULL)""",
    "CREATE INDEX refusals_key ON refusals (key)",
    # Not part of a run: a mail that was read need not be read again after its run was undone.
    """CREATE TABLE mails (
        box NOT NULL, validity INTEGER NOT NULL, uid INTEGER NOT NULL, PRIMARY KEY (box, validity, uid)) WITHOUT ROWID""",
    # Hashes only: what was forgotten must not come back when somebody sends it again.
    """CREATE TABLE forgotten (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), run INTEGER NOT NULL REFERENCES runs)""",
    *_triggers("refusals", "mails", "forgotten"),
)

#: What cells of scans looked like. A picture stands once, under the hash of its bytes.
_PICTURES = (
    """CREATE TABLE pictures (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), kind TEXT NOT NULL, width INTEGER NOT NULL,
        height INTEGER NOT NULL, data BLOB NOT NULL)""",
    """CREATE TABLE picture_places (
        reading INTEGER NOT NULL REFERENCES readings, place INTEGER NOT NULL, name TEXT NOT NULL,
        page INTEGER NOT NULL, sha256 TEXT NOT NULL REFERENCES pictures,
        PRIMARY KEY (reading, place)) WITHOUT ROWID""",
    "CREATE INDEX picture_places_of ON picture_places (sha256)",
    *_triggers("pictures", "picture_places"),
)

#: Whose word a way carries follows from what kind of mail it was.
_CARRIERS = (
    "ALTER TABLE sightings ADD COLUMN carrier TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE refusals ADD COLUMN carrier TEXT NOT NULL DEFAULT ''",
)

#: Which version of the reader each reading is from; 0: one from before they were counted. What a later version made of a
#: return that gave no other reading: `same`, or why not: `failed`, `locked`, `missing`. Not part of a run: what was read
#: again need not be read once more after its run was undone.
_READERS = (
    "ALTER TABLE readings ADD COLUMN reader INTEGER NOT NULL DEFAULT 0",
    """CREATE TABLE rereads (
        id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES documents, reader INTEGER NOT NULL,
        outcome TEXT NOT NULL)""",
    "CREATE INDEX rereads_of ON rereads (sha256)",
    *_triggers("rereads"),
)

#: Documents that count, but whose ways and senders' names people had removed: they are not stored again.
_WITHHELD = (
    """CREATE TABLE withheld (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), run INTEGER NOT NULL REFERENCES runs)""",
    *_triggers("withheld"),
)

#: Whether it was looked at that a decision's value is text and no answer ("ja", "links"): earlier versions took both.
_GUARDED = ("ALTER TABLE decisions ADD COLUMN guarded INTEGER NOT NULL DEFAULT 0",)

#: A mailbox's address and its folders' names may name a person: what they are told apart by needs no names.
_BOXES = (
    "INSERT INTO forgetting VALUES ('names of mailboxes')",
    "UPDATE mails SET box = known_as(box)",
    "DELETE FROM forgetting",
)

#: Number -> (name, statements). Each is committed together with its record.
MIGRATIONS: dict[int, tuple[str, tuple[str, ...]]] = {
    1: (
        "the first ledger",
        (
            "CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL)",
            "CREATE TABLE forgetting (reason TEXT NOT NULL)",
            *_TABLES,
            *_INDEXES,
            *_triggers(*_KEPT),
            # What counts is asked in many places; here is what it means.
            """CREATE VIEW active_runs AS SELECT id FROM runs WHERE coalesce(
                (SELECT undone FROM marks WHERE target = runs.id ORDER BY id DESC LIMIT 1), 0) = 0""",
        ),
    ),
    2: ("what was refused, mails that were read, documents that were forgotten", _REFUSALS),
    3: ("pictures of cells", _PICTURES),
    4: ("what kind of mail brought a document", _CARRIERS),
    5: ("versions of the reader", _READERS),
    6: ("documents whose names were forgotten", _WITHHELD),
    7: ("decisions whose text is no answer", _GUARDED),
    8: ("mailboxes without their names", _BOXES),
}
NEWEST = max(MIGRATIONS)


def known_as(box: str) -> str:
    """What a mailbox's folder is known by, without its name."""
    return sha256(box.encode("utf-8", "surrogatepass")).hexdigest()


def bring_up_to_date(connection: sqlite3.Connection, path: str, version: str) -> None:
    """Create or migrate; every step is one transaction.

    Raises:
        LedgerNewerError: a newer version of the program wrote it.
        LedgerDamagedError: the file is a database, but no ledger.
    """
    connection.create_function("known_as", 1, known_as, deterministic=True)
    while (number := _next(connection, path)) is not None:
        name, statements = MIGRATIONS[number]
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have been quicker between looking and locking.
            if _next(connection, path) == number:
                for statement in statements:
                    connection.execute(statement)
                connection.execute("INSERT INTO migrations VALUES (?, ?, ?)", (number, name, version))
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _next(connection: sqlite3.Connection, path: str) -> int | None:
    """The number of the next migration, or None where all are done."""
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    done = connection.execute("PRAGMA user_version").fetchone()[0]
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if mark != APPLICATION_ID and not (mark == 0 and done == 0 and empty):
        raise LedgerDamagedError.at(path, "it is another program's database")
    if done > NEWEST:
        raise LedgerNewerError(
            path,
            said(
                "This ledger has format {done}; this version of the program knows formats up to {newest}.",
                done=done,
                newest=NEWEST,
            ),
            "Update the program; the ledger was not touched.",
        )
    return done + 1 if done < NEWEST else None
