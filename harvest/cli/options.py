"""Options that several commands share, and what they turn into."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from spec.console.cli import tell, workspace_option
from spec.console.said import said

if TYPE_CHECKING:
    from harvest.progress import Progress

_Function = TypeVar("_Function", bound=Callable[..., Any])
workspace = workspace_option("Folder where the project's files live.")


def json(function: _Function) -> _Function:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(function)


def dry_run(function: _Function) -> _Function:
    """`--dry-run`."""
    return click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")(function)


def passwords(function: _Function) -> _Function:
    """`--passwords`."""
    return click.option(
        "--passwords",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Text file with one password a line, tried on protected files.",
    )(function)


def read_passwords(path: Path | None) -> tuple[str, ...]:
    """The passwords in a file; none without a file.

    Raises:
        WrongInputError: the file is no list of passwords.
    """
    if path is None:
        return ()
    from harvest.text.passwords import read_list

    return read_list(path)


def progress(*, shown: bool) -> Progress:
    """A bar on a terminal, nothing in a pipe."""
    from harvest.progress import silent

    if not shown or not sys.stderr.isatty():
        return silent

    def bar(items: Any, label: str, length: int | None) -> Any:
        with click.progressbar(items, length=length, label=label, file=sys.stderr) as shown_items:
            yield from shown_items

    return bar


def tell_settings(workspace: Path) -> None:
    """Say what is wrong with `formgen.toml`, for commands that need nothing of it."""
    from harvest.state.settings import faults
    from spec.workspace import Workspace

    error = faults(Workspace(workspace))
    for fault in error.faults if error else ():
        tell(said("Warning: {fault} This command goes on without the settings.", fault=fault.told), err=True)
