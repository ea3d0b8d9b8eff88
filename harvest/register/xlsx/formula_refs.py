"""References follow rows that were inserted or taken out, as a spreadsheet program would see to it.

One rule goes beyond that: a range that covered all rows of a sheet of ours covers all of them afterwards, so that
filters, charts, pivot tables and sums include what is put in before the first or after the last.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harvest.register.xlsx.row_xml import MAX_ROWS

LOST = "#REF!"

_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_TOKEN = re.compile(
    r'(?P<string>"(?:[^"]|"")*")'
    r"|(?P<prefix>(?:'(?:[^']|'')*'|(?:\[[^\]]*\])?[^\W\d][\w.]*(?::[^\W\d][\w.]*)?|\[[^\]]*\]\d*)!)"
    r"|(?P<bracket>\[(?:[^\[\]]|\[[^\]]*\])*\])"
    rf"|(?P<area>(?<![\w.$]){_CELL}(?::{_CELL})?(?![\w.(!]))"
    r"|(?P<rows>(?<![\w.$:])\$?[0-9]{1,7}:\$?[0-9]{1,7}(?![\w.]))"
    r"|(?P<word>[\w.\\]+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
#: No program takes a longer formula; what stands there instead is left as it is.
_LONGEST = 8192
_PARTS = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class RowMap:
    """Where the rows of a sheet went.

    Attributes:
        removed: row numbers that are gone, ascending.
        before: row numbers (as they were) before which rows were inserted, ascending.
        sums: rows inserted before each of them and all earlier ones.
        first, last: the rows of the list as it was, headings left out.
        new_last: the list's last row as it is now.
        listed: the list's last row as a program knew it: rows that somebody added below are entries since now. 0: `last`.
    """

    removed: tuple[int, ...] = ()
    before: tuple[int, ...] = ()
    sums: tuple[int, ...] = ()
    first: int = 2
    last: int = 1
    new_last: int = 1
    listed: int = 0

    @classmethod
    def of(
        cls, removed: Sequence[int], inserted: Mapping[int, int], first: int, last: int, new_last: int
    ) -> RowMap:
        """From the rows taken out and the number of rows put in before each row."""
        before = tuple(sorted(inserted))
        total, sums = 0, []
        for row in before:
            total += inserted[row]
            sums.append(total)
        return cls(tuple(sorted(removed)), before, tuple(sums), first, last, new_last)

    @property
    def moves(self) -> bool:
        """Whether any row that stays has another number now, or one is gone."""
        return bool(self.removed) or any(row <= self.last for row in self.before)

    @property
    def changes(self) -> bool:
        """Whether any reference may have to change."""
        return self.moves or self.new_last != (self.listed or self.last)

    def ends_list(self, row: int) -> bool:
        """Whether an area that ends with this row ends with the list."""
        return (self.listed or self.last) <= row <= self.last

    def _shifted(self, row: int) -> int:
        put_in = bisect_right(self.before, row)
        return row - bisect_left(self.removed, row) + (self.sums[put_in - 1] if put_in else 0)

    def row(self, row: int) -> int | None:
        """The row's number now; None if it is gone."""
        place = bisect_left(self.removed, row)
        if place < len(self.removed) and self.removed[place] == row:
            return None
        if row >= MAX_ROWS:
            return row
        return min(self._shifted(row), MAX_ROWS)

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """The rows that were `first` to `last`; None if all are gone."""
        start, end = first, last
        gone = set(self.removed) if self.removed else ()
        while start <= end and start in gone:
            start += 1
        while end >= start and end in gone:
            end -= 1
        covers = first < last and first <= self.first and self.ends_list(last)
        if start > end:
            return (self.first, self.new_last) if covers and self.new_last >= self.first else None
        # an empty list's one line goes when entries come, and those that come first stand before all others
        whole = first == self.first < last and last >= self.last
        new_start, new_end = self.first if whole else self.row(start), self.row(end)
        if new_start is None or new_end is None:
            return None
        return new_start, self.new_last if covers else new_end


def shift_area(text: str, rows: RowMap) -> str | None:
    """`A5`, `A5:B9` or `$A$5` in a sheet whose rows moved; None if all of it is gone."""
    parts = _PARTS.findall(text)
    if not parts:
        return text
    numbers = [int(part[3]) for part in parts]
    if len(parts) == 1:
        row = rows.row(numbers[0])
        return None if row is None else _spelt(parts[0], row)
    span = rows.span(min(numbers), max(numbers))
    if span is None:
        return None
    first, last = span if numbers[0] <= numbers[1] else span[::-1]
    return f"{_spelt(parts[0], first)}:{_spelt(parts[1], last)}"


def _spelt(part: tuple[str, str, str, str], row: int) -> str:
    return f"{part[0]}{part[1]}{part[2]}{row}"


def shift_areas(text: str, rows: RowMap) -> str:
    """A list of areas parted by blanks (ST_Sqref, 18.18.76); areas that are gone are left out."""
    shifted = (shift_area(area, rows) for area in text.split())
    return " ".join(area for area in shifted if area)


def shift_formula(formula: str, maps: Mapping[str, RowMap], own: str) -> str:
    """A formula after rows moved.

    Args:
        maps: case-folded title of a sheet -> where its rows went.
        own: case-folded title of the sheet the formula stands in; empty for none.
    """
    if len(formula) > _LONGEST:
        return formula
    out = []
    target = own
    for found in _TOKEN.finditer(formula):
        kind, text = found.lastgroup, found[0]
        if kind == "prefix":
            target = title_of(text[:-1])
            out.append(text)
            continue
        rows = maps.get(target)
        if rows is not None and kind == "area":
            text = shift_area(text, rows) or LOST
        elif rows is not None and kind == "rows":
            text = _shift_rows(text, rows)
        out.append(text)
        target = own
    return "".join(out)


def title_of(name: str) -> str:
    """The title of the one sheet that stands before a reference's `!`, quoted or not, in lower case for comparing.

    None (an empty text) for other workbooks and for ranges of sheets.
    """
    if "[" in name:
        return ""
    if name.startswith("'"):
        return name[1:-1].replace("''", "'").casefold()
    return "" if ":" in name else name.casefold()


def _shift_rows(text: str, rows: RowMap) -> str:
    first, last = text.split(":")
    span = rows.span(int(first.lstrip("$")), int(last.lstrip("$")))
    if span is None:
        return LOST
    return f"{first[: len(first) - len(first.lstrip('$'))]}{span[0]}:{last[: len(last) - len(last.lstrip('$'))]}{span[1]}"


def translate(formula: str, down: int) -> str:
    """A formula copied `down` rows: relative references go along, absolute ones stay (as shared formulas do)."""

    def moved(part: re.Match[str]) -> str:
        return part[0] if part[3] else f"{part[1]}{part[2]}{int(part[4]) + down}"

    if len(formula) > _LONGEST:
        return formula
    return "".join(
        _PARTS.sub(moved, found[0]) if found.lastgroup == "area" else found[0]
        for found in _TOKEN.finditer(formula)
    )
