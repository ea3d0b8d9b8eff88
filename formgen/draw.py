"""The static pages, tagged as they are drawn (ISO 32000-1, 14.7 and 14.8). reportlab lives here only."""

from __future__ import annotations

import io
from collections.abc import Iterator

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from formgen.fonts import FACES, Face, face_path
from formgen.items import Artifact, Fill, Frame, Layout, Node, Page, Rule, Run
from formgen.pdfobjects import number

_FONTS: dict[Face, str] = {"regular": "FormgenText", "bold": "FormgenTextBold"}
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
    for page in layout.pages:
        _draw_page(canvas, page)
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


def _draw_page(canvas: Canvas, page: Page) -> None:
    canvas.addLiteral("/Artifact <</Type /Layout>> BDC")
    for item in page.artifacts:
        if not isinstance(item, Run):
            canvas.addLiteral(_shape(item))
    canvas.addLiteral("EMC")
    canvas.addLiteral("/Artifact <</Type /Pagination>> BDC")
    canvas.addLiteral(f"q /{IDENTITY} Do Q")
    _draw_runs(canvas, tuple(item for item in page.artifacts if isinstance(item, Run)))
    canvas.addLiteral("EMC")
    for mcid, node in enumerate(text_nodes(page)):
        canvas.addLiteral(f"/{node.role} <</MCID {mcid}>> BDC")
        _draw_runs(canvas, node.runs)
        canvas.addLiteral("EMC")


def _draw_runs(canvas: Canvas, runs: tuple[Run, ...]) -> None:
    if not runs:
        return
    text = canvas.beginText()
    face, colour = None, None
    for run in runs:
        if (run.face, run.size) != face:
            face = (run.face, run.size)
            text.setFont(_FONTS[run.face], run.size)
        if run.colour != colour:
            colour = run.colour
            text._code.append(f"{colour_operands(colour)} rg")  # noqa: SLF001  setFillColor parses anew each time
        text.setTextOrigin(run.x, run.y)
        text.textOut(run.text)
    canvas.drawText(text)


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
            raise ValueError("text is drawn by _draw_runs")


def _rectangle(edges: tuple[float, float, float, float]) -> str:
    x0, y0, x1, y1 = edges
    return f"{number(x0)} {number(y0)} {number(x1 - x0)} {number(y1 - y0)} re"
