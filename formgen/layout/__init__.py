"""Form -> pages and field map. Pure: no files, no clock; the same form always gives the same layout.

What does not fit is refused with its place and a remedy; nothing is ever clipped. Points, bottom left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from formgen.layout.furniture import ID_BOX, PAGE_SIZE, Context, Leaf
from formgen.layout.items import Bookmark, Layout, Node, Page
from formgen.layout.pages import cover_page, feedback_page
from formgen.layout.sheet import Head, Sheet, plan_grid, plan_head, sheet_page
from formgen.layout.typeset import Faults
from spec.console.said import said
from spec.errors import SpecError
from spec.form.model import Category, Form
from spec.geometry import FieldMap, FieldPlace
from spec.names import IdField

#: Raise it whenever the same form would be drawn otherwise: editions are known by it.
LAYOUT_VERSION = 1


def blank_layout(form: Form) -> Layout:
    """Lay out a form.

    Raises:
        SpecError: something does not fit; all its faults are listed.
    """
    context = Context(form)
    heads = [(category, plan_head(context, category)) for category in form.categories]
    grid = plan_grid(context, heads)
    sheets = list(sheets_of(form, heads))
    total = len(sheets) + 2
    cover = cover_page(context, Leaf(0, total))
    pages = [with_id(context, cover, Leaf(0, total), form.title)]
    for index, sheet in enumerate(sheets, start=1):
        leaf = Leaf(index, total)
        page = sheet_page(
            context, grid, sheet, leaf, sheet_of_sheets(context, sheet.number, sheet.category.pages)
        )
        pages.append(with_id(context, page, leaf, sheet.called))
    last = Leaf(total - 1, total)
    feedback = feedback_page(context, last)
    pages.append(with_id(context, feedback, last, form.feedback.title))
    _check_labels(pages, context.faults)
    if context.faults.found:
        raise SpecError.of(context.faults.found)
    field_map = FieldMap(
        page_size=PAGE_SIZE,
        pages=tuple(page.key for page in pages),
        fields=context.fields,
        rows_per_page={category.key: form.rows for category in form.categories},
    )
    return Layout(form, tuple(pages), field_map, tuple(_bookmarks(form, pages)))


def sheets_of(form: Form, heads: list[tuple[Category, Head]]) -> Iterator[Sheet]:
    """Every sheet of the blank."""
    names = Counter(category.name for category in form.categories)
    head_of = {category.key: head for category, head in heads}
    for index, section in enumerate(form.sections):
        for category in section.categories:
            # A tooltip must be unique in the document: two offers of one name are told apart by section.
            called = category.name if names[category.name] == 1 else f"{category.name}, {section.title}"
            for number in range(1, category.pages + 1):
                yield Sheet(section, index, category, head_of[category.key], number, called)


def sheet_of_sheets(context: Context, number: int, pages: int) -> str:
    """Which of a category's pages this is; empty where there is only one."""
    return context.words("form.sheet-page", page=number, pages=pages) if pages > 1 else ""


def with_id(context: Context, page: Page, leaf: Leaf, called: str) -> Page:
    """The page with its id field, last in the order of the Tab key (docs/findings/readers.md, 3)."""
    name = IdField("", page.key.category, page.key.number).local
    context.fields[name] = FieldPlace(leaf.index, ID_BOX)
    label = context.words("form.tooltip.page-id", category=called, page=page.key.number)
    return replace(page, nodes=(*page.nodes, Node("Form", field=name, label=label)))


def _check_labels(pages: list[Page], faults: Faults) -> None:
    labels = Counter(node.label for page in pages for node in page.forms())
    for label, count in labels.items():
        if count > 1:
            faults.add(
                "labels",
                said("{count} fields would all be announced as {label!r}.", count=count, label=label),
                "Give the columns, fields or categories different headings, labels or names.",
            )


def _bookmarks(form: Form, pages: list[Page]) -> Iterator[Bookmark]:
    first = {page.key.category: index for index, page in reversed(list(enumerate(pages)))}
    yield Bookmark(form.title, 0)
    for section in form.sections:
        children = tuple(Bookmark(category.name, first[category.key]) for category in section.categories)
        yield Bookmark(section.title, children[0].page, children)
    yield Bookmark(form.feedback.title, len(pages) - 1)
