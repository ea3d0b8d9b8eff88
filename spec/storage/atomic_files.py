"""Files that appear whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from spec.console.failures import something_lasts
from spec.console.said import refusal, said
from spec.errors import NothingDoneError, WrongInputError

#: Windows: access denied, in use by another program.
_HELD = frozenset({5, 32})
#: Seconds between the tries to take a name that is held; a virus scanner looks at a new file for about so long.
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)
_UNFINISHED = re.compile(r"\..+\.[0-9a-f]{12}\.(part|tmp)(-journal)?", re.DOTALL)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path` through a temporary file beside it, flushed to the disk before it takes the name.

    Raises:
        NothingDoneError: the disk is full or the folder can't be written; what stood there is untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, data)
    except OSError as error:
        raise cannot_write(path, error) from error


def write_text(path: Path, text: str) -> None:
    """The same for text, as UTF-8.

    Raises:
        NothingDoneError: as `write_bytes`.
    """
    write_bytes(path, text.encode())


def replace_file(path: Path, data: bytes) -> None:
    """As `write_bytes`, into a folder that is there, for callers with words of their own for what the disk refuses.

    Raises:
        OSError: the disk or the folder's rights refuse.
    """
    draft = unfinished(path)
    try:
        with draft.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        take_name(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def keep_earlier(path: Path, beside: Path) -> tuple[Path, ...]:
    """Keep what stands at `path`, if anything does, in the folder `beside` under its hash: it may have been sent.

    Returns:
        The file that was written, if any: what is kept already is not kept twice.

    Raises:
        OSError: the disk or the folder's rights refuse.
    """
    if not path.is_file():
        return ()
    data = path.read_bytes()
    kept = beside / f"{hashlib.sha256(data).hexdigest()}{path.suffix}"
    if kept.exists():
        return ()
    beside.mkdir(parents=True, exist_ok=True)
    replace_file(kept, data)
    return (kept,)


def take_name(draft: Path, place: Path) -> None:
    """Give the finished `draft` its name; what stood there is gone in the same step.

    Where Windows says that a program holds one of them, it is tried for a second and a half. Only Linux was at
    hand to test it: there the refusal is imitated.

    Raises:
        OSError: the disk or the folder's rights refuse, or the program goes on holding the file.
    """
    if os.name != "nt":
        with suppress(OSError):  # who might read it may do so from now on
            draft.chmod(stat.S_IMODE(place.stat().st_mode))
    for wait in _WAITS:
        try:
            draft.replace(place)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
            time.sleep(wait)
        else:
            something_lasts()
            return
    draft.replace(place)
    something_lasts()


def unfinished(path: Path) -> Path:
    """Where a file stands until it is whole: beside its place, since only there taking the name is one step."""
    # not tempfile: its files are the owner's alone, and an office may share its folders (harvest/workspace/rights.py)
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.part")


def refuse_pipes(paths: Iterable[Path]) -> None:
    """Raise where a named pipe, a socket or a device stands in place of a file: opened, it may never answer or end.

    Raises:
        WrongInputError: which one.
    """
    for path in paths:
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError):
            continue  # whoever opens it says so
        if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
            raise WrongInputError(
                str(path), "This is a pipe or a device, not a file.", "Remove it, or name a file."
            )


def sweep(*folders: Path) -> None:
    """Remove what runs that were killed left unfinished; only while no other run works there."""
    for folder in folders:
        if folder.is_dir():
            for path in folder.iterdir():
                if _UNFINISHED.fullmatch(path.name):
                    with suppress(OSError):
                        path.unlink()


def flush(path: Path) -> None:
    """Wait until the file's bytes are on the disk.

    Raises:
        OSError: they can't be written.
    """
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def cannot_write(path: Path, error: OSError) -> NothingDoneError:
    """The error for a file that the disk or the folder's rights refuse."""
    return NothingDoneError(
        str(path),
        said("This file can't be written ({reason}).", reason=refusal(error)),
        "Close it if it is open, make room on the disk, or allow writing to this folder; then run again.",
    )
