"""The words around a form: one TOML file per language, read once, and never silent about a missing word.

`words("de")("form.page", page=2, pages=25)` says `Seite 2 von 25`.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from types import MappingProxyType
from typing import Any, get_args

from spec.console.counting import APART, fill
from spec.form.model import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language: dotted key -> template, and the names of its placeholders."""

    language: Language
    templates: Mapping[str, str]
    placeholders: Mapping[str, frozenset[str]]

    def word(self, key: str, /, **values: object) -> str:
        """The word under `key`, its placeholders filled with `values`.

        Raises:
            KeyError: there is no such word, or a placeholder lacks its value or a value its placeholder.
        """
        if key not in self.templates:
            near = difflib.get_close_matches(key, self.templates, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise KeyError(f"spec/words/{self.language}.toml has no word {key!r}{hint}")
        if values.keys() != self.placeholders[key]:
            needed, given = sorted(self.placeholders[key]), sorted(values)
            raise KeyError(f"the word {key!r} takes the values {needed}, but was given {given}")
        return fill(self.templates[key], values)

    __call__ = word

    def under(self, prefix: str) -> Mapping[str, str]:
        """The words of one table, in the file's order: `under("register.status")["new"]`.

        Raises:
            KeyError: there is no such table.
        """
        start = f"{prefix}."
        found = {
            key.removeprefix(start): template
            for key, template in self.templates.items()
            if key.startswith(start) and "." not in key.removeprefix(start)
        }
        if not found:
            raise KeyError(f"spec/words/{self.language}.toml has no table {prefix!r}")
        return MappingProxyType(found)


@cache
def words(language: str) -> Words:
    """The words of `language`, read once.

    Raises:
        KeyError: the product does not speak this language.
        ValueError: the file holds something that is no word; only a change of the product can cause it.
    """
    spoken = next((known for known in LANGUAGES if known == language), None)
    if spoken is None:
        raise KeyError(f"there are no words in {language!r}, only in {', '.join(LANGUAGES)}")
    text = resources.files(__name__).joinpath(f"{spoken}.toml").read_text(encoding="utf-8")
    templates = dict(_flat(tomllib.loads(text), ""))
    placeholders = {key: _placeholders(key, template) for key, template in templates.items()}
    return Words(spoken, MappingProxyType(templates), MappingProxyType(placeholders))


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, str) and value.strip():
            yield f"{prefix}{key}", value
        else:
            raise ValueError(f"the word {prefix}{key} is empty or no text")


def _placeholders(key: str, template: str) -> frozenset[str]:
    """The names in braces, perhaps with the words for one and for many: `{count:mail|mails}`.

    Only plain names: `{a.b}` or `{a[0]}` would let a value reach into an object.
    """
    names = set()
    for _, name, form, conversion in Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or (form and form.count(APART) != 1) or conversion:
            raise ValueError(f"the word {key} holds a placeholder that is no plain name: {{{name}}}")
        names.add(name)
    return frozenset(names)
