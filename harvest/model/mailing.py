"""Rounds as the harvest sees them: when each opened, and how far the newest one's mails are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Mailed:
    """A partner in the newest round.

    Attributes:
        sent: how far the mail with the form is; `sent_on` is the day on which it went out.
        answer: `none`, `partly` or `wholly`.
        reminded: how many reminders were sent.
        undeliverable: what the bounce said; empty where none came.
    """

    sent: str
    sent_on: date | None
    answer: str
    reminded: int
    undeliverable: str


@dataclass(frozen=True, slots=True)
class Mailing:
    """All rounds, and the partners of the newest.

    Attributes:
        rounds: day of opening and name, the oldest first.
        partners: by the name that the office knows them by; empty where no mails were drafted.
    """

    rounds: tuple[tuple[date, str], ...] = ()
    partners: Mapping[str, Mailed] = field(default_factory=dict)

    def round_of(self, day: date | None) -> str:
        """The round that something of this day belongs to: the newest that had opened; empty before the first."""
        if day is None:
            return ""
        return next((name for opened, name in reversed(self.rounds) if opened <= day), "")
