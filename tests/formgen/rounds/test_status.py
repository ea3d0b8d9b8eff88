"""How a round stands: answers sorted to partners and rounds, bounces, hostile mails, wrong clocks."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import io
import json
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from formgen.mail.sentlog import State, read_log
from spec.answers import AnswersFile
from spec.errors import EXIT_NOTHING_DONE
from spec.names import new_token, subject_code
from tests.contract.shapes import OFFICE_SHAPES
from tests.formgen.mail.conftest import PARTNERS, SPEC, ZONE, Desk, desk, drafted, server
from tests.formgen.mail.server import Running

__all__ = ["desk", "drafted", "server"]

SAWS = {"saws": "answered"}
ALL = {"saws": "answered", "lathes": "nil", "measuring": "answered"}


@pytest.fixture
def office(desk: Desk) -> Desk:
    """Three partners, all written to on 1 October 2026."""
    desk.settings()
    desk("round", "new", "2026", "--due", "15.12.2026", "--spec", SPEC)
    desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS))
    desk("mail", "sent", "--all", "--yes")
    desk.clock.now = dt.datetime(2026, 11, 2, 9, tzinfo=ZONE)
    return desk


def returned(key: str = "", categories: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """A return as the harvest tells it."""
    said = [
        {
            "kind": more.pop("kind", "token"),
            "key": key,
            "label": more.pop("label", key),
            "edition": "e",
            "categories": categories or {},
        }
    ]
    return {
        "return": more.pop("id", new_token()),
        "file": "antwort.pdf",
        "at": "2026-10-20T08:00:00+00:00",
        "mail_at": None,
        "mail_from": "",
        "mail_code": "",
        "answered": said if key else [],
        "problems": [],
        **more,
    }


def answers(desk: Desk, *returns: dict[str, Any]) -> None:
    body = {"shape": 1, "run": 1, "made_at": "2026-11-01T08:00:00+00:00", "returns": list(returns)}
    desk.workspace.answers.write_text(json.dumps(body), encoding="utf-8")


def status(desk: Desk) -> dict[str, Any]:
    found = desk.json("round", "status", code=None)
    return {one["organisation"]: one for one in found["partners"]} | {"notes": found["notes"]}


def reminded(desk: Desk, *words: str) -> list[str]:
    said = desk.json("mail", "remind", *words)
    return sorted(key.rpartition("/")[2] for key in said["drafts"])


def test_who_owes_an_answer_is_reminded_and_nobody_else(office: Desk) -> None:
    token = office.tokens
    answers(office, returned(token["Träger A"], ALL), returned(token["Träger B"], SAWS))
    found = status(office)
    assert [found[name]["answer"] for name, *_ in PARTNERS] == ["wholly", "partly", "none"]
    assert found["Träger B"]["missing"] == ["lathes", "measuring"]
    assert found["Träger B"]["categories"] == {**SAWS, "lathes": "not-returned", "measuring": "not-returned"}
    assert reminded(office) == [token["Träger C"]]
    assert reminded(office, "--partly") == sorted([token["Träger B"], token["Träger C"]])
    said = office("round", "status", code=0)
    assert "Träger B: gesendet, teilweise beantwortet, fehlt: Lathes, Measuring" in said


def test_a_second_return_completes_the_first_and_a_blank_one_takes_nothing_back(office: Desk) -> None:
    token = office.tokens["Träger A"]
    blank = {"saws": "blank", "lathes": "nil", "measuring": "answered"}
    answers(office, returned(token, SAWS), returned(token, blank))
    assert status(office)["Träger A"]["answer"] == "wholly"


def test_a_blank_form_is_an_arrival_but_no_answer(office: Desk) -> None:
    token = office.tokens["Träger A"]
    answers(office, returned(token, {"saws": "blank"}))
    assert status(office)["Träger A"]["answer"] == "blank"
    assert token not in reminded(office)


def hide_row_of(office: Desk, name: str) -> None:
    """The list becomes a workbook in which a filter hides a partner."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Organisation", "Ansprechperson", "E-Mail"), *PARTNERS):
        sheet.append(row)
        sheet.row_dimensions[sheet.max_row].hidden = row[0] == name
    path = office.workspace.root / "partner.xlsx"
    book.save(path)
    round_ = office.workspace.rounds / "2026.json"
    body = json.loads(round_.read_text(encoding="utf-8"))
    round_.write_text(json.dumps(body | {"recipients": path.name}), encoding="utf-8")


