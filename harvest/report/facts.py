"""Register -> what a meeting wants to know, counted and put in order. Pure; no words and no markup in here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from harvest.model import (
    Answer,
    CellPlace,
    Check,
    Conflict,
    Duplicate,
    Entry,
    Mailed,
    Mailing,
    NilReturn,
    Picture,
    Register,
    Severity,
    Status,
)
from harvest.parse import Columns, Freshness, ParsedEntry, freshness, months_between, said_in
from harvest.parse.age import counted_from
from harvest.register.view.decision_sheets import pairs
from harvest.register.view.register_view import ReturnNote, ReturnOutcome
from spec.form.model import Category, Form
from spec.words import Words


class Known(StrEnum):
    """What is known of an offer."""

    COVERED = "covered"
    NIL = "nil"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Offer:
    """One category: how many entries it has, and who states that it does not exist."""

    key: str
    name: str
    entries: int
    nil_by: tuple[str, ...]

    @property
    def known(self) -> Known:
        """What is known of it; an entry says more than a nil return of somebody else."""
        if self.entries:
            return Known.COVERED
        return Known.NIL if self.nil_by else Known.UNKNOWN


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the form with its offers; `key` is empty for offers that the form no longer has."""

    key: str
    title: str
    colour: str
    offers: tuple[Offer, ...]

    def count(self, known: Known) -> int:
        """How many offers are known so."""
        return sum(offer.known is known for offer in self.offers)


@dataclass(frozen=True, slots=True)
class Partner:
    """One organisation: its answer to every offer of the form, in the form's order, section by section.

    `mailed`: where it stands in the newest round; None where it is not in it.
    """

    label: str
    answers: tuple[tuple[Answer, ...], ...]
    mailed: Mailed | None = None

    def count(self, answer: Answer) -> int:
        """How many offers it answered so."""
        return sum(part.count(answer) for part in self.answers)

    @property
    def answering(self) -> bool:
        """Whether it said anything: a blank form is no answer."""
        return bool(self.count(Answer.ANSWERED) or self.count(Answer.NIL))

    @property
    def silent(self) -> bool:
        """Whether nothing came back from it at all."""
        return all(one is Answer.NOT_RETURNED for part in self.answers for one in part)


