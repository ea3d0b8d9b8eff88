"""The charts draw what stands beside them, in every program, and stay people's once people changed them."""

from __future__ import annotations

import posixpath
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.chart import BarChart, Reference
from openpyxl.utils import range_boundaries

from harvest.model import Register
from harvest.register.sheet_model import CHARTS, RegisterView
from harvest.register.update.register_update import Updated, update
from harvest.register.view.register_view import ReturnNote, ReturnOutcome, RunNote, build_view
from harvest.register.workbook.workbook_writer import write_new
from spec.words import words
from tests.harvest.register.packages import CHART, assert_sound, parts, rewritten
from tests.harvest.register.samples import NOW, checklist, entry, sample_register, sample_view


def view_at(at: datetime, register: Register | None = None, *returns: ReturnNote) -> RegisterView:
    return build_view(
        register or sample_register(),
        checklist(),
        words("de"),
        run=RunNote("run-7", at, "1"),
        returns=returns,
    )


def came(at: datetime, outcome: ReturnOutcome = ReturnOutcome.TAKEN) -> ReturnNote:
    return ReturnNote("1" * 64, "a.pdf", at, "", outcome)


def table(view: RegisterView) -> list[tuple[Any, ...]]:
    return [row.cells for row in next(one for one in view.sheets if one.key == CHARTS).rows]


def chart_parts(path: Path) -> dict[str, bytes]:
    return {name: data for name, data in parts(path).items() if name.startswith("xl/charts/")}


def drawn(book: Any) -> dict[str, list[Any]]:
    """The charts that openpyxl sees, by sheet."""
    return {page.title: page._charts for page in book if page._charts}


def assert_caches_are_the_cells(path: Path) -> None:
    """Each cached value is that of its cell, in each chart of the workbook."""
    book = openpyxl.load_workbook(path)
    for data in chart_parts(path).values():
        for reference in etree.fromstring(data).iter(f"{CHART}strRef", f"{CHART}numRef"):
            title, _, area = str(reference.findtext(f"{CHART}f")).rpartition("!")
            edges: Any = range_boundaries(area.replace("$", ""))
            left, top, right, bottom = edges
            assert left == right
            page = book[title.strip("'").replace("''", "'")]
            cells = [str(page.cell(row, left).value) for row in range(top, bottom + 1)]
            assert [point.text for point in reference.iter(f"{CHART}v")] == cells


def without_charts(path: Path) -> None:
    """The workbook as a version before wrote it."""
    view = sample_view()
    write_new(replace(view, sheets=tuple(one for one in view.sheets if one.key != CHARTS)), path)


def updated(path: Path, view: RegisterView) -> Updated:
    out = path.with_name("out.xlsx")
    done = update(view, path, out)
    assert_sound(out)
    shutil.move(out, path)
    return done


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "register.xlsx"
    write_new(sample_view(), path)
    return path


# ---------------------------------------------------------------- the tables


def test_every_category_of_the_form_has_its_row_in_the_form_s_order() -> None:
    register = sample_register()
    rows = table(sample_view(register))[:-12]
    categories = checklist().categories
    assert [row[2] for row in rows] == [category.name for category in categories]
    for row, category in zip(rows, categories, strict=True):
        assert row[3] == sum(one.category == category.key for one in register.entries)
        assert row[4] == sum(one.category == category.key for one in register.nils)


def test_the_last_twelve_months_are_counted_by_the_office_s_clock() -> None:
    at = datetime(2026, 2, 3, tzinfo=UTC)
    returns = (
        came(at), came(at, ReturnOutcome.AGAIN), came(at, ReturnOutcome.FAILED), came(datetime(2025, 3, 1, tzinfo=UTC)),
        came(datetime(2025, 2, 28, tzinfo=UTC)), replace(came(at), at=None),
    )  # fmt: skip
    rows = table(view_at(at, None, *returns))[-12:]
    assert [row[2] for row in rows][::11] == ["03/2025", "02/2026"]
    assert [row[5] for row in rows] == [1, *[0] * 10, 2]


# ---------------------------------------------------------------- written anew


