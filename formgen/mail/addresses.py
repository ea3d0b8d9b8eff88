"""Addresses and headers that a partner's name can't break out of. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address

import idna

from spec.console.said import said
from spec.errors import WrongInputError


@dataclass(frozen=True, slots=True)
class MailAddress:
    """Somebody's address as mails spell it: the domain in ASCII (IDNA 2008, RFC 5891).

    Attributes:
        utf8: whether the part before the @ needs a server that knows SMTPUTF8 (RFC 6531).
    """

    name: str
    local: str
    domain: str

    @property
    def utf8(self) -> bool:
        """See the class."""
        return not self.local.isascii()

    @property
    def bare(self) -> str:
        """The address alone, as SMTP's MAIL and RCPT take it."""
        return Address(username=self.local, domain=self.domain).addr_spec


def mail_address(address: str, name: str, place: str) -> MailAddress:
    """The address of somebody called `name`; `place` is what faults call them.

    Raises:
        WrongInputError: there is no address, it is none, or it or the name would break a header.
    """
    if not address.strip():
        raise WrongInputError(place, "There is no e-mail address.", "Write it into the list.")
    clean = one_line(address.strip(), place)
    local, at, domain = clean.rpartition("@")
    if not at or not local or not domain:
        raise WrongInputError(
            place,
            said("{text!r} is no e-mail address.", text=clean),
            "Write one address, like name@example.org.",
        )
    return MailAddress(one_line(name, place), local, _ascii(domain, clean, place))


def same_address(one: str, other: str) -> bool:
    """Whether two spellings are one address: case does not count, nor how the domain is written."""
    return _plain(one) == _plain(other)


def one_line(text: str, place: str) -> str:
    """`text`, which must fit a header's line.

    Raises:
        WrongInputError: a line break or another control character stands in it (RFC 5322, 2.2).
    """
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            kind = said("a line break") if character in "\r\n\u2028\u2029" else f"U+{ord(character):04X}"
            raise WrongInputError(
                place,
                said("What goes into a mail's header holds {kind}.", kind=kind),
                "Write it in one line.",
            )
    return text


def _ascii(domain: str, address: str, place: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise WrongInputError(
            place,
            said("The domain of {address!r} can't exist ({error}).", address=address, error=error),
            "Check its spelling.",
        ) from None


def _plain(address: str) -> str:
    local, _, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        domain = domain.casefold()
    return f"{local.casefold()}@{domain.lower()}"