@dataclass(frozen=True, slots=True)
class Aged:
    """An entry and how old it is. `since` is the last day that its date can mean, or that of its last confirmation."""

    entry: Entry
    said: ParsedEntry
    since: date | None
    months: int | None

    @property
    def freshness(self) -> Freshness | None:
        """What its age means; None where nobody knows it."""
        return None if self.months is None else freshness(self.months)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the report shows."""

    parts: tuple[Part, ...]
    partners: tuple[Partner, ...]
    languages: tuple[tuple[str, int], ...]
    moved: Mapping[Status, tuple[Entry, ...]]
    aged: tuple[Aged, ...]
    duplicates: tuple[tuple[Entry, Entry | None, Duplicate], ...]
    conflicts: tuple[tuple[Entry, Conflict], ...]
    checks: tuple[tuple[Entry, Check], ...]
    unread: tuple[ReturnNote, ...]
    entries: int
    first_round: bool
    pictures: Mapping[CellPlace, Picture] = field(default_factory=dict)

    @property
    def to_decide(self) -> int:
        """How many questions wait for a decision."""
        return len(self.duplicates) + len(self.conflicts) + len(self.checks)

    @property
    def stale(self) -> tuple[Aged, ...]:
        """Entries that should be asked for again, the oldest first."""
        return tuple(one for one in self.aged if one.freshness is Freshness.STALE)

    def count(self, known: Known) -> int:
        """How many offers of the form are known so."""
        return sum(part.count(known) for part in self.parts if part.key)


MOVES = (Status.MISSING, Status.EMPTIED, Status.CHANGED, Status.NEW, Status.HAND)
_FIRST = datetime.min.replace(tzinfo=UTC)


def facts_of(
    register: Register,
    form: Form,
    words: Words,
    *,
    today: date,
    returns: Sequence[ReturnNote] = (),
    zone: tzinfo = UTC,
    mailing: Mailing | None = None,
    pictures: Mapping[CellPlace, Picture] | None = None,
) -> Facts:
    """The facts of a register as of `today`."""
    columns = Columns.of(form, words)
    aged = [age_of(entry, columns, today, zone) for entry in register.entries]
    moved: dict[Status, list[Entry]] = defaultdict(list)
    for entry in register.entries:
        moved[entry.status].append(entry)
    return Facts(
        parts=_parts(register, form),
        partners=_partners(register, form, mailing or Mailing()),
        languages=_languages(aged, words),
        moved={status: tuple(moved[status]) for status in MOVES if moved[status]},
        aged=tuple(sorted(aged, key=lambda one: one.since or date.max)),
        duplicates=tuple(pairs(register)),
        conflicts=tuple((entry, conflict) for entry in register.entries for conflict in entry.conflicts),
        checks=tuple(register.checks),
        unread=_unread(returns),
        entries=len(register.entries),
        first_round=all(entry.status in {Status.NEW, Status.HAND} for entry in register.entries),
        pictures=pictures or {},
    )


def age_of(entry: Entry, columns: Columns, today: date, zone: tzinfo = UTC) -> Aged:
    """How old an entry is: from the date on its sheet, or the day on which it was last confirmed, if that is later."""
    came = entry.confirmed.astimezone(zone).date() if entry.confirmed else None
    said = said_in(entry.values, columns, came or today)
    since = counted_from(said.confirmed.last if said.confirmed else None, came, today)
    return Aged(entry, said, since, None if since is None else months_between(since, today))


def _parts(register: Register, form: Form) -> tuple[Part, ...]:
    entries = Counter(entry.category for entry in register.entries)
    nils: dict[str, dict[str, None]] = defaultdict(dict)
    for nil in register.nils:
        if not nil.withdrawn:
            nils[nil.category][nil.reporter] = None

    def offer(key: str, name: str) -> Offer:
        return Offer(key, name, entries[key], tuple(sorted(nils[key], key=str.casefold)))

    def offers(categories: Sequence[Category]) -> tuple[Offer, ...]:
        return tuple(offer(one.key, one.name) for one in categories)

    parts = [
        Part(section.key, section.title, section.colour, offers(section.categories))
        for section in form.sections
    ]
    asked = {category.key for category in form.categories}
    gone = sorted({*entries, *(nil.category for nil in _standing(register.nils))} - asked)
    if gone:
        parts.append(Part("", "", "#4a5660", tuple(offer(key, key) for key in gone)))
    return tuple(parts)


def _standing(nils: Sequence[NilReturn]) -> tuple[NilReturn, ...]:
    return tuple(nil for nil in nils if not nil.withdrawn)


def _partners(register: Register, form: Form, mailing: Mailing) -> tuple[Partner, ...]:
    def partner(label: str) -> Partner:
        given = register.answers.get(label, {})
        return Partner(
            label,
            tuple(
                tuple(given.get(category.key, Answer.NOT_RETURNED) for category in section.categories)
                for section in form.sections
            ),
            mailing.partners.get(label),
        )

    labels = {*register.answers, *mailing.partners}
    return tuple(partner(label) for label in sorted(labels, key=lambda label: (label.casefold(), label)))


def _languages(aged: Sequence[Aged], words: Words) -> tuple[tuple[str, int], ...]:
    counts = Counter(key for one in aged for key in one.said.languages)
    names = words.under("language")
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], names[pair[0]].casefold())))


def _unread(returns: Sequence[ReturnNote]) -> tuple[ReturnNote, ...]:
    """What was lost, wholly or in part; the newest first."""
    lost = [
        note
        for note in returns
        if note.outcome is ReturnOutcome.FAILED or any(one.severity is Severity.LOST for one in note.problems)
    ]
    return tuple(sorted(lost, key=lambda note: (note.at or _FIRST, note.return_id), reverse=True))
