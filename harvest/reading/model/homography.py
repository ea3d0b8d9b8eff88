"""How a page that was photographed, or that a scanner pulled crooked, lies on the blank. Arithmetic only; points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harvest.reading.model.similarity_transform import Point, Similarity

Row = tuple[float, float, float]
#: Keeps a fit from bending where nothing tells how; the unit of its equations is the page's width.
_STIFF = 1e-4


class Mark(NamedTuple):
    """A place of the blank, and the one coordinate of it that was measured on the page."""

    x: float
    y: float
    upright: bool  # x was measured, else y
    measured: float


@dataclass(frozen=True, slots=True)
class Projection:
    """(x, y, 1) times three rows: x' and y' are the first two by the third."""

    rows: tuple[Row, Row, Row]

    @classmethod
    def of(cls, lies: Similarity) -> Projection:
        """The same as a similarity."""
        return cls(((lies.a, -lies.b, lies.e), (lies.b, lies.a, lies.f), (0.0, 0.0, 1.0)))

    def point(self, x: float, y: float) -> Point:
        """Where a point goes."""
        u, v, w = (a * x + b * y + c for a, b, c in self.rows)
        return u / (w or 1e-9), v / (w or 1e-9)

    def then(self, other: Projection) -> Projection:
        """Both, one after the other."""
        columns = tuple(zip(*self.rows, strict=True))
        first, second, third = (
            tuple(sum(a * b for a, b in zip(row, column, strict=True)) for column in columns)
            for row in other.rows
        )
        return Projection((_row(first), _row(second), _row(third)))


UNMOVED = Projection(((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))


def _row(numbers: Sequence[float]) -> Row:
    a, b, c = numbers
    return a, b, c


def fitted(marks: Iterable[Mark], unit: float, *, bent: bool) -> Projection:
    """The projection that takes the marks' places nearest to where they were measured.

    Args:
        marks: at least one.
        unit: about the page's width.
        bent: with perspective; else only moved, turned, scaled and sheared.
    """
    count = 8 if bent else 6
    sums = [[_STIFF * (row == column) for column in range(count + 1)] for row in range(count)]
    for place in (0, 4):  # where nothing tells, the page is as it is
        sums[place][count] += _STIFF
    for mark in marks:
        equation = _equation(mark, unit)[:count]
        wanted = mark.measured / unit
        for row in range(count):
            for column in range(count):
                sums[row][column] += equation[row] * equation[column]
            sums[row][count] += equation[row] * wanted
    a, b, c, d, e, f, g, h = (*_solved(sums), 0.0, 0.0)[:8]
    return Projection(((a, b, c * unit), (d, e, f * unit), (g / unit, h / unit, 1.0)))


def _equation(mark: Mark, unit: float) -> tuple[float, ...]:
    x, y, seen = mark.x / unit, mark.y / unit, mark.measured / unit
    own, other = (x, y, 1.0), (0.0, 0.0, 0.0)
    return (*(own if mark.upright else other), *(other if mark.upright else own), -x * seen, -y * seen)


def _solved(rows: list[list[float]]) -> list[float]:
    """The unknowns of linear equations, by elimination; the last column is the right-hand side."""
    count = len(rows)
    for column in range(count):
        best = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        head = rows[column][column]
        for row in range(count):
            if row != column:
                factor = rows[row][column] / head
                rows[row] = [one - factor * two for one, two in zip(rows[row], rows[column], strict=True)]
    return [rows[row][count] / rows[row][row] for row in range(count)]
