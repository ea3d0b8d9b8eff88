"""What a command that fails leaves behind: whether anything of its work lasts, and a log that names no one.

One command runs at a time in a process; what it was told stands here, since an error arises far from its options.
"""

from __future__ import annotations

import errno
import stat
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

#: Within the workspace.
FOLDER = "log"
_LARGEST, _EARLIER = 1_000_000, 1
#: The system refuses every program, whatever it asks for.
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
_FRAMES, _CAUSES = 50, 5


@dataclass
class _Command:
    workspace: Path | None = None
    log_file: Path | None = None
    lasting: bool = False


_command = _Command()


def begin() -> None:
    """A command starts: nothing of its work lasts yet."""
    vars(_command).update(vars(_Command()))


def works_in(workspace: Path) -> None:
    """Where the command's log lies unless `--log-file` says otherwise."""
    _command.workspace = workspace


def logs_to(path: Path) -> None:
    """The file that `--log-file` names."""
    _command.log_file = path


def something_lasts(lasting: bool = True) -> bool:
    """From now on a failure must not say that nothing was changed; what was set before.

    A transaction that is rolled back sets what held when it began: the files that it wrote belong to nothing then.
    """
    before, _command.lasting = _command.lasting, lasting
    return before


def lasts() -> bool:
    """Whether anything of the command's work lasts."""
    return _command.lasting


def exhausted(error: BaseException | None) -> bool:
    """Whether memory or open files ran out: that is no property of the file at which it showed."""
    for one in _chain(error):
        if isinstance(one, MemoryError) or (isinstance(one, OSError) and one.errno in _EXHAUSTED):
            return True
    return False


def log(name: str, error: BaseException) -> Path | None:
    """Write where an error arose and its type, never its message, which may hold a cell or a name; the log's path.

    None where it can't be written, or a pipe or device lies in its place: a failure must not cause another.
    """
    path = _command.log_file or (_command.workspace and _command.workspace / FOLDER / f"{name}.log")
    if path is None or (path != _command.log_file and not path.parent.parent.is_dir()):
        return None
    with suppress(OSError, ValueError, OverflowError, MemoryError):
        # it asks for the time as soon as it is loaded, which a clock in year 1 does not tell
        import logging  # noqa: PLC0415
        from logging.handlers import RotatingFileHandler  # noqa: PLC0415 - the same

        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_LARGEST, backupCount=_EARLIER, encoding="utf-8")
        try:
            text = "\n".join(_told(name, error)) + "\n"
            if handler.shouldRollover(logging.LogRecord(name, logging.ERROR, "", 0, text, None, None)):
                handler.doRollover()
        finally:
            handler.close()
        with path.open("a", encoding="utf-8") as lines:
            lines.write(text)
        return path
    return None


def frames(error: BaseException) -> Iterator[tuple[str, int, str]]:
    """File, line and function of each frame, the outermost first."""
    for frame, line in traceback.walk_tb(error.__traceback__):
        yield _shortened(frame.f_code.co_filename), line, frame.f_code.co_qualname


def _told(name: str, error: BaseException) -> Iterator[str]:
    try:
        at = datetime.now(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        at = "?"
    version = ".".join(map(str, sys.version_info[:3]))
    yield f"{at} {name} (Python {version}, {sys.platform})"
    for one in _chain(error):
        number = f" {errno.errorcode.get(one.errno or 0, '')}" if isinstance(one, OSError) else ""
        yield f"  {type(one).__module__}.{type(one).__qualname__}{number}"
        for file, line, function in list(frames(one))[-_FRAMES:]:
            yield f"    {file}:{line} {function}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what caused it."""
    for _ in range(_CAUSES):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _shortened(file: str) -> str:
    """A module's path below what it is installed in: the folders above may name a person."""
    parts = Path(file).parts
    for top in ("site-packages", "formgen", "harvest", "spec"):
        if top in parts[:-1]:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(top) :])
    return parts[-1] if parts else "?"