@pytest.mark.parametrize("command", ["remind", "receipts"])
def test_of_partners_in_hidden_rows_a_person_is_asked(office: Desk, command: str) -> None:
    token = office.tokens
    if command == "receipts":
        answers(office, returned(token["Träger A"], SAWS), returned(token["Träger B"], SAWS))
    hide_row_of(office, "Träger A")
    said = office("mail", command, code=2)
    assert "Träger A" in said
    assert "--hidden-rows" in said
    said = office("mail", command, "--hidden-rows", "without")
    assert "Träger A: " in said
    drafts = sorted(path.stem for path in (office.workspace.mail / "2026").glob(f"{command[:6]}*/*.eml"))
    assert not any("Träger A" in one for one in drafts)
    assert any("Träger B" in one for one in drafts)
    office("mail", command, "--hidden-rows", "with")
    assert any(
        "Träger A" in path.stem for path in (office.workspace.mail / "2026").glob(f"{command[:6]}*/*.eml")
    )


def test_hidden_rows_of_partners_who_get_no_mail_are_nobody_s_question(office: Desk) -> None:
    answers(office, returned(office.tokens["Träger A"], ALL))
    hide_row_of(office, "Träger A")
    office("mail", "remind")


def test_reminders_are_counted_and_spaced(office: Desk) -> None:
    assert len(reminded(office)) == 3
    assert len(reminded(office)) == 3
    office("mail", "sent", "--all", "--yes", "--kind", "reminder")
    assert reminded(office) == []
    office.clock.now += dt.timedelta(days=8)
    assert len(reminded(office)) == 3
    office("mail", "sent", "--all", "--yes", "--kind", "reminder")
    assert status(office)["Träger A"]["reminded"] == 2


def test_a_clock_that_was_set_back_reminds_nobody_again(office: Desk) -> None:
    reminded(office)
    office("mail", "sent", "--all", "--yes", "--kind", "reminder")
    office.clock.now -= dt.timedelta(days=20)
    assert reminded(office) == []


def test_a_reminder_names_the_last_day_only_while_it_is_to_come(office: Desk) -> None:
    reminded(office)
    first = (office.workspace.mail / "2026/reminder-1/Träger A.eml").read_text(encoding="ascii")
    assert "15.12.2026" in first
    office.clock.now = dt.datetime(2027, 1, 7, 9, tzinfo=ZONE)
    reminded(office)
    late = (office.workspace.mail / "2026/reminder-1/Träger A.eml").read_text(encoding="ascii")
    assert "15.12.2026" not in late
    assert "Frist abgelaufen" in office("round", "status")


def test_somebody_elses_code_in_the_subject_is_shown_and_the_form_decides(office: Desk) -> None:
    token = office.tokens
    answers(
        office, returned(token["Träger A"], ALL, mail_code=token["Träger B"], mail_from="x@fremd.example")
    )
    found = status(office)
    assert (found["Träger A"]["answer"], found["Träger B"]["answer"]) == ("wholly", "none")
    assert (
        "Im Betreff steht die Kennung von „Träger B“, das Formular ist das von „Träger A“"
        in found["notes"][0]
    )
    assert token["Träger B"] in reminded(office)


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({"mail_code": "A"}, "unreadable"),
        ({"mail_from": "Ada <A@eins.example>"}, "unreadable"),
        ({"mail_from": "x@fremd.example"}, "none"),
    ],
)
def test_what_can_not_be_read_is_laid_to_whom_its_mail_names(
    office: Desk, more: dict[str, str], answer: str
) -> None:
    more = {**more, **({"mail_code": office.tokens["Träger A"]} if "mail_code" in more else {})}
    answers(office, returned("", None, **more))
    assert status(office)["Träger A"]["answer"] == answer
    assert len(status(office)["notes"]) == 1
    assert (office.tokens["Träger A"] in reminded(office)) == (answer == "none")


