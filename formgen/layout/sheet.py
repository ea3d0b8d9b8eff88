"""The pages of the categories: head, nil return, table. Pure; points, origin bottom left.

All sheets share one geometry: the table stands at the same place on every page, so that a person who
leafs through them, or writes on paper, always finds the same row at the same height.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from formgen.layout.furniture import (
    BOTTOM,
    CODE,
    FAINT_LINE,
    H1,
    INK,
    LEFT,
    LINE,
    RIGHT,
    SMALL,
    SMALL_BOLD,
    SOFT_INK,
    TINT,
    TOP,
    Context,
    Leaf,
    chip,
    footer,
    identity_place,
    join,
    thumb,
)
from formgen.layout.items import Artifact, Fill, Frame, Node, Page, Rule
from formgen.layout.typeset import Paragraph, Style
from spec.console.said import said
from spec.form.model import Category, Column, Section
from spec.geometry import Box, FieldPlace, PageKey
from spec.names import NilField, RowField

BODY = Style(9.5, 12.5, "regular", INK)
SECOND = Style(9, 11.5, "regular", SOFT_INK)
ALSO = Style(9.5, 13, "regular", SOFT_INK)
HEADING = Style(8.5, 10.5, "bold", INK)
HINT = Style(8, 9.5, "regular", SOFT_INK)
CORNER = Style(8, 10.5, "bold", INK)
NUMBER = Style(9, 11, "bold", SOFT_INK)
NIL = Style(10, 14, "regular", INK)

#: Room for the section's name above the heading.
CHIP_HEIGHT = 23.0
DESCRIPTION_WIDTH = 496.0
FACTS_WIDTH = 180.0
FACTS_LEFT = RIGHT - CODE - 16.0 - FACTS_WIDTH
#: From the name, or the other names, to the description.
TEXT_GAP = 5.0
#: Between a label and its facts.
FACT_GAP = 2.0
#: Room for the nil return above the table.
NIL_HEIGHT = 29.0
NIL_BOX = 12.0
NUMBER_WIDTH = 28.0
#: Five lines of the 8-point form font (9.3 points each in PDFium) and the cell's margins.
LEAST_ROW = 50.0
CELL_MARGIN = (2.5, 1.5)
LEAST_COLUMN = 40.0


@dataclass(frozen=True, slots=True)
class Head:
    """What stands over a category's table, broken into lines."""

    name: Paragraph
    also: Paragraph | None
    description: Paragraph | None
    second: Paragraph | None
    facts: tuple[Paragraph, ...]

    @property
    def height(self) -> float:
        """From the upper margin to the lowest line."""
        also = self.also.height if self.also else 0.0
        below = max(_stacked(_there(self.description, self.second)), _stacked(self.facts, FACT_GAP))
        return max(CHIP_HEIGHT + self.name.height + also + TEXT_GAP + below, CODE)


def _there(*paragraphs: Paragraph | None) -> list[Paragraph]:
    return [paragraph for paragraph in paragraphs if paragraph]


def _stacked(paragraphs: Sequence[Paragraph], gap: float = 4.0) -> float:
    return sum(paragraph.height for paragraph in paragraphs) + gap * max(len(paragraphs) - 1, 0)


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """A column's place and its heading."""

    column: Column
    x0: float
    x1: float
    heading: Paragraph
    hint: Paragraph | None
    second: Paragraph | None

    @property
    def height(self) -> float:
        """Height of heading and hints."""
        return self.heading.height + 1 + _stacked(_there(self.hint, self.second))


@dataclass(frozen=True)
class Grid:
    """The geometry that all sheets share: upper edge of the table, of the first row; height of a row."""

    cells: tuple[ColumnPlace, ...]
    heads: tuple[Node, ...]
    top: float
    first_row: float
    row_height: float
    rows: int

    @cached_property
    def boxes(self) -> tuple[tuple[Box, ...], ...]:
        """Row by row the boxes of its fields."""
        return tuple(tuple(self.box(cell, index) for cell in self.cells) for index in range(self.rows))

    def row(self, index: int) -> tuple[float, float]:
        """Lower and upper edge of a row, counted from 0."""
        top = self.first_row - index * self.row_height
        return top - self.row_height, top

    def box(self, cell: ColumnPlace, index: int) -> Box:
        """A field's box: its cell without the lines."""
        bottom, top = self.row(index)
        dx, dy = CELL_MARGIN
        box = Box(cell.x0, bottom, cell.x1, top).inset(dx, dy)
        return Box(*(round(value, 3) for value in box.as_tuple()))


