"""Languages that a partner names: `Türkisch`, `türkischsprachig`, `Kurdisch (Kurmancî)`, `Farsi`.

A language is named by its noun, alone or before `-sprachig`; inflected adjectives (`türkische Frauen`) and compounds
(`Deutschkurs`, `Deutsch-Kurdischer Verein`) speak of people, courses and places, and are left alone. What follows
`kein` or `ohne` is not offered. The table beside this module says which spellings belong together.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources

from harvest.parse.plain import visible

_TABLE = "languages.toml"
#: a language whose narrower ones say more: Kurdish beside Kurmancî
_BROADER = {"ku": ("kmr", "ckb", "zza"), "bks": ("bs", "hr", "sr")}
_NOT_OFFERED = re.compile(r"\b(?:kein(?:e|en|er|em)?|ohne|nicht|no)\s+$", re.IGNORECASE)


@cache
def spellings() -> Mapping[str, str]:
    """Spelling, folded -> key of the language (its ISO 639 code, or a name of ours)."""
    text = resources.files(__package__).joinpath(_TABLE).read_text(encoding="utf-8")
    table: dict[str, list[str]] = tomllib.loads(text)
    return {fold(spelling): key for key, names in table.items() for spelling in names}


@cache
def keys() -> tuple[str, ...]:
    """All languages of the table, in its order."""
    return tuple(dict.fromkeys(spellings().values()))


def fold(text: str) -> str:
    """Composed, small letters; one apostrophe for all of them."""
    composed = unicodedata.normalize("NFC", visible(text)).casefold()
    return unicodedata.normalize("NFC", composed).replace("’", "'")


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(spellings(), key=len, reverse=True))
    speaking = r"(?:-?sprach(?:ig(?:e[nrms]?)?|kenntnisse|mittl(?:ung|er(?:in|innen)?))|-?kenntnisse)?"
    # a hyphen or slash may join two languages, but no language to another word
    return re.compile(rf"(?:(?:{names})-)*(?:{names}){speaking}(?!\w|-\w)")


@cache
def _name_pattern() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(spellings(), key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{names})")


@cache
def _beginning() -> re.Pattern[str]:
    begins = "|".join(sorted({re.escape(name[:2]) for name in spellings()}))
    return re.compile(rf"(?<![\w-])(?:{begins})")


def _named(folded: str) -> Iterator[re.Match[str]]:
    """Where languages are named; only words that begin like a language are compared with all their names."""
    pattern, end = _pattern(), 0
    for word in _beginning().finditer(folded):
        if word.start() >= end and (match := pattern.match(folded, word.start())):
            end = match.end()
            yield match


def languages_in(text: str) -> tuple[str, ...]:
    """Keys of the languages named in `text`, each once, in order."""
    folded = fold(text)
    found: dict[str, None] = {}
    for match in _named(folded):
        if _NOT_OFFERED.search(folded, max(0, match.start() - 12), match.start()):
            continue
        for name in _name_pattern().finditer(match[0]):
            found[spellings()[name[0]]] = None
    return narrowed(found)


def narrowed(found: Iterable[str]) -> tuple[str, ...]:
    """Every language once, in order; without one whose narrower ones are there, too."""
    once = dict.fromkeys(found)
    return tuple(key for key in once if not any(narrow in once for narrow in _BROADER.get(key, ())))
