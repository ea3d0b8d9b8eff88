"""A short, seeded share of the fuzz: `python -m tests.fuzz` runs more."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from harvest.model import Document, Provenance
from harvest.reading.pool.pool import Limits, read_all
from tests.fuzz.__main__ import main
from tests.fuzz.batch import LIMITS, Input, Result, make, run
from tests.fuzz.guard import forbidden, guarded, snapshot
from tests.fuzz.mutate import mutant
from tests.fuzz.specimens import BOXES, boxed, collection

SEED, SHARE = 2026, 400


def test_the_specimens_unchanged_are_read(tmp_path: Path) -> None:
    inputs = [Input(0, one.name, one.data) for one in collection().items]

    result = run(inputs, tmp_path, whole=1)

    assert (result.failures, result.stopped) == ([], [])
    assert {name for name, fates in result.fates.items() if not min(fates) < "3"} <= {"flat.pdf"}


@pytest.mark.parametrize("part", range(2))
def test_changed_inputs_harm_nobody(part: int, tmp_path: Path) -> None:
    first = part * SHARE // 2
    inputs = [make(SEED, number) for number in range(first, first + SHARE // 2)]

    result = run(inputs, tmp_path, whole=10)

    assert result.failures == []
    assert set(result.fates) == {one.name for one in inputs}


def test_the_same_seed_makes_the_same_inputs() -> None:
    assert [make(1, number) for number in range(20)] == [make(1, number) for number in range(20)]
    assert make(1, 0).data != make(2, 0).data
    assert {name: boxed(name, b"%PDF-1.7") for name in BOXES} == {
        name: boxed(name, b"%PDF-1.7") for name in BOXES
    }
    assert mutant(collection(), Random("x")) == mutant(collection(), Random("x"))


# ---------------------------------------------------------------- the fuzz itself would notice


def test_what_must_not_happen_is_noticed(tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    with guarded(tmp_path / "may") as seen:
        (tmp_path / "may").mkdir()
        (tmp_path / "may" / "a").write_bytes(b"a")
        (tmp_path / "must not").write_bytes(b"a")
        with socket.socket() as line, pytest.raises(OSError, match=r"."):
            line.connect(("127.0.0.1", 1))
    assert [one.split()[0] for one in seen] == ["open", "socket.connect"]
    assert snapshot(tmp_path) != before
    assert not forbidden("open", (os.devnull, "w", 0), None)


@pytest.mark.parametrize("event", ["subprocess.Popen", "os.posix_spawn"])
def test_only_python_and_tesseract_may_be_started(event: str) -> None:
    for program in (sys.executable, os.fsencode(sys.executable), "/usr/bin/tesseract"):
        assert not forbidden(event, (program, [program], None), None)
    for program in ("sh", "/bin/sh", b"/bin/sh"):
        assert forbidden(event, (program, [program], None), None)


def test_a_start_is_seen_whichever_way_this_python_takes() -> None:
    with guarded() as seen:
        subprocess.run([sys.executable, "-c", ""], check=True)
        assert seen == []
        subprocess.run([shutil.which("true") or "true"], check=True)
    names = {one.split()[0] for one in seen}
    assert {"subprocess.Popen"} <= names <= {"subprocess.Popen", "os.posix_spawn"}


def test_a_reader_that_writes_is_ended(tmp_path: Path) -> None:
    limits = Limits(seconds=LIMITS.seconds, reader="tests.fuzz.misbehave:extract")
    document = Document.of(str(tmp_path / "x").encode(), Provenance("a.pdf", "a.pdf"))
    ((_, reading),) = read_all([document], {}, limits=limits)
    assert [dict(one.details) for one in reading.problems] == [{"error": "exit 97"}]
    assert not (tmp_path / "x").exists()


def test_an_input_that_nobody_names_is_a_failure(tmp_path: Path) -> None:
    result = run([Input(0, ".hidden", b"x"), Input(1, "a.pdf", b"x")], tmp_path, whole=0)
    assert result.failures == [".hidden: nobody knows of it"]
    assert Result(fates={"a": ["3 no", "1 read"]}).counts() == {"1 read": 1}


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "3", "--seed", "5", "--save", str(tmp_path)]) == 0
    assert "3 of 3 inputs" in capsys.readouterr().out
    assert main(["--only", "2", "--seed", "5", "--save", str(tmp_path)]) == 0
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [make(5, 2).data]
