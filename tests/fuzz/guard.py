"""Watches what the intake does to the computer around it: nothing is sent, started or written but where it may be."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Exit code of a worker that did what no reader may.
ENDED = 97
_NETWORK = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "socket.bind",
    "urllib.",
    "ftplib.",
    "smtplib.",
)
_CHANGES = (
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "shutil.",
)
_STARTS = ("os.system", "os.exec", "os.startfile", "pty.spawn")
#: Each tells the program first. From Python 3.13 on the first ends in the second where the system can close files there.
_PROGRAMS = ("subprocess.Popen", "os.posix_spawn")
#: The one program besides Python that a reader may start: it recognises the characters of scans.
_HELPER = "tesseract"
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_seen: list[str] = []
_allowed: list[Path] = []
_armed = False
_hooked = False


def forbidden(event: str, words: tuple[object, ...], within: Path | None) -> bool:
    """Whether this audit event is one that no reader may cause; within a folder everything may be written."""
    if event.startswith(_NETWORK) or event.startswith(_STARTS):
        return True
    if event in _PROGRAMS:
        program = os.fsdecode(words[0]) if isinstance(words[0], bytes) else str(words[0])
        return program != sys.executable and Path(program).stem != _HELPER
    if event == "open":
        return _writes(words[1], words[2]) and not _is_within(words[0], within)
    return event.startswith(_CHANGES) and not _is_within(words[0], within)


def _writes(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITES)


def _is_within(path: object, within: Path | None) -> bool:
    if not isinstance(path, (str, bytes)):
        return True  # a file that is open already
    own = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - a hook must not look at the disk
    return own == os.devnull or (within is not None and Path(own).is_relative_to(within))


def _watch(event: str, words: tuple[object, ...]) -> None:
    if _armed and forbidden(event, words, _allowed[-1] if _allowed else None):
        _seen.append(f"{event} {words!r}"[:300])


@contextmanager
def guarded(within: Path | None = None) -> Iterator[list[str]]:
    """What happens meanwhile that must not; `within`: a folder that may be written to."""
    global _armed, _hooked  # noqa: PLW0603 - an audit hook can't be taken out again
    if not _hooked:
        sys.addaudithook(_watch)
        _hooked = True
    _seen.clear()
    _allowed[:] = [within] if within else []
    bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    _armed = True
    try:
        yield _seen
    finally:
        _armed = False
        sys.dont_write_bytecode = bytecode


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of everything below a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        found[str(path.relative_to(folder))] = (0 if path.is_dir() else status.st_size, status.st_mtime_ns)
    return found
