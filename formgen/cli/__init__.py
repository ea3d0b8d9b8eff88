"""The command line of formgen. Thin: it calls, prints and sets the exit code, nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from formgen.cli import options
from formgen.cli.hidden import hidden_rows, judge
from formgen.cli.mail import mail
from formgen.cli.round import round_group
from spec.console.cli import echo_json, group, never_stop_at_letters, run, tell, workspace_option, wrong_call
from spec.console.said import in_language, said
from spec.console.screen import screen_language
from spec.workspace import Workspace

if TYPE_CHECKING:  # these would make every start wait
    from formgen.copies.personalise import CopyPlan
    from formgen.recipients import RecipientList
    from formgen.recipients.hidden import Choice
    from formgen.results import BuildResult, CopiesResult
    from spec.form.model import Form


def _version() -> str:
    try:
        return version("formgen-harvest")
    except PackageNotFoundError:
        return "not installed"


@group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="formgen")
def cli() -> None:
    """Make fillable PDF forms.

    Exit codes: 0 all done; 1 done, but something needs a person; 2 wrong call, or the form's spec or a list has
    faults; 3 nothing could be done; 4 the program failed.
    """


spec_path = click.Path(path_type=Path)
list_path = click.Path(path_type=Path)


@cli.command()
@click.argument("spec", required=False, type=spec_path)
@options.json
@options.quiet
def check(spec: Path | None, *, as_json: bool, quiet: bool) -> None:
    """Look for faults in SPEC (default: the built-in checklists), also for text that does not fit its page."""
    from formgen.blank import check_form
    from formgen.forms import chosen_form

    result = check_form(chosen_form(spec))
    if as_json:
        echo_json(result.model_dump_json(indent=2))
    elif not quiet:
        counts = {"categories": result.categories, "pages": result.pages, "fields": result.fields}
        tell(
            said(
                "{title}: no faults; {categories} {categories:category|categories}, {pages} {pages:page|pages}, {fields} {fields:field|fields}.",
                title=result.title,
                **counts,
            )
        )


@cli.command()
@click.option("--spec", type=spec_path, help="The form as .toml or .xlsx; default: the built-in checklists.")
@click.option(
    "--recipients",
    type=list_path,
    metavar="FILE",
    help="Also make a copy for each recipient in this .csv or .xlsx.",
)
@click.option(
    "--prefill",
    type=list_path,
    metavar="FILE",
    help="Fill in what each recipient reported, from register.json.",
)
@hidden_rows
@click.option("--dry-run", is_flag=True, help="Tell which copies would be made; write nothing.")
@workspace_option("The project's folder; it is made if it is not there.")
@options.json
@options.quiet
def build(
    spec: Path | None,
    recipients: Path | None,
    prefill: Path | None,
    hidden_rows: Choice | None,
    workspace: Path,
    *,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write the blank form and what the harvest needs to read it; with --recipients, a copy for each of them."""
    from formgen.blank import build as build_files
    from formgen.forms import chosen_form
    from formgen.recipients import load_recipients

    if recipients is None and (prefill or dry_run or hidden_rows):
        option = "--prefill" if prefill else "--dry-run" if dry_run else "--hidden-rows"
        raise wrong_call(
            said(
                "{option} is about copies: name the list of recipients with --recipients FILE.", option=option
            )
        )
    form = chosen_form(spec)
    if recipients is not None:
        given = judge(hidden_rows, as_json=as_json)(load_recipients(recipients, form))
        _build_copies(form, workspace, given, prefill, dry_run=dry_run, as_json=as_json, quiet=quiet)
        return
    result = build_files(form, Workspace(workspace))
    if as_json:
        echo_json(result.model_dump_json(indent=2))
    elif not quiet:
        _say_built(result, Workspace(workspace).returns)


def _say_built(result: BuildResult, returns: Path) -> None:
    done = (
        "The form “{title}” was there already: {file}"
        if result.unchanged
        else "The form “{title}” is ready: {file}"
    )
    tell(said(done, title=result.title, file=Path(result.files[0])))
    counts = {"edition": result.edition, "pages": result.pages, "fields": result.fields}
    tell(
        said(
            "Edition {edition}, {pages} {pages:page|pages}, {fields} {fields:field|fields} to fill in.",
            **counts,
        )
    )
    tell(said("Mail it, and save what comes back in {returns}.", returns=returns))


def _build_copies(
    form: Form,
    workspace: Path,
    given: RecipientList,
    prefill: Path | None,
    *,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    from formgen.copies.batch import build_copies
    from formgen.copies.prefill import load_prefill

    entries = load_prefill(prefill, form) if prefill else None
    track = iter if quiet or as_json or not sys.stderr.isatty() else _with_progress
    result = build_copies(form, Workspace(workspace), given, entries, dry_run=dry_run, track=track)
    if as_json:
        echo_json(result.model_dump_json(indent=2))
        return
    _say_copies(result, Workspace(workspace).returns, dry_run=dry_run)


def _say_copies(result: CopiesResult, returns: Path, *, dry_run: bool) -> None:
    for note in result.notes:
        tell(said("Note: {note}", note=said(note)))
    for copy in result.recipients:
        for note in copy.notes:
            tell(said("Note: {file}: {note}", file=copy.file, note=said(note)))
    count = len(result.recipients)
    if dry_run:
        for copy in result.recipients:
            tell(
                said(
                    "{organisation}: {file}, {pages} {pages:page|pages}, {filled} {filled:row|rows} filled in"
                    if copy.prefilled
                    else "{organisation}: {file}, {pages} {pages:page|pages}",
                    organisation=copy.organisation,
                    file=copy.file,
                    pages=copy.pages,
                    filled=copy.prefilled,
                )
            )
        tell(said("{count} {count:copy|copies} would be made; nothing was written.", count=count))
        return
    ready = (
        "{count} {count:copy is|copies are} ready, {there} of them {there:was|were} there already: {folder}"
        if result.written < count
        else "{count} {count:copy is|copies are} ready: {folder}"
    )
    folder = Path(result.recipients[0].file).parent
    tell(said(ready, count=count, there=count - result.written, folder=folder))
    tell(said("Mail each to its recipient, and save what comes back in {returns}.", returns=returns))


def _with_progress(plans: Sequence[CopyPlan]) -> Iterator[CopyPlan]:
    """The plans one by one, and a bar on the terminal."""
    with click.progressbar(plans, label=in_language("Copies", screen_language()), file=sys.stderr) as bar:
        yield from bar


@cli.group()
def spec() -> None:
    """The form as a file to edit."""


@spec.command("export")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--spec", "source", type=spec_path, help="The form as .toml or .xlsx; default: the built-in checklists."
)
def export_spec(target: Path, source: Path | None) -> None:
    """Write the form as an Excel workbook to edit; `formgen build --spec TARGET` reads it."""
    from formgen.forms import chosen_form
    from formgen.spec_xlsx import export

    form = chosen_form(source)
    export(form, target)
    tell(said("The form “{title}” is ready to edit: {file}", title=form.title, file=target))


cli.add_command(mail)
cli.add_command(round_group)


def main(arguments: Sequence[str] | None = None, around: object = None) -> int:
    """The entry point.

    Args:
        arguments: the command line's; default: this process's.
        around: clock, environment and keyring for the mails (`formgen.mail.surroundings`); default: the machine's.

    Returns:
        The exit code (docs/reference/exit_codes.md).
    """
    never_stop_at_letters()
    return run(cli, "formgen", arguments, around)


if __name__ == "__main__":
    sys.exit(main())
