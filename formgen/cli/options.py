"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from spec.console.cli import workspace_option

Function = TypeVar("Function", bound=Callable[..., Any])
#: A file to read, or to write.
file_path = click.Path(path_type=Path, dir_okay=False)
workspace = workspace_option("The project's folder.")


def round_(function: Function) -> Function:
    """`--round`."""
    return click.option("--round", "round_", metavar="NAME", help="The round; default: the newest.")(function)


def json(function: Function) -> Function:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(function)


def quiet(function: Function) -> Function:
    """`--quiet`."""
    return click.option("--quiet", is_flag=True, help="Print faults only.")(function)
