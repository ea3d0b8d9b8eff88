"""Where the collection stands: what came in, what the register holds, what waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from harvest.results import StatusResult
from harvest.state.retention import expired
from harvest.state.settings import settings
from harvest.state.state import state_of
from harvest.summary import Summary, kept, key_of
from harvest.workspace.read_only import looked_into
from harvest.workspace.session import now
from spec.words import Words, words
from spec.workspace import Workspace


def status_of(workspace: Workspace, *, clock: Callable[[], datetime] = now) -> tuple[StatusResult, Words]:
    """The state of a workspace and the words of its form's language. Changes nothing.

    Raises:
        WrongInputError: a file of `formgen` can't be read.
        NothingDoneError: the workspace knows no form, or the ledger can't be read.
    """
    years = settings(workspace).retention.years
    at = clock()
    with looked_into(workspace) as (ledger, editions):
        summary = kept(workspace, key_of(ledger, editions))
        due = summary.none_expired(years, at) if summary and not summary.added else None
        if summary is None or due is None:
            state = state_of(ledger, editions)
            summary, due = Summary.of(state, at), expired(state, ledger.forgotten(), years, at)
        runs = ledger.runs()
    result = StatusResult(
        returns=summary.returns,
        latest_return=summary.latest_return,
        runs=len(runs),
        latest_run=runs[-1].at if runs else None,
        entries=summary.entries,
        nils=summary.nils,
        reporters=summary.reporters,
        to_do=summary.to_do,
        expired=due,
    )
    return result, words(editions.newest.form.language)
