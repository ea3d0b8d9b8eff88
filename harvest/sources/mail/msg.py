"""Outlook mails (.msg, MS-OXMSG): MAPI properties in an OLE compound file.

On olefile alone: python-oxmsg reads no mails attached to mails, extract-msg is under the GPL.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Any

from harvest.model import Carrier, Provenance, Severity
from harvest.model.times import plausible
from harvest.sources.found import Limits, Nested, Part, Piece, Refused, megabytes, refused
from harvest.sources.mail.eml import mail_time
from harvest.sources.mail.links import shared
from harvest.sources.mail.mail_kinds import carrier_of
from harvest.sources.names import inside, shown

_PROPERTIES = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_"
# property ids: MS-OXPROPS
_SUBJECT, _HEADERS, _SENT, _DELIVERED = 0x0037, 0x007D, 0x0039, 0x0E06
_SENDER_NAME, _SENDER_MAIL, _SENDER_SMTP, _CLASS = 0x0C1A, 0x0C1F, 0x5D01, 0x001A
_DATA, _LONG_NAME, _SHORT_NAME, _DISPLAY_NAME = 0x3701, 0x3707, 0x3704, 0x3001
_METHOD, _MIME, _CONTENT_ID, _HIDDEN = 0x3705, 0x370E, 0x3712, 0x7FFE
#: what the names of a mail's streams begin with, as OLE files write it
_SIGN = "__substg1.0_".encode("utf-16-le")
_BY_REFERENCE = {2, 3, 4, 7}
_UNICODE, _STRING8, _BINARY, _OBJECT = 0x001F, 0x001E, 0x0102, 0x000D
#: bytes before the first property: in a mail, in a mail within a mail, in an attachment (MS-OXMSG 2.4)
_HEADER = {"top": 32, "embedded": 24, "attachment": 8}
_LONGEST_TEXT = 64 * 1024
_BODY, _HTML, _LONGEST_BODY = 0x1000, 0x1013, 4 * 1024 * 1024
_SMALL_PICTURE = 100 * 1024
#: streams and folders in one file; a mail to a thousand people with a hundred attachments has ten thousand
_MOST_ENTRIES = 20_000


def is_message(data: bytes, *, claimed: bool = False) -> bool:
    """Whether the OLE file is a mail, and not an old Word or Excel file; a damaged mail is one, too.

    Args:
        data: its bytes.
        claimed: its name or MIME type says that it is one.
    """
    with _opened(data) as ole:
        if ole is not None and _exists(ole, [_PROPERTIES]):
            return True
        # a Word file may hold a mail, and a Word file may be called one: damage needs two signs
        return (claimed + (ole is None) + (_SIGN in data)) > 1


def parts(data: bytes, provenance: Provenance, limits: Limits) -> Iterator[Part]:
    """What the mail carries; a mail within it is a step of its own.

    Raises nothing for bad input: what can't be had is refused by name.
    """
    with _opened(data) as ole:
        if ole is None or not _exists(ole, [_PROPERTIES]):
            yield refused(provenance, "mail-damaged")
            return
        yield from _message(ole, [], provenance, limits)


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The OLE file, None where it can't be opened: olefile raises whatever the damage leads to."""
    import olefile  # noqa: PLC0415 - not needed where nobody sends Outlook mails

    try:
        ole: Any = olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_FATAL)
    except Exception:  # noqa: BLE001
        yield None
        return
    try:
        # olefile goes through a folder's entries one by one for each that is asked for
        ole.paths = _paths(ole) if len(ole.direntries) <= _MOST_ENTRIES else None
        yield ole if ole.paths is not None else None
    finally:
        ole.close()


def _paths(ole: Any) -> dict[tuple[str, ...], list[str]]:
    """All that the file holds: path in lower case -> names as they stand."""
    try:
        found = ole.listdir(streams=True, storages=True)
    except Exception:  # noqa: BLE001 - damage leads to one thing or another
        return {}
    return {tuple(part.lower() for part in path): path for path in found}


def _exists(ole: Any, path: list[str]) -> bool:
    return tuple(part.lower() for part in path) in ole.paths


def _message(ole: Any, storage: list[str], outer: Provenance, limits: Limits) -> Iterator[Part]:
    fixed = _fixed(ole, storage, _HEADER["embedded" if storage else "top"])
    own = _of_mail(ole, storage, fixed, outer)
    for host in shared(_body(ole, storage)):
        yield refused(inside(own, host), "mail-external", Severity.CHECK)
    names = sorted(_children(ole, storage, _ATTACHMENT))
    # a signed or encrypted mail is one attachment, which tells itself which of the two it is
    if not names and "smime" in _text(ole, storage, _CLASS).lower():
        yield refused(own, "mail-sealed", name=own.name)
    for number, name in enumerate(names):
        if number >= limits.parts:
            yield refused(own, "mail-too-many-parts", limit=limits.parts)
            return
        yield _attachment(ole, [*storage, name], own, limits)


def _body(ole: Any, storage: list[str]) -> bytes:
    """The mail's text, plain and HTML, for links in it. Compressed RTF repeats what these say."""
    plain = _bytes(ole, [*storage, _stream(_BODY, _UNICODE)], _LONGEST_BODY) or b""
    html = _bytes(ole, [*storage, _stream(_HTML, _BINARY)], _LONGEST_BODY) or b""
    return plain.decode("utf-16-le", errors="replace").encode() + b"\n" + html


def _children(ole: Any, storage: list[str], prefix: str) -> set[str]:
    depth = len(storage)
    return {
        path[depth]
        for path in ole.paths.values()
        if len(path) > depth and path[:depth] == storage and path[depth].startswith(prefix)
    }


