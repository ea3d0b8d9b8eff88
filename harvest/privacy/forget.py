"""A person's or partner's data taken out of register, ledger, originals and mails; that it was done stays on record.

A partner's returns go as a whole. Where a person is only mentioned in others' returns, the words are taken out of the
ledger and the rest stays; the originals of these returns go, since originals are never modified.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from harvest.commands.register_change import RegisterChange
from harvest.ledger import StoredReturn
from harvest.model import DecisionKind, Register, Submission
from harvest.privacy.forget_mail import Mailing, clear, look, mailed, nobody_mails
from harvest.privacy.protected_terms import kind_of, refuse
from harvest.privacy.redact_sidecars import redact_twin
from harvest.privacy.removal import (
    Removal,
    all_entries,
    delete,
    everything,
    files_of,
    named_after,
    packed_with,
    require_free,
    take_out,
)
from harvest.privacy.search.mentions import copies, traces
from harvest.privacy.search.persons import Who
from harvest.privacy.search.questions import Asked, asked_about
from harvest.privacy.search.search_pool import Search, searching
from harvest.privacy.withheld_names import Withheld, texts_of, ways_say, withheld
from harvest.register.redact import redact, texts_in
from harvest.workspace import forgotten_hashes
from harvest.workspace.register_on_disk import Draft
from harvest.workspace.session import Session, at_work, now, rewrite
from spec.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from spec.words import Words
from spec.workspace import Workspace

KIND = "forget"


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes.

    Attributes:
        removed: returns that are the partner's own: hash -> file name.
        redacted: returns of others that mention them: hash -> file name.
        cells: texts in the ledger that mention them.
        files: originals, copies in the folder of returns, backups, mails and the like; they are deleted.
        packed: archives and saved mails that hold other things, too; a person has to look.
        mailing: what the mailing side keeps of them.
        withheld: documents whose names are not stored again.
        asked: what may be theirs, too: it is asked about, and stays.
        unseen: files in which something could not be looked into.
        held: files that could not be opened: a program has them.
    """

    who: Who
    removed: Mapping[str, str]
    redacted: Mapping[str, str]
    cells: int
    files: tuple[Path, ...]
    packed: tuple[Path, ...]
    mailing: Mailing
    withheld: Withheld
    asked: Asked = field(default_factory=Asked)
    unseen: tuple[Path, ...] = ()
    held: tuple[Path, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.removed or self.redacted or self.cells or self.files or self.mailing.records)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went.

    Attributes:
        left: files that still mention them, for a person to look at.
        held: files that had to go and that another program holds open.
    """

    plan: Plan
    register: RegisterChange | None
    left: tuple[Path, ...]
    held: tuple[Path, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was found."""
        return self.plan.empty

    @property
    def exit_code(self) -> int:
        """1 where something needs a person, else 0."""
        plan = self.plan
        look = (
            self.left
            or self.held
            or plan.unseen
            or plan.asked.all
            or (self.register is not None and self.register.exit_code)
        )
        return EXIT_NEEDS_PERSON if look else EXIT_DONE

    def as_json(self, words: Words) -> dict[str, Any]:
        """Keys: removed, redacted, cells, partners, records, files, left, held, unseen, similar, beside, register."""
        plan = self.plan
        return {
            "removed": dict(plan.removed),
            "redacted": dict(plan.redacted),
            "cells": plan.cells,
            "partners": sorted(plan.mailing.tokens),
            "records": plan.mailing.records,
            "files": [str(path) for path in plan.files],
            "left": [str(path) for path in self.left],
            "held": [str(path) for path in self.held],
            "unseen": [str(path) for path in plan.unseen],
            "similar": list(plan.asked.similar),
            "beside": list(plan.asked.beside),
            "register": None if self.register is None else self.register.as_json(words),
        }


def planned(
    workspace: Workspace, text: str, also: Iterable[str] = (), search: Search | None = None
) -> tuple[Forgotten, Words]:
    """What would go. Changes nothing.

    Args:
        workspace: where to look.
        text: whom to look for.
        also: further spellings and numbers that go, too.
        search: looks into the files; what it has read of them it knows in the next call.

    Raises:
        WrongInputError: the text is too short to be a name, or a word of the form itself.
        NothingDoneError: the register is open, the ledger can't be read, ...
    """
    who = Who.of(text).also(also)
    with at_work(workspace, dry_run=True) as session, _opened(search) as looking:
        plan = _plan(session, looking, who)
        left = _left(looking, workspace, plan, _rewritten_files(workspace, plan))
        return Forgotten(plan, None, left, plan.held), session.words


