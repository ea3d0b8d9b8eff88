"""All that a round's status is made from, and which of the returns are answers to it. Pure but for reading a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from formgen.mail.bounces import Bounce
from formgen.mail.draftbook import DraftBook
from formgen.mail.sentlog import SentLog
from formgen.rounds import Round
from spec.answers import ANSWERS_SHAPE, AnswersFile, WireAnswered, WireReturned
from spec.errors import NothingDoneError
from spec.rounds import Sending, round_by_then
from spec.storage.json_files import read_json_if_any
from spec.wire import CopyCode
from spec.workspace import Workspace

#: A clock may run ahead by a time zone; a date further ahead is a clock that is wrong.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class Notes:
    """What a person should know, in the words of `spec/words`, table `round.note`; here as key and values."""

    found: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def add(self, key: str, **values: str) -> None:
        """Keep one; what was said is not said again."""
        if (key, values) not in self.found:
            self.found.append((key, values))


@dataclass(frozen=True)
class Known:
    """All that a status is made from.

    Attributes:
        today: the office's day.
        codes: what the pages of copies and the subjects of mails carry -> whose it is, and for which round.
        sendings: token -> the rounds whose form went to that partner.
        drafted: rounds for which copies were made.
    """

    round: Round
    rounds: Sequence[Round]
    book: DraftBook
    log: SentLog
    answers: AnswersFile | None
    bounces: Sequence[Bounce]
    today: date
    codes: Mapping[str, CopyCode] = field(default_factory=dict)
    sendings: Mapping[str, tuple[Sending, ...]] = field(default_factory=dict)
    drafted: frozenset[str] = frozenset()
    note: Notes = field(default_factory=Notes)

    def starts(self) -> Iterator[Sending]:
        """When each round's first form went out. One without copies began when it was opened; unsent copies begin none."""
        first: dict[str, date] = {}
        for one in (one for those in self.sendings.values() for one in those):
            first[one.round] = min(first.get(one.round, one.since), one.since)
        for round_ in self.rounds:
            if round_.name in first or round_.name not in self.drafted:
                yield Sending(first.get(round_.name, round_.opened), round_.name)

    def token_of(self, code: str) -> str:
        """Whose a code is; as it stands where nobody knows it."""
        return self.codes[code].token if code in self.codes else code


def returns_of_round(known: Known) -> tuple[WireReturned, ...]:
    """What belongs to the round: answers on its own copies; of older copies, those that came when it was the newest sent."""
    if known.answers is None:
        return ()
    found = []
    for one in known.answers.returns:
        day = _day(one, known.today)
        answered = tuple(
            said for said in one.answered if _round_of(said, one, day, known) == known.round.name
        )
        if answered:
            found.append(one.model_copy(update={"answered": answered}))
        elif not one.answered and _round_of_mail(one, day, known) == known.round.name:
            found.append(one)
    return tuple(found)


def _day(one: WireReturned, today: date) -> date:
    """By the newest believable of its clocks.

    A partner's clock may stand years behind; then the mail's date speaks for it. A date in the future is none.
    """
    latest = datetime.combine(today, datetime.max.time(), UTC) + _AHEAD
    clocks = [
        moment
        for text in (one.at, one.mail_at)
        if text is not None and (moment := datetime.fromisoformat(text)) <= latest
    ]
    return max(clocks).astimezone().date() if clocks else today


def _round_of(said: WireAnswered, one: WireReturned, day: date, known: Known) -> str:
    if said.kind != "token":
        return _round_of_mail(one, day, known)
    return _round_of_code(said.code or said.key, day, known)


def _round_of_code(code: str, day: date, known: Known) -> str:
    owner = known.codes.get(code)
    if owner is None:
        return round_by_then(known.starts(), day)
    return owner.round or round_by_then(known.sendings.get(owner.token, ()), day)


def _round_of_mail(one: WireReturned, day: date, known: Known) -> str:
    """Of what does not say whose it is: by the code of the mail's subject, else by what had been sent at all."""
    if one.mail_code in known.codes:
        return _round_of_code(one.mail_code, day, known)
    return round_by_then(known.starts(), day)


def read_answers(workspace: Workspace) -> AnswersFile | None:
    """What the harvest last saw; None where it never ran.

    Raises:
        NothingDoneError: the file can't be read; reminding without it would remind those who answered.
    """
    path = workspace.answers
    found = read_json_if_any(
        path,
        AnswersFile.model_validate_json,
        NothingDoneError,
        "The harvest's list of answers can't be read.",
        "Run `harvest run` again; update formgen.",
    )
    if found is None:
        if workspace.ledger.exists():
            raise NothingDoneError(
                str(path), "The harvest's list of answers is not there.", "Run `harvest run` first."
            )
        return None
    if found.shape > ANSWERS_SHAPE:
        raise NothingDoneError(str(path), "A newer version of harvest wrote this file.", "Update formgen.")
    return found
