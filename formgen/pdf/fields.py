"""The widgets and the AcroForm, as raw objects. The construction and its reasons: findings, readers, section 2.

One merged field and widget dictionary per field (ISO 32000-1, 12.7.3.1), flat names, one embedded font, and
for every field an empty appearance of its own: pypdf and PDFBox write into the one they find.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from formgen.fonts import FormFont, form_font
from formgen.layout.items import Layout
from formgen.pdf.pdfobjects import Objects, array, number, rectangle, ref, text_string
from spec.geometry import Box
from spec.names import IdField, NilField, PageIdentity, parse_field_name

#: PDFium asks the embedded font first only if its resource name begins so (docs/findings/readers.md, 2).
FONT = "Wingdings"
SIZE = 8
APPEARANCE = f"/{FONT} {SIZE} Tf 0 g".encode("ascii")
#: The state that means "this offer does not exist here".
ON = "Ja"
#: Field flags (ISO 32000-1, tables 221 and 228): multiline; read-only.
MULTILINE = 4096
READ_ONLY = 1
#: The id field's text: white and tiny, for programs that draw a field's value anew.
ID_APPEARANCE = f"/{FONT} 1 Tf 1 g".encode("ascii")
#: Annotation flag (table 165): print. The id field is not flagged as hidden, since PDF/A forbids that
#: (ISO 19005-3, 6.3.2); it is out of sight by its size, and announced as what it is.
PRINT = 4


@dataclass(frozen=True, slots=True)
class Shared:
    """Object numbers of what the widgets share."""

    font: int
    helvetica: int
    resources: int
    on: int
    off: int


@dataclass(frozen=True, slots=True)
class Widget:
    """A widget's number, its name without edition, its tooltip as a PDF string, its page's index."""

    number: int
    field: str
    label: bytes
    page: int


def add_shared(objects: Objects, checkbox: Box) -> Shared:
    """Font, fallback font, the checkbox's appearances; `checkbox` is the size of every checkbox."""
    font = add_form_font(objects, form_font())
    helvetica = objects.add(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    resources = objects.add(b"<< /Font << /%s %s >> >>" % (FONT.encode("ascii"), ref(font)))
    form = b"/Type /XObject /Subtype /Form " + _bbox(checkbox)
    on = objects.add_stream(form, _cross(checkbox))
    off = objects.add_stream(form, b"")
    return Shared(font, helvetica, resources, on, off)


def _bbox(box: Box) -> bytes:
    return f"/BBox [0 0 {number(box.width)} {number(box.height)}]".encode("ascii")


def _cross(box: Box) -> bytes:
    """A cross, as one makes it by pen: two strokes, no font."""
    low, x, y = 3.0, box.width - 3.0, box.height - 3.0
    strokes = f"{number(low)} {number(low)} m {number(x)} {number(y)} l {number(low)} {number(y)} m {number(x)} {number(low)} l S"
    return f"q 0 G 1.4 w 1 J {strokes} Q".encode("ascii")


def add_form_font(objects: Objects, font: FormFont) -> int:
    """The Type0 font (ISO 32000-1, 9.7): Identity-H, CID = GID, the whole program embedded."""
    program = objects.add_stream(b"/Length1 %d" % font.program_length, font.program, packed=True)
    to_unicode = objects.add_stream(b"", font.to_unicode, packed=True)
    name = b"/AAAAAA+" + font.name.encode("ascii")
    bbox = " ".join(map(str, font.bbox)).encode("ascii")
    descriptor = objects.add(
        b"<< /Type /FontDescriptor /FontName %s /Flags 4 /FontBBox [%s] /ItalicAngle 0 /Ascent %d"
        b" /Descent %d /CapHeight %d /StemV 80 /FontFile2 %s >>"
        % (name, bbox, font.ascent, font.descent, font.cap_height, ref(program))
    )
    widths = " ".join(map(str, font.widths)).encode("ascii")
    descendant = objects.add(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont %s /CIDToGIDMap /Identity /DW 600"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        b" /FontDescriptor %s /W [0 [%s]] >>" % (name, ref(descriptor), widths)
    )
    return objects.add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont %s /Encoding /Identity-H /DescendantFonts [%s]"
        b" /ToUnicode %s >>" % (name, ref(descendant), ref(to_unicode))
    )


def reserve_widgets(objects: Objects, layout: Layout) -> tuple[Widget, ...]:
    """Numbers for all fields that are read aloud, in reading order."""
    forms = [(index, node) for index, page in enumerate(layout.pages) for node in page.forms()]
    first = objects.reserve(len(forms))
    return tuple(
        Widget(first + offset, node.field, text_string(node.label), index)
        for offset, (index, node) in enumerate(forms)
    )


@dataclass(frozen=True, slots=True)
class Fields:
    """Writes the widgets of one edition."""

    objects: Objects
    edition: str
    shared: Shared
    #: Rectangle and bounding box of a field; the same ones return on every page.
    _edges: dict[Box, tuple[bytes, bytes]] = field(default_factory=dict)

    def _edges_of(self, box: Box) -> tuple[bytes, bytes]:
        if box not in self._edges:
            self._edges[box] = rectangle(box), _bbox(box)
        return self._edges[box]

    def put(self, widget: Widget, box: Box, page: int, key: int) -> None:
        """Fill in one widget; `page` is the number of its page's object, `key` its key in the ParentTree."""
        name = f"{self.edition}_{widget.field}"
        head = b"<< /Type /Annot /Subtype /Widget /T (%s) /TU %s /F %d /Rect %s /P %s /StructParent %d " % (
            name.encode("ascii"),
            widget.label,
            PRINT,
            self._edges_of(box)[0],
            ref(page),
            key,
        )
        # Most names need no parsing: no column may be called nil or id.
        match parse_field_name(name) if name.endswith(("_nil", "_id")) else None:
            case NilField():
                body = self._checkbox()
            case IdField(_, category, number_):
                value = str(PageIdentity(self.edition, None, category, number_)).encode("ascii")
                body = b"/V (%s) " % value + self._text(box, READ_ONLY, ID_APPEARANCE)
            case _:
                body = self._text(box, MULTILINE, APPEARANCE)
        self.objects.put(widget.number, head + body + b" >>")

    def _checkbox(self) -> bytes:
        on, off = ref(self.shared.on), ref(self.shared.off)
        states = b"/AP << /N << /%s %s /Off %s >> >>" % (ON.encode("ascii"), on, off)
        return b"/FT /Btn /Ff 0 /V /Off /AS /Off /DA (%s) %s" % (APPEARANCE, states)

    def _text(self, box: Box, flags: int, appearance: bytes) -> bytes:
        empty = b"<< /Subtype /Form %s /Resources %s /Length 0 >>\nstream\n\nendstream" % (
            self._edges_of(box)[1],
            ref(self.shared.resources),
        )
        drawn = ref(self.objects.add(empty))
        return b"/FT /Tx /Ff %d /DA (%s) /Q 0 /AP << /N %s >>" % (flags, appearance, drawn)


def acro_form(fields: list[int], shared: Shared) -> bytes:
    """The AcroForm dictionary. No NeedAppearances: with it pdf.js and Poppler write no appearances."""
    return b"<< /Fields %s /DA (%s) /DR << /Font << /%s %s /Helv %s >> >> >>" % (
        array(map(ref, fields)),
        APPEARANCE,
        FONT.encode("ascii"),
        ref(shared.font),
        ref(shared.helvetica),
    )
