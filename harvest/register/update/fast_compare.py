"""A quick look at a row, which tells whether it says in the plainest spelling exactly what it should.

Nearly every row of an update is one where nothing changed. Whatever this look does not recognise is read
cell by cell; it must never take a row for right that is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import compress, islice
from operator import itemgetter
from typing import Any

from harvest.register.cell_text import to_xml
from harvest.register.sheet_model import Cell, Kind, Link
from harvest.register.xlsx.row_xml import Plan, serial

#: letters and raw text of cells without shared strings: inline texts, numbers, formulas
_INLINE = re.compile(
    r'<c r="([A-Z]+)\d+"(?: s="\d+")?(?: t="(?:inlineStr|str|n)")?><(?:is><t(?: xml:space="preserve")?|v|f)>([^<]*)<'
)
#: letters, `s` for a shared string, and its number or the raw text
_SHARED = re.compile(r'<c r="([A-Z]+)\d+"(?: s="\d+")?(?: t="(s)"| t="(?:str|n)")?><[vf]>([^<]*)<')
#: a cell that is not empty
_FILLED = re.compile(r'<c r="([A-Z]+)\d+"[^>]*(?<!/)>')
_NUMBERED = re.compile(r'(<c r="[A-Z]+)\d+"')
_END = "</c>"
_STRING = ' t="s"'
_NUMBER = "\0"  # XML holds none, so that it marks the row's number in a spelling
#: whether shared strings are used; bits of the columns that hold no text; for every column whether it says something
_Shape = tuple[int, ...]
#: Where every row is spelt in a way of its own, learning costs more than it saves.
_LESSONS = 1_000


@dataclass
class QuickLook:
    """Looks at the rows of one sheet.

    A row that was found right teaches how this workbook spells rows in which the same columns say something;
    the next one like it is compared as a whole.

    Attributes:
        columns: index in the view's rows and plan of every column that we write, from left to right.
        shared: the workbook's shared strings.
    """

    columns: Sequence[tuple[int, str, Plan]]
    shared: Sequence[str]
    _spellings: dict[_Shape, str] = field(default_factory=dict)
    _raws: dict[Any, str] = field(default_factory=dict)
    _lessons: int = _LESSONS

    @cached_property
    def _numbers(self) -> Mapping[str, str]:
        """Text -> its number among the shared strings; a text that stands there twice is found by its last one."""
        return {text: str(number) for number, text in enumerate(self.shared)}

    @cached_property
    def _written(self) -> frozenset[str]:
        return frozenset(letters for _, letters, _ in self.columns)

    @cached_property
    def _taken(self) -> Callable[[Sequence[Cell]], tuple[Cell, ...]]:
        indexes = [index for index, _, _ in self.columns]
        return itemgetter(*indexes) if len(indexes) > 1 else lambda cells: tuple(cells[i] for i in indexes)

    @cached_property
    def _typed(self) -> list[int]:
        """Places of the columns whose cells are no texts."""
        return [place for place, (_, _, plan) in enumerate(self.columns) if plan.column.kind is not Kind.TEXT]

    def same(self, cells: Sequence[Cell], number: int, inside: str) -> bool:
        """Whether the XML inside of the row with this number says what the view's cells say.

        False may also mean: look closer.
        """
        shared = bool(self.shared) and _STRING in inside
        shape, texts = self._wanted(cells, shared=shared)
        try:
            together = "".join(texts)
        except TypeError:  # a number in a column of texts
            return False
        # a text of the view must not pass for markup, nor what is no escape there for one here
        if "<" in together or "&" in together or "_" in together:
            texts = [to_xml(text) for text in texts]
        spelling = self._spellings.get(shape)
        if spelling is not None:
            row = spelling.replace(_NUMBER, str(number)) % (*texts,)
            if inside.startswith(row) and not self._speaks(inside[len(row) :]):
                return True
        return self._read(shape, texts, inside)

    def _wanted(self, cells: Sequence[Cell], *, shared: bool) -> tuple[_Shape, list[str]]:
        """Which columns say something, and the raw texts of those."""
        row: list[Any] = [*self._taken(cells)]
        if shared:
            numbers = self._numbers
            row = [numbers.get(cell, "?") if cell.__class__ is str and cell else cell for cell in row]
        others, raws = 0, self._raws
        for place in self._typed:
            cell = row[place]
            kind = cell.__class__
            if cell is None or kind is str:
                continue
            if kind is int:
                row[place] = str(cell)
            elif (raw := raws.get(cell)) is not None:
                row[place] = raw
            else:
                row[place] = raw = _raw(cell)
                if kind is not float:  # 1.0 is 1 to a dictionary
                    raws[cell] = raw
            others |= 1 << place
        said = [cell is not None and cell != "" for cell in row]
        return (shared, others, *said), [*compress(row, said)]

    def _speaks(self, rest: str) -> bool:
        """Whether a column of ours says something in the rest of a row; people's own usually stand to the right of ours."""
        return bool(rest) and not self._written.isdisjoint(_FILLED.findall(rest))

    def _read(self, shape: _Shape, texts: Sequence[str], inside: str) -> bool:
        """The same, cell by cell."""
        shared, others, *said = shape
        pattern = _SHARED if shared else _INLINE
        seen = pattern.findall(inside)
        if inside.count(_END) != len(seen):
            return False  # a cell in another spelling
        places = [place for place, says in enumerate(said) if says]
        wanted = [
            (self.columns[place][1], *(("" if others >> place & 1 else "s",) if shared else ()), text)
            for place, text in zip(places, texts, strict=True)
        ]
        if [found for found in seen if found[0] in self._written] != wanted:
            return False
        if self._lessons and seen[: len(wanted)] == wanted:
            self._lessons -= 1
            self._spellings[shape] = _spelling(pattern, inside, len(wanted))
        return True


def _spelling(pattern: re.Pattern[str], inside: str, count: int) -> str:
    """How a row is spelt up to its `count`-th text, for `%`: without the texts and without the row's number."""
    markup, end = [], 0
    for found in islice(pattern.finditer(inside), count):
        markup.append(inside[end : found.start(found.lastindex or 0)])
        end = found.end(found.lastindex or 0)
    if markup:
        markup.append(inside[end : inside.index(_END, end) + len(_END)])
    return "%s".join(_NUMBERED.sub(rf'\1{_NUMBER}"', part.replace("%", "%%")) for part in markup)


def _raw(cell: Cell) -> str:
    """The text in the XML of a cell that holds no text."""
    if isinstance(cell, Link):
        return f'HYPERLINK("{cell.target}","{cell.label}")'
    return serial(cell) if isinstance(cell, date) else repr(cell)
