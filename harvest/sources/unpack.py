"""The walk through what stands inside one another: a PDF in a zip in a mail in a zip.

Adapters take one container apart, one step deep; this walk alone goes deeper, counts, and stops in time.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from harvest import formats
from harvest.model import Document, Provenance, Severity
from harvest.sources.archive import portfolio, zip  # noqa: A004 - named after its format
from harvest.sources.found import (
    DEFAULT_LIMITS,
    Found,
    Limits,
    Nested,
    Part,
    Piece,
    Refused,
    megabytes,
    not_noted,
    refused,
)
from harvest.sources.kinds import (
    HEAD,
    PDF_HEADER_WITHIN,
    Kind,
    claims_outlook,
    claims_pdf,
    is_litter,
    is_saved_page,
    kind_of,
)
from harvest.sources.mail import cms, eml, mbox, msg, tnef
from harvest.sources.mail.links import is_answer
from harvest.sources.names import inside
from spec.errors import FormgenHarvestError

#: takes the PDFs out of a PDF; a caller that isolates readers hands over its own
Attached = Callable[[Document, Limits, Sequence[str]], Iterator[Part]]

#: what is no document -> the code of its refusal, and what that means
_NO_DOCUMENT: dict[Kind, tuple[str, Severity]] = {
    Kind.ARCHIVE: ("archive-unsupported", Severity.LOST),
    Kind.OFFICE: ("office-file", Severity.LOST),
    Kind.IMAGE: ("image-file", Severity.LOST),
    Kind.WEB: ("web-page", Severity.LOST),
    Kind.SIDE: ("mail-side-file", Severity.NOTE),
    Kind.SEALED: ("mail-sealed", Severity.LOST),
    Kind.OTHER: ("other-file", Severity.LOST),
}

#: kinds by their names among which are files that are read all the same, as their bytes tell
_OPEN = frozenset({Kind.IMAGE, Kind.OTHER, Kind.WEB})
#: pixels of the longer and the shorter side below which nobody could read a page, and of what a text shows within itself
_PAGE, _SHOWN = (600, 300), 1000

#: what a container that holds nothing at all is called
_HOLLOW: dict[Kind, str] = {
    Kind.ZIP: "archive-empty",
    Kind.MAIL: "mail-without-document",
    Kind.MBOX: "mailbox-without-document",
    Kind.OLE: "mail-without-document",
    Kind.TNEF: "mail-without-document",
}


@dataclass(frozen=True, slots=True)
class Ways:
    """How a walk goes: its limits, the passwords it may try, and who opens PDFs."""

    limits: Limits = DEFAULT_LIMITS
    passwords: Sequence[str] = ()
    attached: Attached = portfolio.parts


@dataclass(slots=True)
class _Budget:
    """What one file that came in may still ask for, over all levels."""

    limits: Limits
    entries: int = field(init=False)
    unpacked: int = field(init=False)

    def __post_init__(self) -> None:
        self.entries, self.unpacked = self.limits.entries, self.limits.unpacked

    def take(self, part: Part) -> None:
        self.entries -= 1
        if isinstance(part, Piece):
            self.unpacked -= len(part.data)

    def overdrawn(self, top: Provenance) -> Refused | None:
        if self.entries < 0:
            return refused(top, "too-many-entries", limit=self.limits.entries)
        if self.unpacked < 0:
            return refused(top, "unpacks-too-large", limit=megabytes(self.limits.unpacked))
        return None


class Walk:
    """One walk through one file that came in."""

    def __init__(self, top: Provenance, ways: Ways) -> None:
        self._top = top
        self._ways = ways
        self._budget = _Budget(ways.limits)
        self._spent = False
        self._too_deep = False

    def piece(self, piece: Piece) -> Iterator[Found]:
        """All that stands in `piece`, itself included where it is a document."""
        yield from self._safely(self._piece(piece, ()))

    def archive(self, source: BinaryIO, provenance: Provenance) -> Iterator[Found]:
        """All that stands in a zip file that need not be held in memory."""
        parts = zip.parts(source, provenance, self._ways.limits, self._ways.passwords)
        yield from self._safely(hollow(Kind.ZIP, provenance, self._parts(parts, (b"",))))

    def mail(self, data: bytes, provenance: Provenance) -> Iterator[Found]:
        """All that stands in one mail of a mailbox; one that carries nothing is passed over, unless it is an answer."""
        parts = eml.parts(data, provenance, self._ways.limits)
        worth = False
        for one in self._safely(self._parts(parts, (hashlib.sha256(data).digest(),))):
            worth = worth or not_noted(one)
            yield one
        if not worth:
            yield from self._safely(self._said_in_text(data, provenance))

    @staticmethod
    def _said_in_text(data: bytes, provenance: Provenance) -> Iterator[Found]:
        """A word about a mail that carries nothing and yet answers."""
        if is_answer(data):
            own, digest = eml.headed(data, provenance), hashlib.sha256(data).hexdigest()
            yield refused(own, "mail-without-document", Severity.CHECK, sha256=digest)

    def _safely(self, found: Iterator[Found]) -> Iterator[Found]:
        """`found`; a fault of ours, should an input lead to one, costs that input and not those after it."""
        try:
            yield from found
        except FormgenHarvestError:
            raise
        except Exception as error:  # noqa: BLE001
            yield refused(self._top, "unexpected", reason=type(error).__name__)

    def _piece(self, piece: Piece, outer: tuple[bytes, ...]) -> Iterator[Found]:
        data, provenance, limits = piece.data, piece.provenance, self._ways.limits
        # a mail's attachment may have a hidden name (`.pdf`): what is a document is none of the system's
        if outer and is_litter(provenance.name) and b"%PDF" not in data[:PDF_HEADER_WITHIN]:
            return
        if not data:
            yield refused(provenance, "empty-file")
            return
        kind = kind_of(data[:HEAD], provenance.name, piece.mime)
        if kind is Kind.ZIP and zip.is_office(io.BytesIO(data), limits):
            kind = Kind.PDF if claims_pdf(provenance.name, piece.mime) else Kind.OFFICE
        if kind is Kind.OLE and not msg.is_message(data, claimed=claims_outlook(provenance.name, piece.mime)):
            kind = Kind.PDF if claims_pdf(provenance.name, piece.mime) else Kind.OFFICE
        if kind is Kind.PDF:
            yield from self._document(piece, outer)
            return
        if kind in _OPEN and (end := formats.suffix_of(data)):
            yield self._other_document(piece, end)
            return
        if kind in _NO_DOCUMENT:
            yield _no_document(piece, kind)
            return
        if len(data) > limits.container:
            yield refused(provenance, "container-too-large", limit=megabytes(limits.container))
            return
        yield from self._container(kind, piece, outer)

    def _document(self, piece: Piece, outer: tuple[bytes, ...]) -> Iterator[Found]:
        limits = self._ways.limits
        if len(piece.data) > limits.document:
            yield refused(piece.provenance, "document-too-large", limit=megabytes(limits.document))
            return
        document = Document.of(piece.data, piece.provenance)
        yield document
        parts = self._ways.attached(document, limits, self._ways.passwords)
        yield from self._parts(parts, (*outer, bytes.fromhex(document.sha256)), document.provenance)

    def _other_document(self, piece: Piece, end: str) -> Found:
        """A picture, or what a form was exported to. A small picture in a mail is a logo."""
        if len(piece.data) > self._ways.limits.document:
            return refused(
                piece.provenance, "document-too-large", limit=megabytes(self._ways.limits.document)
            )
        if formats.is_picture(end) and _is_logo(piece):
            return side_file(Document.of(piece.data, piece.provenance))
        return Document.of(piece.data, piece.provenance, decoration=piece.decoration)

    def _container(self, kind: Kind, piece: Piece, outer: tuple[bytes, ...]) -> Iterator[Found]:
        own = hashlib.sha256(piece.data).digest()
        if own in outer:
            yield refused(piece.provenance, "contains-itself", sha256=own.hex())
            return
        found = self._parts(self._apart(kind, piece), (*outer, own), piece.provenance)
        for one in found if outer and kind is Kind.TNEF else hollow(kind, piece.provenance, found):
            # what lies too deep was not looked for: nobody knows whether what holds it is empty
            if not (self._too_deep and isinstance(one, Refused) and one.problem.code in _HOLLOW.values()):
                yield one

    def _apart(self, kind: Kind, piece: Piece) -> Iterator[Part]:
        data, provenance, limits = piece.data, piece.provenance, self._ways.limits
        if kind is Kind.ZIP:
            return zip.parts(io.BytesIO(data), provenance, limits, self._ways.passwords)
        if kind is Kind.MBOX:
            return mbox.parts(io.BytesIO(data), provenance, limits)
        if kind is Kind.OLE:
            return msg.parts(data, provenance, limits)
        if kind is Kind.TNEF:
            return tnef.parts(data, provenance, limits)
        if kind is Kind.CMS:
            return _unwrapped(piece, limits)
        return eml.parts(data, provenance, limits)

    def _parts(
        self, parts: Iterator[Part], outer: tuple[bytes, ...], container: Provenance | None = None
    ) -> Iterator[Found]:
        """What `parts` lead to. Beyond the depth, one look whether there is anything at all, and no further."""
        if len(outer) > self._ways.limits.depth:
            # said once: nests that branch are as many as they like
            first = None if self._too_deep else next(parts, None)
            if first is not None:
                self._too_deep = True
                yield refused(container or self._top, "too-deep", limit=self._ways.limits.depth)
            return
        for part in parts:
            if self._spent:
                return
            self._budget.take(part)
            if over := self._budget.overdrawn(self._top):
                self._spent = True
                yield over
                return
            yield from self._part(part, outer)

    def _part(self, part: Part, outer: tuple[bytes, ...]) -> Iterator[Found]:
        if isinstance(part, Refused):
            yield part
        elif isinstance(part, Nested):
            yield from self._parts(part.parts(), (*outer, b""), part.provenance)
        else:
            yield from self._piece(part, outer)


def _unwrapped(piece: Piece, limits: Limits) -> Iterator[Part]:
    """What a CMS message wraps: a mail's parts, or a file, whose name is that of the message without its last suffix."""
    provenance = piece.provenance
    wrapped = cms.unwrapped(piece.data, limits.container)
    if wrapped is None or wrapped.sealed:
        yield refused(provenance, "mail-sealed", name=provenance.name)
    elif wrapped.data is None:
        yield _no_document(piece, Kind.SIDE)
    elif eml.is_entity(wrapped.data):
        yield from eml.parts(wrapped.data, provenance, limits)
    else:
        yield Piece(wrapped.data, inside(provenance, provenance.name.rpartition(".")[0] or "unnamed"))


