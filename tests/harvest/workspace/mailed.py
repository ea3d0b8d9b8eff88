"""What `formgen` would have written of rounds and mails."""

from __future__ import annotations

from datetime import date

from spec.names import new_token
from spec.wire import PartnersFile, RecipientsFile, WirePartner, WireRecipient, WireRound
from tests.harvest.offices import Office

NAMES = ("Ganz", "Nichts", "Zurück")
TOKENS = {name: new_token() for name in NAMES}


def open_round(office: Office, name: str, day: date) -> None:
    office.workspace.rounds.mkdir(exist_ok=True)
    (office.workspace.rounds / f"{name}.json").write_text(WireRound(name=name, opened=day).to_json(), "utf-8")


def send(office: Office, name: str) -> None:
    """The list of recipients, and how far the round's mails are."""
    rows = (
        WireRecipient(
            token=TOKENS[one], organisation=one, person="", email=f"{one}@a.example", categories=(),
            language="de", note="", listed=True, edition="", file="",
        )
        for one in NAMES
    )  # fmt: skip
    office.workspace.recipients.write_text(RecipientsFile(shape=1, recipients=tuple(rows)).to_json(), "utf-8")
    partners = tuple(
        WirePartner(
            token=TOKENS[one],
            categories=("wohnheim", "praxis"),
            sent="sent",
            sent_on=date(2026, 1, 5),
            reminded=2 if one == "Nichts" else 0,
            undeliverable="5.1.1" if one == "Zurück" else "",
        )
        for one in NAMES
    )
    folder = office.workspace.mail / name
    folder.mkdir(parents=True)
    (folder / "partners.json").write_text(PartnersFile(partners=partners).to_json(), "utf-8")
