"""What the program says, in English in the code, and on a screen in the reader's language.

A fixed text needs nothing: it is its own key in `spec/words/messages.<language>.toml`. A text with values in it is
`said("There is no run {number}.", number=7)`: an English str that remembers what it was made of.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from spec.console.counting import fill

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


class Message(str):
    """An English text that remembers its template and its values."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Fill `template` (`spec.console.counting`); without values it is taken as it stands."""
        self = super().__new__(cls, fill(template, values) if values else template)
        self.template, self.values = template, MappingProxyType(values)
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """How it is copied, and how it travels between processes."""
        return (self.template,), dict(self.values)

    def __getstate__(self) -> None:
        """Nothing beside that."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Pydantic would make a plain str of it."""
        from pydantic_core import core_schema  # noqa: PLC0415  start-up

        written = core_schema.plain_serializer_function_ser_schema(
            str, return_schema=core_schema.str_schema()
        )
        return core_schema.is_instance_schema(cls, serialization=written)


def said(template: str, /, **values: object) -> Message:
    """The English text that `template` makes with `values`; a value may be a said text itself."""
    return template if isinstance(template, Message) and not values else Message(template, **values)


def listed(items: Sequence[str], last: str = "{items} or {last}") -> Message:
    """`a, b or c`."""
    if len(items) < 2:
        return Message("".join(items))
    return Message(last, items=", ".join(items[:-1]), last=items[-1])


def refusal(error: Exception) -> Message:
    """Why the system or a library refused, in a few words; the catalogue has the common ones under `reason`."""
    return Message(getattr(error, "strerror", None) or type(error).__name__)


def in_language(text: str, language: str | None) -> str:
    """`text` in `language`; in English where there is none, and whatever the catalogue lacks."""
    if language is None:
        return str(text)
    known = _texts(language)
    if not isinstance(text, Message):
        return str(known.get(text, text))
    values = {
        name: in_language(value, language) if isinstance(value, Message) else value
        for name, value in text.values.items()
    }
    return str(Message(known.get(text.template, text.template), **values))


@cache
def _texts(language: str) -> Mapping[str, str]:
    tables = catalogue(language)
    return {
        english: text
        for name in ("reason", "help", "message")
        for english, text in tables.get(name, {}).items()
    }


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """Kind of text -> English -> `language`; empty for English, which the code itself speaks."""
    file = resources.files("spec").joinpath("words", f"messages.{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
