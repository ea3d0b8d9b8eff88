"""The spec in a spreadsheet: workbook -> Form. The same content gives the very same form as TOML does."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from formgen.spec_xlsx.cells import Record, SpecCell, SpecSheet, read_sheets
from formgen.spec_xlsx.sheets import FIELD_ENTRIES, FIELDS, KINDS, SHEETS, Holds, SheetKey, wordings
from formgen.spec_xlsx.write import export
from spec.console.said import Message, listed, said
from spec.errors import Fault, SpecError
from spec.form.findings import Finding, findings_of
from spec.form.model import Form
from spec.form.rules import Path as Way

__all__ = ["export", "load_xlsx"]


def load_xlsx(path: Path) -> Form:
    """The form in the workbook `path`.

    Raises:
        SpecError: the file can't be read or has faults; each is named by sheet, row and column.
    """
    book = _Book(path.name)
    for sheet in read_sheets(path):
        book.take(sheet)
    return book.form()


class _Book:
    """Builds the raw tables of a form, and remembers where each value stood and what was told already."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sheets: dict[SheetKey, SpecSheet] = {}
        self.tables: dict[str, Any] = {}
        self.places: dict[Way, str] = {}
        self.faults: list[Fault] = []
        self.told: set[Way] = set()

    def take(self, sheet: SpecSheet) -> None:
        """Keep a sheet; one sheet of a kind is enough."""
        if sheet.key in self.sheets:
            fault = said("It says the same as {place}.", place=said(self.sheets[sheet.key].place))
            self.faults.append(Fault(sheet.place, fault, "Keep one of the two."))
        else:
            self.sheets[sheet.key] = sheet
            self.faults += sheet.faults

    def form(self) -> Form:
        """The form.

        Raises:
            SpecError: with every fault.
        """
        for key in SHEETS:
            if key not in self.sheets:
                names = listed([repr(wording.sheet(key)) for wording in wordings()])
                self.faults.append(
                    Fault(self.name, said("The sheet {names} is missing.", names=names), "Add it.")
                )
                self._tell_absent(key)
        self._build()
        form, found = findings_of(self.tables)
        self.faults += [self._fault(finding) for finding in found if not self._is_told(finding)]
        if form is None or self.faults:
            raise SpecError.of(self.faults)
        return form

    def _build(self) -> None:
        for record in self._records("form"):
            self._fill((), self.tables, "form", record)
        for key in ("columns", "sections"):
            rows = enumerate(self._records(key))
            self.tables[key] = [self._row((key, index), key, record) for index, record in rows]
        for section in self.tables["sections"]:
            section["categories"] = []
        for record in self._records("categories"):
            self._category(record)
        for key in KINDS:
            self.tables[key] = {name: [] for name in KINDS[key] if name != "title"}
            self._page(key)

    def _records(self, key: SheetKey) -> list[Record]:
        """The records of a sheet, none where the sheet is missing."""
        sheet = self.sheets.get(key)
        if sheet is None:
            return []
        self.places[key,] = sheet.place
        return sheet.records

    def _row(self, way: Way, key: SheetKey, record: Record) -> dict[str, Any]:
        table: dict[str, Any] = {}
        self.places[way] = record.place
        self._fill(way, table, key, record)
        return table

    def _fill(self, way: Way, table: dict[str, Any], key: SheetKey, record: Record) -> None:
        self.told |= {(*way, name) for name in self.sheets[key].absent}
        for entry in SHEETS[key]:
            if entry.name in record.cells:
                self._put((*way, entry.name), table, entry.holds, record.cells[entry.name])

    def _put(self, way: Way, table: dict[str, Any], holds: Holds, cell: SpecCell) -> None:
        """Read a cell into `table` under the last part of `way`; an empty cell says nothing."""
        self.places[way] = cell.place
        value, fault = cell.read_as(holds)
        if fault:
            self.faults.append(fault)
            self.told.add(way)
            value = cell.value  # there, if of the wrong kind: no rule shall call it missing
        if value is not None:
            table[str(way[-1])] = value

    def _category(self, record: Record) -> None:
        sections = self.tables["sections"]
        named = record.cells.get("section")
        wanted = named.text.strip() if named else ""
        keys = [str(section.get("key", "")).strip() for section in sections]
        index = keys.index(wanted) if wanted in keys else None
        if index is None and named and "sections" in self.sheets and not named.fault:
            near = difflib.get_close_matches(wanted, keys, n=1)
            remedy = (
                said("Did you mean {name!r}?", name=near[0])
                if near
                else said("Write one of: {names}.", names=", ".join(keys))
            )
            self.faults.append(
                Fault(
                    named.place, said("There is no section with the key {wanted!r}.", wanted=wanted), remedy
                )
            )
        if sections:
            # One without a section is looked at all the same; the form is refused anyway.
            number = index or 0
            way = ("sections", number, "categories", len(sections[number]["categories"]))
            table = self._row(way, "categories", record)
            table.pop("section", None)
            sections[number]["categories"].append(table)

    def _page(self, key: SheetKey) -> None:
        """The cover or feedback page: each row belongs to the list that its kind names."""
        page = self.tables[key]
        names = {wording.kind(name).casefold(): name for wording in wordings() for name in KINDS[key]}
        for record in self._records(key):
            kind = record.cells.get("kind")
            name = names.get(kind.text.strip().casefold()) if kind else None
            if name == FIELDS:
                page[FIELDS].append(self._field((key, FIELDS, len(page[FIELDS])), key, record))
            elif name:
                self._text(key, name, record)
            elif kind:
                choices = ", ".join(" / ".join(self._kinds(name)) for name in KINDS[key])
                fault = said("{text!r} is no kind of text here.", text=kind.text)
                self.faults.append(
                    kind.fault or Fault(kind.place, fault, said("Write one of: {choices}.", choices=choices))
                )
        for name in KINDS[key]:
            self.places.setdefault(
                (key, name),
                said("{place}, kind {kind}", place=said(self._place((key,))), kind=self._kind(name)),
            )

    def _kind(self, name: str) -> Message:
        return listed(self._kinds(name))

    def _kinds(self, name: str) -> list[str]:
        return list(dict.fromkeys(wording.kind(name) for wording in wordings()))

    def _field(self, way: Way, key: SheetKey, record: Record) -> dict[str, Any]:
        table: dict[str, Any] = {}
        self.places[way] = record.place
        holds = {entry.name: entry.holds for entry in SHEETS[key]}
        for mine, entry in FIELD_ENTRIES.items():
            if entry in record.cells:
                self._put((*way, mine), table, holds[entry], record.cells[entry])
            else:
                self.told.add((*way, mine))
        return table

    def _text(self, key: SheetKey, name: str, record: Record) -> None:
        page = self.tables[key]
        for entry in ("key", "hint", "lines"):
            cell = record.cells.get(entry)
            if cell and cell.value not in (None, ""):
                self.faults.append(Fault(cell.place, "Only a field has this.", "Empty the cell."))
        holder: dict[str, Any] = {}
        if "text" not in record.cells:
            self.told.add((key, name))
            return
        if name == "title" and "title" in page:
            self.faults.append(Fault(record.place, "There is a title already.", "Keep one of the two."))
            return
        way: Way = (key, name) if name == "title" else (key, name, len(page[name]))
        self._put(way, holder, Holds.TEXT, record.cells["text"])
        # An empty text is told by the model as empty; it must not vanish from the list.
        text = next(iter(holder.values()), "")
        if name == "title":
            page["title"] = text
        else:
            page[name].append(text)

    def _tell_absent(self, key: SheetKey) -> None:
        if key == "form":
            self.told |= {(entry.name,) for entry in SHEETS["form"]}
        elif key == "categories":
            self.told |= {
                ("sections", index, "categories") for index in range(len(self._records("sections")))
            }
        else:
            self.told.add((key,))

    def _is_told(self, finding: Finding) -> bool:
        return any(finding.path[:length] in self.told for length in range(1, len(finding.path) + 1))

    def _fault(self, finding: Finding) -> Fault:
        first = self._place(finding.first) if finding.first else None
        return Fault(self._place(finding.path), finding.told(first), finding.remedy)

    def _place(self, way: Way) -> str:
        """Where `way` stands, or the nearest thing around it."""
        for length in range(len(way), 0, -1):
            if way[:length] in self.places:
                return self.places[way[:length]]
        return self.name
