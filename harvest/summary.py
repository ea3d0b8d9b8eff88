"""What the merged state comes to in numbers, and the file in which a run leaves them for the next one.

A run that finds nothing new needs the state only to see that the register shows it already. The file keeps that answer
under a key of everything that the state follows from: the ledger's bytes, the editions with recipients and rounds, the
program, the clock's zone. Under any other key, damaged, or gone, it is worth nothing and the state is computed; whoever
deletes it loses nothing. Counts, times and hashes stand in it, no word of anybody.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import rapidfuzz

from harvest.ledger import Ledger
from harvest.model import Register, Severity
from harvest.state.editions import Editions
from harvest.state.retention import Expired, longest_kept, none_expired
from harvest.state.state import State
from harvest.version import VERSION
from spec.storage.atomic_files import replace_file
from spec.workspace import Workspace

#: Raised whenever the file's content changes its meaning.
_SHAPE = 1
#: A file of ours has about a thousand bytes.
_LARGEST = 64 * 1024
_PACKAGES = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Summary:
    """What is told of a state.

    Attributes:
        shown: fingerprint of what the register shows (`state.fingerprint`); empty where nobody asked for it.
        added: what the run that counted had added before it was rolled back (`Run.trace`), since the register shows
            nothing of it.
        at: when it was counted.
        longest_kept: when the return came that was kept longest; None without returns.
        latest_return: the newest return's time; None without returns.
    """

    shown: str
    added: str
    at: datetime
    longest_kept: datetime | None
    returns: int
    latest_return: datetime | None
    reporters: int
    nils: int
    entries: Mapping[str, int]
    to_do: Mapping[str, int]

    @classmethod
    def of(cls, state: State, at: datetime, shown: str = "", added: str = "") -> Summary:
        """Count what a state holds."""
        return cls(
            shown=shown,
            added=added,
            at=at,
            longest_kept=longest_kept(state, at),
            returns=len(state.returns),
            latest_return=max((one.moment.at for one in state.returns), default=None),
            reporters=state.register.answering,
            nils=len(state.register.nils),
            entries=by_status(state.register),
            to_do=_to_do(state),
        )

    def none_expired(self, years: int, now: datetime) -> Expired | None:
        """What is due where nothing can be; None where only the state can tell."""
        if years and now < self.at:  # a clock was set back: what is old now was not counted then
            return None
        return none_expired(self.longest_kept, years, now)


def by_status(register: Register) -> Mapping[str, int]:
    """How many entries stand how, by status."""
    return Counter(entry.status.value for entry in register.entries)


def _to_do(state: State) -> dict[str, int]:
    """What waits for a person, by kind; a pair of possible duplicates counts once."""
    entries = state.register.entries
    pairs = {frozenset((one.entry_id, one.other)) for entry in entries for one in entry.duplicates}
    lost = [
        one
        for one in state.returns
        if one.document.sha256 not in state.settled
        and any(problem.severity is not Severity.NOTE for problem in one.reading.problems)
    ]
    uncompared = {"uncompared": state.register.uncompared} if state.register.uncompared else {}
    return {
        "documents": len(lost) + len(state.refusals),
        "duplicates": len(pairs),
        "conflicts": sum(len(entry.conflicts) for entry in entries),
        "checks": sum(1 for _ in state.register.checks),
        **uncompared,
    }


# ---------------------------------------------------------------- the key


def key_of(ledger: Ledger, editions: Editions) -> str | None:
    """A hash of all that `state_of(ledger, editions)` follows from; None while the ledger is being written.

    Ask before a transaction or after it, and where a summary is to be kept, only while nobody else can write.
    """
    content = ledger.digest()
    if content is None:
        return None
    known = [
        repr(sorted(value.items()) if isinstance(value, Mapping) else value)
        for value in (getattr(editions, one.name) for one in fields(editions))
    ]
    # the day of a mail is told by the clock's zone
    zone = (time.tzname, time.timezone, time.altzone, os.environ.get("TZ", ""))
    parts = json.dumps([_SHAPE, content, known, _program(), zone])
    return hashlib.sha256(parts.encode("utf-8", "backslashreplace")).hexdigest()


def _program() -> list[object]:
    """Tells this program from any other, also where a version was changed without saying so."""
    return [VERSION, sys.version, rapidfuzz.__version__, sorted(_sources())]


def _sources() -> Iterator[tuple[str, int, int]]:
    for package in ("harvest", "spec"):
        for folder, _, names in os.walk(_PACKAGES / package):
            for name in names:
                if name.endswith((".py", ".toml")):
                    path = Path(folder, name)
                    status = path.stat()
                    yield path.relative_to(_PACKAGES).as_posix(), status.st_size, status.st_mtime_ns


# ---------------------------------------------------------------- the file


def keep(workspace: Workspace, key: str | None, summary: Summary) -> None:
    """Leave it for the next run. Where that can't be done, the next run computes the state."""
    if key is None:
        return
    body = json.dumps({"shape": _SHAPE, "key": key, "summary": _as_json(summary)}, sort_keys=True)
    with suppress(OSError):
        replace_file(workspace.summary, f"{_seal(body)}\n{body}\n".encode())


def kept(workspace: Workspace, key: str | None) -> Summary | None:
    """What was left under this key; None where there is none, or one that is damaged."""
    if key is None:
        return None
    try:
        with workspace.summary.open("rb") as stream:
            seal, body, rest = stream.read(_LARGEST).decode().split("\n")
        if rest or seal != _seal(body):
            return None
        data = json.loads(body)
        return _from_json(data["summary"]) if (data["shape"], data["key"]) == (_SHAPE, key) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _seal(body: str) -> str:
    """Tells a file that is whole from one that a disk has damaged; against nobody's intent."""
    return hashlib.sha256(body.encode()).hexdigest()


_TIMES = ("at", "longest_kept", "latest_return")


def _as_json(summary: Summary) -> dict[str, Any]:
    data = {one.name: getattr(summary, one.name) for one in fields(summary)}
    times = {name: None if data[name] is None else data[name].isoformat() for name in _TIMES}
    # as lists: they come back in the order in which they are told
    counts = {name: list(data[name].items()) for name in ("entries", "to_do")}
    return {**data, **times, **counts}


def _from_json(data: Mapping[str, Any]) -> Summary:
    times = {name: None if data[name] is None else datetime.fromisoformat(data[name]) for name in _TIMES}
    return Summary(**{**data, **times, "entries": dict(data["entries"]), "to_do": dict(data["to_do"])})
