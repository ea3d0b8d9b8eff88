"""A mailbox on an IMAP server: read, never touched.

The folder is opened read-only (EXAMINE) and mails are taken with BODY.PEEK: nothing is marked, moved or deleted.
The server tells each mail's structure first; only mails that may carry a document are transferred.
"""

from __future__ import annotations

import imaplib
import ssl
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from harvest.model import Carrier, Document, Provenance
from harvest.model.intake import STEP
from harvest.sources.archive.portfolio import parts as attached_parts
from harvest.sources.found import DEFAULT_LIMITS, Found, Limits, megabytes, not_noted, refused
from harvest.sources.mail.inline_files import is_pdf
from harvest.sources.mail.mail_kinds import is_of_sent_mails
from harvest.sources.mailbox.imap_bounds import AnswerTooLargeError, Bounds
from harvest.sources.mailbox.imap_structure import Mail, mails_of
from harvest.sources.names import base_name, inside, shown_name
from harvest.sources.unpack import Attached, Walk, Ways
from spec.console.said import refusal, said
from spec.errors import NothingDoneError

#: bytes in which a PDF says that it is one
_HEAD = 2048
#: mails whose structure is asked for at once; 500 UIDs stay far below the 8,000 bytes of RFC 7162, section 4
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Account:
    """Whose mailbox, and which mails of it.

    Attributes:
        password: or `token`, an OAuth 2 access token; Exchange Online takes nothing else.
        since: mails that arrived on this day or later, by the server's clock.
        ca_file: certificate authorities to trust beside the system's, for an office's own server.
    """

    host: str
    user: str
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    port: int = 993
    folders: tuple[str, ...] = ("INBOX",)
    since: date | None = None
    ca_file: str | None = None
    timeout: float = 60.0


class Seen(Protocol):
    """What earlier runs have taken from a mailbox; the caller keeps it, say in the ledger.

    `box` names server, user and folder. A UID says nothing without its folder's UIDVALIDITY (RFC 3501, 2.3.1.1).
    """

    def uids(self, box: str, validity: int) -> Collection[int]:
        """UIDs that need not be read again; asked once per folder."""

    def add(self, box: str, validity: int, uid: int) -> None:
        """The mail is done: all it held was handed out, and the caller came back for more.

        A caller that stores what it gets only later keeps these back until it has.
        """


def documents_in(
    account: Account,
    seen: Seen,
    limits: Limits = DEFAULT_LIMITS,
    *,
    passwords: Sequence[str] = (),
    attached: Attached = attached_parts,
) -> Iterator[Found]:
    """Every document in mails that `seen` does not know, folder by folder, oldest first.

    A mail that carries nothing is remembered in silence: a mailbox is full of them.
    Where the connection breaks off, that is said and the rest left to the next run.

    Raises:
        NothingDoneError: server, certificate, login or folder refuse at the start.
    """
    ways = Ways(limits, tuple(passwords), attached)
    box = _connected(account)
    box.bounds = Bounds(box.client)
    try:
        for folder in account.folders:
            yield from _folder(box, account, folder, seen, ways)
    # imaplib.IMAP4.abort is an error, too
    except (imaplib.IMAP4.error, OSError) as error:
        top = Provenance(_place(account, ""), account.host)
        yield refused(top, "mailbox-interrupted", reason=type(error).__name__)
    finally:
        _leave(box)


def _place(account: Account, folder: str) -> str:
    return shown_name(f"{account.user}/{folder}" if folder else account.user, 200)


def _connected(account: Account) -> Any:
    from imap_tools import MailBox  # noqa: PLC0415 - only those who read mailboxes need it
    from imap_tools.errors import ImapToolsError  # noqa: PLC0415

    place = said("{user} at {host}:{port}", user=account.user, host=account.host, port=account.port)
    context = ssl.create_default_context()
    try:
        if account.ca_file:
            context.load_verify_locations(account.ca_file)
        box = MailBox(account.host, account.port, timeout=account.timeout, ssl_context=context)
    except ssl.SSLCertVerificationError as error:
        raise NothingDoneError(
            place,
            said("The server's certificate can't be trusted ({reason}).", reason=error.verify_message),
            "Check the server's name; for an office's own authority name its certificate file (ca_file).",
        ) from error
    except (OSError, imaplib.IMAP4.error) as error:
        raise NothingDoneError(
            place,
            said("The mail server can't be reached ({reason}).", reason=refusal(error)),
            "Check host, port and the network.",
        ) from error
    try:
        _login(box, account)
    except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
        _leave(box)
        raise NothingDoneError(
            place,
            "The mail server refuses the login.",
            "Check user and password. Exchange Online and Gmail want an OAuth token or an app password.",
        ) from error
    return box


def _login(box: Any, account: Account) -> None:
    if account.token:
        box.xoauth2(account.user, account.token, initial_folder=None)
    elif (account.user + account.password).isascii():
        box.login(account.user, account.password, initial_folder=None)
    else:
        box.login_utf8(account.user, account.password, initial_folder=None)


