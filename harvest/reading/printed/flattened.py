"""Cells of a page that was printed to PDF: the form's fields are gone, what they showed is page content. Pure.

Text that does not fit its field is cut off on paper, but stands in the file whole, and in the rows below.
Three things tell where a piece of text belongs, the surest first: the rectangle that cuts it off (every field's
appearance is cut to the field), the field in which it begins, and the line above that it goes on from. The form's
own print begins in no field (docs/findings/readers.md, 6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from harvest.model import Method
from harvest.reading.model import confidence_levels
from harvest.reading.model.raw_fields import RawField, Rect
from harvest.reading.model.similarity_transform import Point, Similarity
from harvest.reading.pdf.added_content import FAMILIES, family
from harvest.reading.pdf.pdfium_adapter import Content, Piece
from harvest.reading.printed import watermark
from harvest.reading.printed.text_lines import LEFTWARDS, Line, text_of
from spec.geometry import Box

NIL = "_nil"
#: What a mark in a checkbox reads; any text but /Off is a tick.
TICKED = "/Yes"
#: In type sizes: where inside its first character a piece is said to begin; how far apart lines may stand.
_INTO = 0.3
_LINES = (0.7, 1.8)
#: How far apart two texts are at most that stand in the same place, in points.
_SAME = 0.2
#: In type sizes: how far a character is from the one before it at least where another text begins.
_WIDE = 2.2
#: Points between the texts of two neighbours at least.
_GAP = 6.5
#: How far from its field's left edge a line begins at most, and how much lines of one text differ in distance.
_INDENT = 8.0
_EVEN = 0.05
#: How much larger than its field a clip may be.
_CLIP = 1.6
#: Share of a text's characters that must have a meaning.
_KNOWN = 0.7
#: What of single bytes stands in words and numbers; how many pairs of them no text of another writing happens to be.
_LETTERS = re.compile(rb"[A-Za-z0-9 ,.]")
_PAIRS = 3
#: Points by which a mark may touch its box's border.
_TOUCH = 0.4
#: Points from a page's lower edge to which programs print their own lines. A place without edges.
_EDGES = 20.0
_ANYWHERE = Box(-1e9, -1e9, 1e9, 1e9)
_ENDLESS = (1e9, 1e9)
Size = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Printed:
    """What was found on a page: its fields, what somebody wrote beside them all, and across them; both may be nothing."""

    fields: list[RawField]
    outside: str
    across: str = ""


@dataclass(slots=True)
class _Cell:
    lines: list[Line] = field(default_factory=list)
    runs: int = 0
    beyond: bool = False


def cells(
    content: Content,
    lies: Similarity,
    boxes: Mapping[str, Box],
    page: int,
    *,
    paper: Size = None,
    signed: bool = False,
) -> Printed:
    """What stands in the boxes, in the order of the page's content, and what was written outside.

    Args:
        content: the page's.
        lies: how it lies: from places on it to the blank's.
        boxes: the blank's, by full field name.
        page: its number.
        paper: the blank's size; what stands beyond it is another page's, printed on the same sheet. None for no edges.
        signed: only what Fill & Sign wrote; else only the rest.
    """
    pieces = _once(piece for piece in content.pieces if piece.signed == signed)
    texts = {name: box for name, box in boxes.items() if not name.endswith(NIL)}
    method = Method.FILL_SIGN if signed else Method.FLATTENED
    pieces, across = watermark.parted(pieces, lies, texts)
    gathered, rest = _gathered(pieces, lies, texts)
    found = [
        RawField(name, text, method, page, texts[name].as_tuple(), _confidence(cell, signed=signed))
        for name, cell in gathered.items()
        if (text := text_of(cell.lines, texts[name])).strip()
    ]
    ticks = {
        name: RawField(name, TICKED, method, page, boxes[name].as_tuple(), confidence_levels.PRINTED_MARK)
        for name in _ticked(content, pieces, lies, boxes)
    }
    boxed = [box for name, box in boxes.items() if name in ticks]
    return Printed(
        found + list(ticks.values()), _outside(rest, lies, boxed, paper or _ENDLESS), watermark.words(across)
    )


def _outside(
    rest: Iterable[Piece], lies: Similarity, ticks: Sequence[Box], paper: tuple[float, float]
) -> str:
    """What stands in no field and is not the form's own print, which its fonts tell.

    Signs of ticks are none, nor is what programs print at a page's foot.
    """
    lines = [
        line
        for piece in rest
        if (piece.signed or family(piece.font) not in FAMILIES) and piece.text.strip()
        for line in (_line(piece, lies),)
        if 0 <= line.x < paper[0]
        and _EDGES < line.y < paper[1]
        and not any(_near(box, line) for box in ticks)
    ]
    return text_of(lines, _ANYWHERE).strip()


def joined(pieces: Iterable[Piece], lies: Similarity) -> str:
    """All that pieces say, wherever they stand."""
    return text_of([_line(piece, lies) for piece in pieces if piece.text.strip()], _ANYWHERE).strip()


def _near(box: Box, line: Line) -> bool:
    return box.x0 - line.size < line.x < box.x1 and box.y0 - line.size < line.y < box.y1


def readable(text: str) -> bool:
    """Whether a text says something: pdftk draws letters that the font lacks as signs without a meaning."""
    known = sum(
        character.isprintable() and character != "\ufffd" for character in text if not character.isspace()
    )
    return known >= _KNOWN * len("".join(text.split()))


def _once(pieces: Iterable[Piece]) -> list[Piece]:
    """Without what is drawn twice in the same place: Ghostscript draws fields both as annotations and as fields."""
    kept: dict[tuple[str, int, int], Piece] = {}
    for piece in map(_undoubled, map(_unpaired, pieces)):
        kept.setdefault((piece.text, round(piece.start[0] * 4), round(piece.start[1] * 4)), piece)
    return list(kept.values())


def _unpaired(piece: Piece) -> Piece:
    """A piece that qpdf wrote with a byte a letter where its font wants two, so that a pair of letters became one sign.

    What it could not write so is a question mark, and nothing of it shows.
    """
    try:
        data = piece.text.encode("utf-16-be").removesuffix(b"\0")
    except UnicodeEncodeError:
        return piece
    letters = len(_LETTERS.findall(data))
    if len(piece.text) < _PAIRS or letters < _KNOWN * len(data) or not all(32 <= byte < 127 for byte in data):
        return piece
    starts = [start for start in piece.starts for _ in range(2)][: len(data)]
    return replace(piece, text=data.decode("ascii"), starts=starts)


def _undoubled(piece: Piece) -> Piece:
    """Ghostscript may put both into one text object, the second over the first."""
    half, odd = divmod(len(piece.starts), 2)
    if odd or not half or len(piece.text) != 2 * half or piece.text[:half] != piece.text[half:]:
        return piece
    # letters of one glyph have one origin
    if piece.text == "ff" or (half > 1 and len(set(piece.starts)) == 1):
        return piece
    (x0, y0), (x1, y1) = piece.starts[0], piece.starts[half]
    if abs(x0 - x1) + abs(y0 - y1) > _SAME:
        return piece
    return replace(piece, text=piece.text[:half], starts=piece.starts[:half])


def _confidence(cell: _Cell, *, signed: bool) -> float:
    if cell.runs > 1 and not signed:
        return confidence_levels.PRINTED_RUNS
    if cell.beyond:
        return confidence_levels.PRINTED_OVERFLOW
    return confidence_levels.FILL_SIGN if signed else confidence_levels.PRINTED


def _gathered(
    pieces: Sequence[Piece], lies: Similarity, boxes: Mapping[str, Box]
) -> tuple[Mapping[str, _Cell], list[Piece]]:
    """What belongs to which field, and what to none."""
    found: dict[str, _Cell] = {}
    rest: list[Piece] = []
    run = _Run()
    for piece in _parted(pieces, lies, boxes):
        line = _line(piece, lies)
        begins = _under(line.x + _INTO * line.size, line.y + _INTO * line.size, boxes)
        name = _clipped_to(piece.clip, lies, boxes)
        if not name and run.goes_on(line, begins, boxes):
            name = run.name
        name = name or begins
        if name:
            cell = found.setdefault(name, _Cell())
            cell.runs += name != run.name
            cell.beyond |= begins != name or _is_full(cell.lines, line, boxes[name])
            cell.lines.append(line)
        else:
            rest.append(piece)
        run.take(name, line)
    return found, rest


def _is_full(above: Sequence[Line], line: Line, box: Box) -> bool:
    """Whether a text fills its field to the right edge or the last line: cairo leaves out what is cut off whole."""
    if line.end > box.x1:
        return True
    return bool(above) and above[0].y - line.y > line.size and line.y < box.y0 + line.size


def _parted(pieces: Iterable[Piece], lies: Similarity, boxes: Mapping[str, Box]) -> Iterator[Piece]:
    """The pieces, parted where another field's text begins: cairo draws a line of a whole row at once."""
    for piece in pieces:
        if piece.clip is not None or piece.signed or len(piece.text) != len(piece.starts):
            yield piece
            continue
        fields = [_under(*lies.point(*piece.starts[index]), boxes) for index in (0, -1)]
        if fields[0] == fields[1]:
            yield piece
            continue
        cuts = [0, *_cuts(piece, lies, boxes), len(piece.text)]
        for first, end in pairwise(cuts):
            part = replace(piece, text=piece.text[first:end], starts=piece.starts[first:end])
            part.start, part.end = part.starts[0], piece.end if end == len(piece.starts) else _end(part)
            yield part


