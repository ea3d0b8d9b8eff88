"""Lists and forms in workbooks as other programs write them; rows of a list that nobody sees."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from openpyxl import Workbook

from formgen.cli import main
from formgen.mail.draftbook import fingerprint
from formgen.recipients import RecipientList, load_recipients
from formgen.recipients.hidden import chosen, refuse_hidden
from formgen.spec_xlsx import export, load_xlsx
from spec.errors import WrongInputError
from spec.form.load import default_form
from spec.storage.workbook_files import unescape_xstring

FORM = default_form()
HEAD = ["Organisation", "Person", "E-Mail", "Notiz"]
ROWS = [
    HEAD,
    ["AWO Ruhr", "Özge Yıldız", "awo@a.example", "ruft an"],
    ["Caritas", "", "caritas@b.example", ""],
    ["Diakonie", "Herr Be", "diakonie@c.example", ""],
]
Change = Callable[[str], str]


def workbook(change: Callable[[Any], object] = id) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    change(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_shared_texts() -> bytes:
    """The same from a writer that keeps all texts in one part."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def rewritten(data: bytes, change: Change, parts: str = "") -> bytes:
    """The package with every XML part changed whose name fits."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            part = source.read(info)
            if re.search(parts, info.filename):
                part = change(part.decode()).encode()
            target.writestr(info.filename, part)
    return out.getvalue()


def strict(xml: str) -> str:
    """As "Strict Open XML" spells a part (ISO/IEC 29500-1)."""
    for old, new in (
        ("spreadsheetml/2006/main", "spreadsheetml/main"),
        ("officeDocument/2006/relationships", "officeDocument/relationships"),
        ("drawingml/2006/", "drawingml/"),
    ):
        xml = xml.replace(f"http://schemas.openxmlformats.org/{old}", f"http://purl.oclc.org/ooxml/{new}")
    return xml


def small(xml: str) -> str:
    """With the area of a sheet as it was when there was one row."""
    return re.sub(r'<dimension ref="[^"]*"\s*/>', '<dimension ref="A1:B1"/>', xml)


def spaced(xml: str) -> str:
    """Indented, with comments, as programs and people may write XML."""
    return re.sub(r"><(?=/?(?:row|sheetData|sheets?\b|si>))", "> <!-- x -->\n  <", xml)


def prefixed(xml: str) -> str:
    """Every element of the sheet with a prefix."""
    if 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"' not in xml:
        return xml
    xml = re.sub(r"<(/?)(?=[a-z])", r"<\1x:", xml)
    return xml.replace(" xmlns=", " xmlns:x=", 1)


SPELLINGS = [strict, small, spaced, prefixed, lambda xml: xml.replace('"', "'")]


def listed(tmp_path: Path, data: bytes) -> RecipientList:
    path = tmp_path / "Liste.xlsx"
    path.write_bytes(data)
    return load_recipients(path, FORM)


@pytest.mark.parametrize("spell", SPELLINGS)
def test_a_list_is_read_in_every_spelling(tmp_path: Path, spell: Change) -> None:
    found = listed(tmp_path, rewritten(workbook(), spell, r"(?<!\]).xml\Z|rels\Z"))
    assert found.recipients == listed(tmp_path, workbook()).recipients
    assert len(found.recipients) == 3


@pytest.mark.parametrize("spell", SPELLINGS)
def test_a_form_is_read_in_every_spelling(tmp_path: Path, spell: Change) -> None:
    path = tmp_path / "form.xlsx"
    export(FORM, path)
    path.write_bytes(
        rewritten(path.read_bytes(), spell, r"xl/(?:workbook|worksheets/sheet|sharedStrings).*xml\Z|rels\Z")
    )
    assert load_xlsx(path) == FORM


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("AWO_x000D_", "AWO"),
        ("AWO _x0026_ Co", "AWO & Co"),
        ("_x0041_WO", "AWO"),
        ("AWO_x005F_x000D_", "AWO_x000D_"),
        ("AWO_x00", "AWO_x00"),
    ],
)
@pytest.mark.parametrize("inline", [True, False])
def test_escaped_characters_of_a_list_are_those_that_were_meant(
    tmp_path: Path, stored: str, text: str, *, inline: bool
) -> None:
    data = rewritten(with_shared_texts(), lambda xml: xml.replace("AWO Ruhr", stored), "sharedStrings")
    if inline:
        cell = f'<c r="A2" t="inlineStr"><is><t>{stored}</t></is></c>'
        data = rewritten(workbook(), lambda xml: re.sub(r'<c r="A2".*?</c>', cell, xml), "sheet1")
    assert listed(tmp_path, data).recipients[0].organisation == text


def test_a_line_break_that_was_escaped_is_a_fault_with_its_place(tmp_path: Path) -> None:
    data = rewritten(
        with_shared_texts(), lambda xml: xml.replace("AWO Ruhr", "AWO_x000D_\nRuhr"), "sharedStrings"
    )
    with pytest.raises(WrongInputError, match="line break"):
        listed(tmp_path, data)


def test_an_escaped_control_character_is_a_fault(tmp_path: Path) -> None:
    data = rewritten(with_shared_texts(), lambda xml: xml.replace("AWO Ruhr", "AWO_x0001_"), "sharedStrings")
    with pytest.raises(WrongInputError, match="control character"):
        listed(tmp_path, data)


def test_escapes_beyond_the_first_plane_make_one_letter() -> None:
    assert unescape_xstring("_xD83D__xDE00_") == "\U0001f600"


# ---------------------------------------------------------------- hidden rows


def hide(sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True


@pytest.mark.parametrize("look", ['hidden="1"', 'hidden="true"', 'ht="0" customHeight="1"'])
def test_a_hidden_row_is_known_and_named(tmp_path: Path, look: str) -> None:
    given = listed(
        tmp_path, rewritten(workbook(), lambda xml: xml.replace('<row r="3"', f'<row r="3" {look}'), "sheet1")
    )

    assert [one.organisation for one in given.hidden] == ["Caritas"]
    with pytest.raises(WrongInputError) as told:
        refuse_hidden(given)
    (fault,) = told.value.faults
    assert "Caritas" in fault.fault
    assert fault.place == "Liste.xlsx, row 3"


def test_what_was_said_of_hidden_rows_holds(tmp_path: Path) -> None:
    given = listed(tmp_path, workbook(hide))
    assert [one.row for one in chosen(given, "with").recipients] == [2, 3, 4]
    assert [one.row for one in chosen(given, "without").recipients] == [2, 4]


def test_a_list_that_shows_all_rows_is_taken_as_it_is(tmp_path: Path) -> None:
    given = listed(tmp_path, workbook())
    assert refuse_hidden(given) is given


def test_a_row_hidden_since_the_draft_makes_it_another_one(tmp_path: Path) -> None:
    one = listed(tmp_path, workbook()).recipients[1]
    assert fingerprint(replace(one, hidden=True)) != fingerprint(one)


class _Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stdin", "words", "code", "made"),
    [
        (io.StringIO(), (), 2, None),
        (_Keyboard(), ("--json",), 2, None),
        (io.StringIO(), ("--hidden-rows", "with"), 0, True),
        (io.StringIO(), ("--hidden-rows", "without"), 0, False),
        (_Keyboard("j\ny\n"), (), 0, True),  # in whichever language it asks
        (_Keyboard("n\n"), (), 0, False),
    ],
)
def test_the_command_names_hidden_rows_and_asks_or_stops(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    stdin: io.StringIO,
    words: tuple[str, ...],
    code: int,
    made: bool | None,
) -> None:
    path, place = tmp_path / "Liste.xlsx", tmp_path / "place"
    path.write_bytes(workbook(hide))
    monkeypatch.setattr("sys.stdin", stdin)

    done = main(["build", "--recipients", str(path), "--workspace", str(place), *words])

    said = capsys.readouterr()
    assert done == code
    assert made is not None or ("Caritas" in said.err and "--hidden-rows" in said.err)
    copies = sorted(file.name for file in place.rglob("*.pdf") if file.name != "blank.pdf")
    assert any("Caritas" in name for name in copies) == bool(made)
    assert any("AWO" in name for name in copies) == (made is not None)
