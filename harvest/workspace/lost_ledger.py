"""A ledger that is lost: the file is gone, or has no bytes, as sync clients and power cuts leave it."""

from __future__ import annotations

from harvest.workspace import originals
from spec.errors import NothingDoneError
from spec.workspace import Workspace


def has_ledger(workspace: Workspace) -> bool:
    """Whether anything stands in the ledger's file; SQLite would take an empty one for a new ledger."""
    try:
        return workspace.ledger.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError:
        return True  # opening it tells what is wrong


def require_ledger(workspace: Workspace) -> None:
    """A new ledger beside an old register would take all that it holds for typed by hand.

    Raises:
        NothingDoneError: the ledger is lost, and there are a register or originals.
    """
    if has_ledger(workspace) or not (
        workspace.register.exists() or any(originals.all_in(workspace.originals))
    ):
        return
    remedy = "Fetch it from a backup; or run `harvest rebuild`, which makes a new one from them."
    fault = "The ledger is gone, but there are a register or originals."
    if workspace.ledger.exists():
        fault = "The ledger is empty (0 bytes), but there are a register or originals."
    raise NothingDoneError(str(workspace.ledger), fault, remedy)
