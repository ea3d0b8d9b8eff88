"""One entry by any id that it ever had."""

from __future__ import annotations

import difflib

from harvest.model import Entry, Register
from spec.errors import WrongInputError
from spec.said import said


class UnknownEntryError(WrongInputError):
    """No entry of this register ever had that id."""


def find(register: Register, identity: str) -> Entry | None:
    """The entry that has, or had, this id."""
    wanted = identity.strip().lower()
    for entry in register.entries:
        if entry.id == wanted:
            return entry
    return next((entry for entry in register.entries if wanted in entry.aliases), None)


def wanted_entry(register: Register, identity: str) -> Entry:
    """The same, for those who need one.

    Raises:
        UnknownEntryError: there is none.
    """
    found = find(register, identity)
    if found is None:
        raise unknown(register, identity)
    return found


def unknown(register: Register, identity: str) -> UnknownEntryError:
    """The error for an id that nobody knows."""
    near = difflib.get_close_matches(identity.lower(), [entry.id for entry in register.entries], n=1)
    hint = (
        said("Did you mean {name!r}?", name=near[0]) if near else "Ids stand in the register's first column."
    )
    return UnknownEntryError(identity, "There is no such entry.", hint)
