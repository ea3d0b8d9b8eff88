"""Lists of passwords as people save them, and passwords as programs that protect PDFs spell them."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from harvest.reading import read
from harvest.text.passwords import read_list, spelled
from spec.errors import WrongInputError
from spec.words import words
from tests.harvest.reading.forms import EDITIONS, blank, fill, saved

CELL = "kontaktstelle_r01_einrichtung"
PASSWORD = "Straße2026"


def protected(password: bytes, *, strong: bool = False) -> bytes:
    """A return under a password of these bytes."""
    target = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(saved(fill(blank(), {CELL: "Haus Süd"})))))
    # the library takes strings only, and encodes them in Latin-1, with AES-256 in UTF-8
    text = password.decode("utf-8") if strong else password.decode("latin-1")
    target.encrypt(text, "chef", algorithm="AES-256" if strong else "RC4-128")
    out = io.BytesIO(b"")
    target.write(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "cp850"])
@pytest.mark.parametrize("behind", ["", " "], ids=["", "with a blank behind"])
@pytest.mark.parametrize("listed", [PASSWORD, f"{PASSWORD} "], ids=["", "listed with a blank"])
def test_a_password_opens_whatever_encoding_it_was_set_in(encoding: str, behind: str, listed: str) -> None:
    data = protected(f"{PASSWORD}{behind}".encode(encoding))
    reading = read(data, EDITIONS, ["falsch", listed])
    assert [one.text for one in reading.fields if one.text != "/Off"] == ["Haus Süd"]
    assert reading.problems == ()


def test_pdfdocencoding_has_signs_of_its_own() -> None:
    assert b"20\xa0\x8d" in spelled(["20€“"])
    assert b"20\x80\x93" in spelled(["20€“"])  # in cp1252


def test_strong_protection() -> None:
    data = protected(PASSWORD.encode(), strong=True)
    assert read(data, EDITIONS, [PASSWORD]).problems == ()


def test_notes_beside_the_fields_of_a_protected_return_are_read() -> None:
    pdf = fill(blank(), {CELL: "Haus Süd"})
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([1, 1, 9, 9]), Contents=String("Hallo"))
    pdf.pages[1].obj.Annots.append(pdf.make_indirect(note))
    data = saved(pdf, encryption=pikepdf.Encryption(owner="chef", user="geheim"))
    assert [one.code for one in read(data, EDITIONS, ["geheim"]).problems] == ["note-outside"]


@given(st.lists(st.text()))
def test_nothing_that_stands_in_a_list_stumbles(passwords: list[str]) -> None:
    tried = spelled(passwords)
    assert len(set(tried)) == len(tried)


# ------------------------------------------------------------ lists


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b""),
        ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b""), ("utf-16-be", b""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_list_as_editors_save_it(tmp_path: Path, encoding: str, mark: bytes, end: str) -> None:
    path = tmp_path / "kennwoerter.txt"
    path.write_bytes(mark + end.join(["geheim", "", PASSWORD, ""]).encode(encoding))
    assert read_list(path) == ("geheim", PASSWORD)


def test_a_list_of_dos(tmp_path: Path) -> None:
    path = tmp_path / "kennwoerter.txt"
    path.write_bytes("Grün".encode("cp850"))
    assert read_list(path) == ("Grün",)


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04\x14\0\x06\0\x08\0",
        b"%PDF-1.7\n%\x00\x01\x02\n",
        b"\xff\xfe\x00\xd8\x00\xd8",
        b"a" * 2_000_000,
    ],
    ids=["a workbook", "a PDF", "half of UTF-16", "far too long"],
)
def test_what_is_no_list_is_named_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kennwoerter.xlsx"
    path.write_bytes(content)
    with pytest.raises(WrongInputError, match="no list of passwords"):
        read_list(path)


# ------------------------------------------------------------ rights management


def test_a_wrapper_is_named_as_such_without_asking_for_a_password() -> None:
    pdf = Pdf.new()
    pdf.add_blank_page()
    payload = pdf.make_stream(b"%PDF-1.7 encrypted")
    spec = pdf.make_indirect(Dictionary(
        Type=Name.Filespec, UF=String("MicrosoftIRMServices Protected PDF.pdf"), AFRelationship=Name.EncryptedPayload,
        EP=Dictionary(Type=Name.EncryptedPayload, Subtype=Name.MicrosoftIRMServices), EF=Dictionary(F=payload),
    ))  # fmt: skip
    pdf.Root.AF = Array([spec])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("x"), spec])))
    found = {one.code: dict(one.details) for one in read(saved(pdf), EDITIONS).problems}
    assert found["rights-protected"] == {"by": "Microsoft"}
    assert not {"encrypted", "no-fields-of-ours"} & found.keys()


def test_what_is_in_the_wrapper_is_named_alike() -> None:
    data = saved(blank(), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    handler = b"trailer << /Encrypt << /Filter /MicrosoftIRMServices /V 4 /R 4 >> /ID [(a)(a)] "
    found = read(data.replace(b"trailer <<", handler), EDITIONS).problems
    assert [one.code for one in found] == ["rights-protected"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_nobody_is_asked_for_a_password_that_does_not_help(language: str) -> None:
    remedy = words(language)("problem.rights-protected.remedy")
    assert not {"kennwort", "password"} & set(remedy.lower().split())
