"""The editions that a workspace knows, and who got them: what returns are read against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harvest.reading.model.edition_geometry import Drawings
from harvest.state.mailing import Rounds, load_rounds
from harvest.state.own_forms import MadeForm, OwnForms
from harvest.state.settings import own_addresses
from spec.errors import NothingDoneError, WrongInputError
from spec.storage.json_files import read_json, read_json_if_any
from spec.storage.sent_forms import WireSent, sent_forms
from spec.wire import CopyCode, EditionFile, RecipientsFile
from spec.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Editions:
    """All editions of one form, and who got copies of them.

    Attributes:
        newest: rules the register's columns and the order of its categories.
        labels: token -> what people read where this recipient reports something.
        rounds: what formgen wrote of rounds and mails.
        addresses: token -> organisation and address.
        codes: what the pages of copies carry -> whose it is, and for which round.
        own: which forms the office may have sent, and from where.
        drawings: where the drawings lie that were sent.
    """

    newest: EditionFile
    by_id: Mapping[str, EditionFile]
    labels: Mapping[str, str] = field(default_factory=dict)
    rounds: Rounds = field(default_factory=Rounds)
    addresses: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, CopyCode] = field(default_factory=dict)
    own: OwnForms = field(default_factory=OwnForms)
    drawings: Drawings = field(default_factory=lambda: Drawings({}, {}))

    @property
    def ordered(self) -> tuple[EditionFile, ...]:
        """The newest first, the others by their id."""
        others = sorted(
            (one for one in self.by_id.values() if one != self.newest), key=lambda one: one.edition
        )
        return (self.newest, *others)


def load_editions(workspace: Workspace, remembered: Mapping[str, str], *, lenient: bool = False) -> Editions:
    """The editions under `forms/` and those that the ledger remembers, of the form that was built last.

    Args:
        workspace: where to look.
        remembered: edition id -> text of its `edition.json`, as the ledger keeps it.
        lenient: whether a `formgen.toml` with faults will do: for what only looks.

    Raises:
        WrongInputError: an `edition.json`, `recipients.json`, `formgen.toml` or a round's file can't be read.
        NothingDoneError: there is no edition at all, or the list of forms that were sent can't be read.
    """
    found: dict[str, tuple[float, EditionFile]] = {
        edition: (0.0, EditionFile.model_validate_json(text)) for edition, text in remembered.items()
    }
    for path in sorted(workspace.forms.glob("*/edition.json")):
        edition = read_edition(path)
        found[edition.edition] = (path.stat().st_mtime, edition)
    if not found:
        raise no_form(workspace)
    newest = max(found.values(), key=lambda one: (one[0], one[1].edition))[1]
    # a workspace holds one register, and a register has the columns of one form
    same = {key: one for key, (_, one) in found.items() if one.form.key == newest.form.key}
    recipients = _recipients(workspace.recipients)
    sent = sent_forms(workspace).sent
    return Editions(
        newest,
        same,
        recipients.labels(),
        load_rounds(workspace),
        recipients.addresses(),
        recipients.by_code(),
        own_forms(sent, own_addresses(workspace, lenient=lenient), recipients),
        drawings=_drawings(workspace, same, recipients, sent),
    )


def read_edition(path: Path) -> EditionFile:
    """An edition as `formgen build` wrote it.

    Raises:
        WrongInputError: it is damaged, or no edition file.
    """
    return read_json(
        path,
        EditionFile.model_validate_json,
        WrongInputError,
        "This is no readable edition file ({reason}).",
        "Fetch it from a backup, or build the form again from the same spec.",
    )


def _drawings(
    workspace: Workspace, editions: Iterable[str], recipients: RecipientsFile, sent: Iterable[WireSent]
) -> Drawings:
    """The blank of each edition, its earlier drawings, and every copy of each recipient that is still there."""
    blanks = {
        edition: tuple(
            path
            for path in (workspace.blank(edition), *sorted(workspace.drawings(edition).glob("*.pdf")))
            if path.is_file()
        )
        for edition in editions
    }
    copies: dict[str, dict[str, list[Path]]] = {edition: {} for edition in blanks}
    for one in recipients.recipients:
        if one.edition in copies and one.file and Path(one.file).name == one.file:
            path = workspace.edition(one.edition) / one.file
            copies[one.edition].update({code: [path] for code in (one.token, *one.codes)})
    kept = {path.stem: path for edition in blanks for path in workspace.earlier_copies(edition).glob("*.pdf")}
    for form in sent:
        if form.sha256 in kept and form.edition in copies and form.code:
            copies[form.edition].setdefault(form.code, []).insert(0, kept.pop(form.sha256))
    return Drawings(
        blanks,
        {edition: {code: tuple(paths) for code, paths in those.items()} for edition, those in copies.items()},
    )


def own_forms(sent: Iterable[WireSent], senders: Iterable[str], recipients: RecipientsFile) -> OwnForms:
    """What the office sends, as `formgen` recorded it, and from which addresses."""
    made: dict[str, list[MadeForm]] = {}
    for one in sent:
        made.setdefault(one.sha256, []).append(MadeForm(one.day, one.token, one.round))
    return OwnForms(
        {sha256: tuple(sorted(those)) for sha256, those in made.items()},
        sorted({one.lower() for one in senders if "@" in one}),
        {one.token: one.email.lower() for one in recipients.recipients if one.email},
    )


def no_form(workspace: Workspace) -> NothingDoneError:
    """The error for a folder without any form: the beginning, or another folder than somebody thought."""
    return NothingDoneError(
        str(workspace.root.absolute()),
        "There is no form yet, so nobody knows what the returns look like.",
        "If the project lies elsewhere, go to its folder or name it with --workspace. At the very beginning, run"
        " `formgen build`.",
    )


def require_form(workspace: Workspace) -> None:
    """Look whether a form may be known here, before anything is made in a folder that is none of ours.

    Raises:
        NothingDoneError: there is nothing that could know one.
    """
    there = workspace.ledger.exists() or workspace.register.exists() or workspace.originals.exists()
    if not there and not any(workspace.forms.glob("*/edition.json")):
        raise no_form(workspace)


def _recipients(path: Path) -> RecipientsFile:
    found = read_json_if_any(
        path,
        RecipientsFile.model_validate_json,
        WrongInputError,
        "The file that says who got which copy can't be read ({reason}).",
        "Restore it from a backup; a newer version of the program may have written it.",
    )
    return found or RecipientsFile.empty()
