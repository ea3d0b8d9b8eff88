"""What a mail says instead of carrying it: links to files on somebody's storage, answers in the text itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from harvest.model import Carrier
from harvest.sources.mail import headers
from harvest.sources.mail.mail_kinds import carrier_of
from spec.names import find_code

#: How far into a text links are looked for, bytes; a letter has some thousand.
_FAR = 512 * 1024
#: Where people put files for others, and how the links to a file begin there.
_SHARED = re.compile(
    rb"https?://(?P<host>"
    rb"(?:[\w-]+\.){0,4}(?:1drv\.ms|we\.tl|wetransfer\.com|onedrive\.live\.com|transfernow\.net|swisstransfer\.com)(?=/\S)"
    rb"|(?:[\w-]+\.){1,4}sharepoint\.com(?=/:[a-z]:/)"
    rb"|(?:drive|docs)\.google\.com(?=/(?:file|open|drive|uc|document|forms|spreadsheets)\b)"
    rb"|(?:www\.)?dropbox\.com(?=/(?:s|sh|scl|t|transfer)/)"
    rb"|(?:www\.)?icloud\.com(?=/(?:attachment|iclouddrive|photos)\b)"
    rb"|(?:[\w-]+\.){1,4}[a-z]{2,12}(?=/(?:[\w.-]+/){0,3}s/[A-Za-z0-9]{15}(?![A-Za-z0-9]))"  # Nextcloud and ownCloud
    rb")",
    re.IGNORECASE,
)
_ANSWERS = re.compile(r"\s*(?:re|aw|antw|antwort|fw|fwd|wg|sv)\s*:", re.IGNORECASE)
_HEADERS = 64 * 1024
_LONGEST = 4 * 1024  # of a header; decoding takes quadratic time


def shared(text: bytes) -> Iterator[str]:
    """The hosts of links to shared files in a mail's text, each once. Outlook wraps links into longer ones."""
    start = text[:_FAR]
    plain = unquote_to_bytes(start) if b"%3A%2F%2F" in start or b"%3a%2f%2f" in start else start
    hosts = (found["host"].decode("ascii", "replace").lower() for found in _SHARED.finditer(plain))
    yield from dict.fromkeys(hosts)


def is_answer(mail: bytes) -> bool:
    """Whether a mail answers one of a round's, to judge by its headers: whoever carries nothing says it in the text.

    What programs answer by themselves (out of office, undeliverable) is none.
    """
    own, _ = headers.read(mail, 0, min(len(mail), _HEADERS))

    def header(name: str) -> str:
        return own.first(name.lower())

    if carrier_of(header) is not Carrier.MAIL or "daemon" in header("From").lower():
        return False
    subject = readable(header("Subject"))
    answers = header("In-Reply-To") or header("References") or _ANSWERS.match(subject)
    return bool(answers) and find_code(subject) is not None


def readable(header: str) -> str:
    """A header with its encoded words decoded, cut where it is too long; as it stands where that fails."""
    from email.header import decode_header, make_header  # noqa: PLC0415 - asked of few mails

    try:
        return str(make_header(decode_header(header[:_LONGEST])))
    except Exception:  # noqa: BLE001 - header parsing fails in many ways
        return header
