"""The headers of a mail or of a part (RFC 5322, 2.2; RFC 2045), read leniently: one bad line costs no other.

The standard library's parser ends the headers at the first line that is none, and all that follows becomes text.
"""

from __future__ import annotations

import email.message
import email.utils
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from functools import lru_cache

#: a value longer than this is nobody's; taking words and parameters apart takes quadratic time
LONGEST = 4 * 1024
_MOST_LINES = 2_000
_MOST_BYTES = 512 * 1024
_LONGEST_LINE = 16 * 1024
#: how many lines ahead it is asked whether headers go on after a line that is none
_AHEAD = 40

_LINE_END = re.compile(rb"\r{0,2}\n|\r")
_BLANK_LINE = re.compile(rb"(?:\r{0,2}\n|\r)[ \t]*(?:\r{0,2}\n|\r)")
_FIELD = re.compile(rb"([!-9;-~]{1,120}?)[ \t]*:")
_SPACED_FIELD = re.compile(rb"([A-Za-z][A-Za-z \t-]{1,60}?)[ \t]*:")
_ENVELOPE = re.compile(rb">*From ")
#: begins a body even where no blank line stands before it: a delimiter, a PDF, a zip, uuencode, base64
_BODY = re.compile(rb"--\S|%PDF|PK\x03\x04|begin [0-7]{3,4} |[A-Za-z0-9+/]{40,}={0,2}[ \t]*$")
#: a parameter that lost the blank before it, or the rest of one that was cut (`name="...`, `...pdf"`)
_PARAMETER = re.compile(rb"[A-Za-z*0-9_-]{2,40}[ \t]*=|\"|[^\s\"]+\"[ \t]*;?$")
_KNOWN = frozenset(
    b"content-type content-transfer-encoding content-disposition content-id content-description mime-version "
    b"from to cc date subject message-id in-reply-to references received return-path reply-to sender "
    b"auto-submitted".split()
)
_CONTENT = frozenset((b"content-type", b"content-transfer-encoding", b"content-disposition", b"mime-version"))


@dataclass(frozen=True, slots=True)
class Headers:
    """Names in lower case, and values unfolded and cut at `LONGEST`, in their order."""

    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def every(self, name: str) -> tuple[str, ...]:
        """Each value under the name `name` (lower case); the standard forbids a second one, some mails have it."""
        return tuple(value for own, value in self.fields if own == name)

    def first(self, name: str) -> str:
        """The first value as it stands, empty where there is none."""
        return next((value for own, value in self.fields if own == name), "")

    def text(self, name: str) -> str:
        """The first value with its encoded words decoded (RFC 2047)."""
        return decoded_words(self.first(name))

    def parameter(self, name: str, key: str) -> str:
        """A parameter's value, RFC 2231 undone, from the first header of that name which has it; else empty."""
        return next(filter(None, (_parameter(value, key) for value in self.every(name))), "")


def decoded_words(value: str) -> str:
    """`value` with its encoded words (RFC 2047) as people read them; as it stands where that fails."""
    try:
        return str(make_header(decode_header(value[:LONGEST])))
    except Exception:  # noqa: BLE001 - unknown charsets and broken words fail in many ways; a mail without a subject is a mail
        return value


@lru_cache(maxsize=256)
def _parameter(value: str, key: str) -> str:
    carrier: email.message.Message[str, str] = email.message.Message()
    carrier["Content-Type"] = value[:LONGEST].replace("\n", " ")
    try:
        found = carrier.get_param(key, header="content-type")
        return email.utils.collapse_rfc2231_value(found).strip() if found else ""
    except Exception:  # noqa: BLE001 - see decoded_words()
        return ""


def read(data: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The headers of the entity that stands in `data` from `start` to `end`, and where its body begins.

    Lenient: a folded line that lost its blank, `>From` and NUL among the headers, a blank in a name, a missing blank line
    before the body, a blank line too many before the content's headers, any line end.
    """
    found: list[tuple[bytes, bytes]] = []
    position = start + 3 if data.startswith(b"\xef\xbb\xbf", start, end) else start
    for _ in range(_MOST_LINES):
        if position >= end or position - start > _MOST_BYTES:
            break
        line, after = _line(data, position, end)
        if not line.strip(b" \t"):
            if not _goes_on_after_blank(data, after, end, found, empty=not line):
                return _headers(found), after
        elif (name := _name(line)) is not None:
            found.append((name, line.partition(b":")[2]))
        elif line[:1] in b" \t" or _continues(data, line, after, end, found):
            if found and len(found[-1][1]) < _LONGEST_LINE:
                found[-1] = (found[-1][0], (found[-1][1] + b" " + line.lstrip(b" \t"))[:_LONGEST_LINE])
        elif not _ENVELOPE.match(line):
            return _headers(found), position
        position = after
    if position >= end:
        return _headers(found), end
    blank = _BLANK_LINE.search(data, position, end)
    return _headers(found), blank.end() if blank else end


def _line(data: bytes, position: int, end: int) -> tuple[bytes, int]:
    """The line at `position`, cut where it is too long and without NUL, and where the next one begins."""
    stop = _LINE_END.search(data, position, end)
    last, after = (stop.start(), stop.end()) if stop else (end, end)
    return data[position : min(last, position + _LONGEST_LINE)].replace(b"\0", b""), after


def _name(line: bytes) -> bytes | None:
    """The name of the header that begins in `line`, lower case; None where none does."""
    if line[:1] in b" \t":
        return None
    if found := _FIELD.match(line):
        return found.group(1).lower()
    if found := _SPACED_FIELD.match(line):
        name = re.sub(rb"[ \t]*-[ \t]*|[ \t]+", b"-", found.group(1)).lower()
        return name if name in _KNOWN else None
    return None


def _goes_on_after_blank(
    data: bytes, after: int, end: int, found: list[tuple[bytes, bytes]], *, empty: bool
) -> bool:
    """Whether headers go on after a line with nothing on it: a stray one before those that tell of the content."""
    name = _name(_line(data, after, end)[0])
    if any(own == b"content-type" for own, _ in found):
        return not empty and name in _KNOWN
    return name in _CONTENT or (not empty and name in _KNOWN)


def _continues(data: bytes, line: bytes, after: int, end: int, found: list[tuple[bytes, bytes]]) -> bool:
    """Whether a line that is no header belongs to the one before it, rather than to the body."""
    if not found or _ENVELOPE.match(line) or _BODY.match(line):
        return False
    if _PARAMETER.match(line) or found[-1][1].rstrip().endswith((b";", b",")):
        return True
    return any(_name(one) in _KNOWN for one in _lines_to_blank(data, after, end))


def _lines_to_blank(data: bytes, position: int, end: int) -> Iterator[bytes]:
    for _ in range(_AHEAD):
        line, position = _line(data, position, end)
        if not line.strip(b" \t") or _BODY.match(line):
            return
        yield line


def _headers(found: list[tuple[bytes, bytes]]) -> Headers:
    return Headers(tuple((name.decode("ascii"), _text(value)) for name, value in found))


def _text(value: bytes) -> str:
    """The value as text: UTF-8, else what German Windows programs write."""
    own = value[:LONGEST].strip()
    try:
        return own.decode("utf-8")
    except UnicodeDecodeError as error:
        # a character that the cut went through is no sign of another encoding
        if error.start >= len(own) - 3 and len(own) >= LONGEST - 8:
            return own.decode("utf-8", errors="replace")
        return own.decode("cp1252", errors="replace")
