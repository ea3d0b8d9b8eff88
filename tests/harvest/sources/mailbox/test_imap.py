"""Mailboxes, against a real Dovecot on loopback."""

import base64
import imaplib
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from typing import Any

import pytest

from harvest.model import Document
from harvest.sources import Limits
from harvest.sources.mailbox.imap import Account, documents_in
from harvest.sources.mailbox.imap_login import account as account_from
from harvest.sources.mailbox.imap_structure import mails_of
from spec.errors import NothingDoneError, WrongInputError
from tests.harvest.sources import dovecot
from tests.harvest.sources.made import OTHER_PDF, PDF, mail, raw, said, zipped
from tests.harvest.sources.test_mail_faults import HEADER_FAULTS, random_pdf, whole


class Remembered:
    """`Seen` in memory."""

    def __init__(self) -> None:
        self.done: set[tuple[str, int, int]] = set()

    def uids(self, box: str, validity: int) -> set[int]:
        return {uid for own, number, uid in self.done if (own, number) == (box, validity)}

    def add(self, box: str, validity: int, uid: int) -> None:
        self.done.add((box, validity, uid))


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Iterator[dovecot.Mailbox]]:
    with dovecot.running() as fresh:
        yield fresh


@pytest.fixture
def server(mailboxes: Iterator[dovecot.Mailbox]) -> dovecot.Mailbox:
    return next(mailboxes)


def taken(*args: Any) -> list[Any]:
    return list(documents_in(*args))


def account(server: dovecot.Mailbox, **changes: Any) -> Account:
    options = {"password": dovecot.PASSWORD, "port": server.port, "ca_file": str(server.ca_file), **changes}
    return Account("127.0.0.1", server.user, **options)


def test_a_mailbox_is_read_and_nothing_in_it_changes(server: dovecot.Mailbox) -> None:
    server.deliver("1.a", raw(mail(("Bogen.pdf", PDF), subject="Unsere Antwort")))
    server.deliver("2.b", raw(mail()))
    server.deliver("3.c", raw(mail(("alles.zip", zipped({"b.pdf": OTHER_PDF})))))
    result = taken(account(server), Remembered())
    assert said(result) == [
        f"{server.user}/INBOX > #1 > Bogen.pdf",
        f"{server.user}/INBOX > #3 > alles.zip > b.pdf",
    ]
    assert result[0].data == PDF
    assert result[0].provenance.mail_subject == "Unsere Antwort"
    assert server.flags() == ["", "", ""]


def test_what_was_seen_is_not_read_again_and_what_is_new_is(server: dovecot.Mailbox) -> None:
    server.deliver("1.a", raw(mail(("a.pdf", PDF))))
    seen = Remembered()
    assert len(taken(account(server), seen)) == 1
    assert taken(account(server), seen) == []
    server.deliver("2.b", raw(mail(("b.pdf", OTHER_PDF))))
    assert said(taken(account(server), seen)) == [f"{server.user}/INBOX > #2 > b.pdf"]


def test_a_mail_counts_as_seen_only_when_the_caller_comes_back_for_more(server: dovecot.Mailbox) -> None:
    server.deliver("1.a", raw(mail(("a.pdf", PDF))))
    seen = Remembered()
    reading: Any = documents_in(account(server), seen)
    next(reading)
    reading.close()
    assert seen.done == set()
    assert len(taken(account(server), seen)) == 1


def test_another_validity_makes_every_mail_new(server: dovecot.Mailbox) -> None:
    server.deliver("1.a", raw(mail(("a.pdf", PDF))))
    seen = Remembered()
    taken(account(server), seen)
    seen.done = {(box, validity + 1, uid) for box, validity, uid in seen.done}
    assert len(taken(account(server), seen)) == 1


