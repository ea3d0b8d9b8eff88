"""Files and folders: what is taken, what is passed over, what is named."""

import hashlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harvest.model import Document, Severity
from harvest.sources import Limits, documents
from tests.harvest.sources.made import OTHER_PDF, PDF, found, said


def test_a_document_is_known_by_its_bytes_and_tells_where_it_stood(tmp_path: Path) -> None:
    path = tmp_path / "b" / "bogen.pdf"
    path.parent.mkdir()
    path.write_bytes(PDF)
    os.utime(path, (1_772_360_000, 1_772_360_000))
    (document,) = found(tmp_path)
    assert isinstance(document, Document)
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    assert document.provenance.path == "b/bogen.pdf"
    assert document.provenance.name == "bogen.pdf"
    assert document.provenance.file_time == datetime.fromtimestamp(1_772_360_000, UTC)


def test_order_is_that_of_names_whatever_the_disk_says(tmp_path: Path) -> None:
    for name in ("z.pdf", "a.pdf", "m/b.pdf", "m/a.pdf", "B.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PDF)
    assert said(found(tmp_path)) == ["B.pdf", "a.pdf", "z.pdf", "m/a.pdf", "m/b.pdf"]


@pytest.mark.parametrize(
    "name", ["bogen", "bogen.bin", "bogen.dat", "Bogen.PDF", "bogen.pdf.txt", "bogen.docx"]
)
def test_a_pdf_is_a_pdf_under_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"junk before\n" + PDF)
    assert said(found(tmp_path)) == [name]


def test_what_claims_to_be_a_pdf_goes_to_the_pdf_reader(tmp_path: Path) -> None:
    (tmp_path / "seite.pdf").write_bytes(b"<!DOCTYPE html><title>Bitte anmelden</title>")
    assert said(found(tmp_path)) == ["seite.pdf"]


