"""What the register's sheet of returns says about each file: what became of it, and who sent it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from harvest import formats
from harvest.ledger import StoredDocument, StoredRefusal, StoredReturn
from harvest.model import Reporter, Severity, Submission
from harvest.register.view.register_view import ReturnNote, ReturnOutcome
from harvest.state.own_forms import OWN


def return_notes(
    returns: Sequence[StoredReturn],
    submissions: Sequence[Submission],
    refusals: Sequence[StoredRefusal] = (),
    settled: Collection[str] = (),
) -> tuple[ReturnNote, ...]:
    """A note for each return that counts, by hash, then one for each thing that was refused.

    `settled`: hashes of damaged returns that have come whole.
    """
    said: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        said[submission.return_id].append(submission)
    rules = _newest(submissions)
    noted = (_note(one, said[one.document.sha256], rules, settled) for one in returns)
    return (*noted, *map(_refusal_note, refusals))


def _refusal_note(refusal: StoredRefusal) -> ReturnNote:
    way = refusal.provenance
    return ReturnNote(
        return_id=refusal.key,
        file=way.path,
        at=way.mail_time or way.file_time,
        reporter=way.mail_from,
        outcome=ReturnOutcome.FAILED,
        problems=(refusal.problem,),
        kept=False,
    )


def _note(
    one: StoredReturn,
    said: Sequence[Submission],
    rules: Mapping[tuple[Reporter, str], str],
    settled: Collection[str],
) -> ReturnNote:
    gave_way = one.document.sha256 in settled
    return ReturnNote(
        return_id=one.document.sha256,
        file=one.document.file,
        at=one.moment.at,
        reporter=", ".join(dict.fromkeys(submission.reporter.label for submission in said)),
        outcome=ReturnOutcome.SUPERSEDED if gave_way else _outcome(one.document, said, rules),
        problems=one.reading.problems,
        suffix=formats.of_producer(one.reading.producer),
    )


def _newest(submissions: Iterable[Submission]) -> Mapping[tuple[Reporter, str], str]:
    """(reporter, category) -> the return whose sheet rules."""
    rules: dict[tuple[Reporter, str], str] = {}
    for submission in sorted(submissions, key=lambda one: (one.age, one.return_id)):
        for sheet in submission.sheets:
            if not sheet.blank:
                rules[submission.reporter, sheet.category] = submission.return_id
    return rules


def _outcome(
    document: StoredDocument, said: Sequence[Submission], rules: Mapping[tuple[Reporter, str], str]
) -> ReturnOutcome:
    told = [(one.reporter, sheet.category) for one in said for sheet in one.sheets if not sheet.blank]
    if not said:
        own = any(problem.code in OWN for problem in document.problems)
        return ReturnOutcome.SENT if own else ReturnOutcome.FAILED
    if not told and not any(sheet.waits for one in said for sheet in one.sheets):
        lost = any(problem.severity is Severity.LOST for problem in document.problems)
        return ReturnOutcome.FAILED if lost else ReturnOutcome.BLANK
    if told and all(rules[key] != document.sha256 for key in told):
        return ReturnOutcome.SUPERSEDED
    return ReturnOutcome.TAKEN
