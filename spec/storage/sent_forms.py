"""`sent.json`, read and written: which forms may have been sent. Older workspaces have none; then what lies there counts."""

from __future__ import annotations

import email
import email.policy
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import ValidationError

from spec.console.said import said
from spec.errors import NothingDoneError
from spec.names import is_edition
from spec.storage.atomic_files import write_text
from spec.storage.json_files import read_json_if_any
from spec.wire import DraftsFile, RecipientsFile, Wire, WireFile
from spec.workspace import Workspace

#: Raised when the shape of `sent.json` changes in a way that older programs would misread.
SENT_SHAPE = 1


class WireSent(Wire):
    """A blank or a copy that may have been sent, whether it was or not.

    Attributes:
        sha256: of the PDF.
        edition: its edition; empty where nobody knows any more.
        code: what its pages carry; empty on a blank.
        token: the recipient's, whose copy it is; empty for a blank.
        round: the mailing that it was made for; empty where it was made for none.
        day: when it was made, or first seen.
    """

    sha256: str
    edition: str
    code: str
    token: str
    round: str
    day: date


class SentFile(WireFile):
    """`sent.json`: every blank and copy that may have been sent, the oldest first. Nothing is ever taken out."""

    shape: int = SENT_SHAPE
    sent: tuple[WireSent, ...] = ()

    def with_(self, fresh: Iterable[WireSent]) -> SentFile:
        """The file with these; what is known of a form for a round stays as it was recorded first."""
        known: dict[tuple[str, str], WireSent] = {}
        for one in (*self.sent, *fresh):
            known.setdefault((one.sha256, one.round), one)
        return SentFile(shape=self.shape, sent=tuple(known.values()))


#: A form has some 300 kB; what is larger was put there by somebody else.
_LARGEST = 50_000_000


def sent_forms(workspace: Workspace) -> SentFile:
    """Every form that may have been sent; where that was never recorded, what still lies in `forms/` and `mail/`.

    Raises:
        NothingDoneError: the file can't be read; without it a form that comes back would pass for an answer.
    """
    found = read_json_if_any(
        workspace.sent,
        SentFile.model_validate_json,
        NothingDoneError,
        "The list of forms that were sent can't be read ({reason}).",
        "Restore it from a backup; if a newer version of the program wrote it, update this one.",
    )
    if found is None:
        return SentFile().with_(sorted(_lying_here(workspace), key=lambda one: (one.day, one.round == "")))
    if found.shape > SENT_SHAPE:
        raise NothingDoneError(
            str(workspace.sent),
            "A newer version of the program wrote this file.",
            said("Update the program."),
        )
    return found


def record_sent(workspace: Workspace, fresh: Iterable[WireSent] = ()) -> None:
    """Record forms before they are written anywhere; what is recorded stays.

    Raises:
        NothingDoneError: the file can't be read or written.
    """
    known = sent_forms(workspace)
    wanted = known.with_(fresh)
    if wanted.sent != known.sent or (wanted.sent and not workspace.sent.exists()):
        write_text(workspace.sent, wanted.to_json())


def digest(data: bytes) -> str:
    """The hash under which a form is known."""
    return hashlib.sha256(data).hexdigest()


# ---------------------------------------------------------------- workspaces of older versions


def _lying_here(workspace: Workspace) -> Iterator[WireSent]:
    owners, editions = _owners(workspace), {}
    for path in sorted(workspace.forms.glob("*/*.pdf")):
        edition = path.parent.name
        if is_edition(edition) and (data := _bytes(path)) is not None:
            token = owners.get((edition, path.name), "")
            editions[digest(data)] = edition
            yield _seen(data, edition, token, "", _day(path))
    for book in sorted(workspace.mail.glob("*/drafts.json")):
        for file, token in _drafted(book):
            path = book.parent / file
            for data in _attached(path):
                yield _seen(data, editions.get(digest(data), ""), token, book.parent.name, _day(path))


def _seen(data: bytes, edition: str, token: str, round_: str, day: date) -> WireSent:
    return WireSent(sha256=digest(data), edition=edition, code=token, token=token, round=round_, day=day)


def _owners(workspace: Workspace) -> dict[tuple[str, str], str]:
    try:
        known = RecipientsFile.model_validate_json(workspace.recipients.read_bytes())
    except (OSError, ValidationError):
        return {}  # who needs it says so
    return {(one.edition, one.file): one.token for one in known.recipients if one.file}


def _drafted(book: Path) -> list[tuple[str, str]]:
    try:
        return [(one.file, one.token) for one in DraftsFile.model_validate_json(book.read_bytes()).drafts]
    except (OSError, ValidationError):
        return []


def _attached(path: Path) -> Iterator[bytes]:
    data = _bytes(path)
    if data is None:
        return
    for part in email.message_from_bytes(data, policy=email.policy.compat32).walk():
        if part.get_content_type() == "application/pdf":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield payload


def _bytes(path: Path) -> bytes | None:
    with suppress(OSError):
        if path.stat().st_size <= _LARGEST:
            return path.read_bytes()
    return None


def _day(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
