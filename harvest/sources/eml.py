"""Mails as they travel (RFC 5322, RFC 2045 and following): what is attached, however deep and however named."""

from __future__ import annotations

import binascii
import email.header
import email.parser
import email.policy
import email.utils
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from typing import Any, TypeAlias

from harvest.model import Provenance, Severity
from harvest.model.times import plausible
from harvest.sources.found import Limits, Nested, Part, Piece, Refused, megabytes, refused
from harvest.sources.links import shared
from harvest.sources.names import inside, shown

#: a header longer than this is nobody's: the standard parser takes quadratic time on some long ones
_LONGEST_HEADER = 8 * 1024
_SMALL_PICTURE = 100 * 1024
_MOST_LINES = 4_000_000
_UUENCODED = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)

_Mail: TypeAlias = "Message[Any, Any]"  # not subscriptable at run time


class _Capped(email.policy.EmailPolicy):
    """The default policy, with long headers cut before anybody parses them."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value of a header, the value cut."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


_POLICY = _Capped()
#: parses headers not at all; for mails that the default policy fails on
_LENIENT = email.policy.Compat32()


def parts(data: bytes, provenance: Provenance, limits: Limits) -> Iterator[Part]:
    """What the mail in `data` carries: attachments, and mails within it as steps of their own.

    Raises nothing for bad input: what can't be had is refused by name.
    """
    # the parser takes time by line; base64 has 60 bytes in one, and nobody's mail as many as this
    if max(data.count(b"\n"), data.count(b"\r")) > _MOST_LINES:
        yield refused(provenance, "container-too-large", limit=megabytes(limits.container))
        return
    message, problem, limit = _parsed(_without_envelope(data), limits)
    if message is None:
        yield refused(provenance, problem, limit=limit) if limit else refused(provenance, problem)
        return
    yield from _once(_part(message, _of_mail(provenance, message), within_text=False))


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
    """The mail without what stands before it: BOM, blank lines, an mbox line, Apple Mail's count of bytes."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    first, newline, rest = start.partition(b"\n")
    if newline and (first.strip().isdigit() or first.startswith(b"From ")):
        return rest
    return start


class _Counted(EmailMessage):
    """A message that knows how deep it stands, and how many there are in all.

    The parser takes time by depth times lines, and memory by parts: both are stopped as it goes.
    """

    def __init__(self, policy: Any, most: int, deepest: int) -> None:
        super().__init__(policy=policy)
        self.depth = 0
        self.deepest = deepest
        self.count = [most]

    def attach(self, payload: Any) -> None:
        """Called by the parser for every part that it begins.

        Raises:
            RecursionError: the part stands too deep.
            OverflowError: there are too many parts.
        """
        payload.depth, payload.count = self.depth + 1, self.count
        self.count[0] -= 1
        if self.count[0] <= 0:
            raise OverflowError
        if payload.depth > self.deepest:
            raise RecursionError
        super().attach(payload)


def _parsed(data: bytes, limits: Limits) -> tuple[_Mail | None, str, int]:
    """The mail, or the code of why there is none and the limit that it broke."""
    # a forwarded mail is four levels where it has pictures: itself, mixed, related, alternative
    deepest = 4 * (limits.depth + 1)
    for policy in (_POLICY, _LENIENT):

        def begin(policy: email.policy.Policy = policy) -> _Counted:
            return _Counted(policy, limits.parts, deepest)

        try:
            parser = email.parser.BytesParser(begin, policy=policy)
            return parser.parsebytes(data), "", 0
        except RecursionError:
            return None, "too-deep", limits.depth
        except OverflowError:
            return None, "mail-too-many-parts", limits.parts
        # documented never to raise, yet it does on some damaged headers: the mail costs itself alone
        except Exception:  # noqa: BLE001, S112
            continue
    return None, "mail-damaged", 0


def header(message: _Mail, name: str) -> str:
    """A header as readable text, empty where there is none or it can't be read."""
    try:
        value = message.get(name, "")
        if message.policy is _LENIENT:
            value = str(email.header.make_header(email.header.decode_header(str(value))))
        return str(value)
    except Exception:  # noqa: BLE001 - header parsing fails in many ways; a mail without a subject is a mail
        return ""


def _of_mail(outer: Provenance, message: _Mail) -> Provenance:
    """The provenance of what the mail carries: its own sender, time and subject, else those around it."""
    return replace(
        outer,
        mail_time=mail_time(header(message, "Date")) or outer.mail_time,
        mail_from=shown(header(message, "From")) or outer.mail_from,
        mail_subject=shown(header(message, "Subject"), 200) or outer.mail_subject,
    )


def headed(data: bytes, outer: Provenance) -> Provenance:
    """The provenance of what the mail in `data` says itself, from its headers alone."""
    head = re.split(rb"\r?\n\r?\n", data[: 8 * _LONGEST_HEADER], maxsplit=1)[0]
    return _of_mail(outer, email.parser.BytesHeaderParser(policy=_LENIENT).parsebytes(head))


