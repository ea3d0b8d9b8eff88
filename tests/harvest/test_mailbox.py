"""`harvest run --mailbox`, against a real Dovecot on loopback."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.results import Fate, RunResult
from harvest.workspace.default_sources import MailboxOptions, mailbox
from spec.errors import NothingDoneError, WrongInputError
from tests.harvest.offices import Office, filled
from tests.harvest.sources import dovecot
from tests.harvest.sources.full_mailbox import fill, harvest, office_for
from tests.harvest.sources.made import mail, raw


@pytest.fixture
def server() -> Iterator[dovecot.Mailbox]:
    with dovecot.running() as fresh:
        yield next(fresh)


@pytest.fixture
def office(tmp_path: Path, server: dovecot.Mailbox) -> Office:
    made = Office.at(tmp_path / "office")
    made.workspace.config.write_text(
        f'[mailbox]\nserver = "127.0.0.1"\nport = {server.port}\nuser = "{server.user}"\n'
        f'ca_file = "{server.ca_file.as_posix()}"\n',
        encoding="utf-8",
    )
    return made


def run(office: Office, **how: bool) -> RunResult:
    account = mailbox(office.workspace, MailboxOptions(), {"HARVEST_IMAP_PASSWORD": dovecot.PASSWORD})
    return harvest_returns(Request(office.workspace, mailbox=account, **how))[0]  # type: ignore[arg-type]


def test_a_mailbox_is_harvested_and_each_mail_read_once(office: Office, server: dovecot.Mailbox) -> None:
    data = filled("Träger A", {"wohnheim": [("Haus am Markt", "Frau A")]})
    server.deliver("1.a", raw(mail(("Bogen.pdf", data), subject="Unsere Antwort")))
    server.deliver("2.b", raw(mail(("Brief.docx", b"PK\x03\x04 word/"))))
    server.deliver("3.c", raw(mail()))

    dry, first, second = run(office, dry_run=True), run(office), run(office)

    assert (
        [one.fate for one in dry.outcomes] == [one.fate for one in first.outcomes] == [Fate.NEW, Fate.REFUSED]
    )
    assert second.outcomes == ()
    assert not second.changed
    source = office.entries()["Haus am Markt"]["sources"][0]
    assert source["file"] == "INBOX > Unsere Antwort, 2026-03-02 > Bogen.pdf"
    assert first.to_do["documents"] == 1


def test_mails_without_a_document_are_remembered_without_a_run(
    office: Office, server: dovecot.Mailbox
) -> None:
    server.deliver("1.a", raw(mail(("Bogen.pdf", filled("A", {"praxis": [("Praxis", "")]})))))
    run(office)
    server.deliver("2.b", raw(mail()))
    before = office.workspace.ledger.read_bytes()
    assert not run(office).changed
    remembered = office.workspace.ledger.read_bytes()
    assert not run(office).changed
    assert before != remembered == office.workspace.ledger.read_bytes()


def test_a_run_that_fails_reads_its_mails_again(
    office: Office, server: dovecot.Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver("1.a", raw(mail(("Bogen.pdf", filled("A", {"praxis": [("Praxis", "")]})))))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("harvest.workspace.register_on_disk.write_new", full)
        with pytest.raises(NothingDoneError):
            run(office)
    assert [one.fate for one in run(office).outcomes] == [Fate.NEW]


def test_nobody_said_which_mailbox(tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    with pytest.raises(WrongInputError, match=r"formgen\.toml"):
        mailbox(office.workspace, MailboxOptions(), {})
    with pytest.raises(WrongInputError, match="password"):
        mailbox(office.workspace, MailboxOptions("127.0.0.1", "nobody@example.org"), {})


def test_a_run_killed_among_many_mails_is_gone_on_with(tmp_path: Path, server: dovecot.Mailbox) -> None:
    """A small share of `benchmarks/mailbox.py`."""
    fill(server, mails=300, returns=6)
    office = office_for(server, tmp_path / "office")

    assert harvest(office, kill_after=3).code == -signal.SIGKILL
    assert office.workspace.ledger.exists()
    assert not office.workspace.register.exists()
    assert harvest(office).code == 0
    register = office.workspace.register.read_bytes()
    assert sorted(office.entries()) == sorted(f"Haus {number}" for number in range(49, 300, 50))
    assert len(list(office.workspace.originals.glob("*.pdf"))) == 6
    ledger = office.workspace.ledger.read_bytes()

    # all 300 are remembered: nothing is read, nothing is written
    assert harvest(office).code == 0
    assert office.workspace.ledger.read_bytes() == ledger
    assert office.workspace.register.read_bytes() == register
    assert set(server.flags()) == {""}
