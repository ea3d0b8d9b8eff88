"""Mails with faults that other mail programs read over: what is attached arrives byte for byte."""

from __future__ import annotations

import base64
import binascii
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.model import Document, Provenance
from harvest.sources.archive.portfolio import parts_here
from harvest.sources.found import Piece
from harvest.sources.mail.transfer_encoding import base64_decoded, uuencoded
from harvest.sources.unpack import Walk, Ways
from tests.harvest.sources.made import OTHER_PDF, PDF, mail, raw, said, zipped
from tests.harvest.sources.test_mail import by_hand, encoded, run

HEAD = (
    b"From: a@b.example\nSubject: AW: Checkliste\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/mixed; boundary="=_b=1"\nDate: Mon, 02 Mar 2026 10:30:00 +0100\n'
)
TEXT = b"--=_b=1\nContent-Type: text/plain\n\nanbei\n"
ATTACHED = (
    b"--=_b=1\nContent-Type: application/pdf; name=bogen.pdf\nContent-Transfer-Encoding: base64\n"
    b"Content-Disposition: attachment; filename=bogen.pdf\n"
)
END = b"--=_b=1--\n"


def random_pdf(seed: int, size: int) -> bytes:
    return b"%PDF-1.7\n" + random.Random(seed).randbytes(size) + b"\n1 0 obj endobj\n%%EOF\n"


def pdfs(data: bytes, name: str = "antwort.eml") -> list[bytes]:
    top = Provenance(name, name)
    found = Walk(top, Ways(attached=parts_here)).piece(Piece(data, top))
    return [one.data for one in found if isinstance(one, Document)]


def whole(pdf: bytes) -> bytes:
    return HEAD + b"\n" + TEXT + ATTACHED + b"\n" + base64.encodebytes(pdf) + END


# ---------------------------------------------------------------- headers


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def fault(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new)

    return fault


HEADER_FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "a parameter that lost its fold": replaced(b'; boundary="', b';\nboundary="'),
    "a subject that lost its fold": replaced(b"AW: Checkliste", b"AW: Checkliste\nfuer das Jahr 2026"),
    "a name that lost its fold": replaced(b"; name=bogen.pdf", b';\nname="Bogen Nord.pdf"'),
    "an mbox mark among the headers": replaced(b"Subject:", b">From a@b.example Mon Mar  2 2026\nSubject:"),
    "an mbox line among the headers": replaced(b"Subject:", b"From a@b.example Mon Mar  2 2026\nSubject:"),
    "an mbox mark in the part": replaced(b"Content-Disposition:", b">From here\nContent-Disposition:"),
    "a blank in a name": replaced(b"Content-Type: multipart", b"Content Type: multipart"),
    "a blank by the hyphen": replaced(b"Content-Transfer-Encoding:", b"Content- Transfer-Encoding:"),
    "a blank before the colon": replaced(b"Content-Type:", b"Content-Type :"),
    "a second type, before": replaced(b"MIME-Version", b"Content-Type: text/plain\nMIME-Version"),
    "a second type, behind": replaced(b"\nDate:", b"\nContent-Type: text/html\nDate:"),
    "a second encoding": replaced(
        b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64"
    ),
    "no blank line below the head": replaced(b"+0100\n\n", b"+0100\n"),
    "no blank line below the part's head": replaced(b"filename=bogen.pdf\n\n", b"filename=bogen.pdf\n"),
    "a blank line too many": replaced(b"MIME-Version:", b"\nMIME-Version:"),
    "a line of blanks": replaced(b"MIME-Version:", b"  \nMIME-Version:"),
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "a byte order mark in the part": replaced(b"Content-Type: app", b"\xef\xbb\xbfContent-Type: app"),
    "CR only": lambda data: data.replace(b"\n", b"\r"),
    "CR CR LF": lambda data: data.replace(b"\n", b"\r\r\n"),
    "CR LF here, LF there": lambda data: data.replace(b"\n", b"\r\n", 4),
    "NUL in a header": replaced(b"AW: Checkliste", b"AW\0: Check\0liste"),
    "NUL in the type": replaced(b"multipart/mixed", b"multipart\0/mixed"),
    "a line of nothing known": replaced(b"MIME-Version:", b"*** SPAM? ***\nMIME-Version:"),
    "8-bit characters": replaced(b"AW: Checkliste", "AW: Übergänge".encode("latin-1")),
    "UTF-16": lambda data: data.decode("latin-1").encode("utf-16"),
    "UTF-16, the other way, no mark": lambda data: data.decode("latin-1").encode("utf-16-be"),
    "no type for the part": replaced(b"Content-Type: application/pdf; name=bogen.pdf\n", b""),
    "no encoding": replaced(b"Content-Transfer-Encoding: base64\n", b""),
    "an encoding that is none": replaced(b"Encoding: base64", b"Encoding: base-64"),
    "an encoding that is another": replaced(b"Encoding: base64", b"Encoding: quoted-printable"),
    "an encoding with a remark": replaced(b"Encoding: base64", b"Encoding: Base64 (RFC 2045);"),
    "no closing delimiter": replaced(END, b""),
    "blanks behind the delimiters": replaced(b"--=_b=1\n", b"--=_b=1 \t\n"),
    "closed too early": replaced(TEXT, TEXT + END),
    "no type of the mail": replaced(b'Content-Type: multipart/mixed; boundary="=_b=1"\n', b""),
    "no boundary": replaced(b'; boundary="=_b=1"', b""),
    "another boundary": replaced(b'; boundary="=_b=1"', b'; boundary="other"'),
    "a count of bytes before it (Apple Mail)": lambda data: b"%d\n" % len(data) + data + b'<?xml version="1.0"?>',
}  # fmt: skip


