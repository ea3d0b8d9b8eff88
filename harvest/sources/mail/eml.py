"""Mails as they travel (RFC 5322, RFC 2045 and following): what is attached, however deep and however named."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from harvest.model import Provenance, Severity
from harvest.model.times import plausible
from harvest.sources.found import Limits, Nested, Part, Piece, Refused, refused
from harvest.sources.kinds import as_bytes, shows_kind, suffix_of
from harvest.sources.mail import headers, inline_files, transfer_encoding
from harvest.sources.mail.headers import Headers
from harvest.sources.mail.links import shared
from harvest.sources.mail.mail_kinds import carrier_of
from harvest.sources.mail.mime import Entity, Parser, TooDeepError, TooManyPartsError
from harvest.sources.names import inside, shown

_HEADS = 64 * 1024
_SMALL_PICTURE = 100 * 1024
_TEXTS = {"text/plain", "text/html", "text/enriched", "text/richtext"}
#: texts that quote texts that quote texts with parts in them
_MOST_QUOTES = 3
_COUNT_LINE = re.compile(rb"[ \t]*([0-9]{1,12})[ \t]*\r?\n")


def parts(data: bytes, provenance: Provenance, limits: Limits) -> Iterator[Part]:
    """What the mail in `data` carries: attachments, and mails within it as steps of their own.

    Raises nothing for bad input: what can't be had is refused by name.
    """
    # a forwarded mail is four levels where it has pictures: itself, mixed, related, alternative
    parser = Parser(limits.parts, 4 * (limits.depth + 1))
    try:
        mail = parser.mail(_without_envelope(as_bytes(data)))
    except TooDeepError:
        yield refused(provenance, "too-deep", limit=limits.depth)
    except TooManyPartsError:
        yield refused(provenance, "mail-too-many-parts", limit=limits.parts)
    else:
        walk = _Walk(parser, limits)
        yield from _once(walk.entity(mail, _of_mail(provenance, mail.headers), within_text=False))


def is_entity(data: bytes) -> bool:
    """Whether bytes begin with headers of content, as what a signature covers does."""
    own = headers.read(data[:_HEADS], 0, min(len(data), _HEADS))[0]
    return bool(own.first("content-type") or own.first("content-transfer-encoding"))


def _once(found: Iterator[Part]) -> Iterator[Part]:
    """`found`; a link that stands in the plain text and in the HTML is told once."""
    told: set[Refused] = set()
    for one in found:
        if isinstance(one, Refused):
            if one in told:
                continue
            told.add(one)
        yield one


def _without_envelope(data: bytes) -> bytes:
    """The mail without what stands around it: blank lines, an mbox line, Apple Mail's count of bytes and its list behind them."""
    start = data.lstrip(b"\r\n")
    if (counted := _COUNT_LINE.match(start)) is not None:
        rest = start[counted.end() :]
        own = rest[: int(counted.group(1))]
        return own if rest[len(own) :].lstrip().startswith((b"<?xml", b"<plist")) else rest
    if start.startswith(b"From "):
        return start.partition(b"\n")[2]
    return start


def header(own: Headers, name: str) -> str:
    """A header as readable text, empty where there is none."""
    return own.text(name.lower())


def _of_mail(outer: Provenance, own: Headers) -> Provenance:
    """The provenance of what the mail carries: its own sender, time and subject, else those around it."""
    return replace(
        outer,
        mail_time=mail_time(header(own, "Date")) or outer.mail_time,
        mail_from=shown(header(own, "From")) or outer.mail_from,
        mail_subject=shown(header(own, "Subject"), 200) or outer.mail_subject,
        carrier=carrier_of(lambda name: header(own, name), outer.carrier),
    )


def headed(data: bytes, outer: Provenance) -> Provenance:
    """The provenance of what the mail in `data` says itself, from its headers alone."""
    head = _without_envelope(as_bytes(data[:_HEADS]))
    return _of_mail(outer, headers.read(head, 0, len(head))[0])


def mail_time(text: str) -> datetime | None:
    """A Date header in UTC; None where it is none, or none that can be. `-0000` and no zone at all count as UTC (RFC 5322, 3.3)."""
    try:
        time = email.utils.parsedate_to_datetime(text)
        return plausible(time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC))
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


