"""The widgets and the AcroForm, as raw objects. The construction and its reasons: findings, readers, section 2.

One merged field and widget dictionary per field (ISO 32000-1, 12.7.3.1), flat names, one shared empty
appearance, one embedded font.
"""

from __future__ import annotations

from dataclasses import dataclass

from formgen.fonts import FormFont, form_font
from formgen.items import Layout
from formgen.pdfobjects import Section, array, number, rectangle, ref, text_string
from spec.geometry import Box, FieldPlace
from spec.names import IdField, PageIdentity

#: PDFium asks the embedded font first only if its resource name begins so (findings: readers, section 2).
FONT = "Wingdings"
SIZE = 8
APPEARANCE = f"/{FONT} {SIZE} Tf 0 g".encode("ascii")
#: The state that means "this offer does not exist here".
ON = "Ja"
#: Field flags (ISO 32000-1, tables 221 and 228): multiline; read-only.
MULTILINE = 4096
READ_ONLY = 1
#: Annotation flags (table 165): print; hidden.
PRINT = 4
HIDDEN = 2


@dataclass(frozen=True, slots=True)
class Shared:
    """Object numbers of what all widgets share."""

    font: int
    helvetica: int
    empty: int
    on: int
    off: int


@dataclass(frozen=True, slots=True)
class Widget:
    """A widget's number, its name without edition, its index among all structured widgets."""

    number: int
    field: str
    label: str
    page: int


def add_shared(section: Section, checkbox: Box) -> Shared:
    """Font, appearances and fallback font; `checkbox` is the size of every checkbox."""
    font = add_form_font(section, form_font())
    helvetica = section.add(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    resources = b"/Resources << /Font << /%s %s >> >>" % (FONT.encode(), ref(font))
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 %s %s]"
    empty = section.add_stream(form % (b"100", b"20") + b" " + resources, b"/Tx BMC\nEMC")
    side = number(checkbox.width).encode(), number(checkbox.height).encode()
    on = section.add_stream(form % side, _cross(checkbox))
    off = section.add_stream(form % side, b"")
    return Shared(font, helvetica, empty, on, off)


def _cross(box: Box) -> bytes:
    """A cross, as one makes it by pen: two strokes, no font."""
    low, x, y = 3.0, box.width - 3.0, box.height - 3.0
    strokes = f"{number(low)} {number(low)} m {number(x)} {number(y)} l {number(low)} {number(y)} m {number(x)} {number(low)} l S"
    return f"q 0 G 1.4 w 1 J {strokes} Q".encode("ascii")


def add_form_font(section: Section, font: FormFont) -> int:
    """The Type0 font (ISO 32000-1, 9.7): Identity-H, CID = GID, the whole program embedded."""
    program = section.add_stream(b"/Length1 %d" % font.program_length, font.program, packed=True)
    to_unicode = section.add_stream(b"", font.to_unicode, packed=True)
    name = b"/AAAAAA+" + font.name.encode("ascii")
    bbox = " ".join(map(str, font.bbox)).encode("ascii")
    descriptor = section.add(
        b"<< /Type /FontDescriptor /FontName %s /Flags 4 /FontBBox [%s] /ItalicAngle 0 /Ascent %d"
        b" /Descent %d /CapHeight %d /StemV 80 /FontFile2 %s >>"
        % (name, bbox, font.ascent, font.descent, font.cap_height, ref(program))
    )
    widths = " ".join(map(str, font.widths)).encode("ascii")
    descendant = section.add(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont %s /CIDToGIDMap /Identity /DW 600"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        b" /FontDescriptor %s /W [0 [%s]] >>" % (name, ref(descriptor), widths)
    )
    return section.add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont %s /Encoding /Identity-H /DescendantFonts [%s]"
        b" /ToUnicode %s >>" % (name, ref(descendant), ref(to_unicode))
    )


def reserve_widgets(section: Section, layout: Layout) -> tuple[Widget, ...]:
    """Numbers for all fields that are read aloud, in reading order."""
    forms = [(index, node) for index, page in enumerate(layout.pages) for node in page.forms()]
    first = section.reserve(len(forms))
    return tuple(
        Widget(first + offset, node.field, node.label, index)
        for offset, (index, node) in enumerate(forms)
    )


def put_widget(
    section: Section, widget: Widget, edition: str, place: FieldPlace, page: int, parent_key: int, shared: Shared
) -> None:
    """Fill in one widget; `page` is the number of its page's object."""
    head = b"<< /Type /Annot /Subtype /Widget /T (%s) /TU %s /F 4 /Rect %s /P %s /StructParent %d " % (
        f"{edition}_{widget.field}".encode("ascii"),
        text_string(widget.label),
        rectangle(place.box),
        ref(page),
        parent_key,
    )
    if widget.field.endswith("_nil"):
        states = b"/AP << /N << /%s %s /Off %s >> >>" % (ON.encode(), ref(shared.on), ref(shared.off))
        body = b"/FT /Btn /Ff 0 /V /Off /AS /Off /DA (%s) %s >>" % (APPEARANCE, states)
    else:
        body = b"/FT /Tx /Ff %d /DA (%s) /Q 0 /AP << /N %s >> >>" % (MULTILINE, APPEARANCE, ref(shared.empty))
    section.put(widget.number, head + body)


def add_id_widget(
    section: Section, identity: PageIdentity, place: FieldPlace, page: int, shared: Shared
) -> int:
    """The hidden read-only field that says which page this is; outside the structure, as hidden things are."""
    name = str(IdField(identity.edition, identity.category, identity.page))
    return section.add(
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (%s) /V (%s) /F %d /Ff %d /Rect %s /P %s"
        b" /DA (%s) /Q 0 /AP << /N %s >> >>"
        % (
            name.encode("ascii"),
            str(identity).encode("ascii"),
            PRINT | HIDDEN,
            READ_ONLY,
            rectangle(place.box),
            ref(page),
            APPEARANCE,
            ref(shared.empty),
        )
    )


def acro_form(fields: list[int], shared: Shared) -> bytes:
    """The AcroForm dictionary. No NeedAppearances: with it pdf.js and Poppler write no appearances."""
    return (
        b"<< /Fields %s /DA (%s) /DR << /Font << /%s %s /Helv %s >> >> >>"
        % (
            array(map(ref, fields)),
            APPEARANCE,
            FONT.encode("ascii"),
            ref(shared.font),
            ref(shared.helvetica),
        )
    )


