"""Every field of ours is found, whatever tools did to the tree; qpdf and pypdf are asked apart and must agree."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from harvest.model import Method, Reading, Severity
from harvest.reading.assemble import assemble
from harvest.reading.fields import pikepdf_reader as by_qpdf
from harvest.reading.fields import pypdf_reader as by_pypdf
from tests.harvest.reading.forms import (
    EDITION,
    EDITIONS,
    OTHER,
    PAGES,
    TOKEN,
    TOKEN_2,
    blank,
    copied,
    field,
    fill,
    joined,
    returned,
    saved,
    widget,
)

Read: TypeAlias = Callable[[bytes], Reading]

CELL = "kontaktstelle_r01_einrichtung"


@pytest.fixture(params=[by_qpdf, by_pypdf], ids=["qpdf", "pypdf"])
def read(request: pytest.FixtureRequest) -> Any:
    return lambda data: assemble(request.param.extract(data), EDITIONS)


def texts(reading: Reading, method: Any = None) -> Any:
    return {
        (f.place.page, f.name.local): f.text
        for f in reading.fields
        if method in {None, f.method} and f.text != "/Off"
    }


def codes(reading: Reading) -> Any:
    return [problem.code for problem in reading.problems]


def test_a_blank_form_says_nothing_but_whose_it_is(read: Read) -> None:
    reading = read(saved(blank(TOKEN)))
    assert texts(reading) == {}
    assert [(page.number, page.category, page.page, page.token) for page in reading.found] == [
        (number, page.category, page.number, TOKEN) for number, page in enumerate(PAGES, 1)
    ]
    assert reading.problems == ()


def test_a_filled_field_arrives_with_page_and_box(read: Read) -> None:
    reading = read(returned({CELL: "Haus Größe"}))
    [found] = [f for f in reading.fields if f.text != "/Off"]
    assert (found.text, found.method, found.place.page) == ("Haus Größe", Method.WIDGET, 2)
    assert found.place.box is not None
    assert found.place.box.as_tuple() == EDITION.fields[CELL].box


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (String("Łódź"), "Łódź"),
        (String(b"\xff\xfe" + "Łódź".encode("utf-16-le")), "Łódź"),
        (String(b"\xef\xbb\xbf" + "Łódź".encode()), "Łódź"),
        (String(""), ""),  # emptied
        (Name("/Haus"), "Haus"),
        (Array([String("eins"), String("zwei")]), "eins\nzwei"),
        (12, "12"),
    ],
    ids=["utf-16be", "utf-16le", "utf-8", "emptied", "name", "list", "number"],
)
def test_values_of_every_kind(read: Read, value: Any, text: str) -> None:
    assert texts(read(returned({CELL: value}))) == {(2, CELL): text}


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"lang", "lang"), (b"\xfe\xff" + "Łódź".encode("utf-16-be"), "Łódź"), (b"", "")],
)
def test_a_value_that_is_a_stream(read: Read, content: bytes, text: str) -> None:
    pdf = blank()
    assert texts(read(saved(fill(pdf, {CELL: pdf.make_stream(content)})))) == {(2, CELL): text}


def test_a_null_value_is_untouched(read: Read) -> None:
    pdf = blank()
    cell = widget(pdf, CELL)
    cell.V = String("NULLED")
    data = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable).replace(b"(NULLED)", b"  null  ")
    assert texts(read(data)) == {}


def test_a_value_that_is_no_text_costs_that_field_alone(read: Read) -> None:
    reading = read(returned({CELL: Dictionary(A=1), "cover_person": "da"}))
    assert texts(reading) == {(1, "cover_person"): "da"}
    assert [(p.code, p.severity, p.place) for p in reading.problems] == [
        ("unreadable-value", Severity.LOST, field(CELL))
    ]


@pytest.mark.parametrize(
    "keys", [{"V": Name.Ja, "AS": Name.Ja}, {"V": Name.Ja}, {"AS": Name("/1")}, {"V": String("Yes")}]
)
def test_a_tick_is_any_state_but_off(read: Read, keys: dict[str, Any]) -> None:
    pdf = blank()
    box = widget(pdf, "wohnen_nil")
    for key, value in keys.items():
        box[f"/{key}"] = value
    [state] = [f.text for f in read(saved(pdf)).fields if f.name.local == "wohnen_nil"]
    assert state not in {"/Off", ""}


def test_a_tick_survives_the_loss_of_its_field_type(read: Read) -> None:
    pdf = blank()
    box = widget(pdf, "wohnen_nil")
    del box.FT
    box.V = Name.Ja
    assert texts(read(saved(pdf))) == {(3, "wohnen_nil"): "/Ja"}


# ------------------------------------------------------------ the tree


def test_widgets_that_the_field_list_forgot(read: Read) -> None:
    pdf = fill(blank(), {CELL: "da"})
    pdf.Root.AcroForm.Fields = Array()
    assert texts(read(saved(pdf))) == {(2, CELL): "da"}


def test_no_form_dictionary_at_all(read: Read) -> None:
    pdf = fill(blank(), {CELL: "da"})
    del pdf.Root.AcroForm
    assert texts(read(saved(pdf))) == {(2, CELL): "da"}


def test_a_field_whose_widget_is_on_no_page(read: Read) -> None:
    pdf = fill(blank(), {CELL: "da"})
    pdf.pages[1].obj.Annots = Array([a for a in pdf.pages[1].obj.Annots if str(a.T) != field(CELL)])
    reading = read(saved(pdf))
    assert texts(reading, Method.FIELD_TREE) == {(2, CELL): "da"}  # its /P still names the page
    assert codes(reading) == []


def test_tree_and_page_as_two_disconnected_copies(read: Read) -> None:
    pdf = fill(blank(), {CELL: "auf der Seite"})
    copy = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String(field(CELL)), V=String("im Verzeichnis")))
    pdf.Root.AcroForm.Fields.append(copy)
    reading = read(saved(pdf))
    assert texts(reading, Method.WIDGET) == {(2, CELL): "auf der Seite"}
    assert texts(reading, Method.FIELD_TREE) == {(0, CELL): "im Verzeichnis"}
    assert codes(reading) == ["conflicting-widgets"]


def test_a_copy_in_the_tree_that_says_the_same_is_not_told_twice(read: Read) -> None:
    pdf = fill(blank(), {CELL: "gleich"})
    pdf.Root.AcroForm.Fields.append(
        pdf.make_indirect(Dictionary(FT=Name.Tx, T=String(field(CELL)), V=String("gleich")))
    )
    reading = read(saved(pdf))
    assert texts(reading) == {(2, CELL): "gleich"}
    assert codes(reading) == []


def split(pdf: Pdf, local: str, parents: Any) -> Any:
    """Hang a field's name, type and value on parents: the widget keeps what a pure widget has (12.7.3.1)."""
    leaf = widget(pdf, local)
    nodes = [pdf.make_indirect(Dictionary(keys)) for keys in parents]
    for above, node in pairwise(nodes):
        node.Parent, above.Kids = above, Array([node])
    top, above = nodes[0], nodes[-1]
    leaf.Parent, above.Kids = above, Array([leaf])
    fields = pdf.Root.AcroForm.Fields
    pdf.Root.AcroForm.Fields = Array([f for f in fields if f.objgen != leaf.objgen] + [top])
    return leaf


