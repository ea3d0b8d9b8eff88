"""A failure of the program: what is said of it, and the log that names nobody."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from spec.console import failures
from spec.console.cli import group, run, workspace_option
from spec.errors import NothingDoneError
from spec.storage.atomic_files import replace_file

NAME = "Erika Mustermann"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a workspace named, a command works in the current folder, which is nobody's here."""
    monkeypatch.chdir(tmp_path_factory.mktemp("current"))


def outcome(act: Callable[[], None], *words: str) -> int:
    @group()
    def commands() -> None:
        """All."""

    @commands.command()
    @workspace_option("Where.")
    def do(workspace: Path) -> None:
        """Do it."""
        act()

    assert isinstance(commands, click.Group)
    return run(commands, "harvest", ["do", *words])


def fail() -> None:
    raise KeyError(NAME)


def wrapped(number: int) -> Callable[[], None]:
    def act() -> None:
        try:
            raise OSError(number, NAME)
        except OSError as error:
            raise NothingDoneError(NAME, "This file can't be read.", "Close it.") from error

    return act


def test_the_log_has_frames_and_types_but_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def act() -> None:
        try:
            fail()
        except KeyError as error:
            raise ValueError(NAME) from error

    assert outcome(act, "--workspace", str(tmp_path)) == 4

    told = (tmp_path / "log" / "harvest.log").read_text(encoding="utf-8")
    assert "builtins.ValueError" in told
    assert "builtins.KeyError" in told
    assert f"test_failures.py:{fail.__code__.co_firstlineno + 1} fail" in told
    assert NAME not in told
    assert str(Path.home()) not in told
    assert str(tmp_path / "log" / "harvest.log") in (said := capsys.readouterr().err)
    assert NAME not in said


def test_another_file_may_be_named(tmp_path: Path) -> None:
    named = tmp_path / "elsewhere" / "a.log"
    assert outcome(fail, "--workspace", str(tmp_path), "--log-file", str(named)) == 4
    assert "builtins.KeyError" in named.read_text(encoding="utf-8")
    assert not (tmp_path / "log").exists()


def test_no_log_where_there_is_no_workspace(tmp_path: Path) -> None:
    assert outcome(fail, "--workspace", str(tmp_path / "none")) == 4
    assert list(tmp_path.iterdir()) == []


def test_the_log_stays_small(tmp_path: Path) -> None:
    log = tmp_path / "log" / "harvest.log"
    log.parent.mkdir()
    log.write_text("x" * 999_900, encoding="utf-8")
    outcome(fail, "--workspace", str(tmp_path))
    outcome(fail, "--workspace", str(tmp_path))
    assert log.stat().st_size < 100_000
    assert sorted(path.name for path in log.parent.iterdir()) == ["harvest.log", "harvest.log.1"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_in_place_of_the_log_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.log")
    workspace = str(tmp_path / "none")
    assert outcome(fail, "--workspace", workspace, "--log-file", str(tmp_path / "a.log")) == 4


def test_what_was_done_before_is_not_denied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def act() -> None:
        replace_file(tmp_path / "a", b"a")
        fail()

    assert outcome(fail) == 4
    assert "nothing was changed" in capsys.readouterr().err
    assert outcome(act) == 4
    assert "what it had done before stays" in capsys.readouterr().err
    assert outcome(fail) == 4
    assert "nothing was changed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "code"), [(errno.EMFILE, 4), (errno.ENFILE, 4), (errno.ENOMEM, 4), (errno.EACCES, 3), (errno.ENOSPC, 3)]
)  # fmt: skip
def test_what_the_system_lacks_is_a_failure_whoever_wrapped_it(
    tmp_path: Path, number: int, code: int
) -> None:
    assert outcome(wrapped(number), "--workspace", str(tmp_path)) == code
    assert (tmp_path / "log").exists() == (code == 4)


def test_a_clock_that_can_not_be_told_fails_no_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        @staticmethod
        def now(_zone: object) -> None:
            raise OverflowError

    monkeypatch.setattr(failures, "datetime", Broken)
    assert outcome(fail, "--workspace", str(tmp_path)) == 4
    assert (tmp_path / "log" / "harvest.log").read_text(encoding="utf-8").startswith("? harvest")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
@pytest.mark.parametrize(
    "name", ["formgen.toml", "register.xlsx", ".summary", "sent.json", "rounds/2026.json"]
)
def test_a_pipe_in_place_of_a_file_hangs_no_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    os.mkfifo(tmp_path / name)
    assert outcome(fail, "--workspace", str(tmp_path)) == 2
    assert str(tmp_path / name) in capsys.readouterr().err
