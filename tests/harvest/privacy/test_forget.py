"""`harvest forget`: afterwards nothing of it remains, and everything else does."""

from __future__ import annotations

import json
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from openpyxl.comments import Comment

from harvest.commands.decide import Wanted, decide
from harvest.commands.run import Request, harvest_returns
from harvest.edits import WrittenState
from harvest.history.runs import runs_of
from harvest.history.undo import redo, undo
from harvest.history.why import why
from harvest.privacy.forget import forget, planned
from harvest.privacy.removal import Removal, Without
from harvest.privacy.search import search_pool
from harvest.results import Fate
from harvest.workspace.originals import hash_of
from spec.errors import NothingDoneError, WrongInputError
from tests.harvest.offices import ENTRIES, SECTION, Office, filled, sheet_rows
from tests.harvest.privacy.remains import everything


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A partner of whom nothing may remain, another who mentions a person of theirs."""
    made = Office.at(tmp_path / "office")
    made.drop(
        "Wegfall.pdf",
        filled("Wegfall e. V.", {"wohnheim": [("Haus Wegfall", "Ida Wegmann"), ("Haus am Markt", "Herr M")]}),
    )
    made.drop(
        "B.pdf",
        filled("Träger B", {"wohnheim": [("Haus am Bach", "über Ida\nWegmann, 0241 5")], "praxis": [("Dr. Ida Wegmann", "x")]}, 2),
        2,
    )  # fmt: skip
    harvest_returns(Request(made.workspace))
    return made


def test_a_partner_is_forgotten_with_all_returns(office: Office) -> None:
    undo(office.workspace)
    redo(office.workspace)

    result, _ = forget(office.workspace, "wegfall  e. v.")

    assert list(result.plan.removed.values()) == ["Wegfall.pdf"]
    assert set(office.entries()) == {"Haus am Bach", "Dr. Ida Wegmann"}
    said = everything(office)
    assert not [word for word in ("Wegfall", "Herr M", "Haus am Markt") if word in said]
    assert len(list(office.workspace.originals.iterdir())) == 1
    assert not (office.workspace.returns / "Wegfall.pdf").exists()
    assert runs_of(office.workspace)[0][-1].kind == "forget"
    assert result.exit_code == 0


def test_what_was_forgotten_does_not_come_back(office: Office) -> None:
    data = (office.workspace.returns / "Wegfall.pdf").read_bytes()
    forget(office.workspace, "Wegfall e. V.")
    office.drop("noch einmal.pdf", data)

    result, _ = harvest_returns(Request(office.workspace))

    assert Fate.FORGOTTEN in [one.fate for one in result.outcomes]
    assert not result.changed


def test_a_person_is_forgotten_and_the_rest_of_the_line_stays(office: Office) -> None:
    book = office.book()
    sheet = book["Alle Einträge"]
    headings, ids = sheet_rows(sheet)
    bach, praxis = (office.entries()[name]["id"] for name in ("Haus am Bach", "Dr. Ida Wegmann"))
    sheet.cell(ids[praxis], headings["Kontakt"]).value = "von Hand"
    sheet.cell(ids[bach], headings["Kontakt"]).comment = Comment("Ida Wegmann ist nett", "Büro")
    sheet.cell(1, sheet.max_column + 1).value = "Notiz"
    sheet.cell(ids[bach], sheet.max_column).value = "Ida Wegmann anrufen"
    book.save(office.workspace.register)

    plan, _ = planned(office.workspace, "ida wegmann")
    result, _ = forget(office.workspace, "ida wegmann")

    assert set(plan.plan.redacted.values()) == {"Wegfall.pdf", "B.pdf"}
    entries = office.entries()
    assert entries["Haus am Bach"]["values"]["kontakt"] == "über [entfernt], 0241 5"
    # the correction goes on to be about the entry whose name, and so whose id, has changed
    assert entries["Dr. [entfernt]"]["values"]["kontakt"] == "von Hand"
    assert entries["Haus am Markt"]["values"]["kontakt"] == "Herr M"
    assert "Wegmann" not in everything(office)
    assert list(office.workspace.originals.iterdir()) == []
    assert result.left == ()
    assert why(office.workspace, entries["Haus am Bach"]["id"])[0].told[1].text == "über [entfernt], 0241 5"
    assert not harvest_returns(Request(office.workspace))[0].changed


def test_a_dry_run_changes_nothing_and_tells_where_else_to_look(office: Office) -> None:
    (office.workspace.root / "mail").mkdir()
    (office.workspace.root / "mail" / "a.eml").write_text("An: Ida Wegmann", encoding="utf-8")
    before = everything(office)

    result, _ = planned(office.workspace, "Ida Wegmann")

    assert result.plan.cells == 3
    assert [path.name for path in result.left] == ["a.eml"]
    assert everything(office) == before


def test_who_is_not_there_and_who_is_everywhere(office: Office) -> None:
    before = everything(office)
    assert forget(office.workspace, "Niemand Bekanntes")[0].plan.empty
    with pytest.raises(WrongInputError, match="short"):
        forget(office.workspace, "e")
    # part of a word is somebody else
    assert forget(office.workspace, "Weg")[0].plan.empty
    assert everything(office) == before


@pytest.mark.parametrize(
    "text",
    [
        "Wohnheim",
        "wohnheim",
        "Einrichtung",
        "Bitte prüfen",
        "Fehlanzeige",
        "Status",
        "der",
        "GmbH",
        "Frau Dr.",
    ],
)
def test_a_word_of_the_form_is_nobodys(office: Office, text: str) -> None:
    before = everything(office)
    with pytest.raises(WrongInputError) as told:
        forget(office.workspace, text)
    assert told.value.exit_code == 2
    assert everything(office) == before


def test_a_name_that_holds_a_word_of_the_form_is_somebodys(office: Office) -> None:
    office.drop("C.pdf", filled("Wohnheim Nord", {"wohnheim": [("Haus Nord", "x")]}, 3), 3)
    harvest_returns(Request(office.workspace))

    assert planned(office.workspace, "Wohnheim Nord")[0].plan.removed


def test_a_name_that_is_a_key_of_the_register_for_programs_breaks_nothing(office: Office) -> None:
    office.drop("C.pdf", filled("Träger C", {"wohnheim": [("Haus C", "Larry Page, widget@c.example")]}, 3), 3)
    harvest_returns(Request(office.workspace))
    before = office.entries()

    forget(office.workspace, "Page")

    after = json.loads(office.workspace.register_json.read_text(encoding="utf-8"))
    assert len(after) == len(before)
    assert all(source["page"] for one in after for source in one["sources"])
    assert "Larry" in str(after)
    assert "Larry Page" not in str(after)


# ---------------------------------------------------------------- what others reported, too


def together(tmp_path: Path, second: str = "Haus Gemeinsam", contact: str = "1") -> Office:
    """Two partners report one home; the one that is going to be forgotten was first, so the id is from its words."""
    made = Office.at(tmp_path / "office")
    made.drop("A.pdf", filled("Wegfall e. V.", {"wohnheim": [("Haus Gemeinsam", "1")]}))
    made.drop("B.pdf", filled("Träger B", {"wohnheim": [(second, contact)]}, 2), 2)
    harvest_returns(Request(made.workspace))
    return made


def test_a_correction_stays_where_another_partner_reported_the_same(tmp_path: Path) -> None:
    office = together(tmp_path)
    office.write("Haus Gemeinsam", "Kontakt", "von Hand")
    harvest_returns(Request(office.workspace))

    forget(office.workspace, "Wegfall e. V.")

    entry = office.entries()["Haus Gemeinsam"]
    assert (entry["values"]["kontakt"], entry["reporters"]) == ("von Hand", ["Träger B"])
    assert not harvest_returns(Request(office.workspace))[0].changed


def test_a_correction_stays_where_somebody_decided_that_two_are_one(tmp_path: Path) -> None:
    office = together(tmp_path, "Heim an der Brücke", "0241 9")
    one, two = (office.entries()[name]["id"] for name in ("Haus Gemeinsam", "Heim an der Brücke"))
    decide(office.workspace, Wanted(one, same_as=(two,)))
    [name] = office.entries()
    office.write(name, "Kontakt", "von Hand")

    forget(office.workspace, "Wegfall e. V.")

    entry = office.entries()["Heim an der Brücke"]
    assert entry["values"]["kontakt"] == "von Hand"
    assert "Gemeinsam" not in everything(office)


def test_what_somebody_deleted_does_not_come_back_under_another_id(tmp_path: Path) -> None:
    office = together(tmp_path)
    office.delete("Haus Gemeinsam", ENTRIES, SECTION)
    harvest_returns(Request(office.workspace))
    assert office.entries() == {}

    forget(office.workspace, "Wegfall e. V.")

    assert office.entries() == {}
    harvest_returns(Request(office.workspace))
    assert office.entries() == {}


# ---------------------------------------------------------------- wherever it hides


NAME = "Ida Müller"
SPELLINGS = ["Müller", "MUELLER", unicodedata.normalize("NFD", "Müller"), "m%C3%BCller", "Ida_Müller"]


def hidden(tmp_path: Path) -> Office:
    """A person in other words, other spellings, names of files, a mail's subject, and in what people wrote themselves."""
    office = Office.at(tmp_path / "office")
    decomposed = unicodedata.normalize("NFD", "siehe Frau Ida Müller, nachmittags")
    rows = {
        "wohnheim": [("Haus am Bach", decomposed), ("Haus am Markt", "IDA MUELLER")],
        "praxis": [("x", "Müller, Ida")],
    }
    office.drop("Bogen.pdf", filled("Träger B", rows, 2), 2)
    office.drop("Antwort Ida_Müller.pdf", filled("Träger C", {"wohnheim": [("Haus C", "c")]}, 3), 3)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Träger D <d@d.example>", "von Ida Müller"
    mail["Date"] = "Sun, 04 Jan 2026 10:00:00 +0000"
    mail.set_content("Anbei.")
    data = filled("Träger D", {"wohnheim": [("Haus D", "d")]}, 4)
    mail.add_attachment(data, maintype="application", subtype="pdf", filename="D.pdf")
    office.drop("D.eml", mail.as_bytes(), 4)
    harvest_returns(Request(office.workspace))
    book = office.book()
    sheet = book["Alle Einträge"]
    headings, ids = sheet_rows(sheet)
    row = ids[office.entries()["Haus C"]["id"]]
    sheet.cell(row, headings["Kontakt"]).comment = Comment("Frau Ida Müller fragen", "Ida Müller")
    note = sheet.cell(row, sheet.max_column + 1)
    note.value, note.hyperlink = "Mail", "mailto:ida.m%C3%BCller@traeger.example"
    own = book.create_sheet("Notizen")
    own["A1"], own["A2"], own["A3"] = "ida müller anrufen", "=LEN(A1)", "bleibt"
    book.save(office.workspace.register)
    harvest_returns(Request(office.workspace))
    return office


