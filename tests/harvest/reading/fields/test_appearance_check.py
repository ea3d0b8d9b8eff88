"""What a field shows and what it stores: other words are told, what engines cannot draw is not."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name, String

from formgen.blank import build_blank
from harvest.model import Method
from harvest.reading import read
from harvest.reading.fields.appearance_check import codes_changed, one_byte, same_words, two_bytes, words_of
from harvest.text.clean_text import clean
from tests.harvest.reading.forms import EDITIONS, blank, fill, saved, widget
from tests.readers.engines import ENGINES, require
from tests.readers.texts import TEXTS
from tests.specimens.form import small_form

CELL = "kontaktstelle_r01_einrichtung"
BOX = (180.0, 60.0)


def showing(words: str | None, **keys: Any) -> bytes:
    """A return whose cell has these keys, and shows these words in Helvetica."""
    pdf = fill(blank(), {"cover_person": "Frau A"})
    cell = widget(pdf, CELL)
    if words is not None:
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
        )
        drawn = f"/Tx BMC q BT /Helv 8 Tf 2 40 Td ({words}) Tj ET Q EMC".encode("cp1252")
        resources = Dictionary(Font=Dictionary(Helv=font))
        cell.AP = Dictionary(
            N=pdf.make_stream(drawn, Subtype=Name.Form, BBox=[0, 0, 180, 60], Resources=resources)
        )
    for key, value in keys.items():
        cell[f"/{key}"] = value
    return saved(pdf)


def said(data: bytes) -> tuple[dict[Method, str], list[str]]:
    reading = read(data, EDITIONS)
    fields = {one.method: one.text for one in reading.fields if one.name.local == CELL}
    return fields, [one.code for one in reading.problems]


@pytest.mark.parametrize(
    ("words", "keys", "fields"),
    [
        ("Herr Alt,  040 9", {"V": String("Herr Alt, 040 9")}, {Method.WIDGET: "Herr Alt, 040 9"}),
        (
            "Frau Neu, 030 123",
            {"V": String("Herr Alt, 040 9")},
            {Method.WIDGET: "Herr Alt, 040 9", Method.APPEARANCE: "Frau Neu, 030 123"},
        ),
        ("Frau Neu", {}, {Method.APPEARANCE: "Frau Neu"}),
        ("Frau Neu", {"V": String("")}, {Method.WIDGET: "", Method.APPEARANCE: "Frau Neu"}),
        (None, {"RV": String("<body><p>Frau Neu</p></body>")}, {Method.APPEARANCE: "Frau Neu"}),
        (None, {"V": String("Herr Alt")}, {Method.WIDGET: "Herr Alt"}),
    ],
)
def test_other_words_are_told_wherever_they_stand(
    words: str | None, keys: dict[str, Any], fields: dict[Method, str]
) -> None:
    told = ["shown-otherwise"] if Method.APPEARANCE in fields else []
    assert said(showing(words, **keys)) == (fields, told)


#: The second lines of files that PDFium, MuPDF, PDFBox wrote.
SECOND_LINES = [b"%\xa1\xb3\xc5\xd7", b"%\xc2\xb5\xc2\xb6", b"%\xf6\xe4\xfc\xdf"]
STALE = {"V": String("Herr Alt, 040 9")}
BOTH = {Method.WIDGET: "Herr Alt, 040 9", Method.APPEARANCE: "Frau Neu, 030 123"}


@pytest.mark.parametrize("line", SECOND_LINES)
def test_other_words_are_told_whoever_wrote_the_file(line: bytes) -> None:
    """Such a program makes no new appearance of what a script or another program stored."""
    data = showing("Frau Neu, 030 123", **STALE)
    written = re.sub(rb"(?<=\n)%[\x80-\xff]{4}", lambda _: line, data, count=1)
    assert line in written[:20]
    assert said(written) == (BOTH, ["shown-otherwise"])
    assert said(re.sub(rb"(?<=\n)%[\x80-\xff]{4}", lambda _: line, showing("Frau Neu"), count=1)) == (
        {Method.APPEARANCE: "Frau Neu"},
        ["shown-otherwise"],
    )


def test_other_words_are_told_where_the_value_was_made_null() -> None:
    """Such a key is the same as none (7.3.9)."""
    data = showing("Frau Neu", V=String("1234"))
    assert b"/V (1234)" in data
    assert said(data.replace(b"/V (1234)", b"/V null  ")) == (
        {Method.APPEARANCE: "Frau Neu"},
        ["shown-otherwise"],
    )


def updated(data: bytes, numbers: tuple[int, ...]) -> bytes:
    """The file with these objects written once more in one update (7.5.6)."""
    made, table = bytearray(data), b"xref\n"
    for number in numbers:
        found = re.search(rb"\n(%d 0 obj.*?endobj)" % number, data, re.DOTALL)
        assert found is not None
        table += b"%d 1\n%010d 00000 n \n" % (number, len(made))
        made += found[1] + b"\n"
    before, trailer = re.findall(rb"startxref\s+(\d+)", data)[-1], data[data.rindex(b"trailer <<") :]
    start = len(made)
    made += table + trailer.partition(b">>")[0].partition(b"/ID")[0] + b"/Prev %s >>" % before
    return bytes(made) + b"\nstartxref\n%d\n%%%%EOF\n" % start


@pytest.mark.parametrize("keys", [STALE, {}], ids=["stored", "empty"])
def test_other_words_are_told_where_one_update_wrote_value_and_appearance(keys: dict[str, Any]) -> None:
    data = showing("Frau Neu, 030 123", **keys)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        cell = widget(pdf, CELL)
        numbers = cell.objgen[0], cell.AP.N.objgen[0]
    fields = BOTH if keys else {Method.APPEARANCE: "Frau Neu, 030 123"}
    assert said(updated(data, numbers)) == (fields, ["shown-otherwise"])


@pytest.mark.parametrize(
    ("shown", "stored", "same"),
    [
        ("Frau Neu", "Herr Alt", False),
        ("Frau", "Frau Neu, 030 123", False),  # it would fit
        ("Gruppe 1", "Gruppe 1: Mo-Fr 9-17 Uhr " * 60, True),  # cut off
        ("Łód", "Łódź", True),  # a letter is missing
        ("?ódz", "Łódź", True),
        ("نيلرب", "برلين", True),  # drawn from left to right
        ("Muller", "Meier", False),
        ("", "Haus", True),
    ],
)
def test_only_other_words_count(shown: str, stored: str, same: bool) -> None:
    assert same_words(shown, stored, BOX) is same


def test_text_is_decoded_by_its_font() -> None:
    table = b"1 beginbfchar <0003> <0041> endbfchar 1 beginbfrange <0004> <0005> <0042> endbfrange"
    content = rb"/Span <</ActualText <FEFF>>> BDC /F 8 Tf [(\000\003) -20 <0004>] TJ (\000\005\000\007) Tj"
    assert words_of(content, lambda _: two_bytes(table)) == "ABC\ufffd"
    latin = one_byte("/WinAnsiEncoding", codes_changed([200, None, None]))
    assert words_of(b"/F 8 Tf (\xfc\xc8 \\(a\\)) '", lambda _: latin) == "ü\ufffd (a)"


@pytest.mark.parametrize("engine", ENGINES)
def test_no_engine_gives_a_false_alarm(engine: str, tmp_path: Path) -> None:
    made = build_blank(small_form())
    edition = made.edition_file
    source, target = tmp_path / "blank.pdf", tmp_path / "returned.pdf"
    source.write_bytes(made.pdf)
    cells = [local for local in edition.fields if "_r" in local and not local.endswith("_id")]
    values = {f"{edition.edition}_{local}": text for local, text in zip(cells, TEXTS.values(), strict=False)}
    require(engine).fill(source, values, target)
    # all ways of reading, also the one that looks at every appearance
    with pikepdf.open(target) as pdf:
        packed = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for data in (target.read_bytes(), packed):
        reading = read(data, {edition.edition: edition})
        assert [one.text for one in reading.fields if one.method is Method.APPEARANCE] == []


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("Frau Ã–ztÃ¼rk", "Frau Öztürk"),
        ("StraÃŸe", "Straße"),
        ("São Paulo, Ä 1, Å", "São Paulo, Ä 1, Å"),
        ("Öztürk, Ã¼", "Öztürk, Ã¼"),
    ],
)
def test_text_that_was_encoded_twice_is_mended_where_all_of_it_decodes(stored: str, meant: str) -> None:
    assert clean(stored) == meant
