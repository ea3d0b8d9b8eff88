"""A form that comes back as it was sent is no newer statement, and only copies of a round are answered in it."""

from __future__ import annotations

import io
import itertools
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvest.commands.decide import Wanted, decide
from harvest.commands.export import export_register
from harvest.commands.run import Request, harvest_returns
from harvest.history.undo import undo
from harvest.reading.fields import fast_reader
from harvest.reading.model.edition_geometry import Blanks
from harvest.reading.page.sent_drawings import sent_of
from harvest.state.editions import load_editions
from harvest.workspace.default_sources import MailboxOptions, mailbox
from spec.errors import WrongInputError
from spec.names import subject_code
from spec.storage.sent_forms import SentFile
from spec.workspace import Workspace
from tests.contract.partners import OFFICE, A, Partners, bounce, filled, mail, moment
from tests.formgen.mail.conftest import PARTNERS, SPEC, Desk
from tests.harvest.sources.dovecot import PASSWORD as IMAP_PASSWORD
from tests.harvest.sources.dovecot import Mailbox, running

SAW = {"_saws_r01_state": "gut", "_saws_r01_machine": "Bandsäge"}
FROM_A = "Ada <a@eins.example>"
SPRING = moment(2027, 10, 1)


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Partners:
    """A answered in 2026; the copies of 2027 show it and were sent on 1 October 2027."""
    office = Partners(Desk(Workspace(tmp_path / "büro"), capsys))
    office.desk.settings()
    office.write_to("2026", moment(2026, 10, 1))
    office.drop("a.pdf", filled(office.form("2026"), moment(2026, 10, 20), SAW), moment(2026, 10, 21))
    office.harvest(moment(2026, 10, 22))
    assert office.values() == [{"machine": "Bandsäge", "state": "gut"}]
    office.write_to("2027", SPRING)
    return office


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Iterator[Mailbox]]:
    with running() as boxes:
        yield boxes


