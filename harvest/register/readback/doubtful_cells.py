"""Cells of which the file does not say what a person sees in them: formulas, and texts that it lost.

What such a cell said before stays, and it is told: nobody wrote an empty cell, nor the `0` that programs store which
calculate nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from harvest.model import Problem, Severity
from harvest.register.errors import NotAWorkbookError
from harvest.register.readback.locate import FoundSheet
from harvest.register.sheet_model import ColumnView, Role
from harvest.register.workbook.workbook_reader import Book
from harvest.register.xlsx.worksheet_reader import RawCell, RawRow, cells_of, raw_value

_OUR_LINK = b'<f>HYPERLINK("originals/'
_SHARED = b't="s"'
_ERROR = b't="e"'
_NOTHING = re.compile(r"\s*+-?0*+(?:[.,]0*+)?(?:[eE][+-]?\d++)?\s*+")


def is_doubtful(book: Book, row: RawRow) -> bool:
    """A quick look: whether `doubts` may find anything in a row."""
    if row.inside.count(b"<f") != row.inside.count(_OUR_LINK):
        return True
    if _ERROR in row.inside:
        return True
    return book.lost_texts > 0 and _SHARED in row.inside


def doubts(book: Book, found: FoundSheet, row: RawRow, blind: set[str]) -> Iterator[Problem]:
    """What is told of a row's cells; `blind` takes the columns of which nothing is concluded.

    Raises:
        NotAWorkbookError: the text that is lost is an id, without which no row can be told from the others.
    """
    ours = {found.columns[column.key]: column for column in found.view.columns if column.key in found.columns}
    for cell in cells_of(row):
        column, place = ours.get(cell.place), f"{found.sheet.title}!{cell.letters}{row.number}"
        if column is None:
            continue
        if _is_lost(book, cell):
            yield from _lost(book, place, column, blind)
        elif cell.formula and column.role is not Role.MANAGED:
            yield _formula(book, place, cell, column, blind)
        elif cell.kind == "e" and column.role is not Role.MANAGED:
            # what is left where a formula was replaced by its values: nobody wrote an error's name
            blind.add(column.key)
            details = (("column", column.heading), ("shown", raw_value(cell.inside)))
            yield Problem("register-error-value", Severity.CHECK, place, details)


def _is_lost(book: Book, cell: RawCell) -> bool:
    return cell.kind == "s" and bool(cell.inside) and book.lacks_text(raw_value(cell.inside))


def _lost(book: Book, place: str, column: ColumnView, blind: set[str]) -> Iterator[Problem]:
    if column.key == "id":
        raise NotAWorkbookError(
            f"{book.package.path.name}, {place}",
            "The cell names a text that the file does not hold.",
            "Restore the newest file of backups/, or save the register anew in the program in which it was edited.",
        )
    if column.role is not Role.MANAGED:
        blind.add(column.key)
        yield Problem("register-text-lost", Severity.CHECK, place, (("column", column.heading),))


def _formula(book: Book, place: str, cell: RawCell, column: ColumnView, blind: set[str]) -> Problem:
    """What is told of a formula.

    A program that does not calculate stores no result, an empty one or 0 (exceljs, openpyxl, SheetJS, XlsxWriter), and an
    error's name is nothing that a person wrote.
    """
    shown = book.text(cell)
    if cell.kind == "e" or _NOTHING.fullmatch(shown if cell.kind == "str" else raw_value(cell.inside)):
        blind.add(column.key)
        return Problem("register-formula-blind", Severity.CHECK, place, (("column", column.heading),))
    details = (("column", column.heading), ("shown", shown))
    return Problem("register-formula", Severity.CHECK, place, details)


def lost_choices(book: Book, sheets: Iterable[FoundSheet]) -> Iterator[Problem]:
    """The decisions of which the file lost the text."""
    for found in sheets if book.lost_texts else ():
        decisions = {
            found.columns[column.key]: column
            for column in found.view.columns
            if column.role is Role.DECISION and column.key in found.columns
        }
        for row in found.grid.rows if decisions else ():
            for cell in cells_of(row):
                if row.number > found.header and cell.place in decisions and _is_lost(book, cell):
                    place = f"{found.sheet.title}!{cell.letters}{row.number}"
                    heading = (("column", decisions[cell.place].heading),)
                    yield Problem("register-text-lost", Severity.CHECK, place, heading)
