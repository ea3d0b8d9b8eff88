"""`answers.json`: what formgen needs to know of the returns to remind, thank, and tell how a round stands. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from harvest.ledger import StoredRefusal, StoredReturn
from harvest.model import Answer, Problem, Provenance, Severity, Sheet, Submission
from harvest.problems import describe
from harvest.state.own_forms import OWN, SILENT, OwnForms
from harvest.state.state import State
from spec.answers import ANSWERS_SHAPE, REFUSED, AnswersFile, WireAnswered, WireProblem, WireReturned
from spec.names import find_code
from spec.words import Words


def answers_file(state: State, run: int, at: datetime, words: Words) -> AnswersFile:
    """Who has answered what, return by return; `run` and `at` are those of the run that wrote the register.

    Forms that came back as they were sent, and what bounces and our own mails hold, are nobody's answer.
    """
    said: dict[str, list[Submission]] = defaultdict(list)
    for submission in state.submissions:
        said[submission.return_id].append(submission)
    returns = [
        _returned(one, said[one.document.sha256], words, state.own)
        for one in state.returns
        if one.document.sha256 not in state.settled
        and not any(found.code in OWN for found in one.reading.problems)
    ]
    returns += [_refused(one, at, words) for one in state.refusals if _from_a_partner(one, state.own)]
    return AnswersFile(
        shape=ANSWERS_SHAPE,
        run=run,
        made_at=at.isoformat(),
        returns=tuple(sorted(returns, key=lambda one: (one.at, one.return_id))),
    )


def _returned(one: StoredReturn, said: Iterable[Submission], words: Words, own: OwnForms) -> WireReturned:
    ways = one.document.sightings
    mail = _last_mail([way for way in ways if own.carrier(way) not in SILENT] or ways)
    return WireReturned(
        return_id=one.document.sha256,
        file=one.document.file,
        at=one.moment.at.isoformat(),
        mail_at=mail.mail_time.isoformat() if mail and mail.mail_time else None,
        mail_from=mail.mail_from if mail else "",
        mail_code=find_code(mail.mail_subject) or "" if mail else "",
        answered=tuple(_answered(said)),
        problems=tuple(_told(one.document.problems, words)),
    )


def _from_a_partner(one: StoredRefusal, own: OwnForms) -> bool:
    """Whether it came by mail and may be meant for an answer."""
    way = one.provenance
    if own.carrier(way) in SILENT:
        return False
    return one.problem.severity is Severity.LOST and bool(way.mail_from or find_code(way.mail_subject))


def _refused(one: StoredRefusal, at: datetime, words: Words) -> WireReturned:
    way = one.provenance
    when = way.mail_time or way.file_time or at
    return WireReturned(
        # the key holds the way, and with it names
        return_id=REFUSED + hashlib.sha256(one.key.encode()).hexdigest()[:32],
        file=way.name,
        at=when.isoformat(),
        mail_at=when.isoformat(),
        mail_from=way.mail_from,
        mail_code=find_code(way.mail_subject) or "",
        answered=(),
        problems=tuple(_told([one.problem], words)),
    )


def _last_mail(sightings: Iterable[Provenance]) -> Provenance | None:
    """The newest mail that brought it; a mail without a date goes before none."""
    mails = [seen for seen in sightings if seen.mail_time is not None or seen.mail_from or seen.mail_subject]
    return max(mails, key=lambda seen: (seen.mail_time is not None, seen.mail_time, seen.path), default=None)


def _answered(said: Iterable[Submission]) -> Iterator[WireAnswered]:
    for one in said:
        yield WireAnswered(
            kind=one.reporter.kind.value,
            key=one.reporter.key,
            label=one.reporter.label,
            edition=one.edition,
            categories={sheet.category: _answer(sheet).value for sheet in one.sheets},
            code=one.code,
        )


def _answer(sheet: Sheet) -> Answer:
    if sheet.blank:
        return Answer.BLANK
    return Answer.NIL if all(row.silent for row in sheet.rows) else Answer.ANSWERED


def _told(problems: Iterable[Problem], words: Words) -> Iterator[WireProblem]:
    """What a partner may have to know; mere notes are the office's business."""
    for found in problems:
        if found.severity is not Severity.NOTE:
            fault = describe(found, words)
            yield WireProblem(
                code=found.code,
                severity=found.severity.value,
                place=found.place,
                fault=fault.fault,
                remedy=fault.remedy,
            )