def _end(part: Piece) -> Point:
    """About where a part ends: its last character's own width is not known."""
    x, y = part.starts[-1]
    return x + part.across[0] / 2, y + part.across[1] / 2


def _cuts(piece: Piece, lies: Similarity, boxes: Mapping[str, Box]) -> Iterator[int]:
    before, last = "", 0.0
    for index, start in enumerate(piece.starts):
        x, y = lies.point(*start)
        name = _under(x, y, boxes)
        size = piece.size * lies.scale
        near = x - boxes[name].x0 < _INDENT and x - last > _GAP + _INTO * size if name else False
        if index and name and name != before and (near or x - last > _WIDE * size):
            yield index
        before, last = name, x


@dataclass(slots=True)
class _Run:
    """The text that is being followed: its field, its last piece, the distance of its lines."""

    name: str = ""
    above: Line | None = None
    pitch: float = 0.0

    def take(self, name: str, line: Line) -> None:
        """The next piece, and the field to which it was given."""
        down = self.above.y - line.y if self.above and name == self.name else 0.0
        if name != self.name:
            self.pitch = 0.0
        elif down > _LINES[0] * line.size:
            self.pitch = down
        self.name, self.above = name, line if name else None

    def goes_on(self, line: Line, begins: str, boxes: Mapping[str, Box]) -> bool:
        """Whether a piece that no clip places goes on from the one before it, out of its field."""
        above = self.above
        if above is None or above.form != line.form or begins == self.name:
            return False
        down, size = above.y - line.y, max(line.size, 1.0)
        if abs(down) < _INTO * size:
            # the neighbour's text may begin right where this one ends: it begins at its own field's edge
            return abs(line.x - above.end) < size and not (begins and line.x - boxes[begins].x0 < _INDENT)
        if not _LINES[0] * size <= down <= _LINES[1] * size:
            return False
        if not boxes[self.name].x0 - _TOUCH <= line.x <= above.end:
            return False
        return not begins or abs(down - self.pitch) < _EVEN * down


