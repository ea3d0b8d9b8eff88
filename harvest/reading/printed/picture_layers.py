"""What is written over or beneath the picture that a page is. Pure.

Document systems, fax machines and stamping programs write over a scan; text recognition puts its own words beneath it,
or over it without a trace. Neither makes the page anything but a picture: what it shows decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from harvest.model import Method
from harvest.reading.identity.page_identity import printed_identities
from harvest.reading.model import confidence_levels
from harvest.reading.model.raw_fields import RawField
from harvest.reading.model.similarity_transform import Similarity
from harvest.reading.pdf.added_content import FAMILIES, family
from harvest.reading.pdf.pdfium_adapter import Content, Piece, Shape
from harvest.reading.printed import flattened
from harvest.reading.printed.flattened import NIL
from harvest.reading.printed.stamp_words import is_stamp
from spec.geometry import Box

#: Shares of a page that pictures cover: when it may be a scan, and when it is one whatever stands there besides.
_COVERED, _ALL = 0.3, 0.8
#: Pieces in the form's own fonts that a stamp has at most.
_FEW = 5
#: Points by which a line that was typed into a field may reach beyond its edge, and the size of such type at most.
_BEYOND, _LARGE = 2.0, 14.0
#: Characters of the longest word at least, and the share of letters and digits, in what is taken for words.
_WORD, _LETTERS = 3, 0.7


@dataclass(frozen=True, slots=True)
class Stack:
    """How a page is made up.

    Attributes:
        picture: whether it is to be read as a picture.
        over: text that was written on that picture.
        words: text of an earlier recognition, which the picture hides or nobody sees.
    """

    picture: bool
    over: tuple[Piece, ...] = ()
    words: tuple[Piece, ...] = ()

    @classmethod
    def of(cls, content: Content) -> Stack:
        """How the page with this content is made up."""
        share = sum(_area(shape) for shape in content.shapes if shape.picture) / max(content.area, 1.0)
        if share <= _COVERED:
            return cls(not content.pieces, (), content.hidden if not content.pieces else ())
        covers = [shape for shape in content.shapes if shape.covers]
        beneath = [piece for piece in content.pieces if any(_hides(shape, piece) for shape in covers)]
        hidden = {piece.order for piece in beneath}
        over = [piece for piece in content.pieces if piece.order not in hidden]
        if _is_print(over, share):
            return cls(picture=False)
        return cls(picture=True, over=tuple(over), words=(*beneath, *content.hidden))


def _area(shape: Shape) -> float:
    x0, y0, x1, y1 = shape.bounds
    return (x1 - x0) * (y1 - y0)


def _hides(shape: Shape, piece: Piece) -> bool:
    x0, y0, x1, y1 = shape.bounds
    return shape.order > piece.order and x0 <= piece.start[0] <= x1 and y0 <= piece.start[1] <= y1


def _is_print(over: Sequence[Piece], share: float) -> bool:
    """Whether the text over the pictures is the form's own: the page was printed, and somebody put pictures on it."""
    own = [piece for piece in over if family(piece.font) in FAMILIES]
    if share > _ALL:
        return any(printed_identities(own))
    return len(own) > _FEW or any(printed_identities(over))


def compared(
    read: Iterable[RawField], unread: Collection[str], layer: Mapping[str, str]
) -> tuple[list[RawField], list[str]]:
    """Our own recognition beside an earlier one's: both where they differ, the surer one first; what is left unread.

    Words that no ink shows are nobody's answer.

    Args:
        read: what was recognised.
        unread: names of fields with ink that gave nothing.
        layer: what the earlier recognition says, by field.
    """
    fields: list[RawField] = []
    for one in read:
        other = layer.get(one.name, "")
        if one.name.endswith(NIL) or not other.strip():
            fields.append(one)
        elif other.split() == one.text.split():
            fields.append(replace(one, confidence=max(one.confidence, confidence_levels.SCANNED_ALIKE)))
        else:
            known = replace(
                one, text=other, confidence=min(confidence_levels.SCANNED_BEFORE, _most(one.confidence))
            )
            fields += sorted((one, known), key=lambda field: -field.confidence)
    left = [name for name in unread if name.endswith(NIL) or not _is_words(layer.get(name, ""))]
    return fields, left


def _most(confidence: float) -> float:
    """How sure an earlier recognition is at most beside ours: where ours is hardly to be trusted, the field is hard to read."""
    return max(confidence, confidence_levels.SCANNED_AT_LEAST) + 0.1


def _is_words(text: str) -> bool:
    longest = max(map(len, text.split()), default=0)
    known = sum(character.isalnum() for character in text)
    return longest >= _WORD and known >= _LETTERS * len("".join(text.split()))


def alone(
    names: Iterable[str], layer: Mapping[str, str], boxes: Mapping[str, Box], number: int
) -> list[RawField]:
    """What an earlier recognition says of fields that hold something, where ours could not tell."""
    return [
        RawField(
            name, layer[name], Method.OCR, number, boxes[name].as_tuple(), confidence_levels.SCANNED_AT_LEAST
        )
        for name in names
        if not name.endswith(NIL) and _is_words(layer.get(name, ""))
    ]


def in_fields(
    words: Sequence[Piece], lies: Similarity, boxes: Mapping[str, Box], number: int
) -> Mapping[str, str]:
    """What text that nobody sees says in the fields of a page of ours."""
    content = Content(tuple(words), (), (0.0, 0.0))
    return {one.name: one.text for one in flattened.cells(content, lies, boxes, number).fields}


def typed(
    over: Sequence[Piece], lies: Similarity, boxes: Mapping[str, Box], number: int, inked: Collection[str]
) -> tuple[list[RawField], list[Piece]]:
    """What was typed into fields that the picture shows empty, and the pieces that are something else.

    Where the picture shows words or pen strokes, what was written over them is no answer beside them, but a stamp; so is what
    an office writes on whatever it receives.
    """
    free = {name: box for name, box in boxes.items() if name not in inked}
    within = [piece for piece in over if _is_typed(piece, lies, free)]
    content = Content(tuple(within), (), (0.0, 0.0))
    fields = [
        replace(one, confidence=min(one.confidence, confidence_levels.TYPED_ON_SCAN))
        for one in flattened.cells(content, lies, free, number).fields
        if flattened.readable(one.text) and not is_stamp(one.text)
    ]
    read, possible = {one.name for one in fields}, {piece.order for piece in within}
    left = [one for one in over if one.order not in possible or _field(one, lies, free) not in read]
    return fields, left


def _field(piece: Piece, lies: Similarity, boxes: Mapping[str, Box]) -> str:
    x, y = lies.point(*piece.start)
    inside = 0.3 * piece.size * lies.scale
    return next((name for name, box in boxes.items() if box.holds(x + inside, y + inside)), "")


def _is_typed(piece: Piece, lies: Similarity, boxes: Mapping[str, Box]) -> bool:
    """Whether a piece stands in one field, upright, from where it begins to where it ends."""
    name = _field(piece, lies, boxes)
    if not name or piece.size * lies.scale > _LARGE:
        return False
    (x, y), (end, level) = lies.point(*piece.start), lies.point(*piece.end)
    return x < end <= boxes[name].x1 + _BEYOND and abs(level - y) < 1.0
