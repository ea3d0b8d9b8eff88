"""Info dates of every sloppy kind become moments in UTC, or nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.model.times import moment_of
from harvest.reading.pdf.pdf_dates import parse_date

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "D:20260301130000+01'00'",
        "D:20260301130000+01'00",  # ISO 32000-2 drops the last apostrophe
        "D:20260301130000+0100",
        "D:20260301130000+01",
        "D:20260301120000Z",
        "D:20260301120000Z00'00'",
        "D:20260301120000+00'00'",
        "D:20260301120000-00'00'",
        "D:20260301070000-05'00'",
        "D:20260301120000",
        "D:202603011200",
        "D:2026030112",
        "20260301120000",
        " D: 20260301120000Z ",
        "D:20260301120000Z\0",
        "2026-03-01T12:00:00Z",
        "2026-03-01 13:00:00+01:00",
        "2026-03-01T12:00:00.123Z",
        "Sun, 01 Mar 2026 13:00:00 +0100",
        "Sun Mar  1 12:00:00 2026",
    ],
)
def test_noon_on_the_first_of_march(text: str) -> None:
    assert parse_date(text) == NOON


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("D:2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("D:202603", datetime(2026, 3, 1, tzinfo=UTC)),
        ("D:20260301", datetime(2026, 3, 1, tzinfo=UTC)),
        ("D:20261231235960Z", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),  # a leap second
        ("D:20260301120000+99'00'", NOON),  # an offset that no place has
    ],
)
def test_short_and_odd_dates(text: str, moment: datetime) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "D:",
            "gestern",
            "D:20261399",
            "D:20260230",
            "D:00000000000000Z",
            "D:19700101000000Z",
            "D:19100101",
        ),
        # local time, and the report with it, ends before year 9999 does; that of Windows in 3000
        *("D:99991231235959Z", "D:30010101", "Fri, 31 Dec 9999 23:59:00 +0000"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@given(st.text() | st.from_regex(r"D:\d{0,14}[-+Z]?\d{0,4}'?\d{0,2}'?"))
def test_no_text_raises(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.tzinfo is UTC


def test_the_time_of_a_file_is_a_moment() -> None:
    assert moment_of(NOON.timestamp()) == NOON


@pytest.mark.parametrize(
    "seconds",
    [
        0,  # a clock that was never set
        -11_644_473_600,  # 1601, the first day that Windows knows
        32_503_680_000,  # 3000
        1e18, float("inf"), float("nan"),
    ],
)  # fmt: skip
def test_a_file_of_a_time_that_cannot_be_has_none(seconds: float) -> None:
    assert moment_of(seconds) is None
