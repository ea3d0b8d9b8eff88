"""The widths of a sheet's columns (ECMA-376-1, 18.3.1.13 col): read, and extended by columns of ours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harvest.register.xlsx.row_xml import letters

_COL = re.compile(r"<col\b[^>]*?/>|<col\b[^>]*></col>")
_COLS = re.compile(r"<cols>(.*?)</cols>|<cols/>", re.DOTALL)
_MANY = 200  # a format set for all columns up to XFD needs no entry each


def _number(tag: str, name: str, missing: float) -> float:
    found = re.search(rf'\b{name}="([0-9.]+)"', tag)
    return float(found[1]) if found else missing


def column_widths(head: str) -> dict[str, float]:
    """Letters -> width in characters, as people see it."""
    widths = {}
    for tag in _COL.findall(head):
        first, last = int(_number(tag, "min", 1)), int(_number(tag, "max", 1))
        for place in range(first, min(last, first + _MANY) + 1):
            widths[letters(place - 1)] = max(_number(tag, "width", 9) - 0.7, 1.0)
    return widths


def with_columns(head: str, new: Sequence[tuple[int, float, int]]) -> str:
    """The head with widths and looks of new columns (place from 0, width, style).

    A range that covered such a column is parted; ranges must not overlap and stand in order.
    """
    found = _COLS.search(head)
    tags = _COL.findall(found[1] or "") if found else []
    for place, width, style in new:
        number = place + 1
        tags = [part for tag in tags for part in _without(tag, number)]
        tags.append(
            f'<col min="{number}" max="{number}" width="{width + 0.7:g}" style="{style}" customWidth="1"/>'
        )
    tags.sort(key=lambda tag: _number(tag, "min", 1))
    cols = f"<cols>{''.join(tags)}</cols>"
    return head[: found.start()] + cols + head[found.end() :] if found else head + cols


def _without(tag: str, number: int) -> list[str]:
    first, last = int(_number(tag, "min", 1)), int(_number(tag, "max", 1))
    if not first <= number <= last:
        return [tag]
    parts = ((first, number - 1), (number + 1, last))
    return [
        re.sub(r'\bmax="\d+"', f'max="{end}"', re.sub(r'\bmin="\d+"', f'min="{start}"', tag))
        for start, end in parts
        if start <= end
    ]
