"""After an upgrade: originals that an older version of the reader has read, read again, in a run of their own.

What a return says to the newer version is kept as a further reading of it, unless it is the same, or the newer version
fails where the older one did not. Nothing that people did loses what it was done to: rows that they touched stay as they
were read where the newer version finds none.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from harvest.ledger import Run, StoredReturn
from harvest.merge.facilities.equality import plain
from harvest.model import (
    CellPlace,
    Decision,
    DecisionKind,
    Document,
    FieldReading,
    Method,
    Reading,
    Severity,
)
from harvest.progress import Progress
from harvest.reading.assemble import assemble
from harvest.reading.model.raw_fields import Raw
from harvest.reading.model.reading_codec import from_bytes, to_bytes
from harvest.reading.pool.pool import raws
from harvest.reading.version import READER_VERSION
from harvest.results import Reread
from harvest.state.state import State, state_of
from harvest.version import VERSION
from harvest.workspace.intake import fate_of
from harvest.workspace.originals import path_of
from harvest.workspace.session import Session
from spec.console.screen import on_screen
from spec.names import EntryField, NilField, RowField
from spec.storage.atomic_files import replace_file

KIND = "reread"

#: What keeps a reader from finding what stands in a file, and is the computer's fault as often as the file's.
_FAILURES = frozenset({
    "damaged", "empty-file", "encrypted", "not-a-pdf", "ocr-failed", "ocr-not-installed", "pages-unread", "reader-crashed",
    "reader-memory", "reader-timeout", "too-large", "too-many-pictures",
})  # fmt: skip
#: What came of reading an original again.
SAME, FAILED, LOCKED, MISSING = "same", "failed", "locked", "missing"
#: category, row, page
_Row: TypeAlias = tuple[str, int, int]


@dataclass(slots=True)
class Again:
    """What was read again: the result to tell, its run if anything is new, and outcomes that are no readings."""

    result: Reread | None = None
    run: Run | None = None
    outcomes: dict[str, str] = field(default_factory=dict)


def read_again(session: Session, passwords: Sequence[str], progress: Progress, *, dry_run: bool) -> Again:
    """Read what an older version of the reader has read, within an open transaction.

    Raises:
        NothingDoneError: the ledger can't be written.
    """
    due = _due(session, passwords)
    if not due:
        return Again()
    again = Again()
    with session.ledger.run(KIND, session.at, after=session.after) as run:
        work = _Rereading(session, again, due, dry_run=dry_run)
        for sha256, reading in work.readings(passwords, progress):
            run.add_reading(sha256, reading, fate_of(reading).value)
        run.discarded = not work.changed
        again.run = run if work.changed else None
    again.result = work.result(run.id if work.changed and not dry_run else None)
    return again


def forget_progress(session: Session) -> None:
    """Remove what an interrupted run would need: this one is done."""
    with suppress(OSError):
        shutil.rmtree(session.workspace.reread)
        session.workspace.reread.parent.rmdir()


def _due(session: Session, passwords: Sequence[str]) -> dict[str, StoredReturn]:
    """Returns to be read again. What failed once for want of something is tried again once that is there."""
    folder = session.workspace.originals
    wanted = tuple(
        sha256
        for sha256, outcome in session.ledger.outdated(READER_VERSION).items()
        if not (outcome == LOCKED and not passwords)
        if not (outcome == MISSING and path_of(folder, sha256) is None)
    )
    if not wanted:
        return {}
    return {one.document.sha256: one for one in session.ledger.why((), wanted).returns if one.document.active}


class _Rereading:
    def __init__(
        self, session: Session, again: Again, due: Mapping[str, StoredReturn], *, dry_run: bool
    ) -> None:
        self._session = session
        self._again = again
        self._due = due
        self._progress = _Cache(None if dry_run else session.workspace.reread, session.editions.by_id)
        self._missing: list[str] = []
        self._failed: list[str] = []
        self._found: Counter[str] = Counter()
        self._read = 0
        self.changed = 0
        self._touched = _touched(state_of(session.ledger, session.editions))

    def result(self, run: int | None) -> Reread:
        return Reread(
            run, self._read, self.changed, dict(self._found), tuple(self._failed), tuple(self._missing)
        )

    def readings(self, passwords: Sequence[str], progress: Progress) -> Iterator[tuple[str, Reading]]:
        """Those that say something else than before."""
        editions = self._session.editions.by_id
        label = on_screen(self._session.words)("say.progress.again")
        with closing(self._raws(passwords)) as found:
            for document, raw in progress(found, label, len(self._due)):
                self._read += 1
                reading = self._compared(document, assemble(raw, editions))
                if reading is not None:
                    self.changed += 1
                    yield document.sha256, reading

    def _raws(self, passwords: Sequence[str]) -> Generator[tuple[Document, Raw], None, None]:
        """What an interrupted run has read, then what is read now."""
        left = []
        for sha256, one in self._due.items():
            raw = self._progress.get(sha256)
            if raw is None:
                left.append(one)
            else:
                yield Document(b"", sha256, one.document.sightings[0]), raw
        editions = self._session.editions
        given = raws(self._documents(left), editions.by_id, passwords, drawings=editions.drawings)
        with closing(given) as found:
            for document, raw in found:
                self._progress.put(document.sha256, raw)
                yield document, raw

    def _documents(self, left: Sequence[StoredReturn]) -> Iterator[Document]:
        for one in left:
            document = self._original(one)
            if document is None:
                self._missing.append(one.document.file)
                self._again.outcomes[one.document.sha256] = MISSING
            else:
                yield document

    def _original(self, one: StoredReturn) -> Document | None:
        """The original as it came; None where it is gone or not what it was."""
        path = path_of(self._session.workspace.originals, one.document.sha256)
        if path is None:
            return None
        with suppress(OSError):
            document = Document.of(path.read_bytes(), one.document.sightings[0])
            return document if document.sha256 == one.document.sha256 else None
        return None

    def _compared(self, document: Document, new: Reading) -> Reading | None:
        """The reading to keep; None where the old one stays."""
        sha256, old = document.sha256, self._due[document.sha256].reading
        failures = _codes(new) & _FAILURES - _codes(old)
        if failures or (_says(old) and not _says(new)):
            self._failed.append(self._due[sha256].document.file)
            self._again.outcomes[sha256] = LOCKED if "encrypted" in failures else FAILED
            return None
        new = _with_touched(new, old, self._touched.get(sha256, frozenset()))
        places = {CellPlace.of(sha256, one.page, one.name) for one in new.pictures} - {None}
        if replace(new, pictures=()) == old and places <= self._session.ledger.pictured((sha256,)):
            self._again.outcomes[sha256] = SAME
            return None
        self._found.update(_difference(old, new))
        return new


def _codes(reading: Reading) -> frozenset[str]:
    return frozenset(one.code for one in reading.problems)


def _says(reading: Reading) -> bool:
    return bool(reading.found or any(one.text.strip() for one in reading.fields))


# ---------------------------------------------------------------- what people did


def _touched(state: State) -> Mapping[str, frozenset[_Row]]:
    """Return -> rows of entries that people edited or decided about, and of cells that they typed."""
    by_id = {identity: entry for entry in state.register.entries for identity in (entry.id, *entry.aliases)}
    events = state.events
    about = [one.entry_id for one in events.edits]
    about += [identity for one in events.decisions for identity in (one.entry_id, one.other)]
    found: dict[str, set[_Row]] = {}
    for entry in (by_id[one] for one in about if one in by_id):
        for source in entry.sources:
            found.setdefault(source.return_id, set()).add((entry.category, source.row, source.page))
    for said in state.submissions:
        if any(_is_typed(one, said.return_id) for one in events.decisions):
            rows = found.setdefault(said.return_id, set())
            rows |= {
                (sheet.category, row.number, cell.page)
                for sheet in said.sheets
                for row in sheet.rows
                for cell in row.unread
                if cell.answered
            }
    return {sha256: frozenset(rows) for sha256, rows in found.items()}


def _is_typed(one: Decision, return_id: str) -> bool:
    return one.kind is DecisionKind.TYPED and one.other == return_id


def _with_touched(new: Reading, old: Reading, rows: Collection[_Row]) -> Reading:
    """`new`, and of these rows what only the older version had found there."""
    if not rows:
        return new
    numbers = {row[:2] for row in rows}
    read = {one.name for one in new.fields}
    kept = [
        one
        for one in old.fields
        if isinstance(one.name, RowField | EntryField)
        and (one.name.category, one.name.row) in numbers
        and one.name not in read
    ]
    return replace(new, fields=(*new.fields, *kept)) if kept else new


# ---------------------------------------------------------------- what is found anew


def _difference(old: Reading, new: Reading) -> Counter[str]:
    """How much of each kind: values, changed and gone ones, cells to type up, notices."""
    before, now = _texts(old), _texts(new)
    both = before.keys() & now.keys()
    return Counter(
        values=len(now.keys() - before.keys()),
        changed=sum(before[name] != now[name] for name in both),
        gone=len(before.keys() - now.keys()),
        unread=len(_unread(new) - _unread(old)),
        notices=len({one for one in new.problems if one.severity is not Severity.NOTE} - set(old.problems)),
    )


def _texts(reading: Reading) -> Mapping[object, frozenset[str]]:
    found: dict[object, frozenset[str]] = {}
    for one in reading.fields:
        if isinstance(one.name, EntryField) or not _is_word(one):
            continue
        found[one.name] = found.get(one.name, frozenset()) | {plain(one.text)}
    return found


def _is_word(one: FieldReading) -> bool:
    text = one.text.strip()
    return bool(text) and not (isinstance(one.name, NilField) and text in {"/Off", "Off"})


def _unread(reading: Reading) -> frozenset[object]:
    return frozenset(
        (one.name, one.place.page)
        for one in reading.fields
        if one.method is Method.OCR and not one.text.strip()
    )


# ---------------------------------------------------------------- progress of an interrupted run


class _Cache:
    """Raw readings on the disk until the run is done; without a folder none."""

    def __init__(self, folder: Path | None, editions: Collection[str]) -> None:
        self._folder = folder
        known = f"{READER_VERSION} {VERSION} {sorted(editions)}"
        self._version = hashlib.sha256(known.encode()).hexdigest()[:12]

    def _path(self, sha256: str) -> Path | None:
        return None if self._folder is None else self._folder / f"{sha256}.{self._version}.json"

    def get(self, sha256: str) -> Raw | None:
        path = self._path(sha256)
        if path is None:
            return None
        with suppress(OSError, ValueError, KeyError, TypeError):
            return from_bytes(path.read_bytes())
        return None

    def put(self, sha256: str, raw: Raw) -> None:
        path = self._path(sha256)
        if path is None or any(one.code in _FAILURES for one in raw.problems):
            return
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, to_bytes(raw))
