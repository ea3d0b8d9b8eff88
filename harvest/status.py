"""Where the collection stands: what came in, what the register holds, what waits for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from harvest.ledger import Ledger
from harvest.model import Register, Severity
from harvest.privacy.retention import expired
from harvest.results import StatusResult
from harvest.version import VERSION
from harvest.workspace.editions import load_editions
from harvest.workspace.session import now
from harvest.workspace.state import State, state_of
from spec.config import load_config
from spec.words import Words, words
from spec.workspace import Workspace


def status_of(workspace: Workspace, *, clock: Callable[[], datetime] = now) -> tuple[StatusResult, Words]:
    """The state of a workspace and the words of its form's language. Changes nothing.

    Raises:
        WrongInputError: formgen.toml has faults.
        NothingDoneError: the workspace knows no form, or the ledger can't be read.
    """
    years = load_config(workspace).retention.years
    with Ledger(workspace.ledger if workspace.ledger.exists() else None, VERSION) as ledger:
        editions = load_editions(workspace, ledger.editions())
        state = state_of(ledger, editions)
        runs, gone = ledger.runs(), ledger.forgotten()
    register = state.register
    result = StatusResult(
        returns=len(state.returns),
        latest_return=max((one.moment.at for one in state.returns), default=None),
        runs=len(runs),
        latest_run=runs[-1].at if runs else None,
        entries=by_status(register),
        nils=len(register.nils),
        reporters=len({one.reporter for one in state.submissions}),
        to_do=to_do(state),
        expired=expired(state, gone, years, clock()),
    )
    return result, words(editions.newest.form.language)


def by_status(register: Register) -> Mapping[str, int]:
    """How many entries stand how, by status."""
    return Counter(entry.status.value for entry in register.entries)


def to_do(state: State) -> dict[str, int]:
    """What waits for a person, by kind; a pair of possible duplicates counts once."""
    entries = state.register.entries
    pairs = {frozenset((one.entry_id, one.other)) for entry in entries for one in entry.duplicates}
    lost = [
        one
        for one in state.returns
        if any(problem.severity is not Severity.NOTE for problem in one.reading.problems)
    ]
    return {
        "documents": len(lost) + len(state.refusals),
        "duplicates": len(pairs),
        "conflicts": sum(len(entry.conflicts) for entry in entries),
        "checks": sum(1 for _ in state.register.checks),
    }
