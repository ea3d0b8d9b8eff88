"""Words + address + PDF -> the bytes of a draft. Pure; the same input always gives the same bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from formgen.mail.addresses import MailAddress, one_line
from formgen.mail.template import Said

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


def compose(envelope: Envelope, said: Said, attachment: Attachment | None, key: str) -> bytes:
    """A draft as an `.eml` file. `key` names the mail; boundaries are made from it.

    Raises:
        WrongInputError: a name would break a header.
    """
    # Long words may stand in no folded line (RFC 5322, 2.1.1 allows 998); the policy folds at 78.
    message = EmailMessage(policy=SMTPUTF8 if envelope.utf8 else SMTP)
    message["X-Unsent"] = "1"
    message["X-Uniform-Type-Identifier"] = "com.apple.mail-draft"
    message["From"] = envelope.sender.header
    message["To"] = envelope.to.header
    if envelope.answers_to.bare != envelope.sender.bare:
        message["Reply-To"] = envelope.answers_to.header
    message["Subject"] = one_line(said.subject, key)
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
    return message.as_bytes()


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
