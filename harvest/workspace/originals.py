"""Every return as it came, under the hash of its bytes; written once, never modified."""

from __future__ import annotations

from pathlib import Path

from harvest.model import Document
from spec.files import write_bytes


def find(sha256: str, folder: Path) -> Path | None:
    """Where the original with this hash lies, whatever its suffix; None where it is gone."""
    return next((path for path in sorted(folder.glob(f"{sha256}.*")) if path.is_file()), None)


def keep(document: Document, folder: Path) -> Path:
    """Keep a document's bytes as `<sha256>.pdf`; the path.

    Raises:
        NothingDoneError: the disk is full or the folder is read-only.
    """
    target = folder / f"{document.sha256}.pdf"
    if not (target.exists() and target.stat().st_size == len(document.data)):
        write_bytes(target, document.data)
    return target
