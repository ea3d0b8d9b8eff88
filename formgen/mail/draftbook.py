"""`mail/<round>/drafts.json`: which mails were drafted for a round, for whom, and how each looked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from formgen.filenames import folded
from formgen.recipients import Recipient
from formgen.rounds import save
from spec.errors import NothingDoneError
from spec.workspace import Workspace

#: Raised when the shape changes in a way that older programs would misread.
DRAFTS_SHAPE = 1


class Kind(StrEnum):
    """What a mail is for."""

    FORM = "form"
    REMINDER = "reminder"
    RECEIPT = "receipt"


class Draft(BaseModel):
    """One drafted mail.

    Attributes:
        key: names the mail for ever: `<round>/<kind>-<number>/<token>`. A key is sent at most once.
        email: the address as the list spells it.
        categories: keys of the categories that the partner's copy asks about.
        file: the `.eml`, below the round's folder of mails.
        sha256: of that file.
        print: fingerprint of the recipient as the list had it.
        returns: for receipts: the returns that it is about.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    kind: Kind
    number: int
    token: str
    organisation: str
    email: str
    categories: tuple[str, ...]
    file: str
    sha256: str
    print: str
    returns: tuple[str, ...] = ()


class DraftBook(BaseModel):
    """All drafts of a round, in the order of their keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shape: int = DRAFTS_SHAPE
    drafts: tuple[Draft, ...] = ()

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
    try:
        book = DraftBook.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return DraftBook()
    except (OSError, ValidationError) as error:
        raise NothingDoneError(
            str(path),
            f"The list of drafts can't be read ({type(error).__name__}).",
            "Restore it from a backup, or remove it and write the drafts again; what was sent is kept elsewhere.",
        ) from error
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
    save(folder(workspace, round_name) / "drafts.json", book.model_dump_json(indent=1) + "\n")


def eml_name(stem: str, token: str, taken: set[str]) -> str:
    """The file of a draft in its folder: the partner's name, with the token where another one has it."""
    name = f"{stem}.eml"
    if folded(name) in taken:
        name = f"{stem} {token}.eml"
    taken.add(folded(name))
    return name
