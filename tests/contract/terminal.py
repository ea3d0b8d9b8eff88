"""A command on a terminal, as people see it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence


def on_a_terminal(words: Sequence[str], around: Mapping[str, str]) -> tuple[int, bytes]:
    """Exit code and all that was shown; POSIX alone has terminals that a program can hold from behind."""
    import pty

    ours, theirs = pty.openpty()
    program = f"import sys; from {words[0]}.cli import main; sys.exit(main())"
    running = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program, *words[1:]],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **around},
    )
    os.close(theirs)
    shown = bytearray()
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux's way of saying that nobody holds the other end any more
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    return running.wait(timeout=60), bytes(shown)
