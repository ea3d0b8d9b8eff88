"""`formgen mail drafts`: a copy of the form and a mail for every partner of a round."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from formgen.copies.batch import Occasion, build_copies
from formgen.copies.prefill import load_prefill
from formgen.copies.tokens import read_recipients
from formgen.filenames import folded
from formgen.mail.addresses import MailAddress, mail_address
from formgen.mail.compose import Attachment, Envelope, compose
from formgen.mail.draftbook import (
    Draft,
    DraftBook,
    Kind,
    draft_key,
    eml_name,
    fingerprint,
    folder,
    read_book,
    write_book,
)
from formgen.mail.send import sender_of
from formgen.mail.sentlog import SentLog, State, read_log
from formgen.mail.template import Facts, Template, default_template, load_template
from formgen.recipients import Recipient, RecipientList, load_recipients
from formgen.recipients.hidden import Judge, refuse_hidden
from formgen.results import CopyResult
from formgen.rounds import Round, found_path, kept_path, write_round
from spec.config import Config
from spec.console.said import said
from spec.errors import Fault, WrongInputError
from spec.form.model import Form
from spec.matching import equal_key
from spec.names import subject_code
from spec.storage.atomic_files import cannot_write, keep_earlier, write_bytes
from spec.words import words
from spec.workspace import Workspace

#: What was sent, or may have been, keeps its draft.
GONE = frozenset({State.SENT, State.SENDING})
#: Folder of a round's drafts as they stood before they were written anew: somebody may have sent them by hand.
EARLIER = "earlier"
#: What writes drafts of a kind anew.
_AGAIN = {
    Kind.FORM: "formgen mail drafts",
    Kind.REMINDER: "formgen mail remind",
    Kind.RECEIPT: "formgen mail receipts",
}


@dataclass(frozen=True)
class Studio:
    """What all drafts of a call have in common.

    Attributes:
        today: the office's day.
        template: the office's own one, named in the call; goes before all others.
        codes: token -> what the round's copy carries, where it is not the token.
    """

    workspace: Workspace
    config: Config
    form: Form
    round: Round
    today: date
    template: Path | None = None
    codes: Mapping[str, str] = field(default_factory=dict)

    def envelope(self, recipient: Recipient) -> Envelope:
        """Who writes to whom.

        Raises:
            WrongInputError: an address is missing or can't stand in a header.
        """
        sender = sender_of(self.config)
        place = "formgen.toml, office.reply_to"
        answers_to = mail_address(self.config.office.answers_to, self.config.office.name, place)
        return Envelope(sender, self.address(recipient), answers_to)

    def address(self, recipient: Recipient) -> MailAddress:
        """A partner's address."""
        return mail_address(
            recipient.email, recipient.person or recipient.organisation, recipient.organisation
        )

    def language(self, recipient: Recipient) -> str:
        """The language of a partner's mails."""
        return recipient.language or self.config.office.language

    def template_for(self, kind: Kind, language: str) -> Template:
        """The call's template, else the office's `<kind>.<language>.j2`, else the product's."""
        if self.template is not None:
            return load_template(self.template, language)
        own = self.workspace.root / self.config.paths.templates / f"{kind.value}.{language}.j2"
        return load_template(own, language) if own.exists() else default_template(kind.value, language)

    def facts(self, recipient: Recipient, token: str, attachment: str, **more: object) -> Facts:
        """What a template may name."""
        names = {category.key: category.name for category in self.form.categories}
        asked = asked_categories(recipient, self.form)
        known: dict[str, object] = {
            "organisation": recipient.organisation,
            "person": recipient.person,
            "office": self.config.office.name,
            "reply_to": self.config.office.answers_to,
            "title": self.form.title,
            "round": self.round.name,
            "due": day_text(self.round.due, self.language(recipient)),
            "code": subject_code(self.codes.get(token, token)),
            "attachment": attachment,
            "categories": tuple(names[key] for key in asked),
        }
        return Facts(**{**known, **more})  # type: ignore[arg-type]  # a mistake is a TypeError in the first test


def asked_categories(recipient: Recipient, form: Form) -> tuple[str, ...]:
    """Keys of the categories that a partner is asked about."""
    return recipient.categories or tuple(category.key for category in form.categories)


def day_text(day: date | None, language: str) -> str:
    """A day as people of that language write it; empty without one."""
    return "" if day is None else day.strftime(words(language).templates["date.day"])


