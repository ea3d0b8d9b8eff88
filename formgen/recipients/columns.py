"""Which column of a list is what. German and English headings; a near miss is a fault, not a guess."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from formgen.recipients.table import Row, Table
from spec.console.said import said
from spec.errors import Fault

#: What a column is -> how it may be headed; the first one is the name that faults use.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "organisation": ("Organisation", "Organization", "Einrichtung", "Name der Organisation"),
    "person": (
        "Ansprechperson",
        "Person",
        "Ansprechpartner",
        "Ansprechpartnerin",
        "Ansprechpartner/in",
        "Kontaktperson",
        "Contact",
        "Contact person",
    ),
    "email": ("E-Mail", "Email", "Mail", "E-Mail-Adresse", "Mailadresse", "E-mail address"),
    "categories": ("Angebote", "Kategorien", "Categories", "Services"),
    "language": ("Sprache", "Language"),
    "note": ("Notiz", "Notizen", "Note", "Notes", "Bemerkung"),
}
REQUIRED = ("organisation", "email")


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]+", "", heading.casefold())


_KNOWN = {_plain(heading): kind for kind, headings in HEADINGS.items() for heading in headings}


def kind_of(heading: str) -> str | None:
    """What a column with this heading is, or None."""
    return _KNOWN.get(_plain(heading))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a list stand.

    Attributes:
        places: what a column is -> its index from 0 and its heading as written.
        notes: columns that are not used, for the reader of the result.
    """

    places: Mapping[str, tuple[int, str]]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the columns that every list needs are there."""
        return all(kind in self.places for kind in REQUIRED)

    def heading(self, kind: str) -> str:
        """The heading of a column as the list spells it."""
        return self.places[kind][1] if kind in self.places else HEADINGS[kind][0]

    def cell(self, kind: str, row: Row) -> str:
        """What a row says in a column; empty where it has no such column."""
        index = self.places[kind][0] if kind in self.places else len(row.cells)
        return row.cells[index] if index < len(row.cells) else ""


def columns_of(table: Table) -> Columns:
    """Find the columns by their headings."""
    if table.headings is None:
        # A file whose form could not be read has told so already.
        fault = Fault(
            table.name, "The list is empty.", "Write the headings Organisation and E-Mail into its first row."
        )
        return Columns({}, () if table.faults else (fault,), ())
    places: dict[str, tuple[int, str]] = {}
    faults: list[Fault] = []
    notes: list[str] = []
    row = table.headings.number
    for index, heading in enumerate(text.strip() for text in table.headings.cells):
        kind = kind_of(heading)
        if kind is not None and kind in places:
            same = said(
                "The columns {first!r} and {heading!r} mean the same.", first=places[kind][1], heading=heading
            )
            faults.append(Fault(table.place(row), same, "Keep one of them."))
        elif kind is not None:
            places[kind] = (index, heading)
        elif near := difflib.get_close_matches(_plain(heading), _KNOWN, n=1, cutoff=0.8):
            meant = HEADINGS[_KNOWN[near[0]]][0]
            faults.append(
                Fault(
                    table.place(row),
                    said("The heading {heading!r} is unknown.", heading=heading),
                    said("Did you mean {name!r}?", name=meant),
                )
            )
        elif heading:
            notes.append(
                said("{table}: the column {heading!r} is not used.", table=table.name, heading=heading)
            )
    faults += _missing(table.place(row), places)
    return Columns(places, tuple(faults), tuple(notes))


def _missing(place: str, found: Collection[str]) -> Iterator[Fault]:
    headings = "Organisation, Ansprechperson, E-Mail, Angebote, Sprache, Notiz"
    for kind in REQUIRED:
        if kind not in found:
            yield Fault(
                place,
                said("There is no column {heading!r}.", heading=HEADINGS[kind][0]),
                said("Write the headings into the first row: {headings}.", headings=headings),
            )
