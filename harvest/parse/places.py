"""Postal code and town in the cell that names a facility and its address.

A German postal code is five digits from 01001 to 99998 that stand alone, with the town behind it, or at the end of a
line. Figures in front of a unit (`12000 Menschen`) and telephone numbers are none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from harvest.parse.plain import even
from harvest.parse.towns import town_at

_LOWEST, _HIGHEST = 1001, 99998
#: what stands so far before a code can say that it is none; a bound, since a cell may be all figures
_BACK = 24

_CODE = re.compile(r"(?<![\w/.,+-])(?P<land>D ?- ?)?(?P<code>[0-9]{5})(?![\w/-])[ ,]{0,8}")
_END = re.compile(r"[ ]{0,40}(?:[,;\n)|]|\Z)")
_BEFORE = re.compile(r"(?:\A|[\n,;|(]|PLZ:?)[ ]{0,8}\Z", re.IGNORECASE)
_AFTER_FIGURE = re.compile(r"(?:\b0\d{1,5}|\+\d{1,3})[ /()-]{0,8}\Z")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A postal code and the town behind it, as typed; `town` is empty where none stands there."""

    code: str
    town: str = ""


def places_in(text: str) -> tuple[Place, ...]:
    """The places in `text`, each once, in order."""
    found: dict[Place, None] = {}
    # a letter and its mark are one character, or a name would end at the mark
    plain = even(unicodedata.normalize("NFC", text))
    for match in _CODE.finditer(plain):
        before = plain[max(0, match.start() - _BACK) : match.start()]
        if not _LOWEST <= int(match["code"]) <= _HIGHEST or _AFTER_FIGURE.search(before):
            continue
        town = town_at(plain, match.end())
        if town or (town is None and _alone(plain, match, before)):
            found[Place(match["code"], town or "")] = None
    return tuple(found)


def _alone(text: str, match: re.Match[str], before: str) -> bool:
    """Whether the code stands where only a postal code can: an item or a line of its own, or after `D-` or `PLZ`."""
    ends = _END.match(text, match.end("code")) is not None
    begins = _BEFORE.search(before if match.start() <= _BACK else f"x{before}") is not None
    return ends and (begins or match["land"] is not None)
