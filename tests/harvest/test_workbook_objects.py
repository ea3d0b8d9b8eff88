"""What people put into the workbook stays, and points at the same things afterwards: as Excel and LibreOffice write it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.history.undo import undo
from tests.harvest.libreoffice import by_macro
from tests.harvest.offices import Office, filled
from tests.harvest.register.excelmade import FORMULAS, OWN, SHEET, excel_made
from tests.harvest.register.packages import assert_sound, parts, rewritten
from tests.harvest.register.validity import formulas, parse

HOMES = [(f"Haus {n}", f"Frau {n}, 0241 5550{n:02d}") for n in range(1, 6)]
SURGERIES = [(f"Praxis {n}", f"Dr. {n}") for n in range(1, 6)]
LAST = 11  # row of the last of ten entries
#: Two homes come in behind the fifth one, in row 6: what stood from row 7 on stands two rows lower.
MORE = {"wohnheim": [("Haus Neu", "neu"), ("Haus Neuer", "neuer")]}


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office.at(tmp_path_factory.mktemp("things") / "office")
    office.drop("a.pdf", filled("Träger A", {"wohnheim": HOMES, "praxis": SURGERIES}))
    harvest_returns(Request(office.workspace))
    return office


def run(office: Office) -> Any:
    result = harvest_returns(Request(office.workspace))[0]
    assert_sound(office.workspace.register)
    return result


# ---------------------------------------------------------------- as Excel writes it


@pytest.fixture(scope="module")
def rounds(harvested: Office, tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Path, Any]:
    """The office after Excel and a round with two new entries, the register as Excel left it, the run's result."""
    folder = tmp_path_factory.mktemp("excel")
    office = harvested.copy(folder / "office")
    excel_made(office.workspace.register, LAST)
    assert_sound(office.workspace.register)
    shutil.copyfile(office.workspace.register, folder / "before.xlsx")
    assert not run(office).changed
    assert office.workspace.register.read_bytes() == (folder / "before.xlsx").read_bytes()
    office.drop("b.pdf", filled("Träger B", MORE, 5), 5)
    return office, folder / "before.xlsx", run(office)


@pytest.fixture
def texts(rounds: tuple[Office, Path, Any]) -> dict[str, str]:
    """The parts of the register after that round."""
    found = parts(rounds[0].workspace.register)
    return {name: data.decode() for name, data in found.items() if not name.endswith((".png", ".bin"))}


def test_nothing_that_people_made_is_taken_for_an_entry(rounds: tuple[Office, Path, Any]) -> None:
    office, _, result = rounds
    assert (set(result.hand.values()), result.faults) == ({0}, ())
    assert len(office.entries()) == len(HOMES) + len(SURGERIES) + len(MORE["wohnheim"])


def test_every_part_is_there_and_what_names_no_row_stays_byte_for_byte(
    rounds: tuple[Office, Path, Any],
) -> None:
    before, after = parts(rounds[1]), parts(rounds[0].workspace.register)
    assert set(before) - set(after) == {"xl/calcChain.xml"}  # Excel makes it anew
    assert set(after) == set(before) - {"xl/calcChain.xml"}
    theirs = (
        "xl/printerSettings/", "xl/slicers/", "xl/slicerCaches/", "xl/media/", "xl/persons/", "xl/metadata.xml", "xl/externalLinks/", "customXml/",
        "xl/chartsheets/", "xl/drawings/drawing91.xml", "xl/drawings/_rels/", "xl/pivotTables/", "xl/pivotCache/_rels/", "xl/pivotCache/pivotCacheRecords",
        "xl/pivotCache/pivotCacheDefinition2.xml", "xl/worksheets/_rels/", "xl/styles.xml",
    )  # fmt: skip
    kept = [name for name in before if name.startswith(theirs)]
    assert len(kept) >= len(theirs)
    assert [name for name in kept if before[name] != after[name]] == []


