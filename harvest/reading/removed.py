"""What stood in a copy when it was sent, and stands in its return no more: somebody took it away. Pure.

A return says of an empty cell nothing but that it is empty. Only the copy tells whether it was so from the beginning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from harvest.model import Method, Problem, Severity
from harvest.problems import problem
from harvest.reading.model import confidence_levels
from harvest.reading.model.raw_fields import Raw, RawField, is_cell, parsed_name
from spec.names import EntryField, IdField, RowField, parse_identity

#: What a copy's page says -> its cells with words, and the fields that say which entries its rows show.
Prefilled = Callable[[str], Sequence[RawField]]
_SHORT = 80


def with_removed(raw: Raw, prefilled: Prefilled) -> Raw:
    """`raw` with an empty reading for each cell that its copy had words in, and what is told of it.

    On a page without fields, a row is also said to be that of the entry which the copy shows there.
    """
    fields, problems = list(raw.fields), list(raw.problems)
    for number, identity in _copies(raw):
        page = _Page(number, [one for one in raw.fields if one.page == number], raw.problems)
        if page.is_asked and (sent := prefilled(identity)):
            gone = {one.name: one for one in page.gone(sent)}
            again = {(one.name, number) for one in gone.values()}
            fields = [one for one in fields if (one.name, one.page) not in again or one.text.strip()]
            fields += [*page.entries(sent), *gone.values()]
            problems += _told(gone, sent, number)
    return replace(raw, fields=tuple(fields), problems=tuple(problems))


def _copies(raw: Raw) -> Iterator[tuple[int, str]]:
    """The pages that are somebody's, each once: number, and what it says."""
    said = [(one.page, one.text) for one in raw.fields if isinstance(parsed_name(one.name), IdField)]
    known: set[tuple[int, str]] = set()
    for number, text in (*said, *raw.seen):
        identity = parse_identity(text)
        if identity is not None and identity.token is not None and (number, str(identity)) not in known:
            known.add((number, str(identity)))
            yield number, str(identity)


class _Page:
    """A page of a return, and what was read there."""

    def __init__(self, number: int, fields: Sequence[RawField], problems: Iterable[Problem]) -> None:
        self._number, self._fields = number, fields
        self._said = {one.name for one in fields if one.text.strip() or one.method is Method.OCR}
        self._said |= {one.place for one in problems}
        self._empty = {one.name for one in fields} - self._said
        self._live = any(one.method is Method.WIDGET for one in fields)
        self._shown = any(one.method is Method.OCR for one in fields) and not any(
            one.method is Method.FLATTENED for one in fields
        )
        here = ("page", str(number))
        self._half = any(one.severity is Severity.LOST and here in one.details for one in problems)

    @property
    def is_asked(self) -> bool:
        """Whether anything may be gone: nothing is that could not be read."""
        return bool(self._empty) if self._live else not self._half

    def gone(self, sent: Iterable[RawField]) -> Iterator[RawField]:
        """Cells without a word that had some. Of a live page only such as are there: some programs lose fields."""
        for one in sent:
            if (
                not is_cell(one.name)
                or one.name in self._said
                or (self._live and one.name not in self._empty)
            ):
                continue
            if self._shown:  # recognition may have missed it: a person looks
                yield replace(one, text="", method=Method.OCR, page=self._number, confidence=0.0)
            else:
                method = Method.WIDGET if self._live else Method.FLATTENED
                yield replace(
                    one, text="", method=method, page=self._number, confidence=confidence_levels.REMOVED
                )

    def entries(self, sent: Iterable[RawField]) -> Iterator[RawField]:
        """Which entries the rows of a page without fields show."""
        for one in sent if not self._live else ():
            if isinstance(parsed_name(one.name), EntryField) and one.name not in self._said:
                yield replace(one, page=self._number)


def _told(gone: Mapping[str, RawField], sent: Iterable[RawField], number: int) -> Iterator[Problem]:
    """Row by row."""
    rows: dict[int, list[str]] = defaultdict(list)
    for one in sent:
        name = parsed_name(one.name)
        if isinstance(name, RowField) and one.name in gone:
            rows[name.row].append(" ".join(one.text.split()))
    for row, words in rows.items():
        text = "; ".join(words)
        short = text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
        yield problem("prefilled-removed", Severity.CHECK, page=number, row=row, text=short)
