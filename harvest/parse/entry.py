"""All that can be read out of one entry's cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from harvest.parse.dates import SaidDate, confirmed_in, signed_by
from harvest.parse.languages import languages_in, narrowed
from harvest.parse.phones import Phone, phones_in
from harvest.parse.places import Place, places_in
from harvest.parse.plain import once
from harvest.parse.web import emails_in, websites_in
from spec.form.model import Form
from spec.words import Words

_CALLED_DATE = ("datum", "date", "stand")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a form are looked at for what.

    Attributes:
        all: keys of all columns.
        address: the one that names the facility; postal code and town stand there.
        dated: the one that asks for a date; empty where the form asks for none.
    """

    all: tuple[str, ...]
    address: str
    dated: str

    @classmethod
    def of(cls, form: Form, words: Words) -> Columns:
        """The columns of `form`. It asks for a date where a hint shows how to write one, or where a heading says so."""
        pattern = words("date.pattern").casefold()
        dated = [column.key for column in form.columns if pattern in column.hint.casefold()]
        dated += [column.key for column in form.columns if column.heading.casefold().startswith(_CALLED_DATE)]
        return cls(
            tuple(column.key for column in form.columns),
            form.identifying_column.key,
            dated[0] if dated else "",
        )


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """What an entry says, as far as it can be read for certain.

    Attributes:
        languages: keys of languages; their names are `language.<key>` in spec/words.
        confirmed: when a partner last confirmed the row.
        initials: of who did, as typed.
    """

    places: tuple[Place, ...] = ()
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    confirmed: SaidDate | None = None
    initials: str = ""


def said_in(values: Mapping[str, str], columns: Columns, latest: date) -> ParsedEntry:
    """What stands in the cells `values` of one entry.

    Args:
        latest: the day on which they came; no row can be confirmed later.
    """
    dated = values.get(columns.dated, "")
    # the column of dates holds figures that look like telephone numbers
    cells = [_in_cell(values[key]) for key in columns.all if key != columns.dated and values.get(key)]
    return ParsedEntry(
        places=_places(values.get(columns.address, "")),
        phones=tuple(
            {phone.dial: phone for cell in reversed(cells) for phone in reversed(cell.phones)}.values()
        )[::-1],
        emails=once([address for cell in cells for address in cell.emails]),
        websites=once([address for cell in cells for address in cell.websites]),
        languages=narrowed(key for cell in cells for key in cell.languages),
        confirmed=_confirmed(dated, latest) if dated else None,
        initials=_initials(dated) if dated else "",
    )


# The register shows each entry on two sheets, and many cells of a register are alike.
_KEPT = 1 << 14


class _Cell(NamedTuple):
    phones: tuple[Phone, ...]
    emails: tuple[str, ...]
    websites: tuple[str, ...]
    languages: tuple[str, ...]


@lru_cache(_KEPT)
def _in_cell(text: str) -> _Cell:
    return _Cell(phones_in(text), emails_in(text), websites_in(text), languages_in(text))


_places = lru_cache(_KEPT)(places_in)
_confirmed = lru_cache(_KEPT)(confirmed_in)
_initials = lru_cache(_KEPT)(signed_by)
