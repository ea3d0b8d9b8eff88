"""Text into lines: break it to a width, measure it, refuse what the face cannot show. Pure.

Widths and heights in points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from formgen.fonts import Face, face_metrics
from formgen.layout.items import Run
from spec.console.said import said
from spec.errors import Fault

#: A line may end after white space, and after a hyphen, dash or slash between two letters.
_BREAK = re.compile(r"(?<=\s)(?=\S)|(?<=[^\W\d][/–—-])(?=[^\W\d])")


@dataclass(frozen=True, slots=True)
class Style:
    """A way to set text: type size and distance of baselines in points."""

    size: float
    leading: float
    face: Face = "regular"
    colour: str = "#1a1a1a"

    def width(self, text: str) -> float:
        """The width of `text` on one line."""
        return face_metrics()[self.face].width(text, self.size)

    @property
    def ascent(self) -> float:
        """From a line's top to its baseline, such that `leading` is shared evenly above and below."""
        metrics = face_metrics()[self.face]
        return (self.leading + (metrics.cap_height + 0.25 * metrics.descent) * self.size / 1000) / 2


@dataclass(slots=True)
class Faults:
    """Collects what does not fit, so that a person mends it in one go."""

    found: list[Fault] = field(default_factory=list)

    def add(self, place: str, fault: str, remedy: str) -> None:
        """Note a fault once."""
        fault_ = Fault(place, fault, remedy)
        if fault_ not in self.found:
            self.found.append(fault_)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text broken into lines of one style; a line keeps the space it was broken at."""

    lines: tuple[str, ...]
    style: Style

    @property
    def height(self) -> float:
        """Height of all lines."""
        return len(self.lines) * self.style.leading

    @property
    def width(self) -> float:
        """Width of the widest line."""
        return max((self.style.width(line.rstrip()) for line in self.lines), default=0.0)

    def runs(self, x: float, top: float) -> tuple[Run, ...]:
        """The lines, placed: left edge `x`, upper edge `top`."""
        style = self.style
        return tuple(
            Run(
                round(x, 3),
                round(top - index * style.leading - style.ascent, 3),
                line,
                style.size,
                style.face,
                style.colour,
            )
            for index, line in enumerate(self.lines)
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """What stays together on a line. `seen` and `whole` are widths in thousandths of the type size."""

    text: str
    seen: float
    whole: float


def pieces(text: str, face: Face) -> tuple[tuple[Piece, ...], ...]:
    """A text's paragraphs in pieces; the space at a piece's end is not `seen` at the end of a line."""
    metrics = face_metrics()[face]
    found = []
    for paragraph in text.split("\n"):
        parts = []
        for piece in _BREAK.split(paragraph):
            visible = piece.rstrip()
            seen = metrics.width(visible, 1000)
            parts.append(Piece(piece, seen, seen + metrics.width(piece[len(visible) :], 1000)))
        found.append(tuple(parts))
    return tuple(found)


@dataclass
class Typesetter:
    """Breaks texts to widths. Many return on every page or are tried in several sizes: each is measured once."""

    faults: Faults
    _pieces: dict[tuple[str, Face], tuple[tuple[Piece, ...], ...]] = field(default_factory=dict)
    _set: dict[tuple[str, Style, float], Paragraph] = field(default_factory=dict)

    def set(self, text: str, style: Style, width: float, place: str) -> Paragraph:
        """Break `text` to `width` points; a newline always ends a line.

        What can't be set is noted in the faults: characters without a glyph, words wider than the line.
        """
        key = (text, style, width)
        if key in self._set:
            return self._set[key]
        found = len(self.faults.found)
        text = self._printable(text, style.face, place)
        measured = self._pieces.get((text, style.face))
        if measured is None:
            measured = self._pieces[text, style.face] = pieces(text, style.face)
        lines: list[str] = []
        for index, paragraph in enumerate(measured, start=1):
            lines += self._broken(paragraph, style, width, place)
            if index < len(measured) and lines[-1]:
                # Where a line ends, a screen reader must not glue two words together.
                lines[-1] += " "
        result = Paragraph(tuple(lines), style)
        if len(self.faults.found) == found:
            # Faulty texts are set anew, so that the fault is told for every place where they stand.
            self._set[key] = result
        return result

    def _printable(self, text: str, face: Face, place: str) -> str:
        metrics = face_metrics()[face]
        missing = metrics.missing(text.replace("\n", ""))
        if not missing:
            return text
        listed = ", ".join(f"{character!r} (U+{ord(character):04X})" for character in missing[:5])
        self.faults.add(
            place,
            said("The printed font has no sign for {listed}.", listed=listed),
            "Write it with other characters, please.",
        )
        return "".join(character for character in text if character not in missing)

    def _broken(self, parts: tuple[Piece, ...], style: Style, width: float, place: str) -> list[str]:
        room = width * 1000 / style.size
        lines: list[str] = []
        line, used = "", 0.0
        for piece in parts:
            if line and used + piece.seen > room:
                lines.append(line)
                line, used = "", 0.0
            if piece.seen > room:
                points = piece.seen * style.size / 1000
                self.faults.add(
                    place,
                    said(
                        "{text!r} is wider than its place ({points:.0f} of {width:.0f} points).",
                        text=piece.text.strip(),
                        points=points,
                        width=width,
                    ),
                    "Shorten it, or part it with a hyphen or a space.",
                )
            line += piece.text
            used += piece.whole
        return [*lines, line.rstrip()]
