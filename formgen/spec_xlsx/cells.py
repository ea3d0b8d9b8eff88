"""Workbook -> records: the rows of each sheet as named cells that know where they stand."""

from __future__ import annotations

import difflib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from formgen.spec_xlsx.sheets import SHEETS, Holds, SheetKey, Wording, wordings
from spec.console.said import listed, refusal, said
from spec.errors import Fault, SpecError
from spec.storage.workbook_files import cell_text, open_workbook

_LARGEST = 5_000_000
_LARGEST_UNPACKED = 50_000_000
_MOST_ROWS = 2_000
_MOST_COLUMNS = 60
_YES = {wording.yes for wording in wordings()} | {"x", "wahr", "true"}
_NO = {"nein", "no", "falsch", "false"}

Plain: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class SpecCell:
    """A cell's value, and where it stands in words. A refused cell has a fault and no value."""

    value: Plain
    place: str
    fault: Fault | None = None

    def read_as(self, holds: Holds) -> tuple[Any, Fault | None]:
        """The value as the model wants it (None where the cell is empty), or what is wrong with it."""
        if self.fault or self.value is None or self.value == "":
            return None, self.fault
        if holds is Holds.NUMBER:
            return self._number()
        if holds is Holds.YES:
            return self._yes()
        if isinstance(self.value, bool):
            return None, Fault(self.place, "The cell must hold text.", "Write text instead of a truth value.")
        if holds is Holds.LINES:
            return [line for line in (line.strip() for line in self.text.split("\n")) if line], None
        return self.text, None

    @property
    def text(self) -> str:
        """The value as text; a whole number shows no fraction."""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return "" if self.value is None else str(self.value)

    def _number(self) -> tuple[Any, Fault | None]:
        # A comma, because a German Excel takes `2,5` in a cell of text as it is typed.
        spelt = self.value.strip().replace(",", ".") if isinstance(self.value, str) else self.value
        try:
            value = float(spelt) if not isinstance(spelt, bool) and spelt is not None else None
        except ValueError:
            value = None
        if value is None:
            return None, Fault(
                self.place, said("{value!r} is no number.", value=self.value), "Write digits only."
            )
        return (int(value) if value.is_integer() else value), None

    def _yes(self) -> tuple[Any, Fault | None]:
        answer = self.text.strip().casefold()
        if answer in _YES or answer in _NO:
            return answer in _YES, None
        fault = said("{value!r} is neither yes nor no.", value=self.value)
        return None, Fault(
            self.place,
            fault,
            said("Write {names}, or nothing.", names=listed([one.yes for one in wordings()])),
        )


@dataclass(frozen=True, slots=True)
class Record:
    """One row: entry -> cell. Every entry that the sheet has a heading for is there."""

    place: str
    cells: dict[str, SpecCell]


@dataclass(frozen=True, slots=True)
class SpecSheet:
    """One sheet's records and the faults of its frame."""

    key: SheetKey
    place: str
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)


def read_sheets(path: Path) -> list[SpecSheet]:
    """The sheets of a form that the workbook has.

    Raises:
        SpecError: the file is missing, too large, or no workbook.
    """
    _refuse_odd_files(path)
    names = {wording.sheet(key).casefold(): key for wording in wordings() for key in SHEETS}
    try:
        grids = _grids(path, set(names))
    except Exception as error:  # a damaged workbook makes openpyxl raise about anything
        fault = said("The workbook can't be read ({reason}).", reason=refusal(error))
        raise SpecError(str(path), fault, "Open it and save it as .xlsx once more.") from error
    return [
        _sheet(names[title.casefold()], said("{path}, sheet {title}", path=path.name, title=title), rows)
        for title, rows in grids
    ]


def _refuse_odd_files(path: Path) -> None:
    try:
        packed = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
    except FileNotFoundError:
        raise SpecError(str(path), "There is no such file.", "Check the path.") from None
    except OSError as error:
        reason = refusal(error)
        remedy = "Close it in other programs and check its permissions."
        raise SpecError(
            str(path), said("The file can't be read ({reason}).", reason=reason), remedy
        ) from error
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise SpecError(str(path), "This is no workbook.", "Save it as .xlsx once more.") from error
    if packed > _LARGEST or unpacked > _LARGEST_UNPACKED:
        raise SpecError(str(path), "The workbook is too large for a form.", "Name the form's own workbook.")


_Grid: TypeAlias = list[tuple[int, list[tuple[Any, str]]]]


def _grids(path: Path, names: set[str]) -> list[tuple[str, _Grid]]:
    """Title -> rows that hold something: number, and (value, openpyxl's type) of each cell."""
    book = open_workbook(path.read_bytes(), read_only=True)
    try:
        grids = []
        for sheet in book.worksheets:
            title = sheet.title.strip()
            if title.casefold() in names:
                rows = enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), start=1)
                grids.append((title, list(_filled(rows))))
        return grids
    finally:
        book.close()