def _attachment(ole: Any, storage: list[str], outer: Provenance, limits: Limits) -> Part:
    fixed = _fixed(ole, storage, _HEADER["attachment"])
    name = next(
        filter(None, (_text(ole, storage, tag) for tag in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME))), ""
    )
    embedded = [*storage, _stream(_DATA, _OBJECT)]
    if _exists(ole, [*embedded, _PROPERTIES]):
        own = inside(outer, f"{name or 'mail'}.msg" if not name.lower().endswith(".msg") else name)
        return Nested(own, lambda: _message(ole, embedded, own, limits))
    own = inside(outer, name or "unnamed")
    data = _bytes(ole, [*storage, _stream(_DATA, _BINARY)], max(limits.document, limits.container))
    if data is None:
        too_large = _size(ole, [*storage, _stream(_DATA, _BINARY)]) > max(limits.document, limits.container)
        return _missing(fixed, own, limits, too_large=too_large)
    mime = _text(ole, storage, _MIME).lower()
    hidden = bool(fixed.get(_HIDDEN, 0)) or bool(_text(ole, storage, _CONTENT_ID))
    return Piece(data, own, mime, hidden and len(data) <= _SMALL_PICTURE)


def _missing(fixed: dict[int, int], own: Provenance, limits: Limits, *, too_large: bool) -> Refused:
    """Why an attachment's bytes are not there: a link to a file share or cloud, an OLE object, damage, size."""
    if fixed.get(_METHOD, 0) & 0xFF in _BY_REFERENCE:
        return refused(own, "mail-external")
    if fixed.get(_METHOD, 0) & 0xFF == 6:
        return refused(own, "other-file", name=own.name)
    if too_large:
        return refused(own, "container-too-large", limit=megabytes(limits.container))
    return refused(own, "mail-damaged")


def _of_mail(ole: Any, storage: list[str], fixed: dict[int, int], outer: Provenance) -> Provenance:
    address = _text(ole, storage, _SENDER_SMTP) or _text(ole, storage, _SENDER_MAIL)
    name = _text(ole, storage, _SENDER_NAME)
    # inside one Exchange the address is an X.500 name that tells nobody anything
    address = "" if address.startswith("/") else address
    sender = f"{name} <{address}>" if name and address and name != address else name or address
    return replace(
        outer,
        mail_time=_sent(ole, storage, fixed) or outer.mail_time,
        mail_from=shown(sender) or outer.mail_from,
        mail_subject=shown(_text(ole, storage, _SUBJECT), 200) or outer.mail_subject,
        carrier=_carrier(ole, storage, outer.carrier),
    )


def _carrier(ole: Any, storage: list[str], outer: Carrier) -> Carrier:
    """What kind of mail it is, by the headers that it came with; reports have a class of their own (MS-OXOMSG 2.2)."""
    if _text(ole, storage, _CLASS).lower().startswith("report."):
        return Carrier.BOUNCE
    came_with = BytesHeaderParser(policy=compat32).parsebytes(
        _text(ole, storage, _HEADERS).encode("utf-8", "replace")
    )
    return carrier_of(lambda name: str(came_with.get(name) or ""), outer)


def _sent(ole: Any, storage: list[str], fixed: dict[int, int]) -> datetime | None:
    """When it was sent: FILETIME (100 ns since 1601, UTC); else the Date line of the headers it came with."""
    for tag in (_SENT, _DELIVERED):
        try:
            ticks = fixed.get(tag, 0)
            if time := plausible(datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)):
                return time
        except (OverflowError, ValueError):
            continue
    for line in _text(ole, storage, _HEADERS).splitlines():
        if line.lower().startswith("date:"):
            return mail_time(line[5:].strip())
    return None


def _fixed(ole: Any, storage: list[str], skip: int) -> dict[int, int]:
    """The properties of fixed length: id -> the 8 bytes of its value as a number (MS-OXMSG 2.4.2.1)."""
    data = _bytes(ole, [*storage, _PROPERTIES], _LONGEST_TEXT) or b""
    found = {}
    for start in range(skip, len(data) - 15, 16):
        tag, _, value = struct.unpack_from("<IIQ", data, start)
        kind = tag & 0xFFFF
        # shorter kinds stand at the start of the eight bytes; what follows them is undefined
        found[tag >> 16] = (
            value if kind == 0x0040 else value & 0xFFFF if kind == 0x000B else value & 0xFFFFFFFF
        )
    return found


def _text(ole: Any, storage: list[str], tag: int) -> str:
    unicode = _bytes(ole, [*storage, _stream(tag, _UNICODE)], _LONGEST_TEXT)
    if unicode is not None:
        return unicode.decode("utf-16-le", errors="replace").rstrip("\0")
    # 8-bit mails name their code page in properties that Outlook itself gets wrong; German offices use this one
    plain = _bytes(ole, [*storage, _stream(tag, _STRING8)], _LONGEST_TEXT)
    return plain.decode("cp1252", errors="replace").rstrip("\0") if plain else ""


def _stream(tag: int, kind: int) -> str:
    return f"__substg1.0_{tag:04X}{kind:04X}"


def _size(ole: Any, path: list[str]) -> int:
    """The length that a stream claims to have; 0 where there is none."""
    try:
        return int(ole.get_size(path)) if _exists(ole, path) else 0
    except Exception:  # noqa: BLE001 - see _opened()
        return 0


def _bytes(ole: Any, path: list[str], cap: int) -> bytes | None:
    """A stream of at most `cap` bytes; None where there is none or it is longer or damaged."""
    try:
        if not _exists(ole, path) or ole.get_size(path) > cap:
            return None
        data = ole.openstream(path).read()
    except Exception:  # noqa: BLE001 - see _opened()
        return None
    return data if isinstance(data, bytes) else None
