"""Form -> workbook that people can edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from formgen.spec_xlsx.sheets import FIELD_ENTRIES, FIELDS, KINDS, SHEETS, Entry, Holds, SheetKey, Wording
from spec.console.said import said
from spec.errors import SpecError
from spec.form.model import Form
from spec.words import words

_Row: TypeAlias = Mapping[str, Any]
_CELL_HOLDS = 32_767
#: Excel reads `_x0041_` in a cell as the letter A.
_ESCAPE = re.compile(r"_?x[0-9A-Fa-f]{4}_")
_TOP = Alignment(wrap_text=True, vertical="top")
_HEAD = Font(bold=True, color="FFFFFF")
_FILL = PatternFill("solid", fgColor="3D4F5C")


def export(form: Form, path: Path) -> None:
    """Write `form` as a workbook to `path`; `load_xlsx` makes the very same form of it.

    Raises:
        SpecError: a text can't be kept in a cell.
        OSError: the file can't be written.
    """
    wording = Wording(words(form.language))
    book = Workbook()
    book.remove(book.worksheets[0])
    _form_sheet(book.create_sheet(wording.sheet("form")), form, wording)
    for key, rows in _tables(form, wording):
        _table_sheet(book.create_sheet(wording.sheet(key)), key, rows, wording)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        book.save(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _tables(form: Form, wording: Wording) -> Iterator[tuple[SheetKey, Iterable[_Row]]]:
    yield "columns", [column.model_dump() for column in form.columns]
    yield "sections", [section.model_dump() for section in form.sections]
    yield (
        "categories",
        [
            {"section": section.key, **category.model_dump()}
            for section in form.sections
            for category in section.categories
        ],
    )
    yield "cover", _kinds("cover", form.cover.model_dump(), wording)
    yield "feedback", _kinds("feedback", form.feedback.model_dump(), wording)


def _kinds(key: SheetKey, page: Mapping[str, Any], wording: Wording) -> Iterator[_Row]:
    """The rows of the cover or feedback sheet: every item of every list."""
    for name in KINDS[key]:
        kind = {"kind": wording.kind(name)}
        if name == FIELDS:
            for field in page[name]:
                yield kind | {entry: field[mine] for mine, entry in FIELD_ENTRIES.items()}
        else:
            items = [page[name]] if isinstance(page[name], str) else page[name]
            yield from (kind | {"text": item} for item in items)


def _form_sheet(sheet: Worksheet, form: Form, wording: Wording) -> None:
    heads = [wording.say(f"workbook.{name}") for name in ("entry", "value", "explanation")]
    for column, (head, width) in enumerate(zip(heads, (26, 70, 70), strict=True), start=1):
        _head(sheet, column, head, width)
    for row, entry in enumerate(SHEETS["form"], start=2):
        _put(sheet, row, 1, wording.heading(entry.name))
        _put(sheet, row, 2, _cell(entry, getattr(form, entry.name), wording))
        _put(sheet, row, 3, wording.note("form", entry))
    sheet.freeze_panes = "B2"


def _table_sheet(sheet: Worksheet, key: SheetKey, rows: Iterable[_Row], wording: Wording) -> None:
    for column, entry in enumerate(SHEETS[key], start=1):
        _head(sheet, column, wording.heading(entry.name), entry.width, wording.note(key, entry))
    for row, values in enumerate(rows, start=2):
        for column, entry in enumerate(SHEETS[key], start=1):
            _put(sheet, row, column, _cell(entry, values.get(entry.name), wording))
    sheet.freeze_panes = "A2"
    if key in KINDS:
        choices = ",".join(wording.kind(name) for name in KINDS[key])
        choice = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
        choice.add("A2:A500")
        sheet.add_data_validation(choice)


def _cell(entry: Entry, value: Any, wording: Wording) -> str | float | None:
    if entry.holds is Holds.LINES:
        return "\n".join(value) or None
    if entry.holds is Holds.YES:
        return wording.yes if value else None
    return None if value in (None, "") else value


def _head(sheet: Worksheet, column: int, text: str, width: int, note: str = "") -> None:
    cell = sheet.cell(1, column, text)
    cell.font, cell.fill, cell.alignment = _HEAD, _FILL, _TOP
    sheet.column_dimensions[get_column_letter(column)].width = width
    if note:
        cell.comment = Comment(note, "formgen", height=110, width=320)


def _put(sheet: Worksheet, row: int, column: int, value: str | float | None) -> None:
    if value is None:
        return
    cell = sheet.cell(row, column)
    cell.alignment = _TOP
    if not isinstance(value, str):
        cell.value = value
        return
    place = said(
        "sheet {title}, row {row}, column {column}",
        title=sheet.title,
        row=row,
        column=get_column_letter(column),
    )
    if len(value) > _CELL_HOLDS:
        raise SpecError(
            place,
            said("A cell holds {most} characters, not {count}.", most=_CELL_HOLDS, count=len(value)),
            "Shorten the text.",
        )
    if escape := _ESCAPE.search(value):
        raise SpecError(
            place,
            said("A workbook reads {escape!r} as another character.", escape=escape[0]),
            "Rephrase the text.",
        )
    cell.value = value
    # A text that begins with = stays a text, and so does one that spells a number or an error.
    cell.data_type = "s"
    cell.number_format = "@"
