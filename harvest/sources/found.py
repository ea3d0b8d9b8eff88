"""What a source hands on: documents, and what was seen but is none, by name and with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from harvest.model import Document, Problem, Provenance, Severity

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was seen and is not handed on as a document.

    Attributes:
        provenance: where it stood.
        problem: why, and (in spec/words under `problem.<code>`) what to do about it.
        sha256: of its bytes where they were read, else empty; tells the same refusal again.
    """

    provenance: Provenance
    problem: Problem
    sha256: str = ""


Found = Document | Refused


def not_noted(one: Found) -> bool:
    """Whether a finding is more than a note: a document, or something that a person should look at."""
    if isinstance(one, Document):
        return not one.decoration
    return one.problem.severity is not Severity.NOTE


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one thing that came in may ask for.

    Attributes:
        document: bytes of one document.
        container: bytes of one mail or nested archive, which is held in memory while it is taken apart;
            Exchange lets no larger mail through. The standard parser takes five times as much for a while.
            A zip or mbox file in a folder is streamed and may be of any size.
        unpacked: bytes that one file may unpack to, all nested archives and mails together.
        ratio: how many times its packed size an archive's entry may grow; asked of entries over 1 MiB only.
            Deflate reaches 1032; PDFs, packed inside already, stay below 20.
        entries: entries and attachments that one file may hold, all levels together.
        parts: MIME parts of one mail.
        depth: how many archives, mails and PDFs may stand inside one another.
    """

    document: int = 100 * MIB
    container: int = 150 * MIB
    unpacked: int = 2048 * MIB
    ratio: int = 200
    entries: int = 10_000
    parts: int = 1_000
    depth: int = 8

    def __post_init__(self) -> None:
        if min(self.document, self.container, self.unpacked, self.ratio, self.entries, self.parts) < 1:
            raise ValueError("every limit is at least 1")


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes found on the way, not yet looked at.

    Attributes:
        mime: MIME type that its mail or PDF claims for it, lower case, may be empty.
        decoration: whether its mail shows it within its text rather than attaching it (logos, signatures).
    """

    data: bytes = field(repr=False)
    provenance: Provenance
    mime: str = ""
    decoration: bool = False


@dataclass(frozen=True, slots=True)
class Nested:
    """A container inside a container that can't be cut out as bytes: a mail in a parsed mail."""

    provenance: Provenance
    parts: Callable[[], Iterator[Piece | Nested | Refused]]


Part = Piece | Nested | Refused


def refused(
    provenance: Provenance,
    code: str,
    severity: Severity = Severity.LOST,
    *,
    sha256: str = "",
    **details: str | int,
) -> Refused:
    """A refusal under `code`; `details` fill its words."""
    pairs = tuple(sorted((key, str(value)) for key, value in details.items()))
    return Refused(provenance, Problem(code, severity, details=pairs), sha256)


def megabytes(count: int) -> str:
    """`count` bytes as people read them: whole MB, at least 1."""
    return f"{max(1, round(count / MIB))} MB"
