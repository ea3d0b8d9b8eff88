"""What a person is asked about before somebody is forgotten: what is only alike, and what leads to them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from harvest.model import Submission
from harvest.model.submission import Value
from harvest.privacy.search.persons import Who


@dataclass(frozen=True, slots=True)
class Asked:
    """What may be theirs, and stays where nobody says so.

    Attributes:
        similar: what stands somewhere and is only alike.
        beside: telephone numbers and addresses of mail that stand near to the name, or in the same row.
    """

    similar: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """All of it."""
        return (*self.similar, *self.beside)


def asked_about(
    who: Who, texts: Iterable[str], submissions: Iterable[Submission], similar: Iterable[str]
) -> Asked:
    """What is to be asked.

    Args:
        who: whom to look for.
        texts: what stands in the ledger and the register.
        submissions: returns that stay but for the name.
        similar: what was found elsewhere.
    """
    texts = tuple(dict.fromkeys(texts))
    alike = dict.fromkeys(found for text in texts for found in who.similar(text))
    beside = dict.fromkeys(found for text in texts for found in who.beside(text))
    rows = (row for one in submissions for row in _rows(one))
    beside.update(dict.fromkeys(found for row in rows for found in _in_row(who, row)))
    return Asked(tuple({**alike, **dict.fromkeys(similar)}), tuple(beside))


def _rows(submission: Submission) -> Iterator[Mapping[str, Value]]:
    yield submission.cover
    yield from (row.values for sheet in submission.sheets for row in sheet.rows)


def _in_row(who: Who, row: Mapping[str, Value]) -> Iterator[str]:
    """A name in one column has its number in the next."""
    texts = [value.text for value in row.values()]
    if any(map(who.mentioned, texts)):
        yield from (found for text in texts for found in who.beside(text, anywhere=True))
