"""The two systems in which workbooks count days: from the end of 1899, or from 1904 (ECMA-376-1, 18.17.4.1).

Rows of a view are put into the workbook's own system before they are compared and written, so that nothing else has to
know of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from harvest.register.sheet_model import Cell, RegisterView, Rows, RowView, SheetView
from harvest.register.workbook.workbook_reader import Book
from harvest.register.xlsx.coercion import FROM_1904

_BETWEEN = timedelta(days=FROM_1904)


def counted(day: date, *, since_1904: bool) -> date:
    """The day or moment that is written, in a system from 1899, with the number that stands for `day` in this one."""
    return day - _BETWEEN if since_1904 else day


def in_system_of(book: Book, view: RegisterView) -> RegisterView:
    """The view whose days are written with the numbers that this workbook uses for them."""
    if not book.since_1904:
        return view
    return replace(view, sheets=tuple(_counted_sheet(sheet) for sheet in view.sheets))


def _counted_sheet(sheet: SheetView) -> SheetView:
    def rows() -> Iterator[RowView]:
        for row in sheet.rows:
            yield replace(row, cells=tuple(_counted_cell(cell) for cell in row.cells))

    return replace(sheet, rows=Rows(rows))


def _counted_cell(cell: Cell) -> Cell:
    return counted(cell, since_1904=True) if isinstance(cell, date) else cell
