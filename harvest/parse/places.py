"""Postal code and town in the cell that names a facility and its address.

A German postal code is five digits from 01001 to 99998 that stand alone, with the town behind it, or at the end of a
line. Figures in front of a unit (`12000 Menschen`) and telephone numbers are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from harvest.parse.plain import even

_LOWEST, _HIGHEST = 1001, 99998

_WORD = r"[A-ZÄÖÜ][A-Za-zÄÖÜäöüßéèêáàâóòôíúçñëïłőűğş]+"
_NAME = rf"{_WORD}(?:-(?:{_WORD}|am|an|im|der|ob|bei|auf|in))*"
# first parts that are no town's name without the second
_FIRST = (
    r"(?:Bad|Sankt|St\.|Groß|Gross|Klein|Alt|Neu|Burg|Markt|Hohen|Königs|Ober|Unter|Nieder|Hessisch|Preußisch|"
    r"Schwäbisch|Bergisch|Lutherstadt|Hansestadt|Porta|Castrop|Wanne|Rheda|Hann\.|Hannoversch|Horn-Bad|Sulzbach|La|Le)"
)
_LINK = r"(?:am|an der|an dem|a\. ?d\.|a\.|im|in der|in|i\. ?d\.|i\.|bei|b\.|ob der|o\. ?d\.|vor der|v\. ?d\.|auf|unter|und)"
_BEHIND = (
    r"(?:Saale|Oder|Main|Ruhr|Westf\.?|Westfalen|Rhld\.?|Rheinland|Rhein|Rhein\.|Sieg|Eifel|Harz|Taunus|Allgäu|Spree|"
    r"Sauerland|Pfalz|Odw\.?|Odenwald|Württ\.?|Holst\.?|Oberbayern|Oldb\.?|Oldenburg|Wied|Lahn|Neckar|Donau|Aller|"
    r"Weser|Elbe|Mosel|Mark|Han\.?|Ems|Luhe|Breisgau)"
)
_TOWN = rf"(?:{_FIRST} {_NAME}|{_NAME})(?: {_LINK} {_NAME})?(?: ?\( ?{_BEHIND} ?\)| ?/ ?{_BEHIND}(?![\w-]))?"
_CODE = re.compile(rf"(?<![\w/.,+-])(?P<land>D ?- ?)?(?P<code>[0-9]{{5}})(?![\w/-])[ ,]*(?P<town>{_TOWN})?")
_END = re.compile(r"[ ]*(?:[,;\n)|]|\Z)")
_BEFORE = re.compile(r"(?:\A|[\n,;|(]|PLZ:?)[ ]*\Z", re.IGNORECASE)
_AFTER_FIGURE = re.compile(r"(?:\b0\d{1,5}|\+\d{1,3})[ /()-]*\Z")

#: words that follow a figure or an address but are no town
NO_TOWN: frozenset[str] = frozenset((
    "euro", "eur", "menschen", "personen", "einwohner", "einwohnern", "einwohnerinnen", "klienten", "klientinnen",
    "klient", "klientin", "fälle", "fällen", "besucher", "besucherinnen", "stunden", "patienten", "patientinnen",
    "kontakte", "beratungen", "plätze", "teilnehmer", "teilnehmende", "teilnehmerinnen", "migranten",
    "migrantinnen", "geflüchtete", "haushalte", "familien", "kinder", "frauen", "männer", "mitglieder", "termine",
    "tel", "telefon", "telefax", "fax", "mobil", "handy", "mail", "email", "frau", "herr", "dr", "prof",
    "ansprechpartner", "ansprechpartnerin", "kontakt", "mo", "di", "mi", "do", "fr", "sa", "so", "montag",
    "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "uhr", "etage", "raum", "stock",
    "exemplare", "tage", "jahre", "öffnungszeiten", "sprechzeiten", "sprechzeit", "sprechstunde",
    "versorgungsregion", "einzugsgebiet", "stadtbezirk", "zuständig", "offen", "anfragen", "gespräche", "www",
    "http", "https", "gesamt", "insgesamt",
))  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A postal code and the town behind it, as typed; `town` is empty where none stands there."""

    code: str
    town: str = ""


def places_in(text: str) -> tuple[Place, ...]:
    """The places in `text`, each once, in order."""
    found: dict[Place, None] = {}
    plain = even(text)
    for match in _CODE.finditer(plain):
        if not _LOWEST <= int(match["code"]) <= _HIGHEST or _AFTER_FIGURE.search(plain, 0, match.start()):
            continue
        town = _town(match["town"] or "")
        if town or (match["town"] is None and _alone(plain, match)):
            found[Place(match["code"], town)] = None
    return tuple(found)


def _town(text: str) -> str:
    first = re.split(r"[ ./(-]", text.casefold(), maxsplit=1)[0]
    return "" if first in NO_TOWN else re.sub(r" +", " ", text).strip()


def _alone(text: str, match: re.Match[str]) -> bool:
    """Whether the code stands where only a postal code can: an item or a line of its own, or after `D-` or `PLZ`."""
    ends = _END.match(text, match.end("code")) is not None
    begins = _BEFORE.search(text[max(0, match.start() - 12) : match.start()]) is not None
    return ends and (begins or match["land"] is not None)
