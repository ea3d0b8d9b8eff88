"""All that can be read out of one entry's cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from harvest.parse.dates import SaidDate, confirmed_in, signed_by
from harvest.parse.languages import languages_in
from harvest.parse.phones import Phone, phones_in
from harvest.parse.places import Place, places_in
from harvest.parse.web import emails_in, websites_in
from spec.model import Form
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
class Said:
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


def said_in(values: Mapping[str, str], columns: Columns, latest: date) -> Said:
    """What stands in the cells `values` of one entry.

    Args:
        latest: the day on which they came; no row can be confirmed later.
    """
    dated = values.get(columns.dated, "")
    # the column of dates holds figures that look like telephone numbers
    texts = [values.get(key, "") for key in columns.all if key != columns.dated]
    text = "\n".join(one for one in texts if one)
    return Said(
        places=places_in(values.get(columns.address, "")),
        phones=phones_in(text),
        emails=emails_in(text),
        websites=websites_in(text),
        languages=languages_in(text),
        confirmed=confirmed_in(dated, latest) if dated else None,
        initials=signed_by(dated) if dated else "",
    )
