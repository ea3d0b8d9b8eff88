"""Waiting for new files in a folder.

By looking every few seconds: the notifications that watchdog would bring do not come from network drives and
sync clients, where offices keep their folders, and each file has to be looked at until it stops growing anyway.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harvest.sources.folder import State, files, lacks_end, state_of
from harvest.sources.kinds import is_unfinished


@dataclass(frozen=True, slots=True)
class Patience:
    """How a folder is watched.

    Attributes:
        interval: seconds between two looks.
        settle: seconds for which a file must stay as it is.
        empty: seconds for which a file may stay empty, keep the name of an unfinished download, or lack its end:
            copying may stall, and some programs reserve the whole file before they fill it.
    """

    interval: float = 2.0
    settle: float = 4.0
    empty: float = 120.0


@dataclass(slots=True)
class _Waiting:
    state: State
    since: float


def batches(
    folder: Path,
    patience: Patience | None = None,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[Path, ...]]:
    """Files that are new or changed and complete, in the order of names; at first all that are there.

    Hand them to `documents(batch, root=folder)`. Ends when `stop` says so, asked before each look.
    A folder that is away for a while (a network drive) is waited for.
    """
    patience = patience or Patience()
    done: dict[Path, State] = {}
    waiting: dict[Path, _Waiting] = {}
    while not stop():
        now = clock()
        there = {
            path: state for path in files(folder) if path != folder and (state := state_of(path)) is not None
        }
        for path, state in there.items():
            if done.get(path) == state:
                continue
            if path not in waiting or waiting[path].state != state:
                waiting[path] = _Waiting(state, now)
        # what is gone is no longer waited for; when it comes again, it is new
        waiting = {path: one for path, one in waiting.items() if path in there}
        done = {path: state for path, state in done.items() if path in there or not there}
        ready = tuple(sorted(path for path, one in waiting.items() if _ready(path, one, now, patience)))
        for path in ready:
            done[path] = waiting.pop(path).state
        if ready:
            yield ready
        sleep(patience.interval)


def _ready(path: Path, one: _Waiting, now: float, patience: Patience) -> bool:
    stood = now - one.since
    if stood < patience.settle or stood >= patience.empty:
        return stood >= patience.empty
    return one.state[0] > 0 and not is_unfinished(path.name) and not lacks_end(path)
