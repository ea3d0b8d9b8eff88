"""`mail/sent.jsonl`: what became of every mail, one line for each step, on the disk before the next step.

A mail is planned until `sending` is written, right before the end of its content goes to the server. Only a mail
whose last word is `sending` is uncertain: the server may or may not have taken it. It is not sent again without a
person's word. The log holds keys, times and reply codes; no address and no content.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from spec.console.failures import something_lasts
from spec.console.said import said
from spec.errors import NothingDoneError
from spec.storage.atomic_files import cannot_write
from spec.workspace import Workspace


class State(StrEnum):
    """How far a mail is."""

    PLANNED = "planned"
    SENDING = "sending"  # the last word before an answer of the server; alone it means: uncertain
    SENT = "sent"
    FAILED = "failed"  # the server refused for good (5xx)
    DEFERRED = (
        "deferred"  # the server put it off (4xx), or the connection broke before the mail was handed over
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the log.

    Attributes:
        sha256: of the draft; a mail that failed may be tried again once its draft is another one.
        code: the server's reply, 0 without one.
        reason: `smtp`, `connection`, `by-hand`, `retry`, `taken-back`.
        message_id: under which it went out; bounces name it.
    """

    key: str
    state: State
    at: datetime
    sha256: str = ""
    code: int = 0
    reason: str = ""
    message_id: str = ""


@dataclass(frozen=True)
class SentLog:
    """The log's steps, oldest first, and its file."""

    path: Path
    steps: tuple[Step, ...]

    def last(self) -> dict[str, Step]:
        """Key -> its last step."""
        return {step.key: step for step in self.steps}

    def add(self, step: Step) -> SentLog:
        """Write a step; it is on the disk when this returns.

        Raises:
            NothingDoneError: the disk refuses; the step counts as not taken.
        """
        body = {
            "key": step.key,
            "state": step.state.value,
            "at": step.at.astimezone(UTC).isoformat(timespec="seconds"),
            "sha256": step.sha256,
            "code": step.code,
            "reason": step.reason,
            "message_id": step.message_id,
        }
        line = json.dumps({key: value for key, value in body.items() if value}, ensure_ascii=True) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("r+b" if self.path.exists() else "xb") as file:
                size = file.seek(0, os.SEEK_END)
                if size:
                    file.seek(size - 1)
                    # a line that a crash cut off stays, as a line of its own
                    line = line if file.read(1) == b"\n" else f"\n{line}"
                file.write(line.encode("ascii"))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise cannot_write(self.path, error) from error
        something_lasts()
        return SentLog(self.path, (*self.steps, step))


def read_log(workspace: Workspace) -> SentLog:
    """The log; empty where nothing was ever sent.

    Raises:
        NothingDoneError: it can't be read, or something else than its last line is damaged.
    """
    path = workspace.mail / "sent.jsonl"
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return SentLog(path, ())
    except OSError as error:
        raise _unreadable(path, 0) from error
    steps = []
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                steps.append(_step(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            if not _cut_off(line):
                raise _unreadable(path, number) from error
    return SentLog(path, tuple(steps))


def _cut_off(line: bytes) -> bool:
    """Whether a crash cut this line off; it had not been taken for written then."""
    return not line.rstrip().endswith(b"}") and (line.startswith(b'{"key"') or b'{"key"'.startswith(line))


def _step(body: Any) -> Step:
    return Step(
        key=str(body["key"]),
        state=State(body["state"]),
        at=datetime.fromisoformat(body["at"]),
        sha256=str(body.get("sha256", "")),
        code=int(body.get("code", 0)),
        reason=str(body.get("reason", "")),
        message_id=str(body.get("message_id", "")),
    )


def _unreadable(path: Path, line: int) -> NothingDoneError:
    place = said("{path}, line {line}", path=path, line=line) if line else str(path)
    return NothingDoneError(
        place,
        "The log of what was sent can't be read.",
        "Restore it from a backup; without it partners could get mails twice.",
    )
