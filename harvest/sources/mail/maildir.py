"""Maildir: a folder with `cur`, `new` and `tmp`, one mail per file, subfolders with a leading dot.

Not through `mailbox.Maildir`, which wants a path it may write to and lists 50,000 mails before the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

_ROOMS = frozenset({"cur", "new", "tmp"})


def is_maildir(names: Iterable[str]) -> bool:
    """Whether a folder with these subfolders is a Maildir."""
    return set(names) >= _ROOMS


def holds_mails(path: Path) -> bool:
    """Whether files in the folder `path` are mails, whatever they are called. `tmp` holds unfinished ones."""
    return path.name in {"cur", "new"} and all((path.parent / room).is_dir() for room in _ROOMS)


def is_unfinished(path: Path) -> bool:
    """Whether the folder `path` is a Maildir's `tmp`, where mails are that are still being written."""
    return path.name == "tmp" and all((path.parent / room).is_dir() for room in _ROOMS)