def test_name_type_and_value_are_inherited(read: Read) -> None:
    pdf = blank()
    leaf = split(pdf, CELL, [{"/T": String(field(CELL)), "/FT": Name.Tx, "/V": String("vererbt")}])
    del leaf.T, leaf.FT
    assert texts(read(saved(pdf))) == {(2, CELL): "vererbt"}


def test_a_tree_whose_levels_are_the_parts_of_the_name(read: Read) -> None:
    pdf = blank()
    edition, category, row, column = field(CELL).split("_")
    leaf = split(pdf, CELL, [{"/T": String(edition)}, {"/T": String(category)}, {"/T": String(row)}])
    leaf.T, leaf.V = String(column), String("Baum")
    assert texts(read(saved(pdf))) == {(2, CELL): "Baum"}


@pytest.mark.parametrize("parent", ["doc1", "Formular.Seite 1", field("x")])
def test_names_that_a_joining_tool_hung_below_its_own(read: Read, parent: str) -> None:
    pdf = blank()
    leaf = split(pdf, CELL, [{"/T": String(parent)}])
    leaf.V = String("da")
    assert texts(read(saved(pdf))) == {(2, CELL): "da"}


@pytest.mark.parametrize("tail", ["+1", "#1", " (2)", " [78]", ".2", "_2"])
def test_names_that_a_joining_tool_made_unique(read: Read, tail: str) -> None:
    pdf = fill(blank(), {CELL: "da"})
    widget(pdf, CELL).T = String(field(CELL) + tail)
    assert texts(read(saved(pdf))) == {(2, CELL): "da"}


def test_two_widgets_of_one_field_with_one_value_on_the_parent(read: Read) -> None:
    pdf = blank()
    first = split(pdf, CELL, [{"/T": String(field(CELL)), "/FT": Name.Tx, "/V": String("einmal")}])
    del first.T, first.FT
    second = pdf.make_indirect(Dictionary(dict(first.items())))
    second.P = pdf.pages[2].obj
    pdf.pages[2].obj.Annots.append(second)
    first.Parent.Kids.append(second)
    reading = read(saved(pdf))
    assert texts(reading) == {(2, CELL): "einmal", (3, CELL): "einmal"}
    assert codes(reading) == []