def test_a_form_without_a_code_goes_by_its_name_and_a_person_is_told(office: Desk) -> None:
    answers(office, returned("träger a", ALL, kind="organisation", label="TRÄGER  A"))
    found = status(office)
    assert found["Träger A"]["answer"] == "wholly"
    assert "nach dem Namen Träger A" in found["notes"][0]


def test_a_form_of_nobody_is_told(office: Desk) -> None:
    answers(office, returned(new_token(), ALL))
    assert "zu niemandem in dieser Runde gehört" in status(office)["notes"][0]


@pytest.mark.parametrize(
    ("at", "mail_at", "answer"),
    [
        ("2026-09-30T20:00:00+00:00", None, "none"),  # of the time before the round
        ("2001-01-01T00:00:00+00:00", "2026-10-20T08:00:00+00:00", "wholly"),  # a clock that was never set
        ("2099-01-01T00:00:00+00:00", "2026-10-20T08:00:00+00:00", "wholly"),  # and one that runs ahead
        ("2099-01-01T00:00:00+00:00", None, "wholly"),  # no believable clock: the round that runs
    ],
)
def test_a_return_belongs_to_the_round_of_its_newest_believable_clock(
    office: Desk, at: str, mail_at: str | None, answer: str
) -> None:
    answers(office, returned(office.tokens["Träger A"], ALL, at=at, mail_at=mail_at))
    assert status(office)["Träger A"]["answer"] == answer


def test_last_years_answer_is_none_to_this_year(office: Desk) -> None:
    answers(office, returned(office.tokens["Träger A"], ALL))
    office.clock.now = dt.datetime(2027, 10, 1, 9, tzinfo=ZONE)
    office("round", "new", "2027", "--spec", SPEC)
    office("mail", "drafts", "--recipients", office.workspace.root / "partner.csv")
    assert status(office)["Träger A"]["answer"] == "none"
    found = office.json("round", "status", "--round", "2026", code=None)
    assert found["counts"] == {"wholly": 1, "none": 2}


def bounce(desk: Desk, *, code: str = "", to: str = "a@eins.example", action: str = "failed") -> Path:
    path = desk.workspace.root / "bounce.eml"
    path.write_bytes(
        (
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\nx\r\n'
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
            f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
            f"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Titel {code}\r\n\r\nx\r\n--b--\r\n"
        ).encode("ascii")
    )
    return path


def test_a_bounce_makes_a_partner_undeliverable_until_the_address_changes(office: Desk) -> None:
    path = bounce(office, code=subject_code(office.tokens["Träger A"]))
    assert "1 neue" in office("round", "bounces", path)
    assert "0 neue" in office("round", "bounces", path)
    assert status(office)["Träger A"]["undeliverable"] == "5.1.1"
    assert office.tokens["Träger A"] not in reminded(office)
    assert "unzustellbar (diese Adresse gibt es nicht, 5.1.1)" in office("round", "status", code=1)


@pytest.mark.parametrize(
    "more", [{"action": "delayed"}, {"to": "b@zwei.example"}, {"code": ""}, {"code": "[#000000000]"}]
)
def test_a_bounce_that_names_no_mail_of_ours_counts_nothing(office: Desk, more: dict[str, str]) -> None:
    office("round", "bounces", bounce(office, **{"code": subject_code(office.tokens["Träger A"]), **more}))
    assert not any(one["undeliverable"] for one in status(office).values() if isinstance(one, dict))


def test_last_years_bounce_is_none_of_this_years(office: Desk) -> None:
    path = bounce(office, code=subject_code(office.tokens["Träger A"]))
    path.write_bytes(b"Date: Mon, 06 Oct 2025 10:00:00 +0200\r\n" + path.read_bytes())
    office("round", "bounces", path)
    assert status(office)["Träger A"]["undeliverable"] == ""


