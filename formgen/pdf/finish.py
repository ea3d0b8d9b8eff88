"""Drawn pages + layout -> the finished blank: widgets, structure, metadata, one compact file."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from formgen.layout.furniture import folio
from formgen.layout.items import Layout
from formgen.layout.sheet import NIL_BOX
from formgen.pdf.draw import IDENTITY, TEXT_FONT
from formgen.pdf.fields import Fields, Shared, Widget, acro_form, add_shared, reserve_widgets
from formgen.pdf.identity import FONT, identity_content
from formgen.pdf.identity import TEXT_FONT as TEXT
from formgen.pdf.metadata import About, add_info, add_outline, add_output_intent, add_xmp
from formgen.pdf.pdfobjects import Objects, array, number, objects_of, ref, text_string
from formgen.pdf.structure import add_structure
from spec.geometry import Box
from spec.names import PageIdentity
from spec.words import words

LANGUAGES = {"de": "de-DE", "en": "en-GB"}
_KIDS = re.compile(rb"/Kids \[([^]]*)\]")
_REFERENCE = re.compile(rb"(\d+) 0 R")


def finish(layout: Layout, edition: str, drawn: bytes) -> bytes:
    """The blank of an edition; the same arguments always give the same bytes.

    Args:
        drawn: the pages as `formgen.pdf.draw.draw` gives them.
    """
    objects = Objects(objects_of(drawn))
    tree, pages = _drawn_pages(objects, drawn)
    shared = add_shared(objects, Box(0, 0, NIL_BOX, NIL_BOX))
    finisher = _Finisher(objects, layout, edition, tree, pages, shared)
    widgets = finisher.add_widgets()
    finisher.put_pages(widgets)
    about = _about(layout, edition)
    root = objects.add(finisher.catalog(about, widgets))
    # ISO 32000-1, 14.4: any digest will do that tells files apart; an edition is one already.
    identifier = hashlib.sha256(edition.encode("ascii")).hexdigest()[:32].encode("ascii")
    return objects.file(root, add_info(objects, about), identifier)


def _drawn_pages(objects: Objects, drawn: bytes) -> tuple[int, list[int]]:
    """Numbers of the page tree and of its pages; reportlab's catalog and Info are taken out."""
    trailer = drawn[drawn.rindex(b"trailer") :]
    root = _number(trailer, b"/Root")
    tree = _number(objects[root], b"/Pages")
    kids = _KIDS.search(objects[tree])
    if kids is None:
        raise ValueError("the drawn pages have no page tree")
    objects.drop(root)
    objects.drop(_number(trailer, b"/Info"))
    return tree, [int(found) for found in _REFERENCE.findall(kids[1])]


def _number(body: bytes, key: bytes) -> int:
    """The object that `key` refers to in a dictionary."""
    found = re.search(re.escape(key) + rb"\s+(\d+) 0 R", body)
    if found is None:
        raise ValueError(f"the drawn pages lack {key.decode()}")
    return int(found[1])


def _about(layout: Layout, edition: str) -> About:
    form = layout.form
    return About(form.title, form.subtitle or form.title, edition, LANGUAGES[form.language])


@dataclass(frozen=True, slots=True)
class _Finisher:
    """Adds to the drawn pages what a form needs; `tree` and `pages` are object numbers."""

    objects: Objects
    layout: Layout
    edition: str
    tree: int
    pages: list[int]
    shared: Shared

    def add_widgets(self) -> tuple[Widget, ...]:
        """All fields, in reading order."""
        widgets = reserve_widgets(self.objects, self.layout)
        fields = Fields(self.objects, self.edition, self.shared)
        places = self.layout.field_map.fields
        # In the ParentTree the pages' keys come first (see structure.py).
        for key, widget in enumerate(widgets, start=len(self.pages)):
            fields.put(widget, places[widget.field].box, self.pages[widget.page], key)
        return widgets

    def put_pages(self, widgets: tuple[Widget, ...]) -> None:
        """Write the page dictionaries anew, around the drawn contents and fonts."""
        annotations: list[list[int]] = [[] for _ in self.pages]
        for widget in widgets:
            annotations[widget.page].append(widget.number)
        for index, own in enumerate(self.pages):
            drawn = self.objects[own]
            body = (
                b"<< /Type /Page /Parent %s /MediaBox [0 0 %s] /Contents %s /Tabs /S /StructParents %d"
                b" /Resources << /Font %s /XObject << /%s %s >> >> /Annots %s >>"
            ) % (
                ref(self.tree),
                self._page_size(),
                ref(_number(drawn, b"/Contents")),
                index,
                ref(_number(drawn, b"/Font")),
                IDENTITY.encode("ascii"),
                ref(self._add_identity(index)),
                array(map(ref, annotations[index])),
            )
            self.objects.put(own, body)

    def _page_size(self) -> bytes:
        return " ".join(map(number, self.layout.field_map.page_size)).encode("ascii")

    def _add_identity(self, index: int) -> int:
        page = self.layout.pages[index]
        identity = PageIdentity(self.edition, None, page.key.category, page.key.number)
        number = folio(words(self.layout.form.language), index + 1, len(self.pages))
        fonts = self.objects[_number(self.objects[self.pages[index]], b"/Font")]
        resources = b"/Resources << /Font << /%s %s /%s %s >> >>" % (
            FONT.encode("ascii"),
            ref(self.shared.font),
            TEXT.encode("ascii"),
            ref(_number(fonts, b"/" + TEXT_FONT.encode("ascii"))),
        )
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 %s] %s" % (self._page_size(), resources)
        return self.objects.add_stream(entries, identity_content(identity, page.identity, number))

    def catalog(self, about: About, widgets: tuple[Widget, ...]) -> bytes:
        """The catalog, and all that hangs from it but the pages."""
        objects, layout, pages = self.objects, self.layout, self.pages
        height = layout.field_map.page_size[1]
        fields = acro_form([widget.number for widget in widgets], self.shared)
        entries = {
            b"Pages": ref(self.tree),
            b"Lang": text_string(about.language),
            b"MarkInfo": b"<< /Marked true >>",
            b"ViewerPreferences": b"<< /DisplayDocTitle true >>",
            b"AcroForm": ref(objects.add(fields)),
            b"StructTreeRoot": ref(add_structure(objects, layout, pages, widgets)),
            b"Outlines": ref(add_outline(objects, layout.bookmarks, pages, height)),
            b"Metadata": ref(add_xmp(objects, about)),
            b"OutputIntents": array([ref(add_output_intent(objects))]),
        }
        return b"<< /Type /Catalog %s >>" % b" ".join(b"/%s %s" % entry for entry in entries.items())
