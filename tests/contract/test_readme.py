"""What the README says is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from spec.errors import EXIT_DONE, EXIT_NEEDS_PERSON, EXIT_NOTHING_DONE, EXIT_WRONG_CALL
from spec.workspace import Workspace
from tests.contract.readme import README, all_commands, filled

ROOT = README.parent
TEXT = README.read_text(encoding="utf-8")


def test_the_reference_is_what_the_program_says_of_itself() -> None:
    assert filled(TEXT) == TEXT, "run `python -m tests.contract.readme`"


@pytest.mark.parametrize("name", sorted(all_commands()))
def test_every_command_and_option_is_documented(name: str) -> None:
    assert f"#### `{name}" in TEXT
    command = all_commands()[name]
    assert command.help, f"{name} has no help text"
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name}: {option.name} has no help text"


def test_the_two_commands_are_the_ones_that_exist() -> None:
    jobs = re.findall(r"^python3 \.ci/start\.py (\w+)$", TEXT, re.MULTILINE)
    assert jobs == ["demo", "test"]
    usage = subprocess.run(
        [sys.executable, ".ci/start.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert usage.returncode == 1
    assert all(f"start.py {job}" in usage.stderr for job in jobs)


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "python3 .ci/start.py test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (EXIT_DONE, "all done"),
        (EXIT_NEEDS_PERSON, "needs a person"),
        (EXIT_WRONG_CALL, "wrong call"),
        (EXIT_NOTHING_DONE, "nothing was changed"),
    ],
)
def test_the_exit_codes_are_documented(code: int, words: str) -> None:
    assert re.search(rf"^\| {code} \| .*{words}", TEXT, re.MULTILINE)


@pytest.mark.parametrize("part", ["ledger", "register", "register_json", "returns", "originals", "backups"])
def test_the_workspace_is_documented(part: str) -> None:
    path = getattr(Workspace(Path("output")), part).as_posix()
    assert re.search(rf"^\| `{re.escape(path)}/?` \|", TEXT, re.MULTILINE)


def test_every_link_and_picture_leads_somewhere() -> None:
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", TEXT) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).exists()] == []
    assert any(target.endswith(".png") for target in targets)