def test_bounces_by_message_id_in_an_mbox(drafted: Any, server: Running) -> None:
    office = drafted(server)
    office("mail", "send", "--yes")
    identity = next(step["message_id"] for step in office.log() if office.tokens["Träger A"] in step["key"])
    path = bounce(office)
    mail = path.read_bytes().replace(b"Subject:", f"Message-ID: {identity}\r\nSubject:".encode())
    box = office.workspace.root / "post.mbox"
    box.write_bytes(b"From x Thu Jan  1 00:00:00 2026\n" + mail.replace(b"\r\n", b"\n") + b"\n")
    office("round", "bounces", box)
    assert status(office)["Träger A"]["undeliverable"] == "5.1.1"


def test_a_receipt_tells_what_came_and_what_could_not_be_read(office: Desk) -> None:
    lost = {
        "code": "damaged", "severity": "lost", "place": "", "fault": "Die Datei ist beschädigt.", "remedy": "Noch einmal.",
    }  # fmt: skip
    answers(office, returned(office.tokens["Träger A"], ALL, problems=[lost]))
    assert len(office.json("mail", "receipts")["drafts"]) == 1
    text = (office.workspace.mail / "2026/receipt-1/Träger A.eml").read_text(encoding="ascii")
    assert "- antwort.pdf: Die Datei ist besch=C3=A4digt." in text
    # what the office should do about it is not the partner's business
    assert "Noch einmal." not in text
    assert "- Lathes" in text
    office("mail", "sent", "--all", "--yes", "--kind", "receipt")
    assert office.json("mail", "receipts")["drafts"] == []


def word_file(office: Desk, name: str = "Träger A", **more: Any) -> dict[str, Any]:
    """A mail with a Word document instead of the form, as the harvest tells it."""
    fault = {
        "code": "office-file", "severity": "lost", "place": "", "fault": "Antwort.docx ist eine Datei von Word.",
        "remedy": "Bitten Sie um das PDF.",
    }  # fmt: skip
    code = office.tokens[name]
    return returned(
        id="refused-1",
        file="Antwort.docx",
        mail_at="2026-10-21T08:00:00+00:00",
        mail_code=code,
        problems=[fault],
        **more,
    )


def receipt(office: Desk, number: int = 1) -> EmailMessage:
    path = office.workspace.mail / f"2026/receipt-{number}/Träger A.eml"
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_who_sent_a_word_file_is_told_so_and_what_to_do_and_not_reminded(office: Desk) -> None:
    answers(office, word_file(office))

    assert status(office)["Träger A"]["answer"] == "unreadable"
    assert office.tokens["Träger A"] not in reminded(office)
    assert len(office.json("mail", "receipts")["drafts"]) == 1
    mail = receipt(office)
    assert mail["Subject"].startswith("Bitte noch einmal: ")
    assert "konnten wir nicht lesen" in body(mail)
    assert "- Antwort.docx ist eine Datei von Word." in body(mail)
    assert "Bitte schicken Sie uns das PDF-Formular noch einmal" in body(mail)
    assert "Bitten Sie um" not in body(mail)
    # nothing could be read, so nothing is said of single offers
    assert "lathes" not in body(mail).casefold()


def test_who_sends_the_form_after_the_word_file_is_thanked_and_no_more_told(office: Desk) -> None:
    answers(office, word_file(office))
    office.json("mail", "receipts")
    office("mail", "sent", "--all", "--yes", "--kind", "receipt")

    answers(
        office, word_file(office), returned(office.tokens["Träger A"], ALL, at="2026-10-25T08:00:00+00:00")
    )

    assert len(office.json("mail", "receipts")["drafts"]) == 1
    assert "docx" not in body(receipt(office, 2))
    assert status(office)["Träger A"]["answer"] == "wholly"


