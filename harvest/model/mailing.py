"""Rounds as the harvest sees them: when each opened, and how far the newest one's mails are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
        rounds: the day on which its first form went out, and name, the oldest first.
        partners: by the name that the office knows them by; empty where no mails were drafted.
        answers: (return, reporter's label) -> the round that it answers, for copies with a code.
    """

    rounds: tuple[tuple[date, str], ...] = ()
    partners: Mapping[str, Mailed] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def round_of(self, day: date | None, sources: Iterable[tuple[str, str]] = ()) -> str:
        """The round in which something was said: that of the copies on which it was, else the newest sent by then.

        Args:
            day: when; None: never.
            sources: the returns that say it, each with its reporter's label; none: people's own words.
        """
        order = {name: place for place, (_, name) in enumerate(self.rounds)}
        if named := {self.answers[one] for one in sources if one in self.answers}:
            return max(named, key=lambda name: (order.get(name, -1), name))
        if day is None:
            return ""
        return next((name for opened, name in reversed(self.rounds) if opened <= day), "")