def test_folders_with_umlauts_and_days(server: dovecot.Mailbox) -> None:
    server.deliver("1.a", raw(mail(("a.pdf", PDF))), folder=".R&APw-cklauf")
    reading = documents_in(account(server, folders=("Rücklauf",)), Remembered())
    assert said(list(reading)) == [f"{server.user}/Rücklauf > #1 > a.pdf"]
    later = account(server, folders=("Rücklauf",), since=date(2999, 1, 1))
    assert taken(later, Remembered()) == []


def test_deleted_mails_are_left_alone(server: dovecot.Mailbox) -> None:
    path = server.deliver("1.a", raw(mail(("a.pdf", PDF))))
    (server.maildir / "cur").mkdir(exist_ok=True)
    path.rename(server.maildir / "cur" / "1.a:2,T")
    assert taken(account(server), Remembered()) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"password": "falsch"}, "refuses the login"),
        ({"ca_file": None}, "certificate can't be trusted"),
        ({"port": 1}, "can't be reached"),
        ({"folders": ("Gibt es nicht",)}, "has these: INBOX"),
    ],
)
def test_what_the_server_refuses_is_said_at_the_start(
    server: dovecot.Mailbox, changes: dict[str, Any], word: str
) -> None:
    with pytest.raises(NothingDoneError, match=word) as error:
        taken(account(server, **changes), Remembered())
    assert dovecot.PASSWORD not in str(error.value)


def test_the_name_in_the_certificate_is_checked(server: dovecot.Mailbox) -> None:
    strange = Account(
        "localhost", server.user, dovecot.PASSWORD, port=server.port, ca_file=str(server.ca_file)
    )
    with pytest.raises(NothingDoneError, match="certificate can't be trusted"):
        taken(strange, Remembered())