def test_two_widgets_of_one_name_with_different_values_are_both_kept(read: Read) -> None:
    pdf = fill(blank(), {CELL: "eins"})
    second = copied(pdf, CELL)
    second.V = String("zwei")
    pdf.pages[1].obj.Annots.append(second)
    reading = read(saved(pdf))
    assert [f.text for f in reading.fields if f.name.local == CELL] == ["eins", "zwei"]
    [problem] = reading.problems
    assert (problem.code, problem.severity, problem.place) == (
        "conflicting-widgets",
        Severity.CHECK,
        field(CELL),
    )
    assert problem.details == (("values", "„eins“ | „zwei“"),)


def test_line_ends_alone_are_no_conflict(read: Read) -> None:
    pdf = fill(blank(), {CELL: "a\r\nb"})
    second = copied(pdf, CELL)
    second.V = String("a\nb")
    pdf.pages[1].obj.Annots.append(second)
    assert codes(read(saved(pdf))) == []


# ------------------------------------------------------------ circles


def test_a_field_that_is_its_own_parent(read: Read) -> None:
    pdf = fill(blank(), {CELL: "da"})
    cell = widget(pdf, CELL)
    cell.Parent = cell
    reading = read(saved(pdf))
    assert texts(reading) == {(2, CELL): "da"}
    assert codes(reading) == ["recursive-structure"]


def test_a_field_tree_in_a_circle(read: Read) -> None:
    pdf = fill(blank(), {CELL: "da"})
    one, two = (pdf.make_indirect(Dictionary(T=String(name))) for name in "ab")
    one.Kids, two.Kids = Array([two]), Array([one])
    pdf.Root.AcroForm.Fields.append(one)
    reading = read(saved(pdf))
    assert texts(reading) == {(2, CELL): "da"}
    assert codes(reading) == ["recursive-structure"]


def test_a_field_tree_too_deep_to_be_one(read: Read) -> None:
    pdf = fill(blank(), {CELL: "da"})
    node = pdf.make_indirect(Dictionary(T=String("x")))
    for _ in range(300):
        node = pdf.make_indirect(Dictionary(T=String("x"), Kids=Array([node])))
    pdf.Root.AcroForm.Fields.append(node)
    reading = read(saved(pdf))
    assert texts(reading) == {(2, CELL): "da"}
    assert codes(reading) == ["recursive-structure"]


# ------------------------------------------------------------ whose page


def test_two_personalised_returns_joined_are_no_conflict(read: Read) -> None:
    reading = read(saved(joined(fill(blank(TOKEN), {CELL: "von A"}), fill(blank(TOKEN_2), {CELL: "von B"}))))
    assert texts(reading) == {(2, CELL): "von A", (2 + len(PAGES), CELL): "von B"}
    assert {page.token for page in reading.found} == {TOKEN, TOKEN_2}
    assert codes(reading) == []


def test_pages_out_of_order_and_of_another_edition(read: Read) -> None:
    extract = fill(blank(TOKEN, pages=[PAGES[3], PAGES[1]]), {CELL: "da"})
    reading = read(saved(joined(extract, blank(None, OTHER, [PAGES[2]]))))
    assert [(p.edition, p.token, p.category, p.page) for p in reading.found] == [
        (EDITION.edition, TOKEN, "wohnen", 2),
        (EDITION.edition, TOKEN, "kontaktstelle", 1),
        (OTHER.edition, None, "wohnen", 1),
    ]


def test_a_page_that_lost_its_hidden_field_is_known_by_its_names(read: Read) -> None:
    pdf = fill(blank(TOKEN), {"wohnen_r04_einrichtung": "da"})
    page = pdf.pages[3].obj
    page.Annots = Array([a for a in page.Annots if not str(a.T).endswith("_id")])
    pdf.Root.AcroForm.Fields = Array()
    [found] = [page for page in read(saved(pdf)).found if page.number == 4]
    assert (found.category, found.page, found.token) == ("wohnen", 2, TOKEN)


@pytest.mark.parametrize("value", ["", "kaputt", f"{EDITION.edition}/{TOKEN}/wohnen/1/x"])
def test_a_spoilt_identity_still_names_the_page_by_its_name(read: Read, value: Any) -> None:
    pdf = blank(None, pages=[PAGES[2]])
    widget(pdf, "wohnen_p1_id").V = String(value)
    [found] = read(saved(pdf)).found
    assert (found.edition, found.category, found.page, found.token) == (EDITION.edition, "wohnen", 1, None)
