"""The office's own forms among what came in: a form that comes back as it was sent is no newer statement. Pure.

A file that is byte for byte one of those that may have been sent is as old as its making. It confirms what it shows where
nothing else of that partner counts for that round and the partner mailed it. What everybody's mail programs and servers
bring back by themselves confirms nothing. All of it follows from the set of all ways on which a file came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from email.utils import parseaddr
from types import MappingProxyType
from typing import NamedTuple

from harvest.ledger import StoredReturn
from harvest.model import (
    Carrier,
    Decision,
    DecisionKind,
    Moment,
    Problem,
    Provenance,
    Reporter,
    ReporterKind,
    Severity,
    Submission,
    TimeSource,
)
from harvest.problems import problem

#: What `formgen` calls itself in the files that it makes; a partner's program writes a date when it saves.
_MAKER = "formgen"
#: What is told of a form that answers nothing.
OWN = frozenset({"own-form", "own-form-back", "own-form-by-hand"})
#: Nobody speaks in these.
SILENT = frozenset({Carrier.BOUNCE, Carrier.AUTOMATIC, Carrier.SENT})


class MadeForm(NamedTuple):
    """A form that may have been sent: when it was made, whose copy it is (empty: nobody's), for which round."""

    day: date
    token: str
    round: str


@dataclass(frozen=True, slots=True)
class OwnForms:
    """What the office sends, and from where.

    Attributes:
        made: hash -> what was recorded of the form, the oldest first.
        senders: the office's own addresses, in lower case.
        recipients: token -> the recipient's address, in lower case.
    """

    made: Mapping[str, tuple[MadeForm, ...]] = field(default_factory=dict)
    senders: Collection[str] = ()
    recipients: Mapping[str, str] = field(default_factory=dict)

    def dated(self, one: StoredReturn) -> StoredReturn:
        """The return with its time; a form as it was sent is of the day of its making."""
        if made := self.made.get(one.document.sha256):
            at = datetime.combine(made[0].day, time(), UTC)
            return replace(one, moment=Moment(at, TimeSource.MADE))
        return one

    def carrier(self, way: Provenance, token: str = "") -> Carrier:
        """What brought a file on this way, for the copy of this recipient.

        A mail from elsewhere in the office's own house may be a colleague's who sent the form: nobody knows.
        """
        if way.carrier is not Carrier.MAIL:
            return way.carrier
        sender = _address(way.mail_from)
        partner = self.recipients.get(token, "")
        if sender in self.senders and sender != partner:
            return Carrier.SENT
        house = {_domain(one) for one in self.senders} - {_domain(partner)}
        return Carrier.UNKNOWN if sender != partner and _domain(sender) in house else Carrier.MAIL


def _address(text: str) -> str:
    return (parseaddr(text)[1] or text).strip().lower()


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Judged:
    """The returns, each with what is to be told of it, and the submissions that count."""

    returns: tuple[StoredReturn, ...]
    submissions: tuple[Submission, ...]


#: Under this column, and the cell's id `OWN_BOX + return`, stands what a person said of a form that was saved by hand.
OWN_BOX = "_own"


def decided_on(decisions: Iterable[Decision]) -> Mapping[str, bool]:
    """Return -> whether the partner confirms what it shows, as people said of forms that were saved by hand."""
    mine = (one for one in decisions if one.kind is DecisionKind.TYPED and one.column == OWN_BOX)
    return {one.other: bool(one.value) for one in sorted(mine, key=lambda one: (one.at, one.value))}


def judged(
    returns: Sequence[StoredReturn],
    said: Iterable[Submission],
    own: OwnForms,
    decided: Mapping[str, bool] = MappingProxyType({}),
) -> Judged:
    """Leave out what is no answer, and say so in the return's problems.

    `decided`: return -> whether the partner confirms what it shows, where a person was asked.
    """
    by_return: dict[str, list[Submission]] = defaultdict(list)
    for submission in said:
        by_return[submission.return_id].append(submission)
    answers = _answers(returns, by_return, own, decided)
    told: list[StoredReturn] = []
    counting: list[Submission] = []
    for one in returns:
        theirs = by_return[one.document.sha256]
        word = _word(one, theirs, own, answers)
        if word is not None and word.code == "own-form-by-hand" and one.document.sha256 in decided:
            word = problem("own-form", Severity.NOTE)
        if word is None:
            counting += theirs
        told.append(one if word is None else _with(one, word))
    return Judged(tuple(told), tuple(counting))


#: Whose answer to which round -> the returns that hold one.
_Answers = Mapping[tuple[Reporter, str], frozenset[str]]


def _answers(
    returns: Iterable[StoredReturn],
    said: Mapping[str, Sequence[Submission]],
    own: OwnForms,
    decided: Mapping[str, bool],
) -> _Answers:
    """What partners filled in; and of the forms as they were sent the newest that they mailed themselves."""
    filled: dict[tuple[Reporter, str], set[str]] = defaultdict(set)
    mailed: dict[tuple[Reporter, str], list[tuple[datetime, str]]] = defaultdict(list)
    for one in returns:
        identity = one.document.sha256
        for submission in said[identity]:
            topic = submission.reporter, submission.round
            if not _is_loud(submission):
                continue
            if identity not in own.made:
                if not _is_silent(one, own):
                    filled[topic].add(identity)
            elif decided.get(identity) or Carrier.MAIL in _carriers(one, said[identity], own):
                mailed[topic].append((one.moment.at, identity))
    newest = {topic: {max(those)[1]} for topic, those in mailed.items() if topic not in filled}
    return {topic: frozenset(those) for topic, those in (*filled.items(), *newest.items())}


def _word(one: StoredReturn, said: Sequence[Submission], own: OwnForms, answers: _Answers) -> Problem | None:
    """Why a return is no answer; None where it is one."""
    identity = one.document.sha256
    if identity not in own.made:
        return _silent(one) if _is_silent(one, own) else None
    carriers = _carriers(one, said, own)
    if carriers and carriers <= SILENT:
        return _silent(one)
    loud = [submission for submission in said if _is_loud(submission)]
    if not loud:  # a blank says nothing; whose mail it was has answered with it, and is told so
        return None if Carrier.MAIL in carriers else problem("own-form", Severity.NOTE)
    known = [answers.get((submission.reporter, submission.round), frozenset()) for submission in loud]
    if any(identity in those for those in known):
        return None
    if all(known):
        return problem("own-form", Severity.NOTE)
    return problem("own-form-by-hand", Severity.CHECK)


def _silent(one: StoredReturn) -> Problem:
    """What nobody mailed as an answer. Somebody saved it after it was sent? Then a person looks."""
    return problem("own-form-back", Severity.NOTE if _is_untouched(one) else Severity.CHECK)


def _is_silent(one: StoredReturn, own: OwnForms) -> bool:
    """Whether a file that nobody recorded came in bounces only, or as our own mail and with nothing of anybody else's."""
    carriers = _carriers(one, (), own)
    if carriers == {Carrier.BOUNCE}:
        return True
    return bool(carriers) and carriers <= SILENT and _is_untouched(one)


def _is_untouched(one: StoredReturn) -> bool:
    """Whether no program that dates what it saves has had the file; its end may be missing."""
    return one.reading.mod_date is None and one.reading.producer in {"", _MAKER}


def _carriers(one: StoredReturn, said: Iterable[Submission], own: OwnForms) -> frozenset[Carrier]:
    tokens = {
        submission.reporter.key for submission in said if submission.reporter.kind is ReporterKind.TOKEN
    }
    token = next(iter(tokens)) if len(tokens) == 1 else ""
    return frozenset(own.carrier(way, token) for way in one.document.sightings)


def _is_loud(submission: Submission) -> bool:
    return any(not sheet.blank for sheet in submission.sheets)


def _with(one: StoredReturn, word: Problem) -> StoredReturn:
    """The return with this word in place of what else was wrong: nobody has to mend a form that says nothing."""
    problems = (word,)
    return replace(
        one,
        document=replace(one.document, problems=problems),
        reading=replace(one.reading, problems=problems),
    )
