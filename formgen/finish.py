"""Drawn pages + layout -> the finished blank: widgets, structure, metadata, one compact file."""

from __future__ import annotations

import hashlib
import io

import pikepdf

from formgen.draw import IDENTITY
from formgen.fields import (
    Fields,
    Shared,
    acro_form,
    add_shared,
    reserve_widgets,
)
from formgen.identity import FONT, identity_content
from formgen.items import Layout
from formgen.layout_sheet import NIL_BOX
from formgen.metadata import About, add_info, add_outline, add_output_intent, add_xmp
from formgen.pdfobjects import Section, array, number, ref, text_string
from formgen.structure import add_structure
from spec.geometry import Box
from spec.names import PageIdentity

LANGUAGES = {"de": "de-DE", "en": "en-GB"}


def finish(layout: Layout, edition: str, drawn: bytes) -> bytes:
    """The blank of an edition; the same arguments always give the same bytes."""
    with pikepdf.open(io.BytesIO(drawn)) as static:
        pages = [page.obj.objgen[0] for page in static.pages]
    section = Section(drawn)
    about = _about(layout, edition)
    shared = add_shared(section, Box(0, 0, NIL_BOX, NIL_BOX))
    widgets = reserve_widgets(section, layout)
    places = layout.field_map.fields
    fields = Fields(section, edition, shared)
    for index, widget in enumerate(widgets, start=len(pages)):
        fields.put(widget, places[widget.field].box, pages[widget.page], index)
    annotations: list[list[int]] = [[] for _ in pages]
    for widget in widgets:
        annotations[widget.page].append(widget.number)
    page_size = layout.field_map.page_size
    catalog = {
        "/AcroForm": section.add(acro_form([n for page in annotations for n in page], shared)),
        "/StructTreeRoot": add_structure(section, layout, pages, widgets),
        "/Outlines": add_outline(section, layout.bookmarks, pages, page_size[1]),
        "/Metadata": add_xmp(section, about),
        "/OutputIntents": section.add(array([ref(add_output_intent(section))])),
        "/MarkInfo": section.add(b"<< /Marked true >>"),
        "/ViewerPreferences": section.add(b"<< /DisplayDocTitle true >>"),
        "/Lang": section.add(text_string(about.language)),
    }
    arrays = [section.add(array(map(ref, numbers))) for numbers in annotations]
    identities = [_add_identity(section, layout, index, edition, shared) for index in range(len(pages))]
    stamp = hashlib.sha256(edition.encode("ascii")).hexdigest()[:32].encode("ascii")
    trailer = b"/Info %s /ID [<%s> <%s>]" % (ref(add_info(section, about)), stamp, stamp)
    return _packed(section.appended(trailer), catalog, arrays, identities)


def _about(layout: Layout, edition: str) -> About:
    form = layout.form
    return About(form.title, form.subtitle or form.title, edition, LANGUAGES[form.language])


def _add_identity(section: Section, layout: Layout, index: int, edition: str, shared: Shared) -> int:
    page = layout.pages[index]
    identity = PageIdentity(edition, None, page.key.category, page.key.number)
    size = " ".join(map(number, layout.field_map.page_size)).encode("ascii")
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 %s] /Resources << /Font << /%s %s >> >>" % (
        size,
        FONT.encode("ascii"),
        ref(shared.font),
    )
    return section.add_stream(entries, identity_content(identity, page.identity))


def _packed(data: bytes, catalog: dict[str, int], arrays: list[int], identities: list[int]) -> bytes:
    """Hang the new objects into pages and catalog, and write the file anew with object streams."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for key, own in catalog.items():
            value = pdf.get_object(own, 0)
            pdf.Root[key] = value if isinstance(value, pikepdf.Object) else pikepdf.String(str(value))
        for index, page in enumerate(pdf.pages):
            page.obj["/Annots"] = pdf.get_object(arrays[index], 0)
            page.obj["/StructParents"] = index
            page.obj["/Tabs"] = pikepdf.Name("/S")
            page.obj["/Resources"]["/XObject"] = pikepdf.Dictionary(
                {f"/{IDENTITY}": pdf.get_object(identities[index], 0)}
            )
            if "/Trans" in page.obj:
                del page.obj["/Trans"]
        if "/PageMode" in pdf.Root:
            del pdf.Root["/PageMode"]
        pdf.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            fix_metadata_version=False,
            min_version="1.7",
        )
    return target.getvalue()