@dataclass(frozen=True)
class Drafted:
    """What a call drafted: all drafts, those of them that were written, and what a person should know."""

    drafts: tuple[Draft, ...]
    written: tuple[Path, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """A mail before it is composed. `attachment` is read only then: all partners' forms at once are many."""

    kind: Kind
    number: int
    recipient: Recipient
    token: str
    facts: Facts
    attachment: Path | None
    stem: str
    returns: tuple[str, ...] = ()


def draft_forms(studio: Studio, recipients: Path | None, judge: Judge = refuse_hidden) -> Drafted:
    """Build every partner's copy, write a draft for each, and note in the round which list was used.

    Raises:
        WrongInputError: list, template or settings have faults; nothing was drafted.
        NothingDoneError: the workspace can't be written to.
    """
    path = list_path(studio, recipients)
    given = judge(load_recipients(path, studio.form))
    templates = check_templates(studio, Kind.FORM, given.recipients)
    _check_addresses(studio, given.recipients)
    prefill_path = found_path(studio.round.prefill, studio.workspace)
    prefill = load_prefill(prefill_path, studio.form) if prefill_path else None
    occasion = Occasion(studio.round.name, studio.today)
    copies = build_copies(studio.form, studio.workspace, given, prefill, occasion=occasion)
    codes = read_recipients(studio.workspace.recipients).codes_of(studio.round.name)
    studio = replace(studio, codes=codes)
    wanted = [
        _form_mail(studio, recipient, copy)
        for recipient, copy in zip(given.recipients, copies.recipients, strict=True)
    ]
    kept = kept_path(path, studio.workspace)
    if kept != studio.round.recipients:
        write_round(studio.workspace, studio.round.model_copy(update={"recipients": kept}))
    notes = [
        *copies.notes,
        *(
            said("{organisation}: {note}", organisation=copy.organisation, note=note)
            for copy in copies.recipients
            for note in copy.notes
        ),
    ]
    drafted = write_drafts(studio, wanted, templates, replaces=Kind.FORM)
    return Drafted(drafted.drafts, drafted.written, (*notes, *drafted.notes))


def list_path(studio: Studio, recipients: Path | None) -> Path:
    """The list of partners: that of the call, else the round's, else that of formgen.toml.

    Raises:
        WrongInputError: nobody named one.
    """
    if recipients is not None:
        return recipients
    kept = studio.round.recipients or studio.config.paths.recipients
    found = found_path(kept, studio.workspace)
    if found is None:
        raise WrongInputError(
            "--recipients",
            "No list of partners is named.",
            "Name it, or set paths.recipients in formgen.toml.",
        )
    return found


def check_templates(studio: Studio, kind: Kind, recipients: Iterable[Recipient]) -> dict[str, Template]:
    """The templates of all languages that are needed, looked through before anything is written."""
    languages = dict.fromkeys(studio.language(recipient) for recipient in recipients)
    return {language: studio.template_for(kind, language) for language in languages}


def _check_addresses(studio: Studio, recipients: Iterable[Recipient]) -> None:
    """Whether every address can stand in a mail's header, before anything is written; all faults at once."""
    faults: list[Fault] = []
    for recipient in recipients:
        try:
            studio.envelope(recipient)
        except WrongInputError as error:
            faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise WrongInputError.of(faults)


def _form_mail(studio: Studio, recipient: Recipient, copy: CopyResult) -> Wanted:
    assert copy.token is not None
    path = Path(copy.file)
    facts = studio.facts(recipient, copy.token, path.name, prefilled=copy.prefilled)
    return Wanted(Kind.FORM, 1, recipient, copy.token, facts, path, path.stem)


def write_drafts(
    studio: Studio,
    wanted: Sequence[Wanted],
    templates: Mapping[str, Template],
    *,
    replaces: Kind | None = None,
    of: frozenset[str] | None = None,
) -> Drafted:
    """Compose the mails and write them with the list of drafts; what went out already is left alone.

    `replaces`: drafts of this kind that are neither wanted nor gone are removed; `of`: only those of these tokens.
    """
    workspace, name = studio.workspace, studio.round.name
    book, log = read_book(workspace, name), read_log(workspace)
    last = log.last()
    place = folder(workspace, name)
    taken: dict[str, set[str]] = {}
    gone = {draft.key: draft for draft in book.drafts if draft.key in last and last[draft.key].state in GONE}
    for draft in gone.values():
        taken.setdefault(draft.file.partition("/")[0], set()).add(folded(draft.file.rpartition("/")[2]))
    fresh = [one for one in wanted if _key(studio, one) not in gone]
    # every mail's words before any file: a template may fail for one partner only
    said = {_key(studio, one): templates[studio.language(one.recipient)].say(one.facts) for one in fresh}
    written: dict[str, Draft] = {}
    for one in fresh:
        key = _key(studio, one)
        below = f"{one.kind.value}-{one.number}"
        file = f"{below}/{eml_name(one.stem, one.token, taken.setdefault(below, set()))}"
        data = compose(studio.envelope(one.recipient), said[key], _attachment(one), key)
        _write(place / file, data, place / EARLIER)
        written[key] = _draft(one, key, file, data, studio.form)
    drafts = [gone.get(_key(studio, one)) or written[_key(studio, one)] for one in wanted]
    stale = [one for one in _stale(book, drafts, gone, replaces) if of is None or one.token in of]
    kept = {draft.file for draft in drafts}
    write_book(workspace, name, book.without(draft.key for draft in stale).with_(drafts))
    for draft in stale:
        if draft.file not in kept:
            keep_earlier(place / draft.file, place / EARLIER)
            (place / draft.file).unlink(missing_ok=True)
    return Drafted(
        tuple(drafts),
        tuple(place / draft.file for draft in written.values()),
        tuple(_left(drafts, gone, log)),
    )


def _key(studio: Studio, one: Wanted) -> str:
    return draft_key(studio.round.name, one.kind, one.number, one.token)


def _attachment(one: Wanted) -> Attachment | None:
    """The form that goes along.

    Raises:
        WrongInputError: it is not where it was written.
    """
    if one.attachment is None:
        return None
    try:
        return Attachment(one.attachment.name, one.attachment.read_bytes())
    except OSError as error:
        raise WrongInputError(
            str(one.attachment), "The partner's form is not there.", "Build the copies again."
        ) from error


def _draft(one: Wanted, key: str, file: str, data: bytes, form: Form) -> Draft:
    return Draft(
        key=key,
        kind=one.kind,
        number=one.number,
        token=one.token,
        organisation=one.recipient.organisation,
        email=one.recipient.email,
        categories=asked_categories(one.recipient, form),
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
        print=fingerprint(one.recipient),
        returns=one.returns,
    )


def _stale(
    book: DraftBook, drafts: Sequence[Draft], gone: Mapping[str, Draft], replaces: Kind | None
) -> list[Draft]:
    """Drafts of an earlier call that nobody wants any more: partners who left the list, or answered."""
    wanted = {draft.key for draft in drafts}
    return [
        draft
        for draft in book.drafts
        if draft.kind is replaces and draft.key not in wanted and draft.key not in gone
    ]


def _write(path: Path, data: bytes, earlier: Path) -> None:
    try:
        same = path.is_file() and path.read_bytes() == data
        if not same:
            keep_earlier(path, earlier)
    except OSError as error:
        raise cannot_write(path, error) from error
    if not same:
        write_bytes(path, data)


def _left(drafts: Sequence[Draft], gone: Mapping[str, Draft], log: SentLog) -> list[str]:
    """What was left alone because it went out."""
    last = log.last()
    sent = [draft for draft in drafts if draft.key in gone and last[draft.key].state is State.SENT]
    open_ = [draft for draft in drafts if draft.key in gone and last[draft.key].state is State.SENDING]
    notes: list[str] = []
    if sent:
        notes.append(
            said(
                "{count} {count:mail was|mails were} sent already; {count:its draft stays as it was|their drafts stay as they were}.",
                count=len(sent),
            )
        )
    notes += [
        said(
            "{organisation}: nobody knows whether this mail arrived; its draft stays.",
            organisation=draft.organisation,
        )
        for draft in open_
    ]
    return notes


def check_list(book_drafts: Sequence[Draft], given: RecipientList, name: str) -> None:
    """Whether the list still says what the drafts were made from.

    Raises:
        WrongInputError: it was changed meanwhile; says who, and what.
    """
    faults = []
    now = {recipient.key: recipient for recipient in given.recipients}
    names = {equal_key(recipient.organisation): recipient for recipient in given.recipients}
    for draft in book_drafts:
        recipient = now.get(draft.email.casefold())
        place = f"{name}, {draft.organisation}"
        again = said("Write the drafts again: {command}.", command=_AGAIN[draft.kind])
        if recipient is not None:
            if fingerprint(replace(recipient, hidden=not recipient.hidden)) == draft.print:
                faults.append(
                    Fault(place, "The row was hidden or shown again since this mail was drafted.", again)
                )
            elif fingerprint(recipient) != draft.print:
                faults.append(Fault(place, "The list was changed since this mail was drafted.", again))
            continue
        moved = names.get(equal_key(draft.organisation))
        if moved is not None:
            fault = said(
                "The address was {email} when this mail was drafted, now it is {new}.",
                email=draft.email,
                new=moved.email,
            )
        else:
            fault = said("{email} is not in the list any more.", email=draft.email)
        faults.append(Fault(place, fault, again))
    if faults:
        raise WrongInputError.of(faults)