#: change every byte, so that no other fault could be put in after them
LAST = {
    "UTF-16",
    "UTF-16, the other way, no mark",
    "CR only",
    "CR CR LF",
    "a count of bytes before it (Apple Mail)",
}


@pytest.mark.parametrize("fault", HEADER_FAULTS)
def test_a_fault_in_the_headers_loses_nothing(fault: str) -> None:
    pdf = random_pdf(1, 4_000)
    assert pdfs(HEADER_FAULTS[fault](whole(pdf))) == [pdf]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from([one for one in HEADER_FAULTS if one not in LAST]),
        min_size=2,
        max_size=3,
        unique=True,
    ),
    st.integers(0, 3_000),
)
def test_faults_together_lose_nothing(faults: list[str], size: int) -> None:
    pdf = random_pdf(size, size)
    data = whole(pdf)
    for fault in faults:
        try:
            data = HEADER_FAULTS[fault](data)
        except AssertionError:  # the other fault took away what this one changes
            continue
    assert pdfs(data) == [pdf]


def test_what_the_good_headers_say_is_read(tmp_path: Path) -> None:
    data = HEADER_FAULTS["an mbox mark among the headers"](whole(PDF))
    (document,) = run(tmp_path, data)
    assert document.provenance.mail_subject == "AW: Checkliste"
    assert document.provenance.mail_from == "a@b.example"
    assert document.provenance.mail_time is not None
    assert document.provenance.path == "antwort.eml > bogen.pdf"


# ---------------------------------------------------------------- boundaries


@pytest.mark.parametrize(
    ("named", "used"),
    [
        (b"a=b", b"a=b"),
        (b"a:b", b"a:b"),
        (b"a?b", b"a?b"),
        (b"a/b", b"a/b"),
        (b"a,b", b"a,b"),
        (b"'ab'", b"'ab'"),
        (b"'ab'", b"ab"),
        (b"a(b)c", b"a(b)c"),
        (b"a b", b"a b"),
        (b"a@b;c", b"a@b;c"),
        (b"<ab>", b"<ab>"),
        (b"<ab>", b"ab"),
        (b'"<ab>"', b"<ab>"),
        (b'"ab', b"ab"),
        (b'ab"', b"ab"),
        (b'"a\\"b"', b'a"b'),
        (b'"a\\b"', b"a\\b"),
        (b'" ab "', b"ab"),
        (b"ab; charset=utf-8", b"ab"),
        (b"ab (a remark)", b"ab"),
        ("ü-1".encode("latin-1"), "ü-1".encode("latin-1")),
    ],
)
def test_boundaries_as_programs_take_them(named: bytes, used: bytes) -> None:
    data = whole(PDF).replace(b'"=_b=1"', named).replace(b"--=_b=1", b"--" + used)
    assert pdfs(data) == [PDF]


def test_a_boundary_that_begins_as_another(tmp_path: Path) -> None:
    inner = by_hand(b"Content-Type: application/pdf\n\n" + PDF, boundary=b"X-1").partition(b"1.0\n")[2]
    outer = by_hand(inner, b"Content-Type: application/pdf\n\n" + OTHER_PDF)
    assert pdfs(outer) == [PDF, OTHER_PDF]


def test_one_boundary_for_both_levels(tmp_path: Path) -> None:
    parts = [
        b'Content-Type: multipart/alternative; boundary="X"\n',
        b"Content-Type: text/plain\n\nHallo",
        b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n" + encoded(),
    ]
    assert said(run(tmp_path, by_hand(*parts))) == ["antwort.eml > a.pdf"]


