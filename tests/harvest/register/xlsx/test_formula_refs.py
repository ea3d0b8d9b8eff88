"""References follow the rows, checked against a list of rows that is really cut and pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.register.xlsx.formula_refs import RowMap, shift_area, shift_formula, title_of, translate
from harvest.register.xlsx.row_shift import mend_table

#: row 5 is gone, two rows stand before row 8, the list (2 to 10) now ends with row 11
MOVED = RowMap.of([5], {8: 2}, 2, 10, 11)
MAPS = {"alle einträge": MOVED}


@pytest.mark.parametrize(
    ("formula", "now"),
    [
        ("SUM(A4:A6)", "SUM(A4:A5)"),
        ("A5+B6", "#REF!+B5"),
        ("$C$8*C$7", "$C$9*C$6"),
        ("SUM(B2:B10)", "SUM(B2:B11)"),
        ("COUNTA(A1:A10)", "COUNTA(A1:A11)"),
        ("SUM(4:9)", "SUM(4:10)"),
        ("SUM(A:A)", "SUM(A:A)"),
        ('"A8"&A8', '"A8"&A9'),
        ("LOG10(A8)", "LOG10(A9)"),
        ("Auswertung!A8", "Auswertung!A8"),
        ("'Alle Einträge'!A8+'Alle Einträge'!$B$9", "'Alle Einträge'!A9+'Alle Einträge'!$B$10"),
        ("[1]Tabelle1!A8", "[1]Tabelle1!A8"),
        ("'[Mappe.xlsx]Alle Einträge'!A8", "'[Mappe.xlsx]Alle Einträge'!A8"),
        ("Tabelle1[[#This Row],[A8]]", "Tabelle1[[#This Row],[A8]]"),
        ("name_A8+A8x+_A8", "name_A8+A8x+_A8"),
        ("IF(A8>1.5E10,A8,A7)", "IF(A9>1.5E10,A9,A6)"),
        ("SUM(A20:A1048576)", "SUM(A21:A1048576)"),
        ('"er sagt ""A8"""&A9', '"er sagt ""A8"""&A10'),
    ],
)
def test_formulas_on_the_sheet_follow(formula: str, now: str) -> None:
    assert shift_formula(formula, MAPS, "alle einträge") == now


def test_formulas_elsewhere_follow_only_where_they_name_the_sheet() -> None:
    assert shift_formula("A8+'Alle Einträge'!A8+A9", MAPS, "auswertung") == "A8+'Alle Einträge'!A9+A9"


def test_an_area_that_is_gone_is_told() -> None:
    assert shift_area("A5:C5", MOVED) is None
    assert shift_area("A5", MOVED) is None
    assert shift_area("A5:C6", MOVED) == "A5:C5"


@pytest.mark.parametrize(
    ("area", "now"), [("J2:J1048576", "J2:J1048576"), ("J2:J10", "J2:J12"), ("J3:J10", "J5:J12")]
)
def test_an_area_of_the_whole_list_begins_with_what_is_put_before_its_first_row(area: str, now: str) -> None:
    assert shift_area(area, RowMap.of([], {2: 2}, 2, 10, 12)) == now


@given(
    st.sets(st.integers(2, 30), max_size=8),
    st.dictionaries(st.integers(2, 31), st.integers(1, 3), max_size=5),
    st.integers(1, 40),
    st.integers(0, 12),
)
def test_rows_go_where_they_would_on_paper(
    removed: set[int], inserted: dict[int, int], start: int, length: int
) -> None:
    paper: list[int | None] = []
    for row in range(1, 60):
        paper += [None] * inserted.get(row, 0)
        if row not in removed:
            paper.append(row)
    rows = RowMap.of(sorted(removed), inserted, 2, 1000, 1000)
    place = {row: number for number, row in enumerate(paper, start=1) if row is not None}
    for row in range(1, 60):
        assert rows.row(row) == place.get(row)
    kept = [place[row] for row in range(start, start + length + 1) if row in place]
    assert rows.span(start, start + length) == ((kept[0], kept[-1]) if kept else None)


@given(st.text(max_size=60))
def test_any_formula_survives_when_nothing_moved(formula: str) -> None:
    assert shift_formula(formula, {"x": RowMap()}, "x") == formula


def test_a_shared_formula_is_spelt_out_for_another_row() -> None:
    assert translate('A2+$B$2+B$2&"A2"', 3) == 'A5+$B$2+B$2&"A2"'


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("'Alle Einträge'", "alle einträge"), ("'Müller''s Liste'", "müller's liste"), ("Übersicht", "übersicht"),
        # no quotes, so nothing is taken off
        ("xÜbersichtx", "xübersichtx"),
        ("[1]Übersicht", ""), ("'[1]Alle Einträge'", ""), ("Eins:Zwei", ""),
    ],
)  # fmt: skip
def test_the_sheet_that_a_reference_names(name: str, title: str) -> None:
    assert title_of(name) == title


def test_a_table_keeps_a_row_when_the_list_is_empty() -> None:
    """Excel calls a workbook damaged in which a table has headings only."""
    gone = RowMap.of([2, 3, 4], {}, 2, 4, 1)
    table = '<table ref="A1:C4"><autoFilter ref="A1:C4"/></table>'
    assert mend_table(table, gone) == '<table ref="A1:C2"><autoFilter ref="A1:C2"/></table>'
