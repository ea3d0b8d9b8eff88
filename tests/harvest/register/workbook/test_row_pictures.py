"""What a cell looked like on the scan stands beside the row that asks about it, and nowhere else."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image
from rapidfuzz import fuzz

from harvest.commands.run import Request, harvest_returns
from harvest.history.rebuild import rebuild
from harvest.history.undo import redo, undo
from harvest.history.why import why
from harvest.ledger import Ledger
from harvest.model import PICTURE_MARK
from harvest.privacy.forget import forget
from harvest.results import RunResult
from harvest.version import VERSION
from spec.workspace import Workspace
from tests.harvest.register.packages import assert_sound, parts, picture, rewritten
from tests.specimens.form import EDITION, RETURNS, edition

SHEET = "Bitte prüfen"
NEWS = (
    "printed-poppler-gs"  # another return, printed: its cells are in doubt, and there is no picture of them
)
CELLS = 10  # two rows of five columns are filled on the scan


@dataclass(frozen=True)
class Desk:
    """A workspace that knows the specimens' form."""

    workspace: Workspace

    @classmethod
    def at(cls, root: Path) -> Desk:
        workspace = Workspace(root)
        home = workspace.forms / edition().edition
        home.mkdir(parents=True)
        shutil.copyfile(EDITION, home / "edition.json")
        workspace.returns.mkdir()
        return cls(workspace)

    def drop(self, *specimens: str) -> None:
        for name in specimens:
            shutil.copyfile(RETURNS / f"{name}.pdf", self.workspace.returns / f"{name}.pdf")

    def run(self) -> RunResult:
        return harvest_returns(Request(self.workspace))[0]

    def shown(self) -> dict[tuple[str, str], list[tuple[str, Image.Image]]]:
        """Entry and column of each row -> its recognised text, with each picture that stands in the row."""
        book = openpyxl.load_workbook(self.workspace.register)
        sheet: Any = book[SHEET]
        headings = {cell.value: cell.column - 1 for cell in sheet[1]}
        found: dict[tuple[str, str], list[tuple[str, Image.Image]]] = {}
        for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), start=2):
            key = (str(row[headings["Kennung"]]), str(row[headings["Spalte"]]))
            text = str(row[headings["Wert"]])
            assert key not in found
            found[key] = [
                (text, Image.open(io.BytesIO(image._data())))
                for image in sheet._images
                if image.anchor._from.row == number - 1 and image.anchor._from.col == headings["Bild"]
            ]
        assert sum(map(len, found.values())) <= len(sheet._images)
        return found

    def right(self) -> None:
        """Every row has one picture, and it shows what was recognised."""
        shown = {key: found for key, found in self.shown().items() if found}
        assert [len(found) for found in shown.values()] == [1] * CELLS
        texts = [" ".join(text.split()) for ((text, _),) in shown.values()]
        for ((_, image),), text in zip(shown.values(), texts, strict=True):
            read = " ".join(recognised(image).split())
            assert max(texts, key=lambda one: fuzz.ratio(read, one)) == text, (read, text)
            assert fuzz.ratio(read, text) > 75, (read, text)

    def book(self, change: Callable[[Any], None]) -> None:
        book = openpyxl.load_workbook(self.workspace.register)
        change(book)
        book.save(self.workspace.register)

    @property
    def media(self) -> dict[str, bytes]:
        """The pictures of ours in the register."""
        return {
            name: data
            for name, data in parts(self.workspace.register).items()
            if name.startswith("xl/media/") and PICTURE_MARK in data
        }


def require(program: str) -> str:
    found = shutil.which(program)
    assert found, f"{program} is needed here: python3 .ci/start.py installs it"
    return found


