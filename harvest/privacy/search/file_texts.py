"""Everything that can be read in a file by somebody who looks for a name: by its content, never by its suffix.

For the worker only (`search_worker`): the bytes may be anybody's. What can't be looked into is told.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from harvest import formats
from harvest.model import Provenance
from harvest.privacy.search import rtf_texts, sqlite_texts
from harvest.privacy.search.spellings import decoded, spelled, written_otherwise
from harvest.sources.archive import zip  # noqa: A004 - named after its format
from harvest.sources.found import Limits, Piece, Refused
from harvest.sources.kinds import HEAD, PDF_HEADER_WITHIN, Kind, as_bytes, is_litter, kind_of
from harvest.sources.mail import cms, headers, inline_files, mbox, tnef, transfer_encoding
from harvest.sources.mail.mime import Entity, Parser, TooDeepError, TooManyPartsError

_DEEPEST = 12
_UNPACKED = 1024 * 1024 * 1024
_LITTER = 16 * 1024 * 1024
_GZIP, _SQLITE = b"\x1f\x8b", b"SQLite format 3\0"
_PGP, _RTF = b"-----BEGIN PGP MESSAGE-----", b"{\\rtf"
#: pixels below which a picture is a logo that nobody could read a page in
_PAGE = 300
#: attachments, which are looked into when they are unpacked
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/=]{60,1000}+\r?\n){2,}+")
_PACKED_RTF = "10090102"
_SEALED, _PICTURE, _UNKNOWN, _DAMAGED, _LARGE = "sealed", "picture", "unknown", "damaged", "large"


@dataclass(slots=True)
class Contents:
    """One file's contents; `closed`: what in it could not be looked into, and why."""

    closed: list[tuple[str, str]] = field(default_factory=list)
    _left: int = _UNPACKED
    _limits: Limits = field(default_factory=Limits)

    def texts(self, data: bytes, name: str, depth: int = 0) -> Iterator[str]:
        """Every text in it, in every way in which its bytes may be meant, names of what is packed within included."""
        yield from spelled(name)
        self._left -= len(data)
        if depth > _DEEPEST or self._left < 0:
            self.closed.append((name, _LARGE))
            return
        try:
            yield from self._inside(data, name, depth)
        except (MemoryError, KeyboardInterrupt):
            raise
        except Exception:  # noqa: BLE001 - damage leads to one thing or another; the bytes are looked at all the same
            self.closed.append((name, _DAMAGED))
            yield from decoded(data)

    def _inside(self, data: bytes, name: str, depth: int) -> Iterator[str]:
        head = data[:HEAD]
        kind = kind_of(head, "", "")
        if b"%PDF" in head[:PDF_HEADER_WITHIN] and kind in {Kind.PDF, Kind.OTHER, Kind.MAIL}:
            yield from self._pdf(data, name, depth)
        elif kind is Kind.ZIP:
            yield from self._zip(data, name, depth)
        elif kind is Kind.OLE:
            yield from self._ole(data, name, depth)
        elif kind in {Kind.MAIL, Kind.MBOX} or (
            not depth and name.lower().endswith((".eml", ".emlx", ".mbox"))
        ):
            for mail in mbox.mails(io.BytesIO(as_bytes(data)), self._limits.container):
                yield from self._mail(mail or b"", name, depth)
        elif kind is Kind.TNEF:
            yield from decoded(data)
            for part in tnef.parts(data, Provenance(name, name), self._limits):
                if isinstance(part, Piece):
                    yield from self.texts(part.data, part.provenance.name, depth + 1)
        elif kind is Kind.CMS:
            yield from self._cms(data, name, depth)
        else:
            yield from self._rest(data, name, depth)

    def _rest(self, data: bytes, name: str, depth: int) -> Iterator[str]:
        head = data[:HEAD]
        if head.startswith(_SQLITE):
            yield from sqlite_texts.texts(data)
            return
        if head.startswith(_GZIP):
            plain = zlib.decompressobj(31).decompress(data, min(self._left, self._limits.container))
            yield from self.texts(plain, name, depth + 1)
            return
        if head.lstrip().startswith(_RTF):
            yield from rtf_texts.texts(data)
        yield from decoded(data)
        size = formats.size_of(data)
        if head.startswith(_PGP):
            self.closed.append((name, _SEALED))
        elif formats.is_picture(formats.suffix_of(head)):
            if size is None or min(size) >= _PAGE:
                self.closed.append((name, _PICTURE))
        elif _is_binary(head) or kind_of(head, "", "") is Kind.ARCHIVE:
            self.closed.append((name, _UNKNOWN))
        else:
            yield from written_otherwise(data)

    # ------------------------------------------------------------ containers

    def _pdf(self, data: bytes, name: str, depth: int) -> Iterator[str]:
        from harvest.privacy.search import pdf_texts  # noqa: PLC0415 - heavy libraries, for PDFs only

        for part in pdf_texts.texts(data):
            if isinstance(part, pdf_texts.Closed):
                self.closed.append((name, part.reason))
            elif isinstance(part, str):
                yield part
            elif _is_file(part):
                yield from self.texts(part, name, depth + 1)
            else:
                yield from decoded(part)

    def _zip(self, data: bytes, name: str, depth: int) -> Iterator[str]:
        for part in zip.parts(io.BytesIO(data), Provenance(name, name), self._limits):
            if isinstance(part, Piece):
                yield from self._member(part, depth)
            elif isinstance(part, Refused):
                yield from spelled(part.provenance.path)
                self.closed.append((part.provenance.path, _SEALED))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from decoded(archive.comment)
            for entry in archive.infolist():
                yield from spelled(entry.filename)
                yield from decoded(entry.comment)
                if is_litter(entry.filename) and entry.file_size <= _LITTER and not entry.flag_bits & 1:
                    yield from self.texts(archive.read(entry), entry.filename, depth + 1)

    def _member(self, part: Piece, depth: int) -> Iterator[str]:
        name = part.provenance.name
        # fonts and previews of office files are nobody's words
        before = len(self.closed)
        yield from self.texts(part.data, name, depth + 1)
        if name.lower().endswith((".bin", ".odttf", ".fntdata")):
            del self.closed[before:]

    def _ole(self, data: bytes, name: str, depth: int) -> Iterator[str]:
        import olefile  # noqa: PLC0415 - not needed where nobody sends old files

        with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_FATAL) as ole:
            for path in ole.listdir(streams=True, storages=False):
                yield from spelled(path[-1])
                stream = ole.openstream(path).read()
                sealed_word = path[-1] == "WordDocument" and len(stream) > 12 and stream[11] & 1
                if path[-1] in {"EncryptedPackage", "EncryptionInfo"} or sealed_word:
                    self.closed.append((name, _SEALED))
                if path[-1].endswith(_PACKED_RTF):
                    yield from rtf_texts.texts(rtf_texts.unpacked(stream))
                if _is_file(stream):
                    yield from self.texts(stream, name, depth + 1)
                else:
                    yield from decoded(stream)
        yield from decoded(data)

    def _cms(self, data: bytes, name: str, depth: int) -> Iterator[str]:
        yield from decoded(data)
        found = cms.unwrapped(data, self._limits.container)
        if found is None or found.sealed:
            self.closed.append((name, _SEALED))
        elif found.data is not None:
            yield from self.texts(found.data, name, depth + 1)

    # ------------------------------------------------------------ mails

    def _mail(self, data: bytes, name: str, depth: int) -> Iterator[str]:
        yield from decoded(_BASE64.sub(b"\n", data))
        try:
            mail = Parser(self._limits.parts, 4 * (self._limits.depth + 1)).mail(data.lstrip(b"\r\n"))
        except (TooDeepError, TooManyPartsError):
            self.closed.append((name, _LARGE))
            return
        yield from self._entity(mail, name, depth)

    def _entity(self, entity: Entity, name: str, depth: int) -> Iterator[str]:
        own = entity.headers
        for _, value in own.fields:
            yield from spelled(headers.decoded_words(value))
        called = [
            own.parameter(*one) for one in (("content-disposition", "filename"), ("content-type", "name"))
        ]
        for one in filter(None, called):
            yield from spelled(headers.decoded_words(one))
        for child in entity.children:
            yield from self._entity(child, name, depth)
        for start, end in entity.loose:
            yield from self._body(entity.data[start:end], name, depth)
        if entity.mime == "multipart/encrypted":
            self.closed.append((name, _SEALED))
        if not entity.children and not entity.mime.startswith("multipart/"):
            body = transfer_encoding.decoded(entity.body, entity.encodings)
            yield from _in_charset(body, own.parameter("content-type", "charset"))
            yield from self._body(body, next(filter(None, called), name), depth)

    def _body(self, body: bytes, name: str, depth: int) -> Iterator[str]:
        yield from self.texts(body, name, depth + 1)
        for number, (called, data) in enumerate(inline_files.files(body)):
            if number >= self._limits.parts:
                self.closed.append((name, _LARGE))
                return
            yield from self.texts(data, called or name, depth + 1)


def _in_charset(body: bytes, charset: str) -> Iterator[str]:
    try:
        known = codecs.lookup(charset.strip() or "utf-8").name
    except (LookupError, ValueError):
        return
    if known not in {"utf-8", "ascii", "iso8859-1", "cp1252"}:
        yield from spelled(body.decode(known, "replace"))


def _is_file(data: bytes) -> bool:
    """Whether bytes within something are a file that has an inside of its own."""
    head = data[:HEAD]
    kinds = {Kind.ZIP, Kind.OLE, Kind.TNEF, Kind.PDF, Kind.MAIL, Kind.MBOX, Kind.CMS, Kind.IMAGE}
    return head.lstrip().startswith(_RTF) or kind_of(head, "", "") in kinds


def _is_binary(head: bytes) -> bool:
    if b"\0" not in head:
        return False
    plain = as_bytes(head)
    return b"\0" in plain
