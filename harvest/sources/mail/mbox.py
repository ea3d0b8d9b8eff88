"""mbox files, mail by mail.

Not through `mailbox.mbox`: it opens files for writing, needs a path, and holds a mail of any size in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from harvest.model import Provenance
from harvest.sources.found import Limits, Nested, Part, megabytes, refused
from harvest.sources.mail import eml
from harvest.sources.names import inside

_LINE = 64 * 1024
_HEADER = re.compile(rb"(?:[!-9;-~]{1,80}[ \t]*:|>From )")
#: How programs write the line that parts two mails: nothing more, or with a date.
_DATED = re.compile(rb"From (?:-?[ \t]*\r?$|.*\b[0-9]{4}\b)")
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|received|return-path|delivered-to|message-id|mime-version|content-[a-z-]+|x-[a-z0-9-]+)[ \t]*:|>From ",
    re.IGNORECASE,
)


def mails(source: BinaryIO, longest: int) -> Iterator[bytes | None]:
    """The mails one after another; None stands for one of more than `longest` bytes.

    A line `From ...` parts two mails where a header follows it: any, if the line has a date or nothing, else one of mails
    (people write "From Monday on", and below it "Address: ..."). Neither a blank line before it (not every
    program writes one) nor the line alone (it stands in people's letters) tells them apart: to part
    too seldom or too often would lose attachments. Source: RFC 4155, and mbox(5) on its dialects.
    """
    # one run of bytes: a list of its lines takes sixty times as much where they are short
    mail = bytearray()
    size, pending, whole = 0, b"", True
    for line in iter(lambda: source.readline(_LINE), b""):
        if pending:
            if (_HEADER if _DATED.match(pending) else _KNOWN).match(line):
                if size:
                    yield bytes(mail) if size <= longest else None
                mail.clear()
                size = 0
            else:
                size = _add(mail, size, pending, longest)
            pending = b""
        if whole and line.startswith(b"From "):
            pending = line
        else:
            size = _add(mail, size, line, longest)
        whole = line.endswith(b"\n")
    if size:
        yield bytes(mail) if size <= longest else None


def _add(mail: bytearray, size: int, line: bytes, longest: int) -> int:
    """The mail's size with one line more; the mail is emptied once it is too large to be kept."""
    if size + len(line) > longest:
        mail.clear()
    else:
        mail += line
    return size + len(line)


def parts(source: BinaryIO, provenance: Provenance, limits: Limits) -> Iterator[Part]:
    """The mails of an mbox file that stands in an archive or a mail."""
    for number, mail in enumerate(mails(source, limits.container), start=1):
        own = inside(provenance, f"#{number}")
        if mail is None:
            yield refused(own, "container-too-large", limit=megabytes(limits.container))
        else:
            yield nested(mail, own, limits)


def nested(mail: bytes, own: Provenance, limits: Limits) -> Nested:
    """One mail as a step of the way, opened when the walk gets there."""
    return Nested(own, lambda: eml.parts(mail, own, limits))
