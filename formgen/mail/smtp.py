"""One connection to a mail server, and what can be known of a mail's fate at each step of it (RFC 5321).

A server has a mail once it was given the end of its content, a line with a single dot. Whatever breaks before that,
the server must forget the mail (RFC 5321, 4.1.1.4); whatever breaks after it and before the server's reply
leaves open whether it was taken. So the dot is sent alone, and the caller is told right before.
"""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from spec.config import Smtp
from spec.console.said import refusal, said
from spec.errors import NothingDoneError


class Delivery(StrEnum):
    """What became of a mail."""

    TAKEN = "taken"
    PUT_OFF = "put-off"  # 4xx: try later (RFC 5321, 4.2.1)
    REFUSED = "refused"  # 5xx: not as it is
    BROKEN_OFF = "broken-off"  # the connection broke before the dot: the server does not have it
    UNKNOWN = "unknown"  # the connection broke after the dot


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """A mail's fate, the server's code (0 without a reply) and the step: `MAIL`, `RCPT`, `DATA`, `content`, `dot`."""

    fate: Delivery
    code: int = 0
    step: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail as it goes to a server. `utf8`: an address needs SMTPUTF8 (RFC 6531)."""

    sender: str
    to: str
    utf8: bool
    content: bytes = field(repr=False)


class Unreachable(Exception):  # noqa: N818 - never leaves this package: the sender decides what it means
    """The server could not be reached; worth another try."""


class SmtpSession:
    """An open connection, logged in."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp
        self.open = True

    @classmethod
    def start(cls, settings: Smtp, password: str) -> SmtpSession:
        """Connect, secure the connection, log in.

        Raises:
            NothingDoneError: certificate, encryption or login refuse; trying again would not help.
            Unreachable: no connection, or it broke.
        """
        place = f"{settings.server}:{settings.port_used}"
        try:
            session = cls(_connected(settings, place))
        except ssl.SSLCertVerificationError as error:
            raise NothingDoneError(
                place,
                said("The server's certificate can't be trusted ({reason}).", reason=error.verify_message),
                "Check `server` in formgen.toml; for an office's own authority set `ca_file`.",
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(refusal(error)) from error
        try:
            session._login(settings.user, password, place)
        except BaseException:
            session.close()
            raise
        return session

    def _login(self, user: str, password: str, place: str) -> None:
        if not user:
            return
        try:
            if (user + password).isascii():
                self._smtp.login(user, password)
            else:
                self._login_utf8(user, password)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            if getattr(error, "smtp_code", 535) // 100 == 4:
                raise Unreachable(said("login put off")) from error
            raise NothingDoneError(
                place,
                "The mail server refuses the login.",
                "Check `user` in formgen.toml and the password; some providers want an app password.",
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(said("the connection broke at the login")) from error

    def _login_utf8(self, user: str, password: str) -> None:
        """PLAIN, which takes UTF-8 (RFC 4616, 2); smtplib's own ways know ASCII only."""
        proof = base64.b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
        code, reply = self._smtp.docmd("AUTH", f"PLAIN {proof}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, reply)

    def deliver(self, mail: Outgoing, before_dot: Callable[[], None]) -> DeliveryOutcome:
        """Hand over one mail. `before_dot` is called right before its fate can become unknown."""
        try:
            if mail.utf8 and not self._smtp.has_extn("smtputf8"):
                return DeliveryOutcome(Delivery.REFUSED, 0, "SMTPUTF8")
            refused = self._announce(mail)
            if refused is not None:
                return refused
            self._smtp.send(_stuffed(mail.content))
        except (OSError, smtplib.SMTPException):
            self.close()
            return DeliveryOutcome(Delivery.BROKEN_OFF, 0, "content")
        try:
            before_dot()
        except BaseException:
            # without the dot the server forgets the mail
            self.close()
            raise
        try:
            self._smtp.send(b".\r\n")
            code, _ = self._smtp.getreply()
        except (OSError, smtplib.SMTPException):
            self.close()
            return DeliveryOutcome(Delivery.UNKNOWN, 0, "dot")
        return (
            DeliveryOutcome(Delivery.TAKEN, code, "dot") if code // 100 == 2 else self._refusal(code, "dot")
        )

    def _announce(self, mail: Outgoing) -> DeliveryOutcome | None:
        """MAIL, RCPT, DATA; None where the server waits for the content."""
        options = ["SMTPUTF8", "BODY=8BITMIME"] if mail.utf8 else []
        code, _ = self._smtp.mail(mail.sender, options)
        if code != 250:
            return self._refusal(code, "MAIL")
        code, _ = self._smtp.rcpt(mail.to)
        if code not in {250, 251}:
            return self._refusal(code, "RCPT")
        code, _ = self._smtp.docmd("DATA")
        return None if code == 354 else self._refusal(code, "DATA")

    def _refusal(self, code: int, step: str) -> DeliveryOutcome:
        if code == 421:
            # the server is about to close (RFC 5321, 3.8)
            self.close()
        else:
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.rset()
        # what is neither 4xx nor 5xx here is no SMTP; the mail is kept for later
        return DeliveryOutcome(Delivery.REFUSED if code // 100 == 5 else Delivery.PUT_OFF, max(code, 0), step)

    def close(self) -> None:
        """End the connection; nothing happens where it is gone already."""
        if self.open:
            self.open = False
            self._smtp.close()

    def leave(self) -> None:
        """Say goodbye and end the connection."""
        with suppress(OSError, smtplib.SMTPException):
            if self.open:
                self._smtp.quit()
        self.close()


def _connected(settings: Smtp, place: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.ca_file:
        try:
            context.load_verify_locations(settings.ca_file)
        except OSError as error:
            raise NothingDoneError(
                settings.ca_file, "This certificate file can't be read.", "Check `ca_file` in formgen.toml."
            ) from error
    # the machine's own name is nobody's business; an address literal is as good (RFC 5321, 4.1.4)
    here, timeout = "[127.0.0.1]", settings.timeout
    if settings.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.server, settings.port_used, here, timeout=timeout, context=context
        )
    else:
        smtp = smtplib.SMTP(settings.server, settings.port_used, here, timeout=timeout)
    try:
        smtp.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            _secure(smtp, context, place)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _secure(smtp: smtplib.SMTP, context: ssl.SSLContext, place: str) -> None:
    if not smtp.has_extn("starttls"):
        raise NothingDoneError(
            place,
            "The server offers no encryption here (STARTTLS), so nothing was sent.",
            'Check `port` in formgen.toml, or set security = "tls".',
        )
    smtp.starttls(context=context)
    smtp.ehlo_or_helo_if_needed()


def _stuffed(content: bytes) -> bytes:
    """Lines that start with a dot get another one (RFC 5321, 4.5.2); the last line ends."""
    stuffed = re.sub(rb"^\.", b"..", content, flags=re.MULTILINE)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