def recognised(image: Image.Image) -> str:
    """By another way than the product's: the picture as a file, read by the program on the command line."""
    buffer = io.BytesIO()
    larger = image.convert("L").resize(
        (image.width * 3 // 2, image.height * 3 // 2), Image.Resampling.LANCZOS
    )
    # the field's border, which a little around it brings along, would be taken for letters
    larger.crop((14, 14, larger.width - 14, larger.height - 14)).save(buffer, "PNG")
    command = [require("tesseract"), "stdin", "stdout", "-l", "deu", "--psm", "6"]
    done = subprocess.run(command, input=buffer.getvalue(), capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk.at(tmp_path_factory.mktemp("scan") / "office")
    desk.drop("scan-200")
    assert desk.run().changed
    return desk


@pytest.fixture
def desk(harvested: Desk, tmp_path: Path) -> Desk:
    """A workspace into which a scan came."""
    shutil.copytree(harvested.workspace.root, tmp_path / "office")
    return Desk(Workspace(tmp_path / "office"))


# ---------------------------------------------------------------- the first register


def test_each_cell_of_a_scan_has_its_picture_beside_it(desk: Desk) -> None:
    desk.right()
    assert_sound(desk.workspace.register)


def test_pictures_say_what_they_are_of(desk: Desk) -> None:
    drawing = parts(desk.workspace.register)["xl/drawings/drawing1.xml"].decode()
    told = re.findall(r'descr="([^"]*)"', drawing)
    assert len(set(told)) == CELLS
    assert "Bild aus dem Scan: Datum und Handzeichen (scan-200.pdf, Seite 1, Zeile 2)" in told


def test_a_row_is_as_high_as_its_picture(desk: Desk) -> None:
    sheet: Any = openpyxl.load_workbook(desk.workspace.register)[SHEET]
    for image in sheet._images:
        assert image.anchor.ext.height / 12_700 < sheet.row_dimensions[image.anchor._from.row + 1].height


def test_cells_that_were_typed_have_none(desk: Desk) -> None:
    desk.drop(NEWS)
    desk.run()
    shown = desk.shown()
    assert len(shown) > CELLS
    assert [len(found) for found in shown.values()].count(0) == len(shown) - CELLS


def test_no_other_file_for_programs_holds_a_picture(desk: Desk) -> None:
    for path in (desk.workspace.register_json, desk.workspace.answers):
        assert "png" not in path.read_text(encoding="utf-8")


# ---------------------------------------------------------------- the register that people work in


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    before = desk.workspace.register.read_bytes()
    assert not desk.run().changed
    assert desk.workspace.register.read_bytes() == before


def test_a_run_with_news_leaves_the_pictures_as_they_are(desk: Desk) -> None:
    before = parts(desk.workspace.register)
    desk.drop(NEWS)
    desk.run()
    after = parts(desk.workspace.register)
    assert {name: data for name, data in after.items() if name.startswith("xl/media/")} == {
        name: data for name, data in before.items() if name.startswith("xl/media/")
    }
    assert after["xl/drawings/_rels/drawing1.xml.rels"] == before["xl/drawings/_rels/drawing1.xml.rels"]


def sorted_upside_down(book: Any) -> None:
    """The rows in another order, the pictures where they stood: what LibreOffice does when somebody sorts."""
    sheet = book[SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, values in enumerate(reversed(rows), start=2):
        for place, value in enumerate(values, start=1):
            sheet.cell(number, place).value = value


def test_after_sorting_the_pictures_follow_their_rows(desk: Desk) -> None:
    desk.book(sorted_upside_down)
    first = openpyxl.load_workbook(desk.workspace.register)[SHEET]["A2"].value
    desk.drop(NEWS)
    desk.run()
    assert openpyxl.load_workbook(desk.workspace.register)[SHEET]["A2"].value == first
    desk.right()
    assert_sound(desk.workspace.register)


def test_peoples_own_pictures_stay_byte_for_byte(desk: Desk) -> None:
    own = picture().getvalue()

    def put(book: Any) -> None:
        for title in (SHEET, "Alle Einträge"):
            book[title].add_image(SheetImage(io.BytesIO(own)), "P1")

    desk.book(put)
    names = {name: data for name, data in parts(desk.workspace.register).items() if b'name="harvest-' in data}
    assert len(names) == 1
    # other programs give what they find names of their own
    nameless = {name: data.replace(b'name="harvest-', b'name="Bild-') for name, data in names.items()}
    rewritten(desk.workspace.register, nameless)
    desk.drop(NEWS)
    desk.run()
    desk.run()
    book: Any = openpyxl.load_workbook(desk.workspace.register)
    for title, ours in ((SHEET, CELLS), ("Alle Einträge", 0)):
        theirs = [image for image in book[title]._images if image._data() == own]
        assert [(one.anchor._from.col, one.anchor._from.row) for one in theirs] == [(15, 0)]
        assert len(book[title]._images) == ours + 1
    assert_sound(desk.workspace.register)


def test_a_size_that_people_gave_a_picture_stays(desk: Desk) -> None:
    name = "xl/drawings/drawing1.xml"
    larger = re.sub(
        r'<xdr:ext cx="\d+" cy="\d+"/>',
        '<xdr:ext cx="99000" cy="98000"/>',
        parts(desk.workspace.register)[name].decode(),
    )
    rewritten(desk.workspace.register, {name: larger.encode()})
    desk.drop(NEWS)
    desk.run()
    assert parts(desk.workspace.register)[name].count(b'cx="99000" cy="98000"') == CELLS


def test_a_sheet_that_had_no_picture_so_far_gets_them(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path / "office")
    desk.drop(NEWS)
    desk.run()
    assert not desk.media
    own = picture().getvalue()
    desk.book(lambda book: book[SHEET].add_image(SheetImage(io.BytesIO(own)), "P1"))
    desk.drop("scan-200")
    desk.run()
    shown = [found for found in desk.shown().values() if found]
    assert len(shown) == len(desk.media) > 0
    assert_sound(desk.workspace.register)


def test_who_deletes_the_column_wants_no_pictures(desk: Desk) -> None:
    def without(book: Any) -> None:
        sheet = book[SHEET]
        place = next(cell.column for cell in sheet[1] if cell.value == "Bild")
        sheet.delete_cols(place)

    desk.book(without)
    desk.drop(NEWS)
    desk.run()
    assert not desk.media
    assert_sound(desk.workspace.register)


def test_a_cell_that_was_checked_takes_its_picture_along(desk: Desk) -> None:
    def checked(book: Any) -> None:
        sheet = book[SHEET]
        place = next(cell.column for cell in sheet[1] if cell.value == "Geprüft")
        for number in range(2, 5):
            sheet.cell(number, place).value = "stimmt"

    desk.book(checked)
    desk.run()
    assert len(desk.shown()) == CELLS - 3
    assert len(desk.media) == CELLS - 3
    assert all(len(found) == 1 for found in desk.shown().values())
    undo(desk.workspace)
    redo(desk.workspace)
    assert_sound(desk.workspace.register)


def test_libreoffice_opens_it_and_brings_everything_back(desk: Desk, tmp_path: Path) -> None:
    home = (tmp_path / "profile").as_uri()
    command = [require("soffice"), f"-env:UserInstallation={home}", "--headless", "--convert-to"]
    what = ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path), str(desk.workspace.register)]
    subprocess.run([*command, *what], check=True, capture_output=True, timeout=180)
    shutil.copyfile(tmp_path / "register.xlsx", desk.workspace.register)
    desk.right()
    desk.book(sorted_upside_down)
    desk.run()
    desk.drop(NEWS)
    desk.run()
    desk.right()


# ---------------------------------------------------------------- what else holds them


def stored(desk: Desk) -> tuple[int, int]:
    """How many pictures the ledger holds, and in how many places."""
    with closing(sqlite3.connect(desk.workspace.ledger)) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("pictures", "picture_places")
        ]
    return counts[0], counts[1]