def test_a_whole_multipart_in_base64(tmp_path: Path) -> None:
    inner = TEXT + ATTACHED + b"\n" + encoded() + END
    head = HEAD.replace(b"Date:", b"Content-Transfer-Encoding: base64\nDate:")
    assert said(run(tmp_path, head + b"\n" + base64.encodebytes(inner))) == ["antwort.eml > bogen.pdf"]


# ---------------------------------------------------------------- leaves


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain", "text/html", "text/calendar", "text/vcard", "text/x-anything", "application/octet-stream",
        "application/pkcs7-signature", "application/pkcs7-mime", "message/delivery-status", "message/rfc822",
        "message/unknown", "message/news", "image/png", "audio/basic", "multipart", "pdf", "",
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable"])
def test_a_document_is_known_by_its_bytes(kind: str, encoding: bytes) -> None:
    body = base64.encodebytes(PDF) if encoding == b"base64" else binascii.b2a_qp(PDF)
    head = b"Content-Type: " + kind.encode() + b"\n" if kind else b""
    part = head + b"Content-Transfer-Encoding: " + encoding + b"\n\n" + body
    assert [one.rstrip() for one in pdfs(by_hand(b"Content-Type: text/plain\n\nHallo", part))] == [
        PDF.rstrip()
    ]


@pytest.mark.parametrize("kind", [b"text/plain", b"text/calendar", b"text/html"])
def test_other_files_are_known_by_their_bytes_too(tmp_path: Path, kind: bytes) -> None:
    head = b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: base64\n\n"
    parts = [
        head + base64.encodebytes(one) for one in (zipped({"a.pdf": PDF}), b"\xff\xd8\xff" + b"x" * 200_000)
    ]
    assert said(run(tmp_path, by_hand(*parts))) == [
        "antwort.eml > unnamed.zip > a.pdf",
        "antwort.eml > unnamed.jpg",
    ]


def test_a_letter_about_pdf_is_a_letter(tmp_path: Path) -> None:
    letter = b"Content-Type: text/plain\n\n%PDF-1.7 steht am Anfang.\n--\nKarla Beispiel\n"
    assert said(run(tmp_path, by_hand(letter))) == ["antwort.eml: mail-without-document (check)"]


def test_base64_whose_headers_were_lost(tmp_path: Path) -> None:
    text = b"Hallo,\n\nContent-Disposition: attachment; filename=bogen.pdf\n\n" + encoded() + b"\nGruss\n"
    text += b"\n> " + encoded(OTHER_PDF).rstrip().replace(b"\n", b"\n> ")
    assert said(run(tmp_path, b"From: a@b.example\nSubject: x\n\n" + text)) == [
        "antwort.eml > bogen.pdf",
        "antwort.eml > unnamed.pdf",
    ]


def test_a_mail_that_a_server_quotes_in_its_text(tmp_path: Path) -> None:
    text = b"Content-Type: text/plain\n\nThis is a copy of the message:\n\n" + whole(PDF)
    assert said(run(tmp_path, by_hand(text))) == ["antwort.eml > bogen.pdf"]


# ---------------------------------------------------------------- base64


def lines_of(data: bytes, size: int = 57) -> list[bytes]:
    return [base64.b64encode(data[start : start + size]) for start in range(0, len(data), size)]


FOOTER = (
    b"_______________________________________________\nListe mailing list\nListe@lists.example\nImpressum\n"
)
BASE64: dict[str, Callable[[bytes], bytes]] = {
    "pieces padded one by one": lambda data: b"\n".join(lines_of(data, 56)),
    "long pieces, joined": lambda data: b"".join(lines_of(data, 1_000)),
    "a footer": lambda data: base64.encodebytes(data) + FOOTER,
    "a footer below a blank line": lambda data: base64.encodebytes(data) + b"\n-- \nListe\nwww.example.org\n",
    "a footer in words": lambda data: base64.encodebytes(data) + b"\nDiese Nachricht ist vertraulich.\nDanke\n",
    "no padding": lambda data: base64.encodebytes(data).rstrip(b"=\n"),
    "too much padding": lambda data: base64.encodebytes(data).rstrip() + b"==\n",
    "blank lines": lambda data: base64.encodebytes(data).replace(b"\n", b"\n\n"),
    "blank lines here and there": lambda data: b"\n\n".join(lines_of(data, 570)) + b"\n",
    "blanks for line ends": lambda data: base64.encodebytes(data).replace(b"\n", b" "),
    "one line": base64.b64encode,
    "quoted": lambda data: b"> " + base64.encodebytes(data).replace(b"\n", b"\n> "),
    "URL-safe": base64.urlsafe_b64encode,
    "URL-safe, in lines, no padding": lambda data: b"\n".join(
        one.rstrip(b"=").translate(bytes.maketrans(b"+/", b"-_")) for one in lines_of(data)
    ),
    "short lines": lambda data: b"\n".join(lines_of(data, 15)),
    "lines of no whole quads": lambda data: b"\n".join(
        base64.b64encode(data)[at : at + 75] for at in range(0, len(data) * 2, 75)
    ),
    "exclamation marks (SMTP gateways)": lambda data: base64.encodebytes(data).replace(b"\n", b"!\n "),
}  # fmt: skip