def forget(
    workspace: Workspace,
    text: str,
    *,
    also: Iterable[str] = (),
    clock: Callable[[], datetime] = now,
    search: Search | None = None,
) -> tuple[Forgotten, Words]:
    """Take it out for good. Afterwards nothing of it remains in the ledger's file.

    Raises:
        WrongInputError: the text is too short to be a name, or a word of the form itself.
        NothingDoneError: the register is open, the disk is full, ...; nothing was changed.
    """
    who = Who.of(text).also(also)
    with at_work(workspace, clock) as opened, nobody_mails(workspace), _opened(search) as looking:
        refuse(who, [edition.form for edition in opened.editions.ordered])
        # what is derived goes first: it may be deleted at any time, and a call that is killed leaves none of it
        derived = delete(path for path in workspace.cache.rglob("*") if path.is_file())
        plan = _plan(opened, looking, who)
        if plan.empty:
            left = _left(looking, workspace, plan, frozenset())
            return Forgotten(plan, None, left, (*derived, *plan.held)), opened.words
        require_free((*plan.files, *mailed(workspace)))
        session = _nameless(opened, plan.mailing.tokens)
        mark = session.words("say.forget.mark")
        theirs = _theirs(all_entries(session), plan)

        def redacted(text: str) -> str:
            return plan.mailing.who.without(text, mark)

        removal = Removal(plan.removed, {}, theirs, plan.redacted, redacted, plan.withheld)

        def polish(draft: Draft) -> None:
            redact(draft.path, redacted, theirs)
            for twin in draft.twins:
                # partners' names come from the list of recipients, too, which is cleared last
                redact_twin(twin, redacted)

        done = rewrite(
            session,
            KIND,
            lambda run: take_out(session, run, removal),
            note=f"{len(plan.removed)} + {len(plan.redacted)}",
            polish=polish,
        )
        forgotten_hashes.write(workspace, session.ledger)
        held = dict.fromkeys((*derived, *delete((*plan.files, *copies(workspace))), *plan.held))
        clear(workspace, plan.mailing, redacted)
        session.ledger.vacuum()
        left = tuple(one for one in _left(looking, workspace, plan, frozenset()) if one not in held)
        return Forgotten(plan, RegisterChange.of(session, done), left, tuple(held)), session.words


def _opened(search: Search | None) -> AbstractContextManager[Search]:
    return searching() if search is None else nullcontext(search)


def _nameless(session: Session, tokens: frozenset[str]) -> Session:
    """The session as it is once the list of recipients does not say any more whose these tokens were."""
    labels = {token: label for token, label in session.editions.labels.items() if token not in tokens}
    return replace(session, editions=replace(session.editions, labels=labels))


def _left(search: Search, workspace: Workspace, plan: Plan, without: frozenset[Path]) -> tuple[Path, ...]:
    """What a person has to look at."""
    naming = traces(workspace, search, plan.mailing.who, without).naming
    return tuple(dict.fromkeys((*(path for path in plan.packed if path.exists()), *naming)))


def _rewritten_files(workspace: Workspace, plan: Plan) -> frozenset[Path]:
    twins = (workspace.register, workspace.register_json, workspace.answers, workspace.report)
    return frozenset({*twins, *mailed(workspace), *plan.files, workspace.ledger})


# ---------------------------------------------------------------- what goes


