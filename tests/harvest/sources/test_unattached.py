"""Answers that no attachment brings: links to storage, words in the mail's text, files that were taken out or sealed."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from harvest.sources.mail.links import is_answer, readable, shared
from spec.names import check_character, subject_code
from tests.harvest.sources import dovecot
from tests.harvest.sources.made import PDF, found, mail, raw, said
from tests.harvest.sources.mail.test_mbox import box
from tests.harvest.sources.mailbox.test_imap import Remembered, account, mailboxes, server, taken
from tests.harvest.sources.ole import attachment, compound, message, text
from tests.harvest.sources.test_mail import by_hand, encoded, run

__all__ = ["mailboxes", "server"]  # fixtures

CODE = subject_code("abcdefgh" + check_character("abcdefgh"))
ONEDRIVE = "https://1drv.ms/b/s!AbCdEf"


def answer(
    subject: str = f"AW: Checkliste {CODE}", text: str = "Kein Angebot.", **headers: str
) -> EmailMessage:
    message = mail(subject=subject)
    message.set_content(text)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("link", "host"),
    [
        (ONEDRIVE, "1drv.ms"),
        ("https://verein-my.sharepoint.com/:b:/g/personal/x/EaBc?e=1", "verein-my.sharepoint.com"),
        ("https://drive.google.com/file/d/1AbC/view", "drive.google.com"),
        ("https://www.dropbox.com/scl/fi/abc/Bogen.pdf?dl=0", "www.dropbox.com"),
        ("https://www.icloud.com/attachment/?u=https%3A", "www.icloud.com"),
        ("https://we.tl/t-AbCd123", "we.tl"),
        ("https://cloud.verein.example/index.php/s/AbCdEfGhIjKlMnO", "cloud.verein.example"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2F1drv.ms%2Fb%2Fs!A&data=1",
            "1drv.ms",
        ),
    ],
)
def test_a_link_to_somebodys_storage_is_told(link: str, host: str) -> None:
    assert list(shared(f'<a href="{link}">Bogen.pdf</a>'.encode())) == [host]


@pytest.mark.parametrize(
    "link",
    [
        "https://traeger.example/impressum",
        "https://verein.sharepoint.com/sites/intern",
        "https://www.dropbox.com",
        "https://maps.google.com/file/d",
        "https://presse.example/s/kurz",
        "1drv.ms",
    ],
)
def test_other_links_are_none_of_ours(link: str) -> None:
    assert list(shared(link.encode())) == []


def test_links_without_end_cost_no_time() -> None:
    assert list(shared(b"https://" + b"a." * 2_000_000)) == []
    assert list(shared(b"https://" * 500_000)) == []
    assert list(shared(b"https://" + b"a" * 4_000_000)) == []


def test_the_link_is_told_once_beside_what_is_attached(tmp_path: Path) -> None:
    message = mail()
    message.set_content(f"Der Bogen: {ONEDRIVE}")
    message.add_alternative(f'<a href="{ONEDRIVE}">Bogen</a>', subtype="html")
    assert said(run(tmp_path, message)) == ["antwort.eml > 1drv.ms: mail-external (check)"]
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="Flyer.pdf")
    assert said(run(tmp_path, message)) == [
        "antwort.eml > 1drv.ms: mail-external (check)",
        "antwort.eml > Flyer.pdf",
    ]


def test_a_link_in_an_outlook_mail_is_told_once(tmp_path: Path) -> None:
    body = {
        **text(0x1000, f"Der Bogen: {ONEDRIVE}"),
        "__substg1.0_10130102": f'<a href="{ONEDRIVE}">'.encode(),
    }
    (tmp_path / "antwort.msg").write_bytes(compound({**message(attachment("a.pdf", PDF)), **body}))
    assert said(found(tmp_path)) == [
        "antwort.msg > 1drv.ms: mail-external (check)",
        "antwort.msg > a.pdf",
    ]


@pytest.mark.parametrize(
    "header",
    [
        b"X-Mozilla-External-Attachment-URL: file:///C:/Bogen.pdf\nX-Mozilla-Altered: AttachmentDetached",
        b"X-Mozilla-Altered: AttachmentDeleted",
    ],
)
def test_what_thunderbird_took_out_of_a_mail_is_told(tmp_path: Path, header: bytes) -> None:
    part = b'Content-Type: application/pdf; name="Bogen.pdf"\n' + header + b"\n\nYou deleted an attachment.\n"
    assert said(run(tmp_path, by_hand(part))) == ["antwort.eml > Bogen.pdf: mail-external (lost)"]


# ---------------------------------------------------------------- sealed files, and what belongs to them


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Bogen.pdf.pgp", b"\x85\x01\x0c"),
        ("Bogen.pdf.gpg", b"\x85\x01\x0c"),
        ("Bogen.asc", b"-----BEGIN PGP MESSAGE-----\n\nhQE"),
    ],
)
def test_a_sealed_file_is_no_side_file(tmp_path: Path, name: str, data: bytes) -> None:
    assert said(run(tmp_path, mail((name, data)))) == [f"antwort.eml > {name}: mail-sealed (lost)"]


@pytest.mark.parametrize("name", ["schluessel.asc", "schluessel.pgp"])
def test_a_key_is_a_side_file(tmp_path: Path, name: str) -> None:
    key = b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n"
    assert said(run(tmp_path, mail((name, key), ("a.pdf", PDF)))) == [
        f"antwort.eml > {name}: mail-side-file (note)",
        "antwort.eml > a.pdf",
    ]


def test_what_macos_tells_of_a_file_is_not_the_file(tmp_path: Path) -> None:
    about = b'Content-Type: application/applefile; name="Bogen.pdf"\nContent-Transfer-Encoding: base64\n\n'
    about += base64.encodebytes(b"\0\5\x16\7\0\2\0\0")
    file = b'Content-Type: application/octet-stream; name="Bogen.pdf"\nContent-Transfer-Encoding: base64\n\n'
    data = by_hand(about, file + encoded(), kind=b"multipart/appledouble")
    assert said(run(tmp_path, data)) == [
        "antwort.eml > Bogen.pdf: mail-side-file (note)",
        "antwort.eml > Bogen.pdf",
    ]


# ---------------------------------------------------------------- answers in the text


def in_mailbox(tmp_path: Path, *mails: EmailMessage) -> list[Any]:
    (tmp_path / "x.mbox").write_bytes(box(*map(raw, mails), raw(mail(("a.pdf", PDF)))))
    return found(tmp_path)


def test_an_answer_that_carries_nothing_is_told(tmp_path: Path) -> None:
    [told, _] = in_mailbox(tmp_path, answer())
    assert said([told]) == ["x.mbox > #1: mail-without-document (check)"]
    assert told.provenance.mail_subject == f"AW: Checkliste {CODE}"
    assert told.provenance.mail_from == "Träger Süd <post@traeger.example>"
    assert told.sha256


@pytest.mark.parametrize(
    "other",
    [
        mail(),
        answer(subject="AW: Mittagessen"),
        answer(subject=f"Checkliste {CODE}"),  # the office's own, in copy
        answer(subject=f"AW: {CODE[:-2]}0]"),
        answer(Auto_Submitted="auto-replied"),
        answer(X_Autoreply="yes"),
    ],
    ids=["a letter", "no code", "no answer", "a broken code", "out of office", "out of office, otherwise"],
)
def test_other_mails_that_carry_nothing_are_passed_over(tmp_path: Path, other: EmailMessage) -> None:
    assert said(in_mailbox(tmp_path, other)) == ["x.mbox > #2 > a.pdf"]


def test_an_answer_is_known_by_what_it_answers(tmp_path: Path) -> None:
    one = answer(subject=f"Übergänge {CODE}", In_Reply_To="<1@amt.example>")
    assert said(in_mailbox(tmp_path, one))[0] == "x.mbox > #1: mail-without-document (check)"


def test_on_a_server_too(server: dovecot.Mailbox) -> None:
    for number, one in enumerate((mail(), answer(), answer(subject=f"AW: Übergänge „Süd“ {CODE}")), start=1):
        server.deliver(f"{number}.a", raw(one))
    assert [one.rpartition("> ")[2] for one in said(taken(account(server), Remembered()))] == [
        "#2: mail-without-document (check)",
        "#3: mail-without-document (check)",
    ]


def test_a_subject_without_end_costs_no_time() -> None:
    assert not is_answer(b"Subject: AW: " + b"=?utf-8?q?a?= " * 1_000_000 + b"\n\n")
    assert len(readable("=?utf-8?q?a?= " * 500_000)) < 10_000


# ---------------------------------------------------------------- where a mail ends


def test_a_letter_that_speaks_of_from_when_on_keeps_what_is_attached(tmp_path: Path) -> None:
    letter = raw(mail(("a.pdf", PDF))).replace(
        b"anbei der Bogen", b"\r\nFrom Monday on we are here:\r\nAdresse: Hauptstr. 5"
    )
    (tmp_path / "x.mbox").write_bytes(box(letter))
    assert said(found(tmp_path)) == ["x.mbox > #1 > a.pdf"]
