"""The committed specimens, each as a real program left it, give what their truths say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from formgen.layout.furniture import identity_place
from harvest.model import Document, Method, Provenance, Severity
from harvest.reading import read
from harvest.reading.model.edition_geometry import PRINT_AT, PRINT_SIZE, code_box
from harvest.reading.pool.pool import read_all
from harvest.reading.scan import tesseract
from tests.specimens.figures import GROUPS, Score, committed, rows, score, values
from tests.specimens.form import Truth, edition, specimens

EDITIONS = {edition().edition: edition()}


#: Groups that no character recognition reads.
PRINTED = {label for label, _ in GROUPS[:6]}


def ids(path: Path) -> str:
    return path.stem


def test_the_places_that_the_harvest_relies_on_are_those_of_the_drawing() -> None:
    place = identity_place()
    assert (place.x, place.y) == PRINT_AT
    assert place.size == PRINT_SIZE
    assert code_box(edition().page_size).as_tuple() == pytest.approx(place.code.as_tuple())


def test_every_specimen_is_in_a_group_and_small() -> None:
    grouped = {path for _, pattern in GROUPS for path in specimens(pattern)}
    assert grouped == set(specimens())
    assert sum(path.stat().st_size for path in specimens()) < 4_000_000


def right(found: Score, *, beyond_three_lines: bool = True) -> bool:
    cells = found.right == found.cells if beyond_three_lines else found.short_right == found.short
    return cells and found.pages == found.all_pages and not found.invented and found.nil


@pytest.mark.parametrize("specimen", [*specimens("printed-*-gs"), *specimens("printed-*-chrome")], ids=ids)
def test_printed_returns_are_read_whole_even_what_paper_cuts_off(specimen: Path) -> None:
    assert right(score(specimen))


@pytest.mark.parametrize("specimen", [*specimens("printed-*-cairo"), *specimens("turned-*")], ids=ids)
def test_cairo_leaves_out_what_is_cut_off_whole_and_all_the_rest_is_read(specimen: Path) -> None:
    assert right(score(specimen), beyond_three_lines=False)
    reading = read(specimen.read_bytes(), EDITIONS)
    sure = {field.name.local: field.confidence for field in reading.fields}
    assert sure["kontaktstelle_r03_verabredung"] == 0.75
    assert sure["kontaktstelle_r01_einrichtung"] == 0.9


@pytest.mark.parametrize("specimen", specimens("printed-*"), ids=ids)
def test_how_a_printed_value_was_read_stands_beside_it(specimen: Path) -> None:
    reading = read(specimen.read_bytes(), EDITIONS)
    assert {field.method for field in reading.fields} == {Method.FLATTENED}
    assert all(0.5 < field.confidence < 1 and field.place.box for field in reading.fields)
    assert [(page.category, page.page) for page in reading.found] == list(Truth.of(specimen).pages)
    assert reading.problems == ()


@pytest.mark.parametrize("specimen", specimens("annotated-*"), ids=ids)
def test_notes_over_fields_are_the_fields_values(specimen: Path) -> None:
    assert right(score(specimen))
    reading = read(specimen.read_bytes(), EDITIONS)
    assert {field.method for field in reading.fields if field.text != "/Off"} == {Method.ANNOTATION}
    assert [(one.code, dict(one.details)) for one in reading.problems] == [
        ("note-outside", {"page": "2", "text": "Bitte zurückrufen"})
    ]


@pytest.mark.parametrize("specimen", specimens("fill-and-sign*"), ids=ids)
def test_fill_and_sign_over_live_fields(specimen: Path) -> None:
    assert right(score(specimen))
    reading = read(specimen.read_bytes(), EDITIONS)
    assert {field.method for field in reading.fields if field.text != "/Off"} == {Method.FILL_SIGN}


def test_isolated_reading_reads_the_same_of_them() -> None:
    some = [
        *specimens("printed-pdfjs-*"),
        *specimens("scan-200*"),
        *specimens("annotated-*"),
        *specimens("fill-and-sign*"),
    ]
    documents = [Document.of(path.read_bytes(), Provenance(path.name, path.name)) for path in some]
    for document, reading in read_all(documents, EDITIONS):
        assert values(reading) == values(read(document.data, EDITIONS))


SCANS = [*specimens("scan-*"), *specimens("fax*"), *specimens("photo*")]


@pytest.mark.parametrize("specimen", SCANS, ids=ids)
def test_scans_are_identified_and_read(specimen: Path) -> None:
    found = score(specimen)
    assert (found.pages, found.invented, found.nil) == (found.all_pages, (), True)
    assert found.characters >= (0.85 if "100" in specimen.stem else 0.95)
    reading = read(specimen.read_bytes(), EDITIONS)
    assert {field.method for field in reading.fields} == {Method.OCR}
    assert all(field.confidence <= 0.9 for field in reading.fields)
    assert reading.problems == ()


@pytest.mark.parametrize("specimen", specimens("two-up-*"), ids=ids)
def test_two_pages_on_one_sheet_are_two_pages(specimen: Path) -> None:
    found = score(specimen)
    assert (found.invented, found.nil) == ((), True)
    assert found.characters >= 0.95
    reading = read(specimen.read_bytes(), EDITIONS)
    assert [(page.number, page.category) for page in reading.found] == [(1, "cover"), (1, "kontaktstelle")]
    assert reading.problems == ()


def test_a_nil_box_crossed_by_pen_is_a_nil_return_to_be_checked() -> None:
    (specimen,) = specimens("pen-nil")
    reading = read(specimen.read_bytes(), EDITIONS)
    assert [(field.name.local, field.text) for field in reading.fields] == [("betreutes-wohnen_nil", "/Yes")]
    assert reading.fields[0].confidence < 0.9
    assert reading.problems == ()


@pytest.mark.parametrize("specimen", specimens("pen-[ls]*"), ids=ids)
def test_what_is_written_by_hand_is_put_before_a_person_with_its_picture(specimen: Path) -> None:
    found = score(specimen)
    assert (found.right, found.invented, found.nil) == (5, (), True)
    reading = read(specimen.read_bytes(), EDITIONS)
    ink = set(Truth.of(specimen).ink)
    assert ink <= {str(one.name.local) for one in reading.pictures}
    guessed = {field.name.local for field in reading.fields}
    rows = {dict(one.details)["row"] for one in reading.problems if one.code == "ocr-nothing"}
    assert ink <= guessed or rows == {"2"}


def test_a_scrawl_gives_no_words() -> None:
    (specimen,) = specimens("pen-scrawl")
    reading = read(specimen.read_bytes(), EDITIONS)
    by_hand = [field.text for field in reading.fields if "_r02_" in field.name.local]
    assert all(len(text) < 8 for text in by_hand)
    assert [one.code for one in reading.problems] == ["ocr-nothing"]


def test_a_page_that_is_shown_in_part_is_named_and_its_cut_cells_are_doubted() -> None:
    (specimen,) = specimens("cropped-scan")
    reading = read(specimen.read_bytes(), EDITIONS)
    assert [(one.code, one.severity) for one in reading.problems] == [("page-cut-off", Severity.LOST)]
    truth = Truth.of(specimen)
    sure = {field.name.local: field.confidence for field in reading.fields}
    assert all(sure[local] <= 0.5 for local in truth.ink)
    assert score(specimen).right == len(truth.values)


def test_a_page_of_which_too_little_is_left_is_named_and_nothing_of_it_is_guessed() -> None:
    (specimen,) = specimens("faint-fax")
    reading = read(specimen.read_bytes(), EDITIONS)
    assert [(page.category, page.page) for page in reading.found] == [("kontaktstelle", 1)]
    assert reading.fields == ()
    assert [(one.code, one.severity) for one in reading.problems] == [("ocr-failed", Severity.LOST)]


def test_without_tesseract_a_scan_is_identified_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "_PROGRAM", "no-such-program")
    tesseract._command.cache_clear()
    try:
        reading = read(specimens("scan-200")[0].read_bytes(), EDITIONS)
    finally:
        tesseract._command.cache_clear()
    assert [(page.category, page.page) for page in reading.found] == [("kontaktstelle", 1)]
    assert [(one.code, one.severity) for one in reading.problems] == [("ocr-not-installed", Severity.LOST)]


def test_a_failing_tesseract_costs_the_page_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "_command", lambda: (sys.executable, "-c", "raise SystemExit(3)"))
    reading = read(specimens("scan-200")[0].read_bytes(), EDITIONS)
    assert [one.code for one in reading.problems] == ["ocr-failed"]
    assert len(reading.found) == 1


def test_a_page_of_an_edition_that_is_not_known_is_named() -> None:
    for specimen in (specimens("scan-200")[0], specimens("printed-pdfjs-gs")[0]):
        reading = read(specimen.read_bytes(), {})
        assert [one.code for one in reading.problems] == ["unknown-edition"]
        assert reading.found


def test_the_figures_are_those_that_were_written() -> None:
    # what Tesseract reads is left to `python -m tests.specimens.figures --write`: it depends on its version
    written = [group for group in GROUPS if group[0] in PRINTED]
    assert set(rows(written)) <= set(committed().splitlines())
