"""Bad input: each kind is named with a code, and what can be read of it is read. Made here, beside what is expected."""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any, Literal

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from harvest.model import Reading, Severity
from harvest.problems import CHOICES, DETAILS, describe, problem
from harvest.reading import read
from harvest.reading.model import limits
from harvest.reading.model.errors import UnreadableError, UnusualError
from spec.words import words
from tests.harvest.reading.forms import (
    EDITION,
    EDITIONS,
    PAGES,
    TOKEN,
    blank,
    field,
    fill,
    returned,
    saved,
    widget,
)

CELL = "kontaktstelle_r01_einrichtung"
VALUES = {
    f"{category}_r01_einrichtung": f"Haus {category}" for category in ("kontaktstelle", "wohnen", "sonstiges")
}


def problems(reading: Reading) -> list[tuple[str, str]]:
    return [(found.code, found.severity.value) for found in reading.problems]


def texts(reading: Reading) -> dict[str, str]:
    return {f.name.local: f.text for f in reading.fields if f.text != "/Off"}


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            # at a fixed time: the bytes are part of a test's name, which all workers have to know by the same
            archive.writestr(zipfile.ZipInfo(name), "x")
    return buffer.getvalue()


# ------------------------------------------------------------ what is no PDF


@pytest.mark.parametrize("data", [b"", b" \r\n", b"\0" * 4096])
def test_empty(data: bytes) -> None:
    assert problems(read(data, EDITIONS)) == [("empty-file", "lost")]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<!DOCTYPE html>\n<html><head><title>Anmelden</title>", "html"),
        ("\ufeff  <HTML lang=de>".encode(), "html"),
        (zipped("a.txt"), "zip"),
        (zipped("[Content_Types].xml", "word/document.xml"), "word"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "excel"),
        (b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text", "opendocument"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "office"),
        (b"GIF89a", "image"),
        (b"\0\0\0\x18ftypavif", "image"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b"Return-Path: <a@example.org>\r\nSubject: Checkliste\r\n\r\nText", "mail"),
        (b"From: a@example.org\n\n", "mail"),
        (b"<?xml version='1.0'?><xdp/>", "xml"),
        ("Guten Tag, anbei die Checkliste für Größen.".encode(), "text"),
        (("ä" * 2000).encode(), "text"),  # the first 1,024 bytes end inside a character
        (bytes(range(256)) * 8, "nothing"),
    ],
)
def test_what_arrived_instead_of_a_pdf_is_told(data: bytes, kind: str) -> None:
    reading = read(data, EDITIONS)
    assert problems(reading) == [("not-a-pdf", "lost")]
    assert dict(reading.problems[0].details)["looks_like"] == kind


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes(seed: int) -> None:
    import random

    data = random.Random(seed).randbytes(5000)
    assert [code for code, _ in problems(read(data, EDITIONS))] == ["not-a-pdf"]
    assert next(code for code, _ in problems(read(b"%PDF-1.7\n" + data, EDITIONS))) in {
        "damaged",
        "no-fields-of-ours",
    }


def test_a_file_that_is_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BYTES", 1000)
    assert problems(read(returned(VALUES), EDITIONS)) == [("too-large", "lost")]


# ------------------------------------------------------------ damage


@pytest.mark.parametrize(
    "junk", [b"\n", b"HTTP/1.1 200 OK\r\n\r\n", b"\xef\xbb\xbf", b"x" * 3000, b"0123456789" * 20000]
)
def test_junk_before_the_header_is_only_noted(junk: bytes) -> None:
    reading = read(junk + returned(VALUES), EDITIONS)
    assert texts(reading) == VALUES
    assert problems(reading) == [("junk-before-header", "note")]


@pytest.mark.parametrize("junk", [b"\0" * 5000, b"\r\n", b"<html>nach dem Ende</html>" * 100])
def test_junk_after_the_end_costs_nothing(junk: bytes) -> None:
    assert texts(read(returned(VALUES) + junk, EDITIONS)) == VALUES


