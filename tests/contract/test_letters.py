"""Names in every script, on machines whose consoles, pipes and file systems have their own ideas of letters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spec.errors import EXIT_DONE, EXIT_NOTHING_DONE

NAMES = ("مركز الاستشارة", "Łukasz Żółć", "Σύμβουλος", "Tư vấn Đà Nẵng", "Бюро № 5")


def call(command: str, *words: str, folder: Path, **around: str) -> subprocess.CompletedProcess[bytes]:
    program = f"import sys; from {command}.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), **around},
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    return done


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    lines = [
        "Organisation,Ansprechperson,E-Mail",
        *(f"{name},,post{n}@traeger.example" for n, name in enumerate(NAMES)),
    ]
    path = tmp_path / "partner.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii"])
def test_what_goes_into_a_pipe_lacks_no_letter(partners: Path, encoding: str) -> None:
    """What Windows does to pipes, which is told here by PYTHONIOENCODING."""
    folder, around = partners.parent, {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    made = call("formgen", "build", "--recipients", partners.name, "--json", folder=folder, **around)
    assert [one["organisation"] for one in json.loads(made.stdout)["recipients"]] == list(NAMES)
    told = call("harvest", "run", folder=folder, **around)
    assert told.returncode == EXIT_DONE
    assert "�" not in told.stdout.decode("utf-8")


def test_a_console_that_lacks_letters_shows_others(partners: Path) -> None:
    from tests.contract.terminal import on_a_terminal

    words = [
        "formgen",
        "build",
        "--recipients",
        str(partners),
        "--dry-run",
        "--workspace",
        str(partners.parent / "w"),
    ]
    code, shown = on_a_terminal(words, {"PYTHONIOENCODING": "cp850"})
    assert code == EXIT_DONE, shown
    assert "?ukasz ?ó??" in shown.decode("cp850")


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names of files are Unicode there")
def test_a_file_system_that_lacks_letters_is_told_and_nothing_is_done(partners: Path) -> None:
    around = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = call("formgen", "build", "--recipients", partners.name, folder=partners.parent, **around)
    assert done.returncode == EXIT_NOTHING_DONE
    assert "PYTHONUTF8" in done.stderr.decode("utf-8")
    assert not list(partners.parent.glob("output/forms/*/*.pdf"))
    assert (
        call("formgen", "build", "--recipients", partners.name, folder=partners.parent).returncode
        == EXIT_DONE
    )