def test_a_stranger_with_a_partners_code_gets_no_mail_and_is_shown(office: Desk) -> None:
    answers(office, word_file(office, mail_from="Fremd <x@spam.example>"))

    notes = status(office)["notes"]

    assert len(notes) == 1
    assert "Träger A" in notes[0]
    office.json("mail", "receipts")
    assert receipt(office)["To"].addresses[0].addr_spec == "a@eins.example"
    assert b"spam.example" not in b"".join(path.read_bytes() for path in office.workspace.mail.rglob("*.eml"))


def test_a_strangers_attachment_is_nobodys_answer(office: Desk) -> None:
    stranger = word_file(office) | {"mail_code": "", "mail_from": "Werbung <x@spam.example>"}
    answers(office, stranger)
    assert status(office)["notes"] == []
    assert office.json("mail", "receipts")["drafts"] == []


@pytest.mark.parametrize(
    ("name", "words", "fault"),
    [
        ("../x", [], "no name for a round"),
        ("con", [], "no name for a round"),
        ("2026", [], "There is such a round already"),
        ("2027", ["--due", "2020-01-01"], "before it opens"),
    ],
)
def test_a_round_that_can_not_be_opened(office: Desk, name: str, words: list[str], fault: str) -> None:
    assert fault in office("round", "new", name, *words, code=2)


def test_without_a_round_there_is_no_status(desk: Desk) -> None:
    assert "There is no round yet" in desk("round", "status", code=2)


def test_answers_that_can_not_be_read_remind_nobody(office: Desk) -> None:
    office.workspace.answers.write_text("{", encoding="utf-8")
    assert "can't be read" in office("mail", "remind", code=EXIT_NOTHING_DONE)


def test_a_harvest_without_its_list_of_answers_reminds_nobody(office: Desk) -> None:
    office.workspace.ledger.write_bytes(b"")
    assert "Run `harvest run` first" in office("mail", "remind", code=EXIT_NOTHING_DONE)


def test_who_is_new_in_the_list_is_shown(office: Desk) -> None:
    office.partners(*PARTNERS, ("Träger D", "", "d@vier.example"))
    found = status(office)["Träger D"]
    assert (found["built"], found["sent"], found["owes"]) == (False, "none", False)
    assert "Träger D: noch kein Entwurf" in office("round", "status")


def keys(shape: str) -> tuple[str, ...]:
    return OFFICE_SHAPES[shape][1]


def test_the_json_has_exactly_the_keys_of_the_readme(office: Desk) -> None:
    answers(office, returned(office.tokens["Träger A"], ALL))
    found = office.json("round", "status")
    assert tuple(found) == keys("round")
    assert {tuple(one) for one in found["partners"]} == {keys("partner")}
    assert tuple(office.json("mail", "remind")) == keys("drafts")
    assert tuple(office.json("mail", "send", "--dry-run")) == keys("plan")
    assert tuple(office.json("mail", "send", "--yes", "--kind", "form")) == keys("sent")
    body = AnswersFile.model_validate_json(office.workspace.answers.read_bytes())
    assert tuple(json.loads(body.to_json())) == keys("answers")
    assert tuple(json.loads(body.to_json())["returns"][0]) == keys("returned")


# ---------------------------------------------------------------- why nobody is reminded, and partners by their names


def test_who_is_not_reminded_is_told_with_the_reason(office: Desk) -> None:
    token = office.tokens
    answers(office, returned(token["Träger A"], ALL), returned(token["Träger B"], SAWS))
    office("mail", "remind")
    office("mail", "sent", "--all", "--yes", "--kind", "reminder")
    said = office("mail", "remind")
    assert "Kein neuer Entwurf nötig." in said
    assert "Antworten nach dem Stand des Registers vom 01.11.2026" in said
    assert (
        "Keine Erinnerung – geantwortet: Träger A; teilweise geantwortet (mit --partly auch sie): Träger B; "
        "vor weniger als 7 Tagen angeschrieben (doch erinnern: --after 0): Träger C (02.11.2026)\n" in said
    )