def zipped(*files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, data in enumerate(files):
            archive.writestr(f"{number}.pdf", data)
    return out.getvalue()


# ---------------------------------------------------------------- what was sent


def test_each_form_is_recorded_with_whose_it_is_and_stays_recorded(office: Partners) -> None:
    def records() -> SentFile:
        return SentFile.model_validate_json(office.workspace.sent.read_bytes())

    token = office.desk.tokens[A]
    found = [one for one in records().sent if one.token == token]
    assert [(one.round, str(one.day)) for one in found] == [("2026", "2026-10-01"), ("2027", "2027-10-01")]
    assert [one.code for one in found] == [office.desk.codes(name)[A] for name in ("2026", "2027")]
    before = records().sent
    office.on(moment(2027, 10, 2))
    office.desk(
        "mail",
        "drafts",
        "--recipients",
        office.desk.partners(("Träger Neu", "Ada", "a@eins.example"), *PARTNERS[1:]),
    )
    assert records().sent[: len(before)] == before
    assert len(records().sent) == len(before) + 1


def test_what_lies_in_an_older_workspace_is_recorded_at_first_sight(office: Partners) -> None:
    wanted = {
        one.sha256
        for one in SentFile.model_validate_json(office.workspace.sent.read_bytes()).sent
        if one.token
    }
    office.workspace.sent.unlink()
    office.harvest(moment(2027, 10, 2))
    found = SentFile.model_validate_json(office.workspace.sent.read_bytes()).sent
    assert wanted <= {one.sha256 for one in found}
    assert {one.round for one in found if one.token} >= {"2026", "2027"}


# ---------------------------------------------------------------- never newer

CHANGED = {"_saws_r01_state": "schlecht"}


@pytest.mark.parametrize("way", ["mail", "zip", "beside", "later reply", "bounce"])
def test_the_form_as_it_was_sent_never_overrules_the_filled_one(office: Partners, way: str) -> None:
    own = office.form("2027")
    answer = filled(own, moment(2027, 10, 10), CHANGED)
    on = moment(2027, 10, 11)
    if way == "mail":
        office.drop("m.eml", mail(FROM_A, on, answer, own), on)
    elif way == "zip":
        office.drop("z.zip", zipped(answer, own), on)
    else:
        office.drop("filled.pdf", answer, on)
        later = moment(2027, 10, 20)
        other = {
            "beside": own,
            "later reply": mail(FROM_A, later, own),
            "bounce": bounce(mail(OFFICE, later, own, subject="Bogen"), later),
        }[way]
        office.drop("own.pdf" if way == "beside" else "own.eml", other, later)
    result = office.harvest(moment(2027, 11, 1))
    assert office.values() == [{"machine": "Bandsäge", "state": "schlecht"}]
    (entry,) = office.twin()
    assert entry["confirmed"].startswith("2027-10-10")
    # of the filled one is told that it shows the old words; of the form as it was sent, nothing
    assert result.to_do["documents"] == 1


def test_mailed_by_the_partner_it_confirms_where_nothing_else_came(office: Partners) -> None:
    office.drop("m.eml", mail(FROM_A, moment(2027, 10, 20), office.form("2027")), moment(2027, 10, 20))
    result = office.harvest(moment(2027, 11, 1))
    (entry,) = office.twin()
    assert entry["confirmed"].startswith("2027-10-01")
    assert office.status("2027")["answer"] == "partly"
    assert result.to_do["documents"] == 0


def test_saved_by_hand_it_is_asked_about_until_the_mail_is_there(office: Partners) -> None:
    own = office.form("2027")
    office.drop("own.pdf", own, moment(2027, 10, 20))
    result = office.harvest(moment(2027, 11, 1))
    assert [one.code for outcome in result.outcomes for one in outcome.problems] == []
    assert result.to_do["documents"] == 1
    assert office.twin()[0]["confirmed"].startswith("2026")
    assert office.status("2027")["answer"] == "none"
    office.drop("m.eml", mail(FROM_A, moment(2027, 10, 20), own), moment(2027, 10, 20))
    assert office.harvest(moment(2027, 11, 2)).to_do["documents"] == 0
    assert office.twin()[0]["confirmed"].startswith("2027-10-01")


@pytest.mark.parametrize(("way", "answer"), [("by hand", "none"), ("zip", "none"), ("mail", "blank")])
def test_an_empty_form_came_back_only_where_the_partner_mailed_it(
    office: Partners, way: str, answer: str
) -> None:
    """Saved by hand it is what the office has anyway: nothing to ask about, and the partner still owes an answer."""
    form, day = office.form("2027", "Träger B"), moment(2027, 10, 20)
    office.drop(
        *{
            "by hand": ("b.pdf", form),
            "zip": ("b.zip", zipped(form)),
            "mail": ("b.eml", mail("b@zwei.example", day, form)),
        }[way],
        day,
    )
    assert office.harvest(moment(2027, 11, 1)).to_do["documents"] == 0
    status = office.status("2027", "Träger B")
    assert (status["answer"], status["owes"]) == (answer, answer == "none")
    office.drop("later.eml", mail("b@zwei.example", day, form), day)
    office.harvest(moment(2027, 11, 2))
    assert office.status("2027", "Träger B")["answer"] == "blank"


def test_mails_of_the_office_are_known_while_its_settings_have_a_fault(office: Partners) -> None:
    """What only looks goes on, and shows what the register shows."""
    day = moment(2027, 10, 20)
    office.drop("m.eml", mail(f"Koordination <{OFFICE}>", day, office.form("2027")), day)
    office.harvest(moment(2027, 11, 1))
    settings = office.workspace.config
    settings.write_text(settings.read_text(encoding="utf-8") + "\n[unknown]\n", encoding="utf-8")
    found = json.loads(export_register(office.workspace, "json", None) or b"")
    assert [one["confirmed"][:4] for one in found] == ["2026"]


@pytest.mark.parametrize("confirms", [True, False])
def test_saved_by_hand_a_person_says_once_what_it_means(office: Partners, confirms: bool) -> None:
    office.drop("own.pdf", office.form("2027"), moment(2027, 10, 20))
    office.harvest(moment(2027, 11, 1))
    decide(office.workspace, Wanted("own.pdf", confirms=confirms))
    assert office.harvest(moment(2027, 11, 2)).to_do["documents"] == 0
    assert office.twin()[0]["confirmed"].startswith("2027-10-01") == confirms
    assert office.status("2027")["answer"] == ("partly" if confirms else "none")
    undo(office.workspace)
    assert office.twin()[0]["confirmed"].startswith("2026")
    with pytest.raises(WrongInputError, match="own"):
        decide(office.workspace, Wanted("other.pdf", confirms=True))


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        (f"Koordination <{OFFICE}>", {}),
        (FROM_A, {"Auto_Submitted": "auto-replied"}),
        (FROM_A, {"X_Autoreply": "yes"}),
        (FROM_A, {"Return_Path": "<>"}),
        ("MAILER-DAEMON@mx.example", {}),
        ("postmaster@mx.example", {"X_Failed_Recipients": "a@eins.example"}),
    ],
)
def test_what_nobody_wrote_confirms_nothing(office: Partners, sender: str, headers: dict[str, str]) -> None:
    day = moment(2027, 10, 20)
    office.drop("m.eml", mail(sender, day, office.form("2027"), **headers), day)
    result = office.harvest(moment(2027, 11, 1))
    assert office.twin()[0]["confirmed"].startswith("2026")
    assert office.status("2027")["answer"] == "none"
    assert result.to_do["documents"] == 0


