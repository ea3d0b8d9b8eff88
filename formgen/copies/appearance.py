"""What a prefilled field shows (ISO 32000-1, 12.7.3.3): its value in the embedded font, set as viewers set it.

A viewer that opens the copy shows this stream until somebody types; then it draws its own. So the type size,
the margins and the breaking of lines follow what PDFium and pdf.js do, and what does not fit is clipped as
there; the value itself is always whole. Lengths in points, origin bottom left of the field's box.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from formgen.copies.bidi import RIGHT_TO_LEFT, base_level, levels, mirrored, visual
from formgen.copies.shaping import glyphs
from formgen.fonts import form_font
from formgen.pdf.fields import FONT, SIZE
from formgen.pdf.pdfobjects import number, text_string
from spec.geometry import Box

#: From the box's edge to the text.
MARGIN = 2.0
#: Shown for a character that the font lacks. `.notdef` would be right, but PDF/A forbids it (ISO 19005-3,
#: 6.2.11.8); U+FFFD says the same and is a character like others.
REPLACEMENT = "\ufffd"
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


class Drawn(NamedTuple):
    """A value's appearance. A tuple: one is made for every value of every copy.

    Attributes:
        missing: characters that the font lacks, each once; a replacement stands for them.
        hidden: lines, from the last on, that lie below the box's lower edge.
    """

    content: bytes
    missing: str
    hidden: int


@dataclass(frozen=True)
class _Signs:
    """The font as tables for speed: character -> hexadecimal glyph, width in thousandths."""

    known: frozenset[str]
    codes: dict[str, str]
    widths: dict[str, int]
    leading: float
    ascent: float


@lru_cache(maxsize=1)
def _signs() -> _Signs:
    font = form_font()
    return _Signs(
        known=frozenset(map(chr, font.glyphs)) - {REPLACEMENT} | {"\n"},
        codes={chr(code): f"{glyph:04X}" for code, glyph in font.glyphs.items()},
        widths={chr(code): font.widths[glyph] for code, glyph in font.glyphs.items()},
        # Ascent and descent are the distance of lines in PDFium and pdf.js.
        leading=round((font.ascent - font.descent) * SIZE / 1000, 3),
        ascent=font.ascent * SIZE / 1000,
    )


def clean(text: str) -> str:
    """A value with line feeds as its only line ends; nothing else of it is touched."""
    return _LINE_ENDS.sub("\n", text) if _LINE_ENDS.search(text) else text


def draw_value(value: str, box: Box) -> Drawn:
    """The appearance of a text field's `value`, which is `clean`, in its `box`."""
    signs = _signs()
    shown, replaced = _showable(value if value.isascii() else unicodedata.normalize("NFC", value), signs)
    paragraphs = shown.split("\n")
    limit = (box.width - 2 * MARGIN) * 1000 / SIZE
    if replaced or (not shown.isascii() and RIGHT_TO_LEFT.search(shown)):
        count, body = _placed_lines(paragraphs, box, iter(replaced), signs)
    else:
        width_of, code_of = signs.widths.__getitem__, signs.codes.__getitem__
        lines: list[str] = []
        for paragraph in paragraphs:
            if sum(map(width_of, paragraph)) <= limit:
                lines.append(paragraph)
            else:
                lines += _broken(paragraph, limit, signs)
        count = len(lines)
        body = "> Tj\nT* <".join(["".join(map(code_of, line)) for line in lines])
        body = f"{_first_line(box.height)} <{body}> Tj"
    # A line counts as seen while no more than a fifth of it lies below the edge.
    room = int((box.height - MARGIN) / signs.leading + 0.2)
    missing = "".join(dict.fromkeys(sign for sign in replaced if sign != REPLACEMENT)) if replaced else ""
    content = f"/Tx BMC q BT {_SELECT} {body}\nET Q EMC"
    return Drawn(content.encode("latin-1"), missing, max(count - max(room, 1), 0))


_SELECT = f"/{FONT} {SIZE} Tf 0 g"