def mail_time(text: str) -> datetime | None:
    """A Date header in UTC; None where it is none, or none that can be. `-0000` and no zone at all count as UTC (RFC 5322, 3.3)."""
    try:
        time = email.utils.parsedate_to_datetime(text)
        return plausible(time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC))
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def _part(part: _Mail, provenance: Provenance, *, within_text: bool) -> Iterator[Part]:
    mime = _mime(part)
    if mime == "message/partial":
        yield refused(provenance, "mail-partial")
    elif mime == "message/external-body":
        yield refused(provenance, "mail-external")
    elif mime.startswith("multipart/"):
        yield from _multipart(part, provenance, mime)
    elif mime in {"message/rfc822", "message/global"}:
        yield _mail(part, provenance)
    else:
        yield from _leaf(part, provenance, mime, within_text=within_text)


def _multipart(part: _Mail, provenance: Provenance, mime: str) -> Iterator[Part]:
    payload = part.get_payload()
    if mime == "multipart/encrypted":
        yield refused(provenance, "mail-sealed", name=provenance.name)
    elif isinstance(payload, list):
        for child in payload:
            if isinstance(child, Message):
                yield from _part(child, provenance, within_text=mime == "multipart/related")
    else:
        # the boundary never came: the parser leaves everything as one text
        yield refused(provenance, "mail-damaged")


def _mail(part: _Mail, provenance: Provenance) -> Piece | Nested:
    payload = part.get_payload()
    child = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(child, Message):
        own = inside(provenance, _file_name(part) or "mail.eml")
        return Piece(_decoded(part), own, "message/rfc822")
    own = inside(provenance, _file_name(part) or f"{header(child, 'Subject') or 'mail'}.eml")
    encoded = _encoded_mail(part, child)
    if encoded is not None:
        return Piece(encoded, own, "message/rfc822")
    return Nested(own, lambda: _once(_part(child, _of_mail(own, child), within_text=False)))


def _leaf(part: _Mail, provenance: Provenance, mime: str, *, within_text: bool) -> Iterator[Part]:
    name = _file_name(part)
    attached = _disposition(part) == "attachment"
    data = _decoded(part)
    if mime in {"text/plain", "text/html"} and not name and not attached:
        yield from _in_text(data, provenance)
        for host in shared(data):
            yield refused(inside(provenance, host), "mail-external", Severity.CHECK)
        return
    if part.get("X-Mozilla-External-Attachment-URL") or part.get("X-Mozilla-Altered"):
        # Thunderbird took it out of the mail and left a word in its place
        yield refused(inside(provenance, name or _unnamed(mime)), "mail-external")
        return
    inline = within_text or (bool(header(part, "Content-ID")) and not attached)
    if data or name:
        own = inside(provenance, name or _unnamed(mime))
        yield Piece(data, own, mime, inline and len(data) <= _SMALL_PICTURE)


def _in_text(data: bytes, provenance: Provenance) -> Iterator[Part]:
    """Files that old programs write into the mail's text itself (uuencode)."""
    for found in _UUENCODED.finditer(data):
        end = data.find(b"\nend", found.end())
        if end < 0:
            return
        name = found.group(1).decode("utf-8", errors="replace")
        yield Piece(_uudecoded(data[found.end() : end]), inside(provenance, name))


def _mime(part: _Mail) -> str:
    try:
        return part.get_content_type().lower()
    except Exception:  # noqa: BLE001 - see header()
        return "application/octet-stream"


def _disposition(part: _Mail) -> str:
    return header(part, "Content-Disposition").partition(";")[0].strip().lower()


def _file_name(part: _Mail) -> str:
    """The attachment's name, its RFC 2231 and (against the standard, but usual) RFC 2047 encodings undone."""
    try:
        name = part.get_filename() or ""
        return str(email.header.make_header(email.header.decode_header(name))) if "=?" in name else name
    except Exception:  # noqa: BLE001 - see header()
        return ""


def _unnamed(mime: str) -> str:
    """A name for an attachment that has none; the MIME type tells what to do with it."""
    return {"application/pdf": "unnamed.pdf", "application/zip": "unnamed.zip"}.get(mime, "unnamed")


def _decoded(part: _Mail) -> bytes:
    """The part's bytes; damaged base64 or quoted-printable gives what can be had of it."""
    encoding = header(part, "Content-Transfer-Encoding")
    try:
        if encoding != (clean := encoding.strip(" ;\t").lower()):
            # the parser knows an encoding only where it is spelt exactly
            del part["Content-Transfer-Encoding"]
            part["Content-Transfer-Encoding"] = clean
        payload = part.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b""
    except Exception:  # noqa: BLE001 - unknown charsets and encodings raise one thing or another
        raw = part.get_payload()
        return raw.encode("utf-8", errors="surrogateescape") if isinstance(raw, str) else b""


def _encoded_mail(part: _Mail, child: _Mail) -> bytes | None:
    """The bytes of an attached mail that was base64-encoded, which RFC 2046 forbids and some programs do.

    The parser then takes the base64 text for a mail without headers.
    """
    encoding = header(part, "Content-Transfer-Encoding").strip().lower()
    text = child.get_payload()
    if encoding not in {"base64", "quoted-printable"} or child.keys() or not isinstance(text, str):
        return None
    raw = text.encode("ascii", errors="ignore")
    try:
        return binascii.a2b_base64(raw) if encoding == "base64" else binascii.a2b_qp(raw)
    except (binascii.Error, ValueError):
        return None


def _uudecoded(body: bytes) -> bytes:
    chunks = []
    for line in body.splitlines():
        # the first byte tells how much of the line counts; some programs leave more behind it
        length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
        try:
            chunks.append(binascii.a2b_uu(line[: length + 1]))
        except binascii.Error:
            continue
    return b"".join(chunks)
