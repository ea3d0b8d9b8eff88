"""The command line of formgen. Thin: it calls, prints and sets the exit code, nothing else."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from spec.errors import EXIT_DONE, EXIT_NOTHING_DONE, EXIT_WRONG_CALL, FormgenHarvestError
from spec.workspace import DEFAULT


def _version() -> str:
    try:
        return version("formgen-harvest")
    except PackageNotFoundError:
        return "not installed"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="formgen")
def cli() -> None:
    """Make fillable PDF forms.

    Exit codes: 0 all done; 2 wrong call, or the form's spec has faults; 3 nothing could be written.
    """


spec_path = click.Path(path_type=Path)


@cli.command()
@click.argument("spec", required=False, type=spec_path)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--quiet", is_flag=True, help="Print faults only.")
def check(spec: Path | None, *, as_json: bool, quiet: bool) -> None:
    """Look for faults in SPEC (default: the built-in checklists), also for text that does not fit its page."""
    from formgen.build import check_form  # noqa: PLC0415  start-up
    from spec.load import default_form, load_form  # noqa: PLC0415

    result = check_form(load_form(spec) if spec else default_form())
    if as_json:
        click.echo(result.model_dump_json(indent=2))
    elif not quiet:
        click.echo(
            f"{result.title}: no faults; {result.categories} categories, {result.pages} pages, {result.fields} fields."
        )


@cli.command()
@click.option("--spec", type=spec_path, help="The form's TOML file; default: the built-in checklists.")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT,
    show_default=True,
    help="The project's folder; it is made if it is not there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--quiet", is_flag=True, help="Print faults only.")
def build(spec: Path | None, workspace: Path, *, as_json: bool, quiet: bool) -> None:
    """Write the blank form and what the harvest needs to read it."""
    from formgen.build import build as build_files  # noqa: PLC0415  start-up
    from spec.load import default_form, load_form  # noqa: PLC0415
    from spec.workspace import Workspace  # noqa: PLC0415

    form = load_form(spec) if spec else default_form()
    result = build_files(form, Workspace(workspace))
    if as_json:
        click.echo(result.model_dump_json(indent=2))
    elif not quiet:
        state = "was there already" if result.unchanged else "is ready"
        click.echo(f"The form “{result.title}” {state}: {Path(result.files[0])}")
        click.echo(f"Edition {result.edition}, {result.pages} pages, {result.fields} fields to fill in.")
        click.echo(f"Mail it, and save what comes back in {Workspace(workspace).returns}.")


def main(arguments: Sequence[str] | None = None) -> int:
    """The entry point; the only place that prints errors.

    Returns:
        The exit code (README, "Exit codes").
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A Windows console may lack a letter of the form's title; that is no reason to stop.
            stream.reconfigure(errors="replace")
    try:
        cli.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="formgen",
            standalone_mode=False,
        )
    except FormgenHarvestError as error:
        for fault in error.faults:
            click.echo(f"formgen: {fault}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return EXIT_WRONG_CALL
    except click.Abort:
        click.echo("formgen: stopped.", err=True)
        return EXIT_NOTHING_DONE
    return EXIT_DONE


if __name__ == "__main__":
    sys.exit(main())
