"""The command `harvest`: options in, results printed. No work is done here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from spec.errors import EXIT_DONE, EXIT_NOTHING_DONE, FormgenHarvestError
from spec.workspace import DEFAULT, Workspace

if TYPE_CHECKING:
    from harvest.progress import Progress

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _workspace(function: _Function) -> _Function:
    return click.option(
        "--workspace",
        type=click.Path(file_okay=False, path_type=Path),
        default=DEFAULT,
        show_default=True,
        help="Folder where the project's files live.",
    )(function)


def _json(function: _Function) -> _Function:
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(function)


def _passwords(function: _Function) -> _Function:
    return click.option(
        "--passwords",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Text file with one password a line, tried on protected files.",
    )(function)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="formgen-harvest")
def harvest() -> None:
    """Read returned forms and keep the register up to date."""


@harvest.command()
@click.argument("sources", nargs=-1, type=click.Path(exists=True, path_type=Path))
@_workspace
@_passwords
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--quiet", is_flag=True, help="Print nothing unless something needs a person.")
@_json
def run(
    *,
    sources: tuple[Path, ...],
    workspace: Path,
    passwords: Path | None,
    dry_run: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Merge returned files and folders into the register.

    Without SOURCES, reads the workspace's folder `returns`. Files are only read, never moved or changed.
    """
    from harvest import say  # noqa: PLC0415 - heavy libraries load only for the command that needs them
    from harvest.run import Request, harvest_returns  # noqa: PLC0415

    request = Request(
        workspace=Workspace(workspace), sources=sources, dry_run=dry_run, passwords=_read_passwords(passwords)
    )
    result, words = harvest_returns(request, progress=_progress(shown=not (as_json or quiet)))
    return say.run(result, words, as_json=as_json, quiet=quiet)


@harvest.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@_workspace
@_passwords
@_json
def show(file: Path, workspace: Path, passwords: Path | None, as_json: bool) -> int:
    """Print what one returned file says. Nothing is stored."""
    from harvest import say  # noqa: PLC0415
    from harvest.show import show_file  # noqa: PLC0415

    shown, words = show_file(file, Workspace(workspace), _read_passwords(passwords))
    return say.show(shown, words, as_json=as_json)


@harvest.command()
@_workspace
@click.option(
    "--format",
    "kind",
    type=click.Choice(["json", "csv", "xlsx"]),
    default="json",
    show_default=True,
    help="json and csv go to the standard output unless --output names a file.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
def export(workspace: Path, kind: str, output: Path | None) -> int:
    """Write the register's entries as data."""
    from harvest.export import export_register  # noqa: PLC0415

    data = export_register(Workspace(workspace), kind, output)
    if data is not None:
        sys.stdout.buffer.write(data)
    return EXIT_DONE


@harvest.command()
@_workspace
@_json
def status(workspace: Path, as_json: bool) -> int:
    """Say what the register holds, what came in, and what needs a person."""
    from harvest import say  # noqa: PLC0415
    from harvest.status import status_of  # noqa: PLC0415

    result, words = status_of(Workspace(workspace))
    return say.status(result, words, as_json=as_json)


def _read_passwords(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    return tuple(line for line in lines if line)


def _progress(*, shown: bool) -> Progress:
    """A bar on a terminal, nothing in a pipe."""
    from harvest.progress import silent  # noqa: PLC0415

    if not shown or not sys.stderr.isatty():
        return silent

    def bar(items: Any, label: str, length: int | None) -> Any:
        with click.progressbar(items, length=length, label=label, file=sys.stderr) as shown_items:
            yield from shown_items

    return bar


def main() -> None:
    """Run the command; every error of ours ends in one clear message and its exit code."""
    # A pipe on Windows speaks the code page of the machine; names come in every script.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.exit(harvest(standalone_mode=False) or EXIT_DONE)
    except click.exceptions.Abort:
        click.echo("harvest: stopped.", err=True)
        sys.exit(EXIT_NOTHING_DONE)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except FormgenHarvestError as error:
        for fault in error.faults:
            click.echo(f"harvest: {fault}", err=True)
        sys.exit(error.exit_code)
