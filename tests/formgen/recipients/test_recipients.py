"""The list of recipients: what is understood, and every fault told at once with place and remedy."""

from __future__ import annotations

import codecs
import io
import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from formgen.recipients import MOST, Recipient, load_recipients
from formgen.recipients.check import is_address
from spec.errors import EXIT_WRONG_CALL, WrongInputError
from spec.form.load import default_form

FORM = default_form()
HEAD = "Organisation;Ansprechperson;E-Mail;Angebote;Sprache;Notiz\n"


def listed(tmp_path: Path, text: str | bytes, name: str = "recipients.csv") -> tuple[Recipient, ...]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return load_recipients(path, FORM).recipients


def faults(tmp_path: Path, text: str | bytes, name: str = "recipients.csv") -> list[str]:
    with pytest.raises(WrongInputError) as caught:
        listed(tmp_path, text, name)
    assert caught.value.exit_code == EXIT_WRONG_CALL
    assert all(fault.place and fault.fault and fault.remedy for fault in caught.value.faults)
    return [str(fault) for fault in caught.value.faults]


def workbook(rows: list[list[Any]], change: Any = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if change:
        change(book, sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


ROWS: list[list[Any]] = [
    ["Organisation", "Person", "E-Mail", "Kategorien", "Sprache", "Notiz"],
    ["Die Brücke", "Özge Yıldız", "a@b.example", "spdi\nKontakt- und Beratungsstelle", "de", "ruft an"],
]
WANTED = Recipient("Die Brücke", "Özge Yıldız", "a@b.example", ("kontaktstelle", "spdi"), "de", "ruft an", 2)

# ---------------------------------------------------------------- what is understood


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_with_any_usual_delimiter_encoding_and_line_end(
    tmp_path: Path, delimiter: str, encoding: str, line_end: str
) -> None:
    rows = [[f'"{cell}"' for cell in row] for row in ROWS]
    text = line_end.join(delimiter.join(row) for row in rows) + line_end
    assert listed(tmp_path, text.encode(encoding)) == (WANTED,)


def test_xlsx(tmp_path: Path) -> None:
    assert listed(tmp_path, workbook(ROWS), "Empfänger.xlsx") == (WANTED,)


@pytest.mark.parametrize(
    "head",
    [
        "Organisation;E-Mail",
        "organization,EMAIL",
        "E-Mail-Adresse\tEinrichtung",
        "sep=;\nOrganisation;Email",
        "\n\n Organisation ; e-mail ",
    ],
)
def test_headings_in_german_or_english_in_any_order(tmp_path: Path, head: str) -> None:
    last = head.splitlines()[-1]
    delimiter = next(sign for sign in ";,\t" if sign in last)
    cells = ["x@y.example", "Die Brücke"] if "Adresse" in last else ["Die Brücke", "x@y.example"]
    found = listed(tmp_path, head + "\n" + delimiter.join(cells) + "\n")
    assert [(one.organisation, one.email, one.categories) for one in found] == [
        ("Die Brücke", "x@y.example", ())
    ]
    assert found[0].row == len(head.splitlines()) + 1


def test_windows_1252_where_every_western_code_page_agrees(tmp_path: Path) -> None:
    text = HEAD + "Müllers „Große Öfen“ – Süd;;a@b.example;;;\n"
    assert listed(tmp_path, text.encode("cp1252"))[0].organisation == "Müllers „Große Öfen“ – Süd"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Köln", "cp850"), ("Kämmerer", "cp437"), ("Köln", "mac_roman"), ("Gesundheitsamt Lübeck", "mac_roman"),
        ("Łódź", "cp1250"), ("Yıldız Şen", "cp1254"), ("Kovač", "iso8859_2"), ("Помощь", "cp1251"), ("Ü", "cp850"),
    ],
)  # fmt: skip
def test_a_wrong_encoding_is_a_clear_fault_never_a_wrong_letter(
    tmp_path: Path, name: str, encoding: str
) -> None:
    (fault,) = faults(tmp_path, (HEAD + f"Amt;;a@b.example;;;\n{name};;b@b.example;;;\n").encode(encoding))
    assert "line 3" in fault
    assert "UTF-8" in fault


