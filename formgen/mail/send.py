"""Drafts -> partners: one by one, at a pace, each at most once, whatever breaks in between."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from formgen.mail.addresses import MailAddress, mail_address
from formgen.mail.compose import message_id, ready_to_send
from formgen.mail.draftbook import Draft, DraftBook, folder
from formgen.mail.sentlog import SentLog, State, Step, read_log
from formgen.mail.smtp import Delivery, DeliveryOutcome, Outgoing, SmtpSession, Unreachable
from formgen.mail.stopping import Stopping
from formgen.mail.surroundings import Surroundings
from spec.config import Config
from spec.console.said import Message, said
from spec.errors import Fault, NothingDoneError, WrongInputError
from spec.workspace import Workspace

#: Connections that fail one after the other before sending stops.
_MOST_BROKEN = 3


@dataclass(frozen=True)
class Plan:
    """What a call would send.

    Attributes:
        mails: those that go out.
        uncertain: mails of which nobody knows whether they arrived.
        refused: mails that the server refused for good, with the draft they still have.
        sent: how many are sent already.
    """

    mails: tuple[Draft, ...]
    uncertain: tuple[Draft, ...]
    refused: tuple[Draft, ...]
    sent: int


@dataclass(frozen=True)
class SendResult:
    """What a call sent, by key. `left` are mails that wait; `stopped` says why sending ended early."""

    sent: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    uncertain: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    stopped: str = ""

    @property
    def needs_person(self) -> bool:
        """Whether not all went well."""
        return bool(self.refused or self.uncertain or self.left)

    @property
    def begun(self) -> bool:
        """Whether any mail met its fate: it was sent, refused for good, or nobody knows."""
        return bool(self.sent or self.refused or self.uncertain)

    def having(self, key: str, fate: Delivery) -> SendResult:
        """The same with one more mail's fate; one that may be tried again is not counted yet."""
        if fate is Delivery.TAKEN:
            return replace(self, sent=(*self.sent, key))
        if fate is Delivery.UNKNOWN:
            return replace(self, uncertain=(*self.uncertain, key))
        return replace(self, refused=(*self.refused, key)) if fate is Delivery.REFUSED else self


def plan_sending(book: DraftBook, log: SentLog, *, retry_uncertain: bool = False) -> Plan:
    """Sort the drafts by what the log says of them. Pure."""
    last = log.last()
    mails: list[Draft] = []
    uncertain: list[Draft] = []
    refused: list[Draft] = []
    sent = 0
    # in the order in which people look for names
    for draft in sorted(book.drafts, key=lambda one: (one.kind.value, one.organisation.casefold(), one.key)):
        step = last.get(draft.key)
        state = State.PLANNED if step is None else step.state
        if state is State.SENT:
            sent += 1
        elif state is State.SENDING and not retry_uncertain:
            uncertain.append(draft)
        elif state is State.FAILED and step is not None and step.sha256 == draft.sha256:
            refused.append(draft)
        else:
            mails.append(draft)
    return Plan(tuple(mails), tuple(uncertain), tuple(refused), sent)


def check_files(drafts: Sequence[Draft], workspace: Workspace, round_name: str) -> None:
    """Whether every draft's file is what was drafted.

    Raises:
        WrongInputError: files are missing or were changed; all are told.
    """
    faults = []
    for draft in drafts:
        path = folder(workspace, round_name) / draft.file
        again = "Write the drafts again, or send this one by hand and say so with `formgen mail sent`."
        try:
            data = path.read_bytes()
        except OSError:
            faults.append(Fault(str(path), "This draft can't be read.", again))
            continue
        if hashlib.sha256(data).hexdigest() != draft.sha256:
            faults.append(Fault(str(path), "This draft was changed since it was written.", again))
    if faults:
        raise WrongInputError.of(faults)


def sender_of(config: Config) -> MailAddress:
    """Who the mails come from.

    Raises:
        WrongInputError: formgen.toml names no sender.
    """
    if not config.office.sender:
        raise WrongInputError(
            "formgen.toml, office.sender",
            "There is no sender.",
            'Write into formgen.toml in the workspace, under [office]: sender = "office@example.org".',
        )
    return mail_address(config.office.sender, config.office.name, "formgen.toml, office.sender")


def _why(error: Unreachable | NothingDoneError) -> Message:
    return error.faults[0].told if isinstance(error, NothingDoneError) else said(error.args[0])