@pytest.mark.parametrize("share", [0.999, 0.99, 0.95])
def test_a_truncated_file_gives_what_is_left(share: float) -> None:
    data = saved(fill(blank(), VALUES), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    reading = read(data[: int(len(data) * share)], EDITIONS)
    assert texts(reading) == VALUES
    assert problems(reading) == [("damaged", "check")]
    assert dict(reading.problems[0].details)["pages"] == str(len(PAGES))


@pytest.mark.parametrize("share", [0.98, 0.95, 0.92])
def test_a_file_that_lost_its_table_of_contents_gives_what_is_left(share: float) -> None:
    pdf = fill(blank(TOKEN), {**VALUES, "cover_person": "Łódź"})
    widget(pdf, "wohnen_nil").AS = Name.Ja
    data = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    reading = read(data[: int(len(data) * share)], EDITIONS)
    assert texts(reading) == {**VALUES, "cover_person": "Łódź", "wohnen_nil": "/Ja"}
    assert problems(reading) == [("damaged", "check")]
    assert {(page.category, page.page, page.token) for page in reading.found} == {
        (page.category, page.number, TOKEN) for page in PAGES
    }


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.7, 0.9])
def test_a_file_cut_anywhere_is_called_damaged(share: float) -> None:
    data = returned(VALUES)
    reading = read(data[: int(len(data) * share)], EDITIONS)
    assert [code for code, _ in problems(reading)] == ["damaged"]
    assert texts(reading).items() <= VALUES.items()


def test_line_ends_converted_by_a_mail_program() -> None:
    data = saved(
        fill(blank(), VALUES),
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        compress_streams=False,
    )
    reading = read(re.sub(rb"(?<!\r)\n", b"\r\n", data), EDITIONS)
    assert texts(reading) == VALUES


