"""Which row of a sheet is which row of the view: what stays, what goes, what is new, and where it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property

from harvest.register.readback.locate import FoundSheet
from harvest.register.readback.user_rows import adds_up
from harvest.register.sheet_model import Cell, Link, Role, RowView, SheetView
from harvest.register.workbook.date_system import counted
from harvest.register.workbook.workbook_reader import Book
from harvest.register.xlsx.coercion import iso_moment
from harvest.register.xlsx.formula_refs import RowMap
from harvest.register.xlsx.row_xml import Plan, letters, serial
from harvest.register.xlsx.worksheet_reader import RawCell, RawRow, cells_of, raw_value

Identity = tuple[str, ...]
_LEAST_CELLS = 2  # of a row of ours: its id, and what it is about
_KEY_LENGTH = 2_000  # a long text is told apart by its beginning


@dataclass(frozen=True, slots=True)
class Leftover:
    """What people had written in a row that is taken out: sheet, the row's id, heading, text."""

    sheet: str
    row_id: str
    heading: str
    text: str


@dataclass(slots=True)
class Line:
    """A row of the sheet as it will be: one that stood there (`raw`), one of the view, or both."""

    raw: RawRow | None
    view: RowView | None = None
    number: int = 0
    extras: dict[str, str] = field(default_factory=dict)  # letters -> cell that a joined row left behind
    adopted: bool = False  # somebody added it below the list, and it has become an entry


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows that stay, rows that go, rows that are new, and what people had written in those that go."""

    lines: list[Line]
    removed: tuple[RawRow, ...]
    added: list[RowView]
    leftovers: tuple[Leftover, ...]


@cache
def _cell_pattern(letter: str) -> re.Pattern[bytes]:
    return re.compile(rb'<c r="%b\d+"([^>]*?)(?:/>|>(.*?)</c>)' % letter.encode(), re.DOTALL)


@cache
def _plain_pattern(letter: str) -> re.Pattern[bytes]:
    """The cell of a column, if it holds a text without any escape."""
    return re.compile(rb'<c r="%b\d+"[^>]*><is><t>([^<&_]*)</t></is></c>' % letter.encode())


def cell_at(row: RawRow, letter: str) -> RawCell | None:
    """The cell of a row in one column."""
    found = _cell_pattern(letter).search(row.inside) if letter and row.inside else None
    return RawCell(letter, found[1].decode(), (found[2] or b"").decode()) if found else None


def key_text(cell: Cell) -> str:
    """What tells a cell of the view from others."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell[:_KEY_LENGTH].strip()
    if isinstance(cell, Link):
        return cell.label
    return number_key(serial(cell) if isinstance(cell, date) else repr(cell))


def identity_of(row: RowView, view: SheetView) -> Identity:
    """What tells a row of the view from its others."""
    return tuple(key_text(row.cells[view.index(key)]) for key in view.identity)


def number_key(text: str) -> str:
    """A number in one spelling, however a program spelt it; a moment to the second."""
    try:
        return f"{float(text):.5f}"
    except ValueError:
        return text


def _loose(text: str) -> str:
    return " ".join(text.split()).casefold()


