"""`formgen build --recipients`: plan everything, make the copies aside, then put them in their places.

Nothing half-written stays: until all copies are made, the workspace is as it was; if one of the last moves
fails (a copy is open in a PDF program on Windows), those before it are taken back.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from formgen.blank import Blank, build_blank, sent_blank, write_blank
from formgen.copies.further import draw_variants
from formgen.copies.personalise import CopyPlan, Personaliser, plan_copy
from formgen.copies.prefill import Prefill, Reported
from formgen.copies.shape import Shapes, variants_of
from formgen.copies.template import Template
from formgen.copies.tokens import Known, read_recipients, with_files, with_tokens
from formgen.filenames import file_names
from formgen.layout import blank_layout
from formgen.recipients import RecipientList
from formgen.results import CopiesResult, CopyResult
from spec.console.said import refusal, said
from spec.errors import NothingDoneError
from spec.form.model import Form
from spec.names import new_token
from spec.storage.atomic_files import keep_earlier, take_name
from spec.storage.locks import only_run
from spec.storage.sent_forms import WireSent, digest, record_sent
from spec.workspace import Workspace

#: Hands on the plans one by one, and may show how far it is.
Track = Callable[[Sequence[CopyPlan]], Iterable[CopyPlan]]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What copies are made for: a round, or none; and the day on which they are made."""

    round: str
    day: date


def _nobody_asked() -> Occasion:
    return Occasion("", datetime.now().astimezone().date())


@dataclass(frozen=True)
class Round:
    """Everything that is decided before anything is written."""

    form: Form
    blank: Blank
    known: Known
    plans: tuple[CopyPlan, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...]


def plan_round(
    form: Form,
    workspace: Workspace,
    given: RecipientList,
    prefill: Prefill | None = None,
    draw_token: Callable[[], str] = new_token,
    *,
    made_for: str = "",
) -> Round:
    """Tokens, codes of the round `made_for`, pages and file names of every copy. Reads the workspace, writes nothing.

    Raises:
        SpecError: the form has faults.
        WrongInputError: a recipient has too many entries for a form.
        NothingDoneError: the file that keeps the tokens can't be read.
    """
    recipients = given.recipients
    known = with_tokens(read_recipients(workspace.recipients), recipients, draw_token, round_=made_for)
    reported = Reported(prefill, recipients, form)
    plans = tuple(
        plan_copy(form, recipient, token, reported.by(recipient, token), code)
        for recipient, token, code in zip(recipients, known.tokens, known.codes, strict=True)
    )
    names = file_names([(plan.recipient.organisation, plan.recipient.person, plan.token) for plan in plans])
    notes = (*given.notes, *known.notes, *(prefill.notes if prefill else ()))
    return Round(form, build_blank(form), known, plans, tuple(names), notes)


def personaliser(form: Form, blank: Blank, plans: Iterable[CopyPlan]) -> Personaliser:
    """What makes the copies of these plans."""
    layout = blank_layout(form)
    template = Template.of(layout, blank.edition_file.edition, blank.pdf)
    shapes = {plan.shape for plan in plans}
    drawn = draw_variants(layout, (variant for shape in shapes for variant in variants_of(template, shape)))
    return Personaliser(Shapes(template, drawn))


def build_copies(
    form: Form,
    workspace: Workspace,
    given: RecipientList,
    prefill: Prefill | None = None,
    *,
    occasion: Occasion | None = None,
    dry_run: bool = False,
    track: Track = iter,
) -> CopiesResult:
    """Write the blank and a copy for each recipient; with `dry_run`, only tell what would be written.

    What is going to be written is recorded first: it may be sent from then on (`spec.storage.sent_forms`).

    Raises:
        SpecError, WrongInputError: see `plan_round`; nothing was written.
        NothingDoneError: the workspace can't be written to, or another run writes; nothing was changed.
    """
    occasion = occasion or _nobody_asked()
    if dry_run:
        planned = plan_round(form, workspace, given, prefill, made_for=occasion.round)
        results = [result for _, result, _ in _made(planned, workspace, track)]
        return _result(planned, workspace, results, 0)
    with only_run(workspace), _writing(workspace):
        # Only now: another run may have drawn tokens meanwhile.
        planned = plan_round(form, workspace, given, prefill, made_for=occasion.round)
        edition = planned.blank.edition_file.edition
        folder = workspace.edition(edition)
        moves: list[tuple[Path, Path]] = []
        results = []
        made = [sent_blank(planned.blank, occasion.day)]
        with _aside(workspace) as aside:
            tokens = with_files(planned.known, edition, planned.names).to_json().encode("utf-8")
            _stage(aside / "recipients.json", workspace.recipients, (tokens,), moves)
            for plan, result, tail in _made(planned, workspace, track):
                results.append(result)
                target = folder / Path(result.file).name
                made.append(_sent_copy(planned.blank, plan, tail, occasion))
                _stage(aside / target.name, target, (planned.blank.pdf, tail), moves)
            record_sent(workspace, made)
            write_blank(form, planned.blank, workspace)
            with _earlier_kept(
                (target for _, target in moves if target.suffix == ".pdf"), workspace, edition
            ):
                _move(moves, aside)
        written = sum(target.parent == folder for _, target in moves)
        return _result(planned, workspace, results, written, fresh=True)


