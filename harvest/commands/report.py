"""The report's file: written at the end of a run, or again at any time from the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from harvest.register.view.register_view import RunNote
from harvest.report.page import render
from harvest.state.return_notes import return_notes
from harvest.state.state import State, state_of
from harvest.version import VERSION
from harvest.workspace.read_only import looked_into, must_be_harvested
from harvest.workspace.rights import rights_of
from spec.form.model import Form
from spec.storage.atomic_files import write_text
from spec.storage.locks import only_run
from spec.words import words
from spec.workspace import Workspace


def write(workspace: Workspace, form: Form, state: State, *, run: str, at: datetime) -> Path:
    """Write the report of `state` and say where it lies.

    Args:
        run: the number of the newest run; empty where there is none.
        at: the time as of which ages are counted.

    Raises:
        NothingDoneError: the file can't be written.
    """
    page = render(
        state.register,
        form,
        words(form.language),
        run=RunNote(run, at, VERSION),
        returns=return_notes(state.returns, state.submissions, state.refusals, state.settled),
        zone=at.astimezone().tzinfo or UTC,
        mailing=state.mailing,
        pictures=state.pictures,
    )
    write_text(workspace.report, page)
    return workspace.report


def report_on(workspace: Workspace, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Path:
    """Write the report anew from the ledger, as of now; the register's file is neither needed nor touched.

    Raises:
        NothingDoneError: nothing was harvested here yet, a run is at work, or the file can't be written.
    """
    must_be_harvested(workspace)
    with only_run(workspace), rights_of(workspace), looked_into(workspace) as (ledger, editions):
        state = state_of(ledger, editions)
        runs = ledger.runs()
    return write(workspace, editions.newest.form, state, run=str(runs[-1].id) if runs else "", at=clock())
