"""What people had written in rows that were taken out, where it could not go along: kept on a sheet of its own."""

from __future__ import annotations

from collections.abc import Sequence

from harvest.register.cell_text import as_written
from harvest.register.sheet_model import ColumnView, Kind, RegisterView, RowView, SheetView
from harvest.register.update.row_match import Leftover

REMOVED = "removed"


def set_aside_sheet(register: RegisterView, leftovers: Sequence[Leftover]) -> SheetView:
    """The rows to add; the sheet only grows, and it is the people's to clear."""
    say = register.say
    columns = (
        ColumnView("run", say["run"], 16),
        ColumnView("at", say["set-aside-at"], 17, kind=Kind.MOMENT),
        ColumnView("sheet", say["sheet"], 22),
        ColumnView("id", say["id"], 12),
        ColumnView("heading", say["column"], 26),
        ColumnView("text", say["value"], 90),
        ColumnView("number", say["mark"], 8, kind=Kind.NUMBER),
    )
    moment = register.made_at.replace(tzinfo=None, microsecond=0)
    rows = tuple(
        RowView((register.run, moment, one.sheet, one.row_id, one.heading, as_written(one.text), number))
        for number, one in enumerate(leftovers, start=1)
    )
    return SheetView(
        REMOVED, say["removed"], columns, rows, ("run", "number"), say["empty-removed"], "#607d8b"
    )
