"""Filled fields that carry another name than ours: read by what their name holds, else by their place, else told."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from formgen.blank import Blank, build_blank
from harvest.model import Method, Reading, Severity
from harvest.reading import read
from harvest.reading.model import limits
from tests.harvest.reading.forms import EDITION, EDITIONS, TOKEN, blank, field, fill, saved, widget
from tests.harvest.reading.test_written import reading_of
from tests.specimens.form import small_form

CELL, BESIDE = "kontaktstelle_r01_einrichtung", "kontaktstelle_r01_adresse"
VALUES = {"cover_organisation": "Verein Ost", CELL: "Haus West", "wohnen_r05_telefon": "030 123"}
BASE_36 = "1y2p0ij32e8e7"


def said(reading: Reading) -> dict[str, str]:
    return {one.name.local: one.text for one in reading.fields if one.text != "/Off"}


def told(reading: Reading) -> list[tuple[str, dict[str, str]]]:
    return [(one.code, dict(one.details)) for one in reading.problems]


def renamed(pdf: Pdf, new: Callable[[str, int], str]) -> Pdf:
    number = 0
    for page in pdf.pages:
        for one in page.obj.Annots:
            number += 1
            one.T = String(new(str(one.T), number))
    return pdf


RENAMES: dict[str, Callable[[str, int], str]] = {
    "Sejda, PDFsam": lambda name, number: f"{name}{BASE_36}{number}",
    "a tail that begins with a letter": lambda name, number: f"{name}xk2p0ij32e8e7{number}",
    "Kopie von X": lambda name, _: f"Kopie von {name}",
    "Copy of X": lambda name, _: f"Copy of {name}",
    "X copy": lambda name, _: f"{name} copy",
    "X_copy": lambda name, _: f"{name}_copy",
    "Xcopy": lambda name, _: f"{name}copy",
    "X - Kopie (2)": lambda name, _: f"{name} - Kopie (2)",
    "X 2": lambda name, _: f"{name} 2",
    "X2": lambda name, _: f"{name}2",
    "X-1": lambda name, _: f"{name}-1",
    "X__1": lambda name, _: f"{name}__1",
    "X_dup_1": lambda name, _: f"{name}_dup_1",
    "X#3": lambda name, _: f"{name}#3",
    "X~1": lambda name, _: f"{name}~1",
    "p2_X": lambda name, number: f"p{number}_{name}",
    "doc1.X": lambda name, _: f"doc1.{name}",
    "of XFA": lambda name, _: f"form1[0].#subform[1].{name}[0]",
    "upper case": lambda name, _: name.upper(),
    "upper case and a tail": lambda name, _: f"{name.upper()}_COPY",
    "all at once": lambda name, number: f"Kopie von p{number}_{name.upper()}_dup_{number} (2)",
    "PDFBox": lambda _, number: f"dummyFieldName{number}",
    "only a number": lambda _, number: f"{number}",
    "nothing": lambda _, __: "",
}


@pytest.mark.parametrize("rename", RENAMES.values(), ids=RENAMES.keys())
@pytest.mark.parametrize("token", [None, TOKEN], ids=["nobody's", "personal"])
def test_renamed_fields_are_read(rename: Callable[[str, int], str], token: str | None) -> None:
    pdf = fill(blank(token), VALUES)
    widget(pdf, "wohnen_nil").V = widget(pdf, "wohnen_nil").AS = Name.Yes
    reading = read(saved(renamed(pdf, rename)), EDITIONS)
    assert said(reading) == {**VALUES, "wohnen_nil": "/Yes"}
    assert {one.method for one in reading.fields} == {Method.WIDGET}
    assert len(reading.found) == len(pdf.pages)
    assert {page.token for page in reading.found} == {token}
    assert reading.problems == ()


def test_a_renamed_prefilled_row_is_still_its_entry() -> None:
    pdf = fill(blank(), {CELL: "Haus Süd"})
    x0, y0, _, _ = EDITION.fields[CELL].box
    own(pdf, (x0 - 10, y0, x0 - 8, y0 + 2), "k3v9", T=String("kontaktstelle_r01_id"))
    reading = read(saved(renamed(pdf, RENAMES["PDFBox"])), EDITIONS)
    assert said(reading) == {CELL: "Haus Süd", "kontaktstelle_r01_id": "k3v9"}
    assert reading.problems == ()


def test_a_renamed_field_that_was_emptied_says_so() -> None:
    pdf = renamed(fill(blank(), {CELL: ""}), RENAMES["PDFBox"])
    assert said(read(saved(pdf), EDITIONS)) == {CELL: ""}


def test_a_name_that_only_begins_like_a_column_is_none_of_its() -> None:
    pdf = fill(blank(), {CELL: "Frau B"})
    one = widget(pdf, CELL)
    one.T, one.Rect = String(f"{field(CELL)}sleitung"), Array([600, 40, 700, 60])
    assert told(read(saved(pdf), EDITIONS)) == [
        ("unknown-field", {"edition": EDITION.edition, "text": "Frau B"})
    ]


# ------------------------------------------------------------ an editor's own fields


def own(pdf: Pdf, box: tuple[float, ...], text: str, page: int = 1, **more: object) -> None:
    keys = {"Type": Name.Annot, "Subtype": Name.Widget, "FT": Name.Tx, "T": String("Textfeld 12"), **more}
    if "V" not in keys:
        keys["V"] = String(text)
    one = Dictionary({f"/{key}": value for key, value in keys.items()})
    one.Rect = Array(box)
    pdf.pages[page].obj.Annots.append(pdf.make_indirect(one))


def over(local: str, by: float = 0) -> tuple[float, ...]:
    x0, y0, x1, y1 = EDITION.fields[local].box
    return x0 + by, y0 + by, x1 - by, y1 - by


@pytest.mark.parametrize("by", [0.0, 1.5, 6.0], ids=["the cell itself", "rounded", "within"])
def test_a_field_over_an_empty_cell_is_read_into_it(by: float) -> None:
    pdf = fill(blank(), {CELL: "Haus Süd"})
    own(pdf, over(BESIDE, by), "Weg 1")
    reading = read(saved(pdf), EDITIONS)
    assert said(reading) == {CELL: "Haus Süd", BESIDE: "Weg 1"}
    [placed] = [one for one in reading.fields if one.name.local == BESIDE]
    assert placed.method is (Method.WIDGET if by < 2 else Method.ANNOTATION)


def test_a_field_over_a_filled_cell_leaves_both() -> None:
    pdf = fill(blank(), {CELL: "Haus Süd"})
    own(pdf, over(CELL, 6), "Haus Nord")
    reading = read(saved(pdf), EDITIONS)
    assert [one.text for one in reading.fields if one.name.local == CELL] == ["Haus Süd", "Haus Nord"]
    assert told(reading) == [("conflicting-widgets", {"values": "„Haus Süd“ | „Haus Nord“"})]


def test_a_field_over_a_cell_that_says_the_same_is_told_to_nobody() -> None:
    pdf = fill(blank(), {CELL: "Haus Süd"})
    own(pdf, over(CELL, 6), "Haus  Süd")
    assert told(read(saved(pdf), EDITIONS)) == []


def test_a_field_in_the_margin_is_told_with_its_words() -> None:
    pdf = fill(blank(), {CELL: "Haus Süd"})
    own(pdf, (600, 30, 800, 60), "Ab Mai neue Adresse: Hafenweg 3")
    reading = read(saved(pdf), EDITIONS)
    assert said(reading) == {CELL: "Haus Süd"}
    assert told(reading) == [("note-outside", {"page": "2", "text": "Ab Mai neue Adresse: Hafenweg 3"})]


@pytest.mark.parametrize("broken", [Array([1, 2]), Array([5, 5, 5, 5]), String("x")])
def test_a_field_without_a_sound_place_is_told(broken: object) -> None:
    pdf = blank()
    own(pdf, over(BESIDE), "irgendwo")
    pdf.pages[1].obj.Annots[-1].Rect = broken
    assert told(read(saved(pdf), EDITIONS)) == [("note-outside", {"page": "2", "text": "irgendwo"})]


def test_a_field_that_nobody_sees_is_told_and_no_answer() -> None:
    pdf = blank()
    own(pdf, over(BESIDE), "verborgen", F=2)
    reading = read(saved(pdf), EDITIONS)
    assert (said(reading), told(reading)) == ({}, [("hidden-note", {"page": "2", "text": "verborgen"})])


def test_a_ticked_box_of_an_editor_is_told_unless_it_is_over_ours() -> None:
    pdf = blank()
    own(pdf, (600, 30, 610, 40), "", FT=Name.Btn, V=Name.Ja, AS=Name.Ja, T=String("Kasten"))
    own(pdf, over("kontaktstelle_nil", 3), "", FT=Name.Btn, V=Name.Ja, AS=Name.Ja, T=String("Kasten2"))
    reading = read(saved(pdf), EDITIONS)
    assert said(reading) == {"kontaktstelle_nil": "/Ja"}
    assert told(reading) == [("note-outside", {"page": "2", "text": "☒ Kasten"})]


def test_empty_fields_and_buttons_say_nothing() -> None:
    pdf = fill(blank(), {CELL: "Haus Süd"})
    own(pdf, (600, 30, 800, 60), "  ")
    own(pdf, (600, 70, 800, 90), "", FT=Name.Btn, V=Name.Off)
    own(pdf, (600, 90, 800, 99), "", FT=Name.Sig, V=Dictionary(Type=Name.Sig))
    assert told(read(saved(pdf), EDITIONS)) == []


def test_a_choice_is_told_like_text() -> None:
    pdf = blank()
    own(pdf, (600, 30, 800, 60), "", FT=Name.Ch, V=Array([String("eins"), String("zwei")]))
    assert told(read(saved(pdf), EDITIONS)) == [("note-outside", {"page": "2", "text": "eins zwei"})]


def test_more_fields_than_anybody_reads_are_counted() -> None:
    pdf = blank()
    for index in range(limits.FOREIGN + 20):
        own(pdf, (600, 30, 800, 60), f"Wort {index}")
    found = read(saved(pdf), EDITIONS).problems
    assert sum(one.code == "note-outside" for one in found) == limits.FOREIGN
    [large] = [one for one in found if one.code == "too-large"]
    assert (large.severity, dict(large.details)["size"]) == (Severity.LOST, str(limits.FOREIGN + 20))


def test_huge_names_and_deep_trees_are_bounded() -> None:
    pdf = blank()
    own(pdf, (600, 30, 800, 60), "da", T=String("fv4v6fa86_" * 20_000))
    node = pdf.pages[1].obj.Annots[-1]
    for _ in range(3 * limits.DEPTH):
        parent = pdf.make_indirect(Dictionary(T=String("x"), Kids=Array([node])))
        node.Parent = parent
        node = parent
    found = read(saved(pdf), EDITIONS)
    assert ("note-outside", {"page": "2", "text": "da"}) in told(found)


# ------------------------------------------------------------ pages without a name of ours


@pytest.fixture(scope="module")
def form() -> Blank:
    return build_blank(small_form())


def of(form: Blank, values: dict[str, str]) -> Pdf:
    return fill(Pdf.open(io.BytesIO(form.pdf)), values, form.edition_file)


def without_identity(pdf: Pdf) -> Pdf:
    """Every field is called anyhow, and the hidden ones are gone: the print alone tells whose the pages are."""
    for page in pdf.pages:
        page.obj.Annots = Array([one for one in page.obj.Annots if not str(one.T).endswith("_id")])
    return renamed(pdf, RENAMES["PDFBox"])


def test_a_page_whose_only_fields_are_foreign_is_known_by_its_print(form: Blank) -> None:
    reading = reading_of(form, saved(without_identity(of(form, {CELL: "Haus West"}))))
    assert said(reading) == {CELL: "Haus West"}
    assert len(reading.found) == len(form.edition_file.pages)
    assert reading.problems == ()


def test_an_empty_field_of_an_editor_hides_nothing_of_a_page_that_was_printed(form: Blank) -> None:
    pdf = of(form, {})
    page = pdf.pages[form.edition_file.fields[CELL].page]
    page.obj.Annots = Array()
    own(pdf, (600, 30, 800, 60), "", page=form.edition_file.fields[CELL].page, V=None)
    reading = reading_of(form, saved(pdf))
    assert "kontaktstelle" in {one.category for one in reading.found}


def test_a_page_that_was_scaled_with_its_fields(form: Blank) -> None:
    pdf = without_identity(of(form, {CELL: "Haus West"}))
    for page in pdf.pages:
        page.contents_add(pdf.make_stream(b"q .5 0 0 .5 30 40 cm\n"), prepend=True)
        page.contents_add(pdf.make_stream(b"\nQ"))
        for one in page.obj.Annots:
            x0, y0, x1, y1 = (float(edge) / 2 for edge in one.Rect)
            one.Rect = Array([x0 + 30, y0 + 40, x1 + 30, y1 + 40])
    assert said(reading_of(form, saved(pdf)))[CELL] == "Haus West"


def test_a_foreign_form_is_named_once(form: Blank) -> None:
    pdf = Pdf.new()
    pdf.add_blank_page()
    pdf.pages[0].obj.Annots = Array()
    for index in range(30):
        own(pdf, (10, 10 + index, 50, 11 + index), f"Wert {index}", page=0)
    assert [code for code, _ in told(reading_of(form, saved(pdf)))] == ["no-fields-of-ours"]
