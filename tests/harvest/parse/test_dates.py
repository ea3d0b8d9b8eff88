"""What a partner typed under date and initials, and what is read out of it."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.parse import (
    Freshness,
    Precision,
    SaidDate,
    confirmed_in,
    freshness,
    months_between,
    only_signed,
    signed_by,
)

LATEST = date(2026, 11, 22)

#: typed -> date as exact as it was given ("" for nothing), initials
CASES = [
    # day, month, year
    ("3.4.24", "2024-04-03", ""),
    ("03.04.2024", "2024-04-03", ""),
    ("24.03.2026 AB", "2026-03-24", "AB"),
    ("AB 24.03.2026", "2026-03-24", "AB"),
    ("09.11.2026 ŁZ", "2026-11-09", "ŁZ"),
    ("05.11.2026 YŞ", "2026-11-05", "YŞ"),
    ("3.4.24/MK", "2024-04-03", "MK"),
    ("3.4.24, M.K.", "2024-04-03", "M.K."),
    ("(3.4.24 mk)", "2024-04-03", "mk"),
    ("3. 4. 2024 MK/AB", "2024-04-03", "MK/AB"),
    ("3,4,24 So", "2024-04-03", ""),  # Sunday, or initials: nobody knows
    ("3.4.24 SO", "2024-04-03", "SO"),
    ("Mo, 3.6.24", "2024-06-03", ""),
    ("Stand: 3.4.2024", "2024-04-03", ""),
    ("3.-5.4.24 YŞ", "2024-04-05", ""),
    ("2024-04-03", "2024-04-03", ""),
    ("2024/04/03 MK", "2024-04-03", "MK"),
    ("20240403", "2024-04-03", ""),
    ("03042024", "2024-04-03", ""),
    ("3. April 2024 Kö", "2024-04-03", "Kö"),
    ("3. Apr. '24", "2024-04-03", ""),
    ("3.März 24 MK", "2024-03-03", "MK"),
    ("April 3, 2024", "2024-04-03", ""),
    ("3rd May 2024", "2024-05-03", ""),
    ("13/4/24", "2024-04-13", ""),
    ("4-4-24", "2024-04-04", ""),
    ("29.2.2024", "2024-02-29", ""),
    ("٣.٤.٢٠٢٤", "2024-04-03", ""),
    ("03.04.2024", "2024-04-03", ""),
    ("3.4.24 MK, 12.11.25 AB", "2025-11-12", "MK, AB"),
    ("2024, zuletzt 3.4.2024", "2024-04-03", ""),
    # a blank within a figure
    ("15. 1 1. 2026", "2026-11-15", ""),
    ("15.1 1.26 MK", "2026-11-15", "MK"),
    ("15. 11. 2 026", "2026-11-15", ""),
    ("3.4.24 10 Uhr", "2024-04-03", ""),
    ("3.4.24 25.4.25", "2025-04-25", ""),
    ("1 5.11.2026", "", ""),
    ("15.11.20 26", "", ""),
    # month and year
    ("April 2024", "2024-04", ""),
    ("april 24", "2024-04", ""),
    ("im März 24", "2024-03", ""),
    ("Maerz 2024 MK", "2024-03", "MK"),
    ("Jänner 2025", "2025-01", ""),
    ("Anfang April 2024", "2024-04", ""),
    ("Ende Sept. 2025 Bs", "2025-09", "Bs"),
    ("03/24 MK", "2024-03", "MK"),
    ("3/2024", "2024-03", ""),
    ("03.24", "2024-03", ""),
    ("03-2024", "2024-03", ""),
    ("2024-03", "2024-03", ""),
    ("Mai/24", "2024-05", ""),
    ("Oct 2025", "2025-10", ""),
    # a year
    ("2024", "2024", ""),
    ("2024 MK", "2024", "MK"),
    ("Anfang 2024", "2024", ""),
    ("Ende 24 BS", "2024", "BS"),
    ("Frühjahr '25", "2025", ""),
    ("Q1/2024", "2024", ""),
    ("2. Quartal 2024", "2024", ""),
    ("KW 4/2024", "2024", ""),
    ("14. KW 2024", "2024", ""),
    # ambiguous
    ("03.04", "", ""),
    ("3.4.", "", ""),
    ("05/12", "", ""),
    ("3/4/24", "", ""),
    ("03-04-2024", "", ""),
    ("24-04-03", "", ""),  # the third of April 2024 after ISO 8601, or the 24th of 2003
    ("24/04/03", "", ""),
    ("26-11-15 MK", "", "MK"),
    ("13/04/24", "2024-04-13", ""),
    ("April 05", "", ""),
    ("Winter 2023/24", "", ""),
    ("2023/2024", "", ""),
    ("24/03", "", ""),
    # impossible
    ("31.2.24", "", ""),
    ("29.2.2025", "", ""),
    ("0.4.24", "", ""),
    ("13/2024", "", ""),
    ("32.13.2024", "", ""),
    ("00000000", "", ""),
    ("5.1.2027 MK", "", "MK"),  # an appointment, not a confirmation
    ("3.4.99", "", ""),
    ("3.4.1924", "", ""),
    ("3.4.202", "", ""),
    # none at all
    ("", "", ""),
    ("MK", "", "MK"),
    ("neu", "", ""),
    ("siehe oben", "", ""),
    ("12.3.25 Müller", "2025-03-12", ""),
    ("10.15 Uhr", "", ""),
    ("Tel. 0241 2024", "", ""),
    ("12 von 80", "", ""),
    ("Sept", "", ""),
    ("İanuar 2024", "2024", ""),  # no spelling of January, but a year
]


@pytest.mark.parametrize(("typed", "expected", "initials"), CASES, ids=[repr(case[0]) for case in CASES])
def test_date_and_initials(typed: str, expected: str, initials: str) -> None:
    found = confirmed_in(typed, LATEST)

    assert (found.iso if found else "") == expected
    assert signed_by(typed) == initials


def read(typed: str) -> SaidDate:
    found = confirmed_in(typed, LATEST)
    assert found is not None, typed
    return found


@pytest.mark.parametrize(
    ("typed", "nothing_else"),
    [
        ("3.4.24", True),
        ("April 2024", True),
        ("Stand 3.4.24 / MK", True),
        ("3.4.24 – 5.5.25 MK", True),
        ("MK", True),
        ("", False),
        ("neu", False),
        ("3.4.24 MK, zieht um", False),
        ("siehe oben", False),
    ],
)
def test_a_date_and_initials_may_be_all_that_stands_there(typed: str, nothing_else: bool) -> None:
    assert only_signed(typed) is nothing_else


def test_the_day_of_the_return_still_counts() -> None:
    assert read("22.11.2026").first == LATEST
    assert confirmed_in("23.11.2026", LATEST) is None
    assert read("November 2026").precision is Precision.MONTH


def test_the_days_that_a_date_can_mean() -> None:
    assert read("Februar 2024").last == date(2024, 2, 29)
    assert read("12/2024").last == date(2024, 12, 31)
    assert read("2024").last == date(2024, 12, 31)
    assert read("3.4.24").last == date(2024, 4, 3)


def plain_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(one, "")) for one in text)


numbers = st.integers(0, 40).map(str) | st.sampled_from(
    ["24", "'25", "2024", "2026", "0", "00", "٣", "1", "２"]
)
typed_texts = st.lists(
    numbers | st.sampled_from([".", "/", "-", " ", ",", "März", "Apr.", "Anfang ", "MK", "KW", "\n", "İ", "ſ", "Q1/"]) | st.text(max_size=3),
    max_size=9,
).map("".join)  # fmt: skip


@given(typed_texts)
def test_no_digit_is_invented_and_nothing_raises(typed: str) -> None:
    found = confirmed_in(typed, LATEST)
    initials = signed_by(typed)

    assert found is None or (date(1980, 1, 1) <= found.first <= LATEST <= date.max)
    if found is not None:
        there = plain_digits(typed)
        assert str(found.first.year)[-2:] in there
        if found.precision is Precision.DAY:
            assert str(found.first.day) in there
    assert not any(one.isdigit() for one in initials)
    assert all(
        one in unicodedata.normalize("NFC", typed).replace("’", "'") or not one.isalpha() for one in initials
    )


@given(st.dates(date(2000, 1, 1), LATEST), st.sampled_from(["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d", "%Y%m%d"]))
def test_every_day_written_plainly_is_read(day: date, written: str) -> None:
    found = confirmed_in(f"{day.strftime(written)} MK", LATEST)

    # 20112012 may be read from both ends; then nothing is said
    assert found == SaidDate(day, Precision.DAY) or (found is None and written == "%Y%m%d")


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        (date(2024, 4, 3), date(2026, 11, 22), 31),
        (date(2024, 4, 3), date(2024, 5, 2), 0),
        (date(2024, 4, 3), date(2024, 5, 3), 1),
        (date(2024, 1, 31), date(2024, 2, 29), 1),
        (date(2024, 1, 31), date(2024, 2, 28), 0),
        (date(2026, 11, 22), date(2024, 4, 3), 0),
        (date(1, 1, 1), date.max, 119987),
    ],
)
def test_age_in_whole_months(earlier: date, later: date, months: int) -> None:
    assert months_between(earlier, later) == months


@given(st.dates(), st.dates(), st.dates())
def test_age_grows_with_time(first: date, second: date, third: date) -> None:
    first, second, third = sorted((first, second, third))

    assert months_between(first, second) <= months_between(first, third)
    assert months_between(second, third) <= months_between(first, third)


def test_what_an_age_means() -> None:
    assert [freshness(months) for months in (0, 11, 12, 23, 24, 500)] == [
        Freshness.FRESH,
        Freshness.FRESH,
        Freshness.AGEING,
        Freshness.AGEING,
        Freshness.STALE,
        Freshness.STALE,
    ]
