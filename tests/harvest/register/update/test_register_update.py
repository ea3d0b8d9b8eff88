"""A register brought up to date: ours is right, and what people added stays byte for byte."""

from __future__ import annotations

import random
import shutil
import subprocess
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.table import Table

from harvest.model import Entry, OnDisk, Register
from harvest.register.errors import BrokenLayoutError
from harvest.register.readback.register_reader import read_register
from harvest.register.sheet_model import ColumnView
from harvest.register.update.register_update import Updated, update
from harvest.register.workbook.workbook_writer import write_new
from spec.words import words
from tests.harvest.register.packages import assert_sound, parts, rewritten
from tests.harvest.register.peoples import excel_like
from tests.harvest.register.samples import checklist, entry, sample_register, sample_view


def read(path: Path) -> OnDisk:
    return read_register(path, checklist(), words("de"))


def values(path: Path) -> dict[str, tuple[str, dict[str, str]]]:
    return {row.entry_id: (row.category, dict(row.values)) for row in read(path).rows if row.entry_id}


def expected(register: Register) -> dict[str, tuple[str, dict[str, str]]]:
    return {one.id: (one.category, dict(one.values)) for one in register.entries}


def small() -> Register:
    categories, count = ("kontaktstelle", "tagesstaette", "wfbm", "rechtsanwaelte"), 8
    return Register(tuple(entry(n, categories[n * len(categories) // count]) for n in range(count)))


def with_entries(register: Register, *entries: Entry) -> Register:
    return replace(register, entries=tuple(entries))


def changed(one: Entry, **texts: str) -> Entry:
    return replace(one, values={**one.values, **texts})


class Office:
    """A small register that was written, and hands to work in it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "register.xlsx"
        self.out = folder / "out.xlsx"
        self.register = small()
        write_new(sample_view(self.register), self.path)

    def edit(self) -> Any:
        return openpyxl.load_workbook(self.path)

    def save(self, book: Any) -> None:
        book.save(self.path)

    def update(self, register: Register) -> Updated:
        done = update(sample_view(register, run="run-0003"), self.path, self.out)
        assert_sound(self.out)
        assert values(self.out) == expected(register)
        return done

    def page(self, title: str = "Alle Einträge") -> Any:
        return openpyxl.load_workbook(self.out)[title]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def ids(page: Any, column: int = 1) -> list[str]:
    return [
        page.cell(row, column).value for row in range(2, page.max_row + 1) if page.cell(row, column).value
    ]


# ---------------------------------------------------------------- nothing, little, much


def test_nothing_new_changes_nothing(tmp_path: Path, office: Office) -> None:
    same = update(sample_view(office.register), office.path, office.out)
    assert same.changed == same.added == ()
    assert parts(office.path) == parts(office.out)


def test_updating_twice_is_updating_once(office: Office) -> None:
    register = with_entries(
        office.register, *[changed(one, kontakt="neu") for one in office.register.entries]
    )
    office.update(register)
    first = parts(office.out)
    shutil.copy(office.out, office.path)
    office.update(register)
    assert parts(office.out) == first


def test_only_sheets_that_differ_are_written(office: Office) -> None:
    one, *others = office.register.entries
    office.update(with_entries(office.register, changed(one, kontakt="0221 / 99"), *others))
    before, after = parts(office.path), parts(office.out)
    differ = {name for name in after if before.get(name) != after[name]}
    # entries, one section, and the facts about the run
    assert differ == {
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet11.xml", "xl/workbook.xml",
        "docProps/custom.xml",
    }  # fmt: skip
    assert read(office.out).run == "run-0003"


def test_only_rows_that_differ_are_written(office: Office) -> None:
    one, *others = office.register.entries
    office.update(with_entries(office.register, changed(one, kontakt="0221 / 99"), *others))
    before = parts(office.path)["xl/worksheets/sheet1.xml"].decode().split("<row ")
    after = parts(office.out)["xl/worksheets/sheet1.xml"].decode().split("<row ")
    assert [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [2]


def test_parts_of_others_keep_their_compressed_bytes(office: Office) -> None:
    one, *others = office.register.entries
    office.update(with_entries(office.register, changed(one, kontakt="x"), *others))
    with zipfile.ZipFile(office.path) as before, zipfile.ZipFile(office.out) as after:
        for name in ("xl/worksheets/sheet4.xml", "docProps/core.xml", "xl/_rels/workbook.xml.rels"):
            old, new = before.getinfo(name), after.getinfo(name)
            assert (old.compress_size, old.CRC, old.date_time) == (new.compress_size, new.CRC, new.date_time)


def test_new_entries_stand_behind_their_category(office: Office) -> None:
    new = entry(90, "tagesstaette", id="x1")
    office.update(
        with_entries(office.register, *office.register.entries[:2], new, *office.register.entries[2:])
    )
    assert ids(office.page()) == [
        "e00000",
        "e00001",
        "e00002",
        "e00003",
        "x1",
        "e00004",
        "e00005",
        "e00006",
        "e00007",
    ]
    assert office.page().auto_filter.ref == "A1:AA10"


def test_people_s_order_stays_and_new_ones_come_last(office: Office) -> None:
    book = office.edit()
    page = book["Alle Einträge"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    random.Random(7).shuffle(rows)
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row, start=1):
            page.cell(number, place).value = value
    office.save(book)
    shuffled = [row[0] for row in rows]
    office.update(
        with_entries(office.register, entry(90, "kontaktstelle", id="x1"), *office.register.entries)
    )
    assert ids(office.page()) == [*shuffled, "x1"]


def test_an_empty_register_fills_and_empties(office: Office) -> None:
    write_new(sample_view(Register(())), office.path)
    office.update(office.register)
    assert office.page()["A2"].value == "e00000"
    assert office.page().auto_filter.ref == "A1:AA9"
    shutil.copy(office.out, office.path)
    office.update(Register(()))
    assert ids(office.page()) == []
    shutil.copy(office.out, office.path)
    office.update(office.register)
    assert len(ids(office.page())) == 8


def areas(page: Any) -> dict[str, str]:
    """Where the lists to choose from and the tones apply, by what they are; headings' notes left out."""
    lists = {rule.formula1: str(rule.sqref) for rule in page.data_validations.dataValidation if rule.formula1}
    tones = {",".join(one.rules[0].formula): str(one.sqref) for one in page.conditional_formatting}
    return lists | tones


@pytest.mark.parametrize("title", ["Alle Einträge", "Dubletten", "Bitte prüfen", "Wer fehlt noch"])
def test_a_list_that_was_empty_has_its_choices_and_tones_and_is_seen_from_its_top(
    office: Office, title: str
) -> None:
    """Many offices run the harvest once before anything has come back."""
    full = sample_register(8)
    write_new(sample_view(full), office.path)
    expected_areas = areas(office.edit()[title])
    pane = office.edit()[title].freeze_panes
    write_new(sample_view(Register(())), office.path)
    office.update(full)
    assert areas(office.page(title)) == expected_areas
    assert expected_areas
    assert office.page(title).freeze_panes == pane


# ---------------------------------------------------------------- people's columns, rows, decisions


def test_own_columns_stay_with_their_row(office: Office) -> None:
    book = office.edit()
    for title in ("Alle Einträge", "Sozialpsychiatrie"):
        page = book[title]
        last = page.max_column + 2
        page.cell(1, last).value = "Notiz"
        for row in range(2, page.max_row + 1):
            page.cell(row, last).value = f"zu {page.cell(row, 1).value}"
    office.save(book)
    entries = [one for one in office.register.entries if one.id != "e00001"]
    office.update(with_entries(office.register, entry(90, "kontaktstelle", id="x1"), *entries))
    for title in ("Alle Einträge", "Sozialpsychiatrie"):
        page = office.page(title)
        notes = {
            page.cell(row, 1).value: page.cell(row, page.max_column).value
            for row in range(2, page.max_row + 1)
        }
        assert notes.pop("x1") is None
        assert all(note == f"zu {key}" for key, note in notes.items())


def test_a_joined_row_leaves_its_notes_to_the_other(office: Office) -> None:
    book = office.edit()
    page = book["Alle Einträge"]
    page["AC1"], page["AD1"] = "Notiz", "Farbe"
    page["AC3"], page["AD3"], page["AD2"] = "wichtig", "rot", "blau"
    office.save(book)
    heir, gone, *others = office.register.entries
    done = office.update(with_entries(office.register, replace(heir, aliases=(gone.id,)), *others))
    page = office.page()
    assert [page.cell(2, column).value for column in (1, 29, 30)] == ["e00000", "wichtig", "blau"]
    assert done.set_aside == 1  # both had a colour
    aside = office.page("Abgelegtes")
    assert [aside.cell(2, column).value for column in (3, 4, 5, 6)] == [
        "Alle Einträge",
        "e00001",
        "Farbe",
        "rot",
    ]


def test_what_was_set_aside_is_never_taken_away(office: Office) -> None:
    book = office.edit()
    page = book["Alle Einträge"]
    page["AC2"], page["AC3"] = "eins", "zwei"
    office.save(book)
    first, second, *others = office.register.entries
    office.update(with_entries(office.register, second, *others))
    shutil.copy(office.out, office.path)
    update(sample_view(with_entries(office.register, *others), run="run-0004"), office.path, office.out)
    aside = office.page("Abgelegtes")
    said = [aside.cell(row, 6).value for row in range(2, aside.max_row + 1)]
    assert {"eins", "zwei"} <= set(said)
    assert first.values["kontakt"] in said  # an unknown id: nobody can tell whose words these were


def test_a_row_added_by_hand_gets_its_id_where_it_stands(office: Office) -> None:
    book = office.edit()
    page = book["Alle Einträge"]
    page["B10"], page["C10"], page["E10"], page["AC10"] = (
        "Rechtsanwälte",
        "Kanzlei Yıldız",
        "0221 1",
        "empfohlen",
    )
    office.save(book)
    assert read(office.path).rows[-1].entry_id == ""
    typed = {
        "einrichtung": "Kanzlei Yıldız",
        "erfahrung": "",
        "kontakt": "0221 1",
        "verabredung": "",
        "datum": "",
    }
    by_hand = entry(0, "rechtsanwaelte", id="h1", values=typed)
    office.update(with_entries(office.register, *office.register.entries, by_hand))
    page = office.page()
    assert [page.cell(10, column).value for column in (1, 3, 29)] == ["h1", "Kanzlei Yıldız", "empfohlen"]
    assert page.max_row == 10


def test_a_row_that_the_register_does_not_know_yet_stays(office: Office) -> None:
    book = office.edit()
    book["Alle Einträge"]["C10"] = "noch ohne Angebot"
    office.save(book)
    office.update(office.register)
    assert office.page()["C10"].value == "noch ohne Angebot"


def test_a_managed_cell_that_somebody_changed_is_set_right_in_its_own_look(office: Office) -> None:
    book = office.edit()
    cell = book["Alle Einträge"]["H2"]
    cell.value, cell.fill = "egal", PatternFill("solid", fgColor="FFFF00")
    office.save(book)
    office.update(office.register)
    assert office.page()["H2"].value == "unverändert"
    assert office.page()["H2"].fill.fgColor.rgb == "00FFFF00"


def test_decisions_are_never_overwritten(office: Office) -> None:
    book = office.edit()
    book["Alle Einträge"]["J2"] = "nein"
    office.save(book)
    register = with_entries(
        office.register, *[changed(one, kontakt="neu") for one in office.register.entries]
    )
    office.update(register)
    assert office.page()["J2"].value == "nein"
    assert read(office.out).rows[0].same_as == "nein"


def test_a_formula_that_shows_the_right_text_is_left_alone(office: Office) -> None:
    write_new(
        sample_view(with_entries(office.register, changed(office.register.entries[0], kontakt="3"))),
        office.path,
    )
    book = office.edit()
    book["Alle Einträge"]["E2"] = "=1+2"
    office.save(book)
    xml = parts(office.path)["xl/worksheets/sheet1.xml"].replace(b"<f>1+2</f><v/>", b"<f>1+2</f><v>3</v>")
    xml = xml.replace(b"<f>1+2</f><v></v>", b"<f>1+2</f><v>3</v>")
    rewritten(office.path, {"xl/worksheets/sheet1.xml": xml})
    faults = read(office.path).faults
    assert [(fault.code, fault.place) for fault in faults] == [("register-formula", "Alle Einträge!E2")]
    office.update(
        with_entries(
            office.register, changed(office.register.entries[0], kontakt="3"), *office.register.entries[1:]
        )
    )
    assert office.page()["E2"].value == "=1+2"


def test_a_copied_row_becomes_the_entry_it_was_taken_for(office: Office) -> None:
    book = office.edit()
    page = book["Alle Einträge"]
    for place in range(1, 20):
        page.cell(10, place).value = page.cell(2, place).value
    page["C10"] = "Zweigstelle"
    office.save(book)
    first = office.register.entries[0]
    branch = replace(changed(first, einrichtung="Zweigstelle"), id="h1")
    office.update(with_entries(office.register, *office.register.entries, branch))
    assert ids(office.page())[-1] == "h1"
    assert office.page().max_row == 10


def test_a_copied_row_that_nobody_wants_is_set_aside(office: Office) -> None:
    book = office.edit()
    page = book["Alle Einträge"]
    page["A10"], page["C10"] = "e00000", "Zweigstelle"
    office.save(book)
    assert office.update(office.register).set_aside == 1
    assert office.page("Abgelegtes")["F2"].value == "Zweigstelle"


TEXTS = st.sampled_from(
    ["", "a", "b", "&amp;", "&", "_x0041_", " x ", "=1", "zwei\nzeilen", "5", "<t>", "ä😀"]
)
ENTRIES = st.dictionaries(
    st.integers(0, 9),
    st.tuples(st.sampled_from(["kontaktstelle", "wfbm", "rechtsanwaelte"]), TEXTS, TEXTS),
    max_size=8,
)


def registered(made: dict[int, tuple[str, str, str]]) -> Register:
    order = [category.key for category in checklist().categories]
    entries = [
        entry(
            number, category, values={**entry(0, category).values, "einrichtung": f"n{one}", "kontakt": other}
        )
        for number, (category, one, other) in made.items()
    ]
    return Register(tuple(sorted(entries, key=lambda one: (order.index(one.category), one.id))))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ENTRIES, ENTRIES, st.booleans())
def test_whatever_stood_there_the_new_register_stands_there_now(
    tmp_path: Path, old: dict[int, tuple[str, str, str]], new: dict[int, tuple[str, str, str]], by_excel: bool
) -> None:
    before, after = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
    if by_excel and old:
        excel_like(sample_view(registered(old)), before)
    else:
        write_new(sample_view(registered(old)), before)
    update(sample_view(registered(new)), before, after)
    assert_sound(after)
    mine = {key: said for key, said in values(after).items() if key.startswith("e")}
    assert mine == expected(registered(new))
    update(sample_view(registered(new)), after, before)
    assert parts(before) == parts(after)


# ---------------------------------------------------------------- moved, renamed, deleted


def test_renamed_sheets_and_headings_are_known_again(office: Office) -> None:
    book = office.edit()
    book["Alle Einträge"].title = "Unsere Liste"
    book["Sozialpsychiatrie"].title = "SP 'neu' hier"
    for name, defined in book.defined_names.items():
        if name.startswith("_fgh."):
            text = defined.attr_text.replace("'Alle Einträge'", "'Unsere Liste'")
            defined.attr_text = text.replace("'Sozialpsychiatrie'", "'SP ''neu'' hier'")
    book["Unsere Liste"]["E1"] = "Telefon"
    office.save(book)
    register = with_entries(
        office.register, *[changed(one, kontakt="neu") for one in office.register.entries]
    )
    office.update(register)
    assert office.page("Unsere Liste")["E1"].value == "Telefon"
    assert office.page("SP 'neu' hier")["E2"].value == "neu"


def test_columns_moved_by_a_program_that_forgets_the_marks(office: Office) -> None:
    book = office.edit()
    book["Alle Einträge"].insert_cols(1, 2)
    book["Alle Einträge"]["A1"] = "Eigenes"
    book["Alle Einträge"]["A2"] = "vorne"
    office.save(book)
    register = with_entries(
        office.register, *[changed(one, kontakt="neu") for one in office.register.entries]
    )
    office.update(register)
    assert [office.page().cell(2, column).value for column in (1, 3, 7)] == ["vorne", "e00000", "neu"]


def test_a_title_above_the_headings_is_no_obstacle(office: Office) -> None:
    book = office.edit()
    book["Alle Einträge"].insert_rows(1, 2)
    book["Alle Einträge"]["A1"] = "Unser Verzeichnis"
    office.save(book)
    office.update(
        with_entries(office.register, *office.register.entries, entry(90, "rechtsanwaelte", id="x1"))
    )
    assert office.page()["A1"].value == "Unser Verzeichnis"
    assert office.page()["A12"].value == "x1"


def test_a_deleted_column_stays_away(office: Office) -> None:
    book = office.edit()
    book["Alle Einträge"].delete_cols(7)
    for name, defined in list(book.defined_names.items()):
        if name == "_fgh.entries_datum":
            defined.attr_text = "'Alle Einträge'!#REF!"
        elif name.startswith("_fgh.entries_"):  # as Excel does it
            column = defined.attr_text.split("$")[1]
            if len(column) == 1 and column > "G":
                defined.attr_text = f"'Alle Einträge'!${chr(ord(column) - 1)}$1"
    office.save(book)
    assert "datum" not in read(office.path).rows[0].values
    update(sample_view(office.register), office.path, office.out)
    assert [cell.value for cell in office.page()[1]].count("Datum und Handzeichen") == 0


def test_a_deleted_sheet_comes_back(office: Office) -> None:
    book = office.edit()
    del book["Konflikte"]
    del book["Migration"]
    for name in list(book.defined_names):
        if name.startswith(("_fgh.conflicts", "_fgh.section.migration")):
            del book.defined_names[name]
    office.save(book)
    done = office.update(office.register)
    assert done.added == ("Migration", "Konflikte")
    assert ids(office.page("Migration")) == ["e00006", "e00007"]
    shutil.copy(office.out, office.path)
    assert office.update(office.register).added == ()


def test_without_the_sheet_of_all_entries_or_its_ids_nothing_is_guessed(office: Office) -> None:
    book = office.edit()
    book["Alle Einträge"].delete_cols(1)
    for name in list(book.defined_names):
        if name.startswith("_fgh.entries"):
            del book.defined_names[name]
    office.save(book)
    with pytest.raises(BrokenLayoutError, match="Kennung"):
        update(sample_view(office.register), office.path, office.out)
    book = office.edit()
    del book["Alle Einträge"]
    office.save(book)
    with pytest.raises(BrokenLayoutError, match="all entries"):
        read(office.path)
    assert not office.out.exists()


def test_a_column_of_a_newer_version_is_added_behind_people_s_own(office: Office) -> None:
    book = office.edit()
    book["Alle Einträge"]["AC1"], book["Alle Einträge"]["AC3"] = "Notiz", "bleibt"
    office.save(book)
    view = sample_view(office.register)
    sheet = view.sheets[0]
    wider = replace(
        sheet,
        columns=(*sheet.columns, ColumnView("newer", "Neuere Spalte", 9)),
        rows=tuple(replace(row, cells=(*row.cells, "51063")) for row in sheet.rows),
    )
    newer = replace(view, sheets=(wider, *view.sheets[1:]))
    for _ in range(2):
        update(newer, office.path, office.out)
        assert_sound(office.out)
        page = office.page()
        assert [page.cell(1, column).value for column in (29, 30, 31)] == ["Notiz", "Neuere Spalte", None]
        assert (page["AC3"].value, page["AD2"].value, page["AD9"].value) == ("bleibt", "51063", "51063")
        shutil.copy(office.out, office.path)


def test_long_texts_come_and_go(office: Office) -> None:
    one, *others = office.register.entries
    for text in ("lang " * 10_000, "länger " * 9_000, "kurz"):
        office.update(with_entries(office.register, changed(one, erfahrung=text), *others))
        shutil.copy(office.out, office.path)
    assert ids(office.page("Langtexte")) == []


def test_the_sheet_with_long_texts_is_shown_again_when_there_is_one(office: Office) -> None:
    one, *others = office.register.entries
    office.update(with_entries(office.register, changed(one, erfahrung="lang " * 10_000), *others))
    shutil.copy(office.out, office.path)
    book = office.edit()
    book["Langtexte"].sheet_state = "hidden"
    office.save(book)

    office.update(with_entries(office.register, changed(one, erfahrung="länger " * 9_000), *others))

    assert office.page("Langtexte").sheet_state == "visible"


# ---------------------------------------------------------------- what people added


@pytest.fixture(scope="module")
def excel(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A register as Excel saves it, with charts, pictures, comments..., then three entries changed, one joined, two new."""
    folder = tmp_path_factory.mktemp("excel")
    register = sample_register()
    source, out = folder / "people.xlsx", folder / "out.xlsx"
    excel_like(sample_view(register), source)
    assert_sound(source)
    entries = list(register.entries)
    entries[4] = changed(entries[4], kontakt="NEU 0221 1")
    gone = entries.pop(10)
    entries[9] = replace(entries[9], aliases=(gone.id,))
    entries.insert(20, entry(900, entries[19].category, id="x900"))
    entries.append(entry(901, entries[-1].category, id="x901"))
    new = with_entries(register, *entries)
    update(sample_view(new, run="run-0003"), source, out)
    assert_sound(out)
    assert values(out) == expected(new)
    return source, out


def opened(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says that it would drop the sparkline
        return openpyxl.load_workbook(path)


UNTOUCHED = (
    "xl/sharedStrings.xml", "xl/theme/theme1.xml", "xl/media/image1.png", "xl/tables/table1.xml",
    "xl/drawings/drawing2.xml", "xl/drawings/_rels/drawing1.xml.rels", "xl/worksheets/_rels/sheet1.xml.rels",
    "docProps/core.xml", "docProps/app.xml",
)  # fmt: skip


@pytest.mark.parametrize("name", UNTOUCHED)
def test_what_has_nothing_to_do_with_rows_stays_byte_for_byte(excel: tuple[Path, Path], name: str) -> None:
    before, after = (parts(path) for path in excel)
    assert before[name] == after[name]


def test_notes_and_formulas_stay_in_their_rows(excel: tuple[Path, Path]) -> None:
    page = opened(excel[1])["Alle Einträge"]
    for row in range(2, 78):
        key, note, formula = (page.cell(row, column).value for column in (1, 29, 30))
        if key.startswith("x"):
            assert note is formula is None
        else:
            assert note == f"Notiz zu Zeile {int(key[1:]) + 1}"
            assert formula == f"=LEN(C{row})"


def test_filter_formats_and_lists_cover_the_new_rows(excel: tuple[Path, Path]) -> None:
    page = opened(excel[1])["Alle Einträge"]
    assert page.auto_filter.ref == "A1:AA77"
    assert [str(area.sqref) for area in page.conditional_formatting] == ["E2:E77"]
    assert [str(rule.sqref) for rule in page.data_validations.dataValidation] == ["AC2:AC77", "AC30"]
    assert [str(area) for area in page.merged_cells.ranges] == ["C82:E83"]
    assert page.freeze_panes == "D2"
    assert page.column_dimensions["C"].width == pytest.approx(72.2, abs=0.1)


def test_pictures_comments_and_heights_go_along(excel: tuple[Path, Path]) -> None:
    page = opened(excel[1])["Alle Einträge"]
    assert [(image.anchor._from.row, image.anchor._from.col) for image in page._images] == [(4, 31), (84, 2)]
    assert page["E76"].comment.text == "Letzte Zeile"
    assert page.row_dimensions[8].hidden
    assert page.row_dimensions[20].height == 60
    drawn = parts(excel[1])["xl/drawings/vmlDrawing1.vml"].decode()
    assert drawn.count("<x:Row>75</x:Row>") == 1
    assert drawn.count("<v:shape ") == 1


def test_a_comment_whose_row_is_gone_is_set_aside(excel: tuple[Path, Path]) -> None:
    aside = opened(excel[1])["Abgelegtes"]
    said = [(aside.cell(row, 5).value, aside.cell(row, 6).value) for row in (2, 3)]
    assert said == [("Notiz", "Notiz zu Zeile 12"), ("Kommentar", "Bitte anrufen!")]


def test_formulas_charts_and_names_follow(excel: tuple[Path, Path]) -> None:
    book = opened(excel[1])
    own = book["Auswertung"]
    assert own["A1"].value == "=COUNTA('Alle Einträge'!C2:C77)"
    assert own["A2"].value == "='Alle Einträge'!C19"
    assert own["A3"].value == "=SUM(B1:B5)+LEN(\"'Alle Einträge'!C20\")"
    assert own["A5"].hyperlink.location == "'Alle Einträge'!C19"
    assert book.defined_names["Kontakte"].attr_text == "'Alle Einträge'!$E$2:$E$77"
    assert book.defined_names["Zeile20"].attr_text == "'Alle Einträge'!$C$19"
    chart = parts(excel[1])["xl/charts/chart1.xml"].decode()
    assert "'Alle Einträge'!$P$2:$P$77" in chart
    assert "Auswertung!$E$2:$E$4" in chart
    assert "'Alle Einträge'!P2:P19" in parts(excel[1])["xl/worksheets/sheet1.xml"].decode()


def test_people_s_rows_below_the_list_move_down(excel: tuple[Path, Path]) -> None:
    page = opened(excel[1])["Alle Einträge"]
    assert (page["A77"].value, page["C81"].value, page["D81"].value) == ("x901", "Summe", "=COUNTA(C2:C77)")


@pytest.mark.parametrize(("formula", "anew"), [("", False), ("<f>LEN(E2)</f>", True)])
def test_the_workbook_is_calculated_anew_where_people_calculate(
    office: Office, formula: str, anew: bool
) -> None:
    name = "xl/worksheets/sheet1.xml"
    head, second, rest = parts(office.path)[name].partition(b'<row r="2"')
    own = f'<c r="AZ2">{formula}<v>11</v></c></row>'.encode()
    xml = head + second + rest.replace(b"</row>", own, 1)
    rewritten(office.path, {name: xml})
    assert b"fullCalcOnLoad" not in parts(office.path)["xl/workbook.xml"]

    one, *others = office.register.entries
    office.update(with_entries(office.register, changed(one, kontakt="neu"), *others))

    assert (b'fullCalcOnLoad="1"' in parts(office.out)["xl/workbook.xml"]) is anew


def test_openpyxl_s_charts_tables_and_rules_stay(office: Office) -> None:
    book = office.edit()
    page = book["Alle Einträge"]
    page.auto_filter.ref = None
    page.add_table(Table(displayName="Liste", ref="A1:AA9"))
    red = PatternFill("solid", bgColor="FF0000")
    rule = CellIsRule(operator="equal", formula=['"neu"'], fill=red)  # type: ignore[no-untyped-call]
    page.conditional_formatting.add("H2:H9", rule)
    page["C3"].comment = Comment("Rückruf", "Büro")
    own = book.create_sheet("Bild")
    chart = BarChart()
    chart.add_data(Reference(page, min_col=16, min_row=1, max_row=9), titles_from_data=True)
    own.add_chart(chart, "B2")
    office.save(book)
    new = entry(90, "kontaktstelle", id="x1")
    office.update(with_entries(office.register, new, *office.register.entries))
    after = parts(office.out)
    table = next(data for name, data in after.items() if name.startswith("xl/tables/")).decode()
    assert 'ref="A1:AA10"' in table
    assert any(b"$P$2:$P$10" in data for name, data in after.items() if name.startswith("xl/charts/"))
    assert (
        office.page()["C3"].comment.text == "Rückruf"
    )  # new ones stand behind their category: row 3 is still row 3


def test_a_pivot_table_counts_the_new_rows(office: Office) -> None:
    old = parts(office.path)
    types = old["[Content_Types].xml"].decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"
    cache = (
        '<?xml version="1.0"?><pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<cacheSource type="worksheet"><worksheetSource ref="A1:AA9" sheet="Alle Einträge"/></cacheSource>'
        "</pivotCacheDefinition>"
    )
    part = (
        '<Override PartName="/xl/pivotCache/pivotCacheDefinition1.xml" ContentType="' + kind + '"/></Types>'
    )
    rewritten(
        office.path,
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": cache.encode(),
            "[Content_Types].xml": types.replace("</Types>", part).encode(),
            "xl/calcChain.xml": b"<calcChain/>",
            "customXml/item1.xml": b"<a  b = '1' />",
        },
    )
    update(sample_view(with_entries(office.register, *office.register.entries[2:])), office.path, office.out)
    after = parts(office.out)
    assert 'ref="A1:AA7"' in after["xl/pivotCache/pivotCacheDefinition1.xml"].decode()
    assert after["customXml/item1.xml"] == b"<a  b = '1' />"


@pytest.mark.parametrize("what", ["a row goes", "a row comes"])
def test_the_calculation_chain_goes_when_formulas_go_or_move(office: Office, what: str) -> None:
    old = parts(office.path)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    relation = '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/></Relationships>'
    rewritten(
        office.path,
        {
            "xl/calcChain.xml": b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="S9" i="1"/></calcChain>',
            "[Content_Types].xml": old["[Content_Types].xml"].replace(
                b"</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>'.encode()
            ),
            "xl/_rels/workbook.xml.rels": old["xl/_rels/workbook.xml.rels"].replace(
                b"</Relationships>", relation.encode()
            ),
        },
    )
    assert_sound(office.path)
    one, *others = office.register.entries
    new = entry(90, one.category, id="x1")
    office.update(with_entries(office.register, *(others if what == "a row goes" else (one, new, *others))))
    assert "xl/calcChain.xml" not in parts(office.out)


def test_a_register_saved_by_libreoffice_is_updated(tmp_path: Path, office: Office) -> None:
    program = shutil.which("soffice")
    assert program, "LibreOffice is needed here: python3 .ci/start.py test installs it"
    command = [program, "--headless", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"]
    command += ["--convert-to", "xlsx", "--outdir", str(tmp_path / "again"), str(office.path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    office.path = tmp_path / "again" / "register.xlsx"
    one, two, *others = office.register.entries
    office.update(
        with_entries(
            office.register, changed(one, kontakt="neu"), *others, entry(90, "rechtsanwaelte", id="x1")
        )
    )
    assert ids(office.page()) == ["e00000", *(other.id for other in others), "x1"]
    assert two.id == "e00001"


def test_prefixes_line_breaks_and_missing_references_are_understood(office: Office) -> None:
    """As the Open XML SDK and hand-made files spell a sheet."""
    xml = parts(office.path)["xl/worksheets/sheet1.xml"].decode()
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    xml = (
        xml.replace("<", "<x:")
        .replace("<x:/", "</x:")
        .replace("<x:?", "<?")
        .replace(main, main.replace("xmlns=", "xmlns:x="))
    )
    xml = xml.replace("</x:row>", "</x:row>\n  ").replace(
        "<x:t>e00003</x:t>", "<x:t><![CDATA[e00003]]></x:t>"
    )
    rewritten(office.path, {"xl/worksheets/sheet1.xml": xml.encode()})
    assert values(office.path) == expected(office.register)
    one, *others = office.register.entries
    office.update(with_entries(office.register, changed(one, kontakt="neu"), *others))


def test_filter_and_print_area_take_in_the_rows_that_somebody_added_below(office: Office) -> None:
    book = office.edit()
    page = book["Alle Einträge"]
    page["B10"], page["C10"] = "Kontakt- und Beratungsstelle", "Café von Hand"
    office.save(book)
    added = entry(
        90,
        "kontaktstelle",
        id="h1",
        values={**dict.fromkeys(office.register.entries[0].values, ""), "einrichtung": "Café von Hand"},
    )
    office.update(with_entries(office.register, *office.register.entries, added))
    page = office.page()
    assert ids(page)[-1] == "h1"
    assert page.auto_filter.ref.endswith("10")
    assert page.print_area.endswith("$10")
