"""What a worker must know of the editions to find cells on a page: their geometry, as text that travels.

Kept apart from the editions themselves: a worker loads neither the form's model nor, for most returns, this.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spec.geometry import Box, FieldMap, FieldPlace, PageKey
from spec.names import PageIdentity

if TYPE_CHECKING:
    from spec.wire import EditionFile

#: Where every page of every blank says who it is: left end of the small print's baseline, its type size, and
#: the side of the QR code, whose upper right corner is the margins'. A test holds them against the drawing.
PRINT_AT = (36.0, 24.0)
PRINT_SIZE = 7.0
CODE_SIDE = 60.0
CODE_MARGINS = (36.0, 27.0)
#: Kinds of pages that one whose code is spoilt is compared with; an edition has one for each length of introduction.
_KINDS = 80


@dataclass(frozen=True)
class Drawings:
    """Where the drawings lie that were sent.

    Attributes:
        blanks: edition -> every drawing of its blank that there ever was, the newest first.
        copies: edition -> code -> the copies that carry it or may, those that went out earlier first; they may have
            pages that the blank has not.
    """

    blanks: Mapping[str, tuple[Path, ...]]
    copies: Mapping[str, Mapping[str, tuple[Path, ...]]]


@dataclass(frozen=True)
class Blanks:
    """The known editions' geometry; read only when a page asks for it."""

    text: str

    @classmethod
    def of(cls, editions: Iterable[EditionFile], drawings: Drawings | None = None) -> Blanks:
        """What `editions` have, without their forms; without `drawings`, pages are compared with none."""
        known = tuple(editions)
        # an edition's id is a hash of what it is, so the same ids are the same geometry
        ids = (*(one.edition for one in known), *_dated(drawings))
        if ids not in _MADE:
            _MADE.clear()
            _MADE[ids] = cls(_packed(known, drawings))
        return _MADE[ids]

    @cached_property
    def maps(self) -> Mapping[str, FieldMap]:
        """Edition -> geometry."""
        return {edition: _map(body) for edition, body in json.loads(self.text).items()}

    def boxes(self, identity: PageIdentity) -> Mapping[str, Box]:
        """Full field name -> box of all that can be filled in on a page; empty where the page is not known."""
        known = self.maps.get(identity.edition)
        if known is None:
            return {}
        return {
            f"{identity.edition}_{name}": box
            for name, box in known.boxes_on(PageKey(identity.category, identity.page)).items()
            if not name.endswith("_id")
        }

    def tables(self) -> Iterator[tuple[tuple[float, float], frozenset[Box]]]:
        """Page size and boxes of each kind of page there is, the known editions' in turn, up to a limit."""
        kinds: dict[frozenset[Box], tuple[float, float]] = {}
        for known in self.maps.values():
            for page in known.pages:
                places = known.boxes_on(page).items()
                boxes = frozenset(box for name, box in places if not name.endswith("_id"))
                kinds.setdefault(boxes, known.page_size)
        yield from ((size, boxes) for boxes, size in list(kinds.items())[:_KINDS])

    def size(self, identity: PageIdentity) -> tuple[float, float] | None:
        """Width and height of the edition's pages."""
        known = self.maps.get(identity.edition)
        return None if known is None else known.page_size


def _map(body: Mapping[str, Any]) -> FieldMap:
    width, height = body["size"]
    return FieldMap(
        page_size=(width, height),
        pages=tuple(PageKey(category, number) for category, number in body["pages"]),
        fields={name: FieldPlace(place[0], Box(*place[1:])) for name, place in body["fields"].items()},
        rows_per_page=body["rows"],
    )


def code_box(size: tuple[float, float]) -> Box:
    """Where the QR code stands on a page of that size."""
    right, top = size[0] - CODE_MARGINS[0], size[1] - CODE_MARGINS[1]
    return Box(right - CODE_SIDE, top - CODE_SIDE, right, top)


def _dated(drawings: Drawings | None) -> Iterator[str]:
    """Each drawing and its state on disk: a blank that was drawn anew is another one."""
    if drawings is not None:
        yield "drawn"
        for paths in drawings.blanks.values():
            for path in paths:
                there = path.stat() if path.exists() else None
                yield f"{path} {there.st_mtime_ns if there else 0} {there.st_size if there else 0}"
        yield from (
            f"{code} {path}"
            for copies in drawings.copies.values()
            for code, paths in copies.items()
            for path in paths
        )


def _packed(editions: Iterable[EditionFile], drawings: Drawings | None) -> str:
    return json.dumps(
        {
            one.edition: {
                "size": one.page_size,
                "pages": [[page.category, page.number] for page in one.pages],
                "rows": one.rows_per_page,
                "fields": {name: [field.page, *field.box] for name, field in one.fields.items()},
                **_where(one.edition, drawings),
            }
            for one in editions
        },
        separators=(",", ":"),
    )


def _where(edition: str, drawings: Drawings | None) -> Mapping[str, object]:
    if drawings is None:
        return {}
    return {
        "drawn": [str(path) for path in drawings.blanks.get(edition, ())],
        "copies": {code: [*map(str, paths)] for code, paths in drawings.copies.get(edition, {}).items()},
    }


#: What was made last: one run reads all its returns against the same editions.
_MADE: dict[tuple[str, ...], Blanks] = {}
