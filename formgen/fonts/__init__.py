"""The fonts as data: what the PDF stores of the form font, and the printed text's widths.

Everything here is made once by `formgen.fonts.prepare` and shipped; nothing is parsed at run time
but two small JSON files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

Face = Literal["regular", "bold"]
FACES: tuple[Face, ...] = ("regular", "bold")


def data(name: str) -> bytes:
    """The bytes of a data file of this package."""
    return files(__name__).joinpath(name).read_bytes()


def face_path(face: Face) -> Path:
    """The TrueType file of a face of the printed text."""
    return Path(str(files(__name__).joinpath(f"text-{face}.ttf")))


@dataclass(frozen=True)
class FormFont:
    """The font that partners type in: a subset of DejaVu Sans in which CID = GID.

    Lengths are thousandths of the type size (ISO 32000-1, 9.2.4).

    Attributes:
        program: the TrueType program, zlib-compressed, as a FontFile2 stream holds it.
        program_length: its length before compression (`/Length1`).
        to_unicode: the ToUnicode CMap, zlib-compressed.
        widths: advance width of every glyph.
        glyphs: character code -> glyph.
        joined: Arabic letter -> its shape (`init`, `medi`, `fina`) -> glyph, where Unicode has no code for it.
    """

    name: str
    program: bytes
    program_length: int
    to_unicode: bytes
    widths: tuple[int, ...]
    glyphs: Mapping[int, int]
    bbox: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int
    joined: Mapping[int, Mapping[str, int]]

    def encode(self, text: str) -> str:
        """`text` as the hexadecimal string of an Identity-H font; unknown characters as glyph 0."""
        try:
            return "".join(map(self._codes.__getitem__, text))
        except KeyError:
            return "".join([self._codes.get(character, "0000") for character in text])

    @cached_property
    def _codes(self) -> Mapping[str, str]:
        return {chr(code): f"{glyph:04X}" for code, glyph in self.glyphs.items()}

    def width(self, text: str, size: float) -> float:
        """The width of one line in points at `size` points."""
        widths, glyphs = self.widths, self.glyphs
        return sum(widths[glyphs.get(ord(character), 0)] for character in text) * size / 1000


@dataclass(frozen=True)
class FaceMetrics:
    """What the layout must know of a face of the printed text; thousandths of the type size."""

    widths: Mapping[str, int]
    ascent: int
    descent: int
    cap_height: int

    def width(self, text: str, size: float) -> float:
        """The width of one line in points at `size` points; every character must be in the face."""
        return sum(map(self.widths.__getitem__, text)) * size / 1000

    def missing(self, text: str) -> str:
        """The characters of `text` that the face cannot show, each once, in order."""
        return "".join(dict.fromkeys(character for character in text if character not in self.widths))


@lru_cache(maxsize=1)
def form_font() -> FormFont:
    """The form font; read once per process."""
    body: dict[str, Any] = json.loads(data("form-font.json"))
    left, bottom, right, top = body["bbox"]
    return FormFont(
        name=body["name"],
        program=data("form-font.ttf.z"),
        program_length=body["length"],
        to_unicode=data("form-font.tounicode.z"),
        widths=tuple(body["widths"]),
        glyphs={int(code): glyph for code, glyph in body["characters"].items()},
        bbox=(left, bottom, right, top),
        ascent=body["ascent"],
        descent=body["descent"],
        cap_height=body["cap_height"],
        joined={int(code): shapes for code, shapes in body["joined"].items()},
    )


@lru_cache(maxsize=1)
def face_metrics() -> Mapping[Face, FaceMetrics]:
    """The metrics of both faces of the printed text; read once per process."""
    body: dict[str, dict[str, Any]] = json.loads(data("text-metrics.json"))
    return {
        face: FaceMetrics(
            widths={chr(int(code)): width for code, width in body[face]["widths"].items()},
            ascent=body[face]["ascent"],
            descent=body[face]["descent"],
            cap_height=body[face]["cap_height"],
        )
        for face in FACES
    }
