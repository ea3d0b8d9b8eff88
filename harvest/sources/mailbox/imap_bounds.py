"""How much a mail server may send: imaplib asks for as many bytes of memory as a server announces."""

from __future__ import annotations

from typing import Any

#: what a server says besides the mail that was asked for, and the structures of many mails at once
_TALK = 32 * 1024 * 1024


class AnswerTooLargeError(OSError):
    """The server sends more than was asked for; nothing that follows on this connection can be understood.

    No error of imaplib's: those it raises anew as others.
    """


class Bounds:
    """Counts what a connection reads, from one question to the next."""

    def __init__(self, client: Any) -> None:
        """`client`: of imaplib, logged in or not; reads through this object from now on."""
        self._read, self._readline = client.read, client.readline
        self._left = _TALK
        client.read, client.readline = self._bounded, self._line

    def ask(self, expected: int = 0) -> None:
        """The next question expects an answer of at most `expected` bytes beside the usual talk."""
        self._left = _TALK + expected

    def _bounded(self, size: int) -> Any:
        self._take(size)
        return self._read(size)

    def _line(self) -> Any:
        line = self._readline()
        self._take(len(line))
        return line

    def _take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise AnswerTooLargeError("more than was asked for")
