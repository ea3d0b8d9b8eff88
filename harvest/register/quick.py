"""A quick look at a row, which tells whether it says in the plainest spelling exactly what it should.

Nearly every row of an update is one where nothing changed. Whatever this look does not recognise is read
cell by cell; it must never take a row for right that is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from harvest.register.cells import Plan, serial
from harvest.register.sheets import Cell, Link

#: letters and raw text of cells without shared strings: inline texts, numbers, formulas
_INLINE = re.compile(r'<c r="([A-Z]+)\d+"(?: s="\d+")?(?: t="(?:inlineStr|str|n)")?><(?:is><t|v|f)>([^<]*)<')
#: letters, `s` for a shared string, and its number or the raw text
_SHARED = re.compile(r'<c r="([A-Z]+)\d+"(?: s="\d+")?(?: t="(s)"| t="(?:str|n)")?><[vf]>([^<]*)<')


@dataclass
class QuickLook:
    """Looks at the rows of one sheet.

    Attributes:
        columns: index in the view's rows and plan of every column that we write, from left to right.
        ours: letters of all columns of ours, decisions included.
        shared: the workbook's shared strings.
    """

    columns: Sequence[tuple[int, str, Plan]]
    ours: frozenset[str]
    shared: Sequence[str]

    @cached_property
    def _numbers(self) -> Mapping[str, str]:
        """Text -> its number among the shared strings; a text that stands there twice is found by its last one."""
        return {text: str(number) for number, text in enumerate(self.shared)}

    def same(self, cells: Sequence[Cell], inside: str) -> bool:
        """Whether a row with these cells as its XML says what the view says. False may also mean: look closer."""
        # the raw text of an escape is not the text it stands for
        if "&" in inside or "_x" in inside:
            return False
        shared = ' t="s"' in inside
        seen = (_SHARED if shared else _INLINE).findall(inside)
        if inside.count("</c>") != len(seen):
            return False  # a cell in another spelling
        wanted = self._shared(cells) if shared else self._inline(cells)
        count = len(wanted)
        if seen[:count] != wanted:
            return False
        # people's own columns usually stand to the right of ours
        return len(seen) == count or not any(found[0] in self.ours for found in seen[count:])

    def _inline(self, cells: Sequence[Cell]) -> list[tuple[str, str]]:
        return [
            (letters, cell if type(cell) is str else _raw(cell))
            for index, letters, _ in self.columns
            if (cell := cells[index]) is not None and cell != ""
        ]

    def _shared(self, cells: Sequence[Cell]) -> list[tuple[str, str, str]]:
        numbers = self._numbers
        return [
            (letters, "s", numbers.get(cell, "")) if type(cell) is str else (letters, "", _raw(cell))
            for index, letters, _ in self.columns
            if (cell := cells[index]) is not None and cell != ""
        ]


def _raw(cell: Cell) -> str:
    """The text in the XML of a cell that holds no text."""
    if isinstance(cell, Link):
        return f'HYPERLINK("{cell.target}","{cell.label}")'
    return serial(cell) if isinstance(cell, date) else repr(cell)
