"""What the commands of mails and rounds have in common: the office that they work in, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spec.console.screen import on_screen
from spec.workspace import Workspace

if TYPE_CHECKING:  # these would make every start wait
    from formgen.rounds.follow_up import Passed
    from formgen.rounds.office import RoundOffice
    from formgen.rounds.status import RoundStatus
    from spec.words import Words

#: so many partners are named for each reason
_FEW = 3
#: so many days after the last harvest somebody may have answered of whom nobody knows
_OLD = 2


def open_office(workspace: Path) -> RoundOffice:
    """The workspace with its settings, in the surroundings that `main` was given."""
    from formgen.mail.surroundings import Surroundings
    from formgen.rounds.office import RoundOffice

    around = click.get_current_context().find_object(Surroundings) or Surroundings()
    return RoundOffice.open(Workspace(workspace), around)


def words_of(office: RoundOffice) -> Words:
    """The words for the screen; the office's where the computer has no language."""
    from spec.words import words

    return on_screen(words(office.config.office.language))


def as_of(found: RoundStatus, today: date, words: Words) -> str:
    """How old is what is known of the answers; who answered since would be reminded."""
    if not found.answers_as_of:
        return words("round.say.no-answers")
    moment = datetime.fromisoformat(found.answers_as_of).astimezone()
    shown, days = moment.strftime(words.templates["date.minute"]), (today - moment.date()).days
    if days >= _OLD:
        return words("round.say.as-of-old", time=shown, count=days)
    return words("round.say.as-of", time=shown)


def named(names: Sequence[str], words: Words) -> str:
    """Few by name; more are counted."""
    if len(names) <= _FEW + 1:
        return ", ".join(names)
    return words("round.say.and-more", names=", ".join(names[:_FEW]), count=len(names) - _FEW)


def passed_over(passed: Sequence[Passed], after: int, words: Words) -> str:
    """Why nobody else is reminded, reason by reason."""
    form = words.templates["date.day"]
    told = []
    for why in dict.fromkeys(one.why for one in sorted(passed, key=lambda one: one.why.value)):
        names = [
            f"{one.partner.organisation} ({one.partner.last_mail.strftime(form)})"
            if one.partner.last_mail and why.value == "recent"
            else one.partner.organisation
            for one in passed
            if one.why is why
        ]
        days = {"after": after} if why.value == "recent" else {}
        told.append(words(f"mail.why.{why.value}", names=named(names, words), **days))
    return words("mail.say.not-reminded", reasons="; ".join(told))
