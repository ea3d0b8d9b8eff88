"""A small form and its PDF, built field by field, so that a test can break what it wants to break."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from spec.form.model import Form
from spec.geometry import Box, FieldMap, FieldPlace, PageKey
from spec.names import PageIdentity, check_character
from spec.wire import EditionFile

ROWS = 3
COLUMNS = ("einrichtung", "adresse", "telefon")
CATEGORIES = {"kontaktstelle": 1, "wohnen": 2, "sonstiges": 1}
PAGES = (
    PageKey("cover", 1),
    *(PageKey(category, number) for category, pages in CATEGORIES.items() for number in range(1, pages + 1)),
    PageKey("feedback", 1),
)


def _form() -> Form:
    return Form.model_validate({
        "key": "probe", "title": "Probe", "rows": ROWS, "nil_label": "Fehlanzeige",
        "cover": {
            "intro": ["Wozu."], "steps": ["So."], "return_to": ["Amt"],
            "fields": [{"key": "organisation", "label": "Organisation"}, {"key": "person", "label": "Person"}],
        },
        "columns": [{"key": key, "heading": key, "identifies": key == "einrichtung"} for key in COLUMNS],
        "sections": [{
            "key": "hilfe", "title": "Hilfe",
            "categories": [{"key": key, "name": key, "pages": pages} for key, pages in CATEGORIES.items()],
        }],
        "feedback": {"title": "Rückmeldung", "fields": [{"key": "fehlt", "label": "Was fehlt?"}]},
    })  # fmt: skip


def _locals(page: PageKey) -> list[str]:
    if page.category == "cover":
        names = ["cover_organisation", "cover_person"]
    elif page.category == "feedback":
        names = ["feedback_fehlt"]
    else:
        first = 1 + (page.number - 1) * ROWS
        names = [f"{page.category}_r{row:02d}_{c}" for row in range(first, first + ROWS) for c in COLUMNS]
        names += [f"{page.category}_nil"] if page.number == 1 else []
    return [*names, f"{page.category}_p{page.number}_id"]


def _map() -> FieldMap:
    fields = {}
    for index, page in enumerate(PAGES):
        for place, local in enumerate(_locals(page)):
            top = 560 - 40 * place
            fields[local] = FieldPlace(index, Box(50, top - 30, 400, top))
    return FieldMap((842, 595), PAGES, fields, dict.fromkeys(CATEGORIES, ROWS))


EDITION = EditionFile.of(_form(), _map(), layout=1)
OTHER = EditionFile.of(_form(), _map(), layout=2)
EDITIONS = {edition.edition: edition for edition in (EDITION, OTHER)}
TOKEN = "abcdefgh" + check_character("abcdefgh")
TOKEN_2 = "hgfedcba" + check_character("hgfedcba")


def field(local: str, edition: EditionFile = EDITION) -> str:
    """The full name of a field."""
    return f"{edition.edition}_{local}"


def blank(token: str | None = None, edition: EditionFile = EDITION, pages: Iterable[PageKey] = PAGES) -> Pdf:
    """The form without values, as nobody's or as the recipient's."""
    pdf = Pdf.new()
    fields = Array()
    pdf.Root.AcroForm = Dictionary(Fields=Array(), DA=String("/Helv 8 Tf 0 g"))
    for number, page in enumerate(pages):
        pdf.add_blank_page(page_size=edition.page_size)
        leaf = pdf.pages[number].obj
        leaf.Annots = Array()
        for local in _locals(page):
            widget = pdf.make_indirect(_widget(local, edition, leaf))
            if local.endswith("_id"):
                widget.V = String(str(PageIdentity(edition.edition, token, page.category, page.number)))
            leaf.Annots.append(widget)
            fields.append(widget)
    pdf.Root.AcroForm.Fields = fields
    return pdf


def _widget(local: str, edition: EditionFile, page: pikepdf.Object) -> Dictionary:
    box = edition.fields[local].box
    widget = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String(field(local, edition)),
        P=page,
        Rect=Array(box),
    )
    if local.endswith("_nil"):
        widget.FT, widget.AS, widget.V = Name.Btn, Name.Off, Name.Off
    return widget


def widget(pdf: Pdf, local: str, edition: EditionFile = EDITION) -> pikepdf.Object:
    """The widget of a field."""
    for page in pdf.pages:
        for annotation in page.obj.Annots:
            if str(annotation.get("/T", "")) == field(local, edition):
                return annotation
    raise LookupError(local)


def copied(pdf: Pdf, local: str) -> pikepdf.Object:
    """A new widget with all that the field's widget has."""
    return pdf.make_indirect(Dictionary(dict(widget(pdf, local).items())))


def fill(pdf: Pdf, values: Mapping[str, object], edition: EditionFile = EDITION) -> Pdf:
    """Write values: text as PDF text strings, other objects as they are."""
    widgets = {
        str(annotation.get("/T", "")): annotation
        for page in pdf.pages
        for annotation in page.obj.get("/Annots", Array())
    }
    for local, value in values.items():
        widgets[field(local, edition)].V = String(value) if isinstance(value, str) else value
    return pdf


def saved(pdf: Pdf, **options: Any) -> bytes:
    """The file's bytes."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # widgets that no field tree leads to are what some tests are about
        warnings.simplefilter("ignore", pikepdf.exceptions.PageCopyWarning)
        pdf.save(buffer, **options)
    return buffer.getvalue()


def returned(values: Mapping[str, object], token: str | None = None, edition: EditionFile = EDITION) -> bytes:
    """A filled return."""
    return saved(fill(blank(token, edition), values, edition))


def joined(first: Pdf, *others: Pdf) -> Pdf:
    """All pages in one file, only the first one's form dictionary kept, as page tools without form support do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pikepdf.exceptions.PageCopyWarning)
        for other in others:
            first.pages.extend(other.pages)
    return first
