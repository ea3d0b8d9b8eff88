"""One entry as a person names it: by any id that it ever had, by its facility's name, or by a part of that."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from harvest.model import Entry, Register
from spec.console.said import Message, said
from spec.errors import WrongInputError
from spec.form.model import Form
from spec.matching import Degree, find_folded, fold, folded

#: A part of a word names it from so many letters on; fewer have to begin it.
_PART = 3
#: Entries that one message names at most.
_MOST = 6
#: Letters of a name that a message has room for.
_LONGEST = 60


class UnknownEntryError(WrongInputError):
    """No entry of this register ever had that id, and none is called so."""


class AmbiguousEntryError(WrongInputError):
    """Several entries are called so."""


def find(register: Register, identity: str) -> Entry | None:
    """The entry that has, or had, this id."""
    wanted = identity.strip().lower()
    for entry in register.entries:
        if entry.id == wanted:
            return entry
    return next((entry for entry in register.entries if wanted in entry.aliases), None)


def find_named(
    register: Register, text: str, form: Form, *, without: Collection[str] = (), category: str = ""
) -> Entry | None:
    """The same; or the one whose facility is called `text`, or a part of whose facility's cell it is.

    Case, umlauts and punctuation do not matter. A whole name goes before a part.

    Args:
        without: ids of entries that are not meant.
        category: only entries of this one are meant by a name.

    Raises:
        AmbiguousEntryError: several are called so.
    """
    known = find(register, text)
    if known is not None:
        return known
    found = [one for one in _called(register.entries, text, form, category) if one.id not in without]
    if len(found) > 1:
        raise _ambiguous(text, found, form)
    return found[0] if found else None


def wanted_entry(
    register: Register, text: str, form: Form, *, without: Collection[str] = (), category: str = ""
) -> Entry:
    """The same, for those who need one.

    Raises:
        UnknownEntryError: there is none.
        AmbiguousEntryError: several are called so.
    """
    found = find_named(register, text, form, without=without, category=category)
    if found is None:
        raise unknown(register, text, form)
    return found


def unknown(register: Register, text: str, form: Form) -> UnknownEntryError:
    """The error for what names no entry."""
    names = {name_of(entry, form).casefold(): name_of(entry, form) for entry in register.entries}
    ids = {entry.id: entry.id for entry in register.entries}
    near = difflib.get_close_matches(text.strip().casefold(), [*ids, *filter(None, names)], n=1)
    hint = (
        said("Did you mean {name!r}?", name=(ids | names)[near[0]])
        if near
        else "Ids stand in the register's first column; the facility's name or a part of it will do, too."
    )
    return UnknownEntryError(text, "There is no such entry.", hint)


def _called(entries: Iterable[Entry], text: str, form: Form, category: str) -> list[Entry]:
    """The first of these that holds for any: called so, alike, named by whole words of it, by parts of words."""
    cells = [(one, _cell(one, form)) for one in entries if category in {"", one.category}]
    for degree in Degree:
        wanted = fold(text, degree)
        if not wanted:
            return []
        whole = [
            one for one, cell in cells if wanted in (fold(cell, degree), fold(_first_line(cell), degree))
        ]
        if whole:
            return whole
    parts = fold(text, Degree.ALIKE)
    held = [one for one, cell in cells if any(find_folded(folded(cell, Degree.ALIKE), parts))]
    wanted_words = _words(text)
    return held or [one for one, cell in cells if wanted_words and _holds(_words(cell), wanted_words)]


def _holds(cell: Collection[str], wanted: Iterable[str]) -> bool:
    return all(
        any(part in word if len(part) >= _PART else word.startswith(part) for word in cell) for part in wanted
    )


def _words(text: str) -> list[str]:
    return [word for word in fold(text, Degree.ALIKE).split() if any(map(str.isalnum, word))]


def _cell(entry: Entry, form: Form) -> str:
    return entry.values.get(form.identifying_column.key, "")


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")


def name_of(entry: Entry, form: Form) -> str:
    """What people call the entry: the first line of its facility's cell, not too long; empty where there is none."""
    name = " ".join(_first_line(_cell(entry, form)).split())
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"


def names_in(register: Register, form: Form) -> dict[str, str]:
    """Every id of every entry -> what people call the entry."""
    return {known: name_of(entry, form) for entry in register.entries for known in (entry.id, *entry.aliases)}


def _ambiguous(text: str, found: list[Entry], form: Form) -> AmbiguousEntryError:
    categories = {category.key: category.name for category in form.categories}
    told = "; ".join(
        f"{one.id} ({name_of(one, form) or '–'}, {categories.get(one.category, one.category)})"
        for one in found[:_MOST]
    )
    more: Message = said("{told} and {count} more", told=told, count=len(found) - _MOST)
    return AmbiguousEntryError(
        text,
        said("Several entries are called so: {entries}.", entries=more if len(found) > _MOST else told),
        "Name the one that is meant by its id.",
    )