@dataclass
class Sender:
    """Sends the mails of one round.

    Attributes:
        tell: called with (draft, outcome) after each try.
    """

    workspace: Workspace
    round_name: str
    config: Config
    password: str
    log: SentLog
    around: Surroundings
    tell: Callable[[Draft, DeliveryOutcome], None] = lambda _draft, _outcome: None

    def send(self, mails: Sequence[Draft]) -> SendResult:
        """Send the mails; those that were put off are tried again after a while.

        Ctrl+C ends it after the mail at hand.

        Raises:
            NothingDoneError: server, certificate or login refuse, or somebody stops it, before anything was sent.
        """
        self._me = sender_of(self.config)
        self._stopping = Stopping()
        self._session: SmtpSession | None = None
        self._next_at = self.around.monotonic()
        self._broken = 0
        result = SendResult()
        waiting = list(mails)
        with self._stopping.listening():
            try:
                for attempt in range(self.config.smtp.retries + 1):
                    if attempt and waiting and not result.stopped:
                        self._leave()
                        self._stopping.rest(self.around.sleep, self.config.smtp.retry_after)
                    result, waiting = self._pass(waiting, result)
                    if not waiting or result.stopped:
                        break
            finally:
                self._leave()
        return replace(result, left=tuple(draft.key for draft in waiting))

    def _pass(self, mails: Sequence[Draft], result: SendResult) -> tuple[SendResult, list[Draft]]:
        later: list[Draft] = []
        queue = list(mails)
        while queue:
            draft = queue.pop(0)
            try:
                self._pause()
                if self._stopping.asked:
                    return self._stopped(result), [*later, draft, *queue]
                outcome = self._one(draft)
            except KeyboardInterrupt:
                return self._broken_off(draft, result, [*later, draft, *queue])
            except (Unreachable, NothingDoneError) as error:
                if isinstance(error, Unreachable) and self._broken < _MOST_BROKEN:
                    queue.insert(0, draft)
                    continue
                if not result.begun:
                    raise self._nothing(error) from error
                return replace(result, stopped=_why(error)), [*later, draft, *queue]
            self.tell(draft, outcome)
            result = result.having(draft.key, outcome.fate)
            if outcome.fate in {Delivery.PUT_OFF, Delivery.BROKEN_OFF}:
                later.append(draft)
            if self._broken >= _MOST_BROKEN:
                return replace(result, stopped=said("The connection broke again and again.")), [
                    *later,
                    *queue,
                ]
        return result, later

    def _pause(self) -> None:
        pause = self._next_at - self.around.monotonic()
        if pause > 0:
            self._stopping.rest(self.around.sleep, pause)

    def _stopped(self, result: SendResult) -> SendResult:
        """What is told where somebody stopped it.

        Raises:
            NothingDoneError: nothing was sent.
        """
        if not result.begun:
            raise NothingDoneError(
                "formgen mail send", "Somebody stopped it; nothing was sent.", "Run it again to send."
            )
        return replace(result, stopped=said("Somebody stopped it; what was sent is not sent again."))

    def _broken_off(
        self, draft: Draft, result: SendResult, waiting: list[Draft]
    ) -> tuple[SendResult, list[Draft]]:
        """Stopped in the middle of a mail: without its end the server forgets it, after its end nobody knows."""
        if self._session is not None:
            self._session.close()
        step = read_log(self.workspace).last().get(draft.key)
        state = State.PLANNED if step is None or step.sha256 != draft.sha256 else step.state
        if state in {State.SENT, State.SENDING}:
            result = result.having(draft.key, Delivery.TAKEN if state is State.SENT else Delivery.UNKNOWN)
            waiting = [one for one in waiting if one is not draft]
        return self._stopped(result), waiting

    def _nothing(self, error: Unreachable | NothingDoneError) -> NothingDoneError:
        if isinstance(error, NothingDoneError):
            return error
        place = f"{self.config.smtp.server}:{self.config.smtp.port_used}"
        return NothingDoneError(
            place,
            said("The mail server can't be reached ({reason}).", reason=_why(error)),
            "Check [smtp] in formgen.toml and the network; nothing was sent.",
        )

    def _one(self, draft: Draft) -> DeliveryOutcome:
        """One mail, with its steps in the log."""
        self._next_at = self.around.monotonic() + self.config.smtp.pace
        identity = message_id(draft.key, self._me)
        outgoing = self._outgoing(draft, identity)
        session = self._connected()

        def note(state: State, code: int = 0, reason: str = "smtp") -> None:
            step = Step(draft.key, state, self.around.now(), draft.sha256, code, reason, identity)
            self.log = self.log.add(step)

        outcome = session.deliver(outgoing, lambda: note(State.SENDING))
        # an unknown fate leaves `sending` as the last word
        if outcome.fate is Delivery.TAKEN:
            note(State.SENT, outcome.code)
        elif outcome.fate is Delivery.REFUSED:
            note(State.FAILED, outcome.code)
        elif outcome.fate is not Delivery.UNKNOWN:
            note(
                State.DEFERRED, outcome.code, "connection" if outcome.fate is Delivery.BROKEN_OFF else "smtp"
            )
        lost = outcome.fate in {Delivery.BROKEN_OFF, Delivery.UNKNOWN}
        self._broken = self._broken + 1 if lost else 0
        return outcome

    def _outgoing(self, draft: Draft, identity: str) -> Outgoing:
        to = mail_address(draft.email, "", draft.organisation)
        data = (folder(self.workspace, self.round_name) / draft.file).read_bytes()
        content = ready_to_send(data, identity, self.around.now())
        return Outgoing(self._me.bare, to.bare, self._me.utf8 or to.utf8, content)

    def _connected(self) -> SmtpSession:
        if self._session is None or not self._session.open:
            try:
                self._session = SmtpSession.start(self.config.smtp, self.password)
            except Unreachable:
                self._broken += 1
                raise
        return self._session

    def _leave(self) -> None:
        if self._session is not None:
            self._session.leave()
            self._session = None


def settled(log: SentLog, drafts: Sequence[Draft], around: Surroundings) -> SentLog:
    """Note that these mails were sent: by hand from a mail program, or found to have arrived after all."""
    for draft in drafts:
        log = log.add(Step(draft.key, State.SENT, around.now(), draft.sha256, reason="by-hand"))
    return log


def taken_back(log: SentLog, drafts: Sequence[Draft], around: Surroundings) -> SentLog:
    """Note that these mails were not sent by hand after all."""
    for draft in drafts:
        log = log.add(Step(draft.key, State.PLANNED, around.now(), draft.sha256, reason="taken-back"))
    return log


def told(plan: Plan, workspace: Workspace, round_name: str) -> Iterator[tuple[Draft, Path]]:
    """What would go out, with the file of each."""
    for draft in plan.mails:
        yield draft, folder(workspace, round_name) / draft.file
