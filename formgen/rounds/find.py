"""Which partners a person names on the command line: by name, a part of it, address or token. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol, TypeVar

from formgen.mail.addresses import same_address
from spec.console.said import listed, said
from spec.errors import Fault, WrongInputError
from spec.names import find_code
from spec.naming import like, meant
from spec.wire import CopyCode

#: So many are named where a text can mean more.
_FEW = 5
_NO_CODES: Mapping[str, CopyCode] = MappingProxyType({})


class Addressed(Protocol):
    """A partner, or something for one."""

    @property
    def token(self) -> str:
        """The partner's token; empty before there is a mail."""

    @property
    def organisation(self) -> str:
        """The partner's name."""

    @property
    def email(self) -> str:
        """The partner's address."""


_Partner = TypeVar("_Partner", bound=Addressed)


def find_partners(
    texts: Sequence[str], partners: Iterable[_Partner], codes: Mapping[str, CopyCode] = _NO_CODES
) -> tuple[_Partner, ...]:
    """Whom `texts` name, each once, in the order of `texts`; a name may be spread over several of them.

    Args:
        texts: names, parts of names, addresses, tokens, codes as in a subject.
        partners: who can be meant; of several with one token the first counts.
        codes: what copies carry -> whose they are.

    Raises:
        WrongInputError: a text names nobody, or can mean several; all such texts are told.
    """
    known: dict[str, _Partner] = {}
    for one in partners:
        known.setdefault(_key(one), one)
    if len(texts) > 1 and len(whole := _named(" ".join(texts), known.values(), codes)) == 1:
        # somebody left the quotes out
        return whole
    found: dict[str, _Partner] = {}
    faults = []
    for text in texts:
        named = _named(text, known.values(), codes)
        if len(named) == 1:
            found[_key(named[0])] = named[0]
        else:
            faults.append(_several(text, named) if named else _nobody(text, known.values()))
    if faults:
        raise WrongInputError.of(faults)
    return tuple(found.values())


def _key(partner: Addressed) -> str:
    """Who has no mail yet has no token."""
    return partner.token or partner.email


def _named(text: str, partners: Iterable[_Partner], codes: Mapping[str, CopyCode]) -> tuple[_Partner, ...]:
    everyone = tuple(partners)
    code = find_code(text) or text.strip().lower()
    token = codes[code].token if code in codes else code
    if exact := tuple(one for one in everyone if one.token and one.token == token):
        return exact
    same = tuple(one for one in everyone if "@" in text and same_address(one.email, text.strip()))
    if same:
        return same
    names = {number: (one.organisation, one.email) for number, one in enumerate(everyone)}
    return tuple(everyone[number] for number in meant(text, names))


def _several(text: str, found: Sequence[Addressed]) -> Fault:
    by_name = sorted(found, key=lambda one: one.organisation.casefold())
    shown = [f"{one.organisation} <{one.email}>" for one in by_name[:_FEW]]
    if len(found) > _FEW:
        shown.append(said("{count} more", count=len(found) - _FEW))
    return Fault(
        repr(text),
        said("This can mean {names}.", names=listed(shown)),
        "Write the whole name, or the e-mail address.",
    )


def _nobody(text: str, partners: Iterable[Addressed]) -> Fault:
    near = like(text, {one.organisation: (one.organisation,) for one in partners})
    remedy = (
        said("Did you mean {name!r}?", name=near) if near else "`formgen round status` lists the partners."
    )
    return Fault(repr(text), "No partner of this round is called so.", remedy)
