"""What a prefilled field shows (ISO 32000-1, 12.7.3.3): its value in the embedded font, set as viewers set it.

A viewer that opens the copy shows this stream until somebody types; then it draws its own. So the type size,
the margins and the breaking of lines follow what PDFium and pdf.js do, and what does not fit is clipped as
there; the value itself is always whole. Lengths in points, origin bottom left of the field's box.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from formgen.bidi import RIGHT_TO_LEFT, base_level, levels, mirrored, visual
from formgen.fields import FONT, SIZE
from formgen.fonts import form_font
from formgen.pdfobjects import number, text_string
from formgen.shaping import glyphs
from spec.geometry import Box

#: From the box's edge to the text.
MARGIN = 2.0
#: Shown for a character that the font lacks. `.notdef` would be right, but PDF/A forbids it (ISO 19005-3,
#: 6.2.11.8); U+FFFD says the same and is a character like others.
REPLACEMENT = "\ufffd"
_BREAK = re.compile(r"(?<=[ \t\u200b])(?=[^ \t\u200b])")
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A value's appearance.

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

    codes: dict[str, str]
    widths: dict[str, int]
    leading: float
    ascent: float


@lru_cache(maxsize=1)
def _signs() -> _Signs:
    font = form_font()
    return _Signs(
        codes={chr(code): f"{glyph:04X}" for code, glyph in font.glyphs.items()},
        widths={chr(code): font.widths[glyph] for code, glyph in font.glyphs.items()},
        # Ascent and descent are the distance of lines in PDFium and pdf.js.
        leading=round((font.ascent - font.descent) * SIZE / 1000, 3),
        ascent=font.ascent * SIZE / 1000,
    )


def clean(text: str) -> str:
    """A value with line feeds as its only line ends; nothing else of it is touched."""
    return _LINE_ENDS.sub("\n", text)


def draw_value(value: str, box: Box) -> Drawn:
    """The appearance of a text field's `value` in its `box`."""
    signs = _signs()
    shown, replaced = _showable(unicodedata.normalize("NFC", clean(value)), signs)
    limit = (box.width - 2 * MARGIN) * 1000 / SIZE
    paragraphs = shown.split("\n")
    if replaced or RIGHT_TO_LEFT.search(shown):
        count, body = _placed_lines(paragraphs, box, iter(replaced), signs)
    else:
        lines = [line for paragraph in paragraphs for line in _broken(paragraph, limit, signs)]
        count = len(lines)
        code_of = signs.codes.__getitem__
        body = "> Tj\nT* <".join(["".join(map(code_of, line)) for line in lines])
        body = (
            f"{signs.leading} TL {number(MARGIN)} {number(box.height - MARGIN - signs.ascent)} Td <{body}> Tj"
        )
    # A line counts as seen while no more than a fifth of it lies below the edge.
    room = int((box.height - MARGIN) / signs.leading + 0.2)
    missing = "".join(dict.fromkeys(sign for sign in replaced if sign != REPLACEMENT))
    content = f"/Tx BMC q BT /{FONT} {SIZE} Tf 0 g\n{body}\nET Q EMC"
    return Drawn(content.encode("latin-1"), missing, max(count - max(room, 1), 0))


def _placed_lines(
    paragraphs: Sequence[str], box: Box, restored: Iterator[str], signs: _Signs
) -> tuple[int, str]:
    """How many lines, and the operators, where each line has a place and an order of its own."""
    limit = (box.width - 2 * MARGIN) * 1000 / SIZE
    x_before, y_before = 0.0, 0.0
    y = box.height - MARGIN - signs.ascent
    parts = []
    for paragraph in paragraphs:
        base = base_level(paragraph)
        for line in _broken(paragraph, limit, signs):
            if base or RIGHT_TO_LEFT.search(line):
                codes, width = _placed(line, base)
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
    if signs.codes.keys() >= set(text) - {"\n"} and REPLACEMENT not in text:
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
    width_of = signs.widths.__getitem__
    if sum(map(width_of, paragraph)) <= limit:
        yield paragraph
        return
    line, used = "", 0
    for word in _BREAK.split(paragraph):
        # The space at a line's end may hang over the edge.
        seen = sum(map(width_of, word.rstrip()))
        if line and used + seen > limit:
            yield line
            line, used = "", 0
        while seen > limit:
            head = _fitting(word, limit, signs)
            yield head
            word = word[len(head) :]  # noqa: PLW2901  the rest of the same word
            seen = sum(map(width_of, word.rstrip()))
        line += word
        used += sum(map(width_of, word))
    yield line


def _fitting(word: str, limit: float, signs: _Signs) -> str:
    """The longest beginning of a word that fits on a line, one character at least."""
    used = 0
    for index, character in enumerate(word):
        used += signs.widths[character]
        if used > limit:
            return word[: max(index, 1)]
    return word


def _placed(line: str, base: int) -> tuple[str, int]:
    """The glyphs of a line with right-to-left text from left to right, and their width in thousandths."""
    text = line.rstrip(" ")
    found = levels(text, base)
    seen = "".join(mirrored(sign) if level % 2 else sign for sign, level in zip(text, found, strict=True))
    widths = form_font().widths
    drawn = [glyph for _, glyph in glyphs(seen, visual(text, found, base))]
    return "".join(f"{glyph:04X}" for glyph in drawn), sum(widths[glyph] for glyph in drawn)
