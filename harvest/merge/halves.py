"""Damaged returns whose every word stands in a fuller one: the whole file has come, and they give way to it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from harvest.merge.facilities.equality import plain
from harvest.model import NIL_BOX, TICK, ReporterKind, Submission, Value
from spec.names import COVER, FEEDBACK

#: edition, page or category, row (0: none), column or key
_Cell: TypeAlias = tuple[str, str, int, str]


class Part(NamedTuple):
    """What one reporter says in one return: the return's hash, the reporter's kind and key."""

    return_id: str
    kind: ReporterKind
    reporter: str

    @classmethod
    def of(cls, said: Submission) -> Part:
        """The part of a return that a submission is."""
        return cls(said.return_id, said.reporter.kind, said.reporter.who)


@dataclass(frozen=True, slots=True)
class _Told:
    """The words of a part, and where something stands that nobody has read."""

    part: Part
    said: Submission
    words: Mapping[_Cell, tuple[str, ...]]
    unread: frozenset[_Cell]

    @classmethod
    def of(cls, part: Part, submissions: Sequence[Submission]) -> _Told:
        words: dict[_Cell, list[str]] = defaultdict(list)
        for cell, text in (pair for one in submissions for pair in _words(one)):
            words[cell].append(plain(text))
        unread = frozenset(cell for one in submissions for cell in _unread(one))
        return cls(part, submissions[0], {cell: tuple(texts) for cell, texts in words.items()}, unread)

    @property
    def size(self) -> int:
        return sum(len(text) for texts in self.words.values() for text in texts)

    def within(self, other: _Told) -> bool:
        """Whether all of it stands at the same places there, and nothing speaks against their being one file.

        A word that was cut off is within the whole one.
        """
        if self.said.age > other.said.age and not self.said.half:
            return False  # what says itself that it is newer may leave something out on purpose
        if self.part.kind is ReporterKind.TOKEN and self.part[1:] != other.part[1:]:
            return False
        if not self.unread <= other.unread | other.words.keys():
            return False
        return all(
            any(longer.startswith(text) for longer in other.words.get(cell, ()))
            for cell, texts in self.words.items()
            for text in texts
        )


def wholes(submissions: Iterable[Submission]) -> Mapping[Part, Part]:
    """What came damaged -> what holds all of it: an undamaged return if any does, the newest; else the fullest one.

    What is left out is never itself what another gives way to.
    """
    submissions = tuple(submissions)
    if not any(one.damaged for one in submissions):
        return {}
    by_part: dict[Part, list[Submission]] = defaultdict(list)
    for said in submissions:
        by_part[Part.of(said)].append(said)
    told = [_Told.of(part, together) for part, together in by_part.items()]
    found = {}
    for one in told:
        if not one.said.damaged or not (one.words or one.unread):
            continue
        fuller = [other for other in told if _rank(other) > _rank(one) and one.within(other)]
        if fuller:
            found[one.part] = max(fuller, key=_rank).part
    return found


def _rank(one: _Told) -> tuple[object, ...]:
    if one.said.damaged:
        return False, one.size, one.part
    return True, one.said.age, one.part


def _words(said: Submission) -> Iterator[tuple[_Cell, str]]:
    """Every word that is no empty one, with its place."""
    edition = said.edition
    for page, values in ((COVER, said.cover), (FEEDBACK, said.feedback)):
        for key, value in values.items():
            yield from (((edition, page, 0, key), text) for text in _texts(value))
    for sheet in said.sheets:
        if sheet.nil:
            yield (edition, sheet.category, 0, NIL_BOX), TICK
        for row in sheet.rows:
            for column, value in row.values.items():
                yield from (((edition, sheet.category, row.number, column), text) for text in _texts(value))


def _texts(value: Value) -> Iterator[str]:
    return (one.text for one in (value, *value.alternatives) if one.text.strip())


def _unread(said: Submission) -> Iterator[_Cell]:
    for sheet in said.sheets:
        yield from ((said.edition, sheet.category, 0, one.column) for one in sheet.unread if not one.answered)
        for row in sheet.rows:
            yield from (
                (said.edition, sheet.category, row.number, one.column)
                for one in row.unread
                if not one.answered
            )
