"""A folder watched: whatever comes into it is harvested as soon as it is complete."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from harvest.commands.run import Request, harvest_returns
from harvest.results import RunResult
from harvest.sources.watch import Patience, batches
from spec.errors import NothingDoneError
from spec.words import Words
from spec.workspace import Workspace

#: Seconds until a batch is tried again that could not be harvested, say because the register was open.
TRY_AGAIN_AFTER = 30.0


@dataclass(slots=True)
class Watch:
    """A watched folder.

    Attributes:
        told: is handed the result of every run.
        failed: is handed what kept a run from being done; the files wait for the next try.
    """

    workspace: Workspace
    folder: Path
    told: Callable[[RunResult, Words], None]
    failed: Callable[[NothingDoneError], None]
    passwords: tuple[str, ...] = ()
    patience: Patience = field(default_factory=Patience)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    stop: Callable[[], bool] = lambda: False
    _waiting: list[Path] = field(default_factory=list)
    _next_try: float = 0.0

    def run(self) -> None:
        """Watch until `stop` says so."""
        for batch in batches(self.folder, self.patience, clock=self.clock, sleep=self.sleep, stop=self._look):
            self._waiting += [path for path in batch if path not in self._waiting]
            self._try()

    def _look(self) -> bool:
        """Asked before each look at the folder: the time to try again what could not be done."""
        if self._waiting and self.clock() >= self._next_try:
            self._try()
        return self.stop()

    def _try(self) -> None:
        there = tuple(path for path in self._waiting if path.exists())
        request = Request(self.workspace, there or (self.folder,), passwords=self.passwords, root=self.folder)
        try:
            result, words = harvest_returns(request)
        except NothingDoneError as error:
            if not self._next_try:
                self.failed(error)
            self._next_try = self.clock() + TRY_AGAIN_AFTER
            return
        self._waiting.clear()
        self._next_try = 0.0
        self.told(result, words)
