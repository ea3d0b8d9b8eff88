"""What the commands of mails and rounds have in common: the round, its form and list, and how it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from formgen.copies.tokens import read_recipients
from formgen.forms import chosen_form
from formgen.mail.bounces import Bounce, add_bounces, bounces_in_files, read_bounces
from formgen.mail.draftbook import Draft, DraftBook, Kind, folder, read_book
from formgen.mail.login import password_for
from formgen.mail.mailbox import bounces_in_mailbox
from formgen.mail.send import (
    Plan,
    Sender,
    SendResult,
    check_files,
    plan_sending,
    settled,
    taken_back,
)
from formgen.mail.sentlog import SentLog, State, read_log
from formgen.mail.smtp import DeliveryOutcome
from formgen.mail.surroundings import Surroundings
from formgen.recipients import RecipientList, load_recipients
from formgen.recipients.hidden import Judge, refuse_hidden
from formgen.rounds import Round, all_rounds, check_name, found_path, kept_path, new_round, pick
from formgen.rounds.drafts import Drafted, Studio, check_list, draft_forms, list_path
from formgen.rounds.find import find_partners
from formgen.rounds.follow_up import Passed, draft_receipts, draft_reminders, may_go, owing, passed_over
from formgen.rounds.known import Known, read_answers
from formgen.rounds.sendings import sendings_of
from formgen.rounds.status import RoundStatus, partners_file, status_of, with_listed
from spec.config import Config, load_config
from spec.console.said import said
from spec.errors import Fault, FormgenHarvestError, WrongInputError
from spec.rounds import Sending
from spec.storage.atomic_files import write_text
from spec.storage.locks import only_mailer
from spec.storage.sent_forms import sent_forms
from spec.wire import CopyCode
from spec.words import words
from spec.workspace import Workspace


@dataclass(frozen=True)
class Reminded:
    """What `draft_reminders` drafted, how the partners stand, and who got no reminder."""

    drafted: Drafted
    status: RoundStatus
    passed: tuple[Passed, ...]


@dataclass(frozen=True)
class RoundOffice:
    """A workspace with its settings, as the commands meet it."""

    workspace: Workspace
    config: Config
    around: Surroundings

    @classmethod
    def open(cls, workspace: Workspace, around: Surroundings) -> RoundOffice:
        """Read the settings.

        Raises:
            WrongInputError: formgen.toml has faults.
        """
        return cls(workspace, load_config(workspace), around)

    # ------------------------------------------------------------ rounds

    def new_round(
        self, name: str, due: date | None, opened: date | None, spec: Path | None, *, prefilled: bool = True
    ) -> Round:
        """Open a round; its forms show what the register holds, if there is one.

        Raises:
            WrongInputError: see `rounds.new_round`; or the form has faults.
            NothingDoneError: the workspace can't be written to.
        """
        check_name(name)
        chosen_form(spec)
        register = self.workspace.register_json
        prefill = register if prefilled and register.exists() else None
        wanted = Round(
            name=name,
            opened=opened or self.around.today,
            due=due,
            spec=kept_path(spec, self.workspace),
            recipients=self.config.paths.recipients,
            prefill=kept_path(prefill, self.workspace),
        )
        return new_round(self.workspace, wanted)

    def round(self, name: str | None) -> Round:
        """The round of that name, or the newest.

        Raises:
            WrongInputError: there is none.
        """
        return pick(all_rounds(self.workspace), name)

    def studio(self, name: str | None, template: Path | None = None) -> Studio:
        """What drafts are made with.

        Raises:
            WrongInputError: there is no such round, or its form has faults.
            NothingDoneError: the file that keeps the tokens can't be read.
        """
        round_ = self.round(name)
        form = chosen_form(found_path(round_.spec, self.workspace))
        codes = read_recipients(self.workspace.recipients).codes_of(round_.name)
        return Studio(self.workspace, self.config, form, round_, self.around.today, template, codes)

    def known(self, round_: Round, book: DraftBook | None = None) -> Known:
        """All that a round's status is made from."""
        return Known(
            round=round_,
            rounds=all_rounds(self.workspace),
            book=book or read_book(self.workspace, round_.name),
            log=read_log(self.workspace),
            answers=read_answers(self.workspace),
            bounces=read_bounces(self.workspace),
            today=self.around.today,
            codes=self._codes(),
            sendings=self._sendings(),
            drafted=frozenset(one.round for one in sent_forms(self.workspace).sent),
        )

    def _codes(self) -> Mapping[str, CopyCode]:
        return read_recipients(self.workspace.recipients).by_code()

    def _sendings(self) -> Mapping[str, tuple[Sending, ...]]:
        return sendings_of(read_log(self.workspace), sent_forms(self.workspace))

    def status(self, name: str | None, language: str = "", partners: Sequence[str] = ()) -> RoundStatus:
        """How a round stands; also who is in its list and was not written to yet. Of `partners`, where some are named.

        Its notes are in `language`; without one, in the office's.

        Raises:
            WrongInputError: there is no such round, its list has faults now, or one of `partners` is nobody or several.
            NothingDoneError: a file of the workspace can't be read.
        """
        studio = self.studio(name)
        found = self._status(self.known(studio.round), language)
        if found.partners:
            self.keep_partners(studio.round)
        path = found_path(studio.round.recipients, self.workspace)
        if path is not None and path.exists():
            given = load_recipients(path, studio.form)
            found = with_listed(found, ((one.organisation, one.email) for one in given.recipients))
        return found.only(find_partners(partners, found.partners, self._codes())) if partners else found

    def offers(self, name: str) -> Mapping[str, str]:
        """Key -> name of every offer that the round's form asks about."""
        return {category.key: category.name for category in self.studio(name).form.categories}

    def keep_partners(self, round_: Round) -> None:
        """Write for the harvest how far the round's mails are; what came back, it knows better.

        Raises:
            NothingDoneError: a file of the workspace can't be read or written.
        """
        known = Known(
            round=round_,
            rounds=all_rounds(self.workspace),
            book=read_book(self.workspace, round_.name),
            log=read_log(self.workspace),
            answers=None,
            bounces=read_bounces(self.workspace),
            today=self.around.today,
            codes=self._codes(),
            sendings=self._sendings(),
            drafted=frozenset(one.round for one in sent_forms(self.workspace).sent),
        )
        text = partners_file(self._status(known), known).to_json()
        path = folder(self.workspace, round_.name) / "partners.json"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write_text(path, text)

    def _status(self, known: Known, language: str = "") -> RoundStatus:
        spoken = words(language or self.config.office.language)
        return status_of(known, spoken.under("round.note"), spoken.templates["date.day"])

    # ------------------------------------------------------------ drafts

    def draft_forms(
        self,
        name: str | None,
        recipients: Path | None,
        template: Path | None,
        judge: Judge = refuse_hidden,
    ) -> Drafted:
        """Copies and mails for all partners. Without any round, one is opened that is called after the year.

        `judge` says what is to become of the list's hidden rows.
        """
        with only_mailer(self.workspace):
            opened = None
            if name is None and not all_rounds(self.workspace):
                opened = self.new_round(str(self.around.today.year), None, None, None)
            studio = self.studio(name, template)
            try:
                drafted = draft_forms(studio, recipients, judge)
            except FormgenHarvestError:
                if opened is not None:
                    # a call that was refused leaves no round that nobody asked for
                    (self.workspace.rounds / f"{opened.name}.json").unlink(missing_ok=True)
                raise
            self.keep_partners(studio.round)
        if opened is None:
            return drafted
        note = said("The round {name} was opened, without a last day for answers.", name=opened.name)
        return replace(drafted, notes=(note, *drafted.notes))

    def draft_reminders(
        self,
        name: str | None,
        template: Path | None,
        *,
        after: int,
        partly: bool,
        partners: Sequence[str] = (),
        judge: Judge = refuse_hidden,
    ) -> Reminded:
        """Reminders for those who owe an answer; of `partners`, where some are named.

        `judge` says what is to become of the list's hidden rows.

        Raises:
            WrongInputError: one of `partners` names nobody, or several.
        """
        with only_mailer(self.workspace):
            studio = self.studio(name, template)
            status = self._status(self.known(studio.round))
            if partners:
                status = status.only(find_partners(partners, status.partners, self._codes()))
            today = self.around.today
            due = owing(status, today, after, partly=partly)
            drafted = draft_reminders(studio, self._list(studio), status, due, today=today, judge=judge)
            return Reminded(drafted, status, passed_over(status, today, after, partly=partly))

    def draft_receipts(
        self, name: str | None, template: Path | None, judge: Judge = refuse_hidden
    ) -> Drafted:
        """Receipts for those of whom something arrived; `judge` as for reminders."""
        with only_mailer(self.workspace):
            studio = self.studio(name, template)
            known = self.known(studio.round)
            return draft_receipts(studio, self._list(studio), self._status(known), known, judge)

    def _list(self, studio: Studio) -> RecipientList:
        return load_recipients(list_path(studio, None), studio.form)

    # ------------------------------------------------------------ sending

    def plan(self, name: str | None, kinds: Sequence[Kind], *, retry_uncertain: bool) -> tuple[Studio, Plan]:
        """What would be sent now: drafts of these kinds that are still wanted and whose partners did not change.

        Raises:
            WrongInputError: the list or a draft was changed meanwhile; all changes are told.
        """
        studio = self.studio(name)
        book = read_book(self.workspace, studio.round.name)
        status = self._status(self.known(studio.round, book))
        wanted = DraftBook(
            drafts=tuple(draft for draft in book.drafts if draft.kind in kinds and may_go(draft, status))
        )
        plan = plan_sending(wanted, read_log(self.workspace), retry_uncertain=retry_uncertain)
        if plan.mails:
            check_list(plan.mails, self._list(studio), list_path(studio, None).name)
            check_files(plan.mails, self.workspace, studio.round.name)
        return studio, plan

    def send(
        self,
        name: str | None,
        kinds: Sequence[Kind],
        *,
        retry_uncertain: bool = False,
        agree: Callable[[Plan], bool] = lambda _: True,
        tell: Callable[[Draft, DeliveryOutcome], None] = lambda _draft, _outcome: None,
    ) -> SendResult:
        """Send what is planned, if `agree` says so.

        Raises:
            WrongInputError: see `plan`; or formgen.toml names no server, or there is no password.
            NothingDoneError: nothing could be sent.
        """
        with only_mailer(self.workspace):
            studio, plan = self.plan(name, kinds, retry_uncertain=retry_uncertain)
            waiting = tuple(draft.key for draft in plan.uncertain)
            refused = tuple(draft.key for draft in plan.refused)
            if not agree(plan) or not plan.mails:
                left = tuple(draft.key for draft in plan.mails)
                return SendResult(refused=refused, uncertain=waiting, left=left)
            sender = Sender(
                self.workspace,
                studio.round.name,
                self.config,
                self._smtp_password(),
                read_log(self.workspace),
                self.around,
                tell,
            )
            try:
                result = sender.send(plan.mails)
            finally:
                self.keep_partners(studio.round)
        return SendResult(
            result.sent,
            (*refused, *result.refused),
            (*waiting, *result.uncertain),
            result.left,
            result.stopped,
        )

    def settle(
        self,
        name: str | None,
        kinds: Sequence[Kind],
        partners: Sequence[str],
        *,
        all_: bool,
        agree: Callable[[Sequence[Draft]], bool] = lambda _: True,
    ) -> tuple[Draft, ...]:
        """Note that mails were sent by hand, or arrived after all; which.

        Args:
            name: the round's; None for the only open one.
            kinds: of mails.
            partners: names or parts of names, or addresses.
            all_: every draft that is not sent yet; else those to these partners.
            agree: asked with the drafts before they are noted.

        Raises:
            WrongInputError: a partner is nobody or several, or no mail waits for them.
        """
        with only_mailer(self.workspace):
            book = read_book(self.workspace, self.round(name).name)
            asked = tuple(draft for draft in book.drafts if draft.kind in kinds)
            log = read_log(self.workspace)
            plan = plan_sending(DraftBook(drafts=asked), log)
            open_ = [*plan.mails, *plan.uncertain, *plan.refused]
            named = find_partners(partners, book.drafts, self._codes())
            faults = [_nothing_waits(one, asked, log) for one in named if one.token not in _tokens(open_)]
            if faults:
                raise WrongInputError.of(faults)
            chosen = tuple(draft for draft in open_ if all_ or draft.token in _tokens(named))
            if not agree(chosen):
                return ()
            settled(log, chosen, self.around)
            self.keep_partners(self.round(name))
            return chosen

    def unsettle(self, name: str | None, kinds: Sequence[Kind], partners: Sequence[str]) -> tuple[Draft, ...]:
        """Take back that mails to these partners were noted as sent by hand; which.

        Raises:
            WrongInputError: a partner is nobody or several, or none of their mails was noted so.
        """
        with only_mailer(self.workspace):
            book = read_book(self.workspace, self.round(name).name)
            log = read_log(self.workspace)
            named = find_partners(partners, book.drafts, self._codes())
            last = log.last()
            noted = [
                draft
                for draft in book.drafts
                if draft.kind in kinds
                and (step := last.get(draft.key)) is not None
                and (step.state, step.reason) == (State.SENT, "by-hand")
            ]
            faults = [
                Fault(
                    one.organisation,
                    "No mail to this partner was noted as sent by hand.",
                    "What a mail server took can't be taken back.",
                )
                for one in named
                if one.token not in _tokens(noted)
            ]
            if faults:
                raise WrongInputError.of(faults)
            chosen = tuple(draft for draft in noted if draft.token in _tokens(named))
            taken_back(log, chosen, self.around)
            self.keep_partners(self.round(name))
            return chosen

    def _smtp_password(self) -> str:
        smtp = self.config.smtp
        if not smtp.server:
            raise WrongInputError(
                "formgen.toml, smtp.server",
                "No mail server is named.",
                'Write into formgen.toml in the workspace, under [smtp]: server = "mail.example.org".',
            )
        if not smtp.user:
            return ""
        return password_for("smtp", smtp.user, smtp.server, self.around.environ, self.around.keyring)

    # ------------------------------------------------------------ bounces

    def take_bounces(self, name: str | None, paths: Sequence[Path]) -> int:
        """Read mails that came back, from files or the office's mailbox; how many were new.

        Raises:
            WrongInputError: neither a file nor a mailbox is named.
            NothingDoneError: the mailbox can't be read.
        """
        found: tuple[Bounce, ...]
        if paths:
            found = bounces_in_files(paths)
        else:
            box = self.config.mailbox
            if not box.server or not box.user:
                raise WrongInputError(
                    "formgen.toml, mailbox",
                    "No mailbox is named.",
                    "Set server and user, or name saved mails.",
                )
            password = password_for("mailbox", box.user, box.server, self.around.environ, self.around.keyring)
            found = bounces_in_mailbox(box, password, self.round(name).opened)
        with only_mailer(self.workspace):
            count = add_bounces(self.workspace, found)
            if all_rounds(self.workspace):
                self.keep_partners(self.round(name))
            return count


def _tokens(drafts: Iterable[Draft]) -> set[str]:
    return {draft.token for draft in drafts}


def _nothing_waits(partner: Draft, asked: Sequence[Draft], log: SentLog) -> Fault:
    last = log.last()
    days = [last[one.key].at.astimezone() for one in asked if one.token == partner.token and one.key in last]
    if days:
        fault = said("This mail counts as sent already, on {day:%Y-%m-%d}.", day=max(days))
        return Fault(partner.organisation, fault, "There is nothing to do.")
    return Fault(
        partner.organisation, "No mail waits for this partner.", "Draft one first, or name another --kind."
    )
