"""`harvest forget` where mails went out: afterwards no byte of a partner's name or address stands in the workspace."""

from __future__ import annotations

import email
import email.policy
import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pypdfium2
import pytest

from formgen.cli import main
from spec.wire import DraftsFile, RecipientsFile
from spec.workspace import Workspace
from tests.contract.conftest import call
from tests.contract.test_office_year import SPEC, fill

PARTNER, PERSON, ADDRESS = "Wegfall & Söhne", "Ida Wegmann", "ida@wegfäll.example"
WORDS = ("Wegfall", "Wegmann", "wegfäll", "xn--wegfll-bua")
LIST = f"""Organisation;Ansprechperson;E-Mail
{PARTNER};{PERSON};{ADDRESS}
Bleibt e. V.;Otto Obst;otto@bleibt.example
Auch da;Leitung;post@auch.example
"""
BOUNCE = """From: MAILER-DAEMON@amt.example
To: buero@amt.example
Subject: Undelivered
Date: Tue, 20 Oct 2026 09:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; amt.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Subject: {subject}

--b--
"""


def texts(path: Path) -> Iterator[str]:
    """A file's name and all that can be read in it, packed or not."""
    yield str(path)
    data = path.read_bytes()
    yield from spelled(data)
    if data.startswith(b"SQLite"):
        with sqlite3.connect(path) as database:
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")]
            for table in tables:
                for row in database.execute(f"SELECT * FROM {table}"):
                    for value in row:
                        if isinstance(value, bytes) and value[:1] == b"\x78":
                            yield from spelled(zlib.decompress(value))
        database.close()


def spelled(data: bytes) -> Iterator[str]:
    yield from (data.decode(name, "replace") for name in ("utf-8", "latin-1", "utf-16-be", "utf-16-le"))
    yield data[1:].decode("utf-16-be", "replace")
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name in package.namelist():
                yield name
                yield from spelled(package.read(name))
    elif data.startswith(b"%PDF"):
        yield from printed(data)
    elif b"\nMIME-Version:" in data:
        for part in email.message_from_bytes(data, policy=email.policy.default).walk():
            yield str(part.items())
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield from spelled(content)


def printed(data: bytes) -> Iterator[str]:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
        )
        yield from (str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields.as_list())
    raw = out.getvalue()
    yield from (raw.decode(name, "replace") for name in ("latin-1", "utf-16-be"))
    yield raw[1:].decode("utf-16-be", "replace")
    document = pypdfium2.PdfDocument(data)
    yield from (page.get_textpage().get_text_bounded() for page in document)
    document.close()


def found_in(workspace: Workspace) -> dict[str, list[str]]:
    """Word -> the files it stands in."""
    files = [path for path in sorted(workspace.root.rglob("*")) if path.is_file()]
    held = {path: list(texts(path)) for path in files}
    return {
        word: [
            str(path.relative_to(workspace.root))
            for path, said in held.items()
            if any(word.casefold() in text.casefold() or quote(word) in text for text in said)
        ]
        for word in WORDS
    }


def formgen(workspace: Workspace, *words: str | Path) -> None:
    assert main([*map(str, words), "--workspace", str(workspace.root)]) in {0, 1}


