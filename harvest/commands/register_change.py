"""What every command returns that rewrites the register: which run, what people had done, where the file is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harvest.model import Problem, Severity
from harvest.results import problem_as_json
from harvest.summary import by_status
from harvest.workspace.session import Done, Session, set_aside
from spec.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from spec.words import Words


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """The register after a command; `run` is None in a dry run.

    Attributes:
        entries: how many entries it has, by status.
        hand: what people had done in it since: `edited`, `added`, `deleted`, `decided`.
        faults: what could not be taken over from it as it stood.
        side_file: where the new one went because the register could not be replaced.
    """

    run: int | None
    dry_run: bool
    entries: Mapping[str, int]
    hand: Mapping[str, int]
    faults: tuple[Problem, ...]
    register: Path
    side_file: Path | None
    backup: Path | None

    @classmethod
    def of(cls, session: Session, done: Done) -> RegisterChange:
        """What a command did."""
        file = done.file
        return cls(
            run=done.run,
            dry_run=file is None,
            entries=by_status(done.state.register),
            hand=done.hand.counts,
            faults=(*done.hand.faults, *set_aside(file)),
            register=session.workspace.register,
            side_file=file.path if file and file.blocked else None,
            backup=file.backup if file else None,
        )

    @property
    def exit_code(self) -> int:
        """1 where something needs a person, else 0."""
        look = self.side_file or any(one.severity is not Severity.NOTE for one in self.faults)
        return EXIT_NEEDS_PERSON if look else EXIT_DONE

    def as_json(self, words: Words) -> dict[str, Any]:
        """Keys: run, dry_run, entries, hand, faults, register, side_file, backup."""
        return {
            "run": self.run,
            "dry_run": self.dry_run,
            "entries": dict(self.entries),
            "hand": dict(self.hand),
            "faults": [problem_as_json(problem, words) for problem in self.faults],
            "register": str(self.register),
            "side_file": None if self.side_file is None else str(self.side_file),
            "backup": None if self.backup is None else str(self.backup),
        }
