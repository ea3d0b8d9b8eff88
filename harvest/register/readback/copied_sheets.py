"""Sheets of ours that somebody copied within the workbook and worked on: what stands there is read by nobody.

A copy bears our headings under another title; only one on which cells differ is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harvest.model import Problem, Severity
from harvest.register.errors import NotAWorkbookError
from harvest.register.readback.locate import FoundSheet, texts_of
from harvest.register.sheet_model import Role
from harvest.register.workbook.workbook_reader import Book, BookSheet
from harvest.register.xlsx.worksheet_reader import Grid

_LOOK_INTO = 40  # rows at the top among which headings are looked for
_Places = Mapping[str, int]


def copied_sheets(book: Book, found: Mapping[str, FoundSheet]) -> Iterator[Problem]:
    """Each copy of a sheet of ours on which cells of ours say something else."""
    ours = {one.sheet.part for one in found.values()}
    for sheet in book.sheets:
        if sheet.part in ours:
            continue
        try:
            grid = book.grid(sheet)
        except NotAWorkbookError:  # people's own sheet, which we need not understand
            continue
        yield from _copy(book, sheet, grid, found)


def _copy(book: Book, sheet: BookSheet, grid: Grid, found: Mapping[str, FoundSheet]) -> Iterator[Problem]:
    alike = []
    for one in found.values():
        header, places = _headings(book, grid, one)
        if header:
            named = sheet.title.casefold().startswith(one.sheet.title.casefold())
            alike.append((named, len(places), one, header, places))
    if not alike:
        return
    # sheets of sections have the headings of the one with all entries: what the copy is called decides
    _, _, original, header, places = max(alike, key=lambda one: one[:2])
    cells = _difference(book, original, grid, header, places)
    if cells:
        details = (("cells", str(cells)), ("original", original.sheet.title))
        yield Problem("register-sheet-copied", Severity.CHECK, sheet.title, details)


def _headings(book: Book, grid: Grid, original: FoundSheet) -> tuple[int, _Places]:
    """Row number of our headings and where each stands; 0 where the sheet does not bear them."""
    wanted = {column.heading.casefold(): column.key for column in original.view.columns}
    for row in grid.rows:
        if row.number > _LOOK_INTO:
            break
        places = {
            wanted[text.casefold()]: place
            for place, text in texts_of(book, row).items()
            if text.casefold() in wanted
        }
        if "id" in places and len(places) * 5 >= len(wanted) * 4:
            return row.number, places
    return 0, {}


def _difference(book: Book, original: FoundSheet, grid: Grid, header: int, places: _Places) -> int:
    """How many cells that people may write in say something else on the copy; rows are told apart by their id."""
    columns = [
        column.key
        for column in original.view.columns
        if column.role is not Role.MANAGED and column.key in places and column.key in original.columns
    ]
    mine = _rows(book, original.grid, original.header, original.columns, columns)
    theirs = _rows(book, grid, header, places, columns)
    return sum(
        text != before
        for key, texts in theirs.items()
        for text, before in zip(texts, mine.get(key, [""] * len(columns)), strict=True)
    )


def _rows(
    book: Book, grid: Grid, header: int, places: _Places, columns: list[str]
) -> dict[tuple[str, int], list[str]]:
    """Id and how many rows with it came before -> the texts of these columns."""
    rows: dict[tuple[str, int], list[str]] = {}
    seen: dict[str, int] = {}
    for row in grid.rows:
        if row.number <= header or not row.inside:
            continue
        texts = texts_of(book, row)
        said = [texts.get(places[key], "") for key in columns]
        identity = texts.get(places.get("id", -1), "").casefold()
        if identity or any(said):
            seen[identity] = seen.get(identity, 0) + 1
            rows[identity, seen[identity]] = said
    return rows
