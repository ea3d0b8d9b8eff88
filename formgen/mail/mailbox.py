"""Bounces in a mailbox on an IMAP server (RFC 3501): read with TLS, nothing marked, moved or deleted."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from datetime import date

from formgen.mail.bounces import LARGEST, Bounce, bounces_in
from spec.config import Mailbox
from spec.console.said import refusal, said
from spec.errors import NothingDoneError

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIMEOUT = 60
_AT_ONCE = 200
_SIZE = re.compile(
    rb"UID (\d{1,10}).{0,200}?RFC822\.SIZE (\d{1,20})|RFC822\.SIZE (\d{1,20}).{0,200}?UID (\d{1,10})"
)


def bounces_in_mailbox(settings: Mailbox, password: str, since: date) -> tuple[Bounce, ...]:
    """The failures that mails of the folder report, from this day on. The server does the searching.

    Raises:
        NothingDoneError: server, certificate, login or folder refuse, or the connection breaks.
    """
    place = said("{user} at {server}:{port}", user=settings.user, server=settings.server, port=settings.port)
    try:
        context = ssl.create_default_context()
        if settings.ca_file:
            context.load_verify_locations(settings.ca_file)
        with imaplib.IMAP4_SSL(settings.server, settings.port, ssl_context=context, timeout=_TIMEOUT) as box:
            _login(box, settings.user, password)
            return tuple(bounce for mail in _reports(box, settings, since) for bounce in bounces_in(mail))
    # imaplib's errors are no OSErrors
    except (imaplib.IMAP4.error, OSError) as error:
        raise NothingDoneError(
            place,
            said("The mailbox can't be read ({reason}).", reason=refusal(error)),
            "Check [mailbox] in formgen.toml, the password and the network.",
        ) from error


def _login(box: imaplib.IMAP4, user: str, password: str) -> None:
    if (user + password).isascii():
        box.login(user, password)
    else:
        # LOGIN knows ASCII only; PLAIN takes UTF-8 (RFC 4616, 2)
        box.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())


def _reports(box: imaplib.IMAP4, settings: Mailbox, since: date) -> Iterator[bytes]:
    name = settings.folder.replace("\\", "\\\\").replace('"', '\\"')
    status, _ = box.select(f'"{name}"', readonly=True)
    if status != "OK":
        raise imaplib.IMAP4.error("no such folder")
    day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
    _, found = box.uid("SEARCH", "SINCE", day, "HEADER", "Content-Type", "report")
    uids = (found[0] or b"").split() if found else []
    for start in range(0, len(uids), _AT_ONCE):
        for uid in _small(box, uids[start : start + _AT_ONCE]):
            _, parts = box.uid("FETCH", uid, "(BODY.PEEK[])")
            yield from (part[1] for part in parts if isinstance(part, tuple))


def _small(box: imaplib.IMAP4, uids: list[bytes]) -> Iterator[str]:
    """Those of the mails that are no larger than a bounce is."""
    _, lines = box.uid("FETCH", b",".join(uids).decode("ascii"), "(UID RFC822.SIZE)")
    for line in lines:
        match = _SIZE.search(line if isinstance(line, bytes) else b"")
        if match and int(match[2] or match[3]) <= LARGEST:
            yield (match[1] or match[4]).decode("ascii")
