"""A person who stands in every place where a name can stand is forgotten; a byte search finds nothing but what was named."""

from __future__ import annotations

import io
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from harvest.commands.decide import Wanted, decide
from harvest.commands.export import export_register
from harvest.history.rebuild import rebuild
from harvest.history.undo import redo, undo
from harvest.ledger import Ledger
from harvest.privacy.forget import forget
from harvest.version import VERSION
from spec.console import failures
from spec.workspace import Workspace
from tests.contract.bytes_searched import Bytes
from tests.contract.partners import Partners, bounce, filled, moment
from tests.formgen.mail.conftest import SPEC, Desk
from tests.harvest.sources.ole import attachment, compound, message

NAME = "Anna Große"
WHO = re.compile(r"\banna grosse\b|(?<!\bhanna )\bgrosse anna\b(?! grosser)")
#: Others, of whom no letter may go.
OTHERS = ("Anna Groß", "Hanna Große", "Anna Großer", "Große")
SPELLINGS = ("Anna Große", "ANNA GROSSE", "Große, Anna", "anna.grosse@haus.example", "Anna\u00a0Gro\u00adße")
A, B, C = "Träger A", "Träger B", "Träger C"


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def drawn() -> bytes:
    """A picture too small to be a page, that says in its header who took it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\xff\xff\xff" * 4)
    author = chunk(b"tEXt", b"Author\0" + NAME.encode("latin-1"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + author + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def letter(
    text: str, *attached: tuple[str, bytes], subject: str = "Bogen", cte: str = "quoted-printable"
) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "d@d.example", "buero@amt.example", subject
    made["Date"], made["Message-ID"] = "Sun, 18 Oct 2026 10:00:00 +0000", "<1@d.example>"
    made.set_content(text, cte=cte)
    for name, data in attached:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def strays(form: bytes) -> Iterator[tuple[str, bytes]]:
    """What people drop besides: mails, archives and documents of every kind, read or not."""
    other = filled(form, moment(2026, 10, 19), {"_saws_r01_machine": "Presse", "_saws_r01_state": "gut"})
    third = filled(form, moment(2026, 10, 18), {"_saws_r01_machine": "Fräse", "_saws_r01_state": "gut"})
    yield "Post.zip", zipped(**{f"von {NAME}.pdf": other, "innen.zip": zipped(**{f"{NAME}.txt": b"x"})})
    yield "brief.eml", letter(f"Fragen Sie {NAME}.", ("a.pdf", third), subject=f"von {NAME}")
    yield "ohne Endung", letter(f"Fragen Sie {NAME}.", cte="base64")
    yield (
        "alt.mbox",
        b"".join(
            b"From d@d.example Sun Oct 18 10:00:00 2026\n" + letter(text) + b"\n"
            for text in ("Hallo", f"Gruß, {NAME}")
        ),
    )
    yield "outlook.msg", compound(message(attachment("b.txt", NAME.encode()), subject=f"von {NAME}"))
    yield "bild.png", drawn()
    yield "notiz.txt", f"{NAME} anrufen".encode("utf-16")
    yield "alt.txt", f"{NAME} anrufen".encode("latin-1")
    yield "brief.rtf", b"{\\rtf1\\ansi Anna Gro\\'dfe}"
    yield "brief.docx", zipped(**{"word/document.xml": b"<w:t>Anna Gr</w:t><w:t>o\xc3\x9fe</w:t>"})
    yield "brief.doc", compound({"WordDocument": f"{NAME} ".encode("utf-16-le") * 300})
    yield "liste.xlsx", zipped(**{"xl/sharedStrings.xml": f"<si><t>{NAME}</t></si>".encode()})
    yield "kaputt.pdf", b"%PDF-1.7\n1 0 obj\n<<>>stream\n" + zlib.compress(f"({NAME}) Tj".encode("latin-1"))
    yield (
        "daten.xfdf",
        f"""<?xml version="1.0" encoding="UTF-8"?><xfdf xmlns="http://ns.adobe.com/xfdf/"><fields>
        <field name="person"><value>{NAME}</value></field></fields></xfdf>""".encode(),
    )


def failed(office: Partners) -> None:
    """The log of a failure while a file of the person's name was looked at."""
    failures.begin()
    failures.works_in(office.workspace.root)
    error = FileNotFoundError(f"/home/{NAME}/Antwort {NAME}.pdf")
    written = failures.log("harvest", error)
    assert written is not None


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Partners:
    """Two rounds. The person is a partner's contact, others mention them, and the office does so everywhere."""
    office = Partners(Desk(Workspace(tmp_path / "büro"), capsys))
    root, desk = office.workspace.root, office.desk
    desk.settings()
    listed = desk.partners(
        (A, NAME, "anna.grosse@haus.example"), (B, "Hanna Große", "b@zwei.example"), (C, "", "c@drei.example")
    )
    desk("round", "new", "2026", "--spec", SPEC)
    desk("mail", "drafts", "--recipients", listed)
    desk("mail", "sent", "--all", "--yes")
    rows = {
        A: ("A.pdf", "Bandsäge", f"fragt {NAME}, 0241 556677"),
        B: ("B.pdf", "Kreissäge", f"{', '.join(OTHERS)}; Große, Anna"),
        C: ("Antwort Anna_Große.pdf", "Drehbank", "ANNA GROSSE"),
    }
    for partner, (name, machine, state) in rows.items():
        texts = {"_saws_r01_machine": machine, "_saws_r01_state": state, "_cover_contact": NAME}
        office.drop(
            name, filled(office.form("2026", partner), moment(2026, 10, 20), texts), moment(2026, 10, 21)
        )
    for name, data in strays(office.form("2026", B)):
        office.drop(name, data, moment(2026, 10, 21))
    (root / "bounce.eml").write_bytes(bounce(office.draft("2026", A), moment(2026, 10, 2)))
    desk("round", "bounces", root / "bounce.eml", code=None)
    office.harvest(moment(2026, 10, 22))
    by_hand(office)
    office.harvest(moment(2026, 10, 23))
    undo(office.workspace)
    redo(office.workspace)
    desk("round", "new", "2027", "--spec", SPEC)
    desk("mail", "drafts", "--recipients", listed)
    with Ledger(office.workspace.ledger, VERSION) as ledger:
        ledger.remember_mails([(f"imap://{NAME}@mail.example/von {NAME}", 7, 4711)])
    failed(office)
    for kind in ("json", "csv", "xlsx", "pdf"):
        export_register(office.workspace, kind, root / f"auszug.{kind}")
    shutil.copy(office.workspace.register, root / "register (2).xlsx")
    shutil.copy(office.workspace.ledger, root / "ledger 2026-10-23.sqlite")
    office.workspace.cache.mkdir(exist_ok=True)
    (office.workspace.cache / "merkliste").write_text(NAME, encoding="utf-8")
    return office