def _plan(session: Session, search: Search, asked: Who) -> Plan:
    forms = [edition.form for edition in session.editions.ordered]
    refuse(asked, forms)

    def nobodys(text: str) -> bool:
        return kind_of(Who.of(text), forms) is not None

    mailing = look(session.workspace, search, asked, session.words("letter.name"), nobodys)
    who, marked = mailing.who, mailing.marked
    returns, said = everything(session)
    by_return: dict[str, list[Submission]] = defaultdict(list)
    for submission in said:
        by_return[submission.return_id].append(submission)
    removed, redacted, cells = {}, {}, 0
    # a name that was typed off a scan stands in the original and in the picture of its cell
    typed = {
        one.other
        for one in session.ledger.hand_events().decisions
        if one.kind is DecisionKind.TYPED and who.mentioned(one.value)
    }
    recognised = {one.document.sha256 for one in returns if one.reading.fields}
    files = traces(session.workspace, search, who, frozenset({session.workspace.ledger}), recognised)
    named = {path.stem for path in files.naming if path.parent == session.workspace.originals}
    for one in returns:
        identity, held = one.document.sha256, _said(one, who)
        if _is_theirs(one, by_return[identity], marked):
            removed[identity] = one.document.file
            continue
        cells += held + _ways(one, who)
        if held or identity in typed or identity in named:
            redacted[identity] = one.document.file
    cells += sum(map(who.mentioned, _texts_by_hand(session)))
    # What an earlier call had no time to delete is deleted now.
    hashes = {*removed, *redacted, *forgotten_hashes.known(session.workspace, session.ledger).documents}
    theirs = tuple(files_of(session.workspace, hashes))
    packed = packed_with(session, returns, {*removed, *redacted})
    kept = tuple(copies(session.workspace))
    if not (removed or redacted or cells or mailing.records or set(kept) & set(files.naming)):
        kept = ()
    called = named_after(session.workspace, who.mentioned)
    gone = tuple(dict.fromkeys((*theirs, *packed.alone, *called, *kept, *mailing.files)))
    others = [one for one in returns if one.document.sha256 not in removed]
    texts = [*_texts_of(returns), *_texts_by_hand(session), *_texts_in_register(session)]
    stay = [one for one in said if one.return_id not in removed]
    return Plan(
        asked, removed, redacted, cells, gone, packed.mixed, mailing, withheld(session, others, who),
        asked_about(who, texts, stay, files.similar),
        tuple(path for path in files.closed if path not in gone),
        tuple(path for path in files.held if path not in gone),
    )  # fmt: skip


def _texts_of(returns: Iterable[StoredReturn]) -> Iterator[str]:
    for one in returns:
        yield from (text for field in one.reading.fields for text in (str(field.name), field.text))
        for way in one.document.sightings:
            yield from texts_of(way)


def _is_theirs(one: StoredReturn, said: list[Submission], who: Who) -> bool:
    names = [(submission.reporter.label, submission.reporter.key) for submission in said]
    if names:
        return all(who.named(label) or who.named(key) for label, key in names)
    senders = [way.mail_from for way in one.document.sightings if way.mail_from]
    return bool(senders) and all(who.mentioned(sender) for sender in senders)


def _said(one: StoredReturn, who: Who) -> int:
    return sum(who.mentioned(field.text) or who.mentioned(str(field.name)) for field in one.reading.fields)


def _ways(one: StoredReturn, who: Who) -> int:
    """How often the ways name them on which a return came; what it says itself stays, and so does its original."""
    return sum(ways_say(who, one.document.sightings))


def _texts_by_hand(session: Session) -> list[str]:
    events = session.ledger.hand_events()
    texts = [text for edit in events.edits for text in (edit.old, edit.new)]
    texts += [text for row in events.rows for text in row.values.values()]
    texts += [one.value for one in events.decisions]
    texts += [
        text
        for one in session.ledger.refusals(active_only=False)
        for text in (one.provenance.path, one.provenance.mail_from, one.provenance.mail_subject)
    ]
    rows = session.desk.on_disk.rows if session.desk.on_disk else ()
    return [*texts, *(text for row in rows if not row.entry_id for text in row.values.values())]


def _texts_in_register(session: Session) -> list[str]:
    """What people wrote in columns, notes and sheets of their own."""
    return texts_in(session.workspace.register) if session.desk.on_disk else []


def _theirs(register: Register, plan: Plan) -> frozenset[str]:
    """Ids of entries that nobody else reported."""
    return frozenset(
        identity
        for entry in register.entries
        if entry.sources and all(source.return_id in plan.removed for source in entry.sources)
        for identity in (entry.id, *entry.aliases)
    )
