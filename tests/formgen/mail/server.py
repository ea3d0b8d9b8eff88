"""A real SMTP server (aiosmtpd) on loopback with STARTTLS and a login, which misbehaves where a test wants it to."""

from __future__ import annotations

import asyncio
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session, syntax

from tests.harvest.sources.dovecot import _certificate

USER = "stelle@amt.example"
PASSWORD = "geheim 4711"


@dataclass
class Post:
    """What the server took, and how it is to misbehave.

    Attributes:
        replies: step -> replies, one each time, until they are used up; `DROP` breaks the connection, `STALL` says
            nothing. Steps: EHLO, MAIL, RCPT, DATA (before the content), content (before the dot is read), dot.
        hooks: step -> what else happens there, once.
        keep_dropped: whether a mail counts as taken where the connection breaks after the dot.
    """

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    replies: dict[str, list[str]] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    keep_dropped: bool = True
    hooks: dict[str, Callable[[], None]] = field(default_factory=dict)

    def mails(self) -> list[EmailMessage]:
        found = [message_from_bytes(data, policy=default) for _, data in self.taken]
        assert all(isinstance(one, EmailMessage) for one in found)
        return [one for one in found if isinstance(one, EmailMessage)]

    @property
    def to(self) -> list[str]:
        return [address for address, _ in self.taken]

    def reply(self, step: str) -> str | None:
        self.steps.append(step)
        if step in self.hooks:
            self.hooks.pop(step)()
        waiting = self.replies.get(step, [])
        return waiting.pop(0) if waiting else None


class _Server(SMTP):
    """aiosmtpd, but for the steps at which it is told to misbehave."""

    post: Post

    async def _misbehaves(self, step: str) -> bool:
        reply = self.post.reply(step)
        if reply is None:
            return False
        if reply == "STALL":
            await asyncio.sleep(30)
        if reply in {"DROP", "STALL"}:
            _abort(self)
        else:
            await self.push(reply)
        return True

    @syntax("EHLO hostname")
    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._misbehaves("EHLO"):
            await super().smtp_EHLO(hostname)

    @syntax("MAIL FROM: <address>")
    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._misbehaves("MAIL"):
            await super().smtp_MAIL(arg)

    @syntax("RCPT TO: <address>")
    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._misbehaves("RCPT"):
            await super().smtp_RCPT(arg)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        if self.post.replies.get("content"):
            self.post.replies["content"].pop(0)
            await self.push("354 go on")
            _abort(self)
        elif not await self._misbehaves("DATA"):
            await super().smtp_DATA(arg)


def _abort(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class _Handler:
    def __init__(self, post: Post) -> None:
        self.post = post

    async def handle_DATA(self, server: _Server, _session: Session, envelope: Envelope) -> str:
        reply = self.post.reply("dot")
        content = envelope.original_content
        assert isinstance(content, bytes)
        if reply is None or (reply == "DROP" and self.post.keep_dropped):
            self.post.taken.extend((address, content) for address in envelope.rcpt_tos)
        if reply == "STALL":
            await asyncio.sleep(30)
        if reply in {"DROP", "STALL"}:
            _abort(server)
            return "451 gone"
        return reply or "250 taken"


class _Controller(Controller):
    post: Post

    def factory(self) -> _Server:
        server = _Server(self.handler, **self.SMTP_kwargs)
        server.post = self.post
        return server


@dataclass(frozen=True)
class Running:
    """A running server: where it listens, and what it took."""

    port: int
    ca_file: Path
    post: Post


@contextmanager
def serving(security: str = "starttls") -> Iterator[Running]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _certificate(home)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(home / "cert.pem", home / "key.pem")
        post = Post()

        def authenticate(
            _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
        ) -> AuthResult:
            good = isinstance(data, LoginPassword) and data.login == USER.encode()
            good = good and data.password.decode() in {PASSWORD, "größe"}
            return AuthResult(success=good, handled=False)

        tls: dict[str, Any] = {
            "starttls": {"tls_context": context, "require_starttls": True},
            "tls": {"ssl_context": context, "auth_require_tls": False},
            "none": {},
        }[security]
        controller = _Controller(
            _Handler(post),
            hostname="127.0.0.1",
            port=_free_port(),
            authenticator=authenticate,
            enable_SMTPUTF8=True,
            **tls,
        )
        controller.post = post
        controller.start()
        try:
            yield Running(controller.port, home / "cert.pem", post)
        finally:
            controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