def test_a_broken_cross_reference_table() -> None:
    data = saved(fill(blank(), VALUES), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    reading = read(re.sub(rb"startxref\n\d+", b"startxref\n17", data), EDITIONS)
    assert texts(reading) == VALUES
    assert problems(reading) == [("damaged", "check")]


def test_no_header_but_objects() -> None:
    data = saved(fill(blank(), VALUES), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    reading = read(b"\0" * 8 + data[8:], EDITIONS)
    assert texts(reading) == VALUES
    assert [code for code, _ in problems(reading)] == ["damaged"]


def test_pages_lost_but_widgets_there() -> None:
    pdf = fill(blank(), VALUES)
    pdf.Root.AcroForm.Fields = Array()
    data = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    data = re.sub(rb"/Type /Catalog", b"/Type /Kaputte", data)
    data = re.sub(rb"startxref\n\d+", b"startxref\n17", data)
    reading = read(data, EDITIONS)
    assert texts(reading).items() <= VALUES.items()
    assert "damaged" in [code for code, _ in problems(reading)]


def test_one_broken_object_costs_that_field_alone() -> None:
    data = saved(fill(blank(), VALUES), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    reading = read(data.replace(b"(Haus wohnen)", b"<xyzxyzxyzxy>"), EDITIONS)
    assert texts(reading).items() >= {k: v for k, v in VALUES.items() if "wohnen" not in k}.items()
    assert [code for code, _ in problems(reading)] == ["damaged"]


# ------------------------------------------------------------ encryption


@pytest.mark.parametrize("strength", [2, 3, 4, 6])
def test_a_user_password_is_asked_for(strength: Literal[2, 3, 4, 6]) -> None:
    locked = encrypted(strength, user="geheim", owner="chef")
    assert problems(read(locked, EDITIONS)) == [("encrypted", "lost")]
    assert problems(read(locked, EDITIONS, ["falsch"])) == [("encrypted", "lost")]
    for known in (["falsch", "geheim"], ["chef"]):
        assert texts(read(locked, EDITIONS, known)) == VALUES


@pytest.mark.parametrize("strength", [2, 3, 4, 6])
def test_an_owner_password_alone_keeps_nobody_out(strength: Literal[2, 3, 4, 6]) -> None:
    reading = read(encrypted(strength, user="", owner="chef"), EDITIONS)
    assert texts(reading) == VALUES
    assert problems(reading) == []


def encrypted(strength: Literal[2, 3, 4, 6], user: str, owner: str) -> bytes:
    weak = {} if strength > 3 else {"aes": False, "metadata": False}
    return saved(
        fill(blank(), VALUES),
        encryption=pikepdf.Encryption(
            owner=owner, user=user, R=strength, allow=pikepdf.Permissions(modify_form=False), **weak
        ),
    )


def test_an_unknown_security_handler() -> None:
    data = saved(fill(blank(), VALUES), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    data = data.replace(
        b"trailer <<", b"trailer << /Encrypt << /Filter /Adobe.PubSec /V 4 /R 4 >> /ID [(a)(a)] "
    )
    assert [code for code, _ in problems(read(data, EDITIONS))] == ["encrypted"]


# ------------------------------------------------------------ whose form


def test_a_foreign_pdf() -> None:
    pdf = Pdf.new()
    pdf.add_blank_page()
    assert problems(read(saved(pdf), EDITIONS)) == [("no-fields-of-ours", "lost")]


@pytest.mark.parametrize("value", [None, "ausgefüllt"])
def test_a_foreign_form(value: Any) -> None:
    pdf = Pdf.new()
    pdf.add_blank_page()
    cell = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("Name"), Rect=Array([0, 0, 9, 9])
        )
    )
    if value:
        cell.V = String(value)
    pdf.pages[0].obj.Annots = Array([cell])
    pdf.Root.AcroForm = Dictionary(Fields=Array([cell]))
    assert problems(read(saved(pdf), EDITIONS)) == [("no-fields-of-ours", "lost")]


def test_our_form_with_all_fields_empty_and_no_identity_left() -> None:
    pdf = blank()
    for page in pdf.pages:
        page.obj.Annots = Array([a for a in page.obj.Annots if not str(a.T).endswith(("_id", "_nil"))])
    pdf.Root.AcroForm.Fields = Array()
    assert problems(read(saved(pdf), EDITIONS)) == []


def test_an_xfa_form() -> None:
    pdf = Pdf.new()
    pdf.add_blank_page()
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp:xdp/>"))
    assert problems(read(saved(pdf), EDITIONS)) == [("xfa-only", "lost")]


def test_an_unknown_edition_is_read_and_named() -> None:
    reading = read(returned(VALUES), {})
    assert texts(reading) == VALUES
    assert problems(reading) == [("unknown-edition", "lost")]
    assert reading.problems[0].details == (("edition", EDITION.edition),)


@pytest.mark.parametrize(
    "local", ["kontaktstelle_r01_farbe", "garten_r01_einrichtung", "cover_lieblingstier"]
)
def test_a_field_that_the_edition_lacks_is_named(local: str) -> None:
    pdf = fill(blank(), {CELL: "fremd"})
    widget(pdf, CELL).T = String(field(local))
    reading = read(saved(pdf), EDITIONS)
    assert texts(reading) == {local: "fremd"}
    assert [(p.code, p.severity, p.place) for p in reading.problems] == [
        ("unknown-field", Severity.LOST, field(local))
    ]


# ------------------------------------------------------------ hostile structure


def test_a_page_tree_in_a_circle() -> None:
    pdf = fill(blank(), VALUES)
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)
    data = saved_as_is(pdf)
    reading = read(data, EDITIONS)
    assert texts(reading) == VALUES
    assert problems(reading) == [("recursive-structure", "check")]


def saved_as_is(pdf: Pdf) -> bytes:
    """The objects written one by one: `save` would mend or refuse what is broken on purpose."""
    out = [b"%PDF-1.7\n"]
    offsets = {}
    for item in list(pdf.objects):
        if not item.is_indirect:
            continue
        number, generation = item.objgen
        offsets[number] = sum(map(len, out))
        body = item.unparse(resolved=True)
        if isinstance(item, pikepdf.Stream):
            raw = item.read_raw_bytes()
            body = Dictionary({**dict(item.stream_dict.items()), "/Length": len(raw)}).unparse(resolved=True)
            body += b"\nstream\n" + raw + b"\nendstream"
        out.append(b"%d %d obj\n%s\nendobj\n" % (number, generation, body))
    start = sum(map(len, out))
    out.append(b"xref\n")
    out.extend(b"%d 1\n%010d 00000 n \n" % (number, offset) for number, offset in sorted(offsets.items()))
    root = pdf.Root.objgen[0]
    out.append(
        b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(offsets) + 1, root, start)
    )
    return b"".join(out)


