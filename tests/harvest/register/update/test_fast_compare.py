"""The quick look at a row: it may ask to look closer, but never takes a row for right that is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from harvest.register.sheet_model import Cell, ColumnView, Kind, Link, Role
from harvest.register.update.fast_compare import QuickLook
from harvest.register.view.overflow_texts import never
from harvest.register.xlsx.row_xml import Plan, row_cells

COLUMNS = (
    ColumnView("id", "Kennung", 10),
    ColumnView("name", "Name", 10, Role.EDITABLE),
    ColumnView("note", "Notiz", 10, Role.EDITABLE),
    ColumnView("day", "Tag", 10, kind=Kind.DATE),
    ColumnView("count", "Zahl", 10, kind=Kind.NUMBER),
    ColumnView("link", "Original", 10, kind=Kind.LINK),
)
PLANS = [Plan.of(place, 3, column) for place, column in enumerate(COLUMNS)]
_STRING = re.compile(r' t="inlineStr"><is><t(?: xml:space="preserve")?>([^<]*)</t></is>')


def look(shared: Sequence[str] = ()) -> QuickLook:
    return QuickLook([(place, plan.letter, plan) for place, plan in enumerate(PLANS)], shared)


def spelt(cells: Sequence[Cell], number: int) -> str:
    return row_cells(number, cells, PLANS, never)


def by_excel(rows: Sequence[tuple[Cell, ...]]) -> tuple[list[str], list[str]]:
    """The rows with shared strings, and these."""
    strings: dict[str, int] = {"1": 0, "46000": 1}  # texts that look like another cell's number
    out = []
    for number, cells in enumerate(rows, start=2):
        xml = spelt(cells, number)
        for text in (cell for cell in cells if isinstance(cell, str) and cell):
            shared = f' t="s"><v>{strings.setdefault(text, len(strings))}</v>'
            xml = _STRING.sub(shared, xml, count=1)
        out.append(xml)
    return out, list(strings)


TEXTS = st.sampled_from(
    ("", "a", "b", " a", "a & b", "a &amp; b", "<", "_x0041_", "A", "%s %d %", "1", "46000", "Haus\nMarkt",
     '</t></is></c><c r="C2" s="3" t="inlineStr"><is><t>b')
)  # fmt: skip
ROWS = st.tuples(
    TEXTS,
    TEXTS | st.none() | st.sampled_from((0, 1)),
    TEXTS | st.none(),
    st.none() | st.sampled_from((date(2025, 12, 9), date(2026, 5, 4))) | TEXTS,
    st.none() | st.sampled_from((0, 1, 17)),
    st.none() | st.sampled_from((Link("originals/a.pdf", "öffnen"), Link("originals/b.pdf", "öffnen"))),
)


def told(cells: Sequence[Cell]) -> list[Cell]:
    return ["" if cell is None else cell for cell in cells]


def really_same(one: Sequence[Cell], other: Sequence[Cell]) -> bool:
    """As the cells' texts: a number may stand where a text with its digits does."""
    return [str(cell) for cell in told(one)] == [str(cell) for cell in told(other)]


@given(st.lists(st.tuples(ROWS, ROWS), max_size=12))
def test_no_row_is_taken_for_right_that_is_not(
    pairs: list[tuple[tuple[Cell, ...], tuple[Cell, ...]]],
) -> None:
    inline, there = look(), [stands for stands, _ in pairs]
    xml, strings = by_excel(there)
    excel = look(strings)
    for number, (stands, wanted) in enumerate(pairs, start=2):
        for cells in (stands, wanted, stands):
            if inline.same(cells, number, spelt(stands, number)):
                assert really_same(cells, stands)
            if excel.same(cells, number, xml[number - 2]):
                assert really_same(cells, stands)


@given(st.lists(ROWS, max_size=12))
def test_a_row_as_we_write_it_is_known_at_once(rows: list[tuple[Cell, ...]]) -> None:
    inline = look()
    for number, cells in enumerate(rows, start=2):
        plain = all(isinstance(cells[place], str | None) for place in (1, 2))
        assert inline.same(cells, number, spelt(cells, number)) or not plain


def test_peoples_own_cells_between_and_behind_ours_do_not_matter() -> None:
    inline = QuickLook([(0, "A", PLANS[0]), (1, "C", PLANS[1])], ())
    row = '<c r="A{0}" s="3" t="inlineStr"><is><t>{1}</t></is></c>{2}<c r="C{0}" s="3" t="inlineStr"><is><t>{3}</t></is></c>{4}'
    own = '<c r="{}{}"><v>7</v></c>'
    for number, (between, behind) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1), (0, 0), (0, 1)], start=2):
        xml = row.format(
            number,
            f"e{number}",
            own.format("B", number) if between else "",
            "Haus",
            own.format("D", number) if behind else '<c r="D3" s="9"/>',
        )
        assert inline.same((f"e{number}", "Haus"), number, xml)
        assert not inline.same((f"e{number}", "Hof"), number, xml)
        assert not inline.same((f"e{number}", None), number, xml)