@pytest.mark.parametrize(
    "name",
    [
        ".versteckt.pdf",
        "~$bogen.docx",
        ".~lock.bogen.ods#",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        "._bogen.pdf",
    ],
)
def test_what_systems_leave_behind_is_passed_over(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PDF)
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("antwort.docx", b"PK\x03\x04....", "office-file"),
        ("antwort.odt", b"PK\x03\x04....", "office-file"),
        ("liste.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "office-file"),
        ("bild.svg", b"<svg/>", "image-file"),
        ("film", b"GIF89a....", "image-file"),
        ("seite.html", b"<html></html>", "web-page"),
        ("alles.7z", b"7z\xbc\xaf\x27\x1c..", "archive-unsupported"),
        ("alles.rar", b"Rar!\x1a\x07\x01\0", "archive-unsupported"),
        ("alles.tar.gz", b"\x1f\x8b\x08\0", "archive-unsupported"),
        ("notiz.txt", b"Guten Tag", "other-file"),
        ("smime.p7m", b"0\x80\x06\x09*\x86H", "mail-sealed"),
        ("kaputt.zip", b"PK\x03\x04 not a zip", "archive-damaged"),
    ],
)
def test_what_is_no_document_is_named(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert said(found(tmp_path)) == [f"{name}: {code} (lost)"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("leer.pdf", b"", "empty-file"),
        ("bogen.pdf.crdownload", PDF, "still-written"),
        ("bogen.pdf.part", PDF, "still-written"),
        (".bogen.pdf.icloud", b"bplist00", "not-downloaded"),
    ],
)
def test_what_is_not_there_yet_asks_for_a_look(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert said(found(tmp_path)) == [f"{name}: {code} (check)"]


def test_a_file_that_grows_while_it_is_read_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bogen.pdf").write_bytes(PDF)
    states = iter(range(100))
    fstat = os.fstat

    def growing(number: int) -> os.stat_result:
        status = fstat(number)
        return os.stat_result((*status[:6], status.st_size + next(states), *status[7:10]))

    monkeypatch.setattr("harvest.sources.folder.os.fstat", growing)
    assert said(found(tmp_path)) == ["bogen.pdf: still-written (check)"]


def test_too_large_is_named_without_being_read(tmp_path: Path) -> None:
    (tmp_path / "gross.pdf").write_bytes(PDF + b"\0" * 2048)
    (tmp_path / "klein.pdf").write_bytes(PDF)
    result = found(tmp_path, Limits(document=1024))
    assert said(result) == ["gross.pdf: document-too-large (lost)", "klein.pdf"]
    assert result[0].problem.details == (("limit", "1 MB"),)


def test_a_missing_path_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    result = list(documents([tmp_path / "fehlt.pdf", "\0", tmp_path / "a.pdf"]))
    assert said(result) == ["fehlt.pdf: not-found (lost)", "[U+0000]: not-found (lost)", "a.pdf"]


def links(tmp_path: Path) -> None:
    try:
        (tmp_path / "probe").symlink_to(tmp_path)
        (tmp_path / "probe").unlink()
    except OSError:
        pytest.skip("this Windows account may not make links")


@pytest.mark.parametrize("year", [1950, 1970, 2400])
def test_a_clock_that_was_never_set_tells_no_time(tmp_path: Path, year: int) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(PDF)
    moment = datetime(year, 6, 1, tzinfo=UTC).timestamp()
    os.utime(file, (moment, moment))
    (document,) = found(tmp_path)
    assert isinstance(document, Document)
    assert document.provenance.file_time is None


def test_links_lead_nowhere_outside(tmp_path: Path) -> None:
    links(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.pdf").write_bytes(PDF)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "own.pdf").write_bytes(OTHER_PDF)
    (folder / "a-link.pdf").symlink_to(folder / "own.pdf")
    (folder / "b-link.pdf").symlink_to(outside / "secret.pdf")
    (folder / "c-folder").symlink_to(outside)
    (folder / "d-loop").symlink_to(folder)
    (folder / "e-broken").symlink_to(folder / "nothing")
    assert said(found(folder)) == [
        "a-link.pdf",
        "b-link.pdf: link-outside (check)",
        "c-folder: link-outside (check)",
        "d-loop: link-outside (check)",
        "e-broken: link-outside (check)",
        "own.pdf",
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    assert said(found(tmp_path)) == ["pipe.pdf: no-file (check)"]


def test_unreadable_is_named_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)

    def locked(*args: Any, **options: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", locked)
    (refusal,) = found(tmp_path)
    assert (refusal.problem.code, refusal.problem.severity) == ("unreadable", Severity.LOST)
    assert refusal.problem.details == (("reason", "Permission denied"),)


def test_a_hostile_name_is_harmless_where_it_is_shown(tmp_path: Path) -> None:
    name = "fdp.\u202efdp\u2066 > x\x1b[2J.exe" + "ä" * 60
    try:
        (tmp_path / name).write_bytes(PDF)
    except OSError:
        pytest.skip("this system refuses the name itself")
    (document,) = found(tmp_path)
    assert document.provenance.name == "fdp.[U+202E]fdp[U+2066] › x[U+001B][2J.exe" + "ä" * 60


def test_a_maildir_is_read_without_touching_it(tmp_path: Path) -> None:
    from tests.harvest.sources.made import mail, raw

    for room in ("cur", "new", "tmp", ".Gesendet/cur", ".Gesendet/new", ".Gesendet/tmp"):
        (tmp_path / room).mkdir(parents=True)
    (tmp_path / "cur" / "1.host,S=2,S").write_bytes(raw(mail(("a.pdf", PDF))))
    (tmp_path / "new" / "2.host").write_bytes(raw(mail()))
    (tmp_path / "tmp" / "3.host").write_bytes(raw(mail(("unfinished.pdf", PDF))))
    (tmp_path / ".Gesendet" / "cur" / "4.host").write_bytes(raw(mail(("b.pdf", OTHER_PDF))))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert said(found(tmp_path)) == [".Gesendet/cur/4.host > b.pdf", "cur/1.host,S=2,S > a.pdf"]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_file_that_is_named_outright_is_read_even_if_hidden(tmp_path: Path) -> None:
    (tmp_path / ".bogen.pdf").write_bytes(PDF)
    assert said(found(tmp_path / ".bogen.pdf")) == [".bogen.pdf"]


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names are Unicode there")
def test_a_name_in_another_encoding_can_be_stored_and_shown(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode("Träger.pdf".encode("cp1252"))).write_bytes(PDF)
    assert said(found(tmp_path)) == ["Tr\ufffdger.pdf"]
