"""A page of the form that stands twice in one answer: its rows may be further rows of one partner. Pure.

Two answers they are only where token or cover differ (`harvest.reading.identity.respondents`). Rows with the same number are never made one
row unless they name the same facility: those of the later page count on behind the form's own, and a person is asked.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from harvest.model import CellPicture, FieldReading, Method, PageFound, Problem, Severity
from harvest.problems import problem
from harvest.reading.identity.respondents import Owner, Owners, organisation_key
from harvest.text.clean_text import clean
from spec.names import COVER, EntryField, FieldName, NilField, RowField
from spec.wire import EditionFile

#: Where a program recognised the letters, two spellings of one name are so much alike.
_ALIKE = 0.7
_COMPARED = 200
#: Page of a return and number of a row there -> the number that the row gets.
_Moves: TypeAlias = dict[tuple[int, str, int], int]
_Row: TypeAlias = Mapping[str, FieldReading]


def parted(
    found: Sequence[PageFound],
    fields: tuple[FieldReading, ...],
    pictures: tuple[CellPicture, ...],
    editions: Mapping[str, EditionFile],
) -> tuple[tuple[FieldReading, ...], tuple[CellPicture, ...], list[Problem]]:
    """Fields and pictures with the rows of repeated pages under numbers of their own, and what is to be asked."""
    if len({(page.edition, page.token, page.category, page.page) for page in found}) == len(found):
        return fields, pictures, []
    owners = Owners(found, fields)
    numbers: dict[tuple[Owner, str, int], list[int]] = defaultdict(list)
    for page in found:
        numbers[owners.of_page(page), page.category, page.page].append(page.number)
    moves: _Moves = {}
    problems: list[Problem] = []
    for (owner, category, _), pages in list(numbers.items()):
        edition = editions.get(owner.edition)
        if len(pages) < 2 or edition is None:
            continue
        own = [one for one in fields if _is_in(one, category, edition.edition) and owners.of(one) == owner]
        problems += _Sheet(own, pages, edition, whole=len(numbers[owner, COVER, 1]) > 1).compared(moves)
    if not moves:
        return fields, pictures, problems
    moved = tuple(replace(one, name=_moved(one.name, one.place.page, moves)) for one in fields)
    shown = tuple(replace(one, name=_moved(one.name, one.page, moves)) for one in pictures)
    return moved, shown, problems


def _is_in(one: FieldReading, category: str, edition: str) -> bool:
    name = one.name
    return isinstance(name, RowField | EntryField | NilField) and (name.category, name.edition) == (
        category,
        edition,
    )


def _moved(name: FieldName, page: int, moves: _Moves) -> FieldName:
    if isinstance(name, RowField | EntryField):
        return replace(name, row=moves.get((page, name.category, name.row), name.row))
    return name


class _Sheet:
    """One owner's fields of one category, of which a page stands on several pages of the return.

    `whole` is a return that stands there twice, with its cover page: a word that differs may well be a correction.
    """

    def __init__(
        self, fields: Sequence[FieldReading], pages: Sequence[int], edition: EditionFile, *, whole: bool
    ) -> None:
        self._pages = pages
        self._whole = whole
        self._fields = fields
        self._identifying = edition.form.identifying_column.key
        self._rows: dict[int, dict[int, dict[str, FieldReading]]] = defaultdict(lambda: defaultdict(dict))
        self._entries: dict[tuple[int, int], str] = {}
        for one in fields:
            if isinstance(one.name, RowField) and one.text.strip():
                self._rows[one.place.page][one.name.row].setdefault(one.name.column, one)
            elif isinstance(one.name, EntryField):
                self._entries[one.place.page, one.name.row] = one.text.strip()
        category = next((one.name.category for one in fields if isinstance(one.name, RowField)), "")
        on_page = edition.rows_per_page.get(category, 0)
        in_form = on_page * sum(page.category == category for page in edition.pages)
        self._category = category
        self._block = max(
            [in_form, *(one.name.row for one in fields if isinstance(one.name, RowField | EntryField))]
        )

    def compared(self, moves: _Moves) -> Iterator[Problem]:
        """Take down which rows move; gives a problem for each page that says something else than those before it."""
        taken: dict[int, list[tuple[int, _Row]]] = defaultdict(list)
        for index, page in enumerate(self._pages):
            differs = False
            for number, row in sorted(self._rows[page].items()):
                before = taken[number]
                differs |= bool(before) and not any(_texts(row) == _texts(other) for _, other in before)
                if before and not any(
                    self._is_same(page, number, row, there, other) for there, other in before
                ):
                    moves[page, self._category, number] = number + index * self._block
                taken[number].append((page, row))
            differs |= index > 0 and bool(self._rows[page]) and self._says_more(page, index)
            if differs:
                yield problem("page-twice", Severity.CHECK, page=page, first=self._pages[0])

    def _says_more(self, page: int, index: int) -> bool:
        """Whether the page has rows that those before it leave empty, although they have others."""
        before = [self._rows[one] for one in self._pages[:index] if self._rows[one]]
        return bool(before) and any(all(number not in rows for rows in before) for number in self._rows[page])

    def _is_same(self, page: int, number: int, row: _Row, there: int, other: _Row) -> bool:
        """Whether two rows are one: a prefilled entry, equal, or of the same facility."""
        entry = self._entries.get((page, number), "")
        if (entry and entry == self._entries.get((there, number))) or _texts(row) == _texts(other):
            return True
        if self._whole and len(row) == len(other) == 1 and row.keys() == other.keys():
            return True
        one, two = row.get(self._identifying), other.get(self._identifying)
        return one is not None and two is not None and _is_one_name(one, two)


def _texts(row: _Row) -> Mapping[str, str]:
    return {column: clean(one.text) for column, one in row.items()}


def _is_one_name(one: FieldReading, two: FieldReading) -> bool:
    first, second = (organisation_key(each.text)[:_COMPARED] for each in (one, two))
    if first == second:
        return True
    if Method.OCR not in {one.method, two.method}:
        return False
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio() >= _ALIKE