def test_empty_rows_and_quoted_line_breaks_do_not_shift_the_rows(tmp_path: Path) -> None:
    text = HEAD + '\n;;;;;\nA;;a@b.example;"spdi\nwohnheim";;"zwei\nZeilen"\nB;;b@b.example;;;\n'
    found = listed(tmp_path, text)
    assert [(one.row, one.categories) for one in found] == [(4, ("spdi", "wohnheim")), (5, ())]


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example",
        "Ö.Müller@straße.example",
        "x+y'z@sub.dom-ain.example",
        "用户@例子.example",
        "a@xn--mller-kva.example",
    ],
)
def test_addresses_with_letters_of_any_script(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    ["a", "a@b", "@b.example", "a@", "a b@c.example", "a@b..example", "a@-b.example", "<a@b.example>", "a@b.example;c@d.example",
     "a@b.example,", "A <a@b.example>", ".a@b.example", "a@127.0.0.1", "a@b.example\nBcc: x@y.example", "a@" + "b" * 64 + ".example"],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    assert not is_address(address)


def test_columns_that_are_not_used_are_said(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Organisation;E-Mail;Telefon\nA;a@b.example;0241\n", encoding="utf-8")
    assert load_recipients(path, FORM).notes == ("list.csv: the column 'Telefon' is not used.",)


# ---------------------------------------------------------------- faults


def test_all_faults_at_once_by_row_and_column(tmp_path: Path) -> None:
    text = HEAD + (
        ";;a@b.example;;;\n"
        "B;;;;;\n"
        "C;;keine Adresse;;;\n"
        "D;;A@B.example;kontaktstele;;\n"
        'E;;e@b.example;;"klingonisch";\n'
        '"F\nG";;f@b.example;;;\n'
    )
    found = faults(tmp_path, text)
    assert [fault.split(":")[0] for fault in found] == [
        "recipients.csv, row 2, column 'Organisation'",
        "recipients.csv, row 3, column 'E-Mail'",
        "recipients.csv, row 4, column 'E-Mail'",
        "recipients.csv, row 5, column 'Angebote'",
        "recipients.csv, row 5, column 'E-Mail'",
        "recipients.csv, row 6, column 'Sprache'",
        "recipients.csv, row 7, column 'Organisation'",
    ]
    assert "Did you mean 'Kontakt- und Beratungsstelle'?" in found[3]
    assert "stands already in row 2" in found[4]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Organisation;Angebote", "There is no column 'E-Mail'."),
        ("E-Mail;Notiz", "There is no column 'Organisation'."),
        ("Organisation;E-Mail;Angebot", "Did you mean 'Angebote'?"),
        ("Organisation;E-Mail;Mail", "'E-Mail' and 'Mail' mean the same"),
        ("Name;Adresse", "There is no column"),
    ],
)
def test_headings_that_miss(tmp_path: Path, head: str, said: str) -> None:
    assert any(said in fault for fault in faults(tmp_path, head + "\nA;a@b.example;\n"))


@pytest.mark.parametrize(("text", "name"), [("", "a.csv"), (HEAD, "a.csv"), ("\n \n;;\n", "a.csv")])
def test_an_empty_list(tmp_path: Path, text: str, name: str) -> None:
    assert "The list is empty." in faults(tmp_path, text, name)[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("A\nB", "line break"), ("A\r\nB", "line break"), ("A\x07B", "control character (U+0007)"),
        ("A\u202eB", "direction of writing (U+202E)"), ("A\u200fB", "direction of writing (U+200F)"),
        ("A\u2066B", "direction of writing"), ("A\u2028B", "control character (U+2028)"), ("x" * 300, "300 characters long"),
    ],
)  # fmt: skip
def test_hostile_names_are_refused_with_row_and_remedy(tmp_path: Path, name: str, said: str) -> None:
    (fault,) = faults(tmp_path, HEAD + f'"{name}";;a@b.example;;;\n')
    assert "row 2, column 'Organisation'" in fault
    assert said in fault


