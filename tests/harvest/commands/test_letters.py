"""What could not be read, and who is asked for it: by the form's own token, else whoever sent it."""

from __future__ import annotations

import json
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from harvest.commands.letters import by_sender, letters
from harvest.commands.run import Request, harvest_returns
from harvest.ledger import Ledger
from harvest.model import Problem, Severity
from harvest.state.editions import load_editions
from harvest.state.state import State, state_of
from harvest.version import VERSION
from spec.answers import REFUSED, AnswersFile
from spec.names import new_token, subject_code
from spec.wire import RecipientsFile, WireRecipient
from tests.harvest.offices import Office, blank, filled

TOKEN = new_token()


def mail(data: bytes, name: str, subject: str = "Antwort") -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "Kollegin <k@privat.example>", subject
    made["Date"] = "Sun, 04 Jan 2026 10:00:00 +0000"
    made.set_content("Anbei.")
    made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def office_with(tmp_path: Path, *files: tuple[str, bytes]) -> Office:
    office = Office.at(tmp_path / "office")
    row = WireRecipient(
        token=TOKEN, categories=(), organisation="Träger B", person="", email="b@list.example",
        language="", note="", listed=True, edition="", file="",
    )  # fmt: skip
    office.workspace.recipients.write_text(
        RecipientsFile(shape=1, recipients=(row,)).to_json(), encoding="utf-8"
    )
    for name, data in files:
        office.drop(name, data)
    harvest_returns(Request(office.workspace))
    return office


def half_read(office: Office, token: str | None) -> State:
    """The state in which a page of the only return could not be read; the others name this token."""
    with Ledger(office.workspace.ledger, VERSION) as ledger:
        state = state_of(ledger, load_editions(office.workspace, ledger.editions()))
    [one] = state.returns
    found = tuple(replace(page, token=token) for page in one.reading.found)
    reading = replace(one.reading, found=found, problems=(Problem("page-foreign", Severity.LOST),))
    return replace(state, returns=(replace(one, reading=reading),))


def asked(office: Office, token: str | None) -> list[str]:
    addresses = load_editions(office.workspace, {}).addresses
    return list(by_sender(half_read(office, token), addresses))


def test_who_is_in_the_list_is_asked_there_whoever_sent_the_mail(tmp_path: Path) -> None:
    data = filled("Träger B", {"wohnheim": [("Haus B", "")]})
    office = office_with(tmp_path, ("a.eml", mail(data, "B.pdf")))

    assert asked(office, TOKEN) == ["Träger B <b@list.example>"]
    assert asked(office, new_token()) == ["Kollegin <k@privat.example>"]
    assert asked(office, None) == ["Kollegin <k@privat.example>"]


def test_a_return_that_came_without_a_mail_is_asked_for_by_the_name_on_it(tmp_path: Path) -> None:
    office = office_with(tmp_path, ("a.pdf", filled("Träger X", {"wohnheim": [("Haus B", "")]})))
    assert asked(office, None) == ["Träger X"]


def test_a_word_file_is_asked_for_where_it_came_from_even_under_anothers_code(tmp_path: Path) -> None:
    word = mail(b"PK\x03\x04 word/document.xml", "Antwort.docx", f"Antwort {subject_code(TOKEN)}")
    office = office_with(tmp_path, ("a.eml", word))

    path, _ = letters(office.workspace)

    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert "An: Kollegin <k@privat.example>" in text
    assert "list.example" not in text


def test_the_mailing_side_learns_of_word_files_that_came_by_mail_and_of_no_others(tmp_path: Path) -> None:
    word = b"PK\x03\x04 word/document.xml"
    subject = f"Antwort {subject_code(TOKEN)}"
    office = office_with(tmp_path, ("a.eml", mail(word, "Antwort.docx", subject)), ("lose.docx", word + b"x"))

    told = AnswersFile.model_validate(json.loads(office.workspace.answers.read_bytes()))

    [one] = told.returns
    assert one.refused
    assert one.return_id.startswith(REFUSED)
    assert (one.file, one.mail_code, one.answered) == ("Antwort.docx", TOKEN, ())
    assert one.mail_at == one.at == "2026-01-04T10:00:00+00:00"
    assert [problem.code for problem in one.problems] == ["office-file"]
    assert blank()[0].edition not in office.workspace.answers.read_text(encoding="utf-8")


def test_files_of_which_nobody_knows_the_sender_are_asked_for_one_by_one(tmp_path: Path) -> None:
    files = [("eins.docx", b"PK\x03\x04 word/document.xml"), ("zwei.docx", b"PK\x03\x04 word/document.xml 2")]
    office = office_with(tmp_path, *files)

    path, _ = letters(office.workspace)

    assert path is not None
    texts = path.read_text(encoding="utf-8").split("-" * 72)
    assert len(texts) == 2
    for text, name in zip(texts, ("eins.docx", "zwei.docx"), strict=True):
        assert f"An: ? (von wem „{name}“ kam, ist nicht bekannt)" in text
        assert text.count("angekommen") == 1


def test_a_return_without_a_name_on_it_has_no_hash_for_an_address(tmp_path: Path) -> None:
    office = office_with(tmp_path, ("a.pdf", filled("", {"wohnheim": [("Haus B", "")]})))
    assert asked(office, None) == [""]


def test_nobody_is_asked_for_what_only_the_office_can_mend(tmp_path: Path) -> None:
    office = office_with(tmp_path, ("a.pdf", filled("Träger X", {"wohnheim": [("Haus B", "")]})))
    state = half_read(office, None)
    for code in ("unknown-edition", "ocr-not-installed"):
        reading = replace(state.returns[0].reading, problems=(Problem(code, Severity.LOST),))
        only = replace(state, returns=(replace(state.returns[0], reading=reading),))
        assert by_sender(only, {}) == {}