@pytest.mark.parametrize("way", BASE64)
@pytest.mark.parametrize("size", [0, 1, 2, 17, 18, 300, 301, 302, 5_000])
def test_base64_as_other_libraries_take_it(way: str, size: int) -> None:
    pdf = random_pdf(size, size)
    assert base64_decoded(BASE64[way](pdf)) == pdf
    part = b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + BASE64[way](pdf)
    assert pdfs(by_hand(part)) == [pdf]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(min_size=60, max_size=2_000), st.sampled_from(sorted(BASE64)))
def test_any_bytes_arrive(data: bytes, way: str) -> None:
    assert base64_decoded(BASE64[way](b"%PDF-1.4\n?>" + data)) == b"%PDF-1.4\n?>" + data


@pytest.mark.parametrize(
    "change", [lambda line: line[:40] + line[41:], lambda line: line[:40] + b"A" + line[40:]]
)
def test_one_character_costs_its_line_alone(change: Callable[[bytes], bytes]) -> None:
    pdf = random_pdf(3, 6_000)
    lines = base64.encodebytes(pdf).splitlines()
    lines[20] = change(lines[20])
    found = base64_decoded(b"\n".join(lines) + b"\n")
    assert len(found) == len(pdf)
    assert found[: 20 * 57] == pdf[: 20 * 57]
    assert found[21 * 57 :] == pdf[21 * 57 :]


@pytest.mark.parametrize(
    "text",
    [
        b"A=" * 100_000,
        b"A " * 100_000,
        b"A*" * 100_000,
        b"ab. " * 50_000,
        b"=" * 200_000,
        b"A\n" * 100_000,
    ],
)
def test_text_built_to_harm_takes_no_memory(text: bytes) -> None:
    tracemalloc.start()
    try:
        base64_decoded(text)
        assert tracemalloc.get_traced_memory()[1] < 40 * len(text)
    finally:
        tracemalloc.stop()


# ---------------------------------------------------------------- uuencode


def uu(data: bytes, name: bytes = b"bogen.pdf") -> bytes:
    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return b"begin 644 " + name + b"\n" + lines + b"`\nend\n"


def test_uuencoded_pieces_cost_time_by_their_length() -> None:
    body = b"".join(uu(PDF, b"%d.pdf" % number) for number in range(2_000))
    found = list(uuencoded(b"begin 644 x\n" * 50_000 + body))
    assert [data for _, data in found if data] == [PDF] * 2_000


@pytest.mark.parametrize("cut", [b"`\nend\n", b"end\n"])
def test_a_uuencoded_file_without_its_end(tmp_path: Path, cut: bytes) -> None:
    data = b"From: a@b.example\nSubject: x\n\nHallo\n" + uu(PDF).removesuffix(cut)
    (document,) = run(tmp_path, data)
    assert document.data == PDF


def test_uuencode_as_a_transfer_encoding() -> None:
    part = b"Content-Type: application/pdf\nContent-Transfer-Encoding: x-uuencode\n\n" + uu(PDF)
    assert pdfs(by_hand(part)) == [PDF]


# ---------------------------------------------------------------- other shapes of a mail


@pytest.mark.parametrize("name", ["seite.mht", "seite.mhtml"])
def test_a_mail_saved_as_a_web_archive(tmp_path: Path, name: str) -> None:
    assert said(run(tmp_path, raw(mail(("a.pdf", PDF))), name=name)) == [f"{name} > a.pdf"]
    page = by_hand(
        b"Content-Type: text/html\nContent-Location: https://a.example\n\n<p>", kind=b"multipart/related"
    )
    assert said(run(tmp_path, page, name="leer.mht")) == ["leer.mht: web-page (lost)"]


def test_a_file_that_apple_mail_keeps_apart(tmp_path: Path) -> None:
    part = b"Content-Type: application/pdf; name=bogen.pdf\nContent-Transfer-Encoding: base64\n"
    part += b"Content-Disposition: attachment; filename=bogen.pdf\nX-Apple-Content-Length: 90210\n\n"
    data = by_hand(b"Content-Type: text/plain\n\nHallo", part)
    assert said(run(tmp_path, b"%d\n" % len(data) + data + b"<?xml?>", name="1.partial.emlx")) == [
        "1.partial.emlx > bogen.pdf: mail-external (lost)"
    ]
