"""Boxes and field maps. Arithmetic only; PDF points, origin at the bottom left of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle: left, bottom, right, top in points, origin bottom left."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if not (self.x0 < self.x1 and self.y0 < self.y1):
            raise ValueError(f"an empty or inverted box: {self}")

    @property
    def width(self) -> float:
        """Width in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in points."""
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        """The middle as (x, y)."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside or on the left or bottom edge."""
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1

    def inset(self, dx: float, dy: float) -> Box:
        """The box made smaller by `dx` at left and right and `dy` at bottom and top."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 - dx, self.y1 - dy)

    def overlap(self, other: Box) -> float:
        """The area that both share, in square points."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(width, 0.0) * max(height, 0.0)

    def as_tuple(self) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1)."""
        return self.x0, self.y0, self.x1, self.y1


@dataclass(frozen=True, slots=True, order=True)
class PageKey:
    """A page of the form: its category (or `cover`, `feedback`) and its number within it, from 1."""

    category: str
    number: int


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """Where a field stands: index of the page in the blank, from 0, and its box."""

    page: int
    box: Box


@dataclass(frozen=True)
class FieldMap:
    """Every field's place in one edition.

    Attributes:
        page_size: width and height of every page in points.
        pages: the pages of the blank in order.
        fields: name without edition (see `spec.names`) -> place.
        rows_per_page: category -> rows on each of its pages; rows count on over the pages.
    """

    page_size: tuple[float, float]
    pages: tuple[PageKey, ...]
    fields: Mapping[str, FieldPlace]
    rows_per_page: Mapping[str, int]

    def page_of(self, local_name: str) -> PageKey | None:
        """The page of the form on which a field stands; None for a field not in the map."""
        place = self.fields.get(local_name)
        return None if place is None else self.pages[place.page]

    @cached_property
    def by_page(self) -> Mapping[PageKey, Mapping[str, Box]]:
        """Page -> field name without edition -> box."""
        found: dict[PageKey, dict[str, Box]] = {key: {} for key in self.pages}
        for name, place in self.fields.items():
            found[self.pages[place.page]][name] = place.box
        return found

    def boxes_on(self, key: PageKey) -> Mapping[str, Box]:
        """The boxes of a page, also of a further page that only a personalised form has.

        A further page repeats the boxes of the category's last page in the blank; only its rows
        count on. Unknown pages give an empty mapping.
        """
        if key in self.by_page:
            return self.by_page[key]
        own = [page.number for page in self.pages if page.category == key.category]
        if not own or key.number < 1:
            return {}
        shift = (key.number - max(own)) * self.rows_per_page.get(key.category, 0)
        return {
            _shifted(name, key, shift): box
            for name, box in self.by_page[PageKey(key.category, max(own))].items()
            if not name.endswith("_nil")
        }


def _shifted(name: str, key: PageKey, rows: int) -> str:
    parts = name.split("_")
    if parts[-1] == "id":
        return f"{key.category}_p{key.number}_id"
    if len(parts) == 3 and parts[1].startswith("r"):
        return f"{parts[0]}_r{int(parts[1][1:]) + rows:02d}_{parts[2]}"
    return name