def test_a_name_goes_in_every_spelling_wherever_it_stands(tmp_path: Path) -> None:
    office = hidden(tmp_path)
    names = "\n".join(path.name for path in office.workspace.root.rglob("*"))
    before = everything(office) + names
    assert [word for word in SPELLINGS if word in before] == SPELLINGS

    result, _ = forget(office.workspace, NAME)

    # the saved mail is told to a person: it holds more than the return
    assert result.left == (office.workspace.returns / "D.eml",)
    (office.workspace.returns / "D.eml").unlink()
    said = everything(office)
    assert [word for word in SPELLINGS if word in said] == []
    assert [path.name for path in office.workspace.root.rglob("*") if "ller" in path.name] == []
    entries = office.entries()
    assert entries["Haus am Bach"]["values"]["kontakt"] == "siehe Frau [entfernt], nachmittags"
    assert set(entries) == {"Haus am Bach", "Haus am Markt", "x", "Haus C", "Haus D"}
    own = office.book()["Notizen"]
    assert [own[cell].value for cell in ("A1", "A2", "A3")] == ["[entfernt] anrufen", "=LEN(A1)", "bleibt"]
    # what only came under the name, and says nothing of it, keeps its original
    assert len(list(office.workspace.originals.iterdir())) == 2
    assert not harvest_returns(Request(office.workspace))[0].changed


