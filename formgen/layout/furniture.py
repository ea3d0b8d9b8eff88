"""What every page carries, and the measures that all pages share. Points, origin bottom left."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from formgen.layout.items import Artifact, Fill, IdentityPlace, Node, Run
from formgen.layout.typeset import Faults, Paragraph, Style, Typesetter
from spec.form.model import Form
from spec.geometry import Box, FieldPlace
from spec.words import Words, words

#: A4 landscape.
PAGE_SIZE = (841.89, 595.276)
LEFT = 36.0
RIGHT = PAGE_SIZE[0] - 36.0
TOP = PAGE_SIZE[1] - 27.0
#: Lower edge of what the form says; below stands the footer.
BOTTOM = 38.0
FOOTER = 24.0
#: Side of the QR code: zxing reads 56 points from 85 dpi up (docs/findings/readers.md, 5).
CODE = 60.0
#: Place of the id field: small, but not empty, since PyMuPDF refuses an empty one.
ID_BOX = Box(LEFT, 12.0, LEFT + 2.0, 14.0)

INK = "#1b1f24"
SOFT_INK = "#4a525c"  # 7.9:1 on white
LINE = "#757d88"  # 4.1:1 on white: a field's border needs 3:1
FAINT_LINE = "#c4cad2"
TINT = "#eef1f4"
WHITE = "#ffffff"

H1 = Style(17, 21, "bold", INK)
SMALL = Style(8, 10.5, "regular", SOFT_INK)
SMALL_BOLD = Style(8, 10.5, "bold", INK)
CHIP = Style(9, 16, "bold", WHITE)
CHIP_ASIDE = Style(9, 16, "regular", SOFT_INK)


#: Language, and perhaps script and region (RFC 5646).
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


@dataclass(frozen=True)
class Context:
    """What the pages of one form have in common while it is laid out.

    Attributes:
        faults: what does not fit, so far.
        fields: where the fields stand, so far: name without edition -> place.
    """

    form: Form
    faults: Faults = field(default_factory=Faults)
    fields: dict[str, FieldPlace] = field(default_factory=dict)
    typesetter: Typesetter = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "typesetter", Typesetter(self.faults))

    @property
    def words(self) -> Words:
        """The frame's words in the form's language."""
        return words(self.form.language)

    @property
    def second_language(self) -> str:
        """The form's second language as a language tag; empty where it is none that a screen reader knows."""
        given = self.form.second_language
        return given if _LANGUAGE_TAG.fullmatch(given) else ""

    def set(self, text: str, style: Style, width: float, place: str) -> Paragraph:
        """Break a text, noting what does not fit."""
        return self.typesetter.set(text, style, width, place)


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a page stands in the whole: index from 0, number of pages."""

    index: int
    total: int


def identity_place(top: float = TOP) -> IdentityPlace:
    """QR code at the upper right, small print in the footer at the left, the page's number at the right."""
    return IdentityPlace(Box(RIGHT - CODE, top - CODE, RIGHT, top), LEFT, FOOTER, 7, RIGHT)


def folio(words: Words, page: int, pages: int) -> str:
    """The page's number as it is printed. It belongs to the page's identity: a copy may have fewer pages, or more."""
    return words("form.page", page=page, pages=pages)


def footer(context: Context) -> tuple[Artifact, ...]:
    """The form's title in the middle of the foot."""
    title = context.set(context.form.title, SMALL, 330, "title")
    middle = (LEFT + RIGHT - title.width) / 2
    top = FOOTER + SMALL.ascent
    if len(title.lines) > 1:
        context.faults.add(
            "title",
            "The title is too long for the foot of a page.",
            "Shorten it, or move a part to the subtitle.",
        )
    return title.runs(middle, top)


def chip(context: Context, title: str, aside: str, colour: str, place: str) -> tuple[Fill, Node]:
    """The section's name on its colour, and beside it where in the form this is."""
    name = context.set(title, CHIP, 400, place)
    if len(name.lines) > 1:
        context.faults.add(place, "The section's title is too long for its tab.", "Shorten it to one line.")
    fill = Fill(Box(LEFT, TOP - 16, LEFT + name.width + 16, TOP), colour)
    runs = name.runs(LEFT + 8, TOP)
    if aside:
        start = LEFT + name.width + 26
        room = max(RIGHT - CODE - 16 - start, 60.0)
        runs = join(runs, context.set(aside, CHIP_ASIDE, room, place).runs(start, TOP))
    return fill, Node("P", runs)


def thumb(index: int, total: int, colour: str) -> Fill:
    """The tab at the right edge: each section has its height, so that it is found in grey print, too."""
    height = min(72.0, (TOP - BOTTOM) / max(total, 1))
    top = TOP - index * height
    return Fill(Box(RIGHT + 12, top - height + 6, RIGHT + 20, top), colour)


def join(*parts: tuple[Run, ...]) -> tuple[Run, ...]:
    """The lines of several paragraphs as one text; a space parts them where it is read aloud."""
    filled = [part for part in parts if part]
    joined: list[Run] = []
    for index, part in enumerate(filled):
        joined += part
        if index < len(filled) - 1 and not part[-1].text.endswith(" "):
            last = part[-1]
            joined[-1] = Run(last.x, last.y, last.text + " ", last.size, last.face, last.colour)
    return tuple(joined)