def hollow(kind: Kind, provenance: Provenance, found: Iterator[Found]) -> Iterator[Found]:
    """`found`, and a word where a container that somebody put here held nothing worth a look."""
    worth = False
    for one in found:
        worth = worth or not_noted(one)
        yield one
    if not worth and kind is Kind.MAIL and is_saved_page(provenance.name):
        yield refused(provenance, "web-page", name=provenance.name)
    elif not worth and kind in _HOLLOW:
        yield refused(provenance, _HOLLOW[kind], Severity.CHECK)


def side_file(document: Document) -> Refused:
    """A word about what a mail only decorates itself with."""
    own = document.provenance
    return refused(own, "mail-side-file", Severity.NOTE, sha256=document.sha256, name=own.name)


def _is_logo(piece: Piece) -> bool:
    """Whether a picture is too small to show a page, and came in a mail."""
    size = formats.size_of(piece.data)
    if not (piece.provenance.mail_from or piece.provenance.mail_time):
        return False
    if size is None:  # one without a sound head shows nothing
        return piece.decoration and formats.suffix_of(piece.data) in {".png", ".jpg"}
    return max(size) < _PAGE[0] or min(size) < _PAGE[1] or (piece.decoration and max(size) < _SHOWN)


def _no_document(piece: Piece, kind: Kind) -> Refused:
    code, severity = _NO_DOCUMENT[kind]
    if piece.decoration and kind in {Kind.IMAGE, Kind.OTHER}:
        code, severity = "mail-side-file", Severity.NOTE
    digest = hashlib.sha256(piece.data).hexdigest()
    return refused(piece.provenance, code, severity, sha256=digest, name=piece.provenance.name)
