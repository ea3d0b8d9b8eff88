"""The sheet with the charts: what they draw stands beside them in two small tables, one below the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from harvest.model import Register
from harvest.register.cell_text import as_written
from harvest.register.sheet_model import CHARTS, ChartView, ColumnView, Kind, RowView, SheetView
from harvest.register.view.labels import Speech

#: A fixed number, so that the chart's range stays the same while months come and go.
MONTHS = 12
_COLOUR = "#607d8b"


def sheet(register: Register, received: Sequence[datetime], today: date, speech: Speech) -> SheetView:
    """Facilities and nil returns by category, and returns by month, each with its chart.

    Args:
        received: when each return came, every return once.
        today: the office's day; its month is the last one shown.
    """
    categories = _categories(register, speech)
    months = _months(received, today, speech, len(categories))
    return SheetView(
        key=CHARTS,
        title=speech.words(f"register.sheet.{CHARTS}"),
        columns=_columns(speech),
        rows=(*categories, *months),
        # not the month: rows that came and went with it would take the chart's range along
        identity=("section", "mark"),
        empty=speech.words(f"register.empty.{CHARTS}"),
        colour=_COLOUR,
        charts=_charts(speech),
    )


def _columns(speech: Speech) -> tuple[ColumnView, ...]:
    column = speech.column
    return (
        column("section", 24),
        column("mark", 9, kind=Kind.NUMBER),
        column("counted", 64),
        column("facilities", 15, kind=Kind.NUMBER),
        column("nils", 15, kind=Kind.NUMBER),
        column("received", 16, kind=Kind.NUMBER),
    )


def _categories(register: Register, speech: Speech) -> list[RowView]:
    """Every category of the form in its order, also those that nobody offers."""
    facilities = Counter(entry.category for entry in register.entries)
    nils = Counter(statement.category for statement in register.nils)
    return [
        RowView(
            (
                as_written(section.title),
                number,
                as_written(category.name),
                facilities[category.key],
                nils[category.key],
                None,
            ),
            speech.rank(category.key),
        )
        for section in speech.form.sections
        for number, category in enumerate(section.categories, start=1)
    ]


def _months(received: Sequence[datetime], today: date, speech: Speech, rank: int) -> list[RowView]:
    """The last twelve months, the oldest first."""
    days = [day for day in map(speech.day, received) if day is not None]
    counts = Counter((day.year, day.month) for day in days)
    title, spelt = speech.words("register.sheet.returns"), speech.words.templates["date.month"]
    rows = []
    for number in range(1, MONTHS + 1):
        years, month = divmod(today.year * 12 + today.month - 1 - MONTHS + number, 12)
        name = date(years, month + 1, 1).strftime(spelt)
        cells = (title, number, name, None, None, counts[years, month + 1])
        rows.append(RowView(cells, rank + number))
    return rows


def _charts(speech: Speech) -> tuple[ChartView, ...]:
    sections = speech.form.sections
    colours = tuple(section.colour for section in sections for _ in section.categories)
    words = speech.words
    return (
        ChartView(
            words("register.chart.facilities"),
            words("register.chart.facilities-alt"),
            labels="counted",
            values="facilities",
            first=0,
            colours=colours,
            lying=True,
        ),
        ChartView(
            words("register.chart.received"),
            words("register.chart.received-alt"),
            labels="counted",
            values="received",
            first=len(colours),
            colours=(_COLOUR,) * MONTHS,
        ),
    )