def test_a_form_that_a_bounce_cut_off_is_no_answer_and_nothing_to_mend(office: Partners) -> None:
    day, own = moment(2027, 10, 20), office.form("2027")
    office.drop("m.eml", bounce(mail(OFFICE, day, own[: len(own) * 3 // 4], subject="Bogen"), day), day)
    assert office.harvest(moment(2027, 11, 1)).to_do["documents"] == 0
    assert office.status("2027")["answer"] == "none"


def test_a_filled_form_counts_whatever_brought_it(office: Partners) -> None:
    day = moment(2027, 10, 20)
    answer = filled(office.form("2027"), moment(2027, 10, 19), CHANGED)
    office.drop("m.eml", mail("scanner@amt.example", day, answer, Auto_Submitted="auto-generated"), day)
    office.harvest(moment(2027, 11, 1))
    assert office.values() == [{"machine": "Bandsäge", "state": "schlecht"}]


def test_order_changes_nothing_and_undo_is_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen = set()
    base = Partners(Desk(Workspace(tmp_path / "start"), capsys))
    base.desk.settings()
    base.write_to("2026", moment(2026, 10, 1))
    base.drop("a.pdf", filled(base.form("2026"), moment(2026, 10, 20), SAW), moment(2026, 10, 21))
    base.harvest(moment(2026, 10, 22))
    base.write_to("2027", SPRING)
    own = base.form("2027")
    day = moment(2027, 10, 20)
    ways = {
        "own.pdf": own,
        "bounce.eml": bounce(mail(OFFICE, day, own, subject="Bogen"), day),
        "reply.eml": mail(FROM_A, day, own),
    }
    for number, order in enumerate(itertools.permutations(ways)):
        office = Partners(Desk(Workspace(tmp_path / str(number)), capsys))
        shutil.copytree(base.workspace.root, office.workspace.root)
        for name in order:
            office.drop(name, ways[name], day)
            result = office.harvest(moment(2027, 11, 1))
        seen.add(json.dumps([(one["values"], one["confirmed"], one["status"]) for one in office.twin()]))
        if order[-1] == "reply.eml":
            undo(office.workspace)
            assert office.twin()[0]["confirmed"].startswith("2026")
            assert result.changed
    assert len(seen) == 1
    assert "2027-10-01" in seen.pop()


# ---------------------------------------------------------------- whose round


def test_the_copy_of_an_older_round_answers_that_round(office: Partners) -> None:
    late = filled(office.form("2026", "Träger B"), moment(2027, 11, 5), SAW)
    office.drop("b.eml", mail("b@zwei.example", moment(2027, 11, 5), late), moment(2027, 11, 5))
    office.harvest(moment(2027, 11, 6))
    assert office.status("2026", "Träger B")["answer"] == "partly"
    assert office.status("2027", "Träger B")["answer"] == "none"


def test_the_copy_of_an_older_round_is_compared_with_the_one_that_was_sent(office: Partners) -> None:
    """The pages of the newest copy carry another code, and other rows."""
    known = load_editions(office.workspace, {})
    for name in ("2026", "2027"):
        paths = known.drawings.copies[known.newest.edition][office.desk.codes(name)[A]]
        assert paths[0].read_bytes() == office.form(name)
    sent = sent_of(Blanks.of(known.by_id.values(), known.drawings))
    answer = filled(office.form("2026"), moment(2027, 10, 10), {"_lathes_r01_machine": "Drehbank"})
    # whose pages it knows all, it takes for a plain return, without a look at them
    assert fast_reader.extract(answer, sent).fields


def test_the_copy_of_a_round_answers_it_also_before_it_was_said_to_be_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Partners(Desk(Workspace(tmp_path / "büro"), capsys))
    office.desk.settings()
    office.write_to("2026", moment(2026, 10, 1))
    office.write_to("2027", moment(2027, 10, 1), sent=False)
    answer = filled(office.form("2027"), moment(2027, 9, 30), SAW)
    office.drop("a.eml", mail(FROM_A, moment(2027, 9, 30), answer), moment(2027, 9, 30))
    office.harvest(moment(2027, 10, 3))
    assert office.status("2027")["answer"] == "partly"
    assert office.status("2026")["answer"] == "none"


def older_copy(office: Partners) -> bytes:
    """The copy as older versions made it: its pages carry the token."""
    body = json.loads(office.workspace.recipients.read_text(encoding="utf-8"))
    for one in body["recipients"]:
        one["codes"] = {}
    office.workspace.recipients.write_text(json.dumps(body), encoding="utf-8")
    office.desk("build", "--recipients", office.desk.partners(*PARTNERS), "--spec", SPEC)
    (path,) = office.workspace.forms.glob(f"*/{A}.pdf")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("answered", "round_"),
    [((2026, 11, 1), "2026"), ((2027, 9, 20), "2026"), ((2027, 10, 10), "2026"), ((2027, 11, 5), "2027")],
)
def test_an_older_copy_answers_what_had_been_sent_by_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answered: tuple[int, int, int], round_: str
) -> None:
    office = Partners(Desk(Workspace(tmp_path / "büro"), capsys))
    office.desk.settings()
    office.write_to("2026", moment(2026, 10, 1))
    # opened in September, drafted and sent on 1 November
    office.on(moment(2027, 9, 15))
    office.desk("round", "new", "2027", "--spec", SPEC)
    office.on(moment(2027, 11, 1))
    office.desk("mail", "drafts", "--recipients", office.desk.partners(*PARTNERS))
    office.desk("mail", "sent", "--all", "--yes")
    answer = filled(older_copy(office), moment(*answered), SAW)
    office.drop("a.eml", mail(FROM_A, moment(*answered), answer), moment(*answered))
    office.harvest(moment(2027, 12, 1))
    found = {name: office.status(name)["answer"] for name in ("2026", "2027")}
    assert found == {"2026": "none", "2027": "none", round_: "partly"}


def test_the_reporter_and_the_ids_stay_over_the_rounds(office: Partners) -> None:
    before = [one["id"] for one in office.twin()]
    answer = filled(office.form("2027"), moment(2027, 10, 19), CHANGED)
    office.drop("a.pdf", answer, moment(2027, 10, 20))
    office.harvest(moment(2027, 11, 1))
    assert [one["id"] for one in office.twin()] == before
    assert office.status("2027")["answer"] == "partly"


# ---------------------------------------------------------------- the weekly steps, with a real mailbox


def test_the_weekly_steps_leave_undeliverable_what_is(
    office: Partners, mailboxes: Iterator[Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, day = next(mailboxes), moment(2027, 10, 2)
    settings = office.workspace.config.read_text(encoding="utf-8")
    more = f'\n[mailbox]\nserver = "127.0.0.1"\nport = {box.port}\nuser = "{box.user}"\nca_file = "{box.ca_file.as_posix()}"\n'
    office.workspace.config.write_text(settings + more, encoding="utf-8")
    subject = f"Bogen {subject_code(office.desk.codes('2027')[A])}"
    sent = mail(f"Koordination <{OFFICE}>", day, office.form("2027"), subject=subject)
    from_elsewhere = mail("Frau Meier <meier@privat.example>", day, office.form("2027"), subject=subject)
    absent = mail("c@drei.example", day, office.form("2027", "Träger C"), Auto_Submitted="auto-replied")
    arrived = box.deliver("1.bounce", bounce(sent, day))
    os.utime(arrived, (day.timestamp(),) * 2)
    box.deliver("2.absent", absent)
    box.deliver("3.copy", sent)
    box.deliver("4.sent", from_elsewhere, ".Sent")
    environ = {"HARVEST_IMAP_PASSWORD": IMAP_PASSWORD, "HARVEST_IMAP_FOLDERS": "INBOX,Sent"}
    office.desk.environ |= environ
    office.on(moment(2027, 10, 8))

    office.desk("round", "bounces")
    account = mailbox(office.workspace, MailboxOptions(), environ)
    request = Request(office.workspace, mailbox=account, clock=lambda: moment(2027, 10, 8))
    assert harvest_returns(request)[0].to_do["documents"] == 0

    assert office.status("2027")["undeliverable"] == "5.1.1"
    assert [office.status("2027", name)["answer"] for name, *_ in PARTNERS] == ["none"] * 3
    assert office.twin()[0]["confirmed"].startswith("2026")
    assert (office.status("2027", "Träger C")["owes"], office.status("2027")["owes"]) == (True, False)
