"""Where returns come from: folders, archives, mails, mailboxes -> documents with their provenance.

Everything that was seen yields something: a `Document`, or a `Refused` that says why not. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harvest.sources.archive.portfolio import parts as attached_parts
from harvest.sources.folder import found_in
from harvest.sources.found import DEFAULT_LIMITS, Found, Limits, Refused
from harvest.sources.unpack import Attached, Ways

__all__ = ["DEFAULT_LIMITS", "Attached", "Found", "Limits", "Refused", "attached_parts", "documents"]


def documents(
    paths: Iterable[str | Path],
    limits: Limits = DEFAULT_LIMITS,
    *,
    passwords: Sequence[str] = (),
    root: Path | None = None,
    attached: Attached = attached_parts,
) -> Iterator[Found]:
    """Every document in `paths`, one at a time, in the order of paths and then of names.

    Args:
        paths: files and folders. Folders are read with all below them; zip, eml, msg, mbox, Maildir and
            winmail.dat are opened wherever they stand, also inside one another.
        limits: how much one file may ask for.
        passwords: tried on encrypted archives and PDFs.
        root: what provenance paths are relative to; default: the folder given, or a file's own folder.
        attached: opens PDFs for what is attached to them; a caller that isolates readers hands over its own.

    Raises nothing for bad input: one bad file costs itself alone.
    """
    ways = Ways(limits, tuple(passwords), attached)
    for path in paths:
        yield from found_in(Path(path), ways, root)
