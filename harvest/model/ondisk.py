"""The register as it stands in the workbook, before anybody draws conclusions from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harvest.model.intake import Problem
from harvest.model.register import DecisionKind


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One entry's row as it stands on a sheet of the register. Facts only: nothing is resolved or repaired.

    Attributes:
        sheet: the sheet's key: `entries` for the one with all entries, else the key of a section.
        number: row number in the sheet, from 1, as Excel shows it.
        entry_id: what stands under "Kennung"; empty for a row that somebody added or whose id was erased.
        category: key of the category, or empty where the words in the row name none of the form.
        category_text: those words.
        values: column key -> text. A column that somebody removed from the sheet is left out: no edit.
        same_as: what stands under "Gleich wie".
        untold: columns that are there, but hold a formula without a result, or lie under a merged cell: no edit either.
        covered: those of them that a merged cell covers.
    """

    sheet: str
    number: int
    entry_id: str
    category: str
    category_text: str
    values: Mapping[str, str]
    same_as: str = ""
    untold: frozenset[str] = frozenset()
    covered: frozenset[str] = frozenset()

    @property
    def blank(self) -> bool:
        """Whether the row holds no word of an entry."""
        return not any(text.strip() for text in self.values.values())


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """One decision as it stands on the sheets with duplicates, conflicts or doubtful cells.

    Attributes:
        sheet: key of the sheet: `duplicates`, `conflicts`, `check`.
        number: row number in that sheet, from 1.
        entry_id: what stands under "Kennung"; of TYPED the id of the cell.
        other: the other entry's id (SAME, DIFFERENT).
        column, value: what is right (CHOOSE, CHECKED, TYPED); the value may be one that nobody reported.
    """

    sheet: str
    number: int
    kind: DecisionKind
    entry_id: str
    other: str = ""
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A register read back.

    Attributes:
        sha256: of the file's bytes; what is replaced must still have it.
        form: key of the form; empty where a program that saved the file dropped it.
        run: id of the run that wrote it; empty likewise.
        rows: of the sheet with all entries, in its order. Doubled and erased ids stand as they are.
        section_rows: of the sections' sheets, where people may correct as well.
        choices: decisions made on the other sheets.
        faults: what could not be taken as it stands (a formula in a cell of ours, an unknown choice...).
        since_1904: whether the workbook counts days from 1904: what a number in a column of dates stands for.
    """

    sha256: str
    form: str
    run: str
    rows: tuple[SheetRow, ...]
    section_rows: tuple[SheetRow, ...] = ()
    choices: tuple[SheetChoice, ...] = ()
    faults: tuple[Problem, ...] = field(default=())
    since_1904: bool = False
