"""The rules of a sheet's table, by which a page's picture is laid onto the blank where its code does not do it.

Between neighbouring fields the blank has a rule, so the fields' boxes tell where rules must be. Faxes leave only
dashes of them, and pens draw other lines: what counts is how many are where they should be.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import combinations, pairwise
from math import cos, radians, sin
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from harvest.reading.model.homography import UNMOVED, Mark, Projection, fitted
from harvest.reading.model.similarity_transform import Similarity, between
from spec.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

#: Fields are neighbours up to this gap, points; ends of a rule where others cross it.
_GAP, _ENDS = 8.0, 5.0
#: How far from its place a rule is looked for, time after time, points.
_REACH = (10.0, 10.0, 10.0, 6.0, 6.0, 4.0)
#: A rule is dark in this share of its parts; so much darker than around it.
_DARK, _DARKER, _PARTS = 0.35, 30, 16
#: Off by no more than this, a page is as it should be; and a rule is another line; points.
_EXACT, _ASTRAY = 0.7, 1.5
#: Rules below which nothing is proven; share of those found that must be in place, and of all for lack of a code.
_FEW, _HELD, _MOST = 8, 0.6, 0.5
#: Share of the rules found that must run each way.
_ONE_WAY = 0.1
#: Pixels of the long edge at which a page is looked over.
_LOOK = 1400
#: How the angle is looked for: part of that size, degrees of a step, steps to each side.
_LEVELLING = ((4, 0.5, 12), (2, 0.12, 5), (1, 0.03, 3))
#: Rules each way that tell anything; scale, as share of that at which the page fills the picture; ways looked into.
_LEAST, _SCALES, _WAYS = 3, (0.35, 1.5), 8
#: Share of its length at which a line shows, and by how much more than what is beside it; lines that are compared.
_DASHES, _THIN, _PEAKS = 0.1, 0.04, 28


class Rule(NamedTuple):
    """A straight line of the blank: where it stands, from where to where it runs; points."""

    upright: bool
    at: float
    start: float
    end: float


def rules_of(boxes: Iterable[Box]) -> list[Rule]:
    """The rules between and around neighbouring boxes."""
    known = list(boxes)
    across = _lines(((box.y0, box.y1), box.x0, box.x1) for box in known)
    down = _lines(((box.x0, box.x1), box.y0, box.y1) for box in known)
    found = {Rule(True, *line) for line in across} | {Rule(False, *line) for line in down}
    return sorted(found)


def _lines(
    edges: Iterable[tuple[tuple[float, float], float, float]],
) -> Iterator[tuple[float, float, float]]:
    by_row: dict[tuple[float, float], list[tuple[float, float]]] = {}
    for row, low, high in edges:
        by_row.setdefault(row, []).append((low, high))
    for row, spans in by_row.items():
        spans.sort()
        gaps = [(one[1], two[0]) for one, two in pairwise(spans) if 0 < two[0] - one[1] < _GAP]
        if not gaps:
            continue
        half = median(high - low for low, high in gaps) / 2
        middles = [(low + high) / 2 for low, high in gaps]
        for at in (spans[0][0] - half, *middles, spans[-1][1] + half):
            yield round(at, 2), row[0], row[1]


# ---------------------------------------------------------------- made exact


@dataclass(frozen=True, slots=True)
class Laid:
    """How the rules say that a page lies: from the blank to it. `held`: nothing speaks against it; `proven`: much for it."""

    bent: Projection
    held: bool
    proven: bool


def laid(show: Callable[[Projection], Image], rules: Sequence[Rule], size: tuple[float, float]) -> Laid:
    """The page's place, made exact.

    Args:
        show: the page as it looks laid onto the blank by a projection (from the blank to the page as it is thought to lie).
        rules: the blank's.
        size: the blank's, in points.
    """
    bent, off, inside, level = UNMOVED, list[float](), 0, 0.5
    for reach in _REACH if rules else ():
        page = show(bent)
        found = list(_found(page, rules, size, reach))
        if not found:
            break
        off = [abs(seen) for _, seen in found]
        inside = sum(one < _ASTRAY for one in off)
        level = sum(not rule.upright for rule, _ in found) / len(found)
        if max(sorted(off)[: round(0.9 * len(off)) + 1]) < _EXACT:
            break
        bent = _better(bent, found, size, of=len(rules))
    # a page that is off by half a row shows its upright rules in place, and no others
    held = len(off) < _FEW or (inside >= _HELD * len(off) and _ONE_WAY < level < 1 - _ONE_WAY)
    return Laid(bent, held, held and inside >= max(_MOST * len(rules), _FEW))


def _better(
    bent: Projection, found: Sequence[tuple[Rule, float]], size: tuple[float, float], of: int
) -> Projection:
    """`bent`, and what the rules say besides; those far from what the others say are left out."""
    marks = [(_mark(rule, seen), abs(seen)) for rule, seen in found]
    with_perspective = len(marks) > 0.6 * of
    step = UNMOVED
    for _ in range(3):
        step = fitted((mark for mark, _ in marks), size[0], bent=with_perspective)
        left = [(mark, _left(step, mark)) for mark, _ in marks]
        limit = max(2.5 * median(off for _, off in left), 0.5)
        marks = [one for one in left if one[1] <= limit]
        if len(marks) < _FEW:
            break
    return step.then(bent)


def _mark(rule: Rule, seen: float) -> Mark:
    middle = (rule.start + rule.end) / 2
    x, y = (rule.at, middle) if rule.upright else (middle, rule.at)
    return Mark(x, y, rule.upright, rule.at + seen)


def _left(step: Projection, mark: Mark) -> float:
    x, y = step.point(mark.x, mark.y)
    return abs((x if mark.upright else y) - mark.measured)


def _found(
    page: Image, rules: Iterable[Rule], size: tuple[float, float], reach: float
) -> Iterator[tuple[Rule, float]]:
    """The rules that are on the page, and how far to the right or up each is from its place."""
    per = page.width / size[0]
    for rule in rules:
        low, high = rule.start + _ENDS, rule.end - _ENDS
        near, far = rule.at - reach, rule.at + reach
        x0, x1, y0, y1 = (near, far, low, high) if rule.upright else (low, high, near, far)
        strip = page.crop(
            (round(x0 * per), round((size[1] - y1) * per), round(x1 * per), round((size[1] - y0) * per))
        )
        shares = _shares(strip, upright=rule.upright)
        best = max(shares, default=0.0)
        if best < _DARK:
            continue
        places = [index for index, share in enumerate(shares) if share > 0.7 * best]
        if places[-1] - places[0] > 2 + 2 * per:  # two lines: which is it?
            continue
        middle = (places[0] + places[-1] + 1) / 2 / per
        start = x0 if rule.upright else size[1] - y1
        place = round(start * per) / per + middle
        yield rule, (place if rule.upright else size[1] - place) - rule.at


def _shares(strip: Image, *, upright: bool) -> list[float]:
    """For each line of pixels along the rule: the share of its parts that are dark."""
    from PIL import Image as Pictures  # noqa: PLC0415 - loaded when a page is a picture

    box = Pictures.Resampling.BOX
    across = strip if upright else strip.transpose(Pictures.Transpose.TRANSPOSE)
    if across.width < 1 or across.height < _PARTS:
        return []
    parts = across.resize((across.width, _PARTS), box)
    paper = sorted(parts.tobytes())[len(parts.tobytes()) // 2]
    dark = parts.point([255 if grey < paper - _DARKER else 0 for grey in range(256)])
    return [value / 255 for value in dark.resize((across.width, 1), box).tobytes()]


# ---------------------------------------------------------------- found at all


class Lines:
    """A page's picture, levelled, and its long thin lines. It lies upright but for a few degrees."""

    def __init__(self, picture: Image) -> None:
        from PIL import Image as Pictures  # noqa: PLC0415
        from PIL import ImageOps  # noqa: PLC0415

        self._size = picture.size
        self._share = min(_LOOK / max(picture.size), 1.0)
        width, height = (max(round(edge * self._share), 1) for edge in picture.size)
        even = ImageOps.autocontrast(picture, cutoff=(1, 40))
        small = even.resize((width, height), Pictures.Resampling.BOX)
        self._turn = _skew(small)
        flat = small.rotate(self._turn, Pictures.Resampling.BILINEAR, fillcolor=255) if self._turn else small
        self._small = flat.size
        self._tried: dict[tuple[tuple[float, ...], bool], list[tuple[float, float, float]]] = {}
        self._uprights, self._levels = _peaks(flat, upright=True), _peaks(flat, upright=False)

    def lie(
        self, rules: Sequence[Rule], size: tuple[float, float], *, upside_down: bool
    ) -> tuple[float, Similarity] | None:
        """Share of the rules that are there, and from the picture's pixels, y upwards, to the blank; None for too few."""
        xs = tuple(sorted({rule.at for rule in rules if rule.upright}))
        ys = tuple(sorted({size[1] - rule.at for rule in rules if not rule.upright}))
        if min(len(xs), len(ys)) < _LEAST:
            return None
        levels = _mirrored(self._levels, self._small[1]) if upside_down else self._levels
        score, scale, left, top = max(
            (
                (score + other, scale, left, top)
                for score, scale, left in self._across(xs, size, upside_down=upside_down)
                for other, top in _shifted(ys, levels, scale)
            ),
            default=(0.0, 1.0, 0.0, 0.0),
        )
        share = score / (len(xs) + len(ys))
        return (share, self._similarity(scale, left, top, size, upside_down)) if share >= _MOST else None

    def _across(
        self, xs: tuple[float, ...], size: tuple[float, float], *, upside_down: bool
    ) -> list[tuple[float, float, float]]:
        """The best ways to lay the upright rules: score, pixels to a point, shift. Most pages have the same columns."""
        if (xs, upside_down) not in self._tried:
            seen = _mirrored(self._uprights, self._small[0]) if upside_down else self._uprights
            widest = self._small[0] / size[0]
            ways = _scaled(xs, seen, _SCALES[0] * widest, _SCALES[1] * widest)
            self._tried[xs, upside_down] = nlargest(_WAYS, ways)
        return self._tried[xs, upside_down]

    def _similarity(
        self, scale: float, left: float, top: float, size: tuple[float, float], upside_down: bool
    ) -> Similarity:
        scale, left, top = (one / self._share for one in (scale, left, top))
        high = self._size[1]
        straight = between(
            ((left, high - top), (left + 100, high - top)), ((0.0, size[1]), (100 / scale, size[1]))
        )
        middle = (self._size[0] / 2, high / 2)
        return turned(middle, self._turn + 180 * upside_down).then(straight)