class _Walk:
    """Through one mail, part by part."""

    def __init__(self, parser: Parser, limits: Limits) -> None:
        self._parser, self._limits = parser, limits

    def entity(
        self, entity: Entity, provenance: Provenance, *, within_text: bool, quotes: int = 0
    ) -> Iterator[Part]:
        """What stands in a part; `within_text`: beside an HTML text that may show it."""
        if entity.mime == "message/partial":
            yield refused(provenance, "mail-partial")
        elif entity.mime == "message/external-body":
            yield refused(provenance, "mail-external")
        elif entity.mime.startswith("multipart/"):
            yield from self._multipart(entity, provenance, quotes)
        elif entity.children or entity.encoded:
            yield self._mail(entity, provenance)
        else:
            yield from self._leaf(entity, provenance, within_text=within_text, quotes=quotes)

    def _multipart(self, entity: Entity, provenance: Provenance, quotes: int) -> Iterator[Part]:
        if entity.mime == "multipart/encrypted":
            yield refused(provenance, "mail-sealed", name=provenance.name)
            return
        related = entity.mime == "multipart/related"
        for child in entity.children:
            yield from self.entity(child, provenance, within_text=related, quotes=quotes)
        nothing = not entity.children
        for start, end in entity.loose:
            for one in self._in_text(entity.data[start:end], provenance, quotes):
                nothing = False
                yield one
        # the delimiter never came. Where nothing came at all, its parts stand beside it: both have one boundary
        if nothing and entity.data[entity.start : entity.end].strip():
            yield refused(provenance, "mail-damaged")

    def _mail(self, entity: Entity, provenance: Provenance) -> Piece | Nested:
        if entity.encoded:
            own = inside(provenance, _file_name(entity.headers) or "mail.eml")
            return Piece(transfer_encoding.decoded(entity.body, entity.encodings), own, "message/rfc822")
        (child,) = entity.children
        subject = header(child.headers, "Subject")
        own = inside(provenance, _file_name(entity.headers) or f"{subject or 'mail'}.eml")
        return Nested(own, lambda: _once(self.entity(child, _of_mail(own, child.headers), within_text=False)))

    def _leaf(
        self, entity: Entity, provenance: Provenance, *, within_text: bool, quotes: int
    ) -> Iterator[Part]:
        own, mime = entity.headers, entity.mime
        name = _file_name(own)
        attached = own.first("content-disposition").partition(";")[0].strip().lower() == "attachment"
        data = transfer_encoding.decoded(entity.body, entity.encodings)
        if _is_left_out(own, data):
            yield refused(inside(provenance, name or f"unnamed{suffix_of(data, mime)}"), "mail-external")
            return
        if mime in _TEXTS and not (shows_kind(data) or inline_files.is_pdf(data)):
            stray_parts = list(self._in_text(data, provenance, quotes))
            yield from stray_parts
            if stray_parts or not (name or attached):
                for host in shared(data):
                    yield refused(inside(provenance, host), "mail-external", Severity.CHECK)
                return
        if data or name:
            place = inside(provenance, name or f"unnamed{suffix_of(data, mime)}")
            inline = within_text or (bool(own.first("content-id")) and not attached)
            yield Piece(data, place, mime, inline and len(data) <= _SMALL_PICTURE)

    def _in_text(self, data: bytes, provenance: Provenance, quotes: int) -> Iterator[Part]:
        """Files that stand in a text: parts with their delimiters, else what is encoded there."""
        try:
            quoted = self._parser.parts_of_text(data) if quotes < _MOST_QUOTES else None
        except (TooDeepError, TooManyPartsError):
            yield refused(provenance, "mail-too-many-parts", limit=self._limits.parts)
            return
        if quoted is not None and quoted.children:
            yield from self.entity(quoted, provenance, within_text=False, quotes=quotes + 1)
            return
        for number, (name, found) in enumerate(inline_files.files(data)):
            if number >= self._limits.parts:
                yield refused(provenance, "mail-too-many-parts", limit=self._limits.parts)
                return
            yield Piece(found, inside(provenance, name or f"unnamed{suffix_of(found, '')}"))


def _is_left_out(own: Headers, data: bytes) -> bool:
    """Whether a mail program took the file out and left a word (Thunderbird) or nothing (Apple Mail) in its place."""
    if own.first("x-mozilla-external-attachment-url") or own.first("x-mozilla-altered"):
        return True
    return bool(own.first("x-apple-content-length")) and not data.strip()


def _file_name(own: Headers) -> str:
    """The attachment's name, its RFC 2231 and (against the standard, but usual) RFC 2047 encodings undone."""
    name = own.parameter("content-disposition", "filename") or own.parameter("content-type", "name")
    return headers.decoded_words(name) if "=?" in name else name
