"""What the mailing side keeps of a person or partner: tokens, copies, drafts, bounces. Found here, and taken out.

The files are worked on by their shapes (`spec/wire.py`) alone. Whose token it was is cleared last: a call that was
killed on the way finds with it what is left.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import idna
from pydantic import TypeAdapter

from harvest.privacy.search.persons import Who, long_enough
from harvest.privacy.search.search_pool import Search
from spec.errors import NothingDoneError
from spec.matching import equal_key
from spec.naming import meant
from spec.storage.atomic_files import write_text
from spec.storage.json_files import read_json_if_any
from spec.storage.locks import only_mailer
from spec.wire import DraftsFile, RecipientsFile, WireBounce, WireDraft, WireRecipient, plain_name
from spec.workspace import Workspace

_BOUNCES = TypeAdapter(tuple[WireBounce, ...])
#: a single word may be a post that many hold, such as "Leitung"
_WORDS_OF_A_NAME = 2
_Shape = TypeVar("_Shape")


@dataclass(frozen=True, slots=True)
class Mailing:
    """What goes.

    Attributes:
        who: the words as asked for, and with them the addresses and contacts of the partners that they name.
        marked: the same and the partners' tokens.
        tokens: of these partners; they stay, without whose they were.
        codes: the same, and the codes of their copies.
        records: how many rows, drafts and bounces hold them.
        files: copies of the form and mails; they are deleted.
        partly: partners in whose names or addresses the words stand, where they are nobody's whole name.
    """

    who: Who
    marked: Who
    tokens: frozenset[str]
    codes: frozenset[str]
    records: int
    files: tuple[Path, ...]
    partly: tuple[str, ...]


def look(
    workspace: Workspace, search: Search, asked: Who, letter: str, nobodys: Callable[[str], bool]
) -> Mailing:
    """What the mailing side keeps of them. Changes nothing.

    Args:
        workspace: where it is kept.
        search: looks into its files.
        asked: whom to look for.
        letter: name of the file of texts to mail back.
        nobodys: whether a text is a word of the form: a partner's name that is one stays where it stands.

    Raises:
        NothingDoneError: one of its files can't be read.
    """
    rows = _recipients(workspace).recipients
    theirs = [row for row in rows if not row.forgotten and _names(row, asked)]
    tokens = frozenset(row.token for row in theirs)
    codes = tokens.union(*(row.codes for row in theirs))
    called = _words(theirs, [row for row in rows if row.token not in tokens])
    who = asked.also(text for text in called if long_enough(text) and not nobodys(text))
    marked = who.also(codes)
    files = tuple(_files(workspace, search, marked, letter))
    records = sum(_mentioned(row, who) or _copy(workspace, row) in files for row in rows)
    for path in _books(workspace):
        records += sum(_goes(draft, who, tokens) for draft in _book(path).drafts)
    bounced = _bounces(workspace)
    records += len(bounced) - len(_kept_bounces(workspace, bounced, who, codes))
    known = {row.token: (row.organisation, row.email) for row in rows if not row.forgotten}
    partly = () if theirs else tuple(known[token][0] for token in meant(asked.text, known))
    return Mailing(who, marked, tokens, codes, records, files, partly)


def clear(workspace: Workspace, mailing: Mailing, redact: Callable[[str], str]) -> None:
    """Take it out of drafts, bounces and recipients; the files of `mailing` are deleted by the caller.

    Raises:
        NothingDoneError: a file can't be written; calling again goes on.
    """
    sent = _sent(workspace)
    bounced = _bounces(workspace)
    kept = _kept_bounces(workspace, bounced, mailing.who, mailing.codes)
    if len(kept) < len(bounced):
        write_text(workspace.mail / "bounces.json", _BOUNCES.dump_json(kept, indent=1).decode() + "\n")
    gone = frozenset(mailing.files)
    for path in _books(workspace):
        book = _book(path)
        drafts = tuple(
            _redacted(draft, redact)
            for draft in book.drafts
            if draft.token not in mailing.tokens
            # what was not sent can't be any more without its file; drafting again makes it anew
            and (draft.key in sent or path.parent / draft.file not in gone)
        )
        if drafts != book.drafts:
            write_text(path, DraftsFile(shape=book.shape, drafts=drafts).to_json())
    known = _recipients(workspace)
    rows = tuple(_row(workspace, row, mailing, redact) for row in known.recipients)
    if rows != known.recipients:
        write_text(workspace.recipients, RecipientsFile(shape=known.shape, recipients=rows).to_json())


def mailed(workspace: Workspace) -> tuple[Path, ...]:
    """The files of the mailing side that `clear` writes anew."""
    paths = (workspace.recipients, workspace.mail / "bounces.json", *_books(workspace))
    return tuple(path for path in paths if path.exists())


@contextmanager
def nobody_mails(workspace: Workspace) -> Iterator[None]:
    """Hold the lock under which `formgen` drafts and sends; nothing to hold where it never did.

    Raises:
        NothingDoneError: mails are drafted or sent here just now.
    """
    if not workspace.mail.is_dir():
        yield
        return
    with only_mailer(workspace):
        yield


# ---------------------------------------------------------------- who


def _names(row: WireRecipient, who: Who) -> bool:
    names = (row.token, *row.codes, row.organisation, f"{row.organisation} ({row.email})")
    # however it is spelt: "e.V." and "e. V." are one
    return any(map(who.named, names)) or equal_key(row.organisation) == equal_key(who.text)


def _words(theirs: list[WireRecipient], others: list[WireRecipient]) -> Iterator[str]:
    """What else these partners are called; not what others in the list are called, too."""
    shared = {plain_name(text) for row in others for text in (row.organisation, row.person, row.email)}
    for row in theirs:
        person = (row.person,) if len(row.person.split()) >= _WORDS_OF_A_NAME else ()
        for text in (row.organisation, row.email, _in_ascii(row.email), *person):
            if plain_name(text) not in shared:
                yield text


def _in_ascii(address: str) -> str:
    """The address as servers spell it (RFC 5891)."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}" if local else ""
    except idna.IDNAError:
        return ""