def _mirrored(places: Sequence[float], end: float) -> list[float]:
    return [end - one for one in reversed(places)]


def turned(middle: tuple[float, float], degrees: float) -> Similarity:
    """Around a point, against the clock."""
    (x, y), angle = middle, radians(degrees)
    return between(((x, y), (x + 1, y)), ((x, y), (x + cos(angle), y + sin(angle))))


def _skew(small: Image) -> float:
    """By how many degrees it must be turned for its lines to lie level; looked for ever closer."""
    from PIL import Image as Pictures  # noqa: PLC0415

    best = 0.0
    for part, step, around in _LEVELLING:
        size = (small.width // part or 1, small.height // part or 1)
        looked = small.resize(size, Pictures.Resampling.BOX) if part > 1 else small
        tried = [best + count * step for count in range(-around, around + 1)]
        best = max(tried, key=lambda degrees: _level(looked, degrees))
    return best


def _level(picture: Image, degrees: float) -> float:
    """How much its rows differ from the next: most where lines lie level."""
    from PIL import Image as Pictures  # noqa: PLC0415

    flat = picture.rotate(degrees, Pictures.Resampling.BILINEAR, fillcolor=255)
    rows = flat.resize((1, flat.height), Pictures.Resampling.BOX).tobytes()
    return float(sum((one - two) ** 2 for one, two in pairwise(rows)))


def _peaks(flat: Image, *, upright: bool) -> list[float]:
    """Where long, thin lines are."""
    from PIL import Image as Pictures  # noqa: PLC0415

    across = flat if upright else flat.transpose(Pictures.Transpose.TRANSPOSE)
    box = Pictures.Resampling.BOX
    parts = across.resize((across.width, 60), box)
    dark = parts.point([255 if grey < 255 - _DARKER - 10 else 0 for grey in range(256)])
    shares = [value / 255 for value in dark.resize((across.width, 1), box).tobytes()]
    # a line of text is as dark as a rule, but not as thin
    end = len(shares) - 1
    thin = {
        index: shares[index] - max(shares[max(index - 4, 0)], shares[min(index + 4, end)])
        for index in range(2, len(shares) - 2)
        if shares[index] >= _DASHES and shares[index] == max(shares[index - 2 : index + 3])
    }
    strongest = nlargest(_PEAKS, (index for index, by in thin.items() if by > _THIN), key=thin.__getitem__)
    return sorted(index + 0.5 for index in strongest)


def _scaled(
    wanted: Sequence[float], seen: Sequence[float], least: float, most: float
) -> Iterator[tuple[float, float, float]]:
    """(score, scale, shift) of all ways to lay two of the wanted lines onto two of those seen."""
    for (one, two), (first, second) in (
        (pair, other) for pair in combinations(wanted, 2) for other in combinations(seen, 2)
    ):
        scale = (second - first) / (two - one)
        if least <= scale <= most:
            shift = first - scale * one
            yield _score(wanted, seen, scale, shift), scale, shift


def _shifted(wanted: Sequence[float], seen: Sequence[float], scale: float) -> Iterator[tuple[float, float]]:
    for one in wanted:
        for first in seen:
            shift = first - scale * one
            yield _score(wanted, seen, scale, shift), shift


def _score(wanted: Sequence[float], seen: Sequence[float], scale: float, shift: float) -> float:
    """How many of the wanted lines there are; the nearer the more."""
    total = 0.0
    for one in wanted:
        place = scale * one + shift
        index = bisect(seen, place)
        off = min((abs(place - other) for other in seen[max(index - 1, 0) : index + 1]), default=9.0)
        total += max(1 - off / 3, 0.0)
    return total
