"""Which pages a copy has, and everything that follows from that alone: page tree, structure, fields, bookmarks.

Two copies of one shape differ only in what is written on them. Shapes are few (most recipients get the
whole form, or the few categories of their kind), so what follows from them is made once and kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from formgen.copies.append import Packed
from formgen.copies.further import Drawn, Variant, called_by_category
from formgen.copies.template import FieldParts, PageParts, Template, form_entries
from formgen.layout.furniture import LEFT, folio
from formgen.layout.items import Bookmark, IdentityPlace
from formgen.pdf.draw import IDENTITY
from formgen.pdf.fields import ID_APPEARANCE, READ_ONLY, Fields, reserve_widgets
from formgen.pdf.fields import Widget as Reserved
from formgen.pdf.identity import folio_content
from formgen.pdf.metadata import add_outline
from formgen.pdf.pdfobjects import Objects, array, rectangle, ref, stream, text_string
from formgen.pdf.structure import ALT_ON_FORMS, Tree
from spec.geometry import Box, PageKey
from spec.names import COVER, FEEDBACK, EntryField, RowField
from spec.words import words

#: Side of the square that a prefilled row's id field takes, in points: out of sight, but not empty.
_ID_SIDE = 2.0
_VALUE = re.compile(rb" /V (?:\([^)]*\)|/Off)(?: /AS /Off)?| >>$")
_APPEARANCE = re.compile(rb"/AP << /N (\d+) 0 R")
_KEPT_SHAPES = 64
_KEPT_PAGES = 512


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A category in a copy: how many pages, and how many of its rows are prefilled."""

    category: str
    pages: int
    filled: int


