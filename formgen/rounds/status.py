"""How a round stands, partner by partner. Pure: drafts, log, answers and bounces in, statuses out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from email.utils import parseaddr
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from formgen.mail.addresses import same_address
from formgen.mail.draftbook import Draft, Kind
from formgen.mail.sentlog import State, Step
from formgen.rounds.known import Known, Notes, returns_of_round
from spec.answers import WireProblem, WireReturned
from spec.matching import equal_key
from spec.wire import CopyCode, PartnersFile, WirePartner

_LOUD = frozenset({"answered", "nil"})


class Answer(StrEnum):
    """What came back from a partner."""

    NONE = "none"
    PARTLY = "partly"
    WHOLLY = "wholly"
    BLANK = "blank"  # the form came back with nothing in it
    UNREADABLE = "unreadable"  # something came that could not be read
    UNCLEAR = "unclear"  # a form without a token that may be this partner's


class PartnerStatus(BaseModel):
    """Where one partner stands.

    Attributes:
        built: whether there is a mail with the form at all; false for those who are new in the list.
        sent: how far that mail is; `planned` where it is only drafted, `none` where it is not even that.
        sent_on: the day it was sent.
        categories: key -> `answered`, `nil`, `blank` or `not-returned`, for every one that the copy asks about.
        undeliverable: what the bounce said; empty where none came for this address.
        reminded: how many reminders were sent; `last_mail` is the day of the newest mail that was, or may have been.
        owes: whether a reminder is due: the form was sent, nothing came back, nothing bounced.
        returns: the returns that count, newest last.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: str
    organisation: str
    email: str
    built: bool
    sent: str
    sent_on: date | None
    answer: Answer
    categories: dict[str, str]
    missing: tuple[str, ...]
    undeliverable: str
    reminded: int
    last_mail: date | None
    owes: bool
    returns: tuple[str, ...]


class RoundStatus(BaseModel):
    """How a round stands: partners in the order of their names; `notes` are for a person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    round: str
    opened: date
    due: date | None
    overdue: bool
    answers_as_of: str
    partners: tuple[PartnerStatus, ...]
    notes: tuple[str, ...]

    def only(self, partners: Collection[PartnerStatus]) -> RoundStatus:
        """The same for these partners alone."""
        return self.model_copy(update={"partners": tuple(one for one in self.partners if one in partners)})

    @property
    def counts(self) -> Mapping[str, int]:
        """Answer -> how many partners."""
        return Counter(partner.answer.value for partner in self.partners)


@dataclass
class _Partner:
    """What belongs to one partner while the returns are sorted."""

    draft: Draft
    said: dict[str, str] = field(default_factory=dict)
    returns: list[str] = field(default_factory=list)
    unreadable: bool = False
    unclear: bool = False


def partners_of(known: Known) -> dict[str, _Partner]:
    """Token -> partner, with what came back."""
    partners = {token: _Partner(drafts[-1]) for token, drafts in known.book.of(Kind.FORM).items()}
    names = Counter(equal_key(partner.draft.organisation) for partner in partners.values())
    sole = {
        equal_key(partner.draft.organisation): token
        for token, partner in partners.items()
        if names[equal_key(partner.draft.organisation)] == 1
    }
    for one in returns_of_round(known):
        _sort_in(
            one.model_copy(update={"mail_code": known.token_of(one.mail_code)}), partners, sole, known.note
        )
    return partners


def _sort_in(
    one: WireReturned, partners: Mapping[str, _Partner], sole: Mapping[str, str], note: Notes
) -> None:
    tokens = {said.key for said in one.answered if said.kind == "token"}
    for said in one.answered:
        token = said.key if said.kind == "token" else sole.get(equal_key(said.label), "")
        if said.kind == "organisation" and token:
            note.add("by-name", file=one.file, organisation=partners[token].draft.organisation)
        if token in partners:
            _take(partners[token], said.categories, one.return_id)
    if one.mail_code and tokens and one.mail_code not in tokens:
        owners = ", ".join(
            partners[token].draft.organisation for token in sorted(tokens) if token in partners
        )
        other = partners.get(one.mail_code)
        claimed = other.draft.organisation if other else one.mail_code
        if owners:
            note.add("other-code", file=one.file, claimed=claimed, organisation=owners)
        else:
            note.add("other-code-nobody", file=one.file, claimed=claimed)
    for token in sorted(tokens - partners.keys()):
        note.add("unknown-token", file=one.file, token=token)
    if not tokens and not any(one.return_id in partner.returns for partner in partners.values()):
        _unassigned(one, partners, note)


def _unassigned(one: WireReturned, partners: Mapping[str, _Partner], note: Notes) -> None:
    """A return that says of itself not whose it is. Who may have sent it is not reminded; a person looks."""
    address = parseaddr(one.mail_from)[1]
    likely = [
        partner
        for token, partner in partners.items()
        if token == one.mail_code or (address and same_address(partner.draft.email, address))
    ]
    lost = not one.answered
    for partner in likely:
        partner.returns.append(one.return_id)
        partner.unreadable |= lost
        partner.unclear |= not lost
    names = ", ".join(partner.draft.organisation for partner in likely)
    if one.refused and not likely:
        return  # a mailbox holds many mails that are nobody's answer
    cover = next((said.label for said in one.answered if said.kind == "organisation"), "")
    if names:
        note.add("unassigned", file=one.file, organisation=names)
    elif cover:
        note.add("unassigned-cover", file=one.file, cover=cover)
    elif address:
        note.add("unassigned-sender", file=one.file, sender=address)
    else:
        note.add("unassigned-nobody", file=one.file)


def _take(partner: _Partner, categories: Mapping[str, str], return_id: str) -> None:
    partner.returns.append(return_id)
    for category, answer in categories.items():
        # a blank sheet does not take back an earlier answer
        if answer in _LOUD or category not in partner.said:
            partner.said[category] = answer


def status_of(known: Known, say: Mapping[str, str], day: str = "%Y-%m-%d") -> RoundStatus:
    """Every partner's status; `say` are the words of `round.note`, `day` is how they write a day."""
    partners = partners_of(known)
    last = known.log.last()
    mails: dict[str, list[tuple[Draft, Step]]] = {}
    for draft in known.book.drafts:
        if draft.key in last:
            mails.setdefault(draft.token, []).append((draft, last[draft.key]))
    statuses = [
        _status(partner, mails.get(token, []), known)
        for token, partner in sorted(partners.items(), key=lambda item: item[1].draft.organisation.casefold())
    ]
    latest = max((one.last_mail for one in statuses if one.last_mail), default=known.today)
    if latest > known.today:
        known.note.add("clock", day=latest.strftime(day), today=known.today.strftime(day))
    due = known.round.due
    return RoundStatus(
        round=known.round.name,
        opened=known.round.opened,
        due=due,
        overdue=due is not None and known.today > due,
        answers_as_of=known.answers.made_at if known.answers else "",
        partners=tuple(statuses),
        notes=tuple(say[key].format_map(values) for key, values in known.note.found),
    )


