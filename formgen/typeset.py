"""Text into lines: break it to a width, measure it, refuse what the face cannot show. Pure.

Widths and heights in points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from formgen.fonts import Face, face_metrics
from formgen.items import Run
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


def set_text(text: str, style: Style, width: float, place: str, faults: Faults) -> Paragraph:
    """Break `text` to `width`; a newline always ends a line.

    What can't be set is noted in `faults`: characters without a glyph, words wider than the line.
    """
    metrics = face_metrics()[style.face]
    if missing := metrics.missing(text.replace("\n", "")):
        listed = ", ".join(f"{character!r} (U+{ord(character):04X})" for character in missing[:5])
        faults.add(
            place, f"The printed font has no sign for {listed}.", "Write it with other characters, please."
        )
        text = "".join(character for character in text if character in metrics.widths or character == "\n")
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _broken(paragraph, style, width, place, faults)
    return Paragraph(tuple(lines), style)


def _broken(text: str, style: Style, width: float, place: str, faults: Faults) -> list[str]:
    lines: list[str] = []
    line, used = "", 0.0
    for piece in _BREAK.split(text):
        # The space at a line's end may hang over the edge: only what is seen counts.
        seen = style.width(piece.rstrip())
        if line and used + seen > width:
            lines.append(line)
            line, used = "", 0.0
        if seen > width:
            faults.add(
                place,
                f"{piece.strip()!r} is wider than its place ({seen:.0f} of {width:.0f} points).",
                "Shorten it, or part it with a hyphen or a space.",
            )
        line += piece
        used += style.width(piece)
    return [*lines, line.rstrip()]
