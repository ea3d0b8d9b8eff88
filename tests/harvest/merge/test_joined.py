"""Rows that people joined: which report is the newer, and what contradicts nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.merge import merge
from harvest.merge.facilities.wording import contained
from harvest.model import Moment, Register, Submission, TimeSource
from tests.harvest.merge.build import LAYOUT, day, only, same, sent, sheet

DATED = replace(LAYOUT, dated=("date",))


def row_of(contact: str, date: str = "", facility: str = "Haus Süd") -> dict[str, str]:
    return {"facility": facility, "contact": contact, "date": date}


def at(one: Submission, source: TimeSource, on: int) -> Submission:
    return replace(one, moment=Moment(day(on), source))


def joined(*said: Submission) -> Register:
    """Two rows on one facility, and somebody says that they are one."""
    apart = merge(said, DATED)
    first, second = apart.entries
    return merge(said, DATED, decisions=[same(first, second, 900)])


def contact(register: Register) -> str:
    return only(register).values["contact"]


@pytest.mark.parametrize("turned", [False, True])
def test_the_date_in_the_row_tells_which_is_newer(turned: bool) -> None:
    """B saved its form later, but wrote the row earlier."""
    a = sent("a", 40, sheet(row_of("Frau Neu", "5.2.2026 MK")))
    b = sent("b", 60, sheet(row_of("Herr Alt", "3.1.2026 AB", "Haus Süd e. V.")))
    found = joined(*((b, a) if turned else (a, b)))
    assert contact(found) == "Frau Neu"
    (conflict,) = [one for one in only(found).conflicts if one.column == "contact"]
    assert [one.text for one in conflict.others] == ["Herr Alt"]


@pytest.mark.parametrize("copied", [1, 100])
def test_when_a_file_was_copied_tells_nothing(copied: int) -> None:
    a = sent("a", 40, sheet(row_of("Frau Neu")))
    b = at(sent("b", 1, sheet(row_of("Herr Alt", facility="Haus Süd e. V."))), TimeSource.FILE, copied)
    assert contact(joined(a, b)) == "Frau Neu"


def test_of_two_that_were_only_copied_the_order_of_copying_changes_nothing() -> None:
    def shown(one: int, two: int) -> str:
        a = at(sent("a", 1, sheet(row_of("Frau Neu")), name="x"), TimeSource.FILE, one)
        b = at(sent("b", 1, sheet(row_of("Herr Alt", facility="Haus Nord")), name="y"), TimeSource.FILE, two)
        return contact(joined(a, b))

    assert shown(10, 20) == shown(20, 10)


def test_a_typed_date_rules_over_a_copied_file_and_a_mail() -> None:
    mailed = at(sent("a", 1, sheet(row_of("Herr Alt"))), TimeSource.MAIL, 20)
    dated = at(sent("b", 1, sheet(row_of("Frau Neu", "25.1.2026 MK", "Haus Süd e. V."))), TimeSource.FILE, 60)
    assert contact(joined(mailed, dated)) == "Frau Neu"


def test_a_date_that_is_still_to_come_is_none() -> None:
    a = sent("a", 10, sheet(row_of("Herr Alt", "1.1.2030 MK")))
    b = sent("b", 20, sheet(row_of("Frau Neu", "", "Haus Süd e. V.")))
    assert contact(joined(a, b)) == "Frau Neu"


# ---------------------------------------------------------------- wordings


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ("Frau Öztürk", "Frau Öztürk, 030 123"),
        ("frau öztürk,", "Ansprechperson: Frau Öztürk; 030 123"),
        ("030 123", "Frau Öztürk\n030 123, Fax 030 124"),
        ("Türkisch", "Arabisch, Türkisch und Persisch"),
        ("haus@sued.example", "Mail: haus@sued.example"),
    ],
)
def test_a_wording_that_stands_in_the_other_is_no_conflict_and_the_fuller_one_shows(
    shorter: str, longer: str
) -> None:
    assert contained(shorter, longer)
    for first, second in ((shorter, longer), (longer, shorter)):
        found = joined(
            sent("a", 10, sheet(row_of(first))),
            sent("b", 20, sheet(row_of(second, facility="Haus Süd e. V."))),
        )
        assert contact(found) == longer
        assert [one.column for one in only(found).conflicts if one.column == "contact"] == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Türkisch", "kein Türkisch"),
        ("Frau Öztürk", "früher Frau Öztürk, jetzt Herr Alt"),
        ("030 12", "030 12 34"),
        ("030 12", "030 123"),
        ("30 12", "030 12"),
        ("12", "030 12"),
        ("Haus Süd", "Haus Süd-West"),
        ("max@haus.example", "anna.max@haus.example"),
        ("haus.example", "haus.example.org"),
        ("Frau Alt", "Frau Altmann"),
        ("", "Frau Alt"),
    ],
)
def test_what_goes_on_or_is_denied_is_not_contained(one: str, two: str) -> None:
    assert not contained(one, two)
    assert not contained(two, one)


@given(st.text(max_size=12), st.text(max_size=12))
def test_containment_is_one_way(one: str, two: str) -> None:
    assert not (contained(one, two) and contained(two, one))
