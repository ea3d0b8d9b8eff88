"""Form -> blank: lay out, name the edition, draw, finish; and the files of the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from formgen.layout import LAYOUT_VERSION, blank_layout
from formgen.layout.items import Layout
from formgen.results import BuildResult, CheckResult
from spec.console.said import refusal, said
from spec.errors import NothingDoneError
from spec.form.model import Form
from spec.storage.atomic_files import replace_file
from spec.storage.sent_forms import WireSent, digest, record_sent
from spec.wire import EditionFile
from spec.workspace import Workspace


@dataclass(frozen=True)
class Blank:
    """A finished blank: what the harvest must know of it, and the PDF's bytes."""

    edition_file: EditionFile
    pdf: bytes


def build_blank(form: Form) -> Blank:
    """The blank of a form. The same form always gives the same bytes.

    Raises:
        SpecError: a text does not fit; all faults are listed.
    """
    layout = blank_layout(form)
    edition_file = EditionFile.of(form, layout.field_map, LAYOUT_VERSION)
    # Imported late: a spec that does not fit is refused without waiting for the PDF libraries.
    from formgen.pdf.draw import draw  # noqa: PLC0415
    from formgen.pdf.finish import finish  # noqa: PLC0415

    return Blank(edition_file, finish(layout, edition_file.edition, draw(layout)))


def check_form(form: Form) -> CheckResult:
    """Lay the form out without drawing it.

    Raises:
        SpecError: a text does not fit; all faults are listed.
    """
    layout = blank_layout(form)
    return CheckResult(
        form=form.key,
        title=form.title,
        categories=len(form.categories),
        pages=len(layout.pages),
        fields=_answers(layout),
    )


def _answers(layout: Layout) -> int:
    """How many fields a partner can fill in: all but the one on each page that identifies it."""
    return len(layout.field_map.fields) - len(layout.pages)


def build(form: Form, workspace: Workspace) -> BuildResult:
    """Write the blank and its edition file into the workspace, and make the folder for the returns.

    Raises:
        SpecError: a text does not fit; nothing was written.
        NothingDoneError: the workspace can't be written to.
    """
    blank = build_blank(form)
    record_sent(workspace, (sent_blank(blank, datetime.now().astimezone().date()),))
    return write_blank(form, blank, workspace)


def sent_blank(blank: Blank, day: date) -> WireSent:
    """What is recorded of a blank that is written on this day: anybody may send it."""
    return WireSent(
        sha256=digest(blank.pdf), edition=blank.edition_file.edition, code="", token="", round="", day=day
    )


def write_blank(form: Form, blank: Blank, workspace: Workspace) -> BuildResult:
    """Write a finished blank.

    Raises:
        NothingDoneError: the workspace can't be written to.
    """
    edition_file = blank.edition_file
    folder, target = workspace.edition(edition_file.edition), workspace.blank(edition_file.edition)
    contents = {
        target: blank.pdf,
        folder / "edition.json": edition_file.to_json().encode("utf-8"),
    }
    try:
        unchanged = all(_holds(path, content) for path, content in contents.items())
        workspace.returns.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        if not unchanged:
            _keep(target, blank.pdf, workspace.drawings(edition_file.edition))
            for path, content in contents.items():
                replace_file(path, content)
    except OSError as error:
        place = error.filename or folder
        reason = refusal(error)
        raise NothingDoneError(
            str(place),
            said("The blank can't be written ({reason}).", reason=reason),
            "Close the file if it is open, and check the folder's permissions and the free space.",
        ) from error
    return BuildResult(
        edition=edition_file.edition,
        form=form.key,
        title=form.title,
        pages=len(edition_file.pages),
        fields=len(edition_file.fields) - len(edition_file.pages),
        files=tuple(path.as_posix() for path in contents),
        unchanged=unchanged,
    )


def _keep(target: Path, drawn: bytes, beside: Path) -> None:
    """Keep a blank that was drawn otherwise: it may have been sent, and what comes back is compared with it."""
    before = target.read_bytes() if target.is_file() else drawn
    if before != drawn and before.startswith(b"%PDF-"):
        beside.mkdir(exist_ok=True)
        replace_file(beside / f"{sha256(before).hexdigest()}.pdf", before)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
