"""What a row of the list must say, and how: names, address, categories, language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from formgen.recipients.columns import Columns
from formgen.recipients.offers import Offer, Offers, Unclear
from formgen.recipients.table import Row, Table
from spec.console.said import said
from spec.errors import Fault

#: Characters of a name. What is longer is a whole paragraph that slipped into the cell.
LONGEST_NAME = 200
#: RFC 5321, 4.5.3.1: 64 octets before the @, 254 in all.
LONGEST_ADDRESS = 254
_LINES = ("organisation", "person", "email")
_LANGUAGES = {
    "": "", "de": "de", "deutsch": "de", "german": "de", "en": "en", "englisch": "en", "english": "en",
}  # fmt: skip
#: RFC 5322's atoms, and beyond ASCII whatever is a letter, mark or digit (RFC 6531).
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
_REMEDY_ADDRESS = "Write one address, like name@example.org."


@dataclass(frozen=True, slots=True)
class Checked:
    """A row and what is wrong with it. `values` is empty where the row can't stand for a recipient."""

    row: int
    values: Mapping[str, str]
    offers: tuple[Offer, ...]
    faults: tuple[Fault, ...]


def checked_row(table: Table, columns: Columns, row: Row, offers: Offers) -> Checked:
    """Check one row; every fault of it is told."""
    kinds = ("organisation", "person", "email", "categories", "language", "note")
    values = {kind: unicodedata.normalize("NFC", columns.cell(kind, row).strip()) for kind in kinds}
    faults: list[Fault] = []

    def fault(kind: str, text: str, remedy: str) -> None:
        faults.append(Fault(table.place(row.number, columns.heading(kind)), text, remedy))

    for kind in _LINES:
        for text, remedy in _of_a_line(values[kind]):
            fault(kind, text, remedy)
    if not values["organisation"]:
        fault("organisation", "The organisation is missing.", "Write its name.")
    if not values["email"]:
        fault("email", "The e-mail address is missing.", "Write it, or take the row out.")
    elif not is_address(values["email"]) and not any(True for _ in _of_a_line(values["email"])):
        fault("email", said("{email!r} is not an e-mail address.", email=values["email"]), _REMEDY_ADDRESS)
    found = tuple(offers.of(values["categories"]))
    for one in found:
        if isinstance(one, Unclear):
            fault("categories", one.fault, one.remedy)
    meant = tuple(one for one in found if isinstance(one, Offer))
    language = _LANGUAGES.get(values["language"].casefold())
    if language is None:
        fault(
            "language",
            said("The language {language!r} is unknown.", language=values["language"]),
            "Write de or en, or leave it empty.",
        )
    return Checked(row.number, values | {"language": language or ""}, meant, tuple(faults))


def _of_a_line(text: str) -> Iterator[tuple[str, str]]:
    """What must not stand in a name or an address: it would reach mail headers, file names and the page."""
    if "\n" in text or "\r" in text:
        yield "There is a line break in this cell.", "Write it in one line."
    for character in dict.fromkeys(text):
        code = f"U+{ord(character):04X}"
        if unicodedata.bidirectional(character) in _DIRECTIONS or character in _MARKS:
            yield (
                said("There is an invisible mark for the direction of writing ({code}).", code=code),
                "Type the text anew.",
            )
        elif unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} and character not in "\n\r":
            yield said("There is a control character ({code}).", code=code), "Type the text anew."
    if len(text) > LONGEST_NAME:
        yield (
            said("The text is {count} characters long.", count=len(text)),
            said("Shorten it to {most} at most.", most=LONGEST_NAME),
        )


_DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_MARKS = "\u200e\u200f\u061c"


def is_address(text: str) -> bool:
    """Whether `text` has the shape of one e-mail address; letters beyond ASCII may stand on both sides of the @."""
    local, at, domain = text.rpartition("@")
    labels = domain.split(".")
    if not at or len(text.encode("utf-8")) > LONGEST_ADDRESS or len(local.encode("utf-8")) > 64:
        return False
    if len(labels) < 2 or labels[-1].isdigit() or not _LOCAL.fullmatch(local):
        return False
    return all(len(label) <= 63 and _LABEL.fullmatch(label) for label in labels)
