"""What came in: documents, where they came from, and what is wrong with them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

#: parts the steps of a way
STEP = " > "
_NUMBERED = re.compile(r"#[0-9]+")
_MAIL = re.compile(r"\.(?:eml|msg)$", re.IGNORECASE)


class Carrier(StrEnum):
    """What brought a document, as far as its way alone tells. Whose address a mail came from is asked later."""

    UNKNOWN = ""  # stored by a version that did not look
    FOLDER = "folder"  # somebody saved it by hand
    MAIL = "mail"  # somebody wrote it
    SENT = "sent"  # a mail in a folder of mails that were sent
    AUTOMATIC = "automatic"  # a program answered: absence notes and the like (RFC 3834)
    BOUNCE = "bounce"  # a report on what became of a mail (RFC 6522), with what it brings back


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a document came from.

    Attributes:
        path: the way to it as a person knows it, steps parted by ` > ` (`post.zip > a/b.pdf`).
        name: the file's own name at the end of that way; hostile input, for display only.
        file_time, mail_time: UTC.
        carrier: what kind of mail it was, or that it was none.
    """

    path: str
    name: str
    file_time: datetime | None = None
    mail_time: datetime | None = None
    mail_from: str = ""
    mail_subject: str = ""
    carrier: Carrier = Carrier.UNKNOWN

    @property
    def file(self) -> str:
        """What people know it by: what it came in (zip, mail) and the file within it, steps as in `path`, without folders before.

        A mail of a mailbox, which only a number names, is called by its subject and day.
        """
        first, *steps = self.path.split(STEP)
        if not steps:
            return self.name
        # within a mail that is forwarded, the subject is that of the inner one
        if _NUMBERED.fullmatch(steps[0]) and not any(_MAIL.search(step) for step in steps[1:-1]):
            steps[0] = self._mail_called(steps[0])
        return STEP.join((first.rsplit("/", 1)[-1], *steps))

    def _mail_called(self, number: str) -> str:
        day = f"{self.mail_time:%Y-%m-%d}" if self.mail_time else ""
        subject = self.mail_subject.replace(STEP.strip(), "›").strip()
        return ", ".join(filter(None, (subject or number, day)))


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes that came in, known by their SHA-256 (64 lower-case hex digits).

    `decoration`: whether its mail shows it within its text, as it does with logos.
    """

    data: bytes = field(repr=False)
    sha256: str
    provenance: Provenance
    decoration: bool = False

    @classmethod
    def of(cls, data: bytes, provenance: Provenance, *, decoration: bool = False) -> Document:
        """A document under the hash of its bytes."""
        return cls(data, hashlib.sha256(data).hexdigest(), provenance, decoration)


class Severity(StrEnum):
    """What a problem means for the document."""

    NOTE = "note"  # everything arrived; worth knowing
    CHECK = "check"  # everything arrived; a person should look
    LOST = "lost"  # something, or all, could not be read


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing about a document that a person may have to act on.

    Attributes:
        code: stable key, also the key of its words (`problem.<code>` in spec/words): `encrypted`, `empty-file`...
        severity: what it means.
        place: page or field, may be empty.
        details: what the words are filled with, sorted pairs.
    """

    code: str
    severity: Severity
    place: str = ""
    details: tuple[tuple[str, str], ...] = ()
