"""What stood in a copy when it was sent, and in its return no more: it is told, and never counts as confirmed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Pdf, String

from harvest.model import Method, Reading
from harvest.reading import read
from harvest.reading.model.edition_geometry import Drawings
from spec.names import PageIdentity
from tests.harvest.reading.forms import EDITION, EDITIONS, TOKEN, TOKEN_2, blank, field, fill, saved, widget

ROW = "kontaktstelle_r01_"
SENT = {ROW + "einrichtung": "Haus Süd", ROW + "adresse": "Weg 1"}
ENTRY = "v1f4nxqqe"
Take = Callable[[Pdf, str], None]


def copy(token: str = TOKEN, sent: dict[str, str] = SENT) -> Pdf:
    """A recipient's form with a prefilled row."""
    pdf = fill(blank(token), {name: String(text) for name, text in sent.items()})
    page = widget(pdf, ROW + "einrichtung").P
    own = pdf.make_indirect(Dictionary(dict(widget(pdf, ROW + "einrichtung").items())))
    own.T, own.V, own.Rect = String(field(ROW + "id")), String(ENTRY), [10, 10, 11, 11]
    page.Annots.append(own)
    pdf.Root.AcroForm.Fields.append(own)
    return Pdf.open(io.BytesIO(saved(pdf)))


@pytest.fixture
def drawings(tmp_path: Path) -> Drawings:
    there = {"blank": saved(blank()), "copy": saved(copy())}
    for name, data in there.items():
        (tmp_path / name).write_bytes(data)
    edition = EDITION.edition
    return Drawings({edition: (tmp_path / "blank",)}, {edition: {TOKEN: (tmp_path / "copy",)}})


def told(data: bytes, drawings: Drawings) -> tuple[Reading, list[tuple[str, str]]]:
    reading = read(data, EDITIONS, (), drawings)
    found = [dict(one.details) for one in reading.problems if one.code == "prefilled-removed"]
    return reading, [(one["row"], one["text"]) for one in found]


def without_value(pdf: Pdf, name: str) -> None:
    del widget(pdf, name).V


def with_empty_value(pdf: Pdf, name: str) -> None:
    widget(pdf, name).V = String("")


def blanks_only(pdf: Pdf, name: str) -> None:
    widget(pdf, name).V = String(" \r\n")


@pytest.mark.parametrize("take", [without_value, with_empty_value, blanks_only])
def test_a_value_that_was_taken_away_is_told_with_its_words(drawings: Drawings, take: Take) -> None:
    pdf = copy()
    take(pdf, ROW + "adresse")
    reading, gone = told(saved(pdf), drawings)
    assert gone == [("1", "Weg 1")]
    assert {str(one.name): one.text for one in reading.fields}[field(ROW + "adresse")] == ""


def test_a_whole_row_is_told_once(drawings: Drawings) -> None:
    pdf = copy()
    for name in SENT:
        without_value(pdf, name)
    assert told(saved(pdf), drawings)[1] == [("1", "Haus Süd; Weg 1")]


def test_of_a_field_that_is_missing_altogether_nothing_is_told(drawings: Drawings) -> None:
    pdf = copy()
    lost = widget(pdf, ROW + "adresse")
    kept = [one for one in lost.P.Annots if one != lost]
    lost.P.Annots = pikepdf.Array(kept)
    pdf.Root.AcroForm.Fields = pikepdf.Array([one for one in pdf.Root.AcroForm.Fields if one != lost])
    assert told(saved(pdf), drawings)[1] == []


@pytest.mark.parametrize("changed", [{}, {ROW + "adresse": "Weg 2"}])
def test_what_stands_there_or_was_changed_is_not_told(drawings: Drawings, changed: dict[str, str]) -> None:
    assert told(saved(copy(TOKEN, {**SENT, **changed})), drawings)[1] == []


def test_another_copy_tells_nothing(drawings: Drawings) -> None:
    pdf = copy(TOKEN_2)
    without_value(pdf, ROW + "adresse")
    assert told(saved(pdf), drawings)[1] == []


def flat(values: dict[str, str]) -> bytes:
    """A page without fields that says whose it is, and these values."""
    pdf = Pdf.new()
    pdf.add_blank_page(page_size=EDITION.page_size)
    said = str(PageIdentity(EDITION.edition, TOKEN, "kontaktstelle", 1))
    lines = [(36.0, 24.0, 7, said)]
    for name, text in values.items():
        box = EDITION.fields[name].box
        lines.append((box[0] + 2, box[1] + 8, 8, text))
    content = "".join(f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET\n" for x, y, size, text in lines)
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier, Encoding=Name.WinAnsiEncoding
    )
    page = pdf.pages[0].obj
    page.Resources = Dictionary(Font=Dictionary(F=font))
    page.Contents = pdf.make_stream(content.encode("cp1252"))
    return saved(pdf)


def test_on_a_page_that_was_flattened_too_and_its_row_is_still_its_entry(drawings: Drawings) -> None:
    reading, gone = told(flat({ROW + "einrichtung": "Haus Süd"}), drawings)
    assert gone == [("1", "Weg 1")]
    said = {str(one.name): (one.text, one.method) for one in reading.fields}
    assert said[field(ROW + "adresse")] == ("", Method.FLATTENED)
    assert said[field(ROW + "id")][0] == ENTRY


def test_a_flattened_page_that_says_all_is_complete(drawings: Drawings) -> None:
    assert told(flat(SENT), drawings)[1] == []


def test_a_flattened_page_with_nothing_any_more_has_its_row_removed(drawings: Drawings) -> None:
    assert told(flat({}), drawings)[1] == [("1", "Haus Süd; Weg 1")]
