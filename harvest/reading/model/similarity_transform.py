"""How a page that came back lies on the blank: moved, scaled, turned. Arithmetic only; PDF points unless said otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float]
Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Similarity:
    """x' = a x - b y + e, y' = b x + a y + f: what printing, scanning and turning do to a page."""

    a: float = 1.0
    b: float = 0.0
    e: float = 0.0
    f: float = 0.0

    @property
    def scale(self) -> float:
        """How many units of the target one unit of the source becomes."""
        return math.hypot(self.a, self.b)

    def point(self, x: float, y: float) -> Point:
        """Where a point goes."""
        return self.a * x - self.b * y + self.e, self.b * x + self.a * y + self.f

    def rect(self, box: Rect) -> Rect:
        """The upright rectangle around where a rectangle goes."""
        x0, y0, x1, y1 = box
        corners = [self.point(x, y) for x in (x0, x1) for y in (y0, y1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def then(self, other: Similarity) -> Similarity:
        """Both, one after the other."""
        e, f = other.point(self.e, self.f)
        return Similarity(other.a * self.a - other.b * self.b, other.b * self.a + other.a * self.b, e, f)

    @property
    def inverse(self) -> Similarity:
        """The way back; the scale must not be 0."""
        square = self.a**2 + self.b**2
        a, b = self.a / square, -self.b / square
        return Similarity(a, b, -(a * self.e - b * self.f), -(b * self.e + a * self.f))


def between(sources: tuple[Point, Point], targets: tuple[Point, Point]) -> Similarity:
    """The similarity that takes two points to two others.

    Raises:
        ValueError: the sources are the same point.
    """
    (x0, y0), (x1, y1) = sources
    (u0, v0), (u1, v1) = targets
    dx, dy, du, dv = x1 - x0, y1 - y0, u1 - u0, v1 - v0
    square = dx**2 + dy**2
    if square < 1e-9:
        raise ValueError("two points that are one")
    a, b = (du * dx + dv * dy) / square, (dv * dx - du * dy) / square
    return Similarity(a, b, u0 - a * x0 + b * y0, v0 - b * x0 - a * y0)


def from_direction(start: Point, direction: Point, target: Point) -> Similarity:
    """The similarity that takes `start` to `target` and `direction` to one unit to the right.

    Raises:
        ValueError: the direction has no length.
    """
    (x, y), (dx, dy) = start, direction
    return between((start, (x + dx, y + dy)), (target, (target[0] + 1, target[1])))