def drafts(workspace: Workspace, name: str) -> DraftsFile:
    return DraftsFile.model_validate_json((workspace.mail / name / "drafts.json").read_bytes())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two rounds: the first sent, answered by two (one names the other's person), bounced; the second drafted."""
    made, recipients = Workspace(tmp_path / "büro"), tmp_path / "partner.csv"
    made.root.mkdir()
    made.config.write_text(
        '[office]\nname = "Koordination"\nsender = "buero@amt.example"\n', encoding="utf-8"
    )
    recipients.write_text(LIST, encoding="utf-8")
    formgen(made, "round", "new", "2026", "--spec", SPEC)
    formgen(made, "mail", "drafts", "--recipients", recipients)
    formgen(made, "mail", "sent", "--all", "--yes")
    made.returns.mkdir(exist_ok=True)
    rows = {PARTNER: ("Säge Wegfall", "works"), "Bleibt e. V.": ("Band", f"ask {PERSON}")}
    for draft in drafts(made, "2026").drafts:
        mail = email.message_from_bytes(
            (made.mail / "2026" / draft.file).read_bytes(), policy=email.policy.default
        )
        if draft.organisation in rows:
            machine, state = rows[draft.organisation]
            target = tmp_path / f"{draft.token}.pdf"
            assert isinstance(mail, email.message.EmailMessage)
            fill(mail, target, {("saws", 1, "machine"): machine, ("saws", 1, "state"): state})
            (made.returns / f"{draft.organisation}.pdf").write_bytes(target.read_bytes())
        if draft.organisation == PARTNER:
            text = BOUNCE.format(address="ida@xn--wegfll-bua.example", subject=mail["Subject"])
            (tmp_path / "bounce.eml").write_text(text, encoding="utf-8")
    assert call("harvest", "run", "--workspace", made.root).code in {0, 1}
    formgen(made, "round", "bounces", tmp_path / "bounce.eml")
    formgen(made, "round", "new", "2027", "--spec", SPEC)
    formgen(made, "mail", "drafts", "--recipients", recipients)
    return made


def test_nothing_of_a_partner_is_left(workspace: Workspace) -> None:
    before = found_in(workspace)
    assert all(before.values()), before
    token = next(
        one.token
        for one in RecipientsFile.model_validate_json(workspace.recipients.read_bytes()).recipients
        if one.organisation == PARTNER
    )

    dry = call("harvest", "forget", PARTNER, "--dry-run", "--json", "--workspace", workspace.root)
    assert json.loads(dry.out)["partners"] == [token]
    assert found_in(workspace) == before
    done = call("harvest", "forget", PARTNER, "--yes", "--workspace", workspace.root)

    assert done.code == 0, done.out
    assert "Partnerlisten" in done.out or "Lists of partners" in done.out
    assert found_in(workspace) == {word: [] for word in WORDS}
    page = workspace.report.read_text(encoding="utf-8")
    assert "[entfernt]" not in page
    assert "[removed]" not in page
    rows = RecipientsFile.model_validate_json(workspace.recipients.read_bytes()).by_token()
    assert len(rows) == 3
    assert (rows[token].forgotten, rows[token].organisation, rows[token].listed) == (True, "", False)
    assert {draft.organisation for draft in drafts(workspace, "2026").drafts} == {"Bleibt e. V.", "Auch da"}
    # the copy for the other partner quoted the person: it went, and its draft that was not sent
    assert {draft.organisation for draft in drafts(workspace, "2027").drafts} == {"Auch da"}
    assert json.loads((workspace.mail / "bounces.json").read_text(encoding="utf-8")) == []


def test_mailing_goes_on_without_them(workspace: Workspace, tmp_path: Path) -> None:
    assert call("harvest", "forget", PARTNER, "--yes", "--workspace", workspace.root).code == 0
    again = call("harvest", "forget", PARTNER, "--yes", "--workspace", workspace.root)
    assert again.code == 0
    recipients = tmp_path / "partner.csv"
    recipients.write_text(
        "\n".join(line for line in LIST.splitlines() if PARTNER not in line), encoding="utf-8"
    )

    formgen(workspace, "mail", "drafts", "--recipients", recipients)
    assert {draft.organisation for draft in drafts(workspace, "2027").drafts} == {"Bleibt e. V.", "Auch da"}
    assert not any(found_in(workspace).values())
    formgen(workspace, "round", "status", "--round", "2026")
    assert call("harvest", "run", "--workspace", workspace.root).code in {0, 1}


def test_only_the_words_go_where_a_person_is_named(workspace: Workspace) -> None:
    done = call("harvest", "forget", "Otto Obst", "--yes", "--json", "--workspace", workspace.root)

    assert json.loads(done.out)["left"] == []
    rows = RecipientsFile.model_validate_json(workspace.recipients.read_bytes()).recipients
    assert {row.organisation: row.person for row in rows} == {
        PARTNER: PERSON,
        "Bleibt e. V.": "",
        "Auch da": "Leitung",
    }
    assert "Otto Obst" not in "".join(text for path in workspace.mail.rglob("*.eml") for text in texts(path))


@pytest.mark.parametrize("text", ["Bleibt e.V.", "BLEIBT E V"])
def test_a_partner_is_found_however_the_name_is_spelt(workspace: Workspace, text: str) -> None:
    """`nothing was found` would be taken for `it is gone`."""
    dry = call("harvest", "forget", text, "--dry-run", "--json", "--workspace", workspace.root)
    plan = json.loads(dry.out)
    assert len(plan["partners"]) == 1
    assert list(plan["removed"].values()) == ["Bleibt e. V..pdf"]


@pytest.mark.parametrize("text", ["Wegfall", "Söhne", ADDRESS])
def test_a_part_of_a_partners_name_is_told(
    workspace: Workspace, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMGEN_LANG", "de")
    dry = call("harvest", "forget", text, "--dry-run", "--workspace", workspace.root)
    assert (
        f"Achtung: „{text}“ ist nur ein Teil dessen, was zu diesem Partner gehört: Wegfall & Söhne."
        in dry.out
    )
    whole = call("harvest", "forget", PARTNER, "--dry-run", "--workspace", workspace.root)
    assert "Achtung" not in whole.out
