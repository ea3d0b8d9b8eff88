"""Whether one wording is contained in another: then they contradict each other in nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from harvest.merge.facilities.equality import loose

#: Who writes one of these beside the other's words says something else.
_DENIES = re.compile(
    r"\b(?:kein\w*|nicht|nein|nie|niemals|ohne|kaum|weder|statt|fr[üu]her|ehemals|bis|ab|not|no|none|never|without|formerly|until)\b"
)
#: Neither a word nor a name with hyphens, an address of mail or web is contained where it goes on.
_BEFORE = r"(?<!\w)(?<!\w[.\-@&+])"
_AFTER = r"(?!\w)(?![.\-@&+]\w)"
_TRIMMED = " .,;:/|-()"


@lru_cache(maxsize=1 << 12)
def contained(shorter: str, longer: str) -> bool:
    """Whether all that `shorter` says stands word for word, and at one piece, in `longer`, which denies none of it.

    A number is not contained in one that goes on: "030 12" is not in "030 12 34". Nothing is contained in anything.
    """
    inner, outer = loose(shorter).strip(_TRIMMED), loose(longer)
    if not inner or len(inner) >= len(outer) or loose(shorter) == outer:
        return False
    before = _BEFORE + (r"(?<!\d[ /])(?<!\+)" if inner[0].isdigit() else "")
    after = _AFTER + (r"(?![ /]{1,3}\d)" if inner[-1].isdigit() else "")
    found = re.search(before + re.escape(inner) + after, outer)
    if found is None:
        return False
    return not _DENIES.search(outer[: found.start()] + " " + outer[found.end() :])
