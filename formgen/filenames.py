"""File names that a person understands and that every system takes. Pure.

Safe means: Windows' reserved names and signs, its dropped dots and spaces, 255 bytes on Linux, macOS' other
way of spelling accents, and mail programs and archives that keep or change all of these.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

#: UTF-8 bytes of a name without `.pdf`: also an encrypted folder (143 bytes) and a deep path still take it.
LONGEST = 100
#: Names of files that stand in the same folder.
OURS = frozenset({"blank", "edition"})
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_HARMLESS = frozenset(" -_.,+&()'’")


def safe_name(text: str) -> str:
    """`text` as a file's name without suffix; empty where nothing of it can be used.

    Letters, marks and digits of every script stay (composed, NFC), other signs become spaces.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(character if _usable(character) else " " for character in composed)
    name = _cut(_trimmed(kept))
    return f"{name}-Formular" if _RESERVED.fullmatch(name) or name.casefold() in OURS else name


def _usable(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in _HARMLESS


def _trimmed(text: str) -> str:
    # Windows drops dots and spaces at the end; a dot at the start hides a file, a hyphen makes it an option.
    return " ".join(text.split()).strip(" .-_,+&'’")


def _cut(name: str) -> str:
    """At most `LONGEST` bytes, whole characters with their marks, if possible whole words."""
    if len(name.encode("utf-8")) <= LONGEST:
        return name
    end = len(name.encode("utf-8")[:LONGEST].decode("utf-8", "ignore"))
    while end and unicodedata.combining(name[end]):
        end -= 1
    short = name[:end]
    space = short.rfind(" ", end // 2)
    return _trimmed(short[:space] if space > 0 else short)


def folded(name: str) -> str:
    """What two names have in common where a file system would take them for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", name).casefold())


def file_names(people: Sequence[tuple[str, str, str]]) -> list[str]:
    """A PDF's name for each (organisation, person, token), in their order; no two are the same anywhere.

    The organisation alone where it is enough, else with the person, else with the token. A name depends on
    the others in the list but not on their order, so that it stays from build to build.
    """
    choices = [
        (safe_name(organisation), safe_name(f"{organisation}, {person}" if person else organisation), token)
        for organisation, person, token in people
    ]
    alone = _counted(short for short, _, _ in choices)
    both = _counted(long for _, long, _ in choices)
    names = []
    for short, long, token in choices:
        if short and alone[folded(short)] == 1:
            name = short
        elif long and both[folded(long)] == 1 and folded(long) not in alone:
            name = long
        else:
            # A token is unique; so is every name that ends in one.
            name = " ".join(filter(None, (short, token)))
        names.append(f"{name}.pdf")
    return names


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[folded(name)] = counts.get(folded(name), 0) + 1
    return counts
