"""Whether a line that was written over a scan is what offices and document systems stamp on it. Pure.

Such a line may come to lie in an empty cell. It is no partner's answer, so it is told with its words, and makes no entry.
"""

from __future__ import annotations

import re

from spec.matching import equal_key

#: With what such a line begins: receipts, states of a document, marks of who has it.
_OPENINGS = frozenset(
    equal_key(word)
    for word in (
        "Eingegangen", "Eingang", "Posteingang", "Eingangsstempel", "Eing.", "Eingescannt", "Gescannt", "Gefaxt", "Faxeingang",
        "Received", "Scanned", "Faxed", "Recd", "Kopie", "Copy", "Entwurf", "Draft", "Vertraulich", "Confidential", "Abgelegt",
        "Bearbeitet", "Registriert", "Aktenzeichen", "Az.", "Geschäftszeichen", "Gz.", "Vorgang", "Dokument-ID", "Document ID", "Fax von",
        "Fax from",
    )
)  # fmt: skip
#: Words and signs of a stamp at most: more is somebody's sentence.
_WORDS, _SIGNS = 8, 80
#: A Bates number: a few capitals, then a long number (`ABC0001234`, `ABC-00012`).
_BATES = re.compile(r"[A-ZÄÖÜ]{2,8}[-_. ]?\d{5,12}")


def is_stamp(text: str) -> bool:
    """Whether `text` is a stamp: "Eingegangen am 12.11.2026", "Posteingang 3. Mai", "VERTRAULICH", "ABC0001234"."""
    line = " ".join(text[: _SIGNS + 1].split())
    words = line.split()
    if not words or len(line) > _SIGNS or len(words) > _WORDS:
        return False
    opening = any(equal_key(" ".join(words[:count])) in _OPENINGS for count in (1, 2))
    # "Eingang Hofseite, Weg 1" is a way to a door: of a stamp only numbers, months and small words follow
    return bool(_BATES.fullmatch(line)) or (opening and all(map(_goes_with, words[1:])))


_MONTHS = frozenset(
    "jan feb mrz mae apr mai may jun jul aug sep okt oct nov dez dec".split()  # noqa: SIM905 - reads like a calendar
)
_SMALL = frozenset({"am", "um", "uhr", "den", "on", "at", "nr", "no", "von", "from", "id", "stadt", "amt"})


def _goes_with(word: str) -> bool:
    key = equal_key(word)
    return not key or any(sign.isdigit() for sign in key) or key in _SMALL or key[:3] in _MONTHS
