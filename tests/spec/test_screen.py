"""What a partner wrote is shown by a terminal, never obeyed: there is one way out, and it names what would be obeyed."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import cast

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import spec
from spec.console.cli import echo, print_json, run
from spec.console.screen import harmless, harmless_json
from spec.errors import WrongInputError

ROOT = Path(spec.__file__).parents[1]
OBEYED = ["\x1b[2J", "\x9b31m", "\x07", "\x7f", "\x85", "\u202e", "\u2066", "\u2028", "gut\rböse", "\x00"]
#: The only module that may print words or JSON.
EXIT = ROOT / "spec" / "console" / "cli.py"


def lines(of: object) -> str:
    @click.command()
    def command() -> None:
        if isinstance(of, BaseException):
            raise of
        echo(str(of))

    result = CliRunner().invoke(click.Command("x", callback=lambda: run_of(command)))
    return result.output + result.stderr


def run_of(command: click.Command) -> None:
    run(cast("click.Group", command), "harvest", [])


@pytest.mark.parametrize("text", OBEYED)
def test_words_errors_and_wrong_calls_name_it(text: str) -> None:
    for of in (text, WrongInputError(text, text, text), click.UsageError(text)):
        shown = lines(of)
        assert "[U+" in shown
        assert shown == harmless(shown)


def test_lines_tabs_and_letters_of_all_scripts_stay() -> None:
    text = "Ä\tß\n\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627\u200f 👩\u200d👧"
    assert harmless(text) == text


@given(st.text())
def test_json_says_the_same(text: str) -> None:
    body = {text: [text]}
    shown = harmless_json(json.dumps(body, ensure_ascii=False))
    assert json.loads(shown) == body
    assert harmless(shown) == shown


def test_printed_json_is_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "\u202e\x9b"})
    assert capsys.readouterr().out == '{\n  "name": "\\u202e\\u009b"\n}\n'


def test_nobody_prints_but_the_one_exit() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in ("spec", "formgen", "harvest")
        for path in (ROOT / package).rglob("*.py")
        if path != EXIT
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"click.echo", "click.secho", "print"}
    ]
    assert found == []
