"""Mails that came back: delivery status notifications (RFC 3464) -> bounces. Pure but for reading files.

Anybody can forge a bounce. One counts only where it names a mail that went out: its Message-ID, which nobody else
can guess, or the code of its subject.
"""

from __future__ import annotations

import email
import email.policy
import mailbox
import re
from collections.abc import Iterable, Iterator
from datetime import date
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from spec.console.said import refusal, said
from spec.errors import NothingDoneError, WrongInputError
from spec.names import find_code
from spec.storage.atomic_files import write_text
from spec.storage.json_files import read_json_if_any
from spec.wire import WireBounce
from spec.workspace import Workspace

#: Larger mails carry something else; a bounce quotes a form of some 300 kB at most.
LARGEST = 20_000_000
#: Bytes of a mail that are looked at: what servers report stands before the mail that comes back.
_LOOKED_AT = 1_000_000
#: Bytes in which its header says that it is a report.
_HEADERS = 64_000
#: Lines that may part it; a report has four.
_MOST_PARTS = 2_000
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_HEADER = re.compile(r"(?im)^(message-id|subject):[ \t]*+(.*+(?:\n[ \t].*+)*+)")


Bounce = WireBounce
_BOUNCES = TypeAdapter(tuple[Bounce, ...])


def bounces_in(mail: bytes) -> tuple[Bounce, ...]:
    """The failures that a mail reports; none where it is no bounce. Raises nothing, whatever the mail holds."""
    if b"multipart/report" not in mail[:_HEADERS].lower():
        return ()
    mail = mail[:_LOOKED_AT]
    if mail.count(b"\n--") > _MOST_PARTS:
        return ()
    try:
        # the old policy parses headers lazily and takes damage without raising
        message = email.message_from_bytes(mail, policy=email.policy.compat32)
        return tuple(_bounces(message))
    except Exception:  # noqa: BLE001 - a stranger's mail may break the parser in ways of its own
        return ()


def _bounces(message: Message) -> Iterator[Bounce]:
    if message.get_content_type() != "multipart/report":
        return
    parts = message.get_payload()
    if not isinstance(parts, list):
        return
    identity, code = _quoted(parts)
    for part in parts:
        if isinstance(part, Message) and part.get_content_type() in {
            "message/delivery-status",
            "message/global-delivery-status",
        }:
            for fields in _groups(part):
                action = str(fields.get("Action", "")).strip().lower()
                if action == "failed":
                    status = _STATUS.search(str(fields.get("Status", "")))
                    address = str(fields.get("Original-Recipient") or fields.get("Final-Recipient") or "")
                    yield Bounce(
                        recipient=address.partition(";")[2].strip()[:320],
                        message_id=identity,
                        code=code,
                        reason=status[0] if status else "5.0.0",
                        day=_day(message),
                    )


def _day(message: Message) -> date | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", ""))).date()
    except (ValueError, OverflowError):
        return None


def _groups(part: Message) -> Iterator[Message]:
    """The groups of fields, one for each recipient, parted by empty lines.

    Python's parser makes messages of them; of the global kind (RFC 6533) only of the first, the rest is its text.
    """
    payload = part.get_payload()
    for one in payload if isinstance(payload, list) else ():
        if isinstance(one, Message):
            yield one
            rest = one.get_payload()
            if isinstance(rest, str):
                yield from map(email.message_from_string, re.split(r"\r?\n\r?\n", rest))


def _quoted(parts: Iterable[Any]) -> tuple[str, str]:
    """Message-ID and subject's code of the mail that came back, from the copy or the headers that it quotes."""
    for part in parts:
        if not isinstance(part, Message):
            continue
        kind = part.get_content_type()
        if kind in {"message/rfc822", "message/global"} and isinstance(part.get_payload(), list):
            inner: Any = part.get_payload(0)
            return str(inner.get("Message-ID", "")).strip(), find_code(str(inner.get("Subject", ""))) or ""
        if kind in {"text/rfc822-headers", "message/global-headers"}:
            payload = part.get_payload(decode=True)
            text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
            found = {name.lower(): value for name, value in _HEADER.findall(text)}
            return found.get("message-id", "").strip(), find_code(found.get("subject", "")) or ""
    return "", ""


def bounces_in_files(paths: Iterable[Path]) -> tuple[Bounce, ...]:
    """The failures that saved mails report: `.eml` files, mbox files, folders of these.

    Raises:
        WrongInputError: a path is not there or can't be read.
    """
    found: list[Bounce] = []
    for path in paths:
        if not path.exists():
            raise WrongInputError(str(path), "There is no such file.", "Check the path.")
        files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        for file in files:
            found += [bounce for mail in _mails(file) for bounce in bounces_in(mail)]
    return tuple(found)


def _mails(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as opened:
            start = opened.read(5)
        if start == b"From ":
            box = mailbox.mbox(file, create=False)
            try:
                yield from (_beginning(box, key) for key in box.iterkeys())
            finally:
                box.close()
        elif file.stat().st_size <= LARGEST:
            yield file.read_bytes()
    except OSError as error:
        raise WrongInputError(
            str(file),
            said("The file can't be read ({reason}).", reason=refusal(error)),
            "Check its permissions.",
        ) from error


def _beginning(box: mailbox.mbox, key: str) -> bytes:
    with box.get_file(key) as opened:
        return opened.read(_LOOKED_AT)


def read_bounces(workspace: Workspace) -> tuple[Bounce, ...]:
    """The bounces that were read so far.

    Raises:
        NothingDoneError: their file can't be read.
    """
    found = read_json_if_any(
        workspace.mail / "bounces.json",
        _BOUNCES.validate_json,
        NothingDoneError,
        "The list of bounces can't be read.",
        "Remove it, then read the bounces again.",
    )
    return found or ()


def add_bounces(workspace: Workspace, fresh: Iterable[Bounce]) -> int:
    """Keep bounces for the status; how many were new.

    Raises:
        NothingDoneError: they can't be written.
    """
    known = read_bounces(workspace)
    merged = tuple(dict.fromkeys((*known, *fresh)))
    if len(merged) > len(known):
        text = _BOUNCES.dump_json(merged, indent=1).decode() + "\n"
        write_text(workspace.mail / "bounces.json", text)
    return len(merged) - len(known)
