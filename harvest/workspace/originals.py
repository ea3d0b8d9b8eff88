"""Every return as it came, under the hash of its bytes; written once, never modified."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from harvest import formats
from harvest.model import Document
from spec.storage.atomic_files import write_bytes

_NAME = re.compile(r"[0-9a-f]{64}\.[a-z]{3,4}")


def keep(document: Document, folder: Path) -> Path:
    """Keep a document's bytes as `<sha256>.<suffix of their kind>`; the path. One that is kept under another suffix stays.

    Raises:
        NothingDoneError: the disk is full or the folder is read-only.
    """
    kept = path_of(folder, document.sha256)
    if kept is not None and kept.stat().st_size == len(document.data):
        return kept
    target = folder / f"{document.sha256}{formats.suffix_of(document.data) or formats.PDF}"
    write_bytes(target, document.data)
    return target


def path_of(folder: Path, sha256: str) -> Path | None:
    """Where a return is kept, whatever its suffix; None where it is not."""
    suffixes = (formats.PDF, *formats.MIME)
    paths = (folder / f"{sha256}{suffix}" for suffix in suffixes)
    return next((path for path in paths if path.is_file()), None)


def hash_of(path: Path) -> str:
    """The hash under which a file is known."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def all_in(folder: Path) -> Iterator[Path]:
    """Every return that is kept, by hash. A pipe or a device of such a name is none, and would hang who opens it."""
    if folder.is_dir():
        yield from (
            path for path in sorted(folder.iterdir()) if _NAME.fullmatch(path.name) and path.is_file()
        )
