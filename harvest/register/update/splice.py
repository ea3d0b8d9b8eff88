"""One sheet of ours in an existing workbook brought up to date: only cells that differ are written anew.

A row that stays keeps its XML byte for byte unless one of its managed cells differs; a cell that differs keeps its look.
What people wrote in columns of their own stays in its row. Decisions are never overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from harvest.register.cell_text import fits_cell, from_xml, to_xml, unescape_xml
from harvest.register.readback.locate import FoundSheet
from harvest.register.sheet_model import Cell, Link, PictureView, Role, RowView
from harvest.register.update.fast_compare import QuickLook
from harvest.register.update.row_match import (
    Identity,
    Leftover,
    Line,
    Matcher,
    identity_of,
    number_key,
    numbered,
    placed,
)
from harvest.register.workbook.row_pictures import row_height
from harvest.register.workbook.workbook_reader import Book
from harvest.register.xlsx.coercion import is_date
from harvest.register.xlsx.formula_refs import RowMap, translate
from harvest.register.xlsx.row_xml import (
    Plan,
    Shorten,
    fixed_height,
    height,
    place_of,
    row_lines,
    row_xml,
    serial,
    shown_cell,
    text_cell,
)
from harvest.register.xlsx.worksheet_reader import CELL, RawCell, RawRow, below, cells_of, raw_value

_SPANS = re.compile(r'\sspans="[^"]*"')
_HEIGHT = re.compile(r'\sht="[^"]*"')
_FIXED_HEIGHT = re.compile(r'\bcustomHeight="(?:1|true)"')
_NO_FIXED_HEIGHT = re.compile(r'\scustomHeight="[^"]*"')
_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3})\d+"')
_HAS_STYLE = re.compile(r'\bs="')
_FORMULA = re.compile(r"<f(?P<attributes>[^>]*?)(?:/>|>(?P<text>.*?)</f>)", re.DOTALL)
_SHARED = re.compile(r'\bsi="(\d+)"')


@dataclass(frozen=True, slots=True)
class Spliced:
    """The sheet's rows as XML, blank ones behind them, where rows went, what was left over, and what changed."""

    rows: bytes
    blank: bytes
    map: RowMap
    leftovers: tuple[Leftover, ...]
    changed: bool
    pictures: tuple[tuple[int, PictureView], ...]  # row's number, what stands beside it
    formulas_lost: bool  # a formula went: the calculation chain names cells that hold none any more
    places: Mapping[
        Identity, tuple[int, int]
    ]  # of a sheet with charts: where each row stood (0: nowhere) and stands


