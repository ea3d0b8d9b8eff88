"""What `formgen` wrote of rounds and mails, together with what came back: who answered in the newest round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from harvest.ledger import StoredReturn
from harvest.model import Mailed, Mailing, ReporterKind, Submission
from spec.errors import WrongInputError
from spec.rounds import Sending, round_by_then
from spec.storage.json_files import read_json
from spec.wire import PartnersFile, WireRound
from spec.workspace import Workspace

_Shape = TypeVar("_Shape", WireRound, PartnersFile)


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds, the oldest first, and the partners of the newest as its mails know them.

    Attributes:
        sendings: token -> the rounds whose form went to that partner, or may have.
        starts: when each round's first form went out, or it was opened where no mails are known of it.
    """

    rounds: tuple[WireRound, ...] = ()
    partners: PartnersFile = field(default_factory=PartnersFile)
    sendings: Mapping[str, tuple[Sending, ...]] = field(default_factory=dict)
    starts: tuple[Sending, ...] = ()

    def round_by(self, day: date) -> str:
        """The round that something of this day belongs to which is no partner's; empty before the first."""
        return round_by_then(self.starts, day)


def load_rounds(workspace: Workspace) -> Rounds:
    """What `formgen` wrote; nothing where it opened no round.

    Raises:
        WrongInputError: a file can't be read.
    """
    found = [_read(path, WireRound) for path in sorted(workspace.rounds.glob("*.json"))]
    rounds = tuple(sorted(found, key=lambda one: (one.opened, one.name)))
    sendings: dict[str, list[Sending]] = defaultdict(list)
    starts: list[Sending] = []
    partners = PartnersFile()
    for one in rounds:
        path = workspace.mail / one.name / "partners.json"
        partners = _read(path, PartnersFile) if path.exists() else PartnersFile()
        days = {row.token: day for row in partners.partners if (day := row.since or row.sent_on)}
        for token, day in sorted(days.items()):
            sendings[token].append(Sending(day, one.name))
        if days or not partners.partners:
            starts.append(Sending(min(days.values(), default=one.opened), one.name))
    ordered = {token: tuple(those) for token, those in sendings.items()}
    return Rounds(rounds, partners, ordered, tuple(sorted(starts)))


def _read(path: Path, shape: type[_Shape]) -> _Shape:
    return read_json(
        path,
        shape.model_validate_json,
        WrongInputError,
        "This file of a round can't be read ({reason}).",
        "Restore it from a backup; a newer version of the program may have written it.",
    )


def mailing_of(known: Rounds, labels: Mapping[str, str], said: Sequence[Submission]) -> Mailing:
    """How the rounds stand; who was forgotten has no label and is left out."""
    rounds = tuple((one.since, one.round) for one in known.starts)
    if not known.rounds:
        return Mailing()
    newest = known.rounds[-1].name
    answered: dict[str, set[str]] = defaultdict(set)
    for one in said:
        if one.reporter.kind is ReporterKind.TOKEN and one.round == newest:
            answered[one.reporter.key] |= {sheet.category for sheet in one.sheets if not sheet.blank}
    partners = {
        labels[one.token]: Mailed(
            one.sent,
            one.sent_on,
            _answer(answered[one.token], one.categories),
            one.reminded,
            one.undeliverable,
        )
        for one in known.partners.partners
        if one.token in labels
    }
    answers = {
        (one.return_id, one.reporter.label): one.round
        for one in said
        if one.reporter.kind is ReporterKind.TOKEN
    }
    return Mailing(rounds, partners, answers)


def answered_on(one: StoredReturn) -> date:
    """The day of the newest mail that brought it: clocks of those who fill in forms may be wrong. Without one, its own."""
    times = [way.mail_time for way in one.document.sightings if way.mail_time]
    return (max(times) if times else one.moment.at).astimezone().date()


def _answer(answered: set[str], asked: Iterable[str]) -> str:
    if not answered:
        return "none"
    return "wholly" if answered.issuperset(asked) else "partly"
