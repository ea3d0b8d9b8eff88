"""Mails: what people's programs send, and what nobody should have sent."""

import base64
import binascii
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from harvest.model import Document
from harvest.sources import Limits
from tests.harvest.sources.made import OTHER_PDF, PDF, found, mail, raw, said, tnef, zipped


def run(
    tmp_path: Path, data: bytes | EmailMessage, *args: Any, name: str = "antwort.eml", **options: Any
) -> list[Any]:
    (tmp_path / name).write_bytes(raw(data) if isinstance(data, EmailMessage) else data)
    return found(tmp_path / name, *args, **options)


def by_hand(*parts: bytes, boundary: bytes = b"X", kind: bytes = b"multipart/mixed") -> bytes:
    head = b'From: a@b.example\nSubject: von Hand\nMIME-Version: 1.0\nContent-Type: %s; boundary="%s"\n\n' % (
        kind,
        boundary,
    )
    return head + b"".join(b"--%s\n%s\n" % (boundary, part) for part in parts) + b"--%s--\n" % boundary


def encoded(data: bytes = PDF) -> bytes:
    return base64.encodebytes(data)


def test_an_attachment_knows_its_mail(tmp_path: Path) -> None:
    (document,) = run(tmp_path, mail(("Bogen Süd.pdf", PDF)))
    assert document.data == PDF
    assert document.provenance.path == "antwort.eml > Bogen Süd.pdf"
    assert document.provenance.mail_from == "Träger Süd <post@traeger.example>"
    assert document.provenance.mail_subject == "Rücklauf"
    assert document.provenance.mail_time == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["bogen", "bogen.dat", "ATT00001", "bogen.pdf "])
def test_misnamed_attachments(tmp_path: Path, name: str) -> None:
    message = mail()
    message.add_attachment(PDF, maintype="application", subtype="octet-stream", filename=name)
    assert [one.data for one in run(tmp_path, message)] == [PDF]


@pytest.mark.parametrize("name", [".pdf", ".Bogen.pdf", "~$Bogen.pdf"])
def test_a_document_is_not_lost_for_its_hidden_name(tmp_path: Path, name: str) -> None:
    result = run(tmp_path, mail((name, PDF), ("x.zip", zipped({".pdf": OTHER_PDF}))))
    assert [one.data for one in result] == [PDF, OTHER_PDF]


def test_lines_without_end_cost_no_time(tmp_path: Path) -> None:
    part = b"Content-Type: application/pdf\n\n" + PDF
    assert said(run(tmp_path, by_hand(b"\n" + b"\n" * 5_000_000, part))) == ["antwort.eml > unnamed.pdf"]


def test_inline_as_apple_mail_sends_it(tmp_path: Path) -> None:
    part = b"Content-Type: application/pdf; name=bogen.pdf\nContent-Disposition: inline; filename=bogen.pdf\n"
    part += b"Content-Transfer-Encoding: base64\nContent-ID: <1>\n\n" + encoded()
    assert said(run(tmp_path, by_hand(b"Content-Type: text/plain\n\nHallo", part))) == [
        "antwort.eml > bogen.pdf"
    ]


def test_a_mail_that_is_nothing_but_the_document(tmp_path: Path) -> None:
    data = b"From: a@b.example\nSubject: Scan\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
    assert said(run(tmp_path, data + encoded())) == ["antwort.eml > unnamed.pdf"]


def test_forwarded_inside_forwarded(tmp_path: Path) -> None:
    innermost = mail(("a.pdf", PDF), subject="Das Original")
    del innermost["From"]
    innermost["From"] = "ganz@innen.example"
    middle = mail(("fwd", innermost), ("b.pdf", OTHER_PDF), subject="WG: Das Original")
    result = run(tmp_path, mail(("fwd", middle), subject="WG: WG: Das Original"))
    assert said(result) == [
        "antwort.eml > WG: Das Original.eml > Das Original.eml > a.pdf",
        "antwort.eml > WG: Das Original.eml > b.pdf",
    ]
    assert result[0].provenance.mail_from == "ganz@innen.example"
    assert result[0].provenance.mail_subject == "Das Original"


def test_a_mail_attached_as_a_file_under_any_name(tmp_path: Path) -> None:
    inner = raw(mail(("a.pdf", PDF)))
    assert said(run(tmp_path, mail(("nachricht.dat", inner)))) == ["antwort.eml > nachricht.dat > a.pdf"]


