"""What happens to a sheet of paper: pens, folds, blots, scissors, scanners, a telephone's camera. All with seeded chance."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from spec.geometry import Box

POINTS = 72
#: Ballpoint, as a scanner sees it in grey.
PEN = 70


def page_of(source: Path, number: int, dpi: int) -> Image.Image:
    """A page on paper, its fields' values included."""
    with pdfium.PdfDocument(source) as pdf:
        pdf.init_forms()
        shown = pdf[number].render(scale=dpi / POINTS, grayscale=True, may_draw_forms=True)
        page: Image.Image = shown.to_pil().convert("L")
        return page


def on_scanner(page: Image.Image, dpi: int, skew: float, *, noise: float = 6.0) -> Image.Image:
    """Laid on a scanner a little askew, with its grain."""
    page = page.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    page = ImageChops.offset(page, round(dpi / 40), round(dpi / 60)).filter(
        ImageFilter.GaussianBlur(dpi / 400)
    )
    random.seed(dpi)
    grain = Image.frombytes("L", page.size, random.randbytes(page.width * page.height))
    return Image.blend(page, grain, noise / 100).point([min(255, round(grey * 1.03)) for grey in range(256)])


def black_and_white(page: Image.Image) -> Image.Image:
    """As a fax or an office copier sends it."""
    return page.point([255 if grey > 150 else 0 for grey in range(256)]).convert(
        "1", dither=Image.Dither.NONE
    )


class Sheet:
    """A page that something is done to with a pen or with scissors; places are points from the lower left corner."""

    def __init__(self, page: Image.Image, dpi: int) -> None:
        self.page = page
        self._per = dpi / POINTS
        self._draw = ImageDraw.Draw(page)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x * self._per, self.page.height - y * self._per

    def stroke(self, points: list[tuple[float, float]], width: float = 1.1, grey: int = PEN) -> None:
        """A line of the pen."""
        placed = [self._at(*point) for point in points]
        self._draw.line(placed, fill=grey, width=max(round(width * self._per), 1), joint="curve")

    def area(self, corners: list[tuple[float, float]], grey: int) -> None:
        """A blot, or what a fold hides."""
        self._draw.polygon([self._at(*corner) for corner in corners], fill=grey)

    def cross(self, box: Box, beyond: float) -> None:
        """Two quick strokes through a box, not quite where they should be."""
        x0, y0, x1, y1 = box.x0 - beyond, box.y0 - beyond, box.x1 + beyond, box.y1 + beyond
        self.stroke([(x0 + 1, y0), (x1 - 0.5, y1 + 1)])
        self.stroke([(x0, y1 - 0.5), (x1 + 1, y0 + 1)])

    def scrawl(self, box: Box, lines: int, chance: random.Random) -> None:
        """Lines of a running hand that nobody could read."""
        for line in range(lines):
            x, y = box.x0 + 4 + chance.random() * 4, box.y1 - 14 - 15 * line
            points = []
            end = box.x1 - 6 - chance.random() * 0.3 * box.width
            while x < end:
                high = chance.choice((3.0, 4.0, 4.0, 9.0, -5.0))
                for step in range(9):
                    turn = step / 8 * 2 * math.pi
                    points.append(
                        (
                            x + 2.2 * step / 8 + 1.6 * math.sin(turn),
                            y + high / 2 * (1 - math.cos(turn)) + 0.04 * (x - box.x0),
                        )
                    )
                x += 2.2 + chance.random() * 1.5
                if chance.random() < 0.13:
                    self.stroke(points)
                    points, x = [], x + 5
            if len(points) > 1:
                self.stroke(points)

    def script(self, box: Box, lines: tuple[str, ...], angle: float, letters: Path) -> None:
        """Letters as by hand, at an angle."""
        font = ImageFont.truetype(letters, round(13 * self._per))
        layer = Image.new("L", self.page.size, 255)
        draw = ImageDraw.Draw(layer)
        for number, line in enumerate(lines):
            draw.text(self._at(box.x0 + 4, box.y1 - 4 - 15 * number), line, fill=PEN, font=font)
        centre = self._at(box.x0, box.y1)
        layer = layer.rotate(angle, Image.Resampling.BICUBIC, center=centre, fillcolor=255)
        self.page.paste(ImageChops.darker(self.page, layer))


def photographed(page: Image.Image, corners: Mapping[str, tuple[float, float]]) -> Image.Image:
    """Seen by a telephone from not quite above, on a dark table, with more light on one side.

    Args:
        page: in grey.
        corners: `ul`, `ur`, `lr`, `ll`: where the page's corners stand in the picture, as shares of its size.
    """
    width, height = page.size
    places = [(corners[name][0] * width, corners[name][1] * height) for name in ("ul", "ur", "lr", "ll")]
    own = [(0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))]
    shape = _perspective(places, own)
    paper = page.transform(
        page.size, Image.Transform.PERSPECTIVE, shape, Image.Resampling.BICUBIC, fillcolor=60
    )
    light = Image.linear_gradient("L").rotate(70, expand=False).resize(page.size)
    shaded = ImageChops.multiply(paper, light.point([165 + grey * 80 // 255 for grey in range(256)]))
    random.seed(5)
    grain = Image.frombytes("L", page.size, random.randbytes(width * height))
    return Image.blend(shaded.filter(ImageFilter.GaussianBlur(0.6)), grain, 0.03)


def _perspective(sources: list[tuple[float, float]], targets: list[tuple[float, float]]) -> tuple[float, ...]:
    """The eight numbers that take each source to its target."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(sources, targets, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return tuple(_solved(rows))


def _solved(rows: list[list[float]]) -> list[float]:
    """The unknowns of linear equations, by elimination; the last column is the right-hand side."""
    count = len(rows)
    for column in range(count):
        best = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        for row in range(count):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [one - factor * other for one, other in zip(rows[row], rows[column], strict=True)]
    return [rows[row][count] / rows[row][row] for row in range(count)]