def test_a_number_goes_however_it_was_typed(tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    rows = [("Haus A", "0241 / 55-66 77"), ("Haus B", "+49 (0)241 556677"), ("Haus C", "0241 5566778")]
    office.drop("A.pdf", filled("Träger A", {"wohnheim": rows}))
    harvest_returns(Request(office.workspace))

    forget(office.workspace, "0049 241 556677")

    contacts = {name: entry["values"]["kontakt"] for name, entry in office.entries().items()}
    assert contacts == {"Haus A": "[entfernt]", "Haus B": "[entfernt]", "Haus C": "0241 5566778"}


def test_a_name_that_stands_only_in_somebodys_comment_is_told(tmp_path: Path) -> None:
    office = together(tmp_path)
    book = office.book()
    book["Alle Einträge"]["A2"].comment = Comment("Ida Müller", "Büro")
    book.save(office.workspace.register)

    assert forget(office.workspace, NAME)[0].left == (office.workspace.register,)


def test_what_a_formula_or_a_sheets_name_says_is_told_and_the_workbook_stays_whole(tmp_path: Path) -> None:
    office = together(tmp_path)
    book = office.book()
    book.create_sheet("Ida Müller")["A1"] = 5
    book.create_sheet("Summe")["A1"] = "='Ida Müller'!A1+1"
    book.save(office.workspace.register)

    result, _ = forget(office.workspace, NAME)

    assert office.workspace.register in result.left
    assert office.book()["Summe"]["A1"].value == "='Ida Müller'!A1+1"
    assert "Ida Müller" in office.book().sheetnames


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_part_of_the_workbook_may_have_any_encoding(tmp_path: Path, encoding: str) -> None:
    """Excel's queries keep a part of their own as UTF-16."""
    office = together(tmp_path, "Haus am Bach", NAME)
    part, declared = "customXml/item1.xml", encoding.removesuffix("-sig")
    xml = f'<?xml version="1.0" encoding="{declared}"?><a>{{}}</a>'
    with zipfile.ZipFile(office.workspace.register, "a") as package:
        package.writestr(part, xml.format("für Ida Müller").encode(encoding))

    result, _ = forget(office.workspace, NAME)

    assert result.left == ()
    with zipfile.ZipFile(office.workspace.register) as package:
        assert package.read(part).decode(encoding) == xml.format("für [entfernt]")
    assert len(office.book().worksheets) > 1


def test_no_byte_of_the_ledgers_file_holds_what_was_forgotten(office: Office) -> None:
    """Free pages, too, and what the file holds packed."""
    forget(office.workspace, "Ida Wegmann")

    data = office.workspace.ledger.read_bytes()
    packed = b"".join(unpacked(data))
    assert b"entfernt" in data + packed
    assert b"Wegmann" not in data + packed
    assert [path.name for path in office.workspace.root.glob("ledger*")] == ["ledger.sqlite"]


def test_an_original_that_a_program_holds_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows deletes no file that is open; the refusal is imitated."""
    held = sorted(office.workspace.originals.iterdir())
    delete = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path in held:
            raise PermissionError(13, "in use", str(path))
        delete(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    result, _ = forget(office.workspace, "Ida Wegmann")

    assert result.held == tuple(held)
    assert result.exit_code == 1


def test_a_file_that_a_program_holds_is_told_before_anything_is_changed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows moves no file that is open; the refusal is imitated."""
    before, held = everything(office), office.workspace.returns / "B.pdf"
    replace = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if path == held:
            raise PermissionError(13, "in use", str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(NothingDoneError, match=r"B\.pdf"):
        forget(office.workspace, "Ida Wegmann")

    assert everything(office) == before
    assert held.exists()
    monkeypatch.undo()
    assert forget(office.workspace, "Ida Wegmann")[0].plan.redacted


def test_a_file_that_cannot_be_opened_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    held = office.drop("notiz.txt", b"Ida Wegmann")
    read = hash_of

    def refuse(path: Path) -> str:
        if path == held:
            raise PermissionError(13, "in use", str(path))
        return read(path)

    monkeypatch.setattr(search_pool, "hash_of", refuse)
    result, _ = forget(office.workspace, "Ida Wegmann")

    assert result.held == (held,)
    assert result.exit_code == 1


@pytest.mark.parametrize("only_in", ["register (2).xlsx", "ledger 2026-01-05.sqlite", "backups/x.xlsx"])
def test_a_copy_that_alone_still_holds_a_name_goes(office: Office, only_in: str) -> None:
    copy = office.workspace.root / only_in
    source = office.workspace.ledger if copy.suffix == ".sqlite" else office.workspace.register
    data = source.read_bytes()
    forget(office.workspace, "Ida Wegmann")
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(data)

    forget(office.workspace, "Ida Wegmann")

    assert not copy.exists()


def test_every_part_of_a_snapshot_is_looked_through() -> None:
    """What a later version keeps besides must not outlive a removal because nobody thought of it."""
    removal = Removal((), {}, frozenset({"weg"}), redact=lambda text: text.replace("Ida", "-"))
    texts = {"weg": {"k": "Ida"}, "da": {"k": "Ida"}}
    moments = {identity: datetime(2026, 1, 1, tzinfo=UTC) for identity in texts}
    written = WrittenState(
        1, texts, dict.fromkeys(texts, "wohnheim"), {"weg": ("da",), "da": ("weg",)}, {"auch": "weg"}, ("weg", "da"), ahead=moments,
        answered=dict.fromkeys(texts, frozenset({("Ida", "")})), otherwise=texts, unread={"zelle": ("a" * 64, "weg", "k")},
    )  # fmt: skip
    full = written.as_json()
    assert all(full.values())

    left = json.dumps(Without(removal)(full))

    assert "weg" not in left
    assert "Ida" not in left


def unpacked(data: bytes) -> Iterator[bytes]:
    """Whatever can be unpacked from any place in a file on."""
    start = data.find(b"\x78")
    while start >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data[start : start + 1_000_000], 1_000_000)
        start = data.find(b"\x78", start + 1)
