"""Form -> pages and field map. Pure: no files, no clock; the same form always gives the same layout.

What does not fit is refused with its place and a remedy; nothing is ever clipped. Points, bottom left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from formgen.furniture import HIDDEN, PAGE_SIZE, Context, Leaf
from formgen.items import Bookmark, Layout, Page
from formgen.layout_pages import cover_page, feedback_page
from formgen.layout_sheet import Head, Sheet, plan_grid, plan_head, sheet_page
from formgen.typeset import Faults
from spec.errors import SpecError
from spec.geometry import FieldMap, FieldPlace
from spec.model import Category, Form
from spec.names import IdField

#: Raise it whenever the same form would be drawn otherwise: editions are known by it.
LAYOUT_VERSION = 1


def blank_layout(form: Form) -> Layout:
    """Lay out a form.

    Raises:
        SpecError: something does not fit; all its faults are listed.
    """
    context = Context(form, Faults())
    heads = [(category, plan_head(context, category)) for category in form.categories]
    grid = plan_grid(context, heads)
    sheets = list(_sheets(form, heads))
    total = len(sheets) + 2
    fields: dict[str, FieldPlace] = {}
    pages = [cover_page(context, Leaf(0, total), fields)]
    for index, sheet in enumerate(sheets, start=1):
        pages.append(
            sheet_page(context, grid, sheet, Leaf(index, total), _aside(context, sheet), fields)
        )
        _add_id(pages[-1], index, fields)
    pages.append(feedback_page(context, Leaf(total - 1, total), fields))
    _add_id(pages[0], 0, fields)
    _add_id(pages[-1], total - 1, fields)
    _check_labels(pages, context.faults)
    if context.faults.found:
        raise SpecError.of(context.faults.found)
    field_map = FieldMap(
        page_size=PAGE_SIZE,
        pages=tuple(page.key for page in pages),
        fields=fields,
        rows_per_page={category.key: form.rows for category in form.categories},
    )
    return Layout(form, tuple(pages), field_map, tuple(_bookmarks(form, pages)))


def _sheets(form: Form, heads: list[tuple[Category, Head]]) -> Iterator[Sheet]:
    names = Counter(category.name for category in form.categories)
    head_of = {category.key: head for category, head in heads}
    for index, section in enumerate(form.sections):
        for category in section.categories:
            # A tooltip must be unique in the document: two offers of one name are told apart by section.
            called = category.name if names[category.name] == 1 else f"{category.name}, {section.title}"
            for number in range(1, category.pages + 1):
                yield Sheet(section, index, category, head_of[category.key], number, called)


def _aside(context: Context, sheet: Sheet) -> str:
    categories = context.form.categories
    number = categories.index(sheet.category) + 1
    text = context.words.sheet.format(number=number, total=len(categories))
    if sheet.category.pages > 1:
        text += ", " + context.words.part.format(number=sheet.number, total=sheet.category.pages)
    return text


def _add_id(page: Page, index: int, fields: dict[str, FieldPlace]) -> None:
    fields[IdField("", page.key.category, page.key.number).local] = FieldPlace(index, HIDDEN)


def _check_labels(pages: list[Page], faults: Faults) -> None:
    labels = Counter(node.label for page in pages for node in page.forms())
    for label, count in labels.items():
        if count > 1:
            faults.add(
                "labels",
                f"{count} fields would all be announced as {label!r}.",
                "Give the columns, fields or categories different headings, labels or names.",
            )


def _bookmarks(form: Form, pages: list[Page]) -> Iterator[Bookmark]:
    first = {page.key.category: index for index, page in reversed(list(enumerate(pages)))}
    yield Bookmark(form.title, 0)
    for section in form.sections:
        children = tuple(
            Bookmark(category.name, first[category.key]) for category in section.categories
        )
        yield Bookmark(section.title, children[0].page, children)
    yield Bookmark(form.feedback.title, len(pages) - 1)