@pytest.mark.parametrize(
    "name", ['„Die "Brücke"“', "A/B\\C", "CON", "👍 Hilfe", "مركز الإرشاد", "=SUMME(A1)", "x" * 200]
)
def test_odd_but_honest_names_are_taken(tmp_path: Path, name: str) -> None:
    quoted = name.replace('"', '""')
    assert listed(tmp_path, HEAD + f'"{quoted}";;a@b.example;;;\n')[0].organisation == name


def test_a_quote_that_never_closes(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, HEAD + 'A;;a@b.example;;;\n"B;;b@b.example;;;\n')
    assert "can't be read" in fault
    assert "quotes" in fault


def test_a_hundred_thousand_rows_give_a_clear_answer_quickly(tmp_path: Path) -> None:
    text = HEAD + "".join(f"Amt {n};;amt{n}@b.example;;;\n" for n in range(100_000))
    start = time.process_time()
    (fault,) = faults(tmp_path, text)
    assert f"more than {MOST} rows" in fault
    assert time.process_time() - start < 3


def test_a_workbook_with_far_too_many_rows(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [ROWS[0], *([f"Amt {n}", "", f"amt{n}@b.example"] for n in range(MOST + 5_000))]:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    (fault,) = faults(tmp_path, target.getvalue(), "list.xlsx")
    assert f"more than {MOST} rows" in fault


def test_a_list_that_is_wrong_from_top_to_bottom_is_told_in_short(tmp_path: Path) -> None:
    found = faults(tmp_path, HEAD + "".join(f"A;;x{n};;;\n" for n in range(500)))
    assert len(found) == 101
    assert "400 more faults" in found[-1]


# ---------------------------------------------------------------- files


def test_formulas_errors_and_merged_cells_are_named_by_cell(tmp_path: Path) -> None:
    def spoil(_book: Workbook, sheet: Any) -> None:
        sheet["A3"] = '="Amt " & 1'
        sheet["C3"] = "x@y.example"
        sheet["A4"], sheet["C4"] = "B", "#REF!"
        sheet["C4"].data_type = "e"
        sheet["A5"], sheet["C5"] = "C", "c@y.example"
        sheet.merge_cells("A5:B5")

    found = faults(tmp_path, workbook(ROWS, spoil), "list.xlsx")
    assert [fault.split(": ")[0] for fault in found] == [
        "list.xlsx, row 3, cell A3",
        "list.xlsx, row 4, cell C4",
        "list.xlsx, row 5",
    ]
    assert "formula" in found[0]
    assert "A5:B5 are merged" in found[2]


def test_two_sheets_that_could_be_the_list(tmp_path: Path) -> None:
    def second(book: Workbook, _sheet: Any) -> None:
        other = book.create_sheet("2025")
        for row in ROWS:
            other.append(row)

    (fault,) = faults(tmp_path, workbook(ROWS, second), "list.xlsx")
    assert "not clear which sheet" in fault
    assert "'2025'" in fault


def test_other_sheets_do_not_matter(tmp_path: Path) -> None:
    def notes(book: Workbook, _sheet: Any) -> None:
        book.create_sheet("Notizen").append(["nur so"])

    assert listed(tmp_path, workbook(ROWS, notes), "list.xlsx") == (WANTED,)


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "list.xlsx", "password"),
        (b"no workbook at all", "list.xlsx", "not an Excel workbook"),
        (b"PK\x05\x06" + bytes(18), "list.xlsx", "can't be read"),
        (b"a\0b", "list.csv", "not a text file"),
        (b"x", "list.pdf", "neither a CSV file nor an Excel workbook"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a", "list.csv", "broken UTF-16"),
    ],
)
def test_files_that_can_not_be_read(tmp_path: Path, data: bytes, name: str, said: str) -> None:
    assert said in faults(tmp_path, data, name)[0]


def test_no_file_a_folder_and_a_file_that_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raised(path: Path) -> str:
        with pytest.raises(WrongInputError) as caught:
            load_recipients(path, FORM)
        return str(caught.value)

    assert "no such file" in raised(tmp_path / "none.csv")
    assert "folder" in raised(tmp_path)

    def locked(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "in use by another process")

    (tmp_path / "open.csv").write_text(HEAD, encoding="utf-8")
    monkeypatch.setattr(Path, "open", locked)
    assert "may not be read" in raised(tmp_path / "open.csv")