def plan_head(context: Context, category: Category) -> Head:
    """Break a category's texts into lines."""
    place, width = said("category {key!r}", key=category.key), RIGHT - CODE - 16 - LEFT

    def maybe(text: str, style: Style, width: float) -> Paragraph | None:
        return context.set(text, style, width, place) if text else None

    others = "; ".join(category.other_names)
    also = f"{context.words('form.other-names')}: {others}" if others else ""
    return Head(
        name=context.set(category.name, H1, width, place),
        also=maybe(also, ALSO, width),
        description=maybe(category.description, BODY, DESCRIPTION_WIDTH),
        second=maybe(category.second_description, SECOND, DESCRIPTION_WIDTH),
        facts=tuple(_facts(context, category, place)),
    )


def _facts(context: Context, category: Category, place: str) -> Iterator[Paragraph]:
    groups = (
        (context.words("form.legal-bases"), category.legal_bases),
        (context.words("form.more-information"), category.links),
    )
    for label, lines in groups:
        if lines:
            yield context.set(label, SMALL_BOLD, FACTS_WIDTH, place)
            yield context.set("\n".join(lines), SMALL, FACTS_WIDTH, place)


def plan_grid(context: Context, heads: Sequence[tuple[Category, Head]]) -> Grid:
    """The geometry that fits every category; faults name the category that asks for too much."""
    rows = context.form.rows
    cells = tuple(_cells(context))
    head_height = max(cell.height for cell in cells) + 9
    room = TOP - BOTTOM - NIL_HEIGHT - head_height - rows * LEAST_ROW
    _tell_too_much(context, heads, room)
    tallest = min(max(head.height for _, head in heads), max(room, CODE))
    top = round(TOP - tallest - NIL_HEIGHT, 1)
    first = top - head_height
    return Grid(
        cells,
        tuple(_column_heads(context, cells, top)),
        top,
        first,
        max((first - BOTTOM) / rows, 1.0),
        rows,
    )


