"""The runs of a workspace, and which of them count."""

from __future__ import annotations

from typing import Any

from harvest.ledger import Ledger, RunRecord
from harvest.version import VERSION
from harvest.workspace.editions import load_editions
from spec.words import Words, words
from spec.workspace import Workspace


def runs_of(workspace: Workspace) -> tuple[tuple[RunRecord, ...], Words]:
    """All runs, the oldest first, and the words to speak of them.

    Raises:
        NothingDoneError: the workspace knows no form, or the ledger can't be read.
    """
    with Ledger(workspace.ledger if workspace.ledger.exists() else None, VERSION) as ledger:
        language = load_editions(workspace, ledger.editions()).newest.form.language
        return ledger.runs(), words(language)


def run_as_json(run: RunRecord) -> dict[str, Any]:
    """Keys: run, kind, at, version, note, active, added."""
    counts = run.counts
    return {
        "run": run.id,
        "kind": run.kind,
        "at": run.at.isoformat(),
        "version": run.version,
        "note": run.note,
        "active": run.active,
        "added": {
            "documents": counts.documents,
            "refused": counts.refusals,
            "edited": counts.hand_edits,
            "added": counts.hand_rows,
            "deleted": counts.hand_deletions,
            "decided": counts.decisions,
        },
    }
