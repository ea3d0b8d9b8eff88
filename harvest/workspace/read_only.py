"""The ledger of a workspace, opened by commands that only look into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harvest.ledger import Ledger
from harvest.state.editions import Editions, load_editions, require_form
from harvest.version import VERSION
from harvest.workspace.lost_ledger import has_ledger, require_ledger
from spec.errors import NothingDoneError
from spec.workspace import Workspace


@contextmanager
def looked_into(workspace: Workspace) -> Iterator[tuple[Ledger, Editions]]:
    """The ledger, and the editions that are known; an empty ledger where nothing was harvested yet.

    Faults of `formgen.toml` stop nobody who only looks.

    Raises:
        WrongInputError: a file of `formgen` can't be read.
        NothingDoneError: the workspace knows no form, or the ledger is lost or can't be read.
    """
    require_ledger(workspace)
    with Ledger(workspace.ledger if has_ledger(workspace) else None, VERSION) as ledger:
        yield ledger, load_editions(workspace, ledger.editions(), lenient=True)


@contextmanager
def harvested(workspace: Workspace) -> Iterator[tuple[Ledger, Editions]]:
    """The same, for what makes sense only after a harvest.

    Raises:
        WrongInputError: as `looked_into`.
        NothingDoneError: nothing was harvested here yet; and as `looked_into`.
    """
    must_be_harvested(workspace)
    with looked_into(workspace) as opened:
        yield opened


def must_be_harvested(workspace: Workspace) -> None:
    """Look whether anything was harvested.

    Raises:
        NothingDoneError: nothing was harvested here yet, or this is no project's folder.
    """
    require_form(workspace)
    require_ledger(workspace)
    if not has_ledger(workspace):
        raise NothingDoneError(
            str(workspace.root), "Nothing was harvested here yet.", "Run `harvest run` first."
        )
