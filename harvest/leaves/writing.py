"""The leaves of a workspace, computed from the ledger: the workbook need not be there, and may be open."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from harvest.leaves.changed import changed_since, parse_since, then
from harvest.leaves.content import leaves_of
from harvest.leaves.printing import print_leaves
from harvest.state.state import state_of
from harvest.workspace.read_only import harvested
from spec.console.said import said
from spec.errors import NothingDoneError, WrongInputError
from spec.storage.atomic_files import write_bytes
from spec.words import words
from spec.workspace import Workspace


def write_leaves(workspace: Workspace, output: Path | None, since: str = "") -> None:
    """Write the PDF of `export_leaves` to a file, whole or not at all.

    Raises:
        WrongInputError: no file is named; and as `export_leaves`.
        NothingDoneError: the file can't be written; and as `export_leaves`.
    """
    if output is None:
        raise WrongInputError("--output", "A PDF can't go to the screen.", "Name a file with --output.")
    write_bytes(output, export_leaves(workspace, since))


def export_leaves(workspace: Workspace, since: str = "") -> bytes:
    """The PDF of all leaves, or of those that changed since a day or a run.

    Raises:
        WrongInputError: `since` is neither a day nor a run.
        NothingDoneError: nothing was harvested here yet, or no leaf has changed.
    """
    with harvested(workspace) as (ledger, editions):
        wanted = parse_since(since) if since else None
        state = state_of(ledger, editions)
        runs = ledger.runs()
        past = None if wanted is None else then(ledger, wanted)
    at = runs[-1].at if runs else datetime.now(UTC)
    zone = at.astimezone().tzinfo or UTC
    form = editions.newest.form
    language = words(form.language)
    leaves = leaves_of(state.register, form, language, zone)
    if past is not None:
        changed = changed_since(state, past)
        leaves = tuple(leaf for leaf in leaves if leaf.key in changed)
    if not leaves:
        raise NothingDoneError(
            "--changed-since",
            said("No leaf has changed since {since}.", since=since),
            "There is nothing to print anew.",
        )
    return print_leaves(leaves, form, language, at=at, zone=zone, run=str(runs[-1].id) if runs else "")
