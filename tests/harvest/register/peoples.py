"""Registers after people worked in them, made by other programs: XlsxWriter spells a workbook as Excel does."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from harvest.register.sheet_model import Cell, Link, RegisterView
from tests.harvest.register.packages import picture

NOTE_COLUMN = 28  # AC: the first free column but one of the sheet with all entries


def excel_like(view: RegisterView, path: Path) -> None:
    """The register as Excel would have saved it: shared strings, no marks, and what people added."""
    book = xlsxwriter.Workbook(str(path))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    pages = {}
    for sheet in view.sheets:
        page = book.add_worksheet(sheet.title[:31])
        pages[sheet.key] = page
        for place, column in enumerate(sheet.columns):
            page.write_string(0, place, column.heading)
        for number, row in enumerate(sheet.rows, start=1):
            for place, cell in enumerate(row.cells):
                _write(page, (number, place), cell, wrap, day)
    _decorate(book, pages["entries"], sum(1 for _ in view.sheets[0].rows))
    book.close()


def _write(page: Any, at: tuple[int, int], cell: Cell, wrap: Any, day: Any) -> None:
    number, place = at
    if cell is None or cell == "":
        return
    if isinstance(cell, Link):
        page.write_formula(number, place, f'=HYPERLINK("{cell.target}","{cell.label}")', None, cell.label)
    elif isinstance(cell, str):
        page.write_string(number, place, cell, wrap)
    elif isinstance(cell, (date, datetime)):
        page.write_datetime(number, place, cell, day)
    else:
        page.write_number(number, place, cell)


def _decorate(book: Any, page: Any, rows: int) -> None:
    """What people put into the sheet with all entries, and a sheet of their own that counts."""
    last = rows + 1
    yellow = book.add_format({"bg_color": "#FFFF00"})
    page.write_string(0, NOTE_COLUMN, "Notiz")
    page.write_string(0, NOTE_COLUMN + 1, "Länge")
    for number in range(1, rows + 1):
        page.write_string(number, NOTE_COLUMN, f"Notiz zu Zeile {number + 1}", yellow if number % 3 else None)
        page.write_formula(number, NOTE_COLUMN + 1, f"=LEN(C{number + 1})", None, 1)
    page.write_string(last + 3, 2, "Summe")
    page.write_formula(last + 3, 3, f"=COUNTA(C2:C{last})", None, rows)
    page.write_comment("C12", "Bitte anrufen!", {"author": "Büro"})
    page.write_comment(f"E{last}", "Letzte Zeile")
    page.insert_image("AF5", "bild.png", {"image_data": picture()})
    page.insert_image(f"C{last + 8}", "bild.png", {"image_data": picture()})
    page.conditional_format(
        f"E2:E{last}", {"type": "text", "criteria": "containing", "value": "0221", "format": yellow}
    )
    page.data_validation(
        f"AC2:AC{last}", {"validate": "list", "source": ["ja", "nein"], "ignore_blank": True}
    )
    page.data_validation("AC30", {"validate": "any", "input_title": "Nur hier"})
    page.autofilter(0, 0, last - 1, 26)
    page.set_row(7, None, None, {"hidden": True})
    page.set_row(20, 60)
    page.merge_range(last + 4, 2, last + 5, 4, "Bemerkungen zum Ganzen")
    page.set_column(2, 2, 71.5)
    page.freeze_panes(1, 3)
    page.add_sparkline("AE3", {"range": "'Alle Einträge'!P2:P20"})
    own = book.add_worksheet("Auswertung")
    own.write_formula("A1", f"=COUNTA('Alle Einträge'!C2:C{last})", None, rows)
    own.write_formula("A2", "='Alle Einträge'!C20", None, "x")
    own.write_formula("A3", "=SUM(B1:B5)+LEN(\"'Alle Einträge'!C20\")", None, 1)
    own.write_url("A5", "internal:'Alle Einträge'!C20", string="hin")
    own.add_table(
        "D1:E4", {"data": [["a", 1], ["b", 2], ["c", 3]], "columns": [{"header": "Was"}, {"header": "Zahl"}]}
    )
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {"values": f"='Alle Einträge'!$P$2:$P${last}", "categories": f"='Alle Einträge'!$A$2:$A${last}"}
    )
    chart.add_series({"values": "=Auswertung!$E$2:$E$4"})
    own.insert_chart("G2", chart)
    book.define_name("Kontakte", f"='Alle Einträge'!$E$2:$E${last}")
    book.define_name("Zeile20", "='Alle Einträge'!$C$20")
