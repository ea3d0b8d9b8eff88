"""Words that lie across a page and answer nothing: a trial version's mark, a stamp "Kopie", a draft's watermark. Pure.

Nobody types slanted into a cell, and nobody's answer is so large that it leaves its cell at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import hypot

from harvest.reading.model.similarity_transform import Point, Similarity
from harvest.reading.pdf.pdfium_adapter import Piece
from spec.geometry import Box

#: Of a line's direction, one em long: what it rises or falls at least, and runs across at least, where it is slanted.
_SLANTED = 0.07
#: Points: the smallest type that counts as oversized; what people type has less, and stays in its cell if it hasn't.
_LARGE = 20.0


def parted(
    pieces: Iterable[Piece], lies: Similarity, boxes: Mapping[str, Box]
) -> tuple[list[Piece], list[Piece]]:
    """The page's text without its watermarks, and these. `lies` takes places on the page to the blank, `boxes` are its."""
    plain, marks = list[Piece](), list[Piece]()
    for piece in pieces:
        (marks if _is_mark(piece, lies, boxes) else plain).append(piece)
    return plain, marks


def words(marks: Iterable[Piece]) -> str:
    """What they say, each word once, however often it is repeated; letters that were drawn one by one stay together."""
    texts = [piece.text.strip() for piece in marks]
    if any(len(text) == 1 for text in texts):
        return "".join(texts)
    return " ".join(dict.fromkeys(texts))


def _is_mark(piece: Piece, lies: Similarity, boxes: Mapping[str, Box]) -> bool:
    size = hypot(*piece.across)
    if not piece.text.strip() or size <= 0 or not _readable(piece):
        return False
    dx, dy = piece.across[0] / size, piece.across[1] / size
    # turned as the page is
    across, up = (lies.a * dx - lies.b * dy) / lies.scale, (lies.b * dx + lies.a * dy) / lies.scale
    if abs(across) > _SLANTED and abs(up) > _SLANTED:
        return True
    large = size * lies.scale
    if large < _LARGE and abs(up) <= _SLANTED:
        return False
    return _leaves_its_box(piece, lies, boxes, large if abs(up) <= _SLANTED else 0.0)


def _leaves_its_box(piece: Piece, lies: Similarity, boxes: Mapping[str, Box], high: float) -> bool:
    """Whether it lies over a field, and not in it alone; `high` is how far it reaches above its base line."""
    ends = [lies.point(*piece.start), lies.point(*piece.end)]
    within = [_under(place, boxes) for place in ends]
    if not any(within):
        return any(_between(ends, box) for box in boxes.values())
    box = boxes[within[0] or within[1]]
    return within[0] != within[1] or high > box.height


def _between(ends: list[Point], box: Box) -> bool:
    """Whether a line from one end to the other passes through the box, about."""
    (x0, y0), (x1, y1) = ends
    steps = [(x0 + (x1 - x0) * step / 16, y0 + (y1 - y0) * step / 16) for step in range(1, 16)]
    return any(box.holds(x, y) for x, y in steps)


def _under(place: Point, boxes: Mapping[str, Box]) -> str:
    return next((name for name, box in boxes.items() if box.holds(*place)), "")


def _readable(piece: Piece) -> bool:
    return any(character.isprintable() for character in piece.text)
