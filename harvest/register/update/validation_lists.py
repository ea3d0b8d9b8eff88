"""Choices that no formula can hold, in a workbook that exists: found on a hidden sheet, or put on one more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from harvest.register.sheet_model import ColumnView
from harvest.register.workbook.workbook_reader import Book, BookSheet
from harvest.register.workbook.workbook_writer import list_references, lists_xml
from harvest.register.xlsx.sheet_layout import literal_list
from harvest.register.xlsx.worksheet_reader import cells_of

Choices = tuple[str, ...]


@dataclass
class ChoiceLists:
    """Where lists of choices stand; `title` is the hidden sheet's word."""

    book: Book
    title: str
    new_title: str
    _there: dict[Choices, str] | None = None
    _new: list[Choices] = field(default_factory=list)

    def references(self, columns: Sequence[ColumnView]) -> dict[Choices, str]:
        """Choices of these columns that need a place -> where they stand."""
        wanted = dict.fromkeys(
            column.choices for column in columns if column.choices and literal_list(column.choices) is None
        )
        if wanted and self._there is None:
            self._there = self._read()
        there = self._there or {}
        self._new += [choices for choices in wanted if choices not in there and choices not in self._new]
        return {**there, **list_references(self._new, self.new_title)}

    def part(self) -> str:
        """The sheet with the choices that stood nowhere; empty if there are none."""
        return lists_xml(self._new) if self._new else ""

    def listed(self, formula: str) -> Choices:
        """The choices that a list's formula stands for; none where it is somebody's own."""
        if formula.startswith('"') and formula.endswith('"'):
            return tuple(formula[1:-1].split(","))
        if self._there is None:
            self._there = self._read()
        plain = formula.replace("'", "")
        return next((one for one, where in self._there.items() if where.replace("'", "") == plain), ())

    def _read(self) -> dict[Choices, str]:
        """The lists on hidden sheets as they stand: a column each, from the first row on."""
        word, found = self.title.casefold(), dict[Choices, str]()
        for sheet in self.book.sheets:
            if sheet.title.casefold() == word or sheet.title.casefold().startswith(f"{word} ("):
                found |= list_references(self._columns(sheet), sheet.title)
        found.pop((), None)
        return found

    def _columns(self, sheet: BookSheet) -> list[Choices]:
        columns: dict[int, list[str]] = {}
        for number, row in enumerate(self.book.grid(sheet).rows, start=1):
            for cell in cells_of(row):
                listed = columns.setdefault(cell.place, [])
                if row.number == number == len(listed) + 1:
                    listed.append(self.book.text(cell))
        return [tuple(columns.get(place, ())) for place in range(max(columns, default=-1) + 1)]
