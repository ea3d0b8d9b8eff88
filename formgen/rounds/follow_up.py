"""`formgen mail remind` and `formgen mail receipts`: to those who owe an answer, and to those who gave one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from formgen.copies.tokens import read_recipients
from formgen.filenames import safe_name
from formgen.mail.draftbook import Draft, Kind, read_book
from formgen.mail.sentlog import State, read_log
from formgen.mail.template import UnreadFile
from formgen.recipients import Recipient, RecipientList
from formgen.recipients.hidden import Judge, refuse_hidden
from formgen.rounds.drafts import Drafted, Studio, Wanted, check_templates, day_text, write_drafts
from formgen.rounds.known import Known
from formgen.rounds.status import Answer, PartnerStatus, RoundStatus, problems_of
from spec.console.said import said
from spec.errors import WrongInputError


class Why(StrEnum):
    """Why somebody gets no reminder."""

    ANSWERED = "answered"
    PARTLY = "partly"
    BLANK = "blank"
    UNCLEAR = "unclear"  # something came that could not be read, or says not whose it is
    UNDELIVERABLE = "undeliverable"
    RECENT = "recent"  # got a mail within the last days
    UNSENT = "unsent"


@dataclass(frozen=True, slots=True)
class Passed:
    """A partner who gets no reminder."""

    why: Why
    partner: PartnerStatus


def owing(status: RoundStatus, today: date, after: int, *, partly: bool) -> tuple[PartnerStatus, ...]:
    """Who gets a reminder: who owes an answer and got no mail in the last `after` days.

    A clock that was set back shows mails of the future; they count as just sent.
    """
    latest = today - timedelta(days=after)
    return tuple(
        partner
        for partner in status.partners
        if (partner.owes or (partly and _owes_a_part(partner)))
        and (partner.last_mail is None or partner.last_mail <= latest)
    )


def passed_over(status: RoundStatus, today: date, after: int, *, partly: bool) -> tuple[Passed, ...]:
    """Who gets no reminder, and why."""
    reminded = {partner.token for partner in owing(status, today, after, partly=partly)}
    return tuple(
        Passed(_why_not(partner, partly=partly), partner)
        for partner in status.partners
        if partner.token not in reminded
    )


def _why_not(partner: PartnerStatus, *, partly: bool) -> Why:
    if partner.answer is Answer.WHOLLY:
        return Why.ANSWERED
    if partner.undeliverable:
        return Why.UNDELIVERABLE
    if partner.answer in {Answer.PARTLY, Answer.BLANK} and not partly:
        return Why.PARTLY if partner.answer is Answer.PARTLY else Why.BLANK
    if partner.answer in {Answer.UNCLEAR, Answer.UNREADABLE}:
        return Why.UNCLEAR
    return Why.UNSENT if partner.sent != State.SENT.value else Why.RECENT


def _owes_a_part(partner: PartnerStatus) -> bool:
    return partner.answer in {Answer.PARTLY, Answer.BLANK} and not partner.undeliverable


def may_go(draft: Draft, status: RoundStatus) -> bool:
    """Whether a draft should still be sent: a reminder only while the answer is owed, and what it asks for is missing."""
    if draft.kind is not Kind.REMINDER:
        return True
    partner = next((one for one in status.partners if one.token == draft.token), None)
    return partner is not None and (partner.owes or (bool(draft.returns) and _owes_a_part(partner)))


def draft_reminders(
    studio: Studio,
    given: RecipientList,
    status: RoundStatus,
    due: Sequence[PartnerStatus],
    *,
    today: date,
    judge: Judge = refuse_hidden,
) -> Drafted:
    """Write a reminder for those who are due (`owing`); drafts of others in `status`, not sent yet, are removed.

    `judge` says what is to become of the list's hidden rows, as far as somebody is due there.

    Raises:
        WrongInputError: a copy is not there any more, a template has faults, or nobody said what hidden rows mean.
        NothingDoneError: the workspace can't be written to.
    """
    wanted = []
    notes = []
    sent = _sent_reminders(studio)
    given, left = _meant(given, due, judge)
    for partner in due:
        recipient = _recipient(partner, given)
        if recipient is None and partner.email.casefold() in left:
            notes.append(_hidden(partner))
            continue
        if recipient is None:
            notes.append(
                said(
                    "{organisation}: not in the list any more, so there is no reminder.",
                    organisation=partner.organisation,
                )
            )
            continue
        wanted.append(_reminder(studio, recipient, partner, sent.get(partner.token, 0) + 1, today))
    templates = check_templates(studio, Kind.REMINDER, (one.recipient for one in wanted))
    theirs = frozenset(partner.token for partner in status.partners)
    drafted = write_drafts(studio, wanted, templates, replaces=Kind.REMINDER, of=theirs)
    return Drafted(drafted.drafts, drafted.written, (*notes, *drafted.notes))


def _reminder(
    studio: Studio, recipient: Recipient, partner: PartnerStatus, number: int, today: date
) -> Wanted:
    copy = _copy(studio, partner.token)
    facts = studio.facts(
        recipient,
        partner.token,
        copy.name,
        reminder=number,
        due=_due(studio, recipient, today),
        **_answered(studio, partner),
    )
    return Wanted(Kind.REMINDER, number, recipient, partner.token, facts, copy, copy.stem, partner.returns)


def draft_receipts(
    studio: Studio, given: RecipientList, status: RoundStatus, known: Known, judge: Judge = refuse_hidden
) -> Drafted:
    """Write a receipt for everybody of whom something arrived that no earlier receipt was about.

    `judge` says what is to become of the list's hidden rows, as far as somebody is to be thanked there.

    Raises:
        WrongInputError: a template has faults, or nobody said what hidden rows mean.
        NothingDoneError: the workspace can't be written to.
    """
    wanted = []
    told = _receipts_sent(studio)
    thanked_for = {
        token: {return_id for draft in earlier for return_id in draft.returns}
        for token, earlier in told.items()
    }
    # who sent a form that says not whose it is gets no receipt for it: it may be another's
    arrived = [
        partner
        for partner in status.partners
        if not set(partner.returns) <= thanked_for.get(partner.token, set())
        and partner.answer is not Answer.UNCLEAR
    ]
    given, left = _meant(given, arrived, judge)
    for partner in arrived:
        earlier = told.get(partner.token, [])
        thanked = thanked_for.get(partner.token, set())
        recipient = _recipient(partner, given)
        if recipient is None:
            continue
        problems = tuple(
            UnreadFile(file, one.fault, one.remedy) for file, one in problems_of(known, partner, thanked)
        )
        facts = studio.facts(recipient, partner.token, "", problems=problems, **_answered(studio, partner))
        number = len(earlier) + 1
        wanted.append(
            Wanted(
                Kind.RECEIPT,
                number,
                recipient,
                partner.token,
                facts,
                None,
                safe_name(partner.organisation) or partner.token,
                partner.returns,
            )
        )
    templates = check_templates(studio, Kind.RECEIPT, (one.recipient for one in wanted))
    drafted = write_drafts(studio, wanted, templates, replaces=Kind.RECEIPT)
    notes = tuple(_hidden(partner) for partner in arrived if partner.email.casefold() in left)
    return Drafted(drafted.drafts, drafted.written, (*notes, *drafted.notes))


def _meant(
    given: RecipientList, partners: Iterable[PartnerStatus], judge: Judge
) -> tuple[RecipientList, frozenset[str]]:
    """The list's rows of these partners, and the addresses of those in hidden rows that were left out."""
    keys = {partner.email.casefold() for partner in partners}
    mine = replace(given, recipients=tuple(one for one in given.recipients if one.key in keys))
    meant = judge(mine)
    return meant, frozenset(one.key for one in mine.recipients) - {one.key for one in meant.recipients}


