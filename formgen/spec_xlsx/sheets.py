"""How a form is spread over the sheets of a workbook. Data only; reading and writing share it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Literal, TypeAlias

from spec.words import LANGUAGES, Words, words

SheetKey: TypeAlias = Literal["form", "columns", "sections", "categories", "cover", "feedback"]


class Holds(Enum):
    """What a cell holds."""

    TEXT = auto()
    LINES = auto()  # one item per line
    NUMBER = auto()
    YES = auto()  # yes or empty
    KIND = auto()  # which list of the cover or feedback page a row belongs to


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the model as a column of a sheet, `width` characters wide."""

    name: str
    width: int
    holds: Holds = Holds.TEXT

    @property
    def word(self) -> str:
        """Its key in the words."""
        return self.name.replace("_", "-")


_KEY = Entry("key", 24)
_FIELD = (
    Entry("kind", 22, Holds.KIND),
    _KEY,
    Entry("text", 80),
    Entry("hint", 44),
    Entry("lines", 8, Holds.NUMBER),
)

#: Sheet -> its columns; on the sheet `form` they are the rows.
SHEETS: dict[SheetKey, tuple[Entry, ...]] = {
    "form": (
        _KEY,
        Entry("title", 60),
        Entry("subtitle", 60),
        Entry("language", 10),
        Entry("second_language", 20),
        Entry("rows", 10, Holds.NUMBER),
        Entry("nil_label", 60),
    ),
    "columns": (
        _KEY,
        Entry("heading", 44),
        Entry("hint", 60),
        Entry("second_hint", 44),
        Entry("width", 10, Holds.NUMBER),
        Entry("identifies", 20, Holds.YES),
    ),
    "sections": (_KEY, Entry("title", 44), Entry("colour", 12)),
    "categories": (
        Entry("section", 20),
        _KEY,
        Entry("name", 40),
        Entry("other_names", 34, Holds.LINES),
        Entry("legal_bases", 34, Holds.LINES),
        Entry("description", 80),
        Entry("second_description", 60),
        Entry("links", 34, Holds.LINES),
        Entry("pages", 10, Holds.NUMBER),
    ),
    "cover": _FIELD,
    "feedback": _FIELD,
}

FIELDS = "fields"
#: Sheet -> the lists of the model that its rows may belong to.
KINDS: dict[SheetKey, tuple[str, ...]] = {
    "cover": ("intro", "steps", "reader_notes", "return_to", FIELDS),
    "feedback": ("title", "intro", FIELDS),
}
#: Entry of the model for a field -> entry of the sheet, where they differ.
FIELD_ENTRIES = {"key": "key", "label": "text", "hint": "hint", "lines": "lines"}


@dataclass(frozen=True)
class Wording:
    """What sheets, headings and kinds are called in one language."""

    say: Words

    def sheet(self, key: SheetKey) -> str:
        """The name of a sheet."""
        return self.say(f"workbook.sheet.{key}")

    def heading(self, entry: str) -> str:
        """The heading of an entry."""
        return self.say(f"workbook.heading.{entry.replace('_', '-')}")

    def note(self, sheet: SheetKey, entry: Entry) -> str:
        """What explains an entry."""
        return self.say(f"workbook.note.{sheet}.{entry.word}")

    def kind(self, name: str) -> str:
        """What a list of the cover or feedback page is called."""
        return self.say(f"workbook.kind.{name.replace('_', '-')}")

    @cached_property
    def yes(self) -> str:
        """What marks a column."""
        return self.say("workbook.yes")


def wordings() -> tuple[Wording, ...]:
    """All languages that a workbook may be in."""
    return tuple(Wording(words(language)) for language in LANGUAGES)
