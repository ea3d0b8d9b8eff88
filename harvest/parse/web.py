"""E-mail addresses and web addresses in a partner's text, as typed; nothing is looked up."""

from __future__ import annotations

import re

from harvest.parse.plain import even, once

_LABEL = (
    r"[^\W_](?:[\w-]{0,61}[^\W_])?"  # RFC 1035, 2.3.4: 63 at most; the bound also keeps the search linear
)
_DOMAIN = rf"(?:{_LABEL}\.)+[^\W\d_]{{2,24}}"
_AT = r"(?:@| ?[(\[{] ?(?:at|ät|@) ?[)\]}] ?)"
# RFC 5322, 3.2.3, less / = ? | which part addresses from what stands before them (`Fax/info@...`, `?to=info@...`);
# 64 at most (RFC 5321, 4.5.3.1.1), a bound that keeps the search linear
_SIGNS = "&!#$^`~*"
_LOCAL = rf"[\w+%'-][\w+%'.{_SIGNS}-]{{0,63}}"
_EMAIL = re.compile(rf"(?<![\w.+%@-])({_LOCAL}){_AT}({_DOMAIN})(?![\w@])", re.IGNORECASE)
_MOST = 254  # RFC 5321, 4.5.3.1.3

#: last parts of addresses that are recognised without `www.` or `https://`
ENDINGS: tuple[str, ...] = (
    "de", "org", "com", "net", "eu", "info", "nrw", "koeln", "cologne", "ruhr", "berlin", "hamburg", "bayern",
    "saarland", "at", "ch", "be", "nl", "lu", "online", "gmbh",
)  # fmt: skip
_PATH = r"(?:[/?#][^\s<>\"„“”»«]*)?"
_WEB = re.compile(
    rf"(?<![\w@.%+-])(?:https?://{_DOMAIN}(?::\d{{1,5}})?{_PATH}|www\.{_DOMAIN}{_PATH}"
    rf"|(?:{_LABEL}\.)+(?:{'|'.join(ENDINGS)})(?![\w@-]|\.\w){_PATH})",
    re.IGNORECASE,
)
# what every address has: a glance that saves the long look at most texts
_SIGN = re.compile(r"@|[(\[{] ?(?:at|ät)", re.IGNORECASE)
_DOT = re.compile(rf"://|www\.|\.(?:{'|'.join(ENDINGS)})(?![^\W_])", re.IGNORECASE)
_TRAILING = ".,;:!?'’*|"


def emails_in(text: str) -> tuple[str, ...]:
    """The e-mail addresses in `text`, each once; `(at)` and `[at]` are read as @."""
    found: list[str] = []
    if _SIGN.search(text) is None:
        return ()
    plain, last = even(text), -1
    for match in _EMAIL.finditer(plain):
        address, start = f"{match[1]}@{match[2]}", match.start()
        if (
            len(address) <= _MOST
            and _is_dot_atom(match[1])
            and (start == last + 1 or _is_whole(plain, start))
        ):
            found.append(address)
        last = match.end()
    return once(found)


def _is_whole(text: str, start: int) -> bool:
    """Whether no name that ends in an address begins before `start`; a sign in front of it may be a list's bullet."""
    return (
        start == 0
        or text[start - 1] not in _SIGNS
        or (start > 1 and not text[start - 2].isalnum())
        or start == 1
    )


def _is_dot_atom(name: str) -> bool:
    """RFC 5322, 3.2.3: no dot at an end, no two in a row."""
    return not name.endswith(".") and ".." not in name


def websites_in(text: str) -> tuple[str, ...]:
    """The web addresses in `text`, each once; the domains of e-mail addresses are none."""
    if _DOT.search(text) is None:
        return ()
    cleared = _EMAIL.sub(lambda match: "\n" * len(match[0]), even(text))
    return once([_trimmed(match[0]) for match in _WEB.finditer(cleared)])


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence around it; a bracket stays where it was opened inside."""
    while address and (
        address[-1] in _TRAILING
        or (address[-1] == ")" and address.count("(") < address.count(")"))
        or (address[-1] == "]" and address.count("[") < address.count("]"))
    ):
        address = address[:-1]
    return address