def _filled(rows: Iterable[tuple[int, Iterable[Any]]]) -> Iterator[tuple[int, list[tuple[Any, str]]]]:
    for number, cells in rows:
        row = [(cell.value, cell.data_type) for cell in cells]
        if any(value not in (None, "") for value, _ in row):
            yield number, row
            if number > _MOST_ROWS:
                return  # one row too many is enough to know


def _sheet(key: SheetKey, place: str, rows: _Grid) -> SpecSheet:
    if key == "form":
        return _lying(place, rows)
    sheet = SpecSheet(key, place)
    heads = [str(value or "").strip() for value, _ in rows[0][1]] if rows and rows[0][0] == 1 else []
    entries = [_entry_named(key, head) for head in heads]
    _judge_heads(sheet, heads, entries)
    for number, row in rows[1:] if heads else rows:
        if number > _MOST_ROWS:
            sheet.faults.append(
                Fault(place, said("There are more than {most} rows.", most=_MOST_ROWS), "Take some out.")
            )
            break
        record = Record(said("{place}, row {number}", place=said(place), number=number), {})
        for (value, kind), head, entry in zip(row, heads, entries, strict=False):
            if entry:
                record.cells.setdefault(
                    entry,
                    _cell(value, kind, said("{place}, column {head}", place=said(record.place), head=head)),
                )
            elif value not in (None, "") and not head:
                fault = said("{value!r} stands under no heading.", value=str(value)[:40])
                sheet.faults.append(Fault(record.place, fault, "Move it, or put it on a sheet of your own."))
        if any(cell.value not in (None, "") or cell.fault for cell in record.cells.values()):
            sheet.records.append(record)
    return sheet


def _lying(place: str, rows: _Grid) -> SpecSheet:
    """The sheet of the form itself: its entries are rows, name first, then value."""
    sheet = SpecSheet("form", place)
    record = Record(place, {})
    heads, entries = [], []
    for number, ((label, _), (value, kind), *_rest) in rows:
        head = str(label or "").strip()
        if number == 1 or not head:
            continue
        entry = _entry_named("form", head)
        heads.append(head)
        entries.append(entry)
        if entry:
            record.cells.setdefault(
                entry,
                _cell(
                    value,
                    kind,
                    said("{place}, row {number} ({head})", place=said(place), number=number, head=head),
                ),
            )
    _judge_heads(sheet, heads, entries)
    sheet.records.append(record)
    return sheet


def _cell(value: Any, kind: str, place: str) -> SpecCell:
    if kind == "f":
        return SpecCell(None, place, Fault(place, "The cell holds a formula.", "Write its result instead."))
    if kind == "e":
        return SpecCell(
            None,
            place,
            Fault(place, said("The cell holds the error {value}.", value=value), "Write a value instead."),
        )
    if value is not None and not isinstance(value, str | int | float | bool):
        fault = Fault(place, "The cell holds a date or time.", "Format the cell as text and write it again.")
        return SpecCell(None, place, fault)
    # Excel keeps the carriage returns of pasted text.
    text = cell_text(value).replace("\r\n", "\n").replace("\r", "") if isinstance(value, str) else value
    return SpecCell(text, place)


def _headings(wording: Wording, key: SheetKey) -> dict[str, str]:
    return {wording.heading(entry.name).casefold(): entry.name for entry in SHEETS[key]}


def _entry_named(key: SheetKey, head: str) -> str | None:
    for wording in wordings():
        if name := _headings(wording, key).get(head.casefold()):
            return name
    return None


def _judge_heads(sheet: SpecSheet, heads: list[str], entries: list[str | None]) -> None:
    """Tell headings that are unknown, doubled or missing."""
    known = [wording.heading(entry.name) for wording in wordings() for entry in SHEETS[sheet.key]]
    for index, (head, entry) in enumerate(zip(heads, entries, strict=True)):
        if head and entry is None:
            near = difflib.get_close_matches(head, known, n=1)
            remedy = (
                said("Did you mean {name!r}?", name=near[0]) if near else "Put notes on a sheet of your own."
            )
            sheet.faults.append(
                Fault(sheet.place, said("The heading {head!r} is unknown.", head=head), remedy)
            )
        elif entry and entry in entries[:index]:
            sheet.faults.append(
                Fault(sheet.place, said("{head!r} is there twice.", head=head), "Keep one of the two.")
            )
    for missing in SHEETS[sheet.key]:
        if missing.name not in entries:
            sheet.absent.add(missing.name)
            names = " or ".join(repr(wording.heading(missing.name)) for wording in wordings())
            sheet.faults.append(
                Fault(
                    sheet.place, said("{names} is missing.", names=names), "Add it, even if it stays empty."
                )
            )
