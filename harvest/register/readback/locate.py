"""Which sheets and columns of a workbook are ours, whatever people renamed, moved or inserted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harvest.register.readback.user_rows import totals
from harvest.register.sheet_model import ENTRIES, SheetView
from harvest.register.workbook.sheet_marks import column_mark, safe_title, sheet_mark
from harvest.register.workbook.workbook_reader import Book, BookSheet
from harvest.register.xlsx.worksheet_reader import Grid, RawRow, cells_of

_LOOK_INTO = 40  # rows at the top among which the headings are looked for


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """A sheet of ours in an existing workbook.

    Attributes:
        header: row number of the headings.
        columns: column key -> place from 0; columns that somebody deleted are left out.
        totals: numbers of the rows in which tables add up others; people's, not ours.
    """

    view: SheetView
    sheet: BookSheet
    grid: Grid
    header: int
    columns: Mapping[str, int]
    totals: frozenset[int] = frozenset()


def find_sheets(book: Book, views: Sequence[SheetView]) -> dict[str, FoundSheet]:
    """Our sheets, by key. One that nobody can recognise is left out."""
    found: dict[str, FoundSheet] = {}
    taken: set[str] = set()
    titles: set[str] = set()
    wanted = [(view, safe_title(view.title, titles)) for view in views]
    for view, title in wanted:
        sheet = _sheet(book, view, title, taken)
        if sheet is not None:
            taken.add(sheet.part)
            found[view.key] = _found(book, view, sheet)
    for view, title in wanted:
        if view.key not in found and (renamed := _renamed(book, view, title, taken)) is not None:
            taken.add(renamed.sheet.part)
            found[view.key] = renamed
    return {view.key: found[view.key] for view, _ in wanted if view.key in found}


def _renamed(book: Book, view: SheetView, title: str, taken: set[str]) -> FoundSheet | None:
    """A sheet that lost both mark and title, known by its headings.

    Numbers appends the name of its table to the title, other programs a number; only the sheet with all entries, without
    which nothing goes, is sought under any title at all.
    """
    headings = {column.heading.casefold() for column in view.columns}
    candidates = []
    for sheet in book.sheets:
        alike = sheet.title.casefold().startswith(title.casefold())
        if sheet.part in taken or not (alike or view.key == ENTRIES):
            continue
        found = _found(book, view, sheet)
        head = next((row for row in found.grid.rows if row.number == found.header), None)
        texts = texts_of(book, head).values() if head is not None else ()
        if len(headings & {text.casefold() for text in texts}) * 5 >= len(headings) * 4:
            candidates.append((alike, len(found.grid.rows), -sheet.index, found))
    return max(candidates, key=lambda one: one[:3])[3] if candidates else None


def _sheet(book: Book, view: SheetView, title: str, taken: set[str]) -> BookSheet | None:
    """By the marks, since they follow a renamed sheet; else by the title, for programs that drop the marks."""
    names = [sheet_mark(view.key), *(column_mark(view.key, column.key) for column in view.columns)]
    marked = [book.targets[name].title for name in names if name in book.targets]
    for wanted in (*dict.fromkeys(marked), title):
        for sheet in book.sheets:
            if sheet.title.casefold() == wanted.casefold() and sheet.part not in taken:
                return sheet
    return None


def _found(book: Book, view: SheetView, sheet: BookSheet) -> FoundSheet:
    grid = book.grid(sheet)
    marks = {}
    for column in view.columns:
        target = book.targets.get(column_mark(view.key, column.key))
        if target is not None and target.title.casefold() == sheet.title.casefold():
            marks[column.key] = (target.place, target.row)
    header, texts = _header(book, view, grid, [row for _, row in marks.values()])
    columns = _columns(view, texts, {key: place for key, (place, row) in marks.items() if row == header})
    return FoundSheet(view, sheet, grid, header, columns, totals(book, sheet))


def _header(book: Book, view: SheetView, grid: Grid, marked: Sequence[int]) -> tuple[int, dict[int, str]]:
    """The row that holds most of our headings; the marks decide between equals and where none is left."""
    headings = {column.heading.casefold() for column in view.columns}
    best, best_score, best_texts = 1, 0.0, {}
    for row in grid.rows:
        if row.number > _LOOK_INTO and row.number not in marked:
            continue
        texts = texts_of(book, row)
        score = sum(text.casefold() in headings for text in texts.values())
        weighed = score + (0.5 + 0.01 * marked.count(row.number) if row.number in marked else 0)
        if weighed > best_score:
            best, best_score, best_texts = row.number, weighed, texts
            if score >= len(headings) and (row.number in marked or not marked):
                break  # no other row can hold more of them
        if row.number > max((_LOOK_INTO, *marked)):
            break
    return best, best_texts


def texts_of(book: Book, row: RawRow) -> dict[int, str]:
    """Place -> text of a row's cells."""
    return {cell.place: book.text(cell).strip() for cell in cells_of(row)}


def _columns(view: SheetView, texts: Mapping[int, str], marks: Mapping[str, int]) -> dict[str, int]:
    """Where each column stands.

    A heading and its mark agree unless somebody renamed the heading, or moved columns with a program that does
    not carry marks along. If most marks still stand over their heading, the marks are right and a heading was renamed.
    """
    headings = {column.key: column.heading.casefold() for column in view.columns}
    by_text: dict[str, list[int]] = {}
    for place, text in texts.items():
        by_text.setdefault(text.casefold(), []).append(place)
    agreeing = sum(texts.get(place, "").casefold() == headings[key] for key, place in marks.items())
    trusted = agreeing * 5 >= len(marks) * 4
    ours = set(headings.values())

    def strange(key: str, heading: str) -> bool:
        """Whether the mark of a column that is gone was left over another one of ours."""
        there = texts.get(marks[key], "").casefold()
        return there != heading and there in ours and by_text[there] == [marks[key]]

    found: dict[str, int] = {}
    for key, heading in headings.items():
        places = by_text.get(heading, [])
        if key in marks and ((trusted and not strange(key, heading)) or marks[key] in places):
            found[key] = marks[key]
        elif len(places) >= 1:
            found[key] = places[0]
    for key, place in marks.items():  # a renamed heading in a workbook whose marks are otherwise off
        if (
            key not in found
            and place not in found.values()
            and texts.get(place)
            and not strange(key, headings[key])
        ):
            found[key] = place
    return _unique(found)


def _unique(found: Mapping[str, int]) -> dict[str, int]:
    """One column per place: two of ours can't stand in one."""
    seen: dict[int, str] = {}
    for key, place in found.items():
        seen.setdefault(place, key)
    return {key: place for place, key in seen.items()}
