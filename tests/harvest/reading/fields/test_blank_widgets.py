"""Passing over empty widgets unparsed never passes over a value, wherever and however it is written."""

from __future__ import annotations

import io
import re
import zlib

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from harvest.reading import read
from harvest.reading.fields import pypdf_reader
from harvest.reading.fields.acroform import Walk
from harvest.reading.fields.blank_widgets import Untouched, references, untouched
from tests.harvest.reading.forms import EDITION, EDITIONS, TOKEN, blank, field, fill, saved, widget

CELL = "kontaktstelle_r01_einrichtung"
CELLS = sorted(local for local in EDITION.fields if re.search(r"_r\d\d_[a-z]{3,}$", local))
PLAIN = pikepdf.ObjectStreamMode.disable


def texts(data: bytes) -> dict[str, str]:
    return {found.name.local: found.text for found in read(data, EDITIONS).fields if found.text != "/Off"}


def passed_over(data: bytes) -> int:
    """How many widgets are passed over unparsed."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        empty = untouched(pdf, data)
        if empty is None:
            return 0
        keys = [key for page in pdf.pages for key in references(page.obj.Annots) or []]
        return len(list(empty.among(keys)))


def revised(data: bytes, body: bytes, number: int, *, compressed: bool = False) -> bytes:
    """The file with a new revision of one object appended (7.5.6), perhaps in an object stream."""
    before = re.findall(rb"startxref\s+(\d+)", data)[-1]
    size, root = max(map(int, re.findall(rb"(\d+) 0 obj", data))) + 3, re.search(rb"/Root (\d+ 0 R)", data)
    assert root is not None
    start = len(data)
    if not compressed:
        update = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = b"xref\n%d 1\n%010d 00000 n \ntrailer << /Size %d /Root %s /Prev %s >>\n" % (
            number, start, size - 2, root[1], before,
        )  # fmt: skip
        return data + update + table + b"startxref\n%d\n%%%%EOF\n" % (start + len(update))
    packed = zlib.compress(b"%d 0 %s" % (number, body))
    first = len(b"%d 0 " % number)
    update = b"%d 0 obj\n<< /Type /ObjStm /N 1 /First %d /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        size - 2, first, len(packed), packed,
    )  # fmt: skip
    entry = bytes([2]) + (size - 2).to_bytes(4, "big") + bytes([0])
    own = bytes([1]) + (start + len(update)).to_bytes(4, "big") + bytes([0])
    stream_entry = bytes([1]) + start.to_bytes(4, "big") + bytes([0])
    rows = zlib.compress(entry + stream_entry + own)
    table = b"%d 0 obj\n<< /Type /XRef /W [1 4 1] /Index [%d 1 %d 2] /Size %d /Root %s /Prev %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        size - 1, number, size - 2, size, root[1], before, len(rows), rows,
    )  # fmt: skip
    return data + update + table + b"startxref\n%d\n%%%%EOF\n" % (start + len(update))


def number_and_body(data: bytes, local: str) -> tuple[int, bytes]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = widget(pdf, local)
        return found.objgen[0], found.unparse(resolved=True)


def test_empty_widgets_of_a_plain_file_are_passed_over() -> None:
    data = saved(fill(blank(), {CELL: "da"}), object_stream_mode=PLAIN)
    assert (
        passed_over(data)
        == len([local for local in EDITION.fields if not local.endswith(("_id", "_nil"))]) - 1
    )


@pytest.mark.parametrize("mode", [PLAIN, pikepdf.ObjectStreamMode.generate])
@pytest.mark.parametrize("compressed", [False, True])
def test_a_value_in_an_appended_revision_is_found(mode: pikepdf.ObjectStreamMode, compressed: bool) -> None:
    data = saved(blank(TOKEN), object_stream_mode=mode)
    number, body = number_and_body(data, CELL)
    new = revised(data, body.replace(b"<<", b"<< /V (angehaengt)", 1), number, compressed=compressed)
    assert texts(new) == {CELL: "angehaengt"}


def test_a_value_taken_back_in_an_appended_revision_is_gone() -> None:
    data = saved(fill(blank(TOKEN), {CELL: "alt"}), object_stream_mode=PLAIN)
    number, body = number_and_body(data, CELL)
    assert texts(revised(data, body.replace(b"/V (alt)", b""), number)) == {}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (b"/V(eng)", "eng"),
        (b"/V\n<65 6e67>", "eng"),
        (b"/#56 (eng)", "eng"),  # the name V, spelt with an escape (7.3.5)
        (b"/V%Kommentar\r(eng)", "eng"),
        (b"/V 900 0 R", None),  # a reference into nothing is null
    ],
)
def test_values_however_they_are_written(written: bytes, text: str | None) -> None:
    data = saved(blank(), object_stream_mode=PLAIN)
    number, body = number_and_body(data, CELL)
    new = revised(data, body.replace(b"<<", b"<< " + written, 1), number)
    assert texts(new) == ({} if text is None else {CELL: text})


def test_a_value_behind_words_that_end_objects() -> None:
    data = saved(blank(), object_stream_mode=PLAIN)
    number, body = number_and_body(data, CELL)
    new = body.replace(b"<<", b"<< /TU (endobj 7 0 obj << >> endobj) ", 1)[:-2] + b"/V (da) >>"
    assert texts(revised(data, new, number)) == {CELL: "da"}


def test_an_inherited_value() -> None:
    pdf = blank()
    leaf = widget(pdf, CELL)
    parent = pdf.make_indirect(
        Dictionary(FT=Name.Tx, T=String(field(CELL)), V=String("geerbt"), Kids=Array([leaf]))
    )
    leaf.Parent = parent
    del leaf.T, leaf.FT
    assert texts(saved(pdf, object_stream_mode=PLAIN)) == {CELL: "geerbt"}


def test_a_cross_reference_that_leads_to_another_widget() -> None:
    data = saved(fill(blank(), {CELL: "da"}), object_stream_mode=PLAIN)
    number, _ = number_and_body(data, CELL)
    other, _ = number_and_body(data, "kontaktstelle_r03_telefon")
    offsets = {int(n): data.index(b"\n%d 0 obj" % int(n)) + 1 for n in (number, other)}
    wrong = data.replace(b"%010d 00000 n" % offsets[number], b"%010d 00000 n" % offsets[other])
    assert wrong != data
    assert texts(wrong) == {CELL: "da"}


@settings(max_examples=60, deadline=None)
@given(
    answers=st.dictionaries(st.sampled_from(CELLS), st.text(max_size=20), max_size=8),
    mode=st.sampled_from([PLAIN, pikepdf.ObjectStreamMode.generate]),
)
def test_both_ways_and_pypdf_find_the_same(answers: dict[str, str], mode: pikepdf.ObjectStreamMode) -> None:
    data = saved(fill(blank(TOKEN), answers), object_stream_mode=mode)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = [page.obj for page in pdf.pages]
        found = []
        for empty in (Untouched(pdf, data), None):
            walk = Walk(pdf, empty)
            walk.pages(pages)
            walk.tree(pdf.Root.AcroForm.Fields)
            found.append(walk.found.fields)
    assert found[0] == found[1]
    assert tuple(found[0]) == pypdf_reader.extract(data).fields


@pytest.mark.parametrize("mode", [PLAIN, pikepdf.ObjectStreamMode.generate])
@pytest.mark.parametrize("text", ["wie /Widget", "/Subtype /Widget", "/V /AS >> endobj"])
def test_a_note_that_speaks_of_widgets_is_no_widget(mode: pikepdf.ObjectStreamMode, text: str) -> None:
    pdf = fill(blank(TOKEN), {CELL: "da"})
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([410, 10, 500, 30]), Contents=String(text)
    )
    pdf.pages[1].obj.Annots.append(pdf.make_indirect(note))
    problems = read(saved(pdf, object_stream_mode=mode), EDITIONS).problems
    assert [dict(found.details)["text"] for found in problems] == [text]
