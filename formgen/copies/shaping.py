"""Arabic letters in the shapes that their neighbours ask for. Pure; the form font has no rules for it itself.

Which letters join which way is read from Unicode's presentation forms (the decompositions `<initial>` and
so on) and from the font's own shapes of letters for which Unicode has none, such as those of Sorani Kurdish.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from formgen.fonts import form_font

_BLOCKS = (range(0xFB50, 0xFE00), range(0xFE70, 0xFEFF))
_SHAPES = {"<isolated>": "isol", "<initial>": "init", "<medial>": "medi", "<final>": "fina"}
_LAM = "\u0644"
_TATWEEL = "\u0640"
_JOINER = "\u200d"


@dataclass(frozen=True)
class Shapes:
    """Glyphs by shape: of single letters, and of lam with an alef, which are one sign."""

    letters: Mapping[str, Mapping[str, int]]
    ligatures: Mapping[str, Mapping[str, int]]

    def before(self, character: str) -> bool:
        """Whether a letter joins the one after it."""
        return character in {_TATWEEL, _JOINER} or "init" in self.letters.get(character, {})

    def after(self, character: str) -> bool:
        """Whether a letter joins the one before it."""
        return character in {_TATWEEL, _JOINER} or "fina" in self.letters.get(character, {})


@lru_cache(maxsize=1)
def shapes() -> Shapes:
    """The shapes that the form font has; made once per process."""
    font = form_font()
    letters: dict[str, dict[str, int]] = {}
    ligatures: dict[str, dict[str, int]] = {}
    for code in (code for block in _BLOCKS for code in block if code in font.glyphs):
        kind, *parts = unicodedata.decomposition(chr(code)).split() or [""]
        text = "".join(chr(int(part, 16)) for part in parts)
        if kind in _SHAPES and len(text) == 1:
            letters.setdefault(text, {})[_SHAPES[kind]] = font.glyphs[code]
        elif kind in _SHAPES and len(text) == 2 and text[0] == _LAM:
            ligatures.setdefault(text, {})[_SHAPES[kind]] = font.glyphs[code]
    for code, own in font.joined.items():
        letters.setdefault(chr(code), {}).update(own)
    alefs = {"\u0622", "\u0623", "\u0625", "\u0627"}
    return Shapes(letters, {text: found for text, found in ligatures.items() if text[1] in alefs})


def glyphs(text: str, indexes: Sequence[int]) -> list[tuple[int, int]]:
    """(index, glyph) of the characters at `indexes`, in that order, each in its shape.

    The second letter of a ligature is left out. Only characters with a glyph may be asked for.
    """
    known, plain = shapes(), form_font().glyphs
    found = dict(_shaped(text, known))
    result = []
    for index in indexes:
        glyph = found.get(index, plain.get(ord(text[index])))
        if glyph is not None and glyph >= 0:
            result.append((index, glyph))
    return result


def _shaped(text: str, known: Shapes) -> Iterator[tuple[int, int]]:
    """(index, glyph) of every letter that joins others; -1 for the second letter of a ligature."""
    solid = [index for index, character in enumerate(text) if not _transparent(character)]
    joined, skip = False, False
    for place, index in enumerate(solid):
        character = text[index]
        following = text[solid[place + 1]] if place + 1 < len(solid) else ""
        if skip:
            yield index, -1
            skip, joined = False, False
            continue
        back = joined and known.after(character)
        pair = known.ligatures.get(character + following)
        adjacent = place + 1 < len(solid) and solid[place + 1] == index + 1
        if pair and adjacent:
            yield index, pair["fina" if back and "fina" in pair else "isol"]
            skip = True
            continue
        joined = known.before(character) and bool(following) and known.after(following)
        shape = {(True, True): "medi", (True, False): "fina", (False, True): "init"}.get((back, joined))
        if shape and shape in known.letters.get(character, {}):
            yield index, known.letters[character][shape]


def _transparent(character: str) -> bool:
    """Marks do not part the letters they stand on."""
    return unicodedata.category(character) in {"Mn", "Me"}
