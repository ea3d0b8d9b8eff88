"""The first and the last page: who answers and how; what the form misses. Pure; points, bottom left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from formgen.layout.furniture import (
    BOTTOM,
    CODE,
    INK,
    LEFT,
    LINE,
    RIGHT,
    SOFT_INK,
    TOP,
    WHITE,
    Context,
    Leaf,
    footer,
    identity_place,
    join,
)
from formgen.layout.items import Artifact, Fill, Frame, Node, Page
from formgen.layout.typeset import Style
from spec.console.said import listed, said
from spec.form.model import InputField
from spec.geometry import Box, FieldPlace, PageKey
from spec.names import COVER, FEEDBACK, CoverField

TITLE = Style(25, 31, "bold", INK)
LABEL = Style(9.5, 13, "bold", INK)
FIELD_HINT = Style(8.5, 13, "regular", SOFT_INK)
LINE_HEIGHT = 13.0
#: Two lines of the form font, or one by hand.
LEAST_FIELD = 25.0
#: From a box on the feedback page to the next label.
FIELD_GAP = 14.0
COLUMN_GAP = 32.0
LEFT_WIDTH = 384.0
#: Type sizes of the instructions, tried in this order until the page holds them.
SIZES = ((11.0, 15.0), (10.5, 14.25), (10.0, 13.5), (9.5, 12.75), (9.0, 12.0))


@dataclass
class Stack:
    """A column of text that grows downwards. `y` is the upper edge of what comes next."""

    context: Context
    x: float
    width: float
    y: float
    body: Style
    artifacts: list[Artifact] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    @property
    def heading(self) -> Style:
        """The style of a heading over text in `body`."""
        return Style(self.body.size + 1.5, self.body.leading + 4, "bold", INK)

    def text(self, role: str, text: str, style: Style, place: str, after: float = 0.0) -> None:
        """One paragraph, then `after` points of room."""
        paragraph = self.context.set(text, style, self.width, place)
        self.nodes.append(Node(role, paragraph.runs(self.x, self.y)))
        self.y -= paragraph.height + after

    def items(self, texts: Iterable[str], place: str, marks: Iterable[str]) -> None:
        """A list with hanging marks."""
        children = []
        for text, mark in zip(texts, marks, strict=False):
            paragraph = self.context.set(text, self.body, self.width - 18, place)
            label = self.context.set(mark, self.body, 16, place)
            children.append(
                Node(
                    "LI",
                    children=(
                        Node("Lbl", label.runs(self.x, self.y)),
                        Node("LBody", paragraph.runs(self.x + 18, self.y)),
                    ),
                )
            )
            self.y -= paragraph.height + 3
        self.nodes.append(Node("L", children=tuple(children)))

    def input(self, given: InputField, page: str, leaf: Leaf, grow: float = 1.0) -> None:
        """A label, its hint, and the box under them; `grow` stretches the box."""
        place = said("{page} field {key!r}", page=page, key=given.key)
        label = self.context.set(given.label, LABEL, self.width, place)
        runs = [label.runs(self.x, self.y)]
        hint = self.context.set(given.hint, FIELD_HINT, self.width, place) if given.hint else None
        if (
            hint
            and len(label.lines) == 1
            and label.width + 8 + hint.width <= self.width
            and len(hint.lines) == 1
        ):
            runs.append(hint.runs(self.x + label.width + 8, self.y + FIELD_HINT.ascent - LABEL.ascent))
            hint = None
        self.y -= label.height
        if hint:
            runs.append(hint.runs(self.x, self.y))
            self.y -= hint.height
        self.nodes.append(Node("P", join(*runs)))
        top = round(self.y - 1, 3)
        height = max(LEAST_FIELD, given.lines * LINE_HEIGHT + 9) * grow
        box = Box(self.x, round(top - height, 3), self.x + self.width, top)
        self.artifacts += [Fill(box, WHITE), Frame(box, 0.8, LINE)]
        name = CoverField("", given.key, page).local
        self.context.fields[name] = FieldPlace(leaf.index, box.inset(2, 1.5))
        self.nodes.append(
            Node("Form", field=name, label=self.context.words(f"form.tooltip.{page}", label=given.label))
        )
        self.y = box.y0 - 9


def cover_page(context: Context, leaf: Leaf) -> Page:
    """The cover in the largest type that fits; a fault where even the smallest does not."""
    for size, leading in SIZES:
        # What a larger type could not hold is no fault: each attempt counts for itself.
        mark = len(context.faults.found)
        left, right = _cover_columns(context, leaf, Style(size, leading, "regular", INK))
        if min(left.y, right.y) >= BOTTOM and len(context.faults.found) == mark:
            break
        if size > SIZES[-1][0]:
            del context.faults.found[mark:]
    else:
        over = BOTTOM - min(left.y, right.y)
        names = ["intro", "steps", "return_to"] if left.y < right.y else ["fields", "reader_notes"]
        if over > 0:
            context.faults.add(
                COVER,
                said("The cover's text is {points:.0f} points too high even in small type.", points=over),
                said("Shorten {names}.", names=listed(names)),
            )
    artifacts = (*left.artifacts, *right.artifacts, *footer(context))
    return Page(PageKey(COVER, 1), artifacts, (*left.nodes, *right.nodes), identity_place())


def _cover_columns(context: Context, leaf: Leaf, body: Style) -> tuple[Stack, Stack]:
    form, words = context.form, context.words
    cover = form.cover
    left = Stack(context, LEFT, LEFT_WIDTH, TOP, body)
    left.text("H1", form.title, TITLE, "title", 2)
    if form.subtitle:
        left.text("P", form.subtitle, Style(12, 16, "regular", SOFT_INK), "subtitle", 12)
    for text in cover.intro:
        left.text("P", text, body, "cover intro", 5)
    left.y -= 7
    left.text("H2", words("form.how-to-fill-in"), left.heading, "words", 3)
    left.items(cover.steps, "cover steps", (f"{number}." for number in range(1, 1000)))
    left.y -= 8
    left.text("H2", words("form.how-to-return"), left.heading, "words", 3)
    for line in cover.return_to:
        left.text("P", line, body, "cover return_to")

    x = LEFT + LEFT_WIDTH + COLUMN_GAP
    right = Stack(context, x, RIGHT - x, TOP - CODE + right_heading(body), body)
    right.text("H2", words("form.who"), right.heading, "words", 6)
    for given in cover.fields:
        right.input(given, COVER, leaf)
    if cover.reader_notes:
        right.y -= 5
        right.text("H2", words("form.reader-notes"), right.heading, "words", 3)
        right.items(cover.reader_notes, "cover reader_notes", iter("–" * 1000))
    return left, right


def right_heading(body: Style) -> float:
    """The heading beside the QR code may stand on the code's lower edge."""
    return body.leading + 4


