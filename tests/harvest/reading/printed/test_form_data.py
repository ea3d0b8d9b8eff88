"""Exported form data: the values of our form without the form. Others' are told, and hostile ones cost themselves."""

from __future__ import annotations

import pytest

from harvest.model import EPOCH, Method, Moment, Reading, TimeSource
from harvest.normalise import submissions
from harvest.reading import read
from tests.harvest.reading.forms import EDITION, EDITIONS, TOKEN, field

CELL, OTHER = "kontaktstelle_r01_einrichtung", "wohnen_r04_telefon"
MOMENT = Moment(EPOCH, TimeSource.FILE)


def fdf(fields: bytes, *, more: bytes = b"", end: bytes = b"\r%%EOF\r") -> bytes:
    return (
        b"%FDF-1.2\r%\xe2\xe3\xcf\xd3\r\n1 0 obj\r<</FDF<</F(Bogen.pdf)/Fields[" + fields + b"]"
        b"/ID[<00><11>]>>/Type/Catalog>>\rendobj\r" + more + b"trailer\r\n<</Root 1 0 R>>" + end
    )


def xfdf(fields: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<xfdf xmlns="http://ns.adobe.com/xfdf/" xml:space="preserve">'
        f'<f href="Bogen.pdf"/><fields>{fields}</fields><ids original="00" modified="11"/></xfdf>'
    ).encode()


def said(reading: Reading) -> dict[str, tuple[str, int]]:
    return {one.name.local: (one.text, one.place.page) for one in reading.fields}


def codes(reading: Reading) -> list[tuple[str, str]]:
    return [(one.code, one.severity.value) for one in reading.problems]


