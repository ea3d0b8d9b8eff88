"""Readings become submissions: grouped by who answers, rows as they were touched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from pikepdf import Array, Name, Pdf, String

from formgen.blank import build_blank
from harvest.model import EPOCH, Moment, PageFound, Reading, ReporterKind, Submission, TimeSource
from harvest.normalise import submissions
from harvest.reading import read
from spec.form.load import default_form
from spec.wire import EditionFile
from tests.harvest.reading.forms import (
    COLUMNS,
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
    saved,
    widget,
)

MOMENT = Moment(datetime(2026, 3, 1, tzinfo=UTC), TimeSource.MOD_DATE)
ID = "ab" * 32
CELL = "kontaktstelle_r01_einrichtung"


def said(*pdfs: Pdf, editions: Mapping[str, EditionFile] = EDITIONS) -> tuple[Submission, ...]:
    return submissions(read(saved(joined(*pdfs)), editions), ID, "a.pdf", MOMENT, editions)


def cells(submission: Submission) -> dict[str, str]:
    return {
        f"{sheet.category}_r{row.number:02d}_{column}": value.text
        for sheet in submission.sheets
        for row in sheet.rows
        for column, value in row.values.items()
    }


def test_one_return_one_submission() -> None:
    [found] = said(
        fill(blank(TOKEN), {CELL: "Haus", "cover_organisation": "Amt", "feedback_fehlt": "nichts"})
    )
    assert (found.return_id, found.file, found.moment, found.edition) == (
        ID,
        "a.pdf",
        MOMENT,
        EDITION.edition,
    )
    assert (found.reporter.kind, found.reporter.key, found.reporter.label) == (
        ReporterKind.TOKEN,
        TOKEN,
        "Amt",
    )
    assert {key: value.text for key, value in found.cover.items()} == {"organisation": "Amt"}
    assert {key: value.text for key, value in found.feedback.items()} == {"fehlt": "nichts"}
    assert cells(found) == {CELL: "Haus"}


def test_every_page_that_arrived_is_a_sheet_also_a_blank_one() -> None:
    [found] = said(blank(TOKEN))
    assert [(sheet.category, sheet.page, sheet.blank) for sheet in found.sheets] == [
        ("kontaktstelle", 2, True),
        ("wohnen", 3, True),
        ("sonstiges", 5, True),
    ]


def test_rows_count_on_over_pages_and_untouched_ones_are_left_out() -> None:
    [found] = said(
        fill(blank(), {"wohnen_r02_adresse": "x", "wohnen_r06_telefon": "7", "wohnen_r04_einrichtung": ""})
    )
    [wohnen] = [sheet for sheet in found.sheets if sheet.category == "wohnen"]
    assert [(row.number, row.blank, list(row.values)) for row in wohnen.rows] == [
        (2, False, ["adresse"]),
        (4, True, ["einrichtung"]),  # emptied: somebody was here
        (6, False, ["telefon"]),
    ]
    assert [value.page for row in wohnen.rows for value in row.values.values()] == [3, 4, 4]


def test_cells_keep_spaces_and_lose_the_programs_line_ends() -> None:
    [found] = said(fill(blank(), {CELL: "  a\r\nb \t"}))
    assert cells(found) == {CELL: "  a\nb \t"}


@pytest.mark.parametrize(
    ("state", "nil"), [(Name.Ja, True), (Name("/1"), True), (Name.Off, False), (String(""), False)]
)
def test_a_nil_return(state: Any, nil: bool) -> None:
    pdf = blank()
    box = widget(pdf, "wohnen_nil")
    box.AS, box.V = Name.Off if state == Name.Off else state, state
    assert {sheet.category: sheet.nil for sheet in said(pdf)[0].sheets} == {
        "kontaktstelle": False, "wohnen": nil, "sonstiges": False,
    }  # fmt: skip


def test_prefilled_rows_carry_their_entry() -> None:
    pdf = fill(blank(TOKEN), {CELL: "Haus"})
    entry = copied(pdf, CELL)
    entry.T, entry.V = String(field("kontaktstelle_r01_id")), String("e123")
    lonely = copied(pdf, CELL)
    lonely.T, lonely.V = String(field("kontaktstelle_r02_id")), String("e456")
    pdf.pages[1].obj.Annots.extend(Array([entry, lonely]))
    [sheet] = [s for s in said(pdf)[0].sheets if s.category == "kontaktstelle"]
    assert [(row.number, row.entry_id, len(row.values)) for row in sheet.rows] == [
        (1, "e123", 3),
        (2, "e456", 3),
    ]


# ------------------------------------------------------------ who answers


@pytest.mark.parametrize(
    "typed", ["Amt für Soziales", "  AMT  FÜR\r\nSOZIALES ", "Amt fu\u0308r Soziales", "Ａmt für Soziales"]
)
def test_without_token_the_organisation_on_the_cover_reports(typed: str) -> None:
    [found] = said(fill(blank(), {CELL: "Haus", "cover_organisation": typed}))
    assert (found.reporter.kind, found.reporter.key) == (ReporterKind.ORGANISATION, "amt für soziales")


@pytest.mark.parametrize("values", [{}, {"cover_organisation": " "}])
def test_without_either_the_return_itself(values: Any) -> None:
    [found] = said(fill(blank(), {CELL: "Haus", **values}))
    assert (found.reporter.kind, found.reporter.key) == (ReporterKind.RETURN, ID)


def test_a_page_without_its_cover_belongs_to_its_token() -> None:
    [found] = said(fill(blank(TOKEN, pages=[PAGES[1]]), {CELL: "Haus"}))
    assert (found.reporter.kind, found.reporter.key) == (ReporterKind.TOKEN, TOKEN)
    assert [sheet.category for sheet in found.sheets] == ["kontaktstelle"]


def test_two_personalised_returns_in_one_file_are_two_submissions() -> None:
    first, second = said(fill(blank(TOKEN), {CELL: "A"}), fill(blank(TOKEN_2), {CELL: "B"}))
    assert (first.reporter.key, cells(first)) == (TOKEN, {CELL: "A"})
    assert (second.reporter.key, cells(second)) == (TOKEN_2, {CELL: "B"})


def test_two_organisations_on_bare_forms_in_one_file_are_two_submissions() -> None:
    first, second = said(
        fill(blank(), {CELL: "A", "cover_organisation": "Org A"}),
        fill(blank(), {CELL: "B", "cover_organisation": "Org B"}),
    )
    assert (first.reporter.key, cells(first)) == ("org a", {CELL: "A"})
    assert (second.reporter.key, cells(second)) == ("org b", {CELL: "B"})


def test_one_organisation_twice_in_one_file_is_one_submission_that_keeps_both_values() -> None:
    [found] = said(
        fill(blank(), {CELL: "alt", "cover_organisation": "Org"}),
        fill(blank(), {CELL: "neu", "cover_organisation": "ORG", "wohnen_r01_adresse": "x"}),
    )
    assert cells(found) == {CELL: "alt", "wohnen_r01_adresse": "x"}
    [row] = found.sheets[0].rows
    assert [other.text for other in row.values["einrichtung"].alternatives] == ["neu"]


def test_pages_of_two_editions_in_one_file() -> None:
    found = said(fill(blank(TOKEN), {CELL: "A"}), fill(blank(TOKEN, OTHER), {CELL: "B"}, OTHER))
    assert [(s.edition, s.reporter.key, cells(s)) for s in found] == [
        (EDITION.edition, TOKEN, {CELL: "A"}),
        (OTHER.edition, TOKEN, {CELL: "B"}),
    ]


def test_fields_without_any_identified_page_still_are_a_submission() -> None:
    pdf = fill(blank(), {CELL: "Haus", "cover_organisation": "Org"})
    for page in pdf.pages:
        page.obj.Annots = Array()
    pdf.Root.AcroForm.Fields = Array([f for f in pdf.Root.AcroForm.Fields if not str(f.T).endswith("_id")])
    for f in pdf.Root.AcroForm.Fields:
        del f["/P"]
    [found] = said(pdf)
    assert (found.reporter.key, cells(found)) == ("org", {CELL: "Haus"})


def test_an_unknown_edition_gives_no_submission() -> None:
    assert said(fill(blank(), {CELL: "Haus"}), editions={}) == ()
    assert (
        len(
            said(
                fill(blank(), {CELL: "A"}),
                fill(blank(None, OTHER), {}, OTHER),
                editions={OTHER.edition: OTHER},
            )
        )
        == 1
    )


def test_what_is_no_form_of_ours_gives_no_submission() -> None:
    assert submissions(read(b"", EDITIONS), ID, "a.pdf", MOMENT, EDITIONS) == ()


def test_columns_stand_in_the_forms_order() -> None:
    [found] = said(fill(blank(), {f"kontaktstelle_r01_{column}": column for column in reversed(COLUMNS)}))
    assert list(found.sheets[0].rows[0].values) == list(COLUMNS)


@pytest.mark.parametrize(("pages", "complete"), [((1, 2, 3), True), ((1, 3), False), ((2,), False)])
def test_a_category_of_which_pages_are_missing_is_not_complete(
    pages: tuple[int, ...], complete: bool
) -> None:
    edition = build_blank(default_form()).edition_file
    found = tuple(PageFound(number, edition.edition, None, "sonstiges", number) for number in pages)

    (said,) = submissions(
        Reading(3, found, ()), "0" * 64, "a.pdf", Moment(EPOCH, TimeSource.NONE), {edition.edition: edition}
    )

    assert [sheet.complete for sheet in said.sheets] == [complete]
