"""How our sheets and columns are known again after people renamed and moved them.

A hidden defined name points at every heading of ours: spreadsheet programs carry such names along when a sheet is
renamed, a column moved or a row inserted (ECMA-376-1, 18.2.5 definedName).
"""

from __future__ import annotations

import re

from harvest.register.sheet_model import SheetView
from harvest.register.xlsx.row_xml import letters

PREFIX = "_fgh."
#: Keys of what the file says about itself, as custom document properties and as hidden names.
FORM, RUN, VERSION = "form", "run", "version"
_PROPERTY = "FormgenHarvest."

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = {"history"}  # Excel keeps this name for itself
MAX_TITLE = 31


def property_name(key: str) -> str:
    """Name of the custom document property for `key`."""
    return _PROPERTY + key


def sheet_mark(sheet: str) -> str:
    """Defined name for a sheet of ours; it points at the first cell of the row with the headings."""
    return PREFIX + sheet.replace("-", ".")


def column_mark(sheet: str, column: str) -> str:
    """Defined name for a column of ours; it points at the column's heading."""
    return f"{sheet_mark(sheet)}_{column.replace('-', '.')}"


def value_mark(key: str) -> str:
    """Defined name that holds a fact about the file as a text."""
    return f"{PREFIX}_{key}"


def quoted(title: str) -> str:
    """A sheet's title as it stands before `!` in a formula."""
    return "'" + title.replace("'", "''") + "'"


def heading_reference(title: str, place: int, row: int = 1) -> str:
    """What the mark of the column at `place` (from 0) refers to."""
    return f"{quoted(title)}!${letters(place)}${row}"


def marks_of(view: SheetView, title: str) -> dict[str, str]:
    """All marks of a sheet written anew: name -> what it refers to."""
    marks = {sheet_mark(view.key): heading_reference(title, 0)}
    for place, column in enumerate(view.columns):
        marks[column_mark(view.key, column.key)] = heading_reference(title, place)
    return marks


def safe_title(title: str, taken: set[str]) -> str:
    """`title` as a sheet may be called, told apart from `taken` (case-folded titles; the new one is added)."""
    clean = _FORBIDDEN.sub("-", title).strip().strip("'").strip() or "-"
    if clean.casefold() in _RESERVED:
        clean += "."
    base, number = clean[:MAX_TITLE].rstrip(), 1
    name = base
    while name.casefold() in taken:
        number += 1
        name = f"{base[: MAX_TITLE - len(str(number)) - 3]} ({number})"
    taken.add(name.casefold())
    return name