def test_formulas_name_the_same_cells_as_before(texts: dict[str, str]) -> None:
    now = dict(formulas(parse(texts[OWN].encode())))
    wanted = {cell: text.format(last=LAST + 2) for cell, text in FORMULAS.items()}
    wanted["A2"] = "'Alle Einträge'!D9"
    wanted["A9"] = "COUNTA('Alle Einträge'!9:9)"
    wanted["A10"] = "'Alle Einträge'!C9&\"'Alle Einträge'!C7\""
    assert {cell: now[cell] for cell in wanted} == wanted
    assert now["A15"] == f"_xlfn._xlws.SORT('Alle Einträge'!C2:C{LAST + 2})"
    assert "<formula>'Alle Einträge'!$D$9=\"x\"</formula>" in texts[OWN]
    assert "location=\"'Alle Einträge'!D9\"" in texts[OWN]
    assert f"<c:f>'Alle Einträge'!$Z$2:$Z${LAST + 2}</c:f>" in texts["xl/charts/chart90.xml"]
    assert f'ref="A1:D{LAST + 2}" sheet="Alle Einträge"' in texts["xl/pivotCache/pivotCacheDefinition1.xml"]


@pytest.mark.parametrize(
    ("name", "refers"),
    [
        ("Kontakte", f"'Alle Einträge'!$D$2:$D${LAST + 2}"),
        ("Zeile_Sieben", "'Alle Einträge'!$C$9"),
        ("Wachsend", "OFFSET('Alle Einträge'!$A$1,0,0,COUNTA('Alle Einträge'!$A:$A),4)"),
        ("Doppelt", "_xlfn.LAMBDA(_xlpm.x,_xlpm.x&amp;'Alle Einträge'!$D$9)"),
        ("Eigen", "Auswertung!$A$7"),
    ],
)
def test_names_go_along(texts: dict[str, str], name: str, refers: str) -> None:
    found = re.search(rf'<definedName name="{name}"[^>]*>([^<]*)<', texts["xl/workbook.xml"])
    assert found
    assert found[1] == refers


def test_the_table_its_total_and_its_computed_column_go_along(texts: dict[str, str]) -> None:
    assert f'ref="A1:Z{LAST + 3}" totalsRowCount="1"' in texts["xl/tables/table1.xml"]
    assert f'<autoFilter ref="A1:Z{LAST + 2}"/>' in texts["xl/tables/table1.xml"]
    sheet = texts[SHEET]
    total = sheet[sheet.index(f'<row r="{LAST + 3}"') :]
    assert "<t>Ergebnis</t>" in total
    assert f'<c r="Z{LAST + 3}"><f>SUBTOTAL(109,Liste[Länge])</f>' in total
    notes = re.findall(r'<c r="Y(\d+)"[^>]*><is><t>Notiz (\d+)</t>', sheet)
    assert [(int(now), int(then)) for now, then in notes] == [
        (row if row < 7 else row + 2, row) for row in range(2, LAST + 1)
    ]


def test_comments_threads_and_controls_go_along(texts: dict[str, str]) -> None:
    assert re.findall(r'ref="(\w+)"', texts["xl/comments1.xml"]) == ["D9", "C11"]
    assert re.findall(r'ref="(\w+)"', texts["xl/threadedComments/threadedComment1.xml"]) == ["D9", "D9"]
    drawn = texts["xl/drawings/vmlDrawing1.vml"]
    assert re.findall(r"<x:Row>(\d+)<", drawn) == ["8", "10"]
    assert re.findall(r"<x:Fmla\w+>([^<]*)<", drawn) == ["$AC$9", "$AC$9", f"$Y$2:$Y${LAST + 2}"]
    assert 'fmlaLink="$AC$9"' in texts["xl/ctrlProps/ctrlProp1.xml"]
    assert "fmlaLink=\"'Alle Einträge'!$AC$11\"" in texts["xl/ctrlProps/ctrlProp2.xml"]
    assert f'fmlaRange="$Y$2:$Y${LAST + 2}"' in texts["xl/ctrlProps/ctrlProp2.xml"]
    assert re.findall(r"<xdr:row>(\d+)<", texts[SHEET]) == ["8", "9", "10", "11"]
    assert "textlink=\"'Alle Einträge'!$C$9\"" in texts["xl/drawings/drawing90.xml"]
    assert re.findall(r"<xdr:row>(\d+)<", texts["xl/drawings/drawing90.xml"]) == [
        "8", "9", "8", "9", "10", "11",
    ]  # fmt: skip


