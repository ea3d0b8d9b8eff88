"""Files and folders: the only module here that opens files, for reading only."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from harvest.model import Carrier, Provenance, Severity
from harvest.model.times import moment_of
from harvest.sources.archive import zip  # noqa: A004 - named after its format
from harvest.sources.found import Found, Piece, Refused, megabytes, refused
from harvest.sources.kinds import (
    HEAD,
    Kind,
    is_litter,
    is_placeholder,
    is_unfinished,
    kind_of,
)
from harvest.sources.mail import maildir, mbox
from harvest.sources.names import LONGEST_PATH, inside, shown_name
from harvest.sources.unpack import Walk, Ways, hollow

State = tuple[int, int]

#: A PDF's first bytes, and its last but for what readers pass over (7.5.2, 7.5.5; Annex H of PDF 1.7: the last 1,024 bytes).
_PDF, _PDF_END = b"%PDF-", b"%%EOF"
_TAIL = 1024


def found_in(path: Path, ways: Ways, root: Path | None = None) -> Iterator[Found]:
    """All that stands in a file, or in a folder and those below it, in the order of names.

    Args:
        path: file or folder.
        ways: limits and passwords.
        root: what provenance paths are relative to; default: the folder `path`, or the file's own folder.

    Raises nothing for bad input. A link is followed only to a file within the root.
    """
    try:
        status = path.stat()
    except (OSError, ValueError):
        yield refused(_provenance(path, path.parent), "not-found")
        return
    if stat.S_ISDIR(status.st_mode):
        for file in files(path):
            yield from _one(file, ways, root or path)
    else:
        yield from _one(path, ways, root or path.parent, named=True)


def files(folder: Path) -> Iterator[Path]:
    """The files below `folder` that are people's, in the order of names; links as they are, not followed."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError:
            yield here
            continue
        below = [
            entry for entry in entries if entry.is_dir(follow_symlinks=False) and not _is_junction(entry)
        ]
        in_maildir = maildir.is_maildir(entry.name for entry in below)
        mails = maildir.holds_mails(here)
        for entry in entries:
            if entry not in below and (mails or not is_litter(entry.name)):
                yield Path(entry.path)
        # a Maildir's subfolders are hidden ones; its `tmp` holds what is not yet delivered
        waiting += [
            Path(entry.path)
            for entry in reversed(below)
            if (in_maildir or not is_litter(entry.name)) and not maildir.is_unfinished(Path(entry.path))
        ]


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether a Windows folder is a junction, which `is_symlink` does not know before Python 3.12."""
    tag = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)
    return bool(tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1))


def state_of(path: Path) -> State | None:
    """Size and time of a file, None where it is gone: two equal states in a row mean that nobody is writing."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def lacks_end(path: Path) -> bool:
    """Whether the file is a PDF without the mark at its end (ISO 32000-1, 7.5.5): it is still being written, or damaged."""
    try:
        with path.open("rb") as source:
            if not source.read(HEAD).lstrip().startswith(_PDF):
                return False
            source.seek(-min(_TAIL, source.seek(0, os.SEEK_END)), os.SEEK_END)
            return _PDF_END not in source.read()
    except OSError:
        return False


def _one(path: Path, ways: Ways, root: Path, *, named: bool = False) -> Iterator[Found]:
    own = _provenance(path, root)
    if (problem := _passed_over(path, root, named=named)) is not None:
        yield refused(own, problem, Severity.CHECK)
        return
    try:
        yield from _regular(path, own, ways)
    except OSError as error:
        yield refused(own, "unreadable", reason=error.strerror or type(error).__name__)


def _passed_over(path: Path, root: Path, *, named: bool) -> str | None:
    """Why a file is not opened, None where it is. A file that was named outright may be a link."""
    if is_placeholder(path.name):
        return "not-downloaded"
    if is_unfinished(path.name):
        return "still-written"
    if not named and path.is_symlink() and not _within(path, root):
        return "link-outside"
    return None


def _within(path: Path, root: Path) -> bool:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    return target.is_relative_to(root.resolve()) and not target.is_dir()


def _regular(path: Path, own: Provenance, ways: Ways) -> Iterator[Found]:
    """What stands in a file. Zip and mbox files are streamed, for they may be larger than memory."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        # opening a pipe or a device could wait for ever
        yield refused(own, "no-file", Severity.CHECK)
        return
    if not status.st_size:
        # a sync client makes the name first and brings the bytes later
        yield refused(own, "empty-file", Severity.CHECK)
        return
    in_maildir = maildir.holds_mails(path.parent)
    with path.open("rb") as source:
        kind = kind_of(source.read(HEAD), own.name, "message/rfc822" if in_maildir else "")
        if kind is Kind.MBOX and not in_maildir:
            yield from hollow(kind, own, _mails(source, own, ways))
            return
        if kind is Kind.ZIP and not zip.is_office(source, ways.limits):
            yield from Walk(own, ways).archive(source, own)
            return
        # the file is closed again before anybody works on its bytes: Windows keeps open files from being moved
        data = _whole(source, own, ways.limits.document if kind is Kind.PDF else ways.limits.container)
    if isinstance(data, Refused):
        yield data
    elif in_maildir:
        yield from Walk(own, ways).mail(data, own)
    else:
        yield from Walk(own, ways).piece(Piece(data, own))


def _whole(source: BinaryIO, own: Provenance, most: int) -> bytes | Refused:
    before = os.fstat(source.fileno())
    if before.st_size > most:
        return refused(own, "document-too-large", limit=megabytes(most))
    source.seek(0)
    data = source.read(most + 1)
    after = os.fstat(source.fileno())
    if len(data) != after.st_size or (before.st_size, before.st_mtime_ns) != (
        after.st_size,
        after.st_mtime_ns,
    ):
        return refused(own, "still-written", Severity.CHECK)
    return data


def _mails(source: BinaryIO, own: Provenance, ways: Ways) -> Iterator[Found]:
    """The mails of an mbox file, each with limits of its own: a mailbox may hold any number."""
    source.seek(0)
    for number, mail in enumerate(mbox.mails(source, ways.limits.container), start=1):
        place = inside(own, f"#{number}")
        if mail is None:
            yield refused(place, "container-too-large", limit=megabytes(ways.limits.container))
        else:
            yield from Walk(place, ways).mail(mail, place)


def _provenance(path: Path, root: Path) -> Provenance:
    try:
        way = path.relative_to(root).as_posix()
    except ValueError:
        way = path.name
    try:
        time = moment_of(path.stat().st_mtime)
    except (OSError, ValueError):  # there is none, or its name is no path
        time = None
    return Provenance(shown_name(way, LONGEST_PATH), shown_name(path.name), time, carrier=Carrier.FOLDER)
