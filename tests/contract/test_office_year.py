"""The office's year, twice, on real components: SMTP server, IMAP server, PDF engines, both commands.

Six partners, one of each kind; OFFICE_YEAR_PARTNERS=30 makes it five of each.
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from formgen.cli import main
from formgen.mail.surroundings import Surroundings
from spec.names import parse_field_name, subject_code
from spec.workspace import Workspace
from tests.contract.conftest import call
from tests.formgen.mail.server import PASSWORD as SMTP_PASSWORD
from tests.formgen.mail.server import USER, Running, serving
from tests.harvest.sources.dovecot import PASSWORD as IMAP_PASSWORD
from tests.harvest.sources.dovecot import Mailbox, running
from tests.readers.engines import require
from tests.readers.tools import extract_pages

SPEC = Path(__file__).parents[1] / "spec/forms/equipment_survey.toml"
CATEGORIES = ("saws", "lathes", "measuring")
ROLES = ("whole", "changes", "empties", "partly", "late", "bounces")
#: What the partners fill the form in with: engines of Chrome, Firefox, Evince, SumatraPDF and of services in Java.
ENGINES_OF_PARTNERS = ("pdfium-pasted", "pdfjs", "poppler", "mupdf-incremental", "pdfbox", "pdfium-typed")
COUNT = int(os.environ.get("OFFICE_YEAR_PARTNERS", "6"))


@dataclass
class Year:
    """The office, its partners, and the two servers between them."""

    workspace: Workspace
    smtp: Running
    imap: Mailbox
    capsys: pytest.CaptureFixture[str]
    today: dt.datetime = dt.datetime(2026, 10, 1, 9, 0, tzinfo=dt.UTC)
    delivered: int = 0
    read: int = 0
    answered: dict[str, list[str]] = field(default_factory=dict)

    def on(self, year: int, month: int, day: int) -> None:
        self.today = dt.datetime(year, month, day, 9, 0, tzinfo=dt.UTC)

    def formgen(self, *words: str | Path, code: int = 0) -> str:
        around = Surroundings(
            lambda: self.today,
            lambda: 0.0,
            lambda _: None,
            {"FORMGEN_SMTP_PASSWORD": SMTP_PASSWORD, "HARVEST_IMAP_PASSWORD": IMAP_PASSWORD},
            lambda *_: None,
        )
        self.capsys.readouterr()
        found = main([*map(str, words), "--workspace", str(self.workspace.root)], around)
        said = self.capsys.readouterr()
        assert found == code, said.out + said.err
        return said.out + said.err

    def send(self) -> dict[str, EmailMessage]:
        """Send what is drafted; what the partners got, by organisation."""
        self.formgen("mail", "send", "--yes")
        fresh = self.smtp.post.mails()[self.read :]
        self.read += len(fresh)
        got = {mail["To"].addresses[0].display_name: mail for mail in fresh}
        assert len(got) == len(fresh), "a partner got two mails at once"
        return got

    def harvest(self) -> None:
        said = call("harvest", "run", "--mailbox", "--workspace", self.workspace.root)
        assert said.code in {0, 1}, said.err + said.out

    def status(self, *, code: int | None = None) -> dict[str, Any]:
        text = self.formgen("round", "status", "--json", code=1 if code is None else code)
        return {one["organisation"]: one for one in json.loads(text)["partners"]}

    def deliver(self, mail: EmailMessage) -> None:
        self.delivered += 1
        self.imap.deliver(f"{self.delivered}.mail", mail.as_bytes())

    def answer(self, got: EmailMessage, filled: Path, **headers: str) -> None:
        """A partner's answer: the filled form, mailed back."""
        mail = EmailMessage(policy=email.policy.SMTP)
        mail["From"], mail["To"] = headers.get("sender", got["To"]), got["From"]
        mail["Subject"] = headers.get("subject", f"AW: {got['Subject']}")
        mail["Date"] = format_datetime(self.today)
        mail.set_content("Anbei.")
        data = filled.read_bytes()
        name = got["To"].addresses[0].display_name
        self.answered.setdefault(name, []).append(hashlib.sha256(data).hexdigest())
        mail.add_attachment(filled.read_bytes(), maintype="application", subtype="pdf", filename=filled.name)
        self.deliver(mail)

    def bounce(self, got: EmailMessage) -> None:
        """The mail comes back as undeliverable (RFC 3464)."""
        address = got["To"].addresses[0].addr_spec
        self.deliver(_bounce(str(got["Message-ID"]), address, self.today))

    def letters(self) -> Counter[tuple[str, str, str]]:
        """How often who got which mail in which year."""
        kinds = {"Erinnerung": "reminder", "Angekommen": "receipt"}
        return Counter(
            (
                mail["To"].addresses[0].display_name,
                str(mail["Date"].datetime.year),
                kinds.get(str(mail["Subject"]).partition(":")[0], "form"),
            )
            for mail in self.smtp.post.mails()
        )

    def gaps(self) -> dict[str, dict[str, Any]]:
        """The register's sheet of who is missing, by organisation."""
        book = openpyxl.load_workbook(self.workspace.register)
        sheet = next(one for one in book.worksheets if "Sent on" in [cell.value for cell in one[1]])
        head, *rows = sheet.iter_rows(values_only=True)
        return {str(row[0]): dict(zip(map(str, head), row, strict=True)) for row in rows}

    def register(self) -> list[dict[str, Any]]:
        found = json.loads(self.workspace.register_json.read_text(encoding="utf-8"))
        assert isinstance(found, list)
        return found


