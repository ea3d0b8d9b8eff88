"""What stands in a layer that is switched off is shown to nobody: it is told, and is no answer."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from formgen.blank import Blank, build_blank
from harvest.model import Severity
from harvest.reading import read
from harvest.reading.fields.without_hidden_layers import without_hidden
from harvest.reading.pdf.optional_content import Layers
from tests.harvest.reading.forms import EDITIONS, blank, saved
from tests.harvest.reading.pdf.test_markup_annotations import CELL, note, over, problems, said
from tests.harvest.reading.test_written import reading_of
from tests.specimens.form import small_form

TOLD = [("hidden-note", Severity.CHECK, {"page": "2", "text": "verborgen"})]


def layer(pdf: Pdf, **more: Any) -> pikepdf.Object:
    return pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Entwurf"), **more))


def switched(pdf: Pdf, layers: list[pikepdf.Object], **usual: Any) -> None:
    pdf.Root.OCProperties = pdf.make_indirect(Dictionary(OCGs=Array(layers), D=Dictionary(**usual)))


def off(pdf: Pdf) -> pikepdf.Object:
    one = layer(pdf)
    switched(pdf, [one], OFF=Array([one]))
    return one


def base_off(pdf: Pdf) -> pikepdf.Object:
    one = layer(pdf)
    switched(pdf, [one], BaseState=Name.OFF)
    return one


def off_on_screen(pdf: Pdf) -> pikepdf.Object:
    one = layer(pdf, Usage=Dictionary(View=Dictionary(ViewState=Name.OFF)))
    use = Dictionary(Event=Name.View, Category=Array([Name.View]), OCGs=Array([one]))
    switched(pdf, [one], AS=Array([use]))
    return one


def member_of_off(pdf: Pdf) -> pikepdf.Object:
    return pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=off(pdf)))


def not_all_on(pdf: Pdf) -> pikepdf.Object:
    one, other = layer(pdf), layer(pdf)
    switched(pdf, [one, other], OFF=Array([one]))
    return pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=Array([one, other]), P=Name.AllOn))


def expressed(pdf: Pdf) -> pikepdf.Object:
    one, other = layer(pdf), layer(pdf)
    switched(pdf, [one, other], OFF=Array([one]))
    either = Array([Name.Or, one, Array([Name.Not, other])])
    return pdf.make_indirect(Dictionary(Type=Name.OCMD, VE=either))


@pytest.mark.parametrize("hiding", [off, base_off, off_on_screen, member_of_off, not_all_on, expressed])
def test_a_note_in_a_layer_that_is_off(hiding: Any) -> None:
    pdf = blank()
    note(pdf, over(), "verborgen", OC=hiding(pdf))
    reading = read(saved(pdf), EDITIONS)
    assert (said(reading), problems(reading)) == ({}, TOLD)


def test_a_note_in_a_layer_that_is_on_is_read() -> None:
    pdf = blank()
    one = layer(pdf)
    switched(pdf, [one, off(pdf)], BaseState=Name.OFF, ON=Array([one]))
    note(pdf, over(), "da", OC=one)
    assert said(read(saved(pdf), EDITIONS))[CELL][0] == "da"


@pytest.mark.parametrize("broken", [Array([1]), String("x"), Dictionary(Type=Name.OCMD, VE=Array([]))])
def test_what_cannot_be_told_is_read(broken: pikepdf.Object) -> None:
    pdf = blank()
    off(pdf)
    note(pdf, over(), "da", OC=broken)
    assert said(read(saved(pdf), EDITIONS))[CELL][0] == "da"


def test_an_expression_that_holds_itself_ends() -> None:
    pdf = Pdf.new()
    circle = pdf.make_indirect(Array([Name.And]))
    circle.append(circle)
    off(pdf)
    assert not Layers(pdf.Root).hide(Dictionary(Type=Name.OCMD, VE=circle))


# ------------------------------------------------------------ content


@pytest.fixture(scope="module")
def form() -> Blank:
    return build_blank(small_form())


def written(form: Blank, content: bytes, **resources: Any) -> Pdf:
    """The form with something more on its second page; the layer that is off is its property /Aus."""
    pdf = Pdf.open(io.BytesIO(form.pdf))
    page = pdf.pages[form.edition_file.fields[CELL].page]
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    own = page.obj.Resources
    for kind, names in {"Font": {"/Eig": font}, "Properties": {"/Aus": off(pdf)}, **resources}.items():
        held = dict(own.get(f"/{kind}", {}))
        own[f"/{kind}"] = Dictionary({**held, **names})
    page.contents_add(pdf.make_stream(content))
    return pdf


def text(form: Blank, words: str) -> bytes:
    box = form.edition_file.fields[CELL].box
    return f"BT /Eig 8 Tf {box[0] + 4} {box[1] + 9} Td ({words}) Tj ET\n".encode("latin-1")


def test_text_in_a_layer_that_is_off_is_told_and_the_rest_is_read(form: Blank) -> None:
    hidden = b"/OC /Aus BDC " + text(form, "verborgen") + b"EMC\n"
    reading = reading_of(form, saved(written(form, hidden + text(form, "Haus Nord"))))
    assert [one.text for one in reading.fields if one.text != "/Off"] == ["Haus Nord"]
    assert [(code, more.get("text")) for code, _, more in problems(reading)] == [("hidden-note", "verborgen")]


def test_a_form_in_a_layer_that_is_off(form: Blank) -> None:
    pdf = written(form, b"/Fm Do\n")
    page = pdf.pages[form.edition_file.fields[CELL].page]
    drawn = pdf.make_stream(text(form, "verborgen"))
    drawn.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 900, 900]),
        Resources=Dictionary(Font=page.Resources.Font), OC=page.Resources.Properties.Aus,
    )  # fmt: skip
    page.Resources.XObject.Fm = drawn
    reading = reading_of(form, saved(pdf))
    assert [one.text for one in reading.fields if one.text != "/Off"] == []
    assert [code for code, _, _ in problems(reading)] == ["hidden-note"]


def test_a_file_that_hides_nothing_is_given_back(form: Blank) -> None:
    data = saved(written(form, text(form, "Haus Nord")))
    assert without_hidden(data, (), [1, 2]) is data


def test_resources_that_are_none_cost_nothing_of_what_stands_beside_them(form: Blank) -> None:
    hidden = b"/OC /Aus BDC " + text(form, "verborgen") + b"EMC\n"
    pdf = written(form, hidden + text(form, "Haus Nord"))
    page = pdf.pages[form.edition_file.fields[CELL].page]
    drawn = pdf.make_stream(b"")
    drawn.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Resources=5
    )
    page.Resources.XObject.Fm = drawn
    reading = reading_of(form, saved(pdf))
    assert [one.text for one in reading.fields if one.text != "/Off"] == ["Haus Nord"]
    assert [(code, more.get("text")) for code, _, more in problems(reading)] == [("hidden-note", "verborgen")]