@dataclass(frozen=True)
class Matcher:
    """Matches the rows of one sheet.

    Attributes:
        joined: id of an entry that is part of another now -> that other's id.
        keep_unknown: rows that the view does not have stay: for a sheet that only grows.
    """

    book: Book
    found: FoundSheet
    plans: Sequence[Plan]
    indexes: Sequence[int]
    joined: Mapping[str, str]
    keep_unknown: bool = False

    @property
    def _ours(self) -> set[str]:
        return {plan.letter for plan in self.plans}

    def match(self) -> Matched:
        """The sheet's rows against the view's."""
        view = self.found.view
        indexes = [view.index(key) for key in view.identity]
        wanted: dict[Identity, list[RowView]] = {}
        for row in view.rows:
            wanted.setdefault(tuple([key_text(row.cells[index]) for index in indexes]), []).append(row)
        any_rows = bool(wanted)
        lines = [Line(row) for row in self.found.grid.rows if row.number > self.found.header]
        orphans = []
        for line in lines:
            there = wanted.get(self.identity(line.raw)) if line.raw and line.raw.inside else None
            if there:
                line.view = there.pop(0)
            elif line.raw and line.raw.inside and not self._is_total(line.raw):
                orphans.append(line)
        added = self._adopted(orphans, [row for rows in wanted.values() for row in rows])
        removed, leftovers = self._retired(
            [line for line in orphans if not line.view], lines, any_rows=any_rows
        )
        gone = {row.number for row in removed}
        kept = [line for line in lines if line.raw and line.raw.number not in gone]
        return Matched(kept, removed, added, leftovers)

    def identity(self, raw: RawRow) -> Identity:
        """The texts that tell a row from the others; empty ones where a column was deleted."""
        return tuple([self._key_at(raw, letter) if letter else "" for letter in self._identity_letters])

    @cached_property
    def _identity_letters(self) -> tuple[str, ...]:
        columns = self.found.columns
        return tuple(letters(columns[key]) if key in columns else "" for key in self.found.view.identity)

    def _key_at(self, raw: RawRow, letter: str) -> str:
        plain = _plain_pattern(letter).search(raw.inside)
        if plain:  # the plain spelling needs no reading
            return plain[1].decode()[:_KEY_LENGTH].strip()
        return self._key(cell_at(raw, letter))

    def _key(self, cell: RawCell | None) -> str:
        if cell is None or not cell.inside:
            return ""
        if 't="' not in cell.attributes or cell.kind == "n":
            return number_key(raw_value(cell.inside))
        # as "Strict Open XML" spells dates (18.18.11)
        moment = iso_moment(raw_value(cell.inside)) if cell.kind == "d" else None
        if moment is not None:
            return number_key(serial(counted(moment, since_1904=self.book.since_1904)))
        return self.book.text(cell)[:_KEY_LENGTH].strip()

    def _adopted(self, orphans: Sequence[Line], rest: list[RowView]) -> list[RowView]:
        """Rows that somebody added have become entries with an id: known by what stands in them. The others are new."""
        asked = [
            (index, plan.letter)
            for index, plan in zip(self.indexes, self.plans, strict=True)
            if plan.column.role is Role.EDITABLE and plan.column.key not in self.found.view.identity
        ]
        if not asked or not rest:
            return rest
        by_content: dict[Identity, list[RowView]] = {}
        for row in rest:
            content = tuple(_loose(key_text(row.cells[index])) for index, _ in asked)
            by_content.setdefault(content, []).append(row)
        taken: set[int] = set()
        for line in orphans:
            if line.raw is None:
                continue
            content = tuple(_loose(self._text(cell_at(line.raw, letter))) for _, letter in asked)
            there = by_content.get(content)
            if there and any(content):
                line.view, line.adopted = there.pop(0), True
                taken.add(id(line.view))
        return [row for row in rest if id(row) not in taken]

    def _text(self, cell: RawCell | None) -> str:
        return self.book.text(cell)[:_KEY_LENGTH] if cell is not None and cell.inside else ""

    # ------------------------------------------------------------ rows that go

    def _retired(
        self, orphans: Sequence[Line], lines: Sequence[Line], *, any_rows: bool
    ) -> tuple[tuple[RawRow, ...], tuple[Leftover, ...]]:
        """Rows of ours that the register no longer has. What people wrote in them goes along or is set aside."""
        if self.keep_unknown:
            return (), ()
        heirs = (
            {self.identity(line.raw)[0]: line for line in lines if line.view and line.raw} if orphans else {}
        )
        gone: list[RawRow] = []
        leftovers: list[Leftover] = []
        for line in orphans:
            raw = line.raw
            if raw is None:
                continue
            if self.is_note(raw):
                if any_rows:
                    gone.append(raw)
            elif (key := self.identity(raw)[0]) and not self._is_note_of_theirs(raw):
                leftovers += self._set_aside(raw, key, heirs.get(self.joined.get(key, "")))
                gone.append(raw)
            # a row without identity is somebody's own and stays
        return tuple(gone), tuple(leftovers)

    def _is_total(self, raw: RawRow) -> bool:
        return raw.number in self.found.totals or adds_up(raw, self.found.columns)

    def _is_note_of_theirs(self, raw: RawRow) -> bool:
        """Whether somebody wrote a line below the list, where ids stand: rows of ours hold more than that."""
        return sum(cell.letters in self._ours and bool(cell.inside) for cell in cells_of(raw)) < _LEAST_CELLS

    def is_note(self, raw: RawRow) -> bool:
        """Whether a row holds the sentence of an empty sheet and nothing else."""
        cells = [cell for cell in cells_of(raw) if cell.inside]
        return len(cells) == 1 and self.book.text(cells[0]) == self.found.view.empty

    def _set_aside(self, raw: RawRow, key: str, heir: Line | None) -> Iterator[Leftover]:
        """People's own cells of a row that goes; the editable ones, too, where the id is one we do not know.

        Formulas are left out: what they say belongs to the row.
        """
        stranger = len(self.found.view.identity) == 1 and key not in self.joined
        editable = (
            {plan.letter for plan in self.plans if plan.column.role is Role.EDITABLE} if stranger else set()
        )
        for cell in cells_of(raw):
            own = cell.letters not in self._ours
            if not cell.inside or cell.formula or not (own or cell.letters in editable):
                continue
            text = self.book.text(cell)
            if not text.strip():
                continue
            if own and heir and heir.raw and self._is_free(heir, heir.raw, cell.letters):
                heir.extras[cell.letters] = f"{cell.attributes}>{cell.inside}</c>"
            else:
                yield Leftover(self.found.sheet.title, key, self._heading(cell.letters), text)

    @staticmethod
    def _is_free(line: Line, raw: RawRow, letter: str) -> bool:
        there = cell_at(raw, letter)
        return letter not in line.extras and not (there and there.inside)

    def _heading(self, letter: str) -> str:
        for row in self.found.grid.rows:
            if row.number == self.found.header:
                return self._text(cell_at(row, letter)) or letter
        return letter

    # ------------------------------------------------------------ where rows stand

    def end_of_list(self, lines: Sequence[Line]) -> int:
        """Index behind the list's last row. Rows that somebody added right below it belong to it; a sum does not."""
        end, number = 0, self.found.header
        for place, line in enumerate(lines):
            if line.view is not None and line.raw is not None:
                end, number = place + 1, line.raw.number
        while (
            end < len(lines) and (raw := lines[end].raw) and raw.number == number + 1 and self._is_entry(raw)
        ):
            end, number = end + 1, raw.number
        return end

    def _is_entry(self, raw: RawRow) -> bool:
        cells = [cell for cell in cells_of(raw) if cell.letters in self._ours and cell.inside]
        return len(cells) > 1 and not any(cell.formula for cell in cells)