def test_a_mail_attached_in_base64_against_the_rfc(tmp_path: Path) -> None:
    inner = base64.encodebytes(raw(mail(("a.pdf", PDF))))
    part = b"Content-Type: message/rfc822; name=x.eml\nContent-Transfer-Encoding: base64\n\n" + inner
    assert said(run(tmp_path, by_hand(part))) == ["antwort.eml > x.eml > a.pdf"]


def test_zip_and_winmail_in_a_mail(tmp_path: Path) -> None:
    message = mail(
        ("alles.zip", zipped({"a.pdf": PDF})), ("winmail.dat", tnef(("Bogen – Süd.pdf", OTHER_PDF)))
    )
    assert said(run(tmp_path, message)) == [
        "antwort.eml > alles.zip > a.pdf",
        "antwort.eml > winmail.dat > Bogen – Süd.pdf",
    ]


def test_uuencoded_in_the_text(tmp_path: Path) -> None:
    lines = b"".join(binascii.b2a_uu(PDF[start : start + 45]) for start in range(0, len(PDF), 45))
    text = b"From: a@b.example\nSubject: alt\n\nHallo\nbegin 644 bogen.pdf\n" + lines + b"`\nend\n"
    (document,) = run(tmp_path, text)
    assert document.data == PDF


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"filename*=utf-8''Tr%C3%A4ger.pdf", "Träger.pdf"),
        (b"filename*0*=utf-8''Tr%C3%A4; filename*1*=ger.pdf", "Träger.pdf"),
        (b'filename="=?utf-8?Q?Tr=C3=A4ger.pdf?="', "Träger.pdf"),
        (b'filename="=?iso-8859-1?B?VHLkZ2VyLnBkZg==?="', "Träger.pdf"),
        (b'filename="Tr\xc3\xa4ger.pdf"', "Träger.pdf"),
        (b'filename="../../x.pdf"', "x.pdf"),
        (b'filename="C:\\\\x\\\\y.pdf"', "y.pdf"),
        (b'filename="a\x1b]0;x\x07.pdf"', "a[U+001B]]0;x[U+0007].pdf"),
    ],
)
def test_names_of_attachments(tmp_path: Path, header: bytes, name: str) -> None:
    part = b"Content-Type: application/pdf\nContent-Disposition: attachment; " + header
    (document,) = run(tmp_path, by_hand(part + b"\nContent-Transfer-Encoding: base64\n\n" + encoded()))
    assert document.provenance.name == name


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"base64", encoded().replace(b"\n", b"\n  \t*!\n")),
        (b"base64", encoded().rstrip(b"=\n")),
        (b"BASE64 ", encoded()),
        (b"quoted-printable", binascii.b2a_qp(PDF)),
        (b"8bit", PDF),
        (b"x-unknown", PDF),
    ],
)
def test_broken_and_unusual_encodings(tmp_path: Path, encoding: bytes, body: bytes) -> None:
    part = (
        b"Content-Type: application/pdf; charset=nonsense\nContent-Transfer-Encoding: "
        + encoding
        + b"\n\n"
        + body
    )
    (document,) = run(tmp_path, by_hand(part))
    assert isinstance(document, Document)
    assert document.data.startswith(PDF[:40])


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("Mon, 02 Mar 2026 10:30:00 -0000", datetime(2026, 3, 2, 10, 30, tzinfo=UTC)),
        ("2 Mar 2026 10:30 CET", None),
        ("Mon, 99 Mar 2026 10:30:00 +0100", None),
        ("Mon, 02 Mar 99999 10:30:00 +9999", None),
        ("gestern", None),
        ("", None),
    ],
)
def test_dates_that_are_none_cost_nothing(tmp_path: Path, date: str, time: datetime | None) -> None:
    message = mail(("a.pdf", PDF))
    data = raw(message).replace(b"Mon, 02 Mar 2026 10:30:00 +0100", date.encode())
    (document,) = run(tmp_path, data)
    if time:
        assert document.provenance.mail_time == time


@pytest.mark.parametrize("year", [1899, 1970, 3001, 9999])
def test_a_year_in_which_nobody_can_have_answered_is_no_time(tmp_path: Path, year: int) -> None:
    data = raw(mail(("a.pdf", PDF))).replace(b"Mar 2026", b"Mar %d" % year)
    (document,) = run(tmp_path, data)
    assert document.provenance.mail_time is None


