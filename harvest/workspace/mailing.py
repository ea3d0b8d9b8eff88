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
from spec.jsonfiles import read_json
from spec.wire import PartnersFile, WireRound
from spec.workspace import Workspace

_Shape = TypeVar("_Shape", WireRound, PartnersFile)


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds, the oldest first, and the partners of the newest as its mails know them."""

    rounds: tuple[WireRound, ...] = ()
    partners: PartnersFile = field(default_factory=PartnersFile)


def load_rounds(workspace: Workspace) -> Rounds:
    """What `formgen` wrote; nothing where it opened no round.

    Raises:
        WrongInputError: a file can't be read.
    """
    found = [_read(path, WireRound) for path in sorted(workspace.rounds.glob("*.json"))]
    rounds = tuple(sorted(found, key=lambda one: (one.opened, one.name)))
    path = workspace.mail / rounds[-1].name / "partners.json" if rounds else None
    if path is None or not path.exists():
        return Rounds(rounds)
    return Rounds(rounds, _read(path, PartnersFile))


def _read(path: Path, shape: type[_Shape]) -> _Shape:
    return read_json(
        path,
        shape.model_validate_json,
        WrongInputError,
        "This file of a round can't be read ({reason}).",
        "Restore it from a backup; a newer version of the program may have written it.",
    )


def mailing_of(
    known: Rounds, labels: Mapping[str, str], returns: Iterable[StoredReturn], said: Sequence[Submission]
) -> Mailing:
    """How the rounds stand; who was forgotten has no label and is left out."""
    rounds = tuple((one.opened, one.name) for one in known.rounds)
    if not rounds:
        return Mailing()
    mails = {one.document.sha256: _mailed_on(one) for one in returns}
    answered: dict[str, set[str]] = defaultdict(set)
    for one in said:
        day = mails.get(one.return_id) or one.moment.at.astimezone().date()
        if one.reporter.kind is ReporterKind.TOKEN and day >= rounds[-1][0]:
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
    return Mailing(rounds, partners)


def _mailed_on(one: StoredReturn) -> date | None:
    """The day of the newest mail that brought it: clocks of those who fill in forms may be wrong."""
    times = [way.mail_time for way in one.document.sightings if way.mail_time]
    return max(times).astimezone().date() if times else None


def _answer(answered: set[str], asked: Iterable[str]) -> str:
    if not answered:
        return "none"
    return "wholly" if answered.issuperset(asked) else "partly"