Shape = tuple[SheetPlan, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A page of a copy: its identity's number, its id field, and its number as it is drawn."""

    key: PageKey
    identity: int
    own: FieldParts
    folio: bytes


@dataclass(frozen=True)
class Skeleton:
    """What follows from a shape.

    Attributes:
        objects: objects that say the same in every copy of this shape; those of them that are no streams
            stand in `packed` where the blank's kind of file allows it.
        fields: fields of further pages, by name without edition.
        entries: the id fields of prefilled rows.
    """

    objects: Mapping[int, bytes]
    slots: tuple[Slot, ...]
    fields: Mapping[str, FieldParts]
    entries: Mapping[tuple[str, int], FieldParts]
    packed: Packed | None


@dataclass(frozen=True)
class _Further:
    """A further page with fixed numbers: `parts` as of a page of the blank, and its objects."""

    parts: PageParts
    objects: Mapping[int, bytes]
    fields: Mapping[str, FieldParts]


def variants_of(template: Template, shape: Shape) -> Iterator[Variant]:
    """The pages of a shape that the blank has not, or has otherwise."""
    rows = template.layout.form.rows
    first_of = template.first_of
    for sheet in shape:
        own = len(first_of[sheet.category])
        for number in range(1, sheet.pages + 1):
            prefilled = sheet.filled > (number - 1) * rows
            if prefilled or sheet.pages > own:
                yield Variant(PageKey(sheet.category, number), sheet.pages, prefilled)


@dataclass
class Shapes:
    """Makes skeletons and further pages, and keeps the last ones.

    Attributes:
        called: how the fields' labels call each category.
        further: a variant as the n-th further page of a copy, from 0.
    """

    template: Template
    drawn: Mapping[Variant, Drawn]
    called: Mapping[str, str] = field(init=False)
    skeleton: Callable[[Shape], Skeleton] = field(init=False)
    further: Callable[[Variant, int], _Further] = field(init=False)

    def __post_init__(self) -> None:
        self.called = called_by_category(self.template.layout)
        self.skeleton = lru_cache(_KEPT_SHAPES)(self._skeleton)
        self.further = lru_cache(_KEPT_PAGES)(self._make_further)
        # One room for all further pages: whichever page a copy needs as its n-th, it has the same numbers.
        self._room = 8 + max(
            sum(1 for node in page.nodes for _ in node.walk()) + 3 * sum(1 for _ in page.forms())
            for page in self.template.layout.pages
        )

    def _skeleton(self, shape: Shape) -> Skeleton:
        return _Builder(self, shape).skeleton()

    def _make_further(self, variant: Variant, place: int) -> _Further:
        template, drawn = self.template, self.drawn[variant]
        start = template.base.size + place * self._room
        key = template.next_key + place * self._room
        objects = Objects({start - 1: b""})
        objects.drop(start - 1)
        sect = template.sects[variant.key.category][0]
        number, identity = objects.reserve(), objects.reserve()
        first = template.first_of[variant.key.category][0]
        content = objects.add(stream(first.content_head, drawn.content))
        widgets = reserve_widgets(objects, replace(template.layout, pages=(drawn.page,)))
        writer = Fields(objects, template.edition, template.shared)
        for offset, widget in enumerate(widgets, start=1):
            writer.put(widget, drawn.boxes[widget.field], number, key + offset)
        tree = Tree(objects, [number], {widget.field: widget for widget in widgets}, dict(template.scopes))
        *kids, own_kid = tree.page(0, drawn.page, sect)
        bodies = dict(objects.items())
        resources = template.shared.resources
        fields = {widget.field: _parts(widget, bodies, drawn.boxes, resources) for widget in widgets}
        *others, own = widgets
        head = _page_head(first, number=content, identity=identity, key=key)
        parents = [(key, array(map(ref, tree.by_page[0])))]
        parents += [
            (key + offset, ref(tree.by_widget[widget.field]))
            for offset, widget in enumerate(widgets, start=1)
        ]
        parts = PageParts(
            key=variant.key,
            number=number,
            head=head,
            content=content,
            content_head=first.content_head,
            identity=identity,
            fields=tuple(widget.number for widget in others),
            own=fields[own.field],
            kids=tuple(kids),
            own_kid=own_kid,
            parents=tuple(parents),
        )
        return _Further(parts, bodies, fields)

    def after(self, count: int) -> tuple[int, int]:
        """The first free object number and ParentTree key after `count` further pages."""
        return self.template.base.size + count * self._room, self.template.next_key + count * self._room


def _parts(
    widget: Reserved, bodies: Mapping[int, bytes], boxes: Mapping[str, Box], resources: int
) -> FieldParts:
    body, box = bodies[widget.number], boxes[widget.field]
    found = _APPEARANCE.search(body)
    appearance = int(found[1]) if found else 0
    return FieldParts(widget.number, _VALUE.sub(b"", body), appearance, box, form_entries(box, resources))


def _page_head(first: PageParts, *, number: int, identity: int, key: int) -> bytes:
    """The dictionary of a further page, after that of its category's first page."""
    head = first.head
    for pattern, value in (
        (rb"/Contents \d+ 0 R", b"/Contents %d 0 R" % number),
        (rb"/%s \d+ 0 R" % IDENTITY.encode("ascii"), b"/%s %d 0 R" % (IDENTITY.encode("ascii"), identity)),
        (rb"/StructParents \d+", b"/StructParents %d" % key),
    ):
        head = re.sub(pattern, value, head)
    return head


class _Builder:
    """Puts one shape together."""

    def __init__(self, shapes: Shapes, shape: Shape) -> None:
        self.shapes, self.template, self.shape = shapes, shapes.template, shape
        self.words = words(self.template.layout.form.language)
        self.objects: dict[int, bytes] = {}
        self.fields: dict[str, FieldParts] = {}
        self.entries: dict[tuple[str, int], FieldParts] = {}
        self.added_fields: dict[int, list[int]] = {}
        self.added_kids: dict[int, list[int]] = {}
        self.parents: list[tuple[int, bytes]] = []
        self.pages: dict[str, list[PageParts]] = {}

    def skeleton(self) -> Skeleton:
        template = self.template
        count = self._choose_pages()
        self.next_object, self.next_key = self.shapes.after(count)
        for sheet in self.shape:
            self._add_entries(sheet)
        pages = [page for own in self.pages.values() for page in own]
        dropped = len(self.pages) < len(template.first_of)
        if count or dropped or self.entries:
            self._put_structure(pages)
            self._put_fields(pages)
        if count or dropped:
            self._put_tree(pages)
            self._put_outline(pages)
        place = template.layout.pages[0].identity
        slots = tuple(self._slot(page, place, index, len(pages)) for index, page in enumerate(pages, start=1))
        packed = self._packed() if template.base.streamed else None
        return Skeleton(self.objects, slots, self.fields, self.entries, packed)

    def _packed(self) -> Packed | None:
        """Take what is no stream, and is not written anew by every copy, out of the objects."""
        plain = {number: body for number, body in self.objects.items() if not body.endswith(b"endstream")}
        # Where a copy writes one of them anew (a field of a further page), its own entry goes first.
        for number in plain:
            del self.objects[number]
        number = max(self.next_object, max(plain, default=0) + 1)
        return Packed.of(number, plain) if plain else None

    def _choose_pages(self) -> int:
        """The copy's pages by category; how many of them the blank has not."""
        template, count = self.template, 0
        first_of = template.first_of
        self.pages[COVER] = first_of[COVER]
        for sheet in self.shape:
            own = list(first_of[sheet.category])
            for number in range(len(own) + 1, sheet.pages + 1):
                further = self.shapes.further(self._variant(sheet, number), count)
                own.append(further.parts)
                self.objects |= further.objects
                self.fields |= further.fields
                count += 1
            self.pages[sheet.category] = own
        self.pages[FEEDBACK] = first_of[FEEDBACK]
        for variant in variants_of(template, self.shape):
            page = self.pages[variant.key.category][variant.key.number - 1]
            content = self.shapes.drawn[variant].content
            self.objects[page.content] = stream(page.content_head, content)
        return count

    def _variant(self, sheet: SheetPlan, number: int) -> Variant:
        rows = self.template.layout.form.rows
        return Variant(PageKey(sheet.category, number), sheet.pages, sheet.filled > (number - 1) * rows)

    def _add_entries(self, sheet: SheetPlan) -> None:
        """The fields that say which entry a prefilled row shows; last on their page but for its own id field."""
        template, rows = self.template, self.template.layout.form.rows
        sect = template.sects[sheet.category][0]
        column = template.layout.form.columns[0].key
        for row in range(1, sheet.filled + 1):
            page = self.pages[sheet.category][(row - 1) // rows]
            name = EntryField(template.edition, sheet.category, row)
            beside = self._field(RowField("", sheet.category, row, column).local).box
            box = Box(LEFT + 1, beside.y0, LEFT + 1 + _ID_SIDE, beside.y0 + _ID_SIDE)
            label = text_string(
                self.words("form.tooltip.row-id", row=row, category=self.shapes.called[sheet.category])
            )
            number, kid, drawn = self.next_object, self.next_object + 1, self.next_object + 2
            head = b"<< /Type /Annot /Subtype /Widget /T (%s) /TU %s /F 4 /Rect %s /P %s /StructParent %d" % (
                str(name).encode("ascii"), label, rectangle(box), ref(page.number), self.next_key
            )  # fmt: skip
            head += b" /FT /Tx /Ff %d /DA (%s) /Q 0 /AP << /N %s >>" % (READ_ONLY, ID_APPEARANCE, ref(drawn))
            alt = b" /Alt " + label if ALT_ON_FORMS else b""
            self.objects[kid] = b"<< /S /Form /P %s /Pg %s /K << /Type /OBJR /Obj %s >>%s >>" % (
                ref(sect), ref(page.number), ref(number), alt
            )  # fmt: skip
            bbox = b"/BBox [0 0 %d %d]" % (_ID_SIDE, _ID_SIDE)
            empty = b"/Type /XObject /Subtype /Form %s /Resources %s" % (bbox, ref(template.shared.resources))
            self.objects[drawn] = stream(empty, b"")
            self.entries[sheet.category, row] = FieldParts(number, head, drawn, box)
            self.added_fields.setdefault(page.number, []).append(number)
            self.added_kids.setdefault(page.number, []).append(kid)
            self.parents.append((self.next_key, ref(kid)))
            self.next_object, self.next_key = self.next_object + 3, self.next_key + 1

    def _field(self, name: str) -> FieldParts:
        return self.fields[name] if name in self.fields else self.template.fields[name]

    def _all_fields(self, page: PageParts) -> list[int]:
        return [*page.fields, *self.added_fields.get(page.number, ()), page.own.number]

    def _put_structure(self, pages: list[PageParts]) -> None:
        template, numbers = self.template, self.template.numbers
        for category, own in self.pages.items():
            number, head = template.sects[category]
            if any(page.number in self.added_kids or page.key not in template.keys for page in own):
                kids = [
                    kid
                    for page in own
                    for kid in (*page.kids, *self.added_kids.get(page.number, ()), page.own_kid)
                ]
                self._put(number, head, b"/K " + array(map(ref, kids)))
        sects = [template.sects[category][0] for category in self.pages]
        self._put(numbers["document"], template.heads["document"], b"/K " + array(map(ref, sects)))
        parents = sorted([*self.parents, *(entry for page in pages for entry in page.parents)])
        pairs = b" ".join(b"%d %s" % entry for entry in parents)
        self._put(numbers["parents"], template.heads["parents"], b"/Nums [%s]" % pairs)
        self._put(numbers["tree"], template.heads["tree"], b"/ParentTreeNextKey %d" % self.next_key)

    def _put_fields(self, pages: list[PageParts]) -> None:
        template = self.template
        everything = [number for page in pages for number in self._all_fields(page)]
        self._put(template.numbers["form"], template.heads["form"], b"/Fields " + array(map(ref, everything)))
        for page in pages:
            if page.number in self.added_fields or page.number >= template.base.size:
                self._put(page.number, page.head, b"/Annots " + array(map(ref, self._all_fields(page))))

    def _put_tree(self, pages: list[PageParts]) -> None:
        kids = array(ref(page.number) for page in pages)
        numbers, heads = self.template.numbers, self.template.heads
        self._put(numbers["pages"], heads["pages"], b"/Kids %s /Count %d" % (kids, len(pages)))

    def _put_outline(self, pages: list[PageParts]) -> None:
        layout = self.template.layout
        index_of = {page.key: index for index, page in enumerate(pages)}
        bookmarks = []
        for bookmark in layout.bookmarks:
            if not bookmark.children:
                bookmarks.append(replace(bookmark, page=index_of[layout.pages[bookmark.page].key]))
                continue
            children = tuple(
                self._bookmark(child, layout.pages[child.page].key, index_of)
                for child in bookmark.children
                if layout.pages[child.page].key in index_of
            )
            if children:
                bookmarks.append(Bookmark(bookmark.title, children[0].page, children))
        objects = Objects({self.next_object - 1: b""})
        objects.drop(self.next_object - 1)
        height = layout.field_map.page_size[1]
        root = add_outline(objects, bookmarks, [page.number for page in pages], height)
        self.objects |= dict(objects.items())
        self._put(self.template.numbers["catalog"], self.template.heads["catalog"], b"/Outlines " + ref(root))

    def _bookmark(self, child: Bookmark, key: PageKey, index_of: Mapping[PageKey, int]) -> Bookmark:
        """A category's bookmark; its further pages stand below it."""
        own = self.pages[key.category]
        further = tuple(
            Bookmark(self.words("form.sheet-page", page=page.key.number, pages=len(own)), index_of[page.key])
            for page in own
            if page.number >= self.template.base.size
        )
        return Bookmark(child.title, index_of[key], further)

    def _put(self, number: int, head: bytes, rest: bytes) -> None:
        self.objects[number] = b"%s %s >>" % (head, rest)

    def _slot(self, page: PageParts, place: IdentityPlace, index: int, total: int) -> Slot:
        return Slot(page.key, page.identity, page.own, folio_content(folio(self.words, index, total), place))
