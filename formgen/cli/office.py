"""What the commands of mails and rounds have in common: options, and the office that they work in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from spec.screen import on_screen
from spec.workspace import DEFAULT, Workspace

if TYPE_CHECKING:  # these would make every start wait
    from formgen.rounds.office import Office
    from spec.words import Words

Function = TypeVar("Function", bound=Callable[..., Any])
file_path = click.Path(path_type=Path, dir_okay=False)


def workspace_option(function: Function) -> Function:
    """`--workspace`."""
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path, file_okay=False),
        default=DEFAULT,
        show_default=True,
        help="The project's folder.",
    )(function)


def round_option(function: Function) -> Function:
    """`--round`."""
    return click.option("--round", "round_", metavar="NAME", help="The round; default: the newest.")(function)


def json_option(function: Function) -> Function:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(function)


def open_office(workspace: Path) -> Office:
    """The workspace with its settings, in the surroundings that `main` was given."""
    from formgen.mail.surroundings import Surroundings  # noqa: PLC0415  start-up
    from formgen.rounds.office import Office  # noqa: PLC0415

    around = click.get_current_context().find_object(Surroundings) or Surroundings()
    return Office.open(Workspace(workspace), around)


def words_of(office: Office) -> Words:
    """The words for the screen; the office's where the computer has no language."""
    from spec.words import words  # noqa: PLC0415  start-up

    return on_screen(words(office.config.office.language))


def print_json(body: object) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(body, ensure_ascii=False, indent=2))
