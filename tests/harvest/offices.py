"""An office in the small: a tiny form, returns filled with pikepdf, the commands as functions."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf

from formgen.blank import build_blank
from spec.form.model import Form
from spec.names import CoverField, NilField, RowField
from spec.wire import EditionFile
from spec.workspace import Workspace

COLUMNS = ("einrichtung", "kontakt")
#: The register's sheets that show entries.
ENTRIES, SECTION = "Alle Einträge", "Bereich Eins"

FORM = Form.model_validate(
    {
        "key": "klein",
        "title": "Kleines Formular",
        "language": "de",
        "rows": 5,
        "nil_label": "Gibt es hier nicht:",
        "columns": [
            {"key": "einrichtung", "heading": "Einrichtung", "width": 2, "identifies": True},
            {"key": "kontakt", "heading": "Kontakt", "width": 1},
        ],
        "sections": [
            {
                "key": "eins",
                "title": "Bereich Eins",
                "colour": "#1f4e79",
                "categories": [
                    {"key": "wohnheim", "name": "Wohnheim"},
                    {"key": "praxis", "name": "Praxis"},
                ],
            }
        ],
        "cover": {
            "intro": ["Bitte ausfüllen."],
            "steps": ["Speichern und zurückschicken."],
            "return_to": ["buero@office.example"],
            "fields": [{"key": "organisation", "label": "Organisation"}],
        },
        "feedback": {"title": "Rückmeldung", "fields": [{"key": "anmerkung", "label": "Anmerkung"}]},
    }
)


@cache
def blank() -> tuple[EditionFile, bytes]:
    made = build_blank(FORM)
    return made.edition_file, made.pdf


def filled(
    organisation: str,
    rows: Mapping[str, list[tuple[str, str]]],
    day: int = 1,
    nil: tuple[str, ...] = (),
    token: str | None = None,
    *,
    modified: str = "",
) -> bytes:
    """A return of this day: category -> rows of (facility, contact); `modified` is what its clock says instead."""
    edition, data = blank()
    name = edition.edition
    values = {str(CoverField(name, "organisation")): organisation}
    for category, listed in rows.items():
        for number, row in enumerate(listed, start=1):
            for column, text in zip(COLUMNS, row, strict=True):
                values[str(RowField(name, category, number, column))] = text
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for widget in page.Annots:
                field = str(widget.get("/T", ""))
                if field in values:
                    widget.V = pikepdf.String(values[field])
                elif field in {str(NilField(name, category)) for category in nil}:
                    states = [key for key in widget.AP.N if key != "/Off"]
                    widget.V = widget.AS = pikepdf.Name(str(states[0]))
        pdf.docinfo["/ModDate"] = modified or f"D:202601{day:02d}120000Z"
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


@dataclass(frozen=True)
class Office:
    """A workspace with the tiny form."""

    workspace: Workspace

    @classmethod
    def at(cls, root: Path) -> Office:
        edition, data = blank()
        workspace = Workspace(root)
        folder = workspace.edition(edition.edition)
        folder.mkdir(parents=True)
        (folder / "blank.pdf").write_bytes(data)
        (folder / "edition.json").write_text(edition.to_json(), encoding="utf-8")
        workspace.returns.mkdir()
        return cls(workspace)

    def drop(self, name: str, data: bytes, day: int = 1) -> Path:
        path = self.workspace.returns / name
        path.write_bytes(data)
        os.utime(path, (1_767_225_600 + day * 86_400,) * 2)
        return path

    def entries(self) -> dict[str, dict[str, Any]]:
        """Facility's first line -> entry as exported."""
        return {
            entry["values"].get("einrichtung", "").split("\n")[0]: entry
            for entry in self.twin()
            if not entry["nil"]
        }

    def twin(self) -> list[dict[str, Any]]:
        import json

        found: list[dict[str, Any]] = json.loads(self.workspace.register_json.read_text(encoding="utf-8"))
        return found

    def book(self) -> Any:
        return openpyxl.load_workbook(self.workspace.register)

    def write(self, facility: str, heading: str, text: str) -> None:
        """Somebody writes into the register."""
        book = self.book()
        headings, ids = sheet_rows(book[ENTRIES])
        book[ENTRIES].cell(ids[self.entries()[facility]["id"]], headings[heading]).value = text
        book.save(self.workspace.register)

    def delete(self, facility: str, *sheets: str) -> None:
        """Somebody deletes a facility's row, on these sheets; default: on the one with all entries."""
        book = self.book()
        identity = self.entries()[facility]["id"]
        for name in sheets or (ENTRIES,):
            book[name].delete_rows(sheet_rows(book[name])[1][identity])
        book.save(self.workspace.register)

    def copy(self, to: Path) -> Office:
        shutil.copytree(self.workspace.root, to)
        return Office(Workspace(to))


def sheet_rows(sheet: Any) -> tuple[dict[str, int], dict[str, int]]:
    """Heading -> column, and id -> row, of a sheet with ids."""
    for row in sheet.iter_rows(min_row=1, max_row=6):
        headings = {str(cell.value): cell.column for cell in row if cell.value}
        if "Kennung" in headings:
            first = row[0].row
            column = headings["Kennung"]
            ids = {
                str(sheet.cell(number, column).value): number
                for number in range(first + 1, sheet.max_row + 1)
                if sheet.cell(number, column).value
            }
            return headings, ids
    raise AssertionError(f"{sheet.title} has no ids")
