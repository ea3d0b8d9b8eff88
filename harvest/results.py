"""What the harvest's commands return: frozen data that one place prints, as text or as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from harvest.model import Problem, Severity, Submission
from harvest.problems import describe
from harvest.state.retention import Expired
from spec.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from spec.words import Words


class Fate(StrEnum):
    """What became of a document in a run."""

    NEW = "new"
    KNOWN = "known"
    UNDONE = "undone"  # it arrived in a run that was undone, and stays out until that run is redone
    FORGOTTEN = "forgotten"  # people had it removed for good; it is not read again
    UNREADABLE = "unreadable"
    REFUSED = "refused"  # not a PDF, or past a limit: never opened


@dataclass(frozen=True, slots=True)
class Outcome:
    """One document of a run: the way to it, its hash (empty where it was refused), and what became of it."""

    file: str
    sha256: str
    fate: Fate
    problems: tuple[Problem, ...] = ()

    @property
    def needs_person(self) -> bool:
        """Whether somebody has to look at it."""
        return any(problem.severity is not Severity.NOTE for problem in self.problems)

    def as_json(self, words: Words) -> dict[str, Any]:
        """Keys: file, sha256, fate, problems."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "fate": self.fate.value,
            "problems": [problem_as_json(problem, words) for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class Reread:
    """What the originals say to a newer version of the reader.

    Attributes:
        run: its number in the ledger; None where nothing was written.
        read: how many returns were read again; of them `changed` say something else now.
        found: what is found anew, by kind: `values`, `changed`, `gone`, `unread`, `notices`.
        failed: files that the new version could not read; what the old one had found in them stays.
        missing: files whose originals are gone; likewise.
    """

    run: int | None = None
    read: int = 0
    changed: int = 0
    found: Mapping[str, int] = field(default_factory=dict)
    failed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Keys: run, read, changed, found, failed, missing."""
        return {
            "run": self.run,
            "read": self.read,
            "changed": self.changed,
            "found": dict(self.found),
            "failed": list(self.failed),
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a harvest did.

    Attributes:
        run: number of the run in the ledger; None where nothing was written.
        entries: how many entries the register has, by status.
        to_do: what needs a person, by kind: `duplicates`, `conflicts`, `checks`, `documents`, `register`.
        register: the register that was written, or would be.
        side_file: where the register went instead because it could not be replaced.
        backup: the register that was replaced.
        hand: what people did in the register since: `edited`, `added`, `deleted`, `decided`.
        faults: what could not be taken over from the register as it stood.
        expired: how many returns are older than formgen.toml wants them kept; told, and removed by nobody here.
        empty: where the run looked and found nothing at all, not even what it knew.
        reread: what older originals say to a newer version of the program; None where none was read again.
    """

    run: int | None
    dry_run: bool
    outcomes: tuple[Outcome, ...]
    entries: Mapping[str, int]
    to_do: Mapping[str, int]
    register: Path
    changed: bool
    side_file: Path | None = None
    backup: Path | None = None
    hand: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Problem, ...] = ()
    expired: int = 0
    empty: tuple[Path, ...] = ()
    reread: Reread | None = None

    @property
    def exit_code(self) -> int:
        """1 where something needs a person, else 0."""
        waits = any(self.to_do.values()) or any(outcome.needs_person for outcome in self.outcomes)
        return EXIT_NEEDS_PERSON if waits or self.side_file else EXIT_DONE

    def as_json(self, words: Words) -> dict[str, Any]:
        """Keys: run, dry_run, documents, entries, hand, to_do, faults, register, changed, side_file, backup, reread."""
        return {
            "run": self.run,
            "dry_run": self.dry_run,
            "documents": [outcome.as_json(words) for outcome in self.outcomes],
            "entries": dict(self.entries),
            "hand": dict(self.hand),
            "to_do": dict(self.to_do),
            "faults": [problem_as_json(problem, words) for problem in self.faults],
            "register": str(self.register),
            "changed": self.changed,
            "side_file": None if self.side_file is None else str(self.side_file),
            "backup": None if self.backup is None else str(self.backup),
            "reread": None if self.reread is None else self.reread.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """What one document says.

    Attributes:
        names: category key -> name, for people.
        headings: column key -> heading, and `cover.` or `feedback.` with a field's key -> label, for people.
    """

    file: str
    sha256: str
    pages: int
    submissions: tuple[Submission, ...]
    problems: tuple[Problem, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """1 where something in the file needs a person, else 0."""
        look = any(problem.severity is not Severity.NOTE for problem in self.problems)
        return EXIT_NEEDS_PERSON if look else EXIT_DONE

    def as_json(self, words: Words) -> dict[str, Any]:
        """Keys: file, sha256, pages, submissions, problems."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "pages": self.pages,
            "submissions": [submission_as_json(submission) for submission in self.submissions],
            "problems": [problem_as_json(problem, words) for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class StatusResult:
    """Where the collection stands."""

    returns: int
    latest_return: datetime | None
    runs: int
    latest_run: datetime | None
    entries: Mapping[str, int]
    nils: int
    reporters: int
    to_do: Mapping[str, int]
    expired: Expired

    @property
    def exit_code(self) -> int:
        """1 where something needs a person, else 0."""
        look = any(self.to_do.values()) or self.expired.returns
        return EXIT_NEEDS_PERSON if look else EXIT_DONE

    def as_json(self) -> dict[str, Any]:
        """Keys: returns, latest_return, runs, latest_run, entries, nils, reporters, to_do, expired."""
        return {
            "returns": self.returns,
            "latest_return": None if self.latest_return is None else self.latest_return.isoformat(),
            "runs": self.runs,
            "latest_run": None if self.latest_run is None else self.latest_run.isoformat(),
            "entries": dict(self.entries),
            "nils": self.nils,
            "reporters": self.reporters,
            "to_do": dict(self.to_do),
            "expired": self.expired.as_json(),
        }


def problem_as_json(problem: Problem, words: Words) -> dict[str, str]:
    """Keys: code, severity, place, fault, remedy; the last two in plain words."""
    said = describe(problem, words)
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "place": problem.place,
        "fault": said.fault,
        "remedy": said.remedy,
    }


def submission_as_json(submission: Submission) -> dict[str, Any]:
    """Keys: edition, reporter, at, time_source, cover, feedback, sheets."""
    return {
        "edition": submission.edition,
        "reporter": {
            "kind": submission.reporter.kind.value,
            "key": submission.reporter.key,
            "label": submission.reporter.label,
        },
        "at": submission.moment.at.isoformat(),
        "time_source": submission.moment.source.value,
        "cover": {key: value.text for key, value in submission.cover.items()},
        "feedback": {key: value.text for key, value in submission.feedback.items()},
        "sheets": [
            {
                "category": sheet.category,
                "nil": sheet.nil,
                "rows": [
                    {
                        "row": row.number,
                        "entry": row.entry_id,
                        "values": {
                            column: {
                                "text": value.text,
                                "method": value.method.value,
                                "confidence": value.confidence,
                                "page": value.page,
                                "alternatives": [other.text for other in value.alternatives],
                            }
                            for column, value in row.values.items()
                        },
                    }
                    for row in sheet.rows
                ],
            }
            for sheet in submission.sheets
        ],
    }
