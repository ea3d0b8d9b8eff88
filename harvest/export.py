"""The register as data, computed from the ledger: the workbook need not be there, and may be open."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from harvest.ledger import Ledger
from harvest.register.export import export_csv, export_json
from harvest.register.view import RunNote, build_view
from harvest.register.workbook import write_new
from harvest.version import VERSION
from harvest.workspace.editions import load_editions
from harvest.workspace.notes import return_notes
from harvest.workspace.state import state_of
from spec.errors import NothingDoneError, WrongInputError
from spec.files import cannot_write, take_name, write_bytes
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
    if not workspace.ledger.exists():
        raise NothingDoneError(
            str(workspace.root), "Nothing was harvested here yet.", "Run `harvest run` first."
        )
    with Ledger(workspace.ledger, VERSION) as ledger:
        editions = load_editions(workspace, ledger.editions())
        state = state_of(ledger, editions)
        runs = ledger.runs()
    form, language = editions.newest.form, words(editions.newest.form.language)
    run = RunNote(str(runs[-1].id) if runs else "", runs[-1].at if runs else datetime.now(UTC), VERSION)
    view = build_view(
        state.register,
        form,
        language,
        run=run,
        returns=return_notes(state.returns, state.submissions, state.refusals),
        zone=run.at.astimezone().tzinfo or UTC,
        mailing=state.mailing,
    )
    if kind == "xlsx":
        assert output is not None
        draft = output.with_name(f".{output.name}.part")
        try:
            write_new(view, draft)
            take_name(draft, output)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise cannot_write(output, error) from error
        return None
    data = export_json(state.register, form).encode() if kind == "json" else export_csv(view).encode()
    if output is None:
        return data
    write_bytes(output, data)
    return None
