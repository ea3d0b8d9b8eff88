"""The register as data, computed from the ledger: the workbook need not be there, and may be open."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from harvest.register.export import export_csv, export_json
from harvest.register.sheet_model import RegisterView
from harvest.register.view.register_view import RunNote, build_view
from harvest.register.workbook.workbook_writer import write_new
from harvest.state.return_notes import return_notes
from harvest.state.state import state_of
from harvest.version import VERSION
from harvest.workspace.read_only import harvested
from spec.errors import WrongInputError
from spec.storage.atomic_files import cannot_write, take_name, unfinished, write_bytes
from spec.words import words
from spec.workspace import Workspace


def export_register(workspace: Workspace, kind: str, output: Path | None) -> bytes | None:
    """The export's bytes, or None where they went to `output`.

    Raises:
        WrongInputError: xlsx without a file to write to.
        NothingDoneError: nothing was harvested yet, or the file can't be written.
    """
    if kind == "xlsx" and output is None:
        raise WrongInputError("--output", "A workbook can't go to the screen.", "Name a file with --output.")
    with harvested(workspace) as (ledger, editions):
        state = state_of(ledger, editions)
        runs = ledger.runs()
    form, language = editions.newest.form, words(editions.newest.form.language)
    run = RunNote(str(runs[-1].id) if runs else "", runs[-1].at if runs else datetime.now(UTC), VERSION)
    view = build_view(
        state.register,
        form,
        language,
        run=run,
        returns=return_notes(state.returns, state.submissions, state.refusals, state.settled),
        zone=run.at.astimezone().tzinfo or UTC,
        mailing=state.mailing,
    )
    if kind == "xlsx":
        assert output is not None
        _write_workbook(view, output)
        return None
    data = export_json(state.register, form).encode() if kind == "json" else export_csv(view).encode()
    if output is None:
        return data
    write_bytes(output, data)
    return None


def _write_workbook(view: RegisterView, output: Path) -> None:
    draft = unfinished(output)
    try:
        write_new(view, draft)
        take_name(draft, output)
    except OSError as error:
        with suppress(OSError):  # where nothing can be written, nothing can be removed
            draft.unlink(missing_ok=True)
        raise cannot_write(output, error) from error
