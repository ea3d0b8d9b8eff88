"""Pages of a copy that the blank has not, or has otherwise: further sheets, other counts of sheets, prefilled rows.

They are laid out and drawn by the same code as the blank, after the blank's own pages, so that both share
fonts and the way these are coded.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pikepdf

from formgen.layout import sheet_of_sheets, sheets_of, with_id
from formgen.layout.furniture import CHIP, CHIP_ASIDE, CODE, LEFT, RIGHT, Context, Leaf
from formgen.layout.items import Layout, Page, Run
from formgen.layout.sheet import Sheet, plan_grid, plan_head, sheet_page
from formgen.pdf.draw import draw
from spec.geometry import Box, PageKey


@dataclass(frozen=True, slots=True, order=True)
class Variant:
    """A sheet of a copy: its page of the form, of how many sheets, and whether it shows prefilled rows."""

    key: PageKey
    sheets: int
    prefilled: bool


@dataclass(frozen=True)
class Drawn:
    """A variant, laid out and drawn.

    Attributes:
        content: its content stream, deflated.
        boxes: name without edition -> box of each field.
        called: how its category is called in the fields' labels.
    """

    page: Page
    content: bytes
    boxes: Mapping[str, Box]
    called: str


def called_by_category(layout: Layout) -> dict[str, str]:
    """How the labels call each category."""
    heads = [(category, plan_head(Context(layout.form), category)) for category in layout.form.categories]
    return {sheet.category.key: sheet.called for sheet in sheets_of(layout.form, heads)}


def draw_variants(layout: Layout, variants: Iterable[Variant]) -> dict[Variant, Drawn]:
    """Lay out and draw; one run for all, since drawing starts with the blank's own pages."""
    wanted = sorted(set(variants))
    if not wanted:
        return {}
    form = layout.form
    context = Context(form)
    heads = [(category, plan_head(context, category)) for category in form.categories]
    grid = plan_grid(context, heads)
    sheets = {sheet.category.key: sheet for sheet in sheets_of(form, heads)}
    letters = _letters(layout)
    pages: list[Page] = []
    boxes: list[dict[str, Box]] = []
    for variant in wanted:
        own = Context(form)
        sheet = replace(sheets[variant.key.category], number=variant.key.number)
        leaf = Leaf(len(layout.pages) + len(pages), 0)
        page = sheet_page(own, grid, sheet, leaf, _aside(own, sheet, variant, letters))
        pages.append(with_id(own, page, leaf, sheet.called))
        boxes.append({name: place.box for name, place in own.fields.items()})
    contents = _contents(replace(layout, pages=(*layout.pages, *pages)), len(layout.pages))
    return {
        variant: Drawn(page, content, own_boxes, sheets[variant.key.category].called)
        for variant, page, content, own_boxes in zip(wanted, pages, contents, boxes, strict=True)
    }


def _letters(layout: Layout) -> frozenset[str]:
    """The signs that the blank's regular face holds: all of ASCII (see formgen.pdf.draw), and what it prints."""
    runs = [run for page in layout.pages for node in page.nodes for each in node.walk() for run in each.runs]
    runs += [item for page in layout.pages for item in page.artifacts if isinstance(item, Run)]
    printed = {sign for run in runs if run.face == CHIP_ASIDE.face for sign in run.text}
    return frozenset(printed | set(map(chr, range(0x20, 0x7F))))


def _aside(context: Context, sheet: Sheet, variant: Variant, letters: frozenset[str]) -> str:
    """What stands beside the section's name. The help for prefilled rows gives way where it has no room."""
    count = sheet_of_sheets(context, variant.key.number, variant.sheets)
    if not variant.prefilled:
        return count
    text = "   ".join(filter(None, (count, context.words("form.prefilled"))))
    room = RIGHT - CODE - 16 - (LEFT + CHIP.width(sheet.section.title) + 26)
    return text if letters.issuperset(text) and CHIP_ASIDE.width(text) <= room else count


def _contents(layout: Layout, start: int) -> list[bytes]:
    """The content streams of the pages from `start` on, deflated."""
    with pikepdf.open(io.BytesIO(draw(layout))) as drawn:
        return [zlib.compress(page.obj.Contents.read_bytes(), 9) for page in list(drawn.pages)[start:]]
