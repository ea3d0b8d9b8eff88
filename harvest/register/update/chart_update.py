"""Charts of ours in a workbook that exists: their ranges go along with the rows they draw, also at the ends.

A category that a form gets at its end stands behind the last row of the chart's range, where nothing that only
follows moved rows would take it in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from harvest.register.cell_text import unescape_xml
from harvest.register.readback.locate import FoundSheet
from harvest.register.sheet_model import ChartView, RowView, SheetView
from harvest.register.update.row_match import Identity, identity_of
from harvest.register.update.splice import Spliced
from harvest.register.workbook.drawingml import chart_xml, without_cache
from harvest.register.xlsx.formula_refs import shift_formula, title_of
from harvest.register.xlsx.normalize_xml import escaped
from harvest.register.xlsx.package import Package
from harvest.register.xlsx.row_shift import Maps

_FORMULA = re.compile(r"<((?:\w+:)?f)>([^<]*)</\1>")
_RANGE = re.compile(r"('(?:[^']|'')*'|[^'!]+)!(\$?[A-Z]+\$?)(\d+):(\$?[A-Z]+\$?)(\d+)")
_POINT = re.compile(r'<c:dPt><c:idx val="(\d+)"/>.*?</c:dPt>', re.DOTALL)
#: First and last row as they were -> as they are.
Spans = Mapping[tuple[int, int], tuple[int, int]]


def charts_of(package: Package, part: str) -> Iterator[str]:
    """Names of the chart parts of the sheet in `part`."""
    for drawing in package.relations(part):
        if drawing.kind == "drawing" and not drawing.external and drawing.target in package.infos:
            for chart in package.relations(drawing.target):
                if chart.kind == "chart" and not chart.external and chart.target in package.infos:
                    yield chart.target


def spans(
    view: SheetView, places: Mapping[Identity, tuple[int, int]]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Where the rows of each chart stood and stand; one whose rows people moved apart is left out."""
    found = {}
    rows = list(view.rows)
    for chart in view.charts:
        drawn = [places.get(identity_of(row, view), (0, 0)) for row in _drawn(chart, rows)]
        old, new = [was for was, _ in drawn if was], [now for _, now in drawn]
        if old and _together(old) and _together(new):
            found[min(old), max(old)] = (min(new), max(new))
    return found


def _drawn(chart: ChartView, rows: list[RowView]) -> list[RowView]:
    return rows[chart.first : chart.first + len(chart.colours)]


def _together(rows: list[int]) -> bool:
    return sorted(rows) == list(range(min(rows), max(rows) + 1))


def followed(
    package: Package, read: Callable[[str], str], found: FoundSheet, spliced: Spliced, maps: Maps
) -> Iterator[tuple[str, str]]:
    """Chart parts of a sheet of ours: name and text, with their ranges where the rows are now.

    The cached values, and the colours of rows that are new, are brought up to date in parts that nobody has touched.
    Whatever a program or a person has written otherwise is theirs; programs draw it from the cells when it is opened.
    """
    view, title = found.view, found.sheet.title
    now = spans(view, spliced.places)
    fresh = {}
    for chart in view.charts:
        text = chart_xml(chart, view, title)
        rows = zip(chart.colours, _drawn(chart, list(view.rows)), strict=False)
        before = [colour for colour, row in rows if spliced.places.get(identity_of(row, view), (0, 0))[0]]
        fresh[without_cache(text)] = text
        if before:
            fresh[without_cache(chart_xml(chart, view, title, tuple(before)))] = text
    for name in charts_of(package, found.sheet.part):
        text = _FORMULA.sub(lambda one: _mended(one, title, now, maps), read(name))
        bare = without_cache(text)
        ours = (
            fresh.get(one) for one in (bare, *(_without_points(bare, len(c.colours)) for c in view.charts))
        )
        yield name, next((one for one in ours if one), text)


def _without_points(text: str, count: int) -> str:
    """A chart without the colours of points that it no longer draws."""
    return _POINT.sub(lambda found: found[0] if int(found[1]) < count else "", text)


def _mended(found: re.Match[str], title: str, now: Spans, maps: Maps) -> str:
    old = unescape_xml(found[2])
    area = _RANGE.fullmatch(old)
    if area and title.casefold() == title_of(area[1]):
        rows = now.get((int(area[3]), int(area[5])))
        if rows:
            return f"<{found[1]}>{escaped(f'{area[1]}!{area[2]}{rows[0]}:{area[4]}{rows[1]}')}</{found[1]}>"
    new = shift_formula(old, maps, "") if maps else old
    return found[0] if new == old else f"<{found[1]}>{escaped(new)}</{found[1]}>"