def feedback_page(context: Context, leaf: Leaf) -> Page:
    """The last page; its boxes share the room that is left, in the relation of their lines."""
    natural = _feedback_stack(context, leaf, 1.0)
    spare = natural.y + FIELD_GAP - BOTTOM
    if spare < 0:
        context.faults.add(
            FEEDBACK,
            said("Its fields are {points:.0f} points too high for the page.", points=-spare),
            "Give them fewer lines.",
        )
    boxes = sum(item.box.height for item in natural.artifacts if isinstance(item, Frame))
    stack = _feedback_stack(context, leaf, 1 + max(spare, 0.0) / boxes)
    artifacts = (*stack.artifacts, *footer(context))
    return Page(PageKey(FEEDBACK, 1), artifacts, tuple(stack.nodes), identity_place())


def _feedback_stack(context: Context, leaf: Leaf, grow: float) -> Stack:
    feedback = context.form.feedback
    stack = Stack(context, LEFT, RIGHT - CODE - 16 - LEFT, TOP, Style(11, 15, "regular", INK))
    stack.text("H1", feedback.title, TITLE, "feedback title", 4)
    for text in feedback.intro:
        stack.text("P", text, stack.body, "feedback intro", 4)
    stack.y = min(stack.y - 10, TOP - CODE - 10)
    stack.width = RIGHT - LEFT
    for given in feedback.fields:
        stack.input(given, FEEDBACK, leaf, grow)
        stack.y -= FIELD_GAP - 9
    return stack
