"""The question what is to become of a list's hidden rows, and the option that answers it beforehand."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from formgen.cli.options import Function
from spec.console.cli import agreed, tell
from spec.console.said import said
from spec.console.screen import on_screen

if TYPE_CHECKING:  # these would make every start wait
    from formgen.recipients import RecipientList
    from formgen.recipients.hidden import Choice, Judge


def hidden_rows(function: Function) -> Function:
    """`--hidden-rows`."""
    return click.option(
        "--hidden-rows",
        type=click.Choice(("with", "without")),
        help="Partners in hidden rows of the list get something (with), or nothing (without); default: ask.",
    )(function)


def judge(choice: Choice | None, *, as_json: bool) -> Judge:
    """Decides as was said beforehand; else asks whoever sits at the screen; where nobody does, refuses."""
    from formgen.recipients.hidden import chosen, refuse_hidden

    if choice is not None:
        return partial(chosen, choice=choice)
    return refuse_hidden if as_json or not sys.stdin.isatty() else _asked


def _asked(given: RecipientList) -> RecipientList:
    from formgen.recipients.hidden import chosen
    from spec.words import words

    if not given.hidden:
        return given
    for one in given.hidden:
        tell(
            said(
                "{name}, row {row}: {organisation} is hidden, most often by a filter.",
                name=given.name,
                row=one.row,
                organisation=one.organisation,
            )
        )
    say = on_screen(words("de"))
    question = say("round.say.ask-hidden", count=len(given.hidden))
    with_them = agreed(question, say("register.say.yes"), say("register.say.no"))
    return chosen(given, "with" if with_them else "without")
