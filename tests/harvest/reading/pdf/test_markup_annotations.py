"""Annotations over fields, beside them, and drawn ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from harvest.model import Method, Reading, Severity
from harvest.reading import read
from harvest.reading.pdf.markup_annotations import plain
from tests.harvest.reading.forms import EDITION, EDITIONS, blank, fill, saved

CELL = "kontaktstelle_r01_einrichtung"
PAGE = 1  # index of the page of the category


def note(pdf: Pdf, box: tuple[float, ...], text: str | None = None, **more: object) -> None:
    entries = {"Type": Name.Annot, "Subtype": Name.FreeText, "Rect": Array(box), **more}
    if text is not None:
        entries["Contents"] = String(text)
    named = {f"/{key}": value for key, value in entries.items()}
    pdf.pages[PAGE].obj.Annots.append(pdf.make_indirect(Dictionary(named)))


def over(local: str = CELL, dx: float = 3, dy: float = 3) -> tuple[float, ...]:
    x0, y0, x1, y1 = EDITION.fields[local].box
    return x0 + dx, y0 + dy, x1 - dx, y1 - dy


def said(reading: Reading) -> dict[str, tuple[str, Method, float]]:
    return {f.name.local: (f.text, f.method, f.confidence) for f in reading.fields if f.text != "/Off"}


def problems(reading: Reading) -> list[tuple[str, Severity, dict[str, str]]]:
    return [(one.code, one.severity, dict(one.details)) for one in reading.problems]


@pytest.mark.parametrize("intent", [None, "/FreeTextTypewriter", "/FreeTextTypeWriter"])
def test_text_over_a_field_is_its_value(intent: str | None) -> None:
    pdf = blank()
    note(pdf, over(), "Haus Süd", **({"IT": Name(intent)} if intent else {}))
    reading = read(saved(pdf), EDITIONS)
    assert said(reading) == {CELL: ("Haus Süd", Method.ANNOTATION, 0.95)}
    assert reading.problems == ()


def test_it_is_kept_beside_what_the_field_says() -> None:
    pdf = fill(blank(), {CELL: "Haus Nord"})
    note(pdf, over(), "Haus Süd")
    found = [(f.text, f.method) for f in read(saved(pdf), EDITIONS).fields if f.text != "/Off"]
    assert found == [("Haus Nord", Method.WIDGET), ("Haus Süd", Method.ANNOTATION)]


def test_several_over_one_field_are_lines_from_top_to_bottom() -> None:
    pdf = blank()
    x0, y0, x1, y1 = over()
    note(pdf, (x0, y0, x1, y0 + 10), "Berlin")
    note(pdf, (x0, y1 - 10, x0 + 90, y1), "Haus Süd")
    note(pdf, (x0 + 100, y1 - 10, x1, y1), "Hauptstr. 5")
    assert said(read(saved(pdf), EDITIONS))[CELL] == ("Haus Süd\nHauptstr. 5\nBerlin", Method.ANNOTATION, 0.8)


def test_rich_text_where_there_is_no_plain_text() -> None:
    pdf = blank()
    rich = (
        '<?xml version="1.0"?><body xmlns="x"><p style="a">Haus &amp; Hof<br/>S&#252;d</p><p>Zwei</p></body>'
    )
    note(pdf, over(), RC=String(rich))
    assert said(read(saved(pdf), EDITIONS))[CELL][0] == "Haus & Hof\nSüd\nZwei"


def test_text_beside_the_fields_is_reported_whole() -> None:
    pdf = blank()
    note(pdf, (600, 20, 800, 40), "Bitte zurückrufen:\r030 1234")
    reading = read(saved(pdf), EDITIONS)
    assert said(reading) == {}
    assert problems(reading) == [
        ("note-outside", Severity.CHECK, {"page": "2", "text": "Bitte zurückrufen: 030 1234"})
    ]


@pytest.mark.parametrize("kind", ["Text", "Highlight"])
def test_what_hangs_on_a_note_is_reported_even_over_a_field(kind: str) -> None:
    pdf = blank()
    note(pdf, over(), "Stimmt das?", Subtype=Name(f"/{kind}"))
    reading = read(saved(pdf), EDITIONS)
    assert said(reading) == {}
    assert [code for code, _, _ in problems(reading)] == ["note-outside"]


@pytest.mark.parametrize("kind", ["Stamp", "Ink", "Line"])
def test_drawings_are_reported_once_for_each_page(kind: str) -> None:
    pdf = blank()
    note(pdf, over(), Subtype=Name(f"/{kind}"))
    note(pdf, over(), Subtype=Name(f"/{kind}"))
    assert problems(read(saved(pdf), EDITIONS)) == [("drawing-on-page", Severity.CHECK, {"page": "2"})]


@pytest.mark.parametrize("kind", ["StrikeOut", "Highlight", "Underline", "Squiggly", "Caret", "Redact"])
def test_what_is_marked_or_struck_out_is_for_a_person_to_see(kind: str) -> None:
    pdf = blank()
    note(pdf, over(), Subtype=Name(f"/{kind}"))
    assert problems(read(saved(pdf), EDITIONS)) == [("drawing-on-page", Severity.CHECK, {"page": "2"})]


@pytest.mark.parametrize("kind", ["StrikeOut", "Highlight", "FileAttachment", "Watermark", "Text"])
def test_what_a_mark_says_is_told_as_a_note(kind: str) -> None:
    pdf = blank()
    note(pdf, over(), "gibt es nicht mehr", Subtype=Name(f"/{kind}"))
    told = [one for one in problems(read(saved(pdf), EDITIONS)) if one[0] != "embedded-file"]
    assert told == [("note-outside", Severity.CHECK, {"page": "2", "text": "gibt es nicht mehr"})]


def test_text_that_is_only_drawn_is_for_a_person_to_see() -> None:
    pdf = blank()
    shown = pdf.make_stream(b"BT /Helv 8 Tf (Haus) Tj ET", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    note(pdf, over(), AP=Dictionary(N=shown))
    assert problems(read(saved(pdf), EDITIONS)) == [
        ("ocr-nothing", Severity.NOTE, {"page": "2", "row": "1"}),
        ("drawing-on-page", Severity.CHECK, {"page": "2"}),
    ]


def test_rich_text_counts_where_the_plain_one_is_blank() -> None:
    pdf = blank()
    note(pdf, over(), " ", RC=String("<body><p>Haus <b>Süd</b></p></body>"))
    assert said(read(saved(pdf), EDITIONS)) == {CELL: ("Haus Süd", Method.ANNOTATION, 0.95)}


@pytest.mark.parametrize("kind", ["Link", "Popup"])
def test_what_says_nothing_is_passed_over(kind: str) -> None:
    pdf = blank()
    note(pdf, over(), "nichts", Subtype=Name(f"/{kind}"))
    assert read(saved(pdf), EDITIONS).problems == ()


@pytest.mark.parametrize("flags", [2, 32, 4 | 32], ids=["hidden", "not to view", "only printed"])
def test_a_note_that_nobody_sees_is_no_answer_but_told(flags: int) -> None:
    pdf = blank()
    note(pdf, over(), "weg", F=flags)
    reading = read(saved(pdf), EDITIONS)
    assert said(reading) == {}
    assert problems(reading) == [("hidden-note", Severity.CHECK, {"page": "2", "text": "weg"})]


def test_a_mark_that_nobody_sees_needs_nobody() -> None:
    pdf = blank()
    note(pdf, over(), Subtype=Name.Ink, F=2)
    assert problems(read(saved(pdf), EDITIONS)) == [("hidden-drawing", Severity.NOTE, {"page": "2"})]


def test_a_note_over_two_fields_belongs_to_the_one_under_its_centre_and_is_less_sure() -> None:
    pdf = blank()
    x0, y0, x1, y1 = EDITION.fields[CELL].box
    note(pdf, (x0, y0 - 21, x1, y1), "groß")
    assert said(read(saved(pdf), EDITIONS)) == {CELL: ("groß", Method.ANNOTATION, 0.85)}


@pytest.mark.parametrize(
    "broken", [Array([1, 2]), Array(["a", "b", "c", "d"]), String("x"), Array([5, 5, 5, 5])]
)
def test_a_note_without_a_sound_place_is_not_lost(broken: object) -> None:
    pdf = blank()
    note(pdf, over(), "irgendwo", Rect=broken)
    reading = read(saved(pdf), EDITIONS)
    assert dict(reading.problems[0].details)["text"] == "irgendwo"


TEXT, ARROW = over("kontaktstelle_r01_einrichtung"), (60.0, 40.0)


def around(box: tuple[float, ...], point: tuple[float, float]) -> tuple[float, ...]:
    return min(box[0], point[0]), min(box[1], point[1]), max(box[2], point[0]), max(box[3], point[1])


def called_out(pdf: Pdf, order: tuple[int, ...] = (0, 1, 2, 3), **more: object) -> None:
    """A call-out whose text stands in `TEXT` and whose arrow points far away, to `ARROW`."""
    whole = around(TEXT, ARROW)
    inset = [abs(inner - outer) for inner, outer in zip(TEXT, whole, strict=True)]
    line = Array([*ARROW, TEXT[0] - 9, TEXT[1] + 4, TEXT[0], TEXT[1] + 4])
    entries = {"IT": Name.FreeTextCallout, "CL": line, "RD": Array([inset[place] for place in order]), **more}
    note(pdf, whole, "Haus Süd", **{key: value for key, value in entries.items() if value is not None})


@pytest.mark.parametrize(
    "order", [(0, 1, 2, 3), (0, 3, 2, 1)], ids=["as written", "as the standard words it"]
)
def test_the_text_of_a_call_out_stands_where_its_arrow_ends(order: tuple[int, ...]) -> None:
    pdf = blank()
    called_out(pdf, order)
    reading = read(saved(pdf), EDITIONS)
    assert said(reading) == {CELL: ("Haus Süd", Method.ANNOTATION, 0.95)}
    assert reading.problems == ()


def test_a_call_out_without_an_arrow_line_has_left_bottom_right_top() -> None:
    pdf = blank()
    called_out(pdf, CL=None)
    assert list(said(read(saved(pdf), EDITIONS))) == [CELL]


def test_a_call_out_that_hides_where_its_text_stands_is_told() -> None:
    pdf = blank()
    called_out(pdf, RD=None, CL=Array([70, 50, *TEXT[:2]]))
    reading = read(saved(pdf), EDITIONS)
    assert (said(reading), [code for code, _, _ in problems(reading)]) == ({}, ["note-outside"])


@pytest.mark.parametrize("inset", [Array([9000, 0, 0, 0]), Array([-1, 0, 0, 0]), Array([1]), String("x")])
def test_an_impossible_inset_is_none(inset: object) -> None:
    pdf = blank()
    note(pdf, over(), "Haus Süd", RD=inset)
    assert list(said(read(saved(pdf), EDITIONS))) == [CELL]


@given(st.text())
def test_no_rich_text_raises(rich: str) -> None:
    plain(rich)
    plain(f"<p>{rich}</p>")


@pytest.mark.parametrize(
    ("rich", "text"),
    [
        ("", ""),
        ("a<b>c</b>", "ac"),
        ("<style>x{}</style>a", "a"),
        ("<p>a</p><p>b</p>", "a\nb"),
        ("a &lt; b", "a < b"),
    ],
)
def test_plain(rich: str, text: str) -> None:
    assert plain(rich) == text
