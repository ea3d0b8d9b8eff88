"""Rows as worksheet XML (ECMA-376-1, 18.3.1.73 row, 18.3.1.4 c): written as text, since that is what is fast."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from math import ceil

from harvest.register.cell_text import fits_cell, to_attribute, to_xml
from harvest.register.sheet_model import Cell, ColumnView, Kind, Link

#: Excel's tallest row in points, and its line height in Calibri 11.
MAX_HEIGHT = 409.0
LINE_HEIGHT = 15.0
MAX_ROWS = 1_048_576
#: What a cell shows of a text that does not fit it: the writer parts it and remembers the rest.
Shorten = Callable[[str, ColumnView], str]

_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f]|_x")
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\U0001f300-\U0003ffff]"
)
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's dates know no zone (18.17.4.1)
_AS_PLANNED: Mapping[str, float] = {}
_SHORT = 4_600  # characters that fit a cell however they are escaped


def letters(place: int) -> str:
    """Name of the column at `place`, from 0: A, B, ..., Z, AA, ..."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def place_of(name: str) -> int:
    """Place of the column `name`, from 0."""
    place = 0
    for letter in name:
        place = place * 26 + ord(letter) - 64
    return place - 1


@lru_cache(maxsize=4096)
def serial(moment: date) -> str:
    """A date or a naive moment as Excel counts it: days since the end of 1899 (18.17.4.1)."""
    if not isinstance(moment, datetime):
        return str((moment - _DAY_ZERO.date()).days)
    since = moment - _DAY_ZERO
    return repr(since.days + since.seconds / 86_400)  # rounded, 9:30 would show as 9:29


def line_count(text: str, width: float) -> int:
    """Lines that `text` takes in a column `width` characters wide; an estimate, a little on the tall side."""
    # letters are narrower than the digits that widths are counted in; breaking at words costs some of it again,
    # and in narrow columns, where German words are nearly as long as a line, more than that
    room = max(width * 1.15 - 3 if width > 26 else width * 0.95 - 2, 1.0)
    if text.isascii() or _WIDE.search(text) is None:
        if "\n" not in text:
            return max(1, ceil(len(text) / room))
        return sum(max(1, ceil(len(line) / room)) for line in text.split("\n"))
    return sum(max(1, ceil((len(line) + len(_WIDE.findall(line))) / room)) for line in text.split("\n"))


def text_cell(reference: str, style: int, text: str) -> str:
    """A cell that holds `text`, and is text whatever it starts with: an inline string (18.3.1.53)."""
    keep = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t{keep}>{to_xml(text)}</t></is></c>'


def other_cell(reference: str, style: int, cell: Cell) -> str:
    """A cell that holds something else than text."""
    if isinstance(cell, Link):
        target, label = cell.target.replace('"', '""'), cell.label.replace('"', '""')
        formula = to_xml(f'HYPERLINK("{target}","{label}")')
        return f'<c r="{reference}" s="{style}" t="str"><f>{formula}</f><v>{to_xml(cell.label)}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{reference}" s="{style}"><v>{serial(cell)}</v></c>'
    return f'<c r="{reference}" s="{style}"><v>{cell!r}</v></c>'


@dataclass(frozen=True, slots=True)
class Plan:
    """How the cells of one column are written: letter, index of the style, the column, whether text wraps."""

    letter: str
    style: int
    column: ColumnView
    wraps: bool

    @classmethod
    def of(cls, place: int, style: int, column: ColumnView) -> Plan:
        """The plan for the column at `place`, from 0."""
        return cls(
            letters(place), style, column, column.kind is Kind.TEXT and column.wrap and not column.upright
        )


def shown_cell(plan: Plan, number: int, cell: Cell, shorten: Shorten) -> str:
    """One cell's XML; nothing for an empty one, whose look comes from its column."""
    if cell is None or cell == "":
        return ""
    reference = f"{plan.letter}{number}"
    if not isinstance(cell, str):
        return other_cell(reference, plan.style, cell)
    if len(cell) > _SHORT and not fits_cell(cell):
        cell = shorten(cell, plan.column)
    return text_cell(reference, plan.style, cell)


def row_cells(number: int, cells: Sequence[Cell], plans: Sequence[Plan], shorten: Shorten) -> str:
    """The XML of a row's cells. The common case stands here in line, since it runs millions of times."""
    out = []
    search = _SPECIAL.search
    for cell, plan in zip(cells, plans, strict=True):
        if cell is None or cell == "":
            continue
        plain = type(cell) is str and len(cell) < _SHORT and search(cell) is None
        if plain and not (cell[0] <= " " or cell[-1] <= " "):  # type: ignore[index]
            out.append(
                f'<c r="{plan.letter}{number}" s="{plan.style}" t="inlineStr"><is><t>{cell}</t></is></c>'
            )
        else:
            out.append(shown_cell(plan, number, cell, shorten))
    return "".join(out)


def row_lines(cells: Sequence[Cell], plans: Sequence[Plan], widths: Mapping[str, float]) -> int:
    """Lines that a row's tallest text takes; `widths` are those that people set."""
    most = 1
    for cell, plan in zip(cells, plans, strict=True):
        if plan.wraps and type(cell) is str:
            width = widths.get(plan.letter, plan.column.width)
            if len(cell) > width - 2 or "\n" in cell:
                most = max(most, line_count(cell, width))
    return most


def height(lines: int) -> str:
    """Height of a row with that many lines, as an attribute's value."""
    return f"{min(MAX_HEIGHT, lines * LINE_HEIGHT + 4):g}"


def fixed_height(lines: int, least: float) -> str:
    """A row's attributes for a height of at least `least` points that shows so many lines."""
    return f' ht="{max(least, float(height(lines))):g}" customHeight="1"'


def row_xml(
    number: int, cells: Sequence[Cell], plans: Sequence[Plan], shorten: Shorten, least: float = 0
) -> str:
    """A whole row. The height is a proposal: without customHeight, programs refit it when somebody types.

    `least`: height that the row has to have, in points; programs refit to texts only, so it stays then.
    """
    inside = row_cells(number, cells, plans, shorten)
    if least:
        lines = row_lines(cells, plans, _AS_PLANNED)
        return f'<row r="{number}"{fixed_height(lines, least)}>{inside}</row>'
    return f'<row r="{number}" ht="{height(row_lines(cells, plans, _AS_PLANNED))}">{inside}</row>'


def head_row(columns: Sequence[ColumnView], styles: Sequence[int], number: int = 1) -> str:
    """The row of headings."""
    cells = "".join(
        text_cell(f"{letters(place)}{number}", style, column.heading)
        for place, (column, style) in enumerate(zip(columns, styles, strict=True))
    )
    return f'<row r="{number}" ht="{head_height(columns):g}" customHeight="1">{cells}</row>'


def head_height(columns: Sequence[ColumnView]) -> float:
    """Height that shows every heading; bold and turned ones take more room."""
    lines = max(line_count(column.heading, column.width * 0.85) for column in columns if not column.upright)
    upright = max((len(column.heading) for column in columns if column.upright), default=0)
    return max(24.0, lines * LINE_HEIGHT + 8, min(260.0, upright * 6.3 + 10 if upright else 0))


def attribute(text: str, limit: int = 255) -> str:
    """`text` for an attribute that Excel caps at `limit` characters."""
    return to_attribute(text[:limit])