# ---------------------------------------------------------------- files


def _files(workspace: Workspace, search: Search, who: Who, letter: str) -> Iterator[Path]:
    """Copies, drafts and the letters that mention them, whatever their names: those of earlier years, too."""
    ours = (
        *(path for path in workspace.forms.glob("*/*.pdf") if path.name != "blank.pdf"),
        *workspace.forms.glob("*/earlier/*.pdf"),
        *workspace.mail.glob("*/**/*.eml"),
        *workspace.mail.glob(letter),
    )
    looked = search.look((path for path in sorted(ours) if path.is_file()), who)
    yield from (path for path, found in looked.items() if found.mentioned or who.mentioned(path.stem))


def _copy(workspace: Workspace, row: WireRecipient) -> Path | None:
    return workspace.edition(row.edition) / row.file if row.edition and row.file else None


def _recipients(workspace: Workspace) -> RecipientsFile:
    return _read(workspace.recipients, RecipientsFile.model_validate_json) or RecipientsFile.empty()


def _books(workspace: Workspace) -> list[Path]:
    return sorted(workspace.mail.glob("*/drafts.json"))


def _book(path: Path) -> DraftsFile:
    return _read(path, DraftsFile.model_validate_json) or DraftsFile()


def _bounces(workspace: Workspace) -> tuple[WireBounce, ...]:
    return _read(workspace.mail / "bounces.json", _BOUNCES.validate_json) or ()


def _read(path: Path, parse: Callable[[bytes], _Shape]) -> _Shape | None:
    return read_json_if_any(
        path,
        parse,
        NothingDoneError,
        "This file can't be read, so nobody knows whom it names ({reason}).",
        "Restore it from a backup, or remove it.",
    )


def _sent(workspace: Workspace) -> dict[str, str]:
    """Key of every mail that went to a server -> the Message-ID it went under; the log itself names nobody."""
    try:
        lines = (workspace.mail / "sent.jsonl").read_bytes().splitlines()
    except OSError:
        return {}
    found: dict[str, str] = {}
    for line in lines:
        try:
            step = json.loads(line)
            if step["state"] in {"sending", "sent"}:
                found[str(step["key"])] = str(step.get("message_id", "")) or found.get(step["key"], "")
        except (ValueError, KeyError, TypeError):
            continue  # a line that a crash cut off
    return found


# ---------------------------------------------------------------- records


def _mentioned(row: WireRecipient, who: Who) -> bool:
    return any(map(who.mentioned, (row.organisation, row.person, row.email, row.note, Path(row.file).stem)))


def _goes(draft: WireDraft, who: Who, tokens: frozenset[str]) -> bool:
    texts = (draft.organisation, draft.email, Path(draft.file).stem)
    return draft.token in tokens or any(map(who.mentioned, texts))


def _kept_bounces(
    workspace: Workspace, bounced: tuple[WireBounce, ...], who: Who, tokens: frozenset[str]
) -> tuple[WireBounce, ...]:
    ids = {identity for key, identity in _sent(workspace).items() if key.rpartition("/")[2] in tokens}
    return tuple(
        one
        for one in bounced
        if not (one.code in tokens or one.message_id in ids - {""} or who.mentioned(one.recipient))
    )


def _redacted(draft: WireDraft, redact: Callable[[str], str]) -> WireDraft:
    return draft.model_copy(
        update={
            "organisation": redact(draft.organisation),
            "email": _without(draft.email, redact),
            "file": redact(draft.file),
        }
    )


def _row(
    workspace: Workspace, row: WireRecipient, mailing: Mailing, redact: Callable[[str], str]
) -> WireRecipient:
    if row.token in mailing.tokens:
        return row.forget()
    lost = _copy(workspace, row) in mailing.files
    return row.model_copy(
        update={
            "organisation": redact(row.organisation),
            "person": _without(row.person, redact),
            "email": _without(row.email, redact),
            "note": redact(row.note),
            "edition": "" if lost else row.edition,
            "file": "" if lost else row.file,
        }
    )


def _without(text: str, redact: Callable[[str], str]) -> str:
    """An address or a person's name is gone as a whole: half of one is nobody's."""
    return text if redact(text) == text else ""