def test_the_report_shows_them_and_fetches_nothing(desk: Desk) -> None:
    page = desk.workspace.report.read_text(encoding="utf-8")
    images = re.findall(r"<img\b[^>]*>", page)
    assert len(images) == CELLS
    assert all('src="data:image/' in image and 'alt="Bild aus dem Scan: ' in image for image in images)


def test_what_is_undone_shows_no_picture_and_redone_shows_it_again(desk: Desk) -> None:
    undo(desk.workspace)
    assert not desk.media
    assert_sound(desk.workspace.register)
    redo(desk.workspace)
    desk.right()


def test_what_is_forgotten_leaves_no_picture(desk: Desk) -> None:
    hidden = [hashlib.sha256(data).hexdigest() for data in desk.media.values()]
    assert len(hidden) == CELLS
    reporter: Any = openpyxl.load_workbook(desk.workspace.register)["Alle Einträge"]
    headings = {cell.value: cell.column for cell in reporter[1]}
    forget(desk.workspace, str(reporter.cell(2, headings["Gemeldet von"]).value))
    assert stored(desk) == (0, 0)
    assert not desk.media
    held = b"".join(path.read_bytes() for path in desk.workspace.root.rglob("*") if path.is_file())
    assert PICTURE_MARK not in held
    assert not [one for one in hidden if one.encode() in held]


