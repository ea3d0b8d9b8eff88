"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from spec.errors import NothingDoneError


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path` through a temporary file beside it, flushed to the disk before it takes the name.

    Raises:
        NothingDoneError: the disk is full or the folder can't be written; what stood there is untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # not tempfile: its files are the owner's alone, and an office shares its folders
        draft = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.part")
        try:
            with draft.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> NothingDoneError:
    """The error for a file that the disk or the folder's rights refuse."""
    return NothingDoneError(
        str(path),
        f"This file can't be written ({error.strerror or error}).",
        "Make room on the disk, or allow writing to this folder, and run again.",
    )


def write_text(path: Path, text: str) -> None:
    """The same for text, as UTF-8."""
    write_bytes(path, text.encode())
