"""A fault of the program has an exit code of its own, says where it arose, and repeats nothing that anybody wrote."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import click
import pytest

from spec.console.cli import run
from spec.errors import EXIT_FAILED, EXIT_NOTHING_DONE

FAULTS = [
    MemoryError(),
    OSError(errno.EMFILE, "Too many open files", "Frau Geheim.pdf"),
    OverflowError("year 1: Frau Geheim"),
    KeyError("Frau Geheim"),
    RecursionError("Frau Geheim"),
    UnicodeEncodeError("ascii", "Frau Geheim", 0, 1, "Frau Geheim"),
]


def ended(fault: Exception) -> int:
    @click.group()
    def program() -> None:
        raise fault

    program.command("x")(lambda: None)
    return run(program, "harvest", ["x"])


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_fault_of_the_program_is_four(fault: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(fault) == EXIT_FAILED
    shown = capsys.readouterr().err
    assert type(fault).__name__ in shown
    assert "test_failing.py:" in shown
    assert "Geheim" not in shown


def test_a_full_disk_stays_three() -> None:
    assert ended(OSError(errno.ENOSPC, "No space left on device")) == EXIT_NOTHING_DONE


def test_a_pipe_that_nobody_reads_changes_no_exit_code() -> None:
    code = (
        "import click, sys; from spec.console.cli import echo, run\n"
        "@click.group()\ndef program(): pass\n"
        "@program.command()\ndef x():\n echo('a'); echo('b'); return 1\n"
        "sys.exit(run(program, 'harvest', ['x']))"
    )
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-c", code], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")