def test_a_person_that_is_only_mentioned_leaves_no_picture_of_the_return(desk: Desk) -> None:
    """A name can be taken out of a text, but not out of a picture."""
    forget(desk.workspace, "Frau Özdemir")
    assert stored(desk) == (0, 0)
    assert not desk.media
    assert "<img" not in desk.workspace.report.read_text(encoding="utf-8")


def test_another_return_with_the_same_picture_keeps_it(desk: Desk) -> None:
    with Ledger(desk.workspace.ledger, VERSION) as ledger:
        (first,) = ledger.known()
        with closing(sqlite3.connect(desk.workspace.ledger)) as connection:
            connection.execute(
                "INSERT INTO documents SELECT replace(sha256, substr(sha256, 1, 4), 'ffff'), run, size FROM documents"
            )
            connection.execute(
                "INSERT INTO readings SELECT 99, run, replace(sha256, substr(sha256, 1, 4), 'ffff'), fate, pages,"
                " mod_date, producer, reader FROM readings"
            )
            connection.execute(
                "INSERT INTO picture_places SELECT 99, place, name, page, sha256 FROM picture_places WHERE place < 3"
            )
            connection.commit()
        with (
            ledger.run("forget", datetime(2026, 5, 4, tzinfo=UTC)) as run,
            ledger.forgetting(run) as forgetting,
        ):
            forgetting.pictures([first])
    assert stored(desk) == (3, 3)


def test_a_rebuilt_ledger_has_them_again(desk: Desk) -> None:
    before = stored(desk)
    desk.workspace.ledger.unlink()
    rebuild(desk.workspace)
    assert stored(desk) == before == (CELLS, CELLS)
    desk.right()


def test_an_older_ledger_is_brought_up_to_date(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.workspace.ledger)) as connection:
        connection.execute("DROP TABLE picture_places")
        connection.execute("DROP TABLE pictures")
        connection.execute("INSERT INTO forgetting VALUES ('test')")
        connection.execute("DROP TABLE IF EXISTS withheld")
        connection.execute("DROP TABLE rereads")
        connection.execute("ALTER TABLE decisions DROP COLUMN guarded")
        connection.execute("ALTER TABLE readings DROP COLUMN reader")
        connection.execute("ALTER TABLE sightings DROP COLUMN carrier")
        connection.execute("ALTER TABLE refusals DROP COLUMN carrier")
        connection.execute("DELETE FROM migrations WHERE number >= 3")
        connection.execute("DELETE FROM forgetting")
        connection.execute("PRAGMA user_version = 2")
        connection.commit()
    desk.drop("fax-200")
    desk.run()
    # the return that lay there was read by an older reader, and is read again
    assert stored(desk) == (2 * CELLS, 2 * CELLS)


def test_why_says_of_which_cells_there_is_a_picture(desk: Desk) -> None:
    desk.drop(NEWS)
    desk.run()
    (scanned, *_), (printed, *_) = (
        [key for (key, _), found in desk.shown().items() if bool(found) is wanted] for wanted in (True, False)
    )
    for entry, wanted in ((scanned, True), (printed, False)):
        told = why(desk.workspace, entry)[0].told
        assert {one.pictured for column in told for one in column.said if one.method == "ocr"} <= {True}
        assert any(one.pictured for column in told for one in column.said) is wanted


def test_all_pictures_of_a_register_together_are_bounded(desk: Desk) -> None:
    with Ledger(desk.workspace.ledger, VERSION) as ledger:
        cells = sorted(ledger.pictured(ledger.known()))
        everything = ledger.pictures(cells, 1_000_000)
        sizes = [len(everything[cell].data) for cell in cells]
        few = ledger.pictures(cells, sum(sizes[:3]) + 1)
    assert list(everything) == cells
    assert list(few) == cells[:3]