def _leave(box: Any) -> None:
    try:
        box.client.logout()
    except (imaplib.IMAP4.error, OSError):
        # the connection is gone already, or says what nobody understands
        with suppress(OSError):
            box.client.shutdown()


def _folder(box: Any, account: Account, folder: str, seen: Seen, ways: Ways) -> Iterator[Found]:
    name = f"{account.user}@{account.host}:{account.port}/{folder}"
    validity, uids = _listed(box, account, folder)
    known = set(seen.uids(name, validity))
    carrier = Carrier.SENT if _holds_sent(box, folder) else Carrier.UNKNOWN
    waiting = sorted(uid for uid in uids if uid not in known)
    for start in range(0, len(waiting), _AT_ONCE):
        for mail in _structures(box, waiting[start : start + _AT_ONCE]):
            top = Provenance(_place(account, folder), shown_name(folder), carrier=carrier)
            own = inside(top, f"#{mail.uid}")
            try:
                yield from _mail(box, mail, own, ways)
            except AnswerTooLargeError:
                # the next run goes on behind it
                yield refused(own, "container-too-large", limit=megabytes(ways.limits.container))
                seen.add(name, validity, mail.uid)
                raise
            seen.add(name, validity, mail.uid)


def _listed(box: Any, account: Account, folder: str) -> tuple[int, list[int]]:
    """The folder's UIDVALIDITY and the UIDs in question; the server does the searching.

    Raises:
        NothingDoneError: there is no such folder.
    """
    from imap_tools import AND  # noqa: PLC0415
    from imap_tools.errors import ImapToolsError  # noqa: PLC0415

    try:
        # the validity is asked of the folder as it is opened: one asked for earlier could be another
        box.folder.set(folder, readonly=True)
        (answer,) = box.client.response("UIDVALIDITY")[1]
        wanted = AND(deleted=False, date_gte=account.since) if account.since else AND(deleted=False)
        return int(answer or 0), [int(uid) for uid in box.uids(wanted)]
    except (ImapToolsError, ValueError) as error:
        names = ", ".join(sorted(shown_name(one.name) for one in box.folder.list())[:50])
        raise NothingDoneError(
            said("{user} at {host}", user=account.user, host=account.host),
            said("The folder {folder!r} can't be opened.", folder=folder),
            said("The mailbox has these: {names}.", names=names),
        ) from error


def _holds_sent(box: Any, folder: str) -> bool:
    from imap_tools.errors import ImapToolsError  # noqa: PLC0415

    try:
        flags = tuple(flag for one in box.folder.list("", folder) if one.name == folder for flag in one.flags)
    except ImapToolsError:
        flags = ()
    return is_of_sent_mails(folder, flags)


def _structures(box: Any, uids: Sequence[int]) -> Iterator[Mail]:
    """Size and structure of the mails, by UID; a mail whose structure can't be told may carry anything."""
    wanted = ",".join(map(str, uids))
    box.bounds.ask()
    status, answer = box.client.uid("FETCH", wanted, "(UID RFC822.SIZE ENVELOPE BODYSTRUCTURE)")
    found = {mail.uid: mail for mail in mails_of(answer)} if status == "OK" else {}
    for uid in uids:
        yield found.get(uid, Mail(uid, 0, promising=True))


def _mail(box: Any, mail: Mail, own: Provenance, ways: Ways) -> Iterator[Found]:
    if not mail.promising:
        return
    if mail.size > ways.limits.container:
        yield refused(own, "container-too-large", limit=megabytes(ways.limits.container))
        return
    box.bounds.ask(ways.limits.container)
    _, answer = box.client.uid("FETCH", str(mail.uid), "(BODY.PEEK[])")
    # a mail that somebody deleted meanwhile gives no answer
    for item in answer:
        if isinstance(item, tuple) and len(item) > 1:
            yield from _with_missing(Walk(own, ways).mail(item[1], own), mail, own)
            return


def _with_missing(found: Iterator[Found], mail: Mail, own: Provenance) -> Iterator[Found]:
    """`found`, and a word on each PDF that the server's account of the mail names and that was not among it.

    What was found may be called otherwise than the server calls it; what stood in an archive beside it is no part.
    """
    places = [inside(own, name or "unnamed.pdf") for name in mail.pdfs]
    told, otherwise, containers = Counter(place.name for place in places), 0, set[str]()
    for one in found:
        part, *deeper = map(base_name, one.provenance.path[len(own.path + STEP) :].split(STEP))
        if not_noted(one) and part not in containers:
            if deeper:
                containers.add(part)
            if told[part]:
                told[part] -= 1
            elif not deeper and isinstance(one, Document) and is_pdf(one.data[:_HEAD]):
                otherwise += 1
        yield one
    missing = [place for place in dict.fromkeys(places) for _ in range(told[place.name])]
    for place in missing[: max(0, len(missing) - otherwise)]:
        yield refused(place, "mail-document-missing", name=place.name)
