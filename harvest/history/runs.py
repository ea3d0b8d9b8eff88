"""The runs of a workspace, and which of them count."""

from __future__ import annotations

from typing import Any

from harvest.ledger import RunRecord
from harvest.workspace.read_only import looked_into
from spec.words import Words, words
from spec.workspace import Workspace


def runs_of(workspace: Workspace) -> tuple[tuple[RunRecord, ...], Words]:
    """All runs, the oldest first, and the words to speak of them.

    Raises:
        NothingDoneError: the workspace knows no form, or the ledger can't be read.
    """
    with looked_into(workspace) as (ledger, editions):
        return ledger.runs(), words(editions.newest.form.language)


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
            "reread": counts.rereads,
            "refused": counts.refusals,
            "edited": counts.hand_edits,
            "added": counts.hand_rows,
            "deleted": counts.hand_deletions,
            "decided": counts.decisions,
        },
    }
