"""A list of recipients in an Excel workbook. Values only: a formula's result depends on who saved the file last."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

from formgen.recipients.columns import kind_of
from formgen.recipients.table import MOST, Row, Table, too_many
from spec.console.said import refusal, said
from spec.errors import Fault, WrongInputError
from spec.storage.workbook_files import cell_text, open_workbook

_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Bytes of all parts of the workbook together: what 10,000 rows can take, many times over.
_LARGEST_UNPACKED = 300_000_000
_MOST_COLUMNS = 50
_NOT_VALUES = {"f": "This is a formula.", "e": "This is an error value."}
_AS_VALUES = "Write the value itself (in Excel: copy, then paste as values)."


def xlsx_rows(data: bytes, name: str) -> Table:
    """The rows of the workbook's only list: the sheet with the heading E-Mail, or the only sheet that says anything.

    Raises:
        WrongInputError: the file can't be opened as a workbook, or it is not clear which sheet is meant.
    """
    _refuse_what_is_no_workbook(data, name)
    rough = _sheets(data, name, read_only=True)
    sheet = _the_list(rough, name)
    if sheet is None:
        return Table(name, None)
    if sum(1 for _ in zip(range(MOST + 2), _rows(rough[sheet], []), strict=False)) > MOST + 1:
        return Table(name, next(_rows(rough[sheet], [])), faults=(too_many(name),))
    # Merged cells are known only to the thorough way of reading, which takes ten times as long.
    thorough = _sheets(data, name, read_only=False)[sheet]
    faults: list[Fault] = []
    rows = list(_rows(thorough, faults, name))
    for merged in thorough.merged_cells.ranges:
        fault = said("The cells {cells} are merged.", cells=merged.coord)
        place = said("{name}, row {row}", name=name, row=merged.min_row)
        faults.append(Fault(place, fault, "Unmerge them: one recipient per row."))
    hidden = frozenset(number for number, look in thorough.row_dimensions.items() if _is_hidden(look))
    return Table(name, rows[0] if rows else None, tuple(rows[1:]), tuple(faults), hidden)


def _is_hidden(look: RowDimension) -> bool:
    """Whether nobody sees a row: a filter took it out (18.3.1.73 row, hidden), or somebody made it too low."""
    return bool(look.hidden) or look.height == 0


def _refuse_what_is_no_workbook(data: bytes, name: str) -> None:
    if data.startswith(_LOCKED):
        raise WrongInputError(
            name, "The workbook is protected with a password.", "Save a copy without password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise WrongInputError(
            name, "This is not an Excel workbook, or it is damaged.", "Save it anew as .xlsx."
        ) from None
    if unpacked > _LARGEST_UNPACKED:
        raise WrongInputError(
            name,
            "The workbook is far too large for a list.",
            said("Name a list of at most {most} rows.", most=MOST),
        )


def _sheets(data: bytes, name: str, *, read_only: bool) -> dict[str, Worksheet]:
    try:
        book = open_workbook(data, read_only=read_only)
    except Exception as error:  # openpyxl raises whatever its parsers meet in a broken file
        fault = said("The workbook can't be read ({reason}).", reason=refusal(error))
        raise WrongInputError(
            name, fault, "Open it in Excel or LibreOffice and save it anew as .xlsx."
        ) from error
    return {sheet.title: sheet for sheet in book.worksheets}


def _the_list(sheets: dict[str, Worksheet], name: str) -> str | None:
    first = {title: next(_rows(sheet, []), None) for title, sheet in sheets.items()}
    filled = [title for title, row in first.items() if row is not None]
    lists = [
        title
        for title in filled
        if (row := first[title]) and any(kind_of(cell) == "email" for cell in row.cells)
    ]
    candidates = lists or filled
    if len(candidates) > 1:
        names = ", ".join(repr(title) for title in candidates)
        fault = said("It is not clear which sheet is the list: {names}.", names=names)
        raise WrongInputError(
            name, fault, "Keep one sheet with the headings Organisation and E-Mail in its first row."
        )
    return candidates[0] if candidates else None


def _rows(sheet: Worksheet, faults: list[Fault], name: str = "") -> Iterator[Row]:
    """The rows that say anything; formulas and error values become faults."""
    for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), start=1):
        broken = [cell for cell in cells if cell.value is not None and cell.data_type in _NOT_VALUES]
        for cell in broken:
            place = said("{name}, row {number}, cell {cell}", name=name, number=number, cell=cell.coordinate)
            faults.append(Fault(place, _NOT_VALUES[cell.data_type], _AS_VALUES))
        texts = [_text(cell.value) for cell in cells]
        while texts and not texts[-1].strip():
            texts.pop()
        # What a formula would say is unknown, so its row is not looked at any further.
        if texts and not broken:
            yield Row(number, tuple(texts))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return cell_text(str(value))