def _status(partner: _Partner, mails: Sequence[tuple[Draft, Step]], known: Known) -> PartnerStatus:
    draft = partner.draft
    form = next((step for sent, step in mails if sent.key == draft.key), None)
    gone = [(sent, step) for sent, step in mails if step.state is State.SENT]
    # nobody knows of these whether they arrived: the next reminder waits as if they had
    days = [step.at.astimezone().date() for _, step in mails if step.state in {State.SENT, State.SENDING}]
    answer, missing = _answer(partner)
    bounce = _bounce(partner, mails, known)
    sent = State.PLANNED if form is None else form.state
    return PartnerStatus(
        token=draft.token,
        organisation=draft.organisation,
        email=draft.email,
        built=True,
        sent=sent.value,
        sent_on=form.at.astimezone().date() if form is not None and sent is State.SENT else None,
        answer=answer,
        categories={key: partner.said.get(key, "not-returned") for key in draft.categories},
        missing=missing,
        undeliverable=bounce,
        reminded=sum(mail.kind is Kind.REMINDER for mail, _ in gone),
        last_mail=max(days, default=None),
        owes=sent is State.SENT and answer is Answer.NONE and not bounce,
        returns=tuple(dict.fromkeys(partner.returns)),
    )


def _answer(partner: _Partner) -> tuple[Answer, tuple[str, ...]]:
    missing = tuple(key for key in partner.draft.categories if partner.said.get(key) not in _LOUD)
    if any(answer in _LOUD for answer in partner.said.values()):
        return (Answer.PARTLY if missing else Answer.WHOLLY), missing
    if partner.unclear:
        return Answer.UNCLEAR, missing
    if partner.unreadable:
        return Answer.UNREADABLE, missing
    return (Answer.BLANK if partner.returns else Answer.NONE), missing


def _bounce(partner: _Partner, mails: Iterable[tuple[Draft, Step]], known: Known) -> str:
    """What a bounce of the round's mails to the partner's present address said."""
    draft = partner.draft
    ids = {step.message_id for sent, step in mails if step.message_id and sent.email == draft.email}
    for bounce in known.bounces:
        owner = known.codes.get(bounce.code, CopyCode(bounce.code, ""))
        if bounce.day is not None and bounce.day < known.round.opened:
            continue
        ours = bounce.message_id in ids or (
            owner.token == draft.token and owner.round in {"", known.round.name}
        )
        if ours and (not bounce.recipient or same_address(bounce.recipient, draft.email)):
            return bounce.reason
    return ""


def with_listed(status: RoundStatus, listed: Iterable[tuple[str, str]]) -> RoundStatus:
    """The status with those in the list, as (organisation, address), for whom no mail was drafted yet."""
    known = {partner.email.casefold() for partner in status.partners}
    fresh = tuple(
        PartnerStatus(
            token="",
            organisation=organisation,
            email=address,
            built=False,
            sent="none",
            sent_on=None,
            answer=Answer.NONE,
            categories={},
            missing=(),
            undeliverable="",
            reminded=0,
            last_mail=None,
            owes=False,
            returns=(),
        )
        for organisation, address in listed
        if address.casefold() not in known
    )
    return status.model_copy(update={"partners": (*status.partners, *fresh)})


def partners_file(status: RoundStatus, known: Known) -> PartnersFile:
    """What the harvest shows of the round's mails."""
    since = {
        token: one.since
        for token, those in known.sendings.items()
        for one in those
        if one.round == known.round.name
    }
    return PartnersFile(
        partners=tuple(
            WirePartner(
                token=one.token,
                categories=tuple(one.categories),
                sent=one.sent,
                sent_on=one.sent_on,
                reminded=one.reminded,
                undeliverable=one.undeliverable,
                since=since.get(one.token),
            )
            for one in status.partners
            if one.built
        )
    )


def problems_of(
    known: Known, partner: PartnerStatus, told: Collection[str] = ()
) -> Iterator[tuple[str, WireProblem]]:
    """File and problem of everything in the partner's returns that could not be read.

    What they were `told` of is not told again; nor is what is no return once a later return says something.
    """
    theirs = [one for one in returns_of_round(known) if one.return_id in partner.returns]
    for number, one in enumerate(theirs):
        mended = one.refused and any(later.answered for later in theirs[number + 1 :])
        if one.return_id not in told and not mended:
            for problem in one.problems:
                if problem.severity == "lost":
                    yield one.file, problem
