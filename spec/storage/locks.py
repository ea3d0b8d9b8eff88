"""One at a time: in a workspace, and at its mails. The system releases a lock when its process ends, however it ends."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from spec.console.said import refusal, said
from spec.errors import NothingDoneError
from spec.workspace import Workspace

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


@contextmanager
def only_run(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's lock.

    Raises:
        NothingDoneError: another run holds it, or the workspace can't be written.
    """
    with _alone(workspace.lock, "Another run is working in this workspace."):
        yield


@contextmanager
def only_mailer(workspace: Workspace) -> Iterator[None]:
    """Hold the lock of the mails.

    Raises:
        NothingDoneError: another run drafts or sends here, or the folder can't be written.
    """
    with _alone(workspace.mail / ".lock", "Mails are drafted or sent in this workspace just now."):
        yield


@contextmanager
def _alone(path: Path, busy: str) -> Iterator[None]:
    folder, lock = path.parent, FileLock(path, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise NothingDoneError(str(folder), busy, "Wait until that is done, then run again.") from None
    except OSError as error:
        if error.errno in _FULL:
            raise NothingDoneError(
                str(folder), "The disk is full; nothing was changed.", "Make room, then start again."
            ) from error
        raise NothingDoneError(
            str(folder),
            said("This folder can't be written ({reason}).", reason=refusal(error)),
            "Allow writing to the folder, or name another one with --workspace.",
        ) from error
    try:
        yield
    finally:
        lock.release()
