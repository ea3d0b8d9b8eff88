"""An office with three partners and the mails between them; both commands by a clock that the test sets."""

from __future__ import annotations

import email
import email.policy
import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pikepdf

from harvest.commands.run import Request, harvest_returns
from spec.workspace import Workspace
from tests.formgen.mail.conftest import PARTNERS, SPEC, Desk

OFFICE = "stelle@amt.example"
A = PARTNERS[0][0]


def moment(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def filled(form: bytes, at: datetime | None, texts: Mapping[str, str]) -> bytes:
    """The form with these texts, by the end of the field's name; its clock says `at`."""
    with pikepdf.open(io.BytesIO(form)) as pdf:
        for page in pdf.pages:
            for widget in page.get("/Annots", []):
                name = str(widget.get("/T", ""))
                for end, text in texts.items():
                    if name.endswith(end):
                        widget.V = pikepdf.String(text)
        if at is not None:
            pdf.docinfo["/ModDate"] = at.strftime("D:%Y%m%d%H%M%SZ")
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def mail(sender: str, at: datetime, *forms: bytes, subject: str = "AW: Bogen", **headers: str) -> bytes:
    """A mail with forms attached; `headers` with `_` for the hyphens."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, OFFICE, subject
    message["Date"] = format_datetime(at)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Guten Tag")
    for number, form in enumerate(forms):
        message.add_attachment(form, maintype="application", subtype="pdf", filename=f"Bogen {number}.pdf")
    return message.as_bytes()


def bounce(original: bytes, at: datetime) -> bytes:
    """A delivery status notification (RFC 3464) with the whole mail that came back."""
    head = (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: {OFFICE}\r\nSubject: Undelivered Mail\r\n"
        f"Date: {format_datetime(at)}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="grenze"\r\n\r\n'
    )
    status = (
        "--grenze\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
        "--grenze\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; a@eins.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "--grenze\r\nContent-Type: message/rfc822\r\n\r\n"
    )
    return (head + status).encode() + original + b"\r\n--grenze--\r\n"


@dataclass
class Partners:
    """The office; what it harvests comes to its folder of returns."""

    desk: Desk

    @property
    def workspace(self) -> Workspace:
        return self.desk.workspace

    def on(self, at: datetime) -> None:
        self.desk.clock.now = at

    def write_to(self, name: str, at: datetime, *, sent: bool = True) -> None:
        """A round: opened, drafted, and sent by hand, on one day."""
        self.on(at)
        self.desk("round", "new", name, "--spec", SPEC)
        self.desk("mail", "drafts", "--recipients", self.desk.partners(*PARTNERS))
        if sent:
            self.desk("mail", "sent", "--all", "--yes")

    def form(self, name: str, partner: str = A) -> bytes:
        """The copy in the round's draft."""
        (path,) = (self.workspace.mail / name / "form-1").glob(f"{partner}*.eml")
        return attached(path.read_bytes())

    def draft(self, name: str, partner: str = A) -> bytes:
        (path,) = (self.workspace.mail / name / "form-1").glob(f"{partner}*.eml")
        return path.read_bytes()

    def drop(self, name: str, data: bytes, at: datetime) -> Path:
        self.workspace.returns.mkdir(parents=True, exist_ok=True)
        path = self.workspace.returns / name
        path.write_bytes(data)
        os.utime(path, (at.timestamp(),) * 2)
        return path

    def harvest(self, at: datetime | None = None) -> Any:
        if at is not None:
            self.on(at)
        return harvest_returns(Request(self.workspace, clock=lambda: self.desk.clock.now.astimezone(UTC)))[0]

    def twin(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.workspace.register_json.read_text(encoding="utf-8"))
        return found

    def values(self) -> list[dict[str, str]]:
        return [one["values"] for one in self.twin() if not one["nil"]]

    def status(self, name: str, partner: str = A) -> dict[str, Any]:
        found = self.desk.json("round", "status", "--round", name, code=None)
        return next(one for one in found["partners"] if one["organisation"] == partner)


def attached(message: bytes) -> bytes:
    (part,) = email.message_from_bytes(message, policy=email.policy.default).iter_attachments()
    content: bytes = part.get_content()
    return content
