"""What comes in, one document at a time: read, its original kept, recorded. Never more in memory than is being read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from harvest.ledger import Ledger, Run, SeenMail
from harvest.model import Document, Problem, Provenance, Reading, Severity
from harvest.model.intake import STEP
from harvest.progress import Progress
from harvest.reading.pool.pool import read_all
from harvest.results import Fate, Outcome
from harvest.sources import Found, Refused, documents
from harvest.sources.mailbox.imap import Account, documents_in
from harvest.sources.unpack import side_file
from harvest.workspace.forgotten_hashes import known as known_forgotten
from harvest.workspace.forgotten_hashes import without_name
from harvest.workspace.originals import hash_of, keep, path_of
from harvest.workspace.session import Session
from spec.console.screen import on_screen

#: What may be gone the next time by itself: said in this run, and not recorded.
PASSING = frozenset({"mailbox-interrupted", "not-downloaded", "not-found", "still-written"})


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a run looks.

    Attributes:
        paths: files and folders.
        root: what ways are told relative to; default: the folder, or a file's own.
        mailbox: read besides, if named.
        passwords: tried on protected files.
        further: read after all others.
    """

    paths: tuple[Path, ...] = ()
    root: Path | None = None
    mailbox: Account | None = None
    passwords: tuple[str, ...] = ()
    further: Iterable[Found] = ()


@dataclass(slots=True)
class SeenMails:
    """Mails that need not be read again, as the ledger knows them; new ones wait here until the run is committed."""

    ledger: Ledger
    fresh: list[SeenMail] = field(default_factory=list)

    def uids(self, box: str, validity: int) -> frozenset[int]:
        """What earlier runs have read."""
        return self.ledger.mails(box, validity)

    def add(self, box: str, validity: int, uid: int) -> None:
        """The mail was read."""
        self.fresh.append((box, validity, uid))


