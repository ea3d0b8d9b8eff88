"""E-mail addresses and web addresses in a partner's text, as typed; nothing is looked up."""

from __future__ import annotations

import re

from harvest.parse.plain import even, once

_LABEL = (
    r"[^\W_](?:[\w-]{0,61}[^\W_])?"  # RFC 1035, 2.3.4: 63 at most; the bound also keeps the search linear
)
_DOMAIN = rf"(?:{_LABEL}\.)+[^\W\d_]{{2,24}}"
_AT = r"(?:@| ?[(\[{] ?(?:at|ät|@) ?[)\]}] ?)"
_EMAIL = re.compile(rf"(?<![\w.+%@-])([\w+%'-]+(?:\.[\w+%'-]+)*){_AT}({_DOMAIN})(?![\w@])", re.IGNORECASE)
_MOST = 254  # RFC 5321, 4.5.3.1.3
_LONGEST_NAME = 64

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
    for match in _EMAIL.finditer(even(text)):
        address = f"{match[1]}@{match[2]}"
        if len(address) <= _MOST and len(match[1]) <= _LONGEST_NAME:
            found.append(address)
    return once(found)


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