def test_formats_choices_sparklines_watches_and_scenarios_go_along(texts: dict[str, str]) -> None:
    sheet = texts[SHEET]
    assert f"<xm:sqref>D2:D{LAST + 2} Y9</xm:sqref>" in sheet
    assert f"<xm:sqref>Y2:Y{LAST + 2}</xm:sqref>" in sheet
    assert "<xm:f>'Alle Einträge'!M9:N9</xm:f><xm:sqref>AA9</xm:sqref>" in sheet
    assert '<cellWatch r="D9"/>' in sheet
    assert '<inputCells r="Y9"' in sheet
    assert '<brk id="6"' in sheet  # a page break stands behind a row; that one did not move


def test_when_the_round_is_undone_everything_points_where_it_did(
    rounds: tuple[Office, Path, Any], tmp_path: Path
) -> None:
    office = rounds[0].copy(tmp_path / "office")
    undo(office.workspace, rounds[2].run)
    assert_sound(office.workspace.register)

    before, after = parts(rounds[1]), parts(office.workspace.register)
    same = (
        OWN, "xl/tables/table1.xml", "xl/comments1.xml", "xl/threadedComments/threadedComment1.xml", "xl/ctrlProps/ctrlProp1.xml",
        "xl/ctrlProps/ctrlProp2.xml", "xl/drawings/drawing90.xml", "xl/charts/chart90.xml", "xl/pivotCache/pivotCacheDefinition1.xml",
    )  # fmt: skip

    def told(data: bytes) -> str:
        return data.decode().replace("\r\n", "\n")

    assert [name for name in same if told(before[name]) != told(after[name])] == []


# ---------------------------------------------------------------- as Excel writes "Strict Open XML"

STRICT = {
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/drawingml/2006/": b"http://purl.oclc.org/ooxml/drawingml/",
    b"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties": b"http://purl.oclc.org/ooxml/officeDocument/customProperties",
    b"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes": b"http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
}
HISTORY = "xl/worksheets/sheet9.xml"


def respelt(path: Path, pairs: Mapping[bytes, bytes]) -> None:
    new = {}
    for name, data in parts(path).items():
        new[name] = data
        for old, other in pairs.items() if name.endswith((".xml", ".rels", ".vml")) else ():
            new[name] = new[name].replace(old, other)
    rewritten(path, new)


def as_iso(found: re.Match[bytes]) -> bytes:
    day = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(seconds=round(float(found[2]) * 86_400))
    return found[1] + b' t="d"><v>' + day.strftime("%Y-%m-%dT%H:%M:%S").encode() + b"</v>"


def test_a_strict_workbook_stays_one_and_its_dates_are_known(harvested: Office, tmp_path: Path) -> None:
    office = harvested.copy(tmp_path / "office")
    register = office.workspace.register
    excel_made(register, LAST)
    sheet, days = re.subn(rb'(<c r="A\d+" s="\d+")><v>([\d.]+)</v>', as_iso, parts(register)[HISTORY])
    note = b'<c r="Z2" t="inlineStr"><is><t>unsere Notiz</t></is></c></row>'
    first, rest = sheet.split(b'<row r="2"', 1)
    rewritten(register, {HISTORY: first + b'<row r="2"' + rest.replace(b"</row>", note, 1)})
    respelt(register, STRICT)
    assert days == LAST - 1
    assert not harvest_returns(Request(office.workspace))[0].changed
    office.drop("b.pdf", filled("Träger B", MORE, 5), 5)

    result = harvest_returns(Request(office.workspace))[0]

    assert (set(result.hand.values()), result.faults) == ({0}, ())
    after = parts(register)
    assert [name for name, data in after.items() if any(old in data for old in STRICT)] == []
    assert b"unsere Notiz" in after[HISTORY]
    respelt(register, {new: old for old, new in STRICT.items()})
    assert_sound(register)


