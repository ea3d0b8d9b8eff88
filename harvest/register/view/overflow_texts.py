"""Texts longer than a cell: the cell shows the beginning and a mark, a sheet of its own continues them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from harvest.register.cell_text import find_mark, mark_of, part
from harvest.register.sheet_model import LONG_TEXTS, ColumnView, RegisterView, Rows, RowView, SheetView


@dataclass
class LongTexts:
    """Collects what did not fit while a register is written. The same text is continued once."""

    sheet: str
    template: str
    _parts: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, view: RegisterView) -> LongTexts:
        """An empty collection that speaks the register's language."""
        return cls(view.say["long-texts"], view.say["continued"])

    def shorten(self, text: str, column: ColumnView) -> str:
        """What the cell shows: the first part and where it goes on."""
        mark = mark_of(text)
        first, *rest = part(text)
        self._parts.setdefault(mark, (column.heading, tuple(rest)))
        return first + self.template.replace("{sheet}", self.sheet).replace("{mark}", mark)

    def __len__(self) -> int:
        return len(self._parts)

    def view(self, register: RegisterView) -> SheetView:
        """The sheet that continues the texts, to be written after all others."""

        def rows() -> Iterator[RowView]:
            for mark in sorted(self._parts):
                heading, parts = self._parts[mark]
                for number, text in enumerate(parts, start=2):
                    yield RowView((mark, heading, number, text), 0)

        say = register.say
        columns = (
            ColumnView("mark", say["mark"], 16),
            ColumnView("column", say["column"], 26),
            ColumnView("part", say["part"], 7),
            ColumnView("text", say["value"], 110),
        )
        return SheetView(
            LONG_TEXTS,
            say["long-texts"],
            columns,
            Rows(rows),
            ("mark", "part"),
            say["empty-long-texts"],
            "#607d8b",
        )


def whole(text: str, continued: Mapping[str, str]) -> str:
    """The whole text of a cell: with its continuation, where it ends with the mark of one that is known."""
    if "]" not in text[-1:]:
        return text
    found = find_mark(text)
    if found is None or found[1] not in continued:
        return text
    return found[0] + continued[found[1]]


def joined(rows: Iterator[tuple[str, str, str]]) -> dict[str, str]:
    """Mark -> the text that continues it, from rows of (mark, part, text) in any order."""
    parts: dict[str, dict[int, str]] = {}
    for mark, number, text in rows:
        if mark and number.isdecimal():
            parts.setdefault(mark, {})[int(number)] = text
    return {mark: "".join(found[number] for number in sorted(found)) for mark, found in parts.items()}


def never(text: str, column: ColumnView) -> str:
    """For sheets whose texts are parted already."""
    raise ValueError(f"a text of {len(text)} characters in {column.heading!r} fits no cell")


def stamp(moment: datetime) -> tuple[int, int, int, int, int, int]:
    """A zip entry's time; zip knows no year before 1980."""
    return (max(1980, moment.year), moment.month, moment.day, moment.hour, moment.minute, moment.second)