def utf16(text: str) -> bytes:
    return b"<" + (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode() + b">"


NAMES = {local: field(local).encode() for local in (CELL, OTHER, "kontaktstelle_nil")}
PAIRS = (
    b"<</T(" + NAMES[CELL] + b")/V(Haus S\xfcd \\(Nord\\)\\rWeg 1)>>"
    b"<</T(" + NAMES[OTHER] + b")/V " + utf16("Łódź, 030 1") + b">>"
    b"<</T(" + NAMES["kontaktstelle_nil"] + b")/V/Ja>><</T(Fremdes)/V(nichts)>>"
)  # fmt: skip


def test_values_of_an_fdf_are_read_in_each_encoding_with_their_pages() -> None:
    reading = read(fdf(PAIRS), EDITIONS)
    assert said(reading) == {
        CELL: ("Haus Süd (Nord)\rWeg 1", 2),
        OTHER: ("Łódź, 030 1", 4),
        "kontaktstelle_nil": ("/Ja", 2),
    }
    assert {one.method for one in reading.fields} == {Method.FORM_DATA}
    assert codes(reading) == []


def test_values_of_an_xfdf_are_read() -> None:
    reading = read(
        xfdf(
            f'<field name="{field(CELL)}"><value>Haus &lt;Süd&gt;\nWeg&#32;1</value></field>'
            f'<field name="{field(OTHER)}"><value>Łódź</value></field>'
            f'<field name="{field("kontaktstelle_nil")}"><value>Ja</value></field>'
            f'<field name="{field("wohnen_nil")}"><value>Off</value></field><field name="Fremdes"/>'
        ),
        EDITIONS,
    )
    assert said(reading) == {
        CELL: ("Haus <Süd>\nWeg 1", 2), OTHER: ("Łódź", 4), "kontaktstelle_nil": ("/Ja", 2), "wohnen_nil": ("/Off", 3),
    }  # fmt: skip
    assert codes(reading) == []


RICH = '<body xmlns="http://www.w3.org/1999/xhtml">{}</body>'


def test_rich_text_is_a_value_and_told_where_it_says_something_else() -> None:
    body = RICH.format('<p>Haus <span style="font-weight:bold">Süd</span></p><p>Weg&#32;1</p>')
    rich = f"<value-richtext>{body}</value-richtext>"
    alone = read(xfdf(f'<field name="{field(CELL)}">{rich}</field>'), EDITIONS)
    assert (said(alone)[CELL], codes(alone)) == (("Haus Süd\nWeg 1", 2), [])
    same = read(xfdf(f'<field name="{field(CELL)}"><value>Haus Süd Weg 1</value>{rich}</field>'), EDITIONS)
    assert (said(same)[CELL], codes(same)) == (("Haus Süd Weg 1", 2), [])
    other = read(xfdf(f'<field name="{field(CELL)}"><value>Haus Nord</value>{rich}</field>'), EDITIONS)
    assert {one.text for one in other.fields} == {"Haus Nord", "Haus Süd\nWeg 1"}
    assert codes(other) == [("conflicting-widgets", "check")]


def test_rich_text_alone_in_an_fdf_is_a_value() -> None:
    rich = b"<body><p>Haus <b>Weg</b> 1</p></body>"
    assert said(read(fdf(b"<</T(" + field(CELL).encode() + b")/RV(" + rich + b")>>"), EDITIONS))[CELL] == (
        "Haus Weg 1",
        2,
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_an_xfdf_in_any_encoding_that_it_names_is_read(encoding: str) -> None:
    text = xfdf(f'<field name="{field(CELL)}"><value>Haus Süd</value></field>').decode()
    name = {"utf-8-sig": "UTF-8", "latin-1": "ISO-8859-1"}.get(encoding, "UTF-16")
    data = text.replace("UTF-8", name, 1).encode(encoding)
    assert said(read(data, EDITIONS))[CELL] == ("Haus Süd", 2)


def test_names_that_are_parted_into_levels_are_joined() -> None:
    head, tail = field(CELL).encode().split(b"_", 1)
    deep = b"<</T(Formular)/Kids[<</T(" + head + b"_" + tail + b")/V 2 0 R>>]>>"
    value = b"2 0 obj\r(Haus S\xfcd)\rendobj\r"
    assert said(read(fdf(deep, more=value), EDITIONS))[CELL] == ("Haus Süd", 2)
    nested = f'<field name="Formular"><field name="{field(CELL)}"><value>Haus</value></field></field>'
    assert said(read(xfdf(nested), EDITIONS))[CELL] == ("Haus", 2)


@pytest.mark.parametrize("state", ["Nein", "No", "0", "Vielleicht"])
def test_a_box_with_a_word_that_is_none_of_its_states_is_asked_about(state: str) -> None:
    name = field("kontaktstelle_nil")
    for data in (
        fdf(f"<</T({name})/V/{state}>>".encode()),
        xfdf(f'<field name="{name}"><value>{state}</value></field>'),
    ):
        (one,) = read(data, EDITIONS).fields
        assert one.confidence == 0


def test_whose_answer_it_is_stands_in_the_hidden_fields() -> None:
    from spec.names import PageIdentity

    identity = field("kontaktstelle_p1_id")
    value = str(PageIdentity(EDITION.edition, TOKEN, "kontaktstelle", 1))
    data = fdf(PAIRS + f"<</T({identity})/V({value})>>".encode())
    (submission,) = submissions(read(data, EDITIONS), "0" * 64, "a.fdf", MOMENT, EDITIONS)
    assert submission.reporter.key == TOKEN
    assert {sheet.category for sheet in submission.sheets} == {"kontaktstelle", "wohnen"}


@pytest.mark.parametrize(
    "data",
    [fdf(b"<</T(Name)/V(Alt)>>"), fdf(b""), xfdf('<field name="Name"><value>Alt</value></field>'), xfdf("")],
)
def test_data_of_another_form_is_told(data: bytes) -> None:
    assert codes(read(data, EDITIONS)) == [("form-data-not-ours", "lost")]


ENTITY = '<!DOCTYPE xfdf [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(fdf(PAIRS)[:40], id="cut off"),
        pytest.param(b"%FDF-1.2\n" + bytes(200), id="zeros"),
        pytest.param(fdf(PAIRS).replace(b"/Root 1 0 R", b"/Root 9 0 R"), id="root elsewhere"),
        pytest.param(xfdf(f'<field name="{field(CELL)}"><value>&b;</value></field>', ENTITY), id="entities"),
        pytest.param(xfdf("", '<!DOCTYPE xfdf SYSTEM "file:///etc/hostname">'), id="document type"),
        pytest.param(xfdf('<field name="a">' * 200), id="too deep"),
        pytest.param(xfdf("")[:-9], id="not closed"),
    ],
)  # fmt: skip
def test_damaged_and_hostile_data_cost_themselves(data: bytes) -> None:
    assert codes(read(data, EDITIONS)) == [("form-data-damaged", "lost")]