def _line(piece: Piece, lies: Similarity) -> Line:
    x, y = lies.point(*piece.start)
    end, _ = lies.point(*piece.end)
    second = piece.starts[1] if len(piece.starts) > 1 else piece.end
    first = abs(lies.point(*second)[0] - x)
    blank = piece.text.find(" ")
    ends = piece.starts[blank] if 0 < blank < len(piece.starts) else piece.end
    word = abs(lies.point(*ends)[0] - x)
    return Line(logical(piece), x, y, end, piece.size * lies.scale, piece.form, first, word)


def logical(piece: Piece) -> str:
    """The text in the order in which it is read: what runs to the left begins at its right end.

    Programs draw such letters in either order; where they stand tells.
    """
    if not LEFTWARDS.search(piece.text) or len(piece.text) != len(piece.starts):
        return piece.text
    parts, at = [], 0
    for match in LEFTWARDS.finditer(piece.text):
        letters = sorted(range(*match.span()), key=lambda index: -piece.starts[index][0])
        parts += [piece.text[at : match.start()], *(piece.text[index] for index in letters)]
        at = match.end()
    return "".join([*parts, piece.text[at:]])


def _clipped_to(clip: Rect | None, lies: Similarity, boxes: Mapping[str, Box]) -> str:
    """The field to which a piece is cut off."""
    if clip is None or clip[0] >= clip[2] or clip[1] >= clip[3]:
        return ""
    x0, y0, x1, y1 = lies.rect(clip)
    name = _under((x0 + x1) / 2, (y0 + y1) / 2, boxes)
    if not name:
        return ""
    box = boxes[name]
    return name if (x1 - x0) * (y1 - y0) <= _CLIP * box.width * box.height else ""


def _under(x: float, y: float, boxes: Mapping[str, Box]) -> str:
    return next((name for name, box in boxes.items() if box.holds(x, y)), "")


def _ticked(
    content: Content, pieces: Sequence[Piece], lies: Similarity, boxes: Mapping[str, Box]
) -> Iterator[str]:
    """Checkboxes with something in them. The box's own border is larger than its field."""
    signed = any(piece.signed for piece in pieces)
    for name, box in boxes.items():
        if not name.endswith(NIL):
            continue
        written = any(
            box.holds(line.x + _INTO * line.size, line.y + _INTO * line.size)
            for line in (_line(piece, lies) for piece in pieces if piece.text.strip())
        )
        if written or any(
            _inside(lies.rect(shape.bounds), box) for shape in content.shapes if shape.signed == signed
        ):
            yield name


def _inside(bounds: Rect, box: Box) -> bool:
    x0, y0, x1, y1 = bounds
    return x0 >= box.x0 - _TOUCH and y0 >= box.y0 - _TOUCH and x1 <= box.x1 + _TOUCH and y1 <= box.y1 + _TOUCH
