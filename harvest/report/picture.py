"""The report's pictures as inline SVG. Forms differ as well as colours: filled, ring, dot, dash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harvest.report.html import Markup, h

_TILE = 20.0
_GAP = 4.0
_PART_GAP = 10.0


def tiles(rows: Sequence[Sequence[tuple[str, str, str]]], label: str, *, per_row: int = 0) -> Markup:
    """A strip of tiles, one for each thing.

    Args:
        rows: parts of the strip, parted by a gap; each tile is (shape, class of its colour, what it says).
        label: what the picture says to somebody who does not see it.
        per_row: tiles in a row; 0 for all.
    """
    total = sum(len(part) for part in rows)
    across = min(per_row or total, total) or 1
    drawn = list(_placed(rows, across))
    width = max((x for x, _, _ in drawn), default=0.0) + _TILE
    height = max((y for _, y, _ in drawn), default=0.0) + _TILE
    return h(
        "svg",
        h("title", label),
        [tile for _, _, tile in drawn],
        class_="tiles",
        role="img",
        viewBox=f"0 0 {width:g} {height:g}",
        style=f"max-width:{width * 1.6:g}px",
    )


def _placed(
    parts: Sequence[Sequence[tuple[str, str, str]]], across: int
) -> Iterator[tuple[float, float, Markup]]:
    x = y = 0.0
    column = 0
    for place, part in enumerate(parts):
        if place and column:
            x += _PART_GAP
        for shape, tone, told in part:
            if column == across:
                x, y, column = 0.0, y + _TILE + _GAP, 0
            yield x, y, _tile(shape, tone, told, x, y)
            x, column = x + _TILE + _GAP, column + 1


def _tile(shape: str, tone: str, told: str, x: float, y: float) -> Markup:
    middle = _TILE / 2
    ground = h(
        "rect", x=f"{x + 1:g}", y=f"{y + 1:g}", width=f"{_TILE - 2:g}", height=f"{_TILE - 2:g}", rx="4"
    )
    mark: Markup | None = None
    if shape == "ring":
        mark = h("circle", cx=f"{x + middle:g}", cy=f"{y + middle:g}", r="4.2")
    elif shape == "dot":
        mark = h("circle", cx=f"{x + middle:g}", cy=f"{y + middle:g}", r="1.8")
    elif shape == "dash":
        mark = h("path", d=f"M{x + 6:g} {y + middle:g}h{_TILE - 12:g}")
    return h("g", h("title", told) if told else None, ground, mark, class_=f"tile {shape} {tone}".strip())


def sign(shape: str, tone: str = "") -> Markup:
    """One tile for a legend; its meaning stands beside it."""
    return h(
        "svg",
        _tile(shape, tone, "", 0, 0),
        class_="sign",
        aria_hidden="true",
        viewBox=f"0 0 {_TILE:g} {_TILE:g}",
        focusable="false",
    )


def bar(share: float, tone: str = "") -> Markup:
    """A bar as long as `share` (0 to 1) of its cell; the number stands beside it, so it is decoration."""
    return h(
        "svg",
        h("rect", width=f"{max(0.0, min(1.0, share)) * 100:.1f}%", height="100%", rx="3"),
        class_=f"bar {tone}".strip(),
        aria_hidden="true",
        focusable="false",
    )


def stacked(shares: Sequence[tuple[str, float]], label: str) -> Markup:
    """One bar of several parts, each (class of its colour, share)."""
    drawn, start = [], 0.0
    for tone, share in shares:
        if share > 0:
            drawn.append(
                h("rect", x=f"{start * 100:.2f}%", width=f"{share * 100:.2f}%", height="100%", class_=tone)
            )
        start += share
    return h("svg", h("title", label), drawn, class_="stacked", role="img")