def test_the_package_is_sound_and_openpyxl_sees_two_charts(path: Path) -> None:
    assert_sound(path)
    book = openpyxl.load_workbook(path)
    charts = drawn(book)["Bilder"]
    assert [(chart.type, len(chart.series)) for chart in charts] == [("bar", 1), ("col", 1)]
    assert drawn(book).keys() == {"Bilder"}


def test_the_cached_values_are_the_cells(path: Path) -> None:
    assert_caches_are_the_cells(path)
    assert len(chart_parts(path)) == 2


def test_a_sheet_s_title_is_quoted(tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    view = sample_view()
    odd = tuple(replace(one, title="Büro's <Bilder> & mehr") if one.charts else one for one in view.sheets)
    write_new(replace(view, sheets=odd), path)
    assert_sound(path)
    assert_caches_are_the_cells(path)


def test_who_can_t_see_a_chart_is_told_what_it_shows(path: Path) -> None:
    drawing = etree.fromstring(parts(path)["xl/drawings/drawing1.xml"])
    told = [one.get("descr", "") for one in drawing.iter() if one.tag.endswith("}cNvPr")]
    assert [text.endswith("in der Tabelle.") for text in told] == [True, True]


def test_each_section_s_bars_have_its_colour(path: Path) -> None:
    chart = chart_parts(path)["xl/charts/chart1.xml"].decode()
    for section in checklist().sections:
        assert f'<a:srgbClr val="{section.colour[1:].upper()}"/>' in chart


# ---------------------------------------------------------------- brought up to date


def test_the_values_follow_in_cells_and_caches(path: Path) -> None:
    before = chart_parts(path)
    register = sample_register()
    more = replace(register, entries=(*register.entries, entry(90, "rechtsanwaelte", id="x1")))
    later = NOW + timedelta(days=70)
    assert "Bilder" in updated(path, view_at(later, more, came(later))).changed
    after = chart_parts(path)
    assert all(after[name] != before[name] for name in before)
    assert_caches_are_the_cells(path)
    assert openpyxl.load_workbook(path)["Bilder"].max_row == len(checklist().categories) + 13


def test_months_that_pass_leave_the_ranges_as_they_are(path: Path) -> None:
    def ranges() -> list[str]:
        trees = [etree.fromstring(data) for data in chart_parts(path).values()]
        return [str(one.text) for tree in trees for one in tree.iter(f"{CHART}f")]

    before = ranges()
    updated(path, view_at(NOW + timedelta(days=400)))
    assert ranges() == before


def test_a_restyled_chart_is_kept_byte_for_byte(path: Path) -> None:
    name = "xl/charts/chart2.xml"
    styled = parts(path)[name].replace(b"607D8B", b"FF0000")
    rewritten(path, {name: styled})
    later = NOW + timedelta(days=70)
    assert "Bilder" in updated(path, view_at(later, None, came(later))).changed
    assert parts(path)[name] == styled
    months = [row[2].value for row in openpyxl.load_workbook(path)["Bilder"].iter_rows(min_row=2)][-12:]
    assert months[-1] == "07/2026"


def test_a_register_from_before_gets_the_sheet_with_its_charts(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    without_charts(path)
    assert not chart_parts(path)
    assert updated(path, sample_view()).added == ("Bilder",)
    assert len(drawn(openpyxl.load_workbook(path))["Bilder"]) == 2
    assert_caches_are_the_cells(path)


def test_charts_of_people_are_not_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    without_charts(path)
    book = openpyxl.load_workbook(path)
    own = BarChart()
    own.add_data(Reference(book["Alle Einträge"], min_col=16, min_row=1, max_row=9))
    book.create_sheet("Eigenes").add_chart(own, "B2")
    book.save(path)
    before = chart_parts(path)
    updated(path, sample_view())
    after = chart_parts(path)
    assert {posixpath.basename(name) for name in after} == {"chart1.xml", "chart2.xml", "chart3.xml"}
    assert before.items() <= after.items()
    counts = {title: len(charts) for title, charts in drawn(openpyxl.load_workbook(path)).items()}
    assert counts == {"Eigenes": 1, "Bilder": 2}


def test_updating_twice_is_updating_once(path: Path) -> None:
    view = view_at(NOW + timedelta(days=70))
    updated(path, view)
    first = parts(path)
    assert updated(path, view) == Updated((), (), 0)
    assert parts(path) == first
