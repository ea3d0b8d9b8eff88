"""A Python of ours in a process of its own, which is spoken to over its standard streams."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


def start(program: str) -> subprocess.Popen[bytes]:
    """A process that runs `program`, Python whose first argument is the paths of this one as JSON.

    Raises:
        OSError: the system starts no further process.
    """
    # The paths are handed over because `-I` keeps it from importing what lies in the current folder, which may be the one
    # with the returns.
    path = [str(Path(entry).resolve()) for entry in sys.path if entry]
    return subprocess.Popen(  # noqa: S603 - this very Python, with a program of ours
        [sys.executable, "-I", "-c", program, json.dumps(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # no black window on Windows
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def memory_of(pid: int) -> int:
    """The bytes of memory that a process holds; 0 where nobody can tell."""
    import psutil  # noqa: PLC0415 - only needed once a process is busy for longer than a moment

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill it if it lives, and clear up after it."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
