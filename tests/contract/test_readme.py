"""What the documents say is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from spec.errors import EXIT_DONE, EXIT_NEEDS_PERSON, EXIT_NOTHING_DONE, EXIT_WRONG_CALL
from spec.workspace import Workspace
from tests.contract.readme import DOCUMENTS, README, ROOT, all_commands, filled

TEXT = README.read_text(encoding="utf-8")
REFERENCE = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs/reference").glob("*.md"))
)


def test_the_reference_is_what_the_program_says_of_itself() -> None:
    stale = [path.name for path, text in filled().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run `python -m tests.contract.readme`"


@pytest.mark.parametrize("name", sorted(all_commands()))
def test_every_command_and_option_is_documented(name: str) -> None:
    assert f"## `{name}" in REFERENCE
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
    assert re.search(rf"^\| {code} \| .*{words}", REFERENCE, re.MULTILINE)


@pytest.mark.parametrize("part", ["ledger", "register", "register_json", "returns", "originals", "backups"])
def test_the_workspace_is_documented(part: str) -> None:
    path = getattr(Workspace(Path("output")), part).as_posix()
    assert re.search(rf"^\| `{re.escape(path)}/?` \|", REFERENCE, re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_and_picture_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    own = [target for target in targets if "://" not in target]
    assert [target for target in own if not (document.parent / target).exists()] == []


def test_the_first_page_shows_form_and_register() -> None:
    assert re.findall(r"\]\((docs/\w+\.png)\)", TEXT) == ["docs/form.png", "docs/register.png"]


def test_the_first_page_is_short_and_leads_to_all_others() -> None:
    assert len(TEXT.splitlines()) <= 150
    linked = {(ROOT / target).resolve() for target in re.findall(r"\]\(([^)#]+\.md)", TEXT)}
    assert {path for path in DOCUMENTS if path not in linked} <= {README, ROOT / "docs/index.md"}


def test_what_was_tried_on_which_system_stands_at_the_top() -> None:
    assert "Tried on" in "\n".join(TEXT.splitlines()[:30])


def test_sphinx_builds_the_documents_without_a_warning(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "docs", tmp_path)
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr


def test_every_measured_fact_that_the_code_cites_is_written_down() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for side in ("spec", "formgen", "harvest")
        for path in sorted((ROOT / side).rglob("*.py"))
    )
    cited = re.findall(r"docs/findings/(\w+)\.md(?:, (\d)(?: and (\d))?)?", code)
    assert len(cited) >= 13
    for name, *numbers in cited:
        text = (ROOT / "docs/findings" / f"{name}.md").read_text(encoding="utf-8")
        assert all(re.search(rf"^## {number}\. ", text, re.MULTILINE) for number in numbers if number)
