"""One run at a time in a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from spec.errors import NothingDoneError
from spec.workspace import Workspace


@contextmanager
def only_run(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's lock; the system releases it when the process ends, however it ends.

    Raises:
        NothingDoneError: another run holds it, or the workspace can't be written.
    """
    try:
        workspace.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(workspace.lock, timeout=0)
        lock.acquire()
    except Timeout as error:
        raise NothingDoneError(
            str(workspace.root),
            "Another run is working in this workspace.",
            "Wait until it has finished, then run again.",
        ) from error
    except OSError as error:
        raise NothingDoneError(
            str(workspace.root),
            f"This workspace can't be written ({error.strerror or error}).",
            "Allow writing to the folder, or name another one with --workspace.",
        ) from error
    try:
        yield
    finally:
        lock.release()