def _bounce(identity: str, address: str, at: dt.datetime) -> EmailMessage:
    lines = [
        "From: MAILER-DAEMON@amt.example",
        f"To: {USER}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(at)}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "no such user",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; amt.example",
        "",
        f"Final-Recipient: rfc822; {address}",
        "Action: failed",
        "Status: 5.1.1",
        "",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {identity}",
        "",
        "--b--",
        "",
    ]
    message = email.message_from_string("\r\n".join(lines), policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message


@pytest.fixture
def year(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Year]:
    workspace = Workspace(tmp_path / "büro")
    with serving() as smtp, running() as mailboxes:
        imap = next(mailboxes)
        monkeypatch.setenv("HARVEST_IMAP_PASSWORD", IMAP_PASSWORD)
        monkeypatch.setenv("HARVEST_IMAP_CA_FILE", str(imap.ca_file))
        workspace.root.mkdir()
        workspace.config.write_text(
            f'[office]\nname = "Koordination"\nsender = "{USER}"\n[smtp]\nserver = "127.0.0.1"\nport = {smtp.port}\n'
            f'user = "{USER}"\nca_file = "{smtp.ca_file}"\npace = 0\ntimeout = 5\nretry_after = 0\n'
            f'[mailbox]\nserver = "127.0.0.1"\nport = {imap.port}\nuser = "{imap.user}"\n'
            f'ca_file = "{imap.ca_file}"\n[paths]\nrecipients = "partner.csv"\n',
            encoding="utf-8",
        )
        names = partners()
        rows = [f"{name};{name};{number}@{role}.example" for number, (name, role) in enumerate(names.items())]
        (workspace.root / "partner.csv").write_text(
            "Organisation;Ansprechperson;E-Mail\n" + "\n".join(rows) + "\n", encoding="utf-8"
        )
        yield Year(workspace, smtp, imap, capsys)


def partners() -> dict[str, str]:
    """Name -> role."""
    return {f"{ROLES[number % 6].title()} {number}": ROLES[number % 6] for number in range(COUNT)}


def of(role: str) -> list[str]:
    return sorted(name for name, its in partners().items() if its == role)


def fill(mail: EmailMessage, target: Path, cells: Mapping[tuple[str, int, str], str], nil: str = "") -> Path:
    """The form of a mail, filled by the partner's engine; cells by category, row and column."""
    (attached,) = mail.iter_attachments()
    source = target.with_suffix(".form.pdf")
    source.write_bytes(attached.get_content())
    edition = _edition(source)
    values = {
        f"{edition}_{category}_r{row:02d}_{column}": text for (category, row, column), text in cells.items()
    }
    checks = [f"{edition}_{nil}_nil"] if nil else []
    name = mail["To"].addresses[0].username
    number = int(name) if name.isdigit() else 0
    # so that with more partners each role meets each engine
    engine = ENGINES_OF_PARTNERS[(number + number // len(ROLES)) % len(ENGINES_OF_PARTNERS)]
    require(engine).fill(source, values, target, checks=checks)
    return target


def _edition(path: Path) -> str:
    import pikepdf

    with pikepdf.open(path) as pdf:
        names = (parse_field_name(str(one.get("/T", ""))) for one in pdf.Root.AcroForm.Fields.as_list())
        return next(name.edition for name in names if name is not None)


def first_year(year: Year, folder: Path) -> None:
    """Round 2026, up to the last answer."""
    year.formgen("round", "new", "2026", "--due", "2026-12-15", "--spec", SPEC)
    year.formgen("mail", "drafts")
    # the network has a bad day; nobody may notice
    year.smtp.post.replies.update({"RCPT": ["451 later"], "DATA": ["DROP"], "MAIL": ["421 closing"]})
    got = year.send()
    assert sorted(got) == sorted(partners())
    assert year.send() == {}

    year.on(2026, 10, 20)
    for name, mail in got.items():
        role = partners()[name]
        cells = {("saws", 1, "machine"): f"Säge von {name}", ("saws", 1, "state"): "works"}
        if role in {"whole", "changes", "empties"}:
            cells[("measuring", 1, "machine")] = f"Waage von {name}"
            year.answer(mail, fill(mail, folder / f"{name} 2026.pdf", cells, nil="lathes"))
        elif role == "partly":
            year.answer(mail, fill(mail, folder / f"{name} 2026.pdf", cells))
        elif role == "bounces":
            year.bounce(mail)
    year.harvest()
    assert f"{len(of('bounces'))} neue unzustellbare E-Mail" in year.formgen("round", "bounces")
    status = year.status()
    expected = {"whole": "wholly", "changes": "wholly", "empties": "wholly", "partly": "partly"}
    assert {name: one["answer"] for name, one in status.items()} == {
        name: expected.get(role, "none") for name, role in partners().items()
    }
    assert all(status[name]["undeliverable"] == "5.1.1" for name in of("bounces"))
    assert all(status[name]["missing"] == ["lathes", "measuring"] for name in of("partly"))
    year.harvest()
    said = {"whole": "answered", "partly": "answered in part"}
    for name, role in partners().items():
        row = year.gaps()[name]
        assert row["Sent on"].date() == dt.date(2026, 10, 1)
        assert row["In this round"] == said.get(
            role, "no answer" if role in {"late", "bounces"} else "answered"
        )
        assert row["Undeliverable"] == ("5.1.1" if role == "bounces" else None)


def reminders_and_receipts(year: Year, folder: Path) -> None:
    """Only those who owe an answer are reminded, and never after it came."""
    year.on(2026, 11, 2)
    year.formgen("mail", "remind")
    reminded = year.send()
    assert sorted(reminded) == of("late")
    year.formgen("mail", "remind")
    assert year.send() == {}, "reminded twice within a week"

    year.on(2026, 11, 20)
    year.formgen("mail", "remind")
    for name, mail in reminded.items():
        cells = {("saws", 1, "machine"): f"Säge von {name}"}
        year.answer(mail, fill(mail, folder / f"{name} 2026.pdf", cells, nil="lathes"))
    year.harvest()
    assert year.send() == {}, "reminded after the answer came"
    year.on(2026, 12, 1)
    year.formgen("mail", "remind")
    assert year.send() == {}

    year.formgen("mail", "receipts")
    receipts = year.send()
    assert sorted(receipts) == sorted(name for name, role in partners().items() if role != "bounces")
    text = receipts[of("partly")[0]].get_body(("plain",))
    assert text is not None
    assert "Mit Angaben:\n- Saws" in text.get_content().replace("\r\n", "\n")
    year.formgen("mail", "receipts")
    assert year.send() == {}


def second_year(year: Year, folder: Path) -> None:
    """Round 2027: everybody gets what they said, and corrects it."""
    year.on(2027, 10, 1)
    year.formgen("round", "new", "2027", "--due", "2027-12-15", "--spec", SPEC)
    year.formgen("mail", "drafts")
    got = year.send()
    assert sorted(got) == sorted(partners())
    assert {one["answer"] for one in year.status(code=0).values()} == {"none"}
    year.on(2027, 10, 20)
    for name, mail in got.items():
        role, target = partners()[name], folder / f"{name} 2027.pdf"
        other = subject_code(
            json.loads(year.workspace.recipients.read_text("utf-8"))["recipients"][1]["token"]
        )
        if role == "whole":
            # somebody else's code in the subject: the form's own token decides
            year.answer(mail, fill(mail, target, {}), subject=f"AW: {other}", sender="fremd@anders.example")
        elif role == "changes":
            year.answer(mail, fill(mail, target, {("saws", 1, "state"): "needs repair"}))
        elif role == "empties":
            emptied = {("measuring", 1, "machine"): ""}
            year.answer(
                mail, fill(mail, target, {**emptied, ("saws", 2, "machine"): f"Neue Säge von {name}"})
            )
        elif role == "partly":
            whole = fill(mail, folder / f"{name} whole.pdf", {})
            # cover and lathes only: the page with the saws did not come back
            extract_pages("pikepdf", whole, [0, 2], target)
            year.answer(mail, target)
    year.harvest()


def test_two_rounds(year: Year, tmp_path: Path) -> None:
    folder = tmp_path / "partner"
    folder.mkdir()
    first_year(year, folder)
    reminders_and_receipts(year, folder)
    before = {one["values"]["machine"]: one for one in year.register() if not one["nil"]}
    answered = [name for name, role in partners().items() if role != "bounces"]
    assert {f"Säge von {name}" for name in answered} <= before.keys()
    for name in answered:
        saw = before[f"Säge von {name}"]
        assert saw["reporters"] == [name]
        assert saw["category"] == "saws"
        assert saw["values"].get("state") == (None if name in of("late") else "works")
        assert [source["return"] for source in saw["sources"]] == year.answered[name]
    for name in (*of("whole"), *of("changes"), *of("empties")):
        assert before[f"Waage von {name}"]["category"] == "measuring"
    said_nil = [*of("whole"), *of("changes"), *of("empties"), *of("late")]
    nils = [(one["reporters"], one["category"]) for one in year.register() if one["nil"]]
    assert sorted(nils) == sorted(([name], "lathes") for name in said_nil)
    assert len(before) == len(answered) + 3 * len(of("whole"))

    second_year(year, folder)
    after = {one["values"]["machine"]: one for one in year.register() if not one["nil"]}
    assert before.keys() <= after.keys(), "a line was lost"
    assert {before[key]["id"] for key in before} == {after[key]["id"] for key in before}
    for name in of("whole"):
        assert (after[f"Säge von {name}"]["status"], _year(after[f"Säge von {name}"])) == (
            "unchanged",
            "2027",
        )
    for name in of("changes"):
        entry = after[f"Säge von {name}"]
        assert (entry["status"], entry["values"]["state"]) == ("changed", "needs repair")
    for name in of("empties"):
        assert after[f"Waage von {name}"]["status"] == "emptied"
        assert after[f"Neue Säge von {name}"]["status"] == "new"
    for name in (*of("partly"), *of("late")):
        # the page did not come back: what it said stands, confirmed last year
        assert _year(after[f"Säge von {name}"]) == "2026"
    status = year.status(code=1)
    assert all(status[name]["answer"] == "wholly" for name in (*of("whole"), *of("changes")))
    assert "Es gilt das Formular" in year.formgen("round", "status", code=1)
    year.on(2027, 11, 2)
    year.formgen("mail", "remind")
    assert sorted(year.send()) == sorted((*of("late"), *of("bounces")))
    year.formgen("mail", "remind")
    assert year.send() == {}
    nobody_was_written_to_too_often(year)
    # every file that a partner sent is kept as it came
    kept = {path.stem for path in year.workspace.originals.iterdir()}
    assert kept == {one for sent in year.answered.values() for one in sent}


def nobody_was_written_to_too_often(year: Year) -> None:
    """All mails of both years, exactly: nobody got one twice, and nobody a reminder who had answered."""
    expected = Counter({(name, when, "form"): 1 for name in partners() for when in ("2026", "2027")})
    expected.update((name, "2026", "reminder") for name in of("late"))
    expected.update((name, "2027", "reminder") for name in (*of("late"), *of("bounces")))
    expected.update((name, "2026", "receipt") for name, role in partners().items() if role != "bounces")
    assert year.letters() == expected
    identities = [str(mail["Message-ID"]) for mail in year.smtp.post.mails()]
    assert len(set(identities)) == len(identities)


def _year(entry: Mapping[str, Any]) -> str:
    return str(entry["confirmed"])[:4]