def test_every_reason_is_told(office: Desk) -> None:
    token = office.tokens
    answers(
        office,
        returned(token["Träger A"], {"saws": "blank"}),
        returned("", mail_from="b@zwei.example", problems=[], id="x" * 64),
    )
    code = subject_code(token["Träger C"])
    office("round", "bounces", bounce(office, code=code, to="c@drei.example"))
    said = office("mail", "remind")
    assert "leer zurückgeschickt (mit --partly auch sie): Träger A" in said
    assert "nicht lesbar oder nicht zuzuordnen (bitte ansehen): Träger B" in said
    assert "unzustellbar (bitte die Adresse prüfen): Träger C" in said


def test_before_any_harvest_nobody_is_said_to_owe(desk: Desk) -> None:
    desk.settings()
    desk("round", "new", "2026", "--spec", SPEC)
    desk("mail", "drafts", "--recipients", desk.partners(*PARTNERS))
    said = desk("mail", "remind")
    assert "Wer geantwortet hat, ist erst nach `harvest run` bekannt." in said
    assert "Formular nicht gesendet, oder es ist ungewiss: Träger A, Träger B, Träger C\n" in said


def test_many_names_are_counted(desk: Desk) -> None:
    desk.settings()
    desk("round", "new", "2026", "--spec", SPEC)
    rows = [(f"Träger {number}", "", f"t{number}@x.example") for number in range(5)]
    desk("mail", "drafts", "--recipients", desk.partners(*rows))
    assert "Träger 0, Träger 1, Träger 2 und 2 weitere\n" in desk("mail", "remind")


def test_only_the_partners_that_are_named_are_reminded(office: Desk) -> None:
    token = office.tokens
    assert reminded(office, "träger a", "C@Drei.example") == sorted([token["Träger A"], token["Träger C"]])
    # the drafts for the others stay
    assert reminded(office, "träger b") == [token["Träger B"]]
    waiting = office.json("mail", "send", "--dry-run", "--kind", "reminder")["mails"]
    assert sorted(one["email"] for one in waiting) == ["a@eins.example", "b@zwei.example", "c@drei.example"]


