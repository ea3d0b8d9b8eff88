"""The spec in a spreadsheet: what the office edits makes the same form, and slips are told by cell."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from openpyxl import Workbook, load_workbook

from formgen.forms import chosen_form
from formgen.spec_xlsx import export, load_xlsx
from spec.errors import SpecError
from spec.form.load import default_form, load_form
from spec.form.model import Form
from tests.spec.strategies import forms

SURVEY = Path(__file__).parent / "forms" / "equipment_survey.toml"


@given(forms())
@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # to shrink a whole form takes minutes and tells little more
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_form_is_the_same_after_a_workbook(tmp_path: Path, form: Form) -> None:
    export(form, tmp_path / "form.xlsx")
    assert load_xlsx(tmp_path / "form.xlsx") == form


def test_the_checklists_are_the_same_to_the_byte(tmp_path: Path) -> None:
    form = default_form()
    export(form, tmp_path / "form.xlsx")
    assert chosen_form(tmp_path / "form.xlsx").model_dump_json() == form.model_dump_json()
    assert [path.name for path in tmp_path.iterdir()] == ["form.xlsx"]


def test_the_workbook_speaks_the_form_s_language(tmp_path: Path) -> None:
    export(default_form(), tmp_path / "de.xlsx")
    export(chosen_form(SURVEY), tmp_path / "en.xlsx")
    german, english = load_workbook(tmp_path / "de.xlsx"), load_workbook(tmp_path / "en.xlsx")
    assert german.sheetnames == ["Formular", "Spalten", "Bereiche", "Angebote", "Deckblatt", "Rückmeldung"]
    assert english.sheetnames == ["Form", "Columns", "Sections", "Categories", "Cover", "Feedback"]
    assert load_xlsx(tmp_path / "en.xlsx") == load_form(SURVEY)


def test_a_workbook_that_libreoffice_saved_is_the_same_form() -> None:
    """Saved by LibreOffice from an export: shared strings, its own styles and dimensions."""
    assert load_xlsx(SURVEY.with_name("equipment_survey_libreoffice.xlsx")) == load_form(SURVEY)


def test_the_workbook_explains_itself(tmp_path: Path) -> None:
    export(default_form(), tmp_path / "form.xlsx")
    book = load_workbook(tmp_path / "form.xlsx")
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        for cell in sheet[1]:
            assert cell.comment is not None, cell
            assert cell.comment.text
    form = book["Formular"]
    assert all(form.cell(row, 3).value for row in range(2, 9))
    offers = book["Angebote"]
    assert offers["F2"].alignment.wrap_text
    assert offers.column_dimensions["F"].width == 80


def edited(tmp_path: Path, edit: Callable[[Workbook], object]) -> Path:
    """The survey's workbook after somebody's edit; cells are counted on below."""
    path = tmp_path / "my.xlsx"
    export(chosen_form(SURVEY), path)
    book = load_workbook(path)
    edit(book)
    book.save(path)
    return path


def put(sheet: str, cell: str, value: object) -> Callable[[Workbook], object]:
    def edit(book: Workbook) -> None:
        book[sheet][cell].value = value

    return edit


#: an edit, and what is told about it
SLIPS: list[tuple[Callable[[Workbook], object], list[str]]] = [
    (
        put("Form", "B7", "ten"),
        ["my.xlsx, sheet Form, row 7 (Rows per sheet): 'ten' is no number. Write digits only."],
    ),
    (
        put("Form", "B7", 5.5),
        [
            "my.xlsx, sheet Form, row 7 (Rows per sheet): `rows` must be a whole number, but is a number with a fraction. Write digits without quotes or fraction."
        ],
    ),
    (put("Form", "B3", None), ["my.xlsx, sheet Form, row 3 (Title): The entry `title` is missing. Add it."]),
    (
        put("Form", "A3", "Titel!"),
        [
            "my.xlsx, sheet Form: The heading 'Titel!' is unknown. Did you mean 'Titel'?",
            "my.xlsx, sheet Form: 'Titel' or 'Title' is missing. Add it, even if it stays empty.",
        ],
    ),
    (
        put("Categories", "C3", "=A1"),
        [
            "my.xlsx, sheet Categories, row 3, column Name: The cell holds a formula. Write its result instead."
        ],
    ),
    (
        put("Categories", "C3", True),
        [
            "my.xlsx, sheet Categories, row 3, column Name: The cell must hold text. Write text instead of a truth value."
        ],
    ),
    (
        put("Categories", "B3", "saws"),
        [
            (
                "my.xlsx, sheet Categories, row 3, column Key: The category key 'saws' is used twice. It stands first in "
                "my.xlsx, sheet Categories, row 2, column Key. Give each category its own key."
            )
        ],
    ),
    (
        put("Categories", "A3", "wod"),
        [
            (
                "my.xlsx, sheet Categories, row 3, column Section: There is no section with the key 'wod'. "
                "Did you mean 'wood'?"
            )
        ],
    ),
    (
        put("Categories", "A4", "wood"),
        ["my.xlsx, sheet Sections, row 3: `categories` is an empty list. Give it at least one item."],
    ),
    (
        put("Categories", "K3", "a note"),
        [
            (
                "my.xlsx, sheet Categories, row 3: 'a note' stands under no heading. "
                "Move it, or put it on a sheet of your own."
            )
        ],
    ),
    (
        put("Columns", "F3", "perhaps"),
        [
            (
                "my.xlsx, sheet Columns, row 3, column Names the facility: 'perhaps' is neither yes nor no. "
                "Write ja or yes, or nothing."
            )
        ],
    ),
    (
        put("Cover", "A3", "Stepp"),
        [
            (
                "my.xlsx, sheet Cover, row 3, column Kind: 'Stepp' is no kind of text here. Write one of: Einleitung / "
                "Introduction, Schritt / Step, Hinweis zum Programm / Program note, Rücksendung / Return to, Feld / Field."
            )
        ],
    ),
    (
        put("Cover", "D2", "why?"),
        ["my.xlsx, sheet Cover, row 2, column Hint: Only a field has this. Empty the cell."],
    ),
    (
        put("Cover", "C2", None),
        [
            "my.xlsx, sheet Cover, row 2, column Text: `intro[1]` is empty. Write something, or take the item out."
        ],
    ),
    (
        put("Feedback", "A4", "Titel"),
        ["my.xlsx, sheet Feedback, row 4: There is a title already. Keep one of the two."],
    ),
    (
        lambda book: book.remove(book["Columns"]),
        ["my.xlsx: The sheet 'Spalten' or 'Columns' is missing. Add it."],
    ),
    (
        lambda book: book.copy_worksheet(book["Columns"]).__setattr__("title", "Spalten"),
        ["my.xlsx, sheet Spalten: It says the same as my.xlsx, sheet Columns. Keep one of the two."],
    ),
]


@pytest.mark.parametrize(("edit", "expected"), SLIPS)
def test_a_slip_is_told_by_cell(
    tmp_path: Path, edit: Callable[[Workbook], object], expected: list[str]
) -> None:
    with pytest.raises(SpecError) as error:
        load_xlsx(edited(tmp_path, edit))
    told = [str(fault) for fault in error.value.faults]
    assert told == expected


def test_all_slips_are_told_at_once(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        put("Form", "B2", "My Survey")(book)
        put("Columns", "E3", 0)(book)
        put("Categories", "I3", "many")(book)
        put("Feedback", "E3", 31)(book)

    with pytest.raises(SpecError) as error:
        load_xlsx(edited(tmp_path, edit))
    assert [fault.place.removeprefix("my.xlsx, sheet ") for fault in error.value.faults] == [
        "Categories, row 3, column Pages",
        "Form, row 2 (Key)",
        "Columns, row 3, column Width",
        "Feedback, row 3, column Lines",
    ]


def test_what_people_do_in_workbooks_is_no_fault(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        columns = book["Columns"]
        columns.move_range("A1:A9", cols=6)  # the keys at the end
        columns.delete_cols(1)
        columns.insert_rows(2)  # an empty row
        columns["D3"].value = "1,5"  # a number typed into a text cell
        book["Categories"]["C2"].value = 2000  # a text that looks like a number
        book["Categories"]["D2"].value = "a\r\n\nb_x000D_\n c "
        book["Form"]["B7"].value = 5.0
        book.create_sheet("My notes")["A1"].value = "=1+1"
        book.move_sheet("Feedback", -3)

    form = load_xlsx(edited(tmp_path, edit))
    assert [column.key for column in form.columns] == ["state", "machine", "year"]
    assert (form.rows, form.columns[0].width) == (5, 1.5)
    assert form.categories[0].name == "2000"
    assert form.categories[0].other_names == ("a", "b", "c")


def test_texts_that_a_workbook_can_not_keep_are_refused(tmp_path: Path) -> None:
    raw = default_form().model_dump()
    for title, fault in (
        ("a_x0041_b", "reads '_x0041_' as another character"),
        ("a" * 32_768, "A cell holds 32767"),
    ):
        with pytest.raises(SpecError, match=fault):
            export(Form.model_validate(raw | {"title": title}), tmp_path / "form.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_no_workbook(tmp_path: Path) -> None:
    text, archive, large = tmp_path / "a.xlsx", tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    text.write_text("key = 1", encoding="utf-8")
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("x.txt", "x")
    with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("x.xml", b"0" * 50_000_001)
    for path, fault in (
        (tmp_path / "none.xlsx", "There is no such file."),
        (tmp_path, "can't be read"),
        (text, "This is no workbook."),
        (archive, "can't be read"),
        (large, "too large"),
    ):
        with pytest.raises(SpecError, match=fault):
            load_xlsx(path)


def test_endless_sheets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="more than 2000 rows"):
        load_xlsx(edited(tmp_path, put("Columns", "A3000", "x")))
