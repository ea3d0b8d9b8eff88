"""Workbooks that count days from 1904, and dates spelt as ISO 8601 has them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from harvest.model import OnDisk
from harvest.register.readback.register_reader import read_register
from harvest.register.update.register_update import update
from harvest.register.workbook.workbook_writer import write_new
from harvest.register.xlsx.coercion import as_typed
from spec.words import words
from tests.harvest.register.packages import parts, rewritten
from tests.harvest.register.samples import checklist, entry, sample_register, sample_view

_NUMBER = re.compile(r'(<c r="[A-Z]+\d+" s="(\d+)"(?: t="n")?>)<v>([\d.]+)</v>')


def read(path: Path) -> OnDisk:
    return read_register(path, checklist(), words("de"))


def since_1904(path: Path, spelling: str = "1") -> None:
    """The register as Excel for the Mac would have saved it: the same days, other numbers."""
    changed: dict[str, bytes] = {}
    for name, data in parts(path).items():
        if name.startswith("xl/worksheets/sheet"):
            changed[name] = _NUMBER.sub(_earlier, data.decode()).encode()
    book = parts(path)["xl/workbook.xml"].decode()
    book = re.sub(r"<workbookPr\b([^>]*?)/>", "", book)
    changed["xl/workbook.xml"] = re.sub(
        r"(<workbook\b[^>]*>)", rf'\1<workbookPr date1904="{spelling}"/>', book, count=1
    ).encode()
    rewritten(path, changed)


def _earlier(found: re.Match[str]) -> str:
    number = float(found[3])
    return found[0] if number < 40_000 else f"{found[1]}<v>{number - 1462!r}</v>"


def dates(path: Path) -> list[tuple[str, object]]:
    return [
        (f"{page.title}!{cell.coordinate}", cell.value)
        for page in openpyxl.load_workbook(path)
        for row in page.iter_rows()
        for cell in row
        if isinstance(cell.value, date)
    ]


@pytest.mark.parametrize("spelling", ["1", "true"])
def test_nothing_changes_in_a_workbook_that_counts_from_1904(tmp_path: Path, spelling: str) -> None:
    path, out = tmp_path / "register.xlsx", tmp_path / "out.xlsx"
    write_new(sample_view(), path)
    wanted = dates(path)
    since_1904(path, spelling)
    assert [place for place, _ in dates(path)] == [place for place, _ in wanted]

    update(sample_view(), path, out)

    assert dates(out) == dates(path)
    assert parts(out)["xl/worksheets/sheet1.xml"] == parts(path)["xl/worksheets/sheet1.xml"]


def test_days_are_written_with_the_workbook_s_own_numbers(tmp_path: Path) -> None:
    path, out = tmp_path / "register.xlsx", tmp_path / "out.xlsx"
    write_new(sample_view(), path)
    since_1904(path)
    register = sample_register()
    more = replace(register, entries=(*register.entries, entry(990, "wohnheim")))

    update(sample_view(more), path, out)

    write_new(sample_view(more), tmp_path / "plain.xlsx")
    now, plain = (dict(dates(file)) for file in (out, tmp_path / "plain.xlsx"))
    assert len(now) > len(dates(path))
    assert sorted(map(str, now.values())) == sorted(map(str, plain.values()))


def test_a_day_typed_into_such_a_workbook_is_that_day(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    write_new(sample_view(), path)
    since_1904(path)
    book = openpyxl.load_workbook(path)
    assert book.epoch.year == 1904
    page = book["Alle Einträge"]
    page["G2"].value, page["G2"].number_format = date(2026, 11, 5), "DD.MM.YYYY"
    book.save(path)

    found = read(path)

    assert found.since_1904
    assert found.rows[0].values["datum"] == "05.11.2026"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-04-03T00:00:00Z", "03.04.2026"),
        ("2026-04-03T00:00:00.000Z", "03.04.2026"),
        ("2026-04-03T00:00:00", "03.04.2026"),
        ("2026-04-03", "03.04.2026"),
        ("2026-04-03T09:30:00Z", "03.04.2026 09:30"),
        ("T09:30:00", "09:30"),
        ("irgendwann", "irgendwann"),
    ],
)
@pytest.mark.parametrize("code", ["General", "date", r"dd\.mm\.yyyy"])
def test_a_date_in_iso_s_spelling_is_read_as_people_see_it(value: str, text: str, code: str) -> None:
    assert as_typed(value, "d", code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("44869", "date", "05.11.2026"),
        ("44869.5", "dd.mm.yyyy hh:mm", "05.11.2026 12:00"),
        ("0.5", "hh:mm", "12:00"),
        ("44869", "General", "44869"),
    ],
)
def test_only_what_is_shown_as_a_day_counts_from_1904(value: str, code: str, text: str) -> None:
    assert as_typed(value, "n", code, since_1904=True) == text
