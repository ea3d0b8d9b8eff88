"""Whose page is it, and how does it lie: from the small print in the page's foot. Pure.

The small print stands at one place in every blank, in one size, so its first character tells at once how the
page was moved, scaled and turned on its way (fit to page, cropped, rotated, two pages on a sheet).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harvest.reading.model.edition_geometry import PRINT_AT, PRINT_SIZE
from harvest.reading.model.similarity_transform import Similarity, from_direction
from harvest.reading.pdf.pdfium_adapter import Piece
from spec.names import PageIdentity, parse_identity

#: What could be an identity; `parse_identity` decides. Some tools part its characters.
_CANDIDATE = re.compile(r"[a-z0-9]{9}/(?:-|[a-z0-9]{9})/[a-z0-9-]+/[0-9]+/[0-9a-z-]")
#: Points between the small prints of two pages on one sheet at least.
_APART = 50.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A page of ours on a page that came back; `lies` takes places on it to the blank's."""

    identity: PageIdentity
    lies: Similarity


def printed_identities(pieces: Sequence[Piece]) -> Iterator[Seen]:
    """All that a page's text says; a page with two printed side by side gives two, also where both say the same."""
    starts = [(piece, index) for piece in pieces for index in range(len(piece.starts))]
    text = "".join(_even(piece) for piece in pieces).lower()
    met: set[tuple[PageIdentity, int, int]] = set()
    for match in _CANDIDATE.finditer(text):
        identity = parse_identity(match[0])
        if identity is None:
            continue
        piece, index = starts[match.start()]
        x, y = piece.starts[index]
        place = identity, round(x / _APART), round(y / _APART)
        if piece.size > 0 and place not in met:
            met.add(place)
            dx, dy = piece.across
            unit = (dx / PRINT_SIZE, dy / PRINT_SIZE)
            yield Seen(identity, from_direction(piece.starts[index], unit, PRINT_AT))


def _even(piece: Piece) -> str:
    """The text with one character for each start, so that both count alike; ours is plain ASCII."""
    return piece.text if len(piece.text) == len(piece.starts) else "\ufffd" * len(piece.starts)
