"""What came in: documents, where they came from, and what is wrong with them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a document came from.

    Attributes:
        path: the way to it as a person knows it, steps parted by ` > ` (`post.zip > a/b.pdf`).
        name: the file's own name at the end of that way; hostile input, for display only.
        file_time, mail_time: UTC.
    """

    path: str
    name: str
    file_time: datetime | None = None
    mail_time: datetime | None = None
    mail_from: str = ""
    mail_subject: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes that came in, known by their SHA-256 (64 lower-case hex digits)."""

    data: bytes = field(repr=False)
    sha256: str
    provenance: Provenance

    @classmethod
    def of(cls, data: bytes, provenance: Provenance) -> Document:
        """A document under the hash of its bytes."""
        return cls(data, hashlib.sha256(data).hexdigest(), provenance)


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