def test_the_status_of_single_partners(office: Desk) -> None:
    office.partners(*PARTNERS, ("Neue Stelle", "", "neu@vier.example"))
    said = office("round", "status", "neue", "b@zwei.example")
    assert "- Träger B: gesendet, keine Antwort" in said
    assert "- Neue Stelle: noch kein Entwurf, keine Antwort" in said
    assert "Träger A" not in said
    assert said.splitlines()[-1].startswith("2 Partner: 1 angeschrieben")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Träger"], "'Träger': Das kann Träger A <a@eins.example>, Träger B <b@zwei.example> oder Träger C"),
        (["Trger A"], "'Trger A': So heißt kein Partner dieser Runde. Meinten Sie 'Träger A'?"),
        (["Feuerwehr"], "`formgen round status` zeigt die Partner."),
        (["Träger A", "Feuerwehr", "Träger"], "'Feuerwehr': So heißt kein Partner"),
    ],
)
@pytest.mark.parametrize("command", [("mail", "sent"), ("mail", "remind"), ("round", "status")], ids=" ".join)
def test_nobody_and_several_are_faults_and_nothing_is_done(
    office: Desk, command: tuple[str, str], words: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMGEN_LANG", "de")
    before = office.log()
    assert told in office(*command, *words, code=2)
    assert office.log() == before


def test_single_drafts_are_noted_by_the_partners_name(desk: Desk) -> None:
    desk.settings()
    desk("round", "new", "2026", "--spec", SPEC)
    rows = [("Sozialwerk Süd e. V.", "", "s@x.example"), ("Sozialwerk Nord", "", "n@x.example")]
    desk("mail", "drafts", "--recipients", desk.partners(*rows, ("Amt", "", "a@x.example")))
    # without quotes, as it happens on a command line
    said = desk("mail", "sent", "SOZIALWERK", "SUED", "e.V.")
    assert "Formular an Sozialwerk Süd e. V. <s@x.example>" in said
    assert "1 E-Mail gilt als gesendet." in said
    assert "2 E-Mails gelten als gesendet." in desk("mail", "sent", "nord", "A@X.example")
    assert len(desk.log()) == 3


def test_what_was_noted_by_mistake_is_taken_back_and_waits_again(office: Desk) -> None:
    assert tuple(office.json("mail", "send", "--dry-run")["mails"]) == ()
    said = office("mail", "unsent", "Träger A")
    assert "Formular an Träger A" in said
    assert "1 E-Mail gilt wieder als nicht gesendet." in said
    (waiting,) = office.json("mail", "send", "--dry-run")["mails"]
    assert waiting["key"].endswith(office.tokens["Träger A"])
    partner = next(
        one
        for one in office.json("round", "status", code=None)["partners"]
        if one["organisation"] == "Träger A"
    )
    assert (partner["sent"], partner["owes"]) == ("planned", False)
    assert "Träger A" in office("mail", "unsent", "Träger A", code=2)
    assert "1 E-Mail gilt als gesendet." in office("mail", "sent", "Träger A")


def test_what_a_server_took_is_not_taken_back(office: Desk) -> None:
    log = read_log(office.workspace)
    (key,) = (key for key in log.last() if key.endswith(office.tokens["Träger A"]))
    log.add(replace(log.last()[key], state=State.SENT, reason="smtp"))
    before = office.log()
    assert "Träger A" in office("mail", "unsent", "Träger A", code=2)
    assert office.log() == before


@pytest.mark.parametrize(("answer", "noted"), [("ja", 1), ("n", 0), ("", 0)])
def test_all_are_listed_and_asked_about(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: str, noted: int
) -> None:
    desk.settings()
    desk("round", "new", "2026", "--spec", SPEC)
    desk("mail", "drafts", "--recipients", desk.partners(("Sozialwerk Süd", "", "s@x.example")))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    said = desk("mail", "sent", "--all")
    assert "Formular an Sozialwerk Süd <s@x.example>" in said
    assert len(desk.log()) == noted


def test_what_was_sent_already_is_told_with_its_day(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMGEN_LANG", "de")
    said = office("mail", "sent", "Träger A", code=2)
    assert (
        "Träger A: Diese E-Mail ist schon als gesendet vermerkt, am 01.10.2026. Es ist nichts zu tun." in said
    )
    assert "Träger A: Für diesen Partner wartet keine E-Mail." in office(
        "mail", "sent", "Träger A", "--kind", "receipt", code=2
    )


# ---------------------------------------------------------------- whose a return is


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            {"kind": "return", "key": "x", "mail_from": "b@zwei.example"},
            "Der E-Mail nach kommt es von „Träger B“. Bitte ansehen; bis dahin geht dorthin keine Erinnerung.",
        ),
        (
            {"kind": "organisation", "key": "träger x", "label": "Träger X", "mail_from": "x@y.example"},
            "Auf dem Deckblatt steht „Träger X“, und so heißt kein Partner dieser Runde. Bitte ansehen; solange zählt es",
        ),
        (
            {"kind": "return", "key": "x", "mail_from": "Wer <x@y.example>"},
            "und die Adresse x@y.example hat kein Partner dieser Runde.",
        ),
        (
            {"kind": "return", "key": "x"},
            "antwort.pdf: Von wem das ist, steht nicht darin. Bitte ansehen; solange",
        ),
    ],
)
def test_a_return_of_nobody_is_told_with_what_is_known(office: Desk, more: dict[str, str], told: str) -> None:
    answers(
        office,
        returned(more.get("key", ""), SAWS, **{key: text for key, text in more.items() if key != "key"}),
    )
    (note,) = status(office)["notes"]
    assert told in note
    assert "?" not in note


