"""What can be read out of an entry's texts, at the right of its row: beside a partner's words, never instead of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from harvest.model import Entry
from harvest.parse import Columns, ParsedEntry, PhoneKind, Precision, months_between, said_in
from harvest.parse.age import AGEING_AFTER, STALE_AFTER, counted_from
from harvest.register.cell_text import as_written
from harvest.register.sheet_model import Cell, ColumnView, Kind
from harvest.register.view.labels import Speech

AGE = "age"
#: months from which the age of an entry is shown in a tone
STEPS: tuple[tuple[int, str], ...] = ((STALE_AFTER, "bad"), (AGEING_AFTER, "warn"))


def columns(speech: Speech) -> tuple[ColumnView, ...]:
    """The columns; the program fills them anew on every run."""
    column, hint = speech.column, speech.words("register.hint.gleaned")
    return (
        column("postal-code", 9, hint=hint),
        column("town", 18, hint=hint),
        column("phone", 18, hint=hint),
        column("email", 26, hint=hint),
        column("web", 24, hint=hint),
        column("languages", 24, hint=hint),
        column("as-of", 12, kind=Kind.DATE, hint=speech.words("register.hint.as-of")),
        column(AGE, 9, kind=Kind.NUMBER, hint=speech.words("register.hint.age")),
    )


class DerivedCells:
    """The cells of all entries as of `today`. Each is read out once: the register shows an entry on two sheets."""

    def __init__(self, entries: Sequence[Entry], speech: Speech, today: date) -> None:
        self._entries, self._speech, self._today = entries, speech, today
        self._asked = Columns.of(speech.form, speech.words)
        self._known: list[Sequence[Cell] | None] = [None] * len(entries)

    def cells(self, place: int) -> Sequence[Cell]:
        """The cells of the entry at this place, in the order of `columns`."""
        known = self._known[place]
        if known is None:
            known = cells(self._entries[place], self._speech, self._asked, self._today)
            self._known[place] = known
        return known


def cells(entry: Entry, speech: Speech, asked: Columns, today: date) -> Sequence[Cell]:
    """The cells of one entry, as of `today`."""
    came = speech.day(entry.confirmed)
    said = said_in(entry.values, asked, came or today)
    names = speech.words.templates
    return (
        _lines(place.code for place in said.places),
        _lines(dict.fromkeys(place.town for place in said.places)),
        _lines(phone.text for phone in said.phones if phone.kind is not PhoneKind.FAX),
        _lines(said.emails),
        _lines(said.websites),
        ", ".join(names[f"language.{key}"] for key in said.languages),
        _as_of(said, speech),
        _age(said, came, today),
    )


def _lines(texts: Iterable[str]) -> str:
    return as_written("\n".join(text for text in texts if text))


def _as_of(said: ParsedEntry, speech: Speech) -> Cell:
    """A date only where a day was given: a month does not become the first of it."""
    if said.confirmed is None:
        return None
    if said.confirmed.precision is Precision.DAY:
        return said.confirmed.first
    return said.confirmed.first.strftime(speech.words.templates[f"date.{said.confirmed.precision}"])


def _age(said: ParsedEntry, came: date | None, today: date) -> int | None:
    since = counted_from(said.confirmed.last if said.confirmed else None, came, today)
    return None if since is None else months_between(since, today)
