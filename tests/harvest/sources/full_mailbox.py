"""A mailbox as offices have them: thousands of mails, a few returns among them; harvested in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from tests.harvest.offices import Office, filled
from tests.harvest.sources import dovecot

_LOGO = b"\x89PNG\r\n\x1a\n" + b"\0" * 3000


@dataclass(frozen=True)
class Measured:
    """How a run ended, and what it took: seconds by the clock, seconds of CPU, MiB of its largest process."""

    code: int
    clock: float
    cpu: float
    mebibytes: float


def fill(box: dovecot.Mailbox, mails: int, returns: int) -> None:
    """Put mails straight into the Maildir, returns evenly among them; each return is another partner's."""
    for room in ("cur", "new", "tmp"):
        (box.maildir / room).mkdir(parents=True, exist_ok=True)
    every = mails // returns
    for number in range(mails):
        mail = _returned(number) if number % every == every - 1 else _ordinary(number)
        (box.maildir / "new" / f"{1_700_000_000 + number}.m{number}.office").write_bytes(mail)
    dovecot.give(box.maildir)


def _headed(number: int, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Stelle {number} <s{number}@traeger.example>", "buero@amt.example"
    mail["Subject"], mail["Message-ID"] = subject, f"<{number}@traeger.example>"
    mail["Date"] = "Fri, 02 Jan 2026 10:00:00 +0100"
    return mail


def _ordinary(number: int) -> bytes:
    mail = _headed(number, f"Besprechung {number}")
    mail.set_content(f"Guten Tag,\n\nes bleibt bei Termin {number}.\n" * (1 + number % 20))
    if number % 3 == 0:
        mail.add_alternative(f"<p>Termin <b>{number}</b></p>", subtype="html")
    if number % 7 == 0:
        mail.add_attachment(_LOGO, maintype="image", subtype="png", filename="logo.png", disposition="inline")
    return mail.as_bytes()


def _returned(number: int) -> bytes:
    mail = _headed(number, "AW: Checkliste")
    mail.set_content("Anbei.")
    data = filled(f"Stelle {number}", {"wohnheim": [(f"Haus {number}", f"0241 {number}")]}, 1 + number % 28)
    mail.add_attachment(data, maintype="application", subtype="pdf", filename="Bogen.pdf")
    return mail.as_bytes()


def office_for(box: dovecot.Mailbox, root: Path) -> Office:
    """An office that reads this mailbox."""
    office = Office.at(root)
    office.workspace.config.write_text(
        f'[mailbox]\nserver = "127.0.0.1"\nport = {box.port}\nuser = "{box.user}"\n'
        f'ca_file = "{box.ca_file.as_posix()}"\n',
        encoding="utf-8",
    )
    return office


def harvest(office: Office, *, kill_after: int = 0) -> Measured:
    """`harvest run --mailbox`; with `kill_after`, SIGKILL as soon as so many originals are kept."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from harvest.cli import main; main()",
            "run",
            "--mailbox",
            "--workspace",
            str(office.workspace.root),
        ],
        env={**os.environ, "HARVEST_IMAP_PASSWORD": dovecot.PASSWORD},
        stdout=subprocess.DEVNULL,
    )
    if kill_after:
        originals = office.workspace.originals
        while not originals.exists() or len(list(originals.glob("*.pdf"))) < kill_after:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    clock = time.perf_counter() - start
    return Measured(process.returncode, clock, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