def placed(matcher: Matcher, matched: Matched) -> list[Line]:
    """All rows in their order.

    New ones stand behind the last one of their rank; at the end of the list where people sorted it their way.
    """
    lines, added = matched.lines, matched.added
    if not added:
        return lines
    known = [(place, line.view.rank) for place, line in enumerate(lines) if line.view]
    end = matcher.end_of_list(lines)
    ranks = [rank for _, rank in known]
    in_order = ranks == sorted(ranks) and "<sortState" not in matcher.found.grid.tail
    slots: dict[int, list[Line]] = {}
    for row in sorted(added, key=lambda one: one.rank):
        place = _slot(known, row.rank, end) if in_order else end
        slots.setdefault(place, []).append(Line(None, row))
    out: list[Line] = []
    for place, line in enumerate(lines):
        out += slots.get(place, ())
        out.append(line)
    return out + slots.get(len(lines), [])


def _slot(known: Sequence[tuple[int, int]], rank: int, end: int) -> int:
    """Behind the last row of the same or a lower rank, if one of a higher rank follows; else at the list's end."""
    if not known or known[-1][1] <= rank:
        return end
    earlier = [place for place, other in known if other <= rank]
    return earlier[-1] + 1 if earlier else known[0][0]


def numbered(matcher: Matcher, matched: Matched, lines: Sequence[Line]) -> RowMap:
    """Give every line its row number, and tell where the rows went."""
    header = matcher.found.header
    inserted: dict[int, int] = {}
    previous = header
    for line in lines:
        if line.raw is None:
            inserted[previous + 1] = inserted.get(previous + 1, 0) + 1
        else:
            previous = line.raw.number
    removed = [row.number for row in matched.removed]
    ours = [line.raw.number for line in lines if line.raw and line.view]
    last = max([header, *ours, *(row.number for row in matched.removed if not matcher.is_note(row))])
    adopted = {line.raw.number for line in lines if line.raw and line.adopted}
    listed = last
    while listed in adopted:
        listed -= 1
    plain = RowMap.of(removed, inserted, header + 1, last, last)
    number = header
    new_last = header
    for line in lines:
        shifted = plain.row(line.raw.number) if line.raw else None
        number = shifted if shifted is not None else number + 1
        line.number = number
        if line.view:
            new_last = number
    return replace(RowMap.of(removed, inserted, header + 1, last, new_last), listed=listed)
