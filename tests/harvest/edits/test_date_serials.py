"""A bare number in the column of dates: asked about, never taken for what somebody wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harvest.edits import HandChanges, WrittenState, compare
from harvest.edits.date_serials import day_of
from harvest.edits.three_way import FAULTS
from harvest.model import OnDisk, SheetRow
from tests.harvest.merge.build import FIRST, LAYOUT, day

HOUSE = "nq3m7x0fd"
DATED = replace(LAYOUT, dated=("date",))


def found(*rows: SheetRow, said: str = "3.4.24", since_1904: bool = False) -> HandChanges:
    written = WrittenState(4, {HOUSE: {"facility": "Haus Nord", "date": said}}, {HOUSE: FIRST})
    return compare(written, OnDisk("0" * 64, "form", "4", rows, since_1904=since_1904), DATED, day(9))


def row(identity: str, facility: str, date: str) -> SheetRow:
    return SheetRow("entries", 5, identity, FIRST, "", {"facility": facility, "date": date})


def test_what_was_said_before_stays_and_the_day_is_named() -> None:
    changes = found(row(HOUSE, "Haus Nord", "46331"))

    (told,) = changes.faults
    assert changes.edits == ()
    assert (told.code, told.place) == ("register-day-as-number", "entries, 5")
    assert tuple(key for key, _ in told.details) == FAULTS[told.code]
    assert dict(told.details) == {"column": "date", "day": "05.11.2026", "id": HOUSE, "number": "46331"}


def test_in_a_workbook_that_counts_from_1904_it_is_another_day() -> None:
    (told,) = found(row(HOUSE, "Haus Nord", "44869"), since_1904=True).faults
    assert dict(told.details)["day"] == "05.11.2026"


def test_a_new_row_keeps_the_number_and_it_is_told() -> None:
    changes = found(row(HOUSE, "Haus Nord", "3.4.24"), row("", "Haus Neu", "46331"))

    assert [fault.code for fault in changes.faults] == ["register-day-as-number"]
    assert [added.values["date"] for added in changes.rows] == ["46331"]


def test_a_partner_s_own_number_is_nobody_s_edit() -> None:
    changes = found(row(HOUSE, "Haus Nord", "46331"), said="46331")
    assert (changes.faults, changes.edits) == ((), ())


def test_other_columns_may_hold_such_numbers() -> None:
    changes = found(row(HOUSE, "46331", "3.4.24"))
    assert [(edit.column, edit.new) for edit in changes.edits] == [("facility", "46331")]
    assert changes.faults == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("46331", "05.11.2026"),
        ("46331,5", "05.11.2026"),
        (" 46331.75 ", "05.11.2026"),
        ("36526", "01.01.2000"),
        ("2026", ""),
        ("01126", ""),
        ("99999", ""),
        ("463310", ""),
        ("5.11.2026", ""),
        ("46331 MK", ""),
        ("", ""),
    ],
)
def test_which_numbers_stand_for_a_day(text: str, named: str) -> None:
    assert day_of(text) == named
