"""`mail/<round>/drafts.json`: which mails were drafted for a round, for whom, and how each looked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from formgen.filenames import folded
from formgen.recipients import Recipient
from spec.errors import NothingDoneError
from spec.storage.atomic_files import write_text
from spec.storage.json_files import read_json_if_any
from spec.wire import DRAFTS_SHAPE, DraftsFile, MailKind, WireDraft
from spec.workspace import Workspace

Kind = MailKind
Draft = WireDraft


class DraftBook(DraftsFile):
    """All drafts of a round, in the order of their keys."""

    def by_key(self) -> dict[str, Draft]:
        """Key -> draft."""
        return {draft.key: draft for draft in self.drafts}

    def of(self, kind: Kind) -> dict[str, list[Draft]]:
        """Token -> its drafts of one kind, by number."""
        found: dict[str, list[Draft]] = {}
        for draft in sorted(self.drafts, key=lambda draft: draft.number):
            if draft.kind is kind:
                found.setdefault(draft.token, []).append(draft)
        return found

    def with_(self, fresh: Iterable[Draft]) -> DraftBook:
        """The book with these drafts in the place of those with the same keys."""
        merged = {**self.by_key(), **{draft.key: draft for draft in fresh}}
        return DraftBook(drafts=tuple(merged[key] for key in sorted(merged)))

    def without(self, keys: Iterable[str]) -> DraftBook:
        """The book without these."""
        gone = set(keys)
        return DraftBook(drafts=tuple(draft for draft in self.drafts if draft.key not in gone))


def draft_key(round_name: str, kind: Kind, number: int, token: str) -> str:
    """A mail's key."""
    return f"{round_name}/{kind.value}-{number}/{token}"


def fingerprint(recipient: Recipient) -> str:
    """A hash of all that a partner's mail and copy depend on; a note is the office's own."""
    content = [
        recipient.organisation,
        recipient.person,
        recipient.email,
        *recipient.categories,
        recipient.language,
        *(["hidden"] if recipient.hidden else []),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def folder(workspace: Workspace, round_name: str) -> Path:
    """Where a round's mails lie."""
    return workspace.mail / round_name


def read_book(workspace: Workspace, round_name: str) -> DraftBook:
    """The round's drafts; none where there is no file.

    Raises:
        NothingDoneError: the file is there but can't be read.
    """
    path = folder(workspace, round_name) / "drafts.json"
    book = (
        read_json_if_any(
            path,
            DraftBook.model_validate_json,
            NothingDoneError,
            "The list of drafts can't be read ({reason}).",
            "Restore it from a backup, or remove it and write the drafts again; what was sent is kept elsewhere.",
        )
        or DraftBook()
    )
    if book.shape > DRAFTS_SHAPE:
        raise NothingDoneError(
            str(path), "A newer version of the program wrote this file.", "Update formgen."
        )
    return book


def write_book(workspace: Workspace, round_name: str, book: DraftBook) -> None:
    """Replace the list of drafts.

    Raises:
        NothingDoneError: it can't be written.
    """
    write_text(folder(workspace, round_name) / "drafts.json", book.to_json())


def eml_name(stem: str, token: str, taken: set[str]) -> str:
    """The file of a draft in its folder: the partner's name, with the token where another one has it."""
    name = f"{stem}.eml"
    if folded(name) in taken:
        name = f"{stem} {token}.eml"
    taken.add(folded(name))
    return name
