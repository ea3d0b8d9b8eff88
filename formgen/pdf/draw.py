"""The static pages, tagged as they are drawn (ISO 32000-1, 14.7 and 14.8). reportlab lives here only."""

from __future__ import annotations

import io
from collections.abc import Iterator

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from formgen.fonts import FACES, Face, face_path
from formgen.layout.items import Artifact, Fill, Frame, Layout, Node, Page, Rule, Run
from formgen.pdf.pdfobjects import number

_FONTS: dict[Face, str] = {"regular": "FormgenText", "bold": "FormgenTextBold"}
#: The resource name of the printed text's regular face: reportlab counts fonts in the order of their first use.
TEXT_FONT = "F1+0"
#: The page's identity is a form XObject of its own, so that a personalised copy swaps only that.
IDENTITY = "Identity"


def text_nodes(page: Page) -> Iterator[Node]:
    """The page's elements that have text, in reading order; their index is their MCID."""
    for root in page.nodes:
        yield from (node for node in root.walk() if node.runs)


def draw(layout: Layout) -> bytes:
    """The pages without widgets and structure tree, but with all marks for it."""
    _register()
    target = io.BytesIO()
    canvas = Canvas(
        target,
        pagesize=layout.field_map.page_size,
        invariant=1,
        pageCompression=0,
        initialFontName=_FONTS["regular"],
    )
    pen = _Pen(canvas)
    for page in layout.pages:
        pen.page(page)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _register() -> None:
    """Make both faces known to reportlab, once per process."""
    # ASCII85 would make every font stream a quarter larger, for the sake of 7-bit mail gateways.
    rl_config.useA85 = 0
    for face in FACES:
        if _FONTS[face] not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(_FONTS[face], str(face_path(face))))


class _Pen:
    """Draws pages; what returns on page after page (headings, lines, numbers) is worked out once."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._shapes: dict[Artifact, str] = {}
        self._texts: dict[tuple[Run, ...], str] = {}
        self._colours: dict[str, str] = {}
        self._fonts = {face: pdfmetrics.getFont(name) for face, name in _FONTS.items()}

    def page(self, page: Page) -> None:
        """Draw one page with its marks."""
        shapes = [self._shape(item) for item in page.artifacts if not isinstance(item, Run)]
        furniture = tuple(item for item in page.artifacts if isinstance(item, Run))
        lines = [
            "/Artifact <</Type /Layout>> BDC",
            *shapes,
            "EMC",
            "/Artifact <</Type /Pagination>> BDC",
            f"q /{IDENTITY} Do Q",
            self._text(furniture) if furniture else "",
            "EMC",
        ]
        for mcid, node in enumerate(text_nodes(page)):
            lines += [f"/{node.role} <</MCID {mcid}>> BDC", self._text(node.runs), "EMC"]
        self._canvas.addLiteral("\n".join(lines))

    def _shape(self, item: Artifact) -> str:
        if item not in self._shapes:
            self._shapes[item] = _shape(item)
        return self._shapes[item]

    def _text(self, runs: tuple[Run, ...]) -> str:
        if runs not in self._texts:
            self._texts[runs] = self._set(runs)
        return self._texts[runs]

    def _set(self, runs: tuple[Run, ...]) -> str:
        """A text object; reportlab chooses the subset of the font in which each letter is.

        Canvas's own text objects also measure every line and print every number twice, which costs more
        than all else on the page.
        """
        document = self._canvas._doc  # noqa: SLF001  the fonts' subsets belong to the document
        lines, colour, face = ["BT"], "", ("", 0.0)
        for run in runs:
            if run.colour != colour:
                colour = run.colour
                lines.append(f"{self._colour(colour)} rg")
            lines.append(f"1 0 0 1 {number(run.x)} {number(run.y)} Tm")
            font = self._fonts[run.face]
            for subset, codes in font.splitString(run.text, document):
                name = font.getSubsetInternalName(subset, document)
                if (name, run.size) != face:
                    face = (name, run.size)
                    lines.append(f"{name} {number(run.size)} Tf")
                lines.append(f"<{codes.hex()}> Tj")
        return "\n".join((*lines, "ET"))

    def _colour(self, colour: str) -> str:
        if colour not in self._colours:
            self._colours[colour] = colour_operands(colour)
        return self._colours[colour]


def colour_operands(colour: str) -> str:
    """`#rrggbb` as three numbers between 0 and 1."""
    return " ".join(number(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))


def _shape(item: Artifact) -> str:
    """The operators that draw a fill, frame or rule."""
    match item:
        case Fill(box, colour):
            return f"{colour_operands(colour)} rg {_rectangle(box.as_tuple())} f"
        case Frame(box, width, colour):
            return f"{colour_operands(colour)} RG {number(width)} w {_rectangle(box.as_tuple())} S"
        case Rule(x0, y0, x1, y1, width, colour):
            line = f"{number(x0)} {number(y0)} m {number(x1)} {number(y1)} l S"
            return f"{colour_operands(colour)} RG {number(width)} w {line}"
        case Run():
            raise ValueError("text is drawn by _Pen")


def _rectangle(edges: tuple[float, float, float, float]) -> str:
    x0, y0, x1, y1 = edges
    return f"{number(x0)} {number(y0)} {number(x1 - x0)} {number(y1 - y0)} re"
