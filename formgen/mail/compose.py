"""Words + address + PDF -> the bytes of a draft. Pure; the same input always gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from formgen.mail.addresses import MailAddress, one_line
from formgen.mail.template import MailText

_ATOMS = re.compile(r"[A-Za-z0-9]++(?: [A-Za-z0-9]++)*+")
#: Bytes in an encoded word; with the header's name they stay below the 76 signs of RFC 2047, 2.
_WORD = 39
#: Signs of a subject that is written in one line; RFC 5322, 2.1.1 allows 998.
_LONGEST = 200
#: What makes mail programs open the file for editing: Outlook and Thunderbird know the first, Apple Mail's own
#: drafts carry the second. Neither may leave the house.
_NOT_SENT = re.compile(rb"(?:X-Unsent|X-Uniform-Type-Identifier):[^\r\n]*\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom; `answers_to` is where the answer should go."""

    sender: MailAddress
    to: MailAddress
    answers_to: MailAddress

    @property
    def utf8(self) -> bool:
        """Whether the mail needs a server that knows SMTPUTF8."""
        return self.sender.utf8 or self.to.utf8 or self.answers_to.utf8


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF that goes along."""

    name: str
    data: bytes = field(repr=False)


def compose(envelope: Envelope, said: MailText, attachment: Attachment | None, key: str) -> bytes:
    """A draft as an `.eml` file. `key` names the mail; boundaries are made from it.

    Raises:
        WrongInputError: a name would break a header.
    """
    message = EmailMessage(policy=SMTP)
    message.set_content(said.text, cte="quoted-printable")
    message.add_alternative(said.html, subtype="html", cte="quoted-printable")
    if attachment is not None:
        # Non-ASCII names are written as RFC 2231 says.
        message.add_attachment(
            attachment.data,
            maintype="application",
            subtype="pdf",
            filename=one_line(attachment.name, key),
        )
    mark = hashlib.sha256(key.encode()).hexdigest()[:24]
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        # `=_` stands neither in base64 nor in quoted-printable text (RFC 2045, 6.7), so no part can hold it.
        part.set_boundary(f"=_{mark}_{number}")
    return _head(envelope, one_line(said.subject, key)).encode() + message.as_bytes()


def _head(envelope: Envelope, subject: str) -> str:
    """The headers that hold what people wrote.

    Written out here: with SMTPUTF8 the standard library would write all of them in UTF-8, not the addresses alone.
    """
    lines = [
        "X-Unsent: 1",
        "X-Uniform-Type-Identifier: com.apple.mail-draft",
        f"From: {_with_name(envelope.sender)}",
        f"To: {_with_name(envelope.to)}",
    ]
    if envelope.answers_to.bare != envelope.sender.bare:
        lines.append(f"Reply-To: {_with_name(envelope.answers_to)}")
    plain = _plain(subject) and len(subject) <= _LONGEST
    lines.append(f"Subject: {subject if plain else _encoded(subject)}")
    return "".join(f"{line}\r\n" for line in lines)


def _with_name(address: MailAddress) -> str:
    """`name <address>` (RFC 5322, 3.4)."""
    if not address.name.strip():
        return address.bare
    if not _plain(address.name):
        return f"{_encoded(address.name)}\r\n <{address.bare}>"
    quoted = address.name.replace("\\", "\\\\").replace('"', '\\"')
    return (
        f"{address.name} <{address.bare}>"
        if _ATOMS.fullmatch(address.name)
        else f'"{quoted}" <{address.bare}>'
    )


def _plain(text: str) -> bool:
    """Whether a text can stand in a header as it is; `=?` would be taken for the start of an encoded word."""
    return text.isascii() and "=?" not in text and text == text.strip()


def _encoded(text: str) -> str:
    """Encoded words (RFC 2047), each of whole characters and on a line of its own; readers join them without a space."""
    words: list[bytes] = [b""]
    for character in text:
        data = character.encode()
        if len(words[-1]) + len(data) > _WORD:
            words.append(b"")
        words[-1] += data
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(word).decode('ascii')}?=" for word in words)


def message_id(key: str, sender: MailAddress) -> str:
    """The mail's Message-ID: the same however often sending is tried, so that servers know a second copy."""
    digest = hashlib.sha256(f"{key} {sender.bare}".encode()).hexdigest()
    return f"<{digest[:32]}@{sender.domain}>"


def ready_to_send(draft: bytes, identity: str, at: datetime) -> bytes:
    """The draft as it goes out: without the marks of a draft, with date and Message-ID (RFC 5322, 3.6)."""
    head, blank, body = draft.partition(b"\r\n\r\n")
    kept = _NOT_SENT.sub(b"", head + b"\r\n").removesuffix(b"\r\n")
    stamp = f"Date: {format_datetime(at)}\r\nMessage-ID: {identity}\r\n".encode("ascii")
    return stamp + kept + blank + body