def _tell_too_much(context: Context, heads: Sequence[tuple[Category, Head]], room: float) -> None:
    """`room`: points that the rows leave for a head."""
    form = context.form
    if room < CODE:
        context.faults.add(
            "rows",
            said(
                "{rows} {rows:row|rows} under these column headings {rows:does|do} not fit on a page.",
                rows=form.rows,
            ),
            said(
                "Write rows = {rows} or less, or shorten the hints.",
                rows=max(1, int((room - CODE) // LEAST_ROW) + form.rows),
            ),
        )
    else:
        for category, head in heads:
            if head.height > room:
                context.faults.add(
                    said("category {key!r}", key=category.key),
                    said(
                        "Its text is {points:.0f} points too high for {rows} {rows:row|rows} on its page.",
                        points=head.height - room,
                        rows=form.rows,
                    ),
                    said(
                        "Shorten it by {count} printed {count:line|lines}, or write fewer rows.",
                        count=int((head.height - room) // BODY.leading) + 1,
                    ),
                )


def _cells(context: Context) -> Iterator[ColumnPlace]:
    columns = context.form.columns
    whole = RIGHT - LEFT - NUMBER_WIDTH
    share = whole / sum(column.width for column in columns)
    x = LEFT + NUMBER_WIDTH
    for column in columns:
        width = column.width * share
        place = said("column {key!r}", key=column.key)
        if width < LEAST_COLUMN:
            context.faults.add(
                place,
                said("It would be {width:.0f} points wide.", width=width),
                "Give it a greater width, or the others a lesser one.",
            )
            width = LEAST_COLUMN
        inner = width - 8
        yield ColumnPlace(
            column,
            x,
            x + width,
            context.set(column.heading, HEADING, inner, place),
            context.set(column.hint, HINT, inner, place) if column.hint else None,
            context.set(column.second_hint, HINT, inner, place) if column.second_hint else None,
        )
        x += width


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a category, ready to be placed."""

    section: Section
    section_index: int
    category: Category
    head: Head
    number: int
    called: str

    @property
    def key(self) -> PageKey:
        """The page's key."""
        return PageKey(self.category.key, self.number)


def sheet_page(context: Context, grid: Grid, sheet: Sheet, leaf: Leaf, aside: str) -> Page:
    """Place one sheet."""
    colour = sheet.section.colour
    tab, tab_node = chip(context, sheet.section.title, aside, colour, f"section {sheet.section.key!r}")
    artifacts: list[Artifact] = [
        tab,
        thumb(sheet.section_index, len(context.form.sections), colour),
        *_lines(grid, colour),
        *footer(context),
    ]
    nodes = [tab_node, *_head_nodes(sheet, context.second_language)]
    if sheet.number == 1:
        frame, nil = _nil(context, grid, sheet, leaf)
        artifacts.append(frame)
        nodes += nil
    nodes.append(_table(context, grid, sheet, leaf))
    return Page(sheet.key, tuple(artifacts), tuple(nodes), identity_place())


def _head_nodes(sheet: Sheet, second_language: str) -> list[Node]:
    head = sheet.head
    top = TOP - CHIP_HEIGHT
    nodes = [Node("H1", head.name.runs(LEFT, top))]
    top -= head.name.height
    if head.also:
        nodes.append(Node("P", head.also.runs(LEFT, top)))
        top -= head.also.height
    top = lower = top - TEXT_GAP
    if head.description:
        nodes.append(Node("P", head.description.runs(LEFT, top)))
        lower -= head.description.height + 4
    if head.second:
        nodes.append(Node("P", head.second.runs(LEFT, lower), language=second_language))
    for fact in head.facts:
        nodes.append(Node("P", fact.runs(FACTS_LEFT, top)))
        top -= fact.height + FACT_GAP
    return nodes


def _nil(context: Context, grid: Grid, sheet: Sheet, leaf: Leaf) -> tuple[Frame, list[Node]]:
    middle = grid.top + NIL_HEIGHT / 2 + 1
    box = Box(LEFT, round(middle - NIL_BOX / 2, 3), LEFT + NIL_BOX, round(middle + NIL_BOX / 2, 3))
    name = NilField("", sheet.category.key).local
    context.fields[name] = FieldPlace(leaf.index, box)
    form = context.form
    text = context.set(form.nil_label, NIL, RIGHT - LEFT - 30, "nil_label")
    if len(text.lines) > 1:
        context.faults.add("nil_label", "It is longer than one line.", "Shorten it.")
    label = context.words("form.tooltip.nil", label=form.nil_label, category=sheet.called)
    return Frame(box, 0.9, LINE), [
        Node("Form", field=name, label=label),
        Node("P", text.runs(LEFT + NIL_BOX + 7, middle + NIL.leading / 2)),
    ]


def _lines(grid: Grid, colour: str) -> Iterator[Artifact]:
    left, right, bottom = LEFT, grid.cells[-1].x1, grid.row(grid.rows - 1)[0]
    yield Fill(Box(left, grid.first_row, right, grid.top), TINT)
    for cell in grid.cells:
        yield Rule(cell.x0, grid.first_row, cell.x0, grid.top, 0.6, FAINT_LINE)
        yield Rule(cell.x0, bottom, cell.x0, grid.first_row, 0.6, LINE)
    for index in range(grid.rows):
        y = grid.row(index)[1]
        yield Rule(left, y, right, y, 0.6, LINE)
    for x in (left, right):
        yield Rule(x, bottom, x, grid.first_row, 0.6, LINE)
    yield Rule(left - 0.3, bottom, right + 0.3, bottom, 0.6, LINE)
    yield Rule(left - 0.3, grid.top, right + 0.3, grid.top, 1.6, colour)


def _column_heads(context: Context, cells: Sequence[ColumnPlace], table_top: float) -> Iterator[Node]:
    number = context.set(context.words("form.row"), CORNER, NUMBER_WIDTH, "words")
    top = table_top - 5
    yield Node("TH", number.runs(_centred(number), top), scope="Column")
    for cell in cells:
        x, y = cell.x0 + 4, top - cell.heading.height - 1
        runs = cell.heading.runs(x, top)
        if cell.hint:
            runs = join(runs, cell.hint.runs(x, y))
            y -= cell.hint.height + 4
        if not cell.second:
            yield Node("TH", runs, scope="Column")
            continue
        second = Node("P", cell.second.runs(x, y), language=context.second_language)
        yield Node("TH", children=(Node("P", runs), second), scope="Column")


def _table(context: Context, grid: Grid, sheet: Sheet, leaf: Leaf) -> Node:
    rows = [_row(context, grid, sheet, leaf, index) for index in range(grid.rows)]
    return Node("Table", children=(Node("TR", children=grid.heads), *rows))


def _centred(paragraph: Paragraph) -> float:
    return LEFT + (NUMBER_WIDTH - paragraph.width) / 2


def _row(context: Context, grid: Grid, sheet: Sheet, leaf: Leaf, index: int) -> Node:
    row = (sheet.number - 1) * grid.rows + index + 1
    bottom, top = grid.row(index)
    number = context.set(str(row), NUMBER, NUMBER_WIDTH, "rows")
    cells = [Node("TH", number.runs(_centred(number), (bottom + top + NUMBER.leading) / 2), scope="Row")]
    for cell, box in zip(grid.cells, grid.boxes[index], strict=True):
        name = RowField("", sheet.category.key, row, cell.column.key).local
        context.fields[name] = FieldPlace(leaf.index, box)
        label = context.words(
            "form.tooltip.cell", heading=cell.column.heading, row=row, category=sheet.called
        )
        cells.append(Node("TD", children=(Node("Form", field=name, label=label),)))
    return Node("TR", children=tuple(cells))