@dataclass(slots=True)
class Taken:
    """What came in: new documents, others seen again, and what was refused; `passing`: what no ledger keeps."""

    fresh: list[Outcome] = field(default_factory=list)
    again: list[Outcome] = field(default_factory=list)
    refused: list[Outcome] = field(default_factory=list)
    passing: int = 0

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All of them."""
        return tuple(chain(self.fresh, self.again, self.refused))


class Intake:
    """Takes in what the sources give, within an open run."""

    def __init__(self, session: Session, run: Run, sources: Sources, *, dry_run: bool) -> None:
        self._session = session
        self._run = run
        self._sources = sources
        self._dry_run = dry_run
        self._known = session.ledger.known()
        gone = known_forgotten(session.workspace, session.ledger)
        self._forgotten, self._withheld = gone.documents, gone.names
        self._containers: dict[str, str] = {}
        self._refused = {one.key for one in session.ledger.refusals(active_only=False)}
        self._fresh: set[str] = set()
        self._stale = _stale(session)
        self._later: list[tuple[str, Provenance]] = []
        self.mails = SeenMails(session.ledger)
        self.taken = Taken()

    def take(self, progress: Progress) -> Taken:
        """Read all that is new.

        Raises:
            NothingDoneError: the disk is full, the mailbox can't be opened.
        """
        editions = self._session.editions.by_id
        for edition in editions.values():
            self._run.add_edition(edition.edition, edition.to_json())
        drawings = self._session.editions.drawings
        readings = read_all(self._documents(), editions, self._sources.passwords, drawings=drawings)
        label = on_screen(self._session.words)("say.progress.returns")
        for document, reading in progress(readings, label, None):
            self._keep(document, reading)
        # A second copy may come while the first is still being read; its way is recorded after that.
        for sha256, way in self._later:
            self._run.add_sighting(sha256, way)
        return self.taken

    def _found(self) -> Iterator[Found]:
        sources = self._sources
        yield from documents(sources.paths, passwords=sources.passwords, root=sources.root)
        if sources.mailbox is not None:
            yield from documents_in(sources.mailbox, self.mails, passwords=sources.passwords)
        yield from sources.further

    def _fit_to_store(self) -> Iterator[Found]:
        """What is found, without names that were forgotten."""
        for found in self._found():
            sha256 = found.sha256 if self._withheld else ""
            if self._withheld and not sha256:
                sha256 = self._container(found.provenance)
            yield without_name(found, sha256) if sha256 in self._withheld else found

    def _container(self, way: Provenance) -> str:
        """The hash of the dropped file in which something stands whose bytes could not be read."""
        outer, folder = way.path.partition(STEP)[0], self._session.workspace.returns
        if outer not in self._containers:
            path = folder / outer
            self._containers[outer] = hash_of(path) if path.is_file() else ""
        return self._containers[outer]

    def _documents(self) -> Iterator[Document]:
        for found in self._fit_to_store():
            if isinstance(found, Refused):
                self._refuse(found)
            elif self._stale.pop(found.sha256, None):
                self._fresh.add(found.sha256)
                yield found
            elif found.decoration and refusal_key(side_file(found)) in self._refused:
                self._refuse(side_file(found))
            elif (
                found.sha256 in self._known or found.sha256 in self._fresh or found.sha256 in self._forgotten
            ):
                self._again(found)
            else:
                self._fresh.add(found.sha256)
                yield found
        while self._stale:
            sha256, way = self._stale.popitem()
            with suppress(OSError):
                if (path := path_of(self._session.workspace.originals, sha256)) is not None:
                    yield Document.of(path.read_bytes(), way)

    def _keep(self, document: Document, reading: Reading) -> None:
        if document.decoration and not reading.found:
            self._refuse(side_file(document))
            return
        if not self._dry_run:
            keep(document, self._session.workspace.originals)
        fate = fate_of(reading)
        self._run.add_document(document, reading, fate.value, again=document.sha256 in self._known)
        self.taken.fresh.append(Outcome(document.provenance.path, document.sha256, fate, reading.problems))

    def _again(self, document: Document) -> None:
        # what was wrong with it was said when it came; it is not said again
        fate = Fate.KNOWN
        if document.sha256 in self._forgotten:
            fate = Fate.FORGOTTEN
        elif not self._known.get(document.sha256, True):
            fate = Fate.UNDONE
        self.taken.again.append(Outcome(document.provenance.path, document.sha256, fate))
        # of a document whose names were forgotten no further way is recorded: it might say them again
        if fate is not Fate.FORGOTTEN and document.sha256 not in self._withheld:
            self._later.append((document.sha256, document.provenance))

    def _refuse(self, one: Refused) -> None:
        way, key = one.provenance, refusal_key(one)
        problems = (one.problem,)
        if one.problem.code in PASSING:
            self.taken.passing += one.problem.severity is not Severity.NOTE
        elif key in self._refused or one.sha256 in self._forgotten:
            self.taken.again.append(Outcome(way.path, one.sha256, Fate.KNOWN))
            return
        else:
            self._refused.add(key)
            self._run.add_refusal(key, one.sha256, way, one.problem)
        self.taken.refused.append(Outcome(way.path, one.sha256, Fate.REFUSED, problems))


def _stale(session: Session) -> dict[str, Provenance]:
    """Returns of editions that are known since now, by hash, with the way on which each came: they can be read now."""
    since_now = session.editions.by_id.keys() - session.ledger.editions().keys()
    if not since_now:
        return {}
    return {
        one.document.sha256: one.document.sightings[0]
        for one in session.ledger.active_submissions_input()
        if one.document.sightings and unknown_editions(one.reading.problems) & since_now
    }


def refusal_key(one: Refused) -> str:
    """The same for the same thing refused again; one file from two senders is two, since each has to be told."""
    parts = (one.sha256 or one.provenance.path, one.problem.code, one.provenance.mail_from)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def unknown_editions(problems: Iterable[Problem]) -> frozenset[str]:
    """Editions of which nobody knew what they ask, so that nothing of them could be taken over."""
    missed = (problem for problem in problems if problem.code == "unknown-edition")
    return frozenset(value for problem in missed for key, value in problem.details if key == "edition")


def fate_of(reading: Reading) -> Fate:
    """Whether anything of ours could be read and understood."""
    ours = {page.edition for page in reading.found} | {one.name.edition for one in reading.fields}
    if ours - unknown_editions(reading.problems):
        return Fate.NEW
    lost = any(problem.severity is Severity.LOST for problem in reading.problems)
    return Fate.UNREADABLE if lost else Fate.NEW
