"""Returned PDFs -> ledger -> register.

What is named here is the public interface; everything below is the program's own and may change.

    office = harvest.open("output")
    office.run()
    [entry.id for entry in office.entries()]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harvest.collection import Collection
    from harvest.model import Reading

__all__ = ["open", "read"]


def open(workspace: str | Path) -> Collection:  # noqa: A001 - as a user says it: harvest.open("output")
    """The collection in a workspace: its returns, ledger and register. Nothing is read or written yet.

    Args:
        workspace: the folder of the project, as `--workspace` names it.
    """
    from harvest.collection import Collection  # noqa: PLC0415 - `import harvest` alone loads nothing
    from spec.workspace import Workspace  # noqa: PLC0415

    return Collection(Workspace(Path(workspace)))


def read(path: str | Path, *, editions: Iterable[str | Path], passwords: Sequence[str] = ()) -> Reading:
    """What one returned PDF or picture says; nothing is stored. It is read in a process of its own, under limits.

    Args:
        path: the file.
        editions: the `edition.json` of each edition that it may be of, as `formgen build` wrote them.
        passwords: tried in turn if the file is protected.

    Returns:
        Fields with method and confidence, and problems: a bad file raises nothing.

    Raises:
        NothingDoneError: a file can't be opened.
        WrongInputError: an `edition.json` has faults.
    """
    from harvest.collection import read_file  # noqa: PLC0415 - `import harvest` alone loads nothing

    return read_file(Path(path), [Path(one) for one in editions], passwords)