@lru_cache(maxsize=1024)
def _first_line(height: float) -> str:
    """Operators that go to the first baseline in a box of this height, and set the distance of lines."""
    signs = _signs()
    return f"{signs.leading} TL {number(MARGIN)} {number(height - MARGIN - signs.ascent)} Td"


def _placed_lines(
    paragraphs: Sequence[str], box: Box, restored: Iterator[str], signs: _Signs
) -> tuple[int, str]:
    """How many lines, and the operators, where each line has a place and an order of its own."""
    limit = (box.width - 2 * MARGIN) * 1000 / SIZE
    x_before, y_before = 0.0, 0.0
    y = box.height - MARGIN - signs.ascent
    parts = []
    for paragraph in paragraphs:
        base, start = base_level(paragraph), 0
        found = levels(paragraph, base)
        for line in _broken(paragraph, limit, signs):
            own, start = found[start : start + len(line)], start + len(line)
            if base or RIGHT_TO_LEFT.search(line):
                codes, width = _placed(line, own, base)
                shown = f"<{codes}> Tj"
                # Those of this line stay unnamed.
                for _ in range(line.count(REPLACEMENT)):
                    next(restored)
            else:
                shown, width = _spans(line, restored, signs), 0
            x = box.width - MARGIN - width * SIZE / 1000 if base else MARGIN
            parts.append(f"{number(x - x_before)} {number(y - y_before)} Td {shown}")
            x_before, y_before = x, y
            y -= signs.leading
    return len(parts), "\n".join(parts)


def _spans(line: str, restored: Iterator[str], signs: _Signs) -> str:
    """A line in which replacements are copied and read aloud as what they stand for (ISO 32000-1, 14.9.4).

    Lines from right to left go without: Poppler and MuPDF turn such a text round once more.
    """
    parts = []
    for index, plain in enumerate(line.split(REPLACEMENT)):
        if index:
            actual = text_string(next(restored)).decode("latin-1")
            parts.append(f"/Span << /ActualText {actual} >> BDC <{signs.codes[REPLACEMENT]}> Tj EMC")
        if plain:
            parts.append(f"<{''.join(map(signs.codes.__getitem__, plain))}> Tj")
    return " ".join(parts)


def _showable(text: str, signs: _Signs) -> tuple[str, list[str]]:
    """The text in characters that the font has, and those for which the replacement stands, one by one."""
    if signs.known.issuperset(text):
        return text, []
    replaced: list[str] = []
    shown = []
    for character in text:
        if character == "\t":
            shown.append(" ")
        elif character == REPLACEMENT or (character not in signs.codes and character != "\n"):
            if unicodedata.category(character) in {"Cf", "Cc", "Mn"}:
                continue
            replaced.append(character)
            shown.append(REPLACEMENT)
        else:
            shown.append(character)
    return "".join(shown), replaced


def _broken(paragraph: str, limit: float, signs: _Signs) -> Iterator[str]:
    """Lines no wider than `limit`, broken at spaces, inside words only where a word is wider than a line."""
    ends = list(accumulate(map(signs.widths.__getitem__, paragraph), initial=0))
    start, length = 0, len(paragraph)
    while ends[-1] - ends[start] > limit:
        fits = bisect_right(ends, ends[start] + limit) - 1
        # The space at a line's end may hang over the edge.
        space = paragraph.rfind(" ", start, fits + 1)
        cut = space + 1 if space >= 0 else max(fits, start + 1)
        while space >= 0 and cut < length and paragraph[cut] == " ":
            cut += 1
        yield paragraph[start:cut]
        start = cut
    if start < length or not start:
        yield paragraph[start:]


def _placed(line: str, found: Sequence[int], base: int) -> tuple[str, int]:
    """The glyphs of a line with right-to-left text from left to right, and their width in thousandths.

    `found` are the levels of its characters, as the whole paragraph gives them.
    """
    text = line.rstrip(" ")
    own = found[: len(text)]
    seen = "".join([mirrored(sign) if level % 2 else sign for sign, level in zip(text, own, strict=True)])
    widths = form_font().widths
    drawn = [glyph for _, glyph in glyphs(seen, visual(text, own, base))]
    return "".join([f"{glyph:04X}" for glyph in drawn]), sum([widths[glyph] for glyph in drawn])