@pytest.mark.parametrize(
    "kids", [b"[3 0 R 3 0 R]", b"3 0 R", b"null", b"(text)", b"[[[]]]", b"[1 0 R 2 0 R]"]
)
def test_page_trees_that_are_none(kids: bytes) -> None:
    data = (
        b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids "
        + kids
        + (
            b" /Count 1 >> endobj\n3 0 obj << /Type /Page /Parent 3 0 R /Annots 3 0 R >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF"
        )
    )
    assert problems(read(data, EDITIONS))  # any name will do; that it ends is the point


@pytest.mark.parametrize("key", ["Annots", "Parent", "Rect", "T", "FT", "V", "P", "Kids", "AS", "AP"])
@pytest.mark.parametrize(
    "value", [Array(), Dictionary(), 7, True, Name.X, String(b"\xfe\xff\xd8"), Array([7, None])]
)
def test_wrong_types_cost_that_field_at_most(key: str, value: Any) -> None:
    pdf = fill(blank(), VALUES)
    (pdf.pages[1].obj if key == "Annots" else widget(pdf, CELL))[f"/{key}"] = value
    reading = read(saved(pdf), EDITIONS)
    assert texts(reading).items() >= {k: v for k, v in VALUES.items() if k != CELL}.items()


def test_more_pages_than_any_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGES", 2)
    reading = read(returned(VALUES), EDITIONS)
    assert texts(reading).items() >= {CELL: VALUES[CELL]}.items()
    assert ("too-large", "lost") in problems(reading)


def test_more_fields_than_any_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FIELDS", 5)
    assert ("too-large", "lost") in problems(read(returned(VALUES), EDITIONS))


def test_a_value_longer_than_any_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHARACTERS", 100)
    reading = read(returned({**VALUES, CELL: "x" * 101}), EDITIONS)
    assert CELL not in texts(reading)
    [found] = reading.problems
    assert (found.code, found.place) == ("too-large", field(CELL))


# ------------------------------------------------------------ what could run


@pytest.mark.parametrize("where", ["open", "catalog", "names", "page", "widget", "empty widget"])
def test_javascript_is_noted_and_not_run(where: str) -> None:
    pdf = fill(blank(), VALUES)
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    if where == "open":
        pdf.Root.OpenAction = script
    elif where == "catalog":
        pdf.Root.AA = Dictionary(WC=script)
    elif where == "names":
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
    elif where == "page":
        pdf.pages[0].obj.AA = Dictionary(O=script)
    else:
        widget(pdf, CELL if where == "widget" else "wohnen_r02_telefon").AA = Dictionary(K=script)
    reading = read(saved(pdf), EDITIONS)
    assert texts(reading) == VALUES
    assert problems(reading) == [("javascript-present", "note")]