def by_hand(office: Partners) -> None:
    """The office corrects, notes, comments and decides."""
    entries = {one["values"]["machine"]: one["id"] for one in office.twin() if not one["nil"]}
    decide(office.workspace, Wanted(entries["Drehbank"], choose=(("State", f"laut {NAME}"),)))
    book = openpyxl.load_workbook(office.workspace.register)
    sheet = book["All entries"]
    (row,) = (cell.row for column in sheet.iter_cols() for cell in column if cell.value == "Bandsäge")
    for cell in sheet[row]:
        if str(cell.value).startswith("fragt"):
            cell.value = f"nur über {NAME}, dann Anna Groß"
            cell.comment = Comment(f"{NAME} ist nett", "Büro")
    note = sheet.cell(row, sheet.max_column + 1)
    note.value, note.hyperlink = f"{NAME}: ag@haus.example", "mailto:anna.gro%C3%9Fe@haus.example"
    own = book.create_sheet("Notizen")
    own["A1"] = f"{NAME} und Anna Groß"
    book.save(office.workspace.register)


def files(root: Path) -> list[Path]:
    return [path for path in sorted(root.rglob("*")) if path.is_file()]


def others(office: Partners) -> list[int]:
    """How often others stand in what partners and the office wrote."""
    texts = [text for values in office.values() for text in values.values()]
    book = openpyxl.load_workbook(office.workspace.register)
    texts += [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    return [sum(len(re.findall(rf"\b{name}\b", text)) for text in texts) for name in OTHERS[:-1]]


def test_nothing_is_found_of_somebody_who_was_forgotten_but_where_it_was_named(office: Partners) -> None:
    workspace, search = office.workspace, Bytes(WHO, "gro")

    def holding() -> set[Path]:
        return {path for path in files(workspace.root) if search.name(path)}

    before, wrong = holding(), others(office)
    assert {path.relative_to(workspace.root).parts[0] for path in before} >= {
        *(
            "forms",
            "mail",
            "returns",
            "originals",
            "backups",
            "cache",
            "partner.csv",
            "bounce.eml",
            "auszug.xlsx",
        ),
        *(
            "ledger.sqlite",
            "register.xlsx",
            "register.json",
            "answers.json",
            "report.html",
            "register (2).xlsx",
        ),
    }
    assert all(wrong)

    result, _ = forget(workspace, NAME)

    told = {*result.left, *result.held, *result.plan.unseen}
    assert result.exit_code == 1
    assert holding() <= told
    assert {path.parent.name or path.name for path in told} == {"returns", workspace.root.name}
    assert set(result.plan.asked.all) == {"0241 556677", "ag@haus.example"}
    assert others(office) == wrong
    leaves = workspace.root / "auszug.pdf"
    assert leaves in told or not leaves.exists(), "its letters are glyphs, which no search for bytes finds"

    # what still lies there is not taken in again, neither by the next run nor by a new ledger
    office.harvest(moment(2026, 10, 24))
    assert holding() <= told
    workspace.ledger.unlink()
    rebuild(workspace)
    office.harvest(moment(2026, 10, 25))
    assert holding() <= told
    assert {values["machine"] for values in office.values()} >= {"Bandsäge", "Kreissäge", "Drehbank"}
