"""Who may read what a run writes: in a new workspace its owner alone, in any other whoever may read it already."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from spec.workspace import Workspace

_OWNER_ALONE = 0o077


@contextmanager
def rights_of(workspace: Workspace) -> Iterator[None]:
    """New files and folders get the rights for group and others that the ledger has, or what is left of the workspace.

    What a run replaces keeps its own. Windows has no such rights: there the folder's count.
    """
    if os.name == "nt":
        yield
        return
    before = os.umask(_mask(workspace))
    try:
        yield
    finally:
        os.umask(before)


def _mask(workspace: Workspace) -> int:
    for path in (workspace.ledger, workspace.originals, workspace.register):
        try:
            mode = path.stat().st_mode
        except OSError:
            continue
        refused = 0
        for read, write, all_of_it in (
            (stat.S_IRGRP, stat.S_IWGRP, stat.S_IRWXG),
            (stat.S_IROTH, stat.S_IWOTH, stat.S_IRWXO),
        ):
            if not mode & read:
                refused |= all_of_it
            elif not mode & write:
                refused |= write
        return refused
    return _OWNER_ALONE
