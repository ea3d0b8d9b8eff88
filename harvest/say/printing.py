"""What every command's result goes through: one JSON object, or lines in the language of the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from spec.console.cli import echo, print_json
from spec.console.screen import on_screen
from spec.words import Words


class Result(Protocol):
    """What a command returns."""

    @property
    def exit_code(self) -> int:
        """The exit code (docs/reference/exit_codes.md)."""

    def as_json(self, words: Words) -> dict[str, Any]:
        """All of it; `words` are the form's."""


_Result = TypeVar("_Result", bound=Result)


def printed(
    result: _Result, lines: Callable[[_Result, Words], Iterable[str]], words: Words, *, as_json: bool
) -> int:
    """Print a result; `lines` says it in words. Returns its exit code."""
    if as_json:
        print_json(result.as_json(words))
    else:
        print_lines(lines(result, on_screen(words)))
    return result.exit_code


def print_lines(lines: Iterable[str], *, err: bool = False) -> None:
    """Print these."""
    for line in lines:
        echo(line, err=err)
