"""Signed and sealed mails (S/MIME): what needs no key is opened, the rest is told."""

from __future__ import annotations

import base64
import datetime as dt
import random
import zlib
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from harvest.sources.mail import cms
from tests.harvest.sources.made import PDF, mail, raw, said
from tests.harvest.sources.ole import attachment, compound, message, text
from tests.harvest.sources.test_mail import by_hand, encoded, run

CONTENT = by_hand(
    b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n" + encoded()
).partition(b"1.0\n")[2]
BINARY = serialization.Encoding.DER


def certificate(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Karla Beispiel")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + dt.timedelta(days=365))
    return builder.sign(key, hashes.SHA256())


@cache
def signed(content: bytes, *options: pkcs7.PKCS7Options) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = pkcs7.PKCS7SignatureBuilder(content).add_signer(certificate(key), key, hashes.SHA256())
    return builder.sign(BINARY, [pkcs7.PKCS7Options.Binary, *options])


@cache
def sealed(content: bytes) -> bytes:
    own = certificate(rsa.generate_private_key(65537, 2048))
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content).add_recipient(own)
    return builder.encrypt(BINARY, [pkcs7.PKCS7Options.Binary])


def streamed(content: bytes) -> bytes:
    """As programs write it that do not know the length beforehand: end marks close, the content comes in pieces."""
    pieces = [content[at : at + 100] for at in range(0, len(content), 100)]
    octets = b"".join(b"\x04" + bytes([len(piece)]) + piece for piece in pieces)
    head = b"\x30\x80\x06\x09" + b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + b"\xa0\x80\x30\x80\x02\x01\x01"
    algorithms = b"\x31\x80\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\0\0"
    wrapped = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80" + octets + b"\0\0" * 3
    return head + algorithms + wrapped + b"\x31\0" + b"\0\0" * 3


def compressed(content: bytes) -> bytes:
    """RFC 3274, with lengths that end marks close."""
    piece = zlib.compress(content)
    head = b"\x30\x80\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09\xa0\x80\x30\x80\x02\x01\0"
    algorithm = b"\x30\x0d\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x03\x08"
    octets = b"\x04\x84" + len(piece).to_bytes(4, "big") + piece
    content_type = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80"
    return head + algorithm + content_type + octets + b"\0\0" * 5


def test_a_compressed_mail_unpacks_to_its_limit_only(tmp_path: Path) -> None:
    assert said(run(tmp_path, mailed(compressed(CONTENT)))) == ["antwort.eml > smime.p7m > a.pdf"]
    assert cms.unwrapped(compressed(bytes(1 << 21)), 1 << 20) is None


def mailed(data: bytes, kind: bytes = b"signed-data", name: bytes = b"smime.p7m") -> bytes:
    head = (
        b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type="
    )
    return (
        head
        + kind
        + b"; name="
        + name
        + b"\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(data)
    )


@pytest.mark.parametrize("way", [signed, streamed])
def test_a_mail_within_its_signature_is_read(tmp_path: Path, way: object) -> None:
    assert callable(way)
    assert said(run(tmp_path, mailed(way(CONTENT)))) == ["antwort.eml > smime.p7m > a.pdf"]


def test_a_signature_within_a_signature(tmp_path: Path) -> None:
    inner = b"Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
    inner += base64.encodebytes(signed(CONTENT))
    assert said(run(tmp_path, mailed(signed(inner)))) == ["antwort.eml > smime.p7m > smime.p7m > a.pdf"]


@pytest.mark.parametrize("mime", ["octet-stream", "pkcs7-mime", "pdf"])
def test_a_signed_document(tmp_path: Path, mime: str) -> None:
    outer = mail()
    outer.add_attachment(signed(PDF), maintype="application", subtype=mime, filename="Bogen.pdf.p7m")
    (document,) = run(tmp_path, outer)
    assert document.data == PDF
    assert document.provenance.path == "antwort.eml > Bogen.pdf.p7m > Bogen.pdf"


@pytest.mark.parametrize("armour", [base64.encodebytes, lambda data: (
    b"-----BEGIN PKCS7-----\n" + base64.encodebytes(data) + b"-----END PKCS7-----\n"
)])  # fmt: skip
def test_a_signed_file_in_letters(tmp_path: Path, armour: object) -> None:
    assert callable(armour)
    assert said(run(tmp_path, armour(signed(PDF)), name="Bogen.pdf.p7m")) == ["Bogen.pdf.p7m > Bogen.pdf"]


def test_what_is_sealed_is_told(tmp_path: Path) -> None:
    assert said(run(tmp_path, mailed(sealed(CONTENT), b"enveloped-data"))) == [
        "antwort.eml > smime.p7m: mail-sealed (lost)"
    ]
    assert said(run(tmp_path, mailed(signed(b"Content-Type: text/plain\n\nHallo")))) == [
        "antwort.eml: mail-without-document (check)"
    ]


def test_a_signature_alone_goes_with_the_mail(tmp_path: Path) -> None:
    alone = signed(PDF, pkcs7.PKCS7Options.DetachedSignature)
    assert said(run(tmp_path, mail(("smime.p7s", alone), ("a.pdf", PDF)))) == [
        "antwort.eml > smime.p7s: mail-side-file (note)",
        "antwort.eml > a.pdf",
    ]


def test_outlook_keeps_a_signed_mail_as_one_attachment(tmp_path: Path) -> None:
    for data, kind in (
        (signed(CONTENT), ""),
        (b"Content-Type: multipart/signed" + CONTENT[28:], ".MultipartSigned"),
    ):
        whole = message(attachment("smime.p7m", data)) | text(0x001A, f"IPM.Note.SMIME{kind}")
        assert said(run(tmp_path, compound(whole), name="a.msg")) == ["a.msg > smime.p7m > a.pdf"]


@pytest.mark.parametrize("way", [signed, sealed, streamed])
def test_damage_ends(way: object) -> None:
    assert callable(way)
    whole, chance = way(raw(mail(("a.pdf", PDF)))), random.Random(7)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(min(len(data), 120))] = chance.randrange(256)
        cms.unwrapped(bytes(data[: chance.randrange(1, len(data))]), 1 << 20)


def test_pieces_within_pieces_end() -> None:
    head = signed(b"")[:4] + b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
    deep = head + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x01\x00\xa0\x80" + b"\x24\x80" * 500_000
    assert cms.unwrapped(deep, 1 << 20) is None
    assert cms.unwrapped(head + b"\xa0\x80\x30\x80" + b"\x30\x80" * 500_000, 1 << 20) is None
