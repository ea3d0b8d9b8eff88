"""A run that is interrupted at its n-th step: `python -m tests.harvest.interrupted WORKSPACE N kill|full`.

A step is whatever makes a file last: fsync, a rename, a commit. Prints what became of the run; killed, it prints nothing.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import harvest.workspace.intake
from harvest.commands.run import Request, harvest_returns
from harvest.model import Document, Reading
from harvest.reading import read
from spec.errors import NothingDoneError
from spec.wire import EditionFile
from spec.workspace import Workspace

KILLED = 9


class Steps:
    """Counts steps; at the given one the run ends."""

    def __init__(self, last: int, how: str) -> None:
        self.done = 0
        self.last = last
        self.how = how

    def step(self) -> None:
        self.done += 1
        if self.done == self.last:
            if self.how == "kill":
                os._exit(KILLED)
            raise OSError(28, "No space left on device")

    def before(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def acting(*args: Any, **kwargs: Any) -> Any:
            self.step()
            return act(*args, **kwargs)

        return acting


def read_here(
    documents: Iterable[Document],
    editions: Mapping[str, EditionFile],
    passwords: Any = (),
    *,
    drawings: Any = None,
) -> Iterator[tuple[Document, Reading]]:
    """Without workers: what is tried out here is what happens afterwards."""
    for document in documents:
        yield document, read(document.data, editions, passwords, drawings=drawings)


def interrupted(workspace: Workspace, last: int, how: str) -> str:
    """Run until the given step; `done <steps>`, or `refused <step after the commit?>`."""
    steps = Steps(last, how)
    committed = []

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *args: Any) -> Any:
            if sql != "COMMIT":
                return super().execute(sql, *args)
            try:
                steps.step()
            except OSError as error:
                raise sqlite3.OperationalError("database or disk is full") from error
            found = super().execute(sql, *args)
            committed.append(steps.done)
            return found

    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: connect(*args, **kwargs, factory=Connection)  # type: ignore[assignment]
    os.fsync = steps.before(os.fsync)
    os.replace = steps.before(os.replace)
    vars(harvest.workspace.intake)["read_all"] = read_here
    try:
        harvest_returns(Request(workspace))
    except NothingDoneError:
        return f"refused {'late' if committed else 'early'}"
    return f"done {steps.done}"


if __name__ == "__main__":
    print(interrupted(Workspace(Path(sys.argv[1])), int(sys.argv[2]), sys.argv[3]))
