"""Sheets and columns that an update brings have what a first write gives them: choices, notes, tones, filter."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation

from harvest.model import Register
from harvest.register.sheet_model import ColumnView, Role, SheetView
from harvest.register.update.register_update import update
from harvest.register.view.register_view import RunNote, build_view
from harvest.register.workbook.workbook_writer import write_new
from spec.form.model import Form
from spec.words import words
from tests.harvest.register.packages import assert_sound
from tests.harvest.register.samples import NOW, checklist, entry, sample_view

ENTRIES, CHARTS = "Alle Einträge", "Bilder"
REGISTER = Register(tuple(entry(number, "kontaktstelle") for number in range(4)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_new(sample_view(REGISTER), tmp_path / "register.xlsx")
    return tmp_path / "register.xlsx"


def updated(path: Path, view: Any = None) -> Any:
    out = path.with_name("out.xlsx")
    update(view or sample_view(REGISTER), path, out)
    assert_sound(out)
    shutil.copyfile(out, path)
    return openpyxl.load_workbook(path)


def rules(page: Any) -> dict[str, Any]:
    return {str(rule.sqref): rule for rule in page.data_validations.dataValidation}


def offered(book: Any, page: Any, area: str) -> list[str]:
    """What a list in a cell offers, wherever it stands."""
    formula = rules(page)[area].formula1
    if formula.startswith('"'):
        return list(formula.strip('"').split(","))
    title, cells = formula.rsplit("!", 1)
    sheet = book[title.strip("'")]
    assert sheet.sheet_state == "hidden"
    return [row[0].value for row in sheet[cells.replace("$", "")]]


def tones(page: Any) -> dict[str, list[Any]]:
    return {str(key.sqref): [rule.formula for rule in page.conditional_formatting[key]] for key in page.conditional_formatting}  # fmt: skip


NAMES = [category.name for category in checklist().categories]


def test_a_sheet_that_somebody_deleted_comes_back_as_it_was_written_first(path: Path) -> None:
    first = openpyxl.load_workbook(path)
    section = checklist().sections[0].title
    book = openpyxl.load_workbook(path)
    for title in (section, "Dubletten", "Fehlanzeigen"):
        del book[title]
    book.save(path)

    book = updated(path)

    for title in (section, "Dubletten", "Fehlanzeigen"):
        now, before = book[title], first[title]
        assert {key: rule.prompt for key, rule in rules(now).items()} == {
            key: rule.prompt for key, rule in rules(before).items()
        }
        assert tones(now) == tones(before)
        assert now.auto_filter.ref == before.auto_filter.ref
        assert now.freeze_panes == before.freeze_panes
        assert now.print_title_rows == before.print_title_rows
    assert offered(book, book["Dubletten"], "J2:J1048576") == ["ja", "nein", "alle: ja", "alle: nein"]
    assert offered(book, book[section], "B2:B1048576") == [
        one.name for one in checklist().sections[0].categories
    ]


def test_choices_that_lost_their_hidden_sheet_get_one_more(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    section = checklist().sections[0].title
    del book[section], book["Listen"]
    book.save(path)

    for _ in range(2):  # the second time it is found, and no third one made
        book = updated(path)
        assert offered(book, book[section], "B2:B1048576") == [
            one.name for one in checklist().sections[0].categories
        ]
        assert [title for title in book.sheetnames if title.startswith("Listen")] == ["Listen"]


def with_columns(sheet: SheetView, *columns: ColumnView) -> SheetView:
    texts = ("gut",) * len(columns)
    return replace(
        sheet,
        columns=(*sheet.columns, *columns),
        rows=tuple(replace(row, cells=(*row.cells, *texts)) for row in sheet.rows),
        tones={**sheet.tones, columns[0].key: {"gut": "good", "schlecht": "bad"}},
    )


def test_a_new_column_has_choices_notes_tones_and_stands_in_the_filter(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    page = book[ENTRIES]
    own = page.max_column + 1
    page.cell(1, own).value = "Notiz"
    page.insert_rows(1)  # a title above the headings
    page["A1"] = "Unser Register"
    mine = DataValidation(type="list", formula1='"x,y"', sqref="AZ3")
    page.add_data_validation(mine)
    book.save(path)
    view = sample_view(REGISTER)
    newer = with_columns(
        view.sheets[0],
        ColumnView("state", "Zustand", 12, Role.DECISION, choices=("gut", "schlecht"), hint="Wie es steht."),
        ColumnView("offer", "Weiteres Angebot", 12, Role.EDITABLE, choices=tuple(NAMES)),
        ColumnView("remark", "Hinweis", 12, hint="Was noch zu sagen ist."),
    )

    for _ in range(2):
        book = updated(path, replace(view, sheets=(newer, *view.sheets[1:])))
        page = book[ENTRIES]
        places = {cell.value: cell.column_letter for cell in page[2] if cell.value}
        state, offer, remark = (places[name] for name in ("Zustand", "Weiteres Angebot", "Hinweis"))
        assert offered(book, page, f"{state}3:{state}1048576") == ["gut", "schlecht"]
        assert rules(page)[f"{state}3:{state}1048576"].prompt == "Wie es steht."
        assert offered(book, page, f"{offer}3:{offer}1048576") == NAMES
        assert rules(page)[f"{remark}2"].prompt == "Was noch zu sagen ist."
        assert rules(page)["AZ3"].formula1 == '"x,y"'
        assert tones(page)[f"{state}3:{state}1048576"] == [['"gut"'], ['"schlecht"']]
        priorities = [
            rule.priority for key in page.conditional_formatting for rule in page.conditional_formatting[key]
        ]
        assert len(priorities) == len(set(priorities))
        assert page.auto_filter.ref.split(":")[1].startswith(remark)
        assert len(rules(page)) == len(page.data_validations.dataValidation)


def longer() -> Form:
    """The checklist with a category more at its end."""
    form = checklist()
    *others, last = form.sections
    added = last.categories[-1].model_copy(update={"key": "nachtcafe", "name": "Nachtcafé"})
    section = last.model_copy(update={"categories": (*last.categories, added)})
    return form.model_copy(update={"sections": (*others, section)})


def view_of(form: Form, register: Register = REGISTER) -> Any:
    return build_view(register, form, words("de"), run=RunNote("run-0002", NOW, "1"))


def test_a_category_that_the_form_gets_can_be_chosen_in_the_register_that_exists(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    last = checklist().sections[-1].title
    rules(book[last])["B2:B1048576"].sqref = MultiCellRange("B2:B99")
    book.save(path)

    for _ in range(2):
        book = updated(path, view_of(longer()))
        assert offered(book, book[ENTRIES], "B2:B1048576") == [*NAMES, "Nachtcafé"]
        assert offered(book, book[last], "B2:B99")[-1] == "Nachtcafé"
        assert [title for title in book.sheetnames if title.startswith("Listen")] == ["Listen", "Listen (2)"]


def test_choices_that_people_made_their_own_stay(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    page = book[ENTRIES]
    rule = rules(page)["B2:B1048576"]
    rule.formula1 = f'"{NAMES[0]},Etwas Eigenes"'
    book.save(path)
    assert offered(updated(path, view_of(longer())), updated(path)[ENTRIES], "B2:B1048576") == [
        NAMES[0],
        "Etwas Eigenes",
    ]


def test_a_note_of_ours_says_what_may_be_answered_now_and_one_of_people_s_stays(path: Path) -> None:
    def decision(book: Any) -> Any:
        return next(one for one in rules_of(book["Konflikte"]) if one.formula1)

    def rules_of(page: Any) -> list[Any]:
        return list(page.data_validations.dataValidation)

    hint = decision(openpyxl.load_workbook(path)).prompt
    for title, kept in (("Entscheidung", hint), ("Unser Hinweis", "Ein eigener Text gilt ebenfalls.")):
        book = openpyxl.load_workbook(path)
        rule = decision(book)
        rule.formula1, rule.promptTitle = '"behalten,übernehmen"', title
        rule.prompt = "Ein eigener Text gilt ebenfalls."
        book.save(path)
        made = decision(updated(path))
        assert made.formula1 == '"behalten,übernehmen,beide"'
        assert made.prompt == kept


def ranges(book: Any) -> list[tuple[str, str]]:
    series = [chart.series[0] for chart in book[CHARTS]._charts]
    return [(one.cat.strRef.f, one.val.numRef.f) for one in series]


def test_a_category_at_the_form_s_end_is_drawn(path: Path) -> None:
    register = replace(REGISTER, entries=(*REGISTER.entries, entry(7, "nachtcafe")))
    count = len(NAMES)

    for _ in range(2):
        book = updated(path, view_of(longer(), register))
        page = book[CHARTS]
        assert page.cell(count + 2, 3).value == "Nachtcafé"
        assert ranges(book) == [
            (f"'{CHARTS}'!$C$2:$C${count + 2}", f"'{CHARTS}'!$D$2:$D${count + 2}"),
            (f"'{CHARTS}'!$C${count + 3}:$C${count + 14}", f"'{CHARTS}'!$F${count + 3}:$F${count + 14}"),
        ]
        series = book[CHARTS]._charts[0].series[0]
        assert [point.v for point in series.val.numRef.numCache.pt] == [page.cell(row, 4).value for row in range(2, count + 3)]  # fmt: skip
        assert max(point.idx for point in series.dPt) == count  # in its section's colour

    book = updated(path)  # and the form loses it again
    assert ranges(book)[0] == (f"'{CHARTS}'!$C$2:$C${count + 1}", f"'{CHARTS}'!$D$2:$D${count + 1}")


def test_a_restyled_chart_draws_the_new_category_in_its_own_style(path: Path) -> None:
    book: Any = openpyxl.load_workbook(path)
    book[CHARTS]._charts[0].gapWidth = 11
    book.save(path)

    book = updated(path, view_of(longer()))

    assert ranges(book)[0][0].replace("'", "") == f"{CHARTS}!$C$2:$C${len(NAMES) + 2}"
    assert book[CHARTS]._charts[0].gapWidth == 11