def test_pictures_of_signatures_are_noted_and_scans_are_named(tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\n"
    message = mail(("foto.jpg", b"\xff\xd8\xff" + b"x" * 200_000), ("smime.p7s", b"0\x80"))
    message.add_attachment("BEGIN:VCARD", subtype="vcard", filename="karte.vcf")
    logo = b"Content-Type: image/png\nContent-ID: <logo>\nContent-Transfer-Encoding: base64\n\n" + encoded(
        picture
    )
    assert said(run(tmp_path, by_hand(b"Content-Type: text/html\n\n<p>", logo))) == [
        "antwort.eml > unnamed.png: mail-side-file (note)",
        "antwort.eml: mail-without-document (check)",
    ]
    assert said(run(tmp_path, message)) == [
        "antwort.eml > foto.jpg",
        "antwort.eml > smime.p7s: mail-side-file (note)",
        "antwort.eml > karte.vcf: mail-side-file (note)",
    ]


def test_a_mail_with_nothing_attached_is_named(tmp_path: Path) -> None:
    assert said(run(tmp_path, mail())) == ["antwort.eml: mail-without-document (check)"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (b'message/partial; id="x"; number=1; total=2', "mail-partial"),
        (b"message/external-body; access-type=URL", "mail-external"),
        (b"application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "mail-sealed"),
        (b'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=X', "mail-sealed"),
        (b"multipart/mixed", "mail-damaged"),
    ],
)
def test_what_a_mail_keeps_to_itself_is_named(tmp_path: Path, kind: bytes, code: str) -> None:
    data = (
        b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: "
        + kind
        + b"\n\n--X\n\nabc\n--X--\n"
    )
    (refusal,) = run(tmp_path, data)
    assert refusal.problem.code == code


def test_a_signed_mail_is_read(tmp_path: Path) -> None:
    part = b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n" + encoded()
    seal = b"Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx"
    assert said(run(tmp_path, by_hand(part, seal, kind=b"multipart/signed"))) == [
        "antwort.eml > a.pdf",
        "antwort.eml > smime.p7s: mail-side-file (note)",
    ]


# --- built to harm ---------------------------------------------------------------------------------


def test_ten_thousand_parts(tmp_path: Path) -> None:
    assert said(run(tmp_path, by_hand(*[b"\n"] * 10_000))) == ["antwort.eml: mail-too-many-parts (lost)"]
    assert said(run(tmp_path, by_hand(*[b"\n"] * 900, b"Content-Type: application/pdf\n\n" + PDF))) == [
        "antwort.eml > unnamed.pdf"
    ]


def test_parts_within_parts_without_end(tmp_path: Path) -> None:
    data = b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\n"
    for number in range(5_000):
        data += b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (number, number)
    assert said(run(tmp_path, data + b"\n" + b"x\n" * 100_000)) == ["antwort.eml: too-deep (lost)"]


def test_mails_within_mails_without_end(tmp_path: Path) -> None:
    data = b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n" * 5_000
    assert said(run(tmp_path, data)) == ["antwort.eml: too-deep (lost)"]


def test_mail_in_zip_in_mail_in_zip_without_end(tmp_path: Path) -> None:
    data = PDF
    for number in range(20):
        name = "x.pdf" if not number else "x.zip"
        data = zipped({"x.eml": raw(mail((name, data)))})
    (refusal,) = run(tmp_path, data, name="post.zip")
    assert refusal.problem.code == "too-deep"


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: multipart/mixed;" + b' a="b";' * 200_000,
        b"Content-Type: " + b"(" * 500_000,
        b"From: " + b"<" * 500_000,
        b"Subject: " + b"=?utf-8?q?a?= " * 100_000,
        b"Date: " + b"1" * 500_000,
        b"Content-Disposition: attachment; " + b"filename*0*=a;" * 100_000,
        b"To: " + b'"' * 500_000,
    ],
    ids=lambda header: header[:12].decode(),
)
def test_headers_without_end_cost_no_time(tmp_path: Path, header: bytes) -> None:
    import time

    start = time.process_time()
    run(tmp_path, b"From: a@b.example\nSubject: x\n" + header + b"\n\n" + b"text\n")
    assert time.process_time() - start < 5


def test_uuencode_without_end_costs_no_time(tmp_path: Path) -> None:
    run(tmp_path, b"From: a@b.example\nSubject: x\n\n" + b"begin 644 x\n" * 300_000)


def test_depth_of_forwarding_is_limited(tmp_path: Path) -> None:
    message = mail(("a.pdf", PDF))
    for _ in range(12):
        message = mail(("fwd", message))
    (refusal,) = run(tmp_path, message)
    assert refusal.problem.code == "too-deep"
    message = mail(("a.pdf", PDF))
    for _ in range(7):
        message = mail(("fwd", message))
    assert [one.data for one in run(tmp_path, message)] == [PDF]
    assert run(tmp_path, message, Limits(depth=3))[0].problem.code == "too-deep"