def test_a_sheet_that_comes_back_into_a_strict_workbook_is_strict(harvested: Office, tmp_path: Path) -> None:
    office = harvested.copy(tmp_path / "office")
    register = office.workspace.register
    book = office.book()
    del book["Konflikte"]
    book.save(register)
    respelt(register, STRICT)
    office.drop("b.pdf", filled("Träger B", MORE, 5), 5)

    harvest_returns(Request(office.workspace))

    after = parts(register)
    assert "Konflikte" in after["xl/workbook.xml"].decode()
    assert [name for name, data in after.items() if any(old in data for old in STRICT)] == []
    respelt(register, {new: old for old, new in STRICT.items()})
    assert_sound(register)


# ---------------------------------------------------------------- as LibreOffice writes it

WORK = """
def at(name):
    sheet = book.Sheets.getByName("Alle Einträge")
    return sheet.getCellRangeByName(name)

entries = book.Sheets.getByName("Alle Einträge")
at("Y1").String = "Notiz"
for row in range(2, 12):
    at("Y%d" % row).String = "Notiz %d" % row
    at("Z%d" % row).Formula = "=LEN(D%d)" % row
entries.Annotations.insertNew(at("D7").CellAddress, "Bitte anrufen")
at("C13").String = "Summe"
at("D13").Formula = "=COUNTA(D2:D11)"

book.Sheets.insertNewByName("Auswertung", 1)
own = book.Sheets.getByName("Auswertung")
for number, formula in enumerate(asked["formulas"], start=1):
    own.getCellRangeByName("A%d" % number).Formula = formula
book.Sheets.insertNewByName("Verborgen", 2)
book.Sheets.getByName("Verborgen").getCellRangeByName("A1").Formula = "=$'Alle Einträge'.D7"
book.Sheets.getByName("Verborgen").IsVisible = False

book.NamedRanges.addNewByName("Zeile_Sieben", "$'Alle Einträge'.$C$7", own.getCellRangeByName("A1").CellAddress, 0)

tables = own.DataPilotTables
pilot = tables.createDataPilotDescriptor()
pilot.setSourceRange(at("A1:E11").RangeAddress)
for field in pilot.DataPilotFields:
    if field.Name == "Angebot":
        field.Orientation = uno.Enum("com.sun.star.sheet.DataPilotFieldOrientation", "ROW")
    if field.Name == "Kennung":
        field.Orientation = uno.Enum("com.sun.star.sheet.DataPilotFieldOrientation", "DATA")
        field.Function = uno.Enum("com.sun.star.sheet.GeneralFunction", "COUNT")
tables.insertNewByName("Pivot", own.getCellRangeByName("D20").CellAddress, pilot)

place = uno.createUnoStruct("com.sun.star.awt.Rectangle")
place.X, place.Y, place.Width, place.Height = 12000, 1000, 8000, 5000
own.Charts.addNewByName("Bild", place, (at("Z2:Z11").RangeAddress,), False, False)

rule = at("Y2:Y11").Validation
rule.Type = uno.Enum("com.sun.star.sheet.ValidationType", "LIST")
rule.setFormula1('"ja";"nein"')
at("Y2:Y11").Validation = rule

style = book.createInstance("com.sun.star.style.CellStyle")
book.StyleFamilies.getByName("CellStyles").insertByName("Gelb", style)
style.CellBackColor = 0xFFFF00
lights = at("Y2:Y11").ConditionalFormat
lights.addNew((how("Operator", uno.Enum("com.sun.star.sheet.ConditionOperator", "EQUAL")), how("Formula1", '"Notiz 7"'), how("StyleName", "Gelb")))
at("Y2:Y11").ConditionalFormat = lights

entries.setPrintAreas((at("A1:Z11").RangeAddress,))
"""
FORMULAS_THERE = (
    "=COUNTA($'Alle Einträge'.C2:C11)",
    "=$'Alle Einträge'.D7",
    "=INDEX($'Alle Einträge'.A:D;MATCH(\"Praxis 3\";$'Alle Einträge'.C:C;0);4)",
    "=Zeile_Sieben",
    "=SUM($'Alle Einträge'.Z2:Z11)",
    "=COUNTIF($'Alle Einträge'.B2:B11;\"Praxis\")",
)
LOOK = """
own, entries = book.Sheets.getByName("Auswertung"), book.Sheets.getByName("Alle Einträge")
book.calculateAll()
pilot = own.DataPilotTables.getByIndex(0)
pilot.refresh()
area, source = pilot.OutputRange, pilot.SourceRange
found = {
    "results": [own.getCellRangeByName("A%d" % number).String for number in range(1, 7)],
    "hidden": [book.Sheets.getByName("Verborgen").IsVisible, book.Sheets.getByName("Verborgen").getCellRangeByName("A1").String],
    # the words of the note's box: from LibreOffice 25.2 on, the note itself says "" until it is shown
    "notes": [(note.Position.Row + 1, note.AnnotationShape.String) for note in map(entries.Annotations.getByIndex, range(entries.Annotations.Count))],
    "pivot": [source.EndRow + 1, [own.getCellByPosition(area.StartColumn + 1, row).String for row in range(area.StartRow, area.EndRow + 1)]],
    "chart": [(one.StartRow + 1, one.EndRow + 1) for one in own.Charts.getByIndex(0).Ranges],
    "print": [(one.StartRow + 1, one.EndRow + 1) for one in entries.PrintAreas],
    "total": [entries.getCellRangeByName("C15").String, entries.getCellRangeByName("D15").String],
    "valid": [entries.getCellRangeByName("Y13").Validation.Type.value, entries.getCellRangeByName("Y13").ConditionalFormat.Count],
    "beside": [(entries.getCellByPosition(2, row).String, entries.getCellByPosition(24, row).String) for row in range(1, 13)],
}
"""


