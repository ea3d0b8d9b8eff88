"""A page of the form that stands twice: two answers if token or cover differ, else perhaps further rows, and asked."""

from __future__ import annotations

import io
import warnings

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from harvest.ledger import moment_of
from harvest.model import Reading, Submission
from harvest.normalise import submissions
from harvest.reading import read
from spec.geometry import PageKey
from tests.harvest.reading.forms import EDITION, EDITIONS, ROWS, TOKEN, TOKEN_2, blank, fill, returned, saved

CELL, BESIDE, NEXT = (
    f"kontaktstelle_r0{row}_{column}"
    for row, column in ((1, "einrichtung"), (1, "adresse"), (2, "einrichtung"))
)
SHEET = PageKey("kontaktstelle", 1)
COVER = PageKey("cover", 1)


def joined(*parts: bytes) -> bytes:
    whole = Pdf.new()
    for part in parts:
        with Pdf.open(io.BytesIO(part)) as one, warnings.catch_warnings():
            # the fields stay on their pages, but no field tree leads to them: as many tools join
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)
            whole.pages.extend(one.pages)
    return saved(whole)


def sheet(values: dict[str, str], token: str | None = None, *, cover: str | None = None) -> bytes:
    """A page of the form, with a cover page where somebody is named."""
    pages = [SHEET] if cover is None else [COVER, SHEET]
    named = {} if cover is None else {"cover_organisation": cover}
    return saved(fill(blank(token, pages=pages), {**named, **values}))


def answers(reading: Reading) -> tuple[Submission, ...]:
    return submissions(reading, "0" * 64, "a.pdf", moment_of(None, ()), EDITIONS)


def rows(one: Submission) -> list[dict[str, str]]:
    return [{key: value.text for key, value in row.values.items()} for of in one.sheets for row in of.rows]


def codes(reading: Reading) -> list[str]:
    return [one.code for one in reading.problems]


def test_two_covers_are_two_answers() -> None:
    reading = read(
        joined(sheet({CELL: "Haus Süd"}, cover="Nord"), sheet({CELL: "Haus West"}, cover="Ost")), EDITIONS
    )
    assert [rows(one) for one in answers(reading)] == [
        [{"einrichtung": "Haus Süd"}],
        [{"einrichtung": "Haus West"}],
    ]
    assert codes(reading) == []


def test_two_tokens_are_two_answers() -> None:
    reading = read(joined(sheet({CELL: "Haus Süd"}, TOKEN), sheet({CELL: "Haus West"}, TOKEN_2)), EDITIONS)
    assert len(answers(reading)) == 2
    assert codes(reading) == []


@pytest.mark.parametrize("token", [None, TOKEN])
def test_further_rows_of_one_partner_stay_rows_of_their_own_and_are_asked_about(token: str | None) -> None:
    first = sheet({CELL: "Haus Süd", BESIDE: "Weg 1"}, token, cover="Nord")
    second = sheet({CELL: "Haus West", NEXT: "Haus Ost"}, token)
    reading = read(joined(first, second), EDITIONS)
    [one] = answers(reading)
    assert rows(one) == [
        {"einrichtung": "Haus Süd", "adresse": "Weg 1"},
        {"einrichtung": "Haus Ost"},
        {"einrichtung": "Haus West"},
    ]
    assert codes(reading) == ["page-twice"]
    assert dict(reading.problems[0].details) == {"page": "3", "first": "2"}
    assert ROWS < max(row.number for of in one.sheets for row in of.rows) <= 2 * ROWS


def test_three_times() -> None:
    reading = read(joined(*(sheet({CELL: f"Haus {name}"}) for name in ("Süd", "West", "Ost"))), EDITIONS)
    [one] = answers(reading)
    assert [row["einrichtung"] for row in rows(one)] == ["Haus Süd", "Haus West", "Haus Ost"]
    assert codes(reading) == ["page-twice", "page-twice"]


def test_the_same_page_twice_is_one() -> None:
    part = sheet({CELL: "Haus Süd", BESIDE: "Weg 1"}, cover="Nord")
    reading = read(joined(part, part), EDITIONS)
    assert [rows(one) for one in answers(reading)] == [[{"einrichtung": "Haus Süd", "adresse": "Weg 1"}]]
    assert codes(reading) == []


def test_an_empty_copy_says_nothing() -> None:
    filled, empty = sheet({CELL: "Haus Süd"}), sheet({})
    for parts in ((filled, empty), (empty, filled)):
        reading = read(joined(*parts), EDITIONS)
        assert [rows(one) for one in answers(reading)] == [[{"einrichtung": "Haus Süd"}]]
        assert codes(reading) == []


def test_one_facility_said_in_two_ways_is_one_row_that_is_asked_about() -> None:
    reading = read(
        joined(sheet({CELL: "Haus Süd", BESIDE: "Weg 1"}), sheet({CELL: "Haus Süd", BESIDE: "Weg 2"})),
        EDITIONS,
    )
    [one] = answers(reading)
    assert rows(one) == [{"einrichtung": "Haus Süd", "adresse": "Weg 1"}]
    assert [value.text for value in one.sheets[0].rows[0].values["adresse"].alternatives] == ["Weg 2"]
    assert codes(reading) == ["page-twice", "conflicting-widgets"]


def test_a_row_without_its_facility_is_never_mixed_with_another() -> None:
    reading = read(joined(sheet({CELL: "Haus Süd"}), sheet({BESIDE: "Weg 2"})), EDITIONS)
    [one] = answers(reading)
    assert rows(one) == [{"einrichtung": "Haus Süd"}, {"adresse": "Weg 2"}]
    assert codes(reading) == ["page-twice"]


def test_a_prefilled_entry_stays_itself() -> None:
    def personal(text: str) -> bytes:
        with Pdf.open(io.BytesIO(sheet({CELL: text}, TOKEN))) as pdf:
            name = String(f"{EDITION.edition}_kontaktstelle_r01_id")
            one = Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=name,
                V=String("abc"),
                Rect=Array([1, 1, 3, 3]),
            )
            pdf.pages[0].obj.Annots.append(pdf.make_indirect(one))
            return saved(pdf)

    [one] = answers(read(joined(personal("Haus Süd"), personal("Haus West")), EDITIONS))
    [row] = one.sheets[0].rows
    assert (row.entry_id, row.number, len(row.values["einrichtung"].alternatives)) == ("abc", 1, 1)


def test_a_return_whose_pages_stand_once_is_untouched() -> None:
    data = returned({CELL: "Haus Süd", "wohnen_r04_einrichtung": "WG"})
    assert codes(read(data, EDITIONS)) == []