def _made(planned: Round, workspace: Workspace, track: Track) -> Iterator[tuple[CopyPlan, CopyResult, bytes]]:
    """Each copy's plan, its result and its bytes after the blank's; one at a time, so that memory stays as it is."""
    maker = personaliser(planned.form, planned.blank, planned.plans)
    folder = workspace.edition(planned.blank.edition_file.edition)
    for plan, name in zip(track(planned.plans), planned.names, strict=True):
        copy = maker.copy(plan)
        result = CopyResult(
            organisation=plan.recipient.organisation,
            token=plan.token,
            file=(folder / name).as_posix(),
            pages=copy.pages,
            prefilled=copy.prefilled,
            notes=copy.notes,
        )
        yield plan, result, copy.tail


def _sent_copy(blank: Blank, plan: CopyPlan, tail: bytes, occasion: Occasion) -> WireSent:
    return WireSent(
        sha256=digest(blank.pdf + tail),
        edition=blank.edition_file.edition,
        code=plan.printed,
        token=plan.token,
        round=occasion.round,
        day=occasion.day,
    )


def _result(
    planned: Round, workspace: Workspace, results: Sequence[CopyResult], written: int, *, fresh: bool = False
) -> CopiesResult:
    edition_file = planned.blank.edition_file
    folder = workspace.edition(edition_file.edition)
    files = (folder / "blank.pdf", folder / "edition.json", workspace.recipients)
    return CopiesResult(
        edition=edition_file.edition,
        form=planned.form.key,
        title=planned.form.title,
        pages=len(edition_file.pages),
        fields=len(edition_file.fields) - len(edition_file.pages),
        files=tuple(path.as_posix() for path in files),
        unchanged=not written,
        recipients=tuple(
            # A token that was not written down is drawn anew next time.
            result
            if fresh or result.token not in planned.known.fresh
            else result.model_copy(update={"token": None})
            for result in results
        ),
        written=written,
        notes=(*planned.notes, *_strangers(folder, planned.names)),
    )


def _strangers(folder: Path, names: Sequence[str]) -> Iterator[str]:
    """Copies of earlier lists, which somebody could mail by mistake."""
    ours = {name.casefold() for name in (*names, "blank.pdf")}
    found = sorted(path.name for path in folder.glob("*.pdf") if path.name.casefold() not in ours)
    if found:
        listed = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
        yield said(
            "{folder} holds {count} {count:copy|copies} of nobody in this list: {listed}",
            folder=folder.as_posix(),
            count=len(found),
            listed=listed,
        )


@contextmanager
def _writing(workspace: Workspace) -> Iterator[None]:
    """One way to tell what the disk refuses."""
    try:
        yield
    except OSError as error:
        reason = refusal(error)
        raise NothingDoneError(
            str(error.filename or workspace.root),
            said("The copies can't be written ({reason}).", reason=reason),
            "Close the file if it is open, and check the folder's permissions and the free space.",
        ) from error


@contextmanager
def _aside(workspace: Workspace) -> Iterator[Path]:
    """A folder beside the copies' places, on the same disk; gone afterwards, whatever happens."""
    workspace.forms.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=workspace.forms, prefix=".copies-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stage(staged: Path, target: Path, parts: Sequence[bytes], moves: list[tuple[Path, Path]]) -> None:
    """Write a file aside, unless it stands in its place already."""
    content = b"".join(parts)
    if target.is_file() and target.stat().st_size == len(content) and target.read_bytes() == content:
        return
    staged.write_bytes(content)
    moves.append((staged, target))


@contextmanager
def _earlier_kept(targets: Iterable[Path], workspace: Workspace, edition: str) -> Iterator[None]:
    """Keep the copies that are going to be replaced; where they are not, nothing is kept."""
    kept: list[Path] = []
    try:
        for target in targets:
            kept += keep_earlier(target, workspace.earlier_copies(edition))
        yield
    except OSError:
        for path in kept:
            path.unlink(missing_ok=True)
        raise


def _move(moves: Sequence[tuple[Path, Path]], aside: Path) -> None:
    """Put all files in their places, or none."""
    replaced = aside / "replaced"
    replaced.mkdir()
    done: list[tuple[Path, Path | None]] = []
    try:
        for index, (staged, target) in enumerate(moves):
            old = replaced / str(index) if target.exists() else None
            if old is not None:
                take_name(target, old)
            done.append((target, old))
            take_name(staged, target)
    except OSError:
        for target, old in reversed(done):
            if old is not None:
                old.replace(target)
            else:
                target.unlink(missing_ok=True)
        raise