@dataclass(slots=True)
class Splicer:
    """Brings the rows of one sheet up to date.

    Attributes:
        plans, indexes: columns of ours on the sheet from left to right; for each, its index in the view's rows.
        widths: letters -> width of the columns as people set them.
        new_headings: letters -> cell XML without its number, for columns that a newer version brought.
    """

    book: Book
    found: FoundSheet
    plans: Sequence[Plan]
    indexes: Sequence[int]
    widths: Mapping[str, float]
    shorten: Shorten
    joined: Mapping[str, str]
    new_headings: Mapping[str, tuple[int, str]]
    keep_unknown: bool = False
    changed: bool = False
    formulas_lost: bool = False
    written: list[tuple[int, str, Plan]] = field(init=False)
    quick: QuickLook = field(init=False)

    def __post_init__(self) -> None:
        both = zip(self.indexes, self.plans, strict=True)
        # decisions are people's: never written into a row that exists
        self.written = [
            (index, plan.letter, plan) for index, plan in both if plan.column.role is not Role.DECISION
        ]
        self.quick = QuickLook(self.written, self.book.shared)

    def splice(self) -> Spliced:
        """The sheet's rows, up to date."""
        matcher = Matcher(self.book, self.found, self.plans, self.indexes, self.joined, self.keep_unknown)
        matched = matcher.match()
        lines = placed(matcher, matched)
        row_map = numbered(matcher, matched, lines)
        self.formulas_lost = any(b"<f" in row.inside for row in matched.removed)
        self.changed = bool(matched.removed or matched.added or self.new_headings)
        masters = _orphaned_formulas(matched.removed)
        out = [self._top_row(row) for row in self.found.grid.rows if row.number <= self.found.header]
        out += self._written(lines, masters)
        pictures = tuple(
            (line.number, line.view.picture) for line in lines if line.view and line.view.picture
        )
        rows = b"".join(out)
        blank = below(self.found.grid.blank, lines[-1].number if lines else self.found.header)
        return Spliced(
            rows=rows,
            blank=blank,
            map=row_map,
            leftovers=matched.leftovers,
            changed=self.changed,
            pictures=pictures,
            formulas_lost=self.formulas_lost,
            places=self._places(lines) if self.found.view.charts else {},
        )

    def _places(self, lines: Sequence[Line]) -> dict[Identity, tuple[int, int]]:
        return {
            identity_of(line.view, self.found.view): (line.raw.number if line.raw else 0, line.number)
            for line in lines
            if line.view
        }

    def _top_row(self, raw: RawRow) -> bytes:
        if raw.number != self.found.header or not self.new_headings:
            return row_text(raw)
        fresh = {
            letter: text_cell(f"{letter}{raw.number}", style, text)
            for letter, (style, text) in self.new_headings.items()
        }
        return _with_cells(raw, raw.number, fresh, _SPANS.sub("", raw.attributes.decode()))

    def _written(self, lines: Sequence[Line], masters: dict[str, tuple[int, str]]) -> Iterator[bytes]:
        for line in lines:
            if line.raw is None:
                if line.view is not None:
                    cells = [line.view.cells[index] for index in self.indexes]
                    least = row_height(line.view.picture) if line.view.picture else 0
                    yield row_xml(line.number, cells, self.plans, self.shorten, least).encode()
            else:
                yield self._kept_row(line, _with_masters(line.raw, masters) if masters else line.raw)

    def _kept_row(self, line: Line, raw: RawRow) -> bytes:
        number = line.number
        fresh = {}
        if line.view and not self.quick.same(line.view.cells, raw.number, inside := raw.inside.decode()):
            fresh = self._fresh_cells(line.view, inside, number)
        for letter, rest in line.extras.items():
            fresh[letter] = f'<c r="{letter}{number}"{rest}'
        if number != raw.number:
            self.changed = True
            raw = _renumbered(raw, number)
        if not fresh and not self._too_low(line.view, raw):
            return row_text(raw)
        self.changed = True
        return _with_cells(raw, number, fresh, self._attributes(line.view, raw))

    @staticmethod
    def _too_low(view: RowView | None, raw: RawRow) -> bool:
        """Whether a row got a picture since it was written; a height that people set stays."""
        return bool(view and view.picture) and not _FIXED_HEIGHT.search(raw.attributes.decode())

    def _attributes(self, view: RowView | None, raw: RawRow) -> str:
        """A height that people set stays; another one is proposed anew, since the texts changed."""
        attributes = _SPANS.sub("", raw.attributes.decode())
        if view is None or _FIXED_HEIGHT.search(attributes):
            return attributes
        lines = row_lines([view.cells[index] for index in self.indexes], self.plans, self.widths)
        bare = _HEIGHT.sub("", attributes)
        if view.picture:
            return _NO_FIXED_HEIGHT.sub("", bare) + fixed_height(lines, row_height(view.picture))
        return f'{bare} ht="{height(lines)}"'

    def _fresh_cells(self, view: RowView, inside: str, number: int) -> dict[str, str]:
        """Cells of ours that have to be written anew: letters -> XML.

        What is right already is told by its usual spelling, since nearly every cell is such a one.
        """
        there = {found[0]: found for found in CELL.findall(inside)}
        fresh: dict[str, str] = {}
        cells = view.cells
        shared = self.book.shared
        for index, letter, plan in self.written:
            cell = cells[index]
            found = there.get(letter)
            if found is None:
                if cell is not None and cell != "":
                    fresh[letter] = shown_cell(plan, number, cell, self.shorten)
                continue
            if _evidently_same(cell, found[1], found[2], shared):
                continue
            old = RawCell(*found)
            if not self._same(old, cell, plan):
                self.formulas_lost = self.formulas_lost or (old.formula and not isinstance(cell, Link))
                fresh[letter] = self._rewritten(old, cell, plan, number)
        return fresh

    def _same(self, old: RawCell, cell: Cell, plan: Plan) -> bool:
        """Whether a cell says already what it should. A formula that shows the right text is left alone."""
        if cell is None or cell == "":
            return not old.inside or (not old.formula and not self.book.text(old))
        if isinstance(cell, str):
            # a text that is parted must carry its own mark, since only marks in use are continued
            wanted = cell if fits_cell(cell) else self.shorten(cell, plan.column)
            return self.book.text(old) == wanted
        if isinstance(cell, Link):
            return old.formula and f'"{cell.target}"' in unescape_xml(old.inside)
        if old.kind != "n" or old.formula:
            return False
        return number_key(raw_value(old.inside)) == number_key(
            serial(cell) if isinstance(cell, date) else repr(cell)
        )

    def _rewritten(self, old: RawCell, cell: Cell, plan: Plan, number: int) -> str:
        """The cell with its new content in its old look."""
        styled = _HAS_STYLE.search(old.attributes) is not None
        if cell is None or cell == "":
            return f'<c r="{plan.letter}{number}" s="{old.style}"/>' if styled else ""
        kept = styled and (not isinstance(cell, date) or self._shows_days(old.style))
        keeping = Plan(plan.letter, old.style if kept else plan.style, plan.column, plan.wraps)
        return shown_cell(keeping, number, cell, self.shorten)

    def _shows_days(self, style: int) -> bool:
        """Whether a look shows a number as a day; where a program made texts of all dates, none does."""
        code = self.book.formats[style] if style < len(self.book.formats) else ""
        return is_date(code)


