"""The structure tree (ISO 32000-1, 14.7): how the form is read aloud, as raw objects.

Document > Sect (one per category) > H1, P, Table > TR > TH, TD > Form, which holds its widget as an OBJR.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from formgen.layout.items import Layout, Node, Page
from formgen.pdf.fields import Widget
from formgen.pdf.pdfobjects import Objects, array, name, ref, text_string

#: pdf.js announces a field of a tagged file by `/Alt` on its Form element, not by `/TU`.
ALT_ON_FORMS = True


@dataclass
class Tree:
    """The tree while it grows: parents of marked content by page, parents of widgets in their order."""

    objects: Objects
    pages: Sequence[int]
    widgets: dict[str, Widget]
    scopes: dict[str, int]
    by_page: list[list[int]] = field(default_factory=list)
    by_widget: dict[str, int] = field(default_factory=dict)

    def page(self, index: int, page: Page, parent: int) -> list[int]:
        """The elements of one page."""
        self.by_page.append([])
        return [self.node(node, parent, index) for node in page.nodes]

    def node(self, node: Node, parent: int, index: int) -> int:
        """One element and all below it; its number."""
        own = self.objects.reserve()
        if node.runs:
            marks = self.by_page[index]
            kids = b"/Pg %s /K %d" % (ref(self.pages[index]), len(marks))
            marks.append(own)
        elif node.role == "Form":
            kids = self._widget(node, own, index)
        else:
            kids = b"/K " + array(ref(self.node(child, own, index)) for child in node.children)
        scope = b" /A " + ref(self.scopes[node.scope]) if node.scope else b""
        language = b" /Lang " + text_string(node.language) if node.language else b""
        body = b"<< /S %s /P %s %s%s%s >>" % (name(node.role), ref(parent), kids, scope, language)
        self.objects.put(own, body)
        return own

    def _widget(self, node: Node, own: int, index: int) -> bytes:
        self.by_widget[node.field] = own
        widget = self.widgets[node.field]
        alt = b" /Alt " + widget.label if ALT_ON_FORMS else b""
        return b"/Pg %s /K << /Type /OBJR /Obj %s >>%s" % (ref(self.pages[index]), ref(widget.number), alt)


def _parent_tree(tree: Tree, widgets: Iterable[Widget]) -> Iterator[bytes]:
    """Keys in ascending order: pages first, then widgets (7.9.7 asks for sorted keys)."""
    key = 0
    for marks in tree.by_page:
        yield b"%d %s" % (key, array(map(ref, marks)))
        key += 1
    for widget in widgets:
        yield b"%d %s" % (key, ref(tree.by_widget[widget.field]))
        key += 1


def add_structure(objects: Objects, layout: Layout, pages: Sequence[int], widgets: Sequence[Widget]) -> int:
    """Add the whole tree; the number of the StructTreeRoot. `pages` are the numbers of the page objects."""
    root, document = objects.reserve(), objects.reserve()
    scopes = {
        scope: objects.add(b"<< /O /Table /Scope /%s >>" % scope.encode("ascii"))
        for scope in ("Column", "Row")
    }
    tree = Tree(objects, pages, {widget.field: widget for widget in widgets}, scopes)
    sects = []
    for _, group in groupby(enumerate(layout.pages), key=lambda item: item[1].key.category):
        sect = objects.reserve()
        kids = [kid for index, page in group for kid in tree.page(index, page, sect)]
        objects.put(sect, b"<< /S /Sect /P %s /K %s >>" % (ref(document), array(map(ref, kids))))
        sects.append(sect)
    objects.put(document, b"<< /S /Document /P %s /K %s >>" % (ref(root), array(map(ref, sects))))
    numbers = objects.add(b"<< /Nums %s >>" % array(_parent_tree(tree, widgets)))
    last = len(layout.pages) + len(widgets)
    return objects.put(
        root,
        b"<< /Type /StructTreeRoot /K %s /ParentTree %s /ParentTreeNextKey %d >>"
        % (array([ref(document)]), ref(numbers), last),
    )
