"""Pages that no field identifies: spoilt codes, cropped feet, foreign pages, hostile ones, two ways that disagree."""

from __future__ import annotations

import io
import math
import random
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from harvest.model import EPOCH, Method, Moment, Reading, TimeSource
from harvest.normalise import submissions
from harvest.reading import read
from harvest.reading.model import limits
from harvest.reading.model.edition_geometry import Blanks
from harvest.reading.page import picture_pages
from harvest.reading.pdf import pdfium_adapter
from harvest.reading.pdf.pdfium_adapter import Document
from harvest.reading.printed.flattened import readable
from harvest.reading.scan import scanned_cells
from harvest.reading.scan.tesseract import TesseractFailedError
from tests.specimens.figures import values
from tests.specimens.form import RETURNS, Truth, edition

EDITIONS = {edition().edition: edition()}
PRINTED = RETURNS / "printed-pdfjs-gs.pdf"
SCAN = RETURNS / "scan-200.pdf"


def saved(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("specimen", ["printed-pdfjs-gs", "turned-90-fitted", "turned-180-shrunk"])
def test_a_page_whose_foot_was_cut_off_is_known_by_its_code(
    monkeypatch: pytest.MonkeyPatch, specimen: str
) -> None:
    data = (RETURNS / f"{specimen}.pdf").read_bytes()
    whole = values(read(data, EDITIONS))
    monkeypatch.setattr("harvest.reading.page.recovery.printed_identities", lambda _pieces: iter(()))
    reading = read(data, EDITIONS)
    assert [(page.category, page.page) for page in reading.found] == list(
        Truth.of(RETURNS / f"{specimen}.pdf").pages
    )
    assert values(reading) == whole


def test_a_scan_whose_code_is_spoilt_is_known_by_its_small_print_and_read_by_its_table() -> None:
    from PIL import ImageDraw

    page = Document(SCAN.read_bytes()).picture(1, 200).image
    corner = (round(page.width * 0.85), 0, page.width, round(page.height * 0.22))
    ImageDraw.Draw(page).rectangle(corner, fill=90)
    buffer = io.BytesIO()
    page.save(buffer, "PDF", resolution=200)
    reading = read(buffer.getvalue(), EDITIONS)
    assert [(one.category, one.page) for one in reading.found] == [("kontaktstelle", 1)]
    assert reading.problems == ()
    assert len(values(reading)) == len(Truth.of(SCAN).values)


def test_a_foreign_page_among_ours_is_named() -> None:
    with pikepdf.Pdf.open(PRINTED) as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        reading = read(saved(pdf), EDITIONS)
    assert [(one.code, dict(one.details)["page"]) for one in reading.problems] == [("page-not-ours", "5")]
    assert len(values(reading)) == len(values(read(PRINTED.read_bytes(), EDITIONS)))


def test_a_page_of_no_width_is_named_and_costs_no_other_page() -> None:
    with pikepdf.open(RETURNS / "scan-200.pdf") as pdf:
        pdf.add_blank_page(page_size=(842, 595))
        pdf.pages[1].MediaBox = pikepdf.Array([65536, 0, 842, 595])
        pdf.pages[1].CropBox = pikepdf.Array([0, 0, 842, 595])
        reading = read(saved(pdf), EDITIONS)
    assert len(reading.fields) == 10
    assert [(one.code, dict(one.details)) for one in reading.problems] == [("page-not-ours", {"page": "2"})]


def test_text_that_stands_nowhere_costs_no_other_text(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = values(read(PRINTED.read_bytes(), EDITIONS))
    characters = pdfium_adapter._characters

    def with_a_broken_matrix(c: Any, text: Any, pieces: dict[int, pdfium_adapter.Piece]) -> None:
        characters(c, text, pieces)
        last = list(pieces)[-1]
        pieces[last].starts[:] = [(math.nan, math.nan)]
        pieces[last].start = (math.nan, math.nan)

    monkeypatch.setattr(pdfium_adapter, "_characters", with_a_broken_matrix)
    reading = read(PRINTED.read_bytes(), EDITIONS)
    assert "reader-crashed" not in {one.code for one in reading.problems}
    assert len(values(reading)) >= len(whole) - len(reading.found)


def test_of_a_long_foreign_file_only_some_pages_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STRANGE", 3)
    looked: list[int] = []
    monkeypatch.setattr("harvest.reading.page.recovery._page", lambda *given: _strange(looked, *given))
    with pikepdf.Pdf.new() as pdf:
        for _ in range(20):
            pdf.add_blank_page()
        reading = read(saved(pdf), EDITIONS)
    assert [one.code for one in reading.problems] == ["no-fields-of-ours"]
    assert looked == [1, 2, 3]


def _strange(
    looked: list[int], _document: object, number: int, _raw: object, _blanks: object, found: object
) -> None:
    from harvest.reading.page.recovered_values import Recovered
    from harvest.reading.page.recovery import _unknown

    assert isinstance(found, Recovered)
    looked.append(number)
    found.problems.append(_unknown(number))


def test_of_a_stack_of_scans_what_is_too_much_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PICTURED", 2)
    monkeypatch.setattr(picture_pages, "most", lambda _: limits.PICTURED)
    with pikepdf.open(RETURNS / "scan-150.pdf") as scanned, pikepdf.new() as pdf:
        page = scanned.pages[0]
        for _ in range(4):
            pdf.pages.append(page)
        pdf.add_blank_page(page_size=(842, 595))
        pdf.pages.append(page)
        # backs of sheets are empty, and count for nothing
        pdf.pages.insert(1, pdf.pages[4])
        reading = read(saved(pdf), EDITIONS)
    named = [one for one in reading.problems if one.code == "too-many-pictures"]
    assert [dict(one.details) for one in named] == [{"limit": "2", "pages": "4-7"}]
    assert {field.place.page for field in reading.fields if field.place} == {1, 3}


def test_as_many_pictures_are_read_as_two_of_the_longest_form_have(monkeypatch: pytest.MonkeyPatch) -> None:
    blanks = Blanks.of(EDITIONS.values())
    pages = len(edition().pages)
    assert picture_pages.most(blanks) == limits.PICTURED > 2 * pages
    monkeypatch.setattr(limits, "PICTURED", pages)
    assert picture_pages.most(blanks) == 2 * pages


def test_a_page_on_which_recognition_fails_counts_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FAILED", limits.PICTURED)

    def fails(*_: object) -> None:
        raise TesseractFailedError

    monkeypatch.setattr(scanned_cells, "cells", fails)
    with pikepdf.open(RETURNS / "scan-150.pdf") as pdf:
        pdf.pages.append(pdf.pages[0])
        reading = read(saved(pdf), EDITIONS)
    assert [one.code for one in reading.problems] == ["ocr-failed", "too-many-pictures"]


@pytest.mark.parametrize("known", [True, False], ids=["ours", "nobody's"])
def test_time_that_runs_out_costs_the_pages_that_are_left(
    monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    seconds = iter(range(0, 100, 10))
    monkeypatch.setattr("harvest.reading.page.recovery.time.monotonic", lambda: next(seconds))
    monkeypatch.setattr(limits, "SECONDS" if known else "STRANGE_SECONDS", 15)
    with pikepdf.open(PRINTED) as pdf, pikepdf.new() as strange:
        for _ in range(4):
            strange.add_blank_page()
        reading = read(saved(pdf if known else strange), EDITIONS)
    named = [dict(one.details) for one in reading.problems if one.code == "pages-unread"]
    assert named == [{"pages": "2-4"}]
    assert {page.number for page in reading.found} == ({1} if known else set())


def test_a_page_that_takes_long_costs_itself_and_counts_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGE_SECONDS", 0)
    with pikepdf.open(RETURNS / "scan-150.pdf") as pdf:
        for _ in range(4):
            pdf.pages.append(pdf.pages[0])
        reading = read(saved(pdf), EDITIONS)
    assert [one.code for one in reading.problems] == [*["ocr-failed"] * 3, "too-many-pictures"]
    assert dict(reading.problems[-1].details)["pages"] == "4-5"
    assert len(reading.found) == 3


def test_two_ways_that_disagree_are_both_kept() -> None:
    local = "kontaktstelle_r01_einrichtung"
    with pikepdf.Pdf.open(RETURNS / "fill-and-sign.pdf") as pdf:
        for page in pdf.pages:
            for widget in page.obj.Annots:
                if str(widget.T).endswith(local):
                    widget.V = pikepdf.String("Ein anderes Haus")
        data = saved(pdf)
    (one,) = submissions(read(data, EDITIONS), "r", "a.pdf", Moment(EPOCH, TimeSource.FILE), EDITIONS)
    sheet = next(sheet for sheet in one.sheets if sheet.category == "kontaktstelle")
    value = sheet.rows[0].values["einrichtung"]
    assert (value.text, value.method) == ("Ein anderes Haus", Method.WIDGET)
    assert [other.method for other in value.alternatives] == [Method.FILL_SIGN]


@pytest.mark.parametrize(
    "specimen",
    [PRINTED, RETURNS / "fill-and-sign.pdf", RETURNS / "annotated-mupdf.pdf"],
    ids=lambda path: path.stem,
)
@pytest.mark.parametrize("seed", range(12))
def test_mutated_specimens_never_raise(specimen: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(specimen.read_bytes())
    for _ in range(chance.choice((1, 20, 400))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    assert isinstance(read(bytes(data), EDITIONS), Reading)


def test_a_failure_besides_the_fields_costs_no_field(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise RuntimeError

    with pikepdf.Pdf.open(RETURNS / "annotated-mupdf.pdf") as pdf:
        pdf.pages[1].obj.Annots[0].V = pikepdf.String("bleibt")
        data = saved(pdf)
    monkeypatch.setattr("harvest.reading.page.recovery.recover", fail)
    reading = read(data, EDITIONS)
    assert "bleibt" in {field.text for field in reading.fields}
    assert [one.code for one in reading.problems] == ["reader-crashed"]


@pytest.mark.parametrize(
    ("text", "whether"),
    [
        ("Größe", True),
        ("\ufffd\ufffd\x01a", False),
        ("Treffpunkt \ufffd offen", True),
        ("مركز الصحة", True),
        ("7", True),
    ],
)
def test_signs_without_a_meaning_are_no_text(text: str, whether: bool) -> None:
    assert readable(text) is whether


def test_a_value_without_meaning_is_named_and_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvest.reading.printed.flattened.readable", lambda text: "Łódź" not in text)
    reading = read(PRINTED.read_bytes(), EDITIONS)
    named = [one.place for one in reading.problems if one.code == "unreadable-value"]
    assert named
    assert not {str(field.name) for field in reading.fields if field.text} & set(named)
    assert {str(one.name) for one in reading.pictures} == set(named)  # a person reads them
