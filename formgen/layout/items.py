"""What a laid-out form consists of: things to draw, and the tree in which they are read aloud.

Points, origin at the bottom left of the page. Everything is placed; whoever draws it needs no arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formgen.fonts import Face
from spec.form.model import Form
from spec.geometry import Box, FieldMap, PageKey


@dataclass(frozen=True, slots=True)
class Run:
    """One line of text in one face. `x`, `y` are the left end of its baseline."""

    x: float
    y: float
    text: str
    size: float
    face: Face = "regular"
    colour: str = "#1a1a1a"


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, `width` points wide."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    colour: str


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled rectangle."""

    box: Box
    colour: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The outline of a rectangle; the line's middle runs on the box's edge."""

    box: Box
    width: float
    colour: str


Artifact = Run | Rule | Fill | Frame


@dataclass(frozen=True, slots=True)
class Node:
    """One structure element (ISO 32000-1, 14.7.2): its own text, or what stands below it.

    Attributes:
        role: standard structure type, such as `P`, `TH` or `Form`.
        runs: the lines of its text; they become one marked-content sequence.
        children: the elements below it, in reading order.
        field: name without edition of the field that the element stands for; only with role `Form`.
        label: the field's tooltip (`/TU`), unique in the document; only with role `Form`.
        scope: `Column` or `Row`; only with role `TH`.
        language: language tag, where it is not the form's.
    """

    role: str
    runs: tuple[Run, ...] = ()
    children: tuple[Node, ...] = ()
    field: str = ""
    label: str = ""
    scope: str = ""
    language: str = ""

    def walk(self) -> Iterator[Node]:
        """This element and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the blank.

    Attributes:
        artifacts: what is drawn but not read aloud, from the lowest layer to the highest.
        nodes: what is read aloud, in reading order; its fields are also the order of the Tab key.
        identity: where the page's identity stands.
    """

    key: PageKey
    artifacts: tuple[Artifact, ...]
    nodes: tuple[Node, ...]
    identity: IdentityPlace

    def forms(self) -> Iterator[Node]:
        """The page's fields in reading order."""
        for node in self.nodes:
            yield from (found for found in node.walk() if found.role == "Form")


@dataclass(frozen=True, slots=True)
class IdentityPlace:
    """Where a page says who it is: its QR code's box, and the left end of the small print's baseline.

    `right` is the right end of the same baseline, where the page's number ends.
    """

    code: Box
    x: float
    y: float
    size: float
    right: float


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline: title, page (index from 0), the entries below it."""

    title: str
    page: int
    children: tuple[Bookmark, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A form, laid out: everything that the drawing needs, and the map that the harvest reads by."""

    form: Form
    pages: tuple[Page, ...]
    field_map: FieldMap
    bookmarks: tuple[Bookmark, ...]
