"""A workspace with the built-in form, and the two commands as people call them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from formgen.blank import build_blank
from spec.form.load import default_form
from spec.wire import EditionFile
from spec.workspace import Workspace


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Office:
    """A coordination office: a workspace with a blank form, and the commands."""

    workspace: Workspace
    edition: EditionFile

    @property
    def blank(self) -> Path:
        return self.workspace.edition(self.edition.edition) / "blank.pdf"

    def harvest(self, *words: str | Path) -> Said:
        return call("harvest", words[0], "--workspace", self.workspace.root, *words[1:])

    def register(self) -> Any:
        return json.loads(self.workspace.register_json.read_text(encoding="utf-8"))


def call(command: str, *words: str | Path) -> Said:
    """A command in a process of its own, warnings as errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"from {command}.cli import main; main()", *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    blank = build_blank(default_form())
    folder = Workspace(root).edition(blank.edition_file.edition)
    folder.mkdir(parents=True)
    (folder / "blank.pdf").write_bytes(blank.pdf)
    (folder / "edition.json").write_text(blank.edition_file.to_json(), encoding="utf-8")
    return root


@pytest.fixture
def new_office(built: Path, tmp_path: Path) -> Callable[[str], Office]:
    """Makes an office with the given name, nothing returned yet."""

    def make(name: str) -> Office:
        root = tmp_path / name
        shutil.copytree(built, root)
        workspace = Workspace(root)
        workspace.returns.mkdir()
        text = next(workspace.forms.glob("*/edition.json")).read_text(encoding="utf-8")
        return Office(workspace, EditionFile.model_validate_json(text))

    return make


@pytest.fixture
def office(new_office: Callable[[str], Office]) -> Office:
    return new_office("office")
