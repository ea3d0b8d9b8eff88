"""What each engine was measured to change in a value, and why; an engine that is not named changes nothing.

A test asserts that these are the changes, all of them and no others: an engine that gets better or worse is
noticed either way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Loss:
    """One change that an engine makes to what was entered."""

    name: str
    effect: Callable[[str], str]
    cause: str


def _without_tabs(text: str) -> str:
    return text.replace("\t", "")


def _tabs_to_spaces(text: str) -> str:
    return text.replace("\t", " ")


def _crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def _cut_to_16_bits(text: str) -> str:
    return "".join(chr(ord(character) & 0xFFFF) for character in text)


CRLF = Loss(
    "line ends become CRLF", _crlf, "PDFium ends a line in a multi-line field with CR LF when it stores it"
)

LOSSES: Mapping[str, tuple[Loss, ...]] = {
    "pdfium-typed": (
        Loss(
            "tabs are dropped",
            _without_tabs,
            "to PDFium the Tab key moves to the next field and enters nothing",
        ),
        CRLF,
    ),
    "pdfium-pasted": (
        Loss("tabs become spaces", _tabs_to_spaces, "PDFium replaces a tab in pasted text by a space"),
        Loss(
            "characters beyond U+FFFF lose their upper bits",
            _cut_to_16_bits,
            "PDFium's edit control takes pasted characters as 16-bit words: U+1F600 is stored as U+F600",
        ),
        CRLF,
    ),
}


def stored(engine: str, text: str) -> str:
    """What `engine` stores when `text` is entered."""
    for loss in LOSSES.get(engine, ()):
        text = loss.effect(text)
    return text


NOT_DRAWN: Mapping[str, str] = {
    "pikepdf": "writes no appearances and sets NeedAppearances instead, so a print through other programs is empty",
    "pdf-lib": "draws with Helvetica only, so the adapter saves without drawing once a text goes beyond Latin-1",
    "pdftk": "cannot encode for a Type0 font from /DR and draws every character as an empty box",
}
"""Engines whose values are right but not on the page, so that a printed copy of such a return holds no text."""

WRITES_INTO_THE_APPEARANCE_FOUND: Mapping[str, str] = {
    "pypdf": "replaces the content of the appearance stream that the field has",
    "pdfbox": "replaces the content of the appearance stream that the field has",
}
"""Engines with which fields that share one appearance all show the last text entered, untouched fields too.

So a blank needs an empty appearance for every field, not one for all.
"""