def test_what_libreoffice_made_works_on_after_a_round(harvested: Office, tmp_path: Path) -> None:
    office = harvested.copy(tmp_path / "office")
    register = office.workspace.register
    by_macro(register, WORK, tmp_path / "work", save=register, formulas=list(FORMULAS_THERE))
    office.drop("b.pdf", filled("Träger B", MORE, 5), 5)

    result = run(office)
    found = by_macro(register, LOOK, tmp_path / "look")

    assert (set(result.hand.values()), result.faults) == ({0}, ())
    entries = {name: one["values"]["kontakt"] for name, one in office.entries().items()}
    lengths = sum(len(text) for text in dict((*HOMES, *SURGERIES)).values())
    assert found["results"] == ["12", "Dr. 1", "Dr. 3", "Praxis 1", str(lengths), "5"]
    assert found["hidden"] == [False, "Dr. 1"]
    assert found["notes"] == [[9, "Bitte anrufen"]]
    assert found["pivot"] == [13, [found["pivot"][1][0], "5", "7", "12"]]
    assert found["chart"] == [[2, 13]]
    assert found["print"] == [[1, 13]]
    assert found["total"] == ["Summe", "12"]
    assert found["valid"] == ["LIST", 1]
    beside = dict(found["beside"])
    assert set(beside) == set(entries)
    assert {beside["Haus Neu"], beside["Haus Neuer"]} == {""}
    assert (beside["Haus 1"], beside["Praxis 1"], beside["Praxis 5"]) == ("Notiz 2", "Notiz 7", "Notiz 11")