def test_a_cover_may_spell_the_name_otherwise(desk: Desk) -> None:
    desk.settings()
    desk("round", "new", "2026", "--spec", SPEC)
    desk("mail", "drafts", "--recipients", desk.partners(("Träger Süd e. V.", "", "s@x.example")))
    desk("mail", "sent", "--all", "--yes")
    answers(desk, returned("k", SAWS, kind="organisation", label="TRAEGER Süd e.V."))
    found = status(desk)
    assert found["Träger Süd e. V."]["answer"] == "partly"
    assert found["notes"] == [
        "antwort.pdf: ein Formular ohne Kennung, nach dem Namen Träger Süd e. V. zugeordnet."
    ]


def test_somebody_elses_code_on_a_form_that_is_nobodys(office: Desk) -> None:
    answers(office, returned(new_token(), SAWS, mail_code=office.tokens["Träger A"]))
    assert any(
        "Im Betreff steht die Kennung von „Träger A“, das Formular aber gehört niemandem" in note
        for note in status(office)["notes"]
    )


def test_nothing_that_arrived_is_told_where_no_receipt_is_due(office: Desk) -> None:
    answers(office)
    assert "Keine Eingangsbestätigung nötig" in office("mail", "receipts")


def test_a_new_address_is_told_with_what_it_means(office: Desk) -> None:
    moved = office.partners(("Träger A", "Ada", "neu@eins.example"), *PARTNERS[1:])
    said = office("mail", "drafts", "--recipients", moved)
    assert "It counts as a new partner now, and its form shows nothing of what was reported before." in said


def test_a_clock_that_was_set_back_is_told(office: Desk) -> None:
    answers(office, returned(office.tokens["Träger A"], ALL))
    office.clock.now = dt.datetime(2026, 9, 1, 9, tzinfo=ZONE)
    said = office("round", "status", code=1)
    assert (
        "am 01.10.2026 hinaus, aber die Uhr dieses Rechners zeigt den 01.09.2026. Bitte die Uhr stellen"
        in said
    )
    assert reminded(office, "--after", "0") == []


@pytest.mark.parametrize("command", [("mail", "remind"), ("round", "status")], ids=" ".join)
def test_answers_of_long_ago_are_no_ground_for_reminders(office: Desk, command: tuple[str, str]) -> None:
    answers(office)
    assert "harvest run" not in office(*command)
    office.clock.now += dt.timedelta(days=9)
    assert "Das ist 10 Tage her; bitte zuerst `harvest run`, sonst fehlen neuere Antworten." in office(
        *command
    )


def test_every_partner_is_counted_once(office: Desk) -> None:
    token = office.tokens
    answers(office, returned(token["Träger A"], {"saws": "blank"}), returned(token["Träger B"], SAWS))
    said = office("round", "status")
    assert "3 Partner: 3 angeschrieben, 1 geantwortet, 1 ohne Antwort, 1 anzusehen, 0 unzustellbar." in said


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("5.1.1", "unzustellbar (diese Adresse gibt es nicht, 5.1.1)"),
        ("5.2.2", "unzustellbar (das Postfach ist voll, 5.2.2)"),
        ("5.7.26", "unzustellbar (vom Mailserver des Empfängers abgewiesen, 5.7.26)"),
        ("5.9.9", "unzustellbar (5.9.9)"),
    ],
)
def test_a_servers_code_is_told_in_words(office: Desk, code: str, told: str) -> None:
    path = bounce(office, code=subject_code(office.tokens["Träger A"]))
    path.write_text(path.read_text(encoding="utf-8").replace("5.1.1", code), encoding="utf-8")
    office("round", "bounces", path)
    assert told in office("round", "status", code=1)


def test_a_refused_call_opens_no_round(desk: Desk) -> None:
    """Else `formgen round new 2026 --due ...` would find the name taken."""
    listed = desk.partners(*PARTNERS)
    desk("mail", "drafts", "--recipients", listed, code=2)
    assert not list(desk.workspace.rounds.glob("*"))
    desk.settings()
    said = desk("mail", "drafts", "--recipients", listed)
    assert "The round 2026 was opened, without a last day for answers." in said
    assert "was opened" not in desk("mail", "drafts")
