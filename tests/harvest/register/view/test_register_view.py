"""What the sheets show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from harvest.model import Change, Duplicate, Entry, Problem, Register, Severity, Status
from harvest.register.sheet_model import HISTORY, Link, RegisterView, Role, SheetView
from harvest.register.view.register_view import ReturnNote, ReturnOutcome, RunNote, build_view
from spec.words import words
from tests.harvest.register.samples import NOW, checklist, entry, sample_register, sample_view

TITLES = [
    "Alle Einträge", "Sozialpsychiatrie", "Migration", "Dubletten", "Konflikte", "Bitte prüfen", "Fehlanzeigen",
    "Wer fehlt noch", "Rücklauf", "Verlauf", "Über", "Bilder",
]  # fmt: skip


def sheet(view: RegisterView, key: str) -> SheetView:
    return next(one for one in view.sheets if one.key == key)


def column(view: RegisterView, key: str, name: str) -> list[Any]:
    page = sheet(view, key)
    return [row.cells[page.index(name)] for row in page.rows]


def test_every_sheet_is_there_even_without_an_entry() -> None:
    view = sample_view(Register(()))
    assert [one.title for one in view.sheets] == TITLES
    assert all(one.empty.endswith(".") for one in view.sheets)
    assert not list(sheet(view, "entries").rows)


def test_every_row_has_a_cell_for_each_column() -> None:
    for one in sample_view().sheets:
        assert {len(row.cells) for row in one.rows} <= {len(one.columns)}
        assert len({heading.heading.casefold() for heading in one.columns}) == len(one.columns)


def test_an_entry_stands_on_the_sheet_of_all_and_on_its_section_s() -> None:
    view = sample_view()
    everything = column(view, "entries", "id")
    parts = column(view, "section.sozialpsychiatrie", "id") + column(view, "section.migration", "id")
    assert everything == [one.id for one in sample_register().entries] == parts


def test_people_read_the_facility_before_the_technical_columns() -> None:
    keys = [one.key for one in sheet(sample_view(), "entries").columns]
    assert keys[:3] == ["id", "category", "einrichtung"]
    assert keys.index("status") < keys.index("file") < keys.index("method")


def test_only_the_form_s_columns_and_the_offer_are_people_s_to_change() -> None:
    columns = sheet(sample_view(), "entries").columns
    assert [one.key for one in columns if one.role is Role.EDITABLE] == [
        "category", "einrichtung", "erfahrung", "kontakt", "verabredung", "datum",
    ]  # fmt: skip
    assert [one.key for one in columns if one.role is Role.DECISION] == ["same-as"]


def test_a_pair_is_proposed_once_though_both_entries_name_it() -> None:
    one, other = entry(1, "kontaktstelle"), entry(2, "kontaktstelle")
    pair = Duplicate(one.id, other.id, 92.4, "same-phone")
    register = Register(
        (
            replace(one, duplicates=(pair,)),
            replace(other, duplicates=(Duplicate(other.id, one.id, 92.4, "same-phone"),)),
        )
    )
    view = sample_view(register)
    assert column(view, "duplicates", "id") == [one.id]
    assert column(view, "duplicates", "other-id") == [other.id]
    assert column(view, "duplicates", "reason") == ["dieselbe Telefonnummer"]
    assert column(view, "entries", "open") == ["Dublette?", "Dublette?"]


def test_links_hold_nothing_that_a_partner_typed() -> None:
    for page in sample_view().sheets:
        for row in page.rows:
            for cell in row.cells:
                if isinstance(cell, Link):
                    assert cell.target.startswith("originals/")
                    assert len(cell.target) == len("originals/.pdf") + 64


def test_times_are_those_of_the_office() -> None:
    note = ReturnNote("1" * 64, "a.pdf", datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "", ReturnOutcome.TAKEN)
    view = build_view(
        Register(()), checklist(), words("de"), run=RunNote("7", NOW, "1"), returns=[note],
        zone=timezone(timedelta(hours=2)),
    )  # fmt: skip
    assert column(view, "returns", "received-at") == [datetime(2026, 7, 1, 1, 30)]  # noqa: DTZ001


def test_a_problem_says_what_to_do() -> None:
    problem = Problem("encrypted", Severity.LOST)
    note = ReturnNote("1" * 64, "a.pdf", NOW, "", ReturnOutcome.FAILED, (problem,))
    view = build_view(Register(()), checklist(), words("de"), run=RunNote("7", NOW, "1"), returns=[note])
    assert "Kennwort" in column(view, "returns", "problem")[0]
    assert column(view, "returns", "remedy")[0].endswith(".")


def test_an_unknown_problem_still_gets_a_line() -> None:
    note = ReturnNote(
        "1" * 64, "a.pdf", NOW, "", ReturnOutcome.FAILED, (Problem("no-such-code", Severity.LOST, "{x}"),)
    )
    view = build_view(Register(()), checklist(), words("de"), run=RunNote("7", NOW, "1"), returns=[note])
    assert "no-such-code" in column(view, "returns", "problem")[0]


def test_history_stands_newest_first() -> None:
    moments = column(sample_view(), "history", "changed-at")
    assert moments == sorted(moments, reverse=True)
    assert len(moments) > 20


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_language_has_all_the_words(language: str) -> None:
    view = build_view(sample_register(), checklist(), words(language), run=RunNote("7", NOW, "1"))
    assert sum(1 for one in view.sheets for _ in one.rows) > 150


def test_a_new_entry_is_one_line_of_the_history() -> None:
    """Five cells that came at once are one event; the cells themselves stand in the register."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    came = tuple(
        Change("abc", at, "new", column, "", f"Text {column}", None)
        for column in ("datum", "einrichtung", "kontakt")
    )
    later = Change("abc", at + timedelta(days=1), "changed", "kontakt", "Text kontakt", "Neu", None)
    entry = Entry(
        "abc", "wohnheim", {"einrichtung": "Haus"}, Status.CHANGED, (), (), None, history=(*came, later)
    )

    view = build_view(Register((entry,)), checklist(), words("de"), run=RunNote("1", at, "0"))

    rows = [row.cells for sheet in view.sheets if sheet.key == HISTORY for row in sheet.rows]
    assert [(cells[4], cells[7]) for cells in rows] == [("geändert", "Neu"), ("neu", "Text einrichtung")]