def _evidently_same(cell: Cell, attributes: str, inside: str, shared: Sequence[str]) -> bool:
    """Whether a cell is right by its usual spelling; where not, it has to be read properly."""
    if type(cell) is str:
        # what is spelt as an escape there is no such text
        if inside[7:-9] == cell and inside[:7] == "<is><t>" and "&" not in cell and "_" not in cell:
            return True
        return (
            inside[:3] == "<v>" and 't="s"' in attributes and cell != "" and cell == _text_at(shared, inside)
        )
    if cell is None:
        return not inside
    if isinstance(cell, Link):
        return f'HYPERLINK("{cell.target}"' in inside
    return inside == f"<v>{serial(cell) if isinstance(cell, date) else cell}</v>"


def _text_at(shared: Sequence[str], inside: str) -> str:
    """The shared string that `<v>12</v>` names; nothing for any other spelling."""
    digits = inside[3:-4]
    return shared[int(digits)] if digits.isdecimal() and int(digits) < len(shared) else ""


# ---------------------------------------------------------------- rows as text


def row_text(row: RawRow) -> bytes:
    """A row as it stood."""
    if not row.inside:
        return b'<row r="%d"%b/>' % (row.number, row.attributes)
    return b'<row r="%d"%b>%b</row>' % (row.number, row.attributes, row.inside)


def _with_cells(raw: RawRow, number: int, fresh: Mapping[str, str], attributes: str) -> bytes:
    """A row whose cells are replaced or joined by `fresh` ones; cells stand in the order of their columns."""
    cells = {cell.letters: _cell_text(cell, number) for cell in cells_of(raw)}
    cells.update(fresh)
    inside = "".join(cells[letter] for letter in sorted(cells, key=place_of))
    return f'<row r="{number}"{attributes}>{inside}</row>'.encode()


def _cell_text(cell: RawCell, number: int) -> str:
    start = f'<c r="{cell.letters}{number}"{cell.attributes}'
    return f"{start}>{cell.inside}</c>" if cell.inside else f"{start}/>"


def _renumbered(row: RawRow, number: int) -> RawRow:
    return RawRow(number, row.attributes, _REFERENCE.sub(rb'<c r="\g<1>%d"' % number, row.inside))


# ---------------------------------------------------------------- shared formulas


def _orphaned_formulas(removed: Sequence[RawRow]) -> dict[str, tuple[int, str]]:
    """Shared formulas whose first cell goes (18.3.1.40): number of the group -> row and text of the formula."""
    masters: dict[str, tuple[int, str]] = {}
    for row in removed:
        for found in _FORMULA.finditer(row.inside.decode()):
            shared = _SHARED.search(found["attributes"])
            if shared and found["text"]:
                masters[shared[1]] = (row.number, from_xml(found["text"]))
    return masters


def _with_masters(row: RawRow, masters: dict[str, tuple[int, str]]) -> RawRow:
    """A row whose cells of such a group say their formula themselves."""

    def spelt(found: re.Match[str]) -> str:
        shared = _SHARED.search(found["attributes"])
        if shared is None or shared[1] not in masters or found["text"]:
            return found[0]
        start, formula = masters[shared[1]]
        return f"<f>{to_xml(translate(formula, row.number - start))}</f>"

    if b"<f" not in row.inside:
        return row
    return RawRow(row.number, row.attributes, _FORMULA.sub(spelt, row.inside.decode()).encode())