def _hidden(partner: PartnerStatus) -> str:
    return said("{organisation}: the row is hidden, so there is no mail.", organisation=partner.organisation)


def _due(studio: Studio, recipient: Recipient, today: date) -> str:
    """The last day for answers, if it is still to come."""
    due = studio.round.due
    return day_text(due, studio.language(recipient)) if due is not None and due >= today else ""


def _answered(studio: Studio, partner: PartnerStatus) -> dict[str, tuple[str, ...]]:
    """Names of the offers by what was said of them."""
    names = {category.key: category.name for category in studio.form.categories}

    def those(*answers: str) -> tuple[str, ...]:
        return tuple(names.get(key, key) for key, answer in partner.categories.items() if answer in answers)

    return {
        "answered": those("answered"),
        "nil": those("nil"),
        "missing": tuple(names.get(key, key) for key in partner.missing),
    }


def _recipient(partner: PartnerStatus, given: RecipientList) -> Recipient | None:
    return next((one for one in given.recipients if one.key == partner.email.casefold()), None)


def _sent_reminders(studio: Studio) -> dict[str, int]:
    """Token -> number of the last reminder that went out, or may have."""
    last = read_log(studio.workspace).last()
    found: dict[str, int] = {}
    for draft in read_book(studio.workspace, studio.round.name).drafts:
        if (
            draft.kind is Kind.REMINDER
            and draft.key in last
            and last[draft.key].state in {State.SENT, State.SENDING}
        ):
            found[draft.token] = max(found.get(draft.token, 0), draft.number)
    return found


def _receipts_sent(studio: Studio) -> dict[str, list[Draft]]:
    last = read_log(studio.workspace).last()
    found: dict[str, list[Draft]] = {}
    for draft in read_book(studio.workspace, studio.round.name).drafts:
        if (
            draft.kind is Kind.RECEIPT
            and draft.key in last
            and last[draft.key].state in {State.SENT, State.SENDING}
        ):
            found.setdefault(draft.token, []).append(draft)
    return found


def _copy(studio: Studio, token: str) -> Path:
    """Where the partner's newest copy of the form lies.

    Raises:
        WrongInputError: it is not known.
    """
    known = read_recipients(studio.workspace.recipients).by_token().get(token)
    if known is None or not known.file:
        raise WrongInputError(token, "The partner's form is not known.", "Build the copies again.")
    return studio.workspace.edition(known.edition) / known.file