def test_a_connection_that_breaks_is_said_and_the_next_run_goes_on(
    server: dovecot.Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        server.deliver(f"{number}.a", raw(mail((f"{number}.pdf", PDF + b"%d" % number))))
    seen, uid = Remembered(), imaplib.IMAP4.uid
    asked: list[object] = []

    def breaking(self: imaplib.IMAP4, command: str, *args: Any) -> Any:
        if args[-1] == "(BODY.PEEK[])":
            asked.append(args)
            if len(asked) == 2:
                raise imaplib.IMAP4.abort("socket error: EOF")
        return uid(self, command, *args)

    monkeypatch.setattr(imaplib.IMAP4, "uid", breaking)
    assert said(taken(account(server), seen)) == [
        f"{server.user}/INBOX > #1 > 0.pdf",
        f"{server.user}: mailbox-interrupted (lost)",
    ]
    assert len(taken(account(server), seen)) == 2


def test_a_mail_beyond_the_limit_is_not_even_transferred(
    server: dovecot.Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver("1.a", raw(mail(("a.pdf", PDF + b"x" * 50_000))))
    result = taken(account(server), Remembered(), Limits(container=10_000))
    assert said(result) == [f"{server.user}/INBOX > #1: container-too-large (lost)"]


def test_only_mails_that_may_carry_something_are_transferred(
    server: dovecot.Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = mail()
    letter.add_alternative("<p>Guten Tag</p>", subtype="html")
    with_logo = EmailMessage()
    with_logo.set_content("Gruß")
    with_logo.add_alternative('<img src="cid:l">', subtype="html")
    body: Any = with_logo.get_payload(1)
    body.add_related(b"\x89PNG" * 100, "image", "png", cid="<l>", filename="logo.png", disposition="inline")
    named = mail(("wie auch immer", PDF))
    pdf_as_text = mail()
    pdf_as_text.add_attachment(PDF.decode(), subtype="plain", filename="bogen.pdf")
    quoted = mail(('mit "Anführung" \\ und ä', b"x"))
    forwarded = mail(("fwd", mail(("a.pdf", OTHER_PDF))))
    for number, one in enumerate((mail(), letter, with_logo, named, pdf_as_text, quoted, forwarded), start=1):
        server.deliver(f"{number}.a", raw(one))
    uid = imaplib.IMAP4.uid
    transferred: list[int] = []

    def watched(self: imaplib.IMAP4, command: str, *args: Any) -> Any:
        if args[-1] == "(BODY.PEEK[])":
            transferred.append(int(args[0]))
        return uid(self, command, *args)

    monkeypatch.setattr(imaplib.IMAP4, "uid", watched)
    result = taken(account(server), Remembered())
    assert transferred == [4, 5, 6, 7]
    assert len([one for one in result if isinstance(one, Document)]) == 3


def test_thousands_of_mails(server: dovecot.Mailbox) -> None:
    letter = raw(mail())
    for room in ("cur", "new", "tmp"):
        (server.maildir / room).mkdir()
    for number in range(3_000):
        (server.maildir / "cur" / f"{number}.x:2,S").write_bytes(letter)
    server.deliver("z.a", raw(mail(("a.pdf", PDF))))
    seen = Remembered()
    assert [one.data for one in taken(account(server), seen)] == [PDF]
    assert len(seen.done) == 3_001


@pytest.mark.parametrize(
    ("answer", "promising"),
    [
        ([b'1 (UID 7 RFC822.SIZE 9 BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 9 1))'], False),
        ([b'1 (UID 7 RFC822.SIZE 9 BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 99999 1))'], True),
        ([b'1 (UID 7 RFC822.SIZE 9 BODYSTRUCTURE ("image" "png" NIL NIL NIL "base64" 9))'], False),
        ([b'1 (UID 7 RFC822.SIZE 9 BODYSTRUCTURE ("image" "png" NIL NIL NIL "base64" 999999))'], True),
        ([b'1 (UID 7 RFC822.SIZE 9 BODYSTRUCTURE ("application" "pdf" NIL NIL NIL "base64" 9))'], True),
        (
            [
                (b'1 (UID 7 RFC822.SIZE 9 BODYSTRUCTURE ("text" "plain" ("name" {5}', b'a"\\)('),
                b') NIL NIL "7bit" 9 1))',
            ],
            True,
        ),
        ([b"1 (UID 7 RFC822.SIZE 9 BODYSTRUCTURE NIL)"], True),
        ([b"1 (UID 7 BODYSTRUCTURE (((((("], False),
    ],
)
def test_what_a_structure_promises(answer: list[Any], promising: bool) -> None:
    (told,) = mails_of(answer)
    assert (told.uid, told.promising) == (7, promising)


@pytest.mark.parametrize("answer", [[], [None], [b""], [b"))))((("], [b'1 (UID x "'], [(b"1 (UID", b"")]])
def test_an_answer_that_makes_no_sense_tells_nothing(answer: list[Any]) -> None:
    assert list(mails_of(answer)) == []


@pytest.mark.parametrize("quotes", [b'"' * 20_000, b'\\"' * 100_000, b'"' + b"\\" * 200_001])
def test_strings_that_nobody_closes_cost_no_time(quotes: bytes) -> None:
    assert list(mails_of([b"1 (UID 7 BODYSTRUCTURE (" + quotes])) != [None]


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        (b'("name" "a.pdf") NIL NIL "base64" 9 NIL NIL', "a.pdf"),
        (b'NIL NIL NIL "base64" 9 NIL ("attachment" ("filename" "a.pdf"))', "a.pdf"),
        (b'NIL NIL NIL "base64" 9 NIL ("attachment" ("filename*" "utf-8\'\'%C3%A4.pdf"))', "ä.pdf"),
        (b'("name" "=?utf-8?q?=C3=A4.pdf?=") NIL NIL "base64" 9', "ä.pdf"),
        (b'NIL NIL NIL "base64" 9 NIL NIL', ""),
    ],
)
def test_the_pdfs_that_a_structure_names(parameters: bytes, name: str) -> None:
    (told,) = mails_of([b'1 (UID 7 BODYSTRUCTURE (("text" "plain" NIL NIL NIL "7bit" 9 1)("application" "pdf" ' + parameters + b') "mixed"))'])  # fmt: skip
    assert told.pdfs == (name,)


def test_mails_with_faults_in_their_headers_arrive(server: dovecot.Mailbox) -> None:
    sent = {}
    # UTF-16 comes from editors, not through servers, which send no NUL
    for number, fault in enumerate((one for one in HEADER_FAULTS if "UTF-16" not in one), start=1):
        sent[f"#{number}"] = random_pdf(number, 30_000)
        server.deliver(f"{number:03}.a", HEADER_FAULTS[fault](whole(sent[f"#{number}"])))
    result = taken(account(server), Remembered())
    found = {one.provenance.path.split(" > ")[1]: one.data for one in result if isinstance(one, Document)}
    assert {name: len(sent[name]) for name in sent if found.get(name) != sent[name]} == {}


def test_a_document_that_calls_itself_an_appointment(server: dovecot.Mailbox) -> None:
    message = mail()
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar")
    body = raw(message).replace(b"BEGIN:VCALENDAR", PDF + b"x" * 20_000)
    server.deliver("1.a", body)
    (document,) = taken(account(server), Remembered())
    assert document.data.replace(b"\r", b"").startswith(PDF)


def test_a_pdf_that_the_server_names_and_nobody_found_is_told(
    server: dovecot.Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver("1.a", raw(mail(("Bogen Süd.pdf", PDF), ("b.pdf", OTHER_PDF))))
    without = raw(mail(("b.pdf", OTHER_PDF)))
    uid = imaplib.IMAP4.uid

    def cut(self: imaplib.IMAP4, command: str, *args: Any) -> Any:
        answer = uid(self, command, *args)
        return ("OK", [(b"1 (BODY[]", without)]) if args[-1] == "(BODY.PEEK[])" else answer

    monkeypatch.setattr(imaplib.IMAP4, "uid", cut)
    result = taken(account(server), Remembered())
    assert [one.rpartition("#1 > ")[2] for one in said(result)] == [
        "b.pdf",
        "Bogen Süd.pdf: mail-document-missing (lost)",
    ]


@pytest.mark.parametrize(
    ("sent", "arrives", "told"),
    [
        # the archive's documents are no parts, the logo is no PDF
        ([("a.zip", zipped({"1.pdf": PDF, "2.pdf": OTHER_PDF})), ("", PDF)], [0], ["unnamed.pdf"]),
        ([("scan.jpg", b"\xff\xd8\xff\xe0" + bytes(200_000)), ("", PDF)], [0], ["unnamed.pdf"]),
        ([("", PDF), ("", OTHER_PDF)], [1], ["unnamed.pdf"]),
        ([("a.pdf", PDF), ("a.pdf", OTHER_PDF)], [0], ["a.pdf"]),
        # what is called otherwise in the mail was found
        ([("a.pdf", PDF), ("b.pdf", OTHER_PDF)], [("B ver\u0308a.pdf", OTHER_PDF), ("a.pdf", PDF)], []),
    ],
)
def test_of_the_pdfs_that_the_server_names_each_is_looked_for(
    server: dovecot.Mailbox, monkeypatch: pytest.MonkeyPatch, sent: Any, arrives: Any, told: list[str]
) -> None:
    def written(parts: Any) -> bytes:
        message = mail(*(part for part in parts if part[0]))
        for _, data in (part for part in parts if not part[0]):
            message.add_attachment(data, maintype="application", subtype="pdf")
        return raw(message)

    server.deliver("1.a", written(sent))
    left = written([sent[one] if isinstance(one, int) else one for one in arrives])
    uid = imaplib.IMAP4.uid

    def cut(self: imaplib.IMAP4, command: str, *args: Any) -> Any:
        answer = uid(self, command, *args)
        return ("OK", [(b"1 (BODY[]", left)]) if args[-1] == "(BODY.PEEK[])" else answer

    monkeypatch.setattr(imaplib.IMAP4, "uid", cut)
    result = taken(account(server), Remembered())
    missing = [one for one in said(result) if "mail-document-missing" in one]
    assert [one.rpartition("#1 > ")[2] for one in missing] == [
        f"{one}: mail-document-missing (lost)" for one in told
    ]


def test_a_small_document_that_the_server_takes_for_no_part_arrives(server: dovecot.Mailbox) -> None:
    """Behind the last boundary, where a server sees nothing."""
    behind = raw(mail(("x.pdf", PDF + b"y" * 10_000))).partition(b"\r\n\r\n")[2]
    server.deliver("1.a", raw(mail()).rstrip() + b"\r\n\r\n" + behind)
    head = b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=g\r\n\r\n"
    part = b"--g\r\nContent-Type: text/plain\r\n\r\nanbei\r\n--g--\r\n"
    stray = b"--g\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    server.deliver("2.a", head + part + stray + base64.encodebytes(PDF + b"y" * 10_000) + b"--g--\r\n")
    result = taken(account(server), Remembered())
    assert len([one for one in result if isinstance(one, Document)]) == 2


def test_a_server_that_announces_more_than_it_has_costs_that_mail(
    server: dovecot.Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        server.deliver(f"{number}.a", raw(mail(("a.pdf", PDF + b"%d" % number))))
    line = imaplib.IMAP4._get_line  # type: ignore[attr-defined]
    lies = [b"{107374182400}"]

    def lying(self: imaplib.IMAP4) -> bytes:
        told: bytes = line(self)
        if b"BODY[]" in told and b"2 FETCH" in told and lies:
            return told[: told.rindex(b"{")] + lies.pop()
        return told

    monkeypatch.setattr(imaplib.IMAP4, "_get_line", lying)
    seen = Remembered()
    first = taken(account(server), seen)
    assert [getattr(getattr(one, "problem", None), "code", "") for one in first] == [
        "",
        "container-too-large",
        "mailbox-interrupted",
    ]
    assert [one.data for one in taken(account(server), seen)] == [PDF + b"3"]


# --- login -----------------------------------------------------------------------------------------

SET = {"HARVEST_IMAP_HOST": "mail.example", "HARVEST_IMAP_USER": "stelle"}


def test_login_from_the_environment() -> None:
    environ = {
        **SET,
        "HARVEST_IMAP_PASSWORD": "p",
        "HARVEST_IMAP_FOLDERS": "INBOX, Rücklauf",
        "HARVEST_IMAP_PORT": "1993",
    }
    assert account_from(environ) == Account(
        "mail.example", "stelle", "p", port=1993, folders=("INBOX", "Rücklauf")
    )


def test_login_from_the_keyring() -> None:
    asked: list[tuple[str, str]] = []

    def keyring(service: str, user: str) -> str:
        asked.append((service, user))
        return "aus dem Schlüsselbund"

    found = account_from(SET, keyring)
    assert found.password == "aus dem Schlüsselbund"
    assert asked == [("formgen-harvest", "stelle@mail.example")]
    assert found.password not in repr(found)


@pytest.mark.parametrize(
    ("environ", "place"),
    [
        ({}, "HARVEST_IMAP_HOST"),
        ({"HARVEST_IMAP_HOST": "x"}, "HARVEST_IMAP_USER"),
        (SET, "HARVEST_IMAP_PASSWORD"),
        ({**SET, "HARVEST_IMAP_PASSWORD": "p", "HARVEST_IMAP_PORT": "neun"}, "HARVEST_IMAP_PORT"),
    ],
)
def test_what_the_login_lacks_is_named(environ: dict[str, str], place: str) -> None:
    with pytest.raises(WrongInputError, match=place):
        account_from(environ, lambda *_: None)