def test_a_launch_action_is_noted() -> None:
    pdf = fill(blank(), VALUES)
    pdf.Root.OpenAction = Dictionary(S=Name.Launch, F=String("calc.exe"))
    assert problems(read(saved(pdf), EDITIONS)) == [("launch-action", "note")]


def test_a_number_of_objects_that_is_too_small_is_no_damage() -> None:
    """Poppler's pdfunite writes such a one; nothing is lost by it."""
    data = saved(fill(blank(), VALUES), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    smaller = re.sub(rb"/Size (\d+)", lambda size: b"/Size %0*d" % (len(size[1]), int(size[1]) - 9), data)
    assert smaller != data
    reading = read(smaller, EDITIONS)
    assert (texts(reading), problems(reading)) == (VALUES, [])


def test_an_attachment_asks_for_a_look() -> None:
    pdf = fill(blank(), VALUES)
    pdf.attachments["anlage.txt"] = b"x"
    assert problems(read(saved(pdf), EDITIONS)) == [("embedded-file", "check")]


def test_an_attachment_on_a_page_asks_for_a_look() -> None:
    pdf = fill(blank(), VALUES)
    pin = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 20, 20]))
    pdf.pages[1].obj.Annots.append(pdf.make_indirect(pin))
    assert problems(read(saved(pdf), EDITIONS)) == [("embedded-file", "check")]


# ------------------------------------------------------------ second opinion


def test_pypdf_reads_what_qpdf_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    from harvest.reading.fields import fast_reader
    from harvest.reading.fields import pikepdf_reader as pdf

    def refuse(data: bytes, passwords: Sequence[str]) -> Any:
        raise UnreadableError("for the test")

    monkeypatch.setattr(pdf, "extract", refuse)
    monkeypatch.setattr(fast_reader, "extract", left_alone)
    assert texts(read(returned(VALUES), EDITIONS)) == VALUES


def left_alone(_: bytes) -> Any:
    raise UnusualError("as if it were")


def test_an_error_nobody_thought_of_is_one_documents_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    from harvest.reading.fields import fast_reader
    from harvest.reading.fields import pikepdf_reader as pdf

    def fail(data: bytes, passwords: Sequence[str]) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(pdf, "extract", fail)
    monkeypatch.setattr(fast_reader, "extract", left_alone)
    [found] = read(returned(VALUES), EDITIONS).problems
    assert (found.code, found.details) == ("reader-crashed", (("error", "ZeroDivisionError"),))


def test_without_files_in_memory_a_stream_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    from harvest.reading.fields import fast_reader

    monkeypatch.delattr(os, "memfd_create", raising=False)
    monkeypatch.setattr(fast_reader, "extract", left_alone)
    assert texts(read(returned(VALUES), EDITIONS)) == VALUES


def test_a_stream_that_inflates_beyond_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STREAM", 1_000_000)
    pdf = blank()
    bomb = pdf.make_stream(zlib.compress(b"x" * 5_000_000), Filter=Name.FlateDecode)
    reading = read(saved(fill(pdf, {**VALUES, CELL: bomb})), EDITIONS)
    assert CELL not in texts(reading)
    assert [code for code, severity in problems(reading) if severity == "lost"]


# ------------------------------------------------------------ words


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("code", sorted(DETAILS))
def test_every_problem_has_words(code: str, language: str) -> None:
    for choice in next((values for (of, _), values in CHOICES.items() if of == code), ("",)):
        details = {detail: choice if (code, detail) in CHOICES else "7" for detail in DETAILS[code]}
        fault = describe(problem(code, Severity.CHECK, "Feld", **details), words(language), "a.pdf")
        assert fault.place == "a.pdf, Feld"
        assert fault.fault.endswith((".", "7"))
        assert fault.remedy.endswith(".")
        assert "{" not in str(fault)


def test_a_problem_without_its_details_is_refused() -> None:
    with pytest.raises(ValueError, match="damaged"):
        problem("damaged", Severity.LOST)
