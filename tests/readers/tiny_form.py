"""A small form built the way that survives every engine, for testing the engines before the project's own blank.

Three landscape pages of three rows with five multi-line fields, one checkbox and one hidden read-only field
each. The points that decide what engines do: flat field names, no NeedAppearances, no MaxLen, no DoNotScroll,
one embedded Type0 font whose resource name begins with "Wingdings" (PDFium then asks it first), an empty
appearance, and no value while blank.

Every field has an empty appearance of its own: pypdf and PDFBox write into the stream that they find, so that
with a shared one all fields of the return show the text of the last one filled.
"""

import argparse
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
SCRIPTS = (  # first and last code point: Latin, Greek, Cyrillic, Vietnamese, Arabic, punctuation, currency
    (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x3FF), (0x400, 0x4FF), (0x600, 0x6FF),
    (0x1E00, 0x1FFF), (0x2000, 0x206F), (0x20A0, 0x20BF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC),
)  # fmt: skip

EDITION = "k7m2p4q3x"
CATEGORIES = ("kontaktstelle", "tagesklinik", "wohnheim")
COLUMNS = ("einrichtung", "traeger", "adresse", "telefon", "hinweise")
ROWS = 3
PAGE_SIZE = (842, 595)


def field_names(page: int) -> list[str]:
    """Names of the text fields of one page, row by row."""
    return [
        f"{EDITION}_{CATEGORIES[page]}_r{row:02}_{column}" for row in range(1, ROWS + 1) for column in COLUMNS
    ]


ALL_FIELDS = tuple(name for page in range(len(CATEGORIES)) for name in field_names(page))
CHECKBOXES = tuple(f"{EDITION}_{category}_nil" for category in CATEGORIES)
HIDDEN = {f"{EDITION}_{category}_p1_id": f"{EDITION}/-/{category}/1" for category in CATEGORIES}


def heading(page: int) -> str:
    """The visible text of one page."""
    return f"{CATEGORIES[page].capitalize()} {EDITION}/-/{CATEGORIES[page]}/1"


@cache
def _font_file() -> bytes:
    """DejaVu Sans for the scripts in question, glyph numbers kept (a CID is a glyph number), cmap kept."""
    options = subset.Options(retain_gids=True, layout_features=[], notdef_outline=True, hinting=False)
    options.drop_tables += ["FFTM", "kern", "GDEF", "GPOS", "GSUB"]
    font = TTFont(DEJAVU, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in SCRIPTS for code in range(first, last + 1)])
    subsetter.subset(font)
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _to_unicode(glyphs: dict[int, int]) -> bytes:
    lines = [f"<{glyph:04X}> <{code:04X}>" for glyph, code in sorted(glyphs.items())]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    chars = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{chars}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode("ascii")


def _font(pdf: Pdf) -> tuple[pikepdf.Object, dict[int, int]]:
    """The Type0 font object, and the glyph number of each code point."""
    data = _font_file()
    font = TTFont(BytesIO(data))
    glyph_of = {code: font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    scale = 1000 / font["head"].unitsPerEm
    widths = [round(font["hmtx"][name][0] * scale) for name in font.getGlyphOrder()]
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/DejaVuSans"), Flags=4, ItalicAngle=0, StemV=80,
        Ascent=round(font["hhea"].ascent * scale), Descent=round(font["hhea"].descent * scale), CapHeight=729,
        FontBBox=Array([round(font["head"].xMin * scale), -463, 2000, 1232]),
        FontFile2=pdf.make_stream(data, Length1=len(data)),
    )  # fmt: skip
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/DejaVuSans"), CIDToGIDMap=Name.Identity,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor), DW=600, W=Array([0, Array(widths)]),
    )  # fmt: skip
    font_object = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/DejaVuSans"), Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_stream(_to_unicode({glyph: code for code, glyph in glyph_of.items()})),
    )  # fmt: skip
    return pdf.make_indirect(font_object), glyph_of


def _form_xobject(pdf: Pdf, width: float, height: float, content: bytes, fonts: Dictionary) -> Stream:
    return pdf.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, width, height]),
        Resources=Dictionary(Font=fonts),
    )


class _Builder:
    """The objects that all fields share."""

    def __init__(self) -> None:
        self.pdf = Pdf.new()
        self.font, self.glyph_of = _font(self.pdf)
        helvetica = Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
        )
        self.fonts = Dictionary(Wingdings=self.font, Helv=self.pdf.make_indirect(helvetica))
        self.fields = Array([])

    def add_page(self, number: int) -> None:
        """A page with its heading, its fields row by row, its checkbox, and last its hidden field."""
        self.pdf.add_blank_page(page_size=PAGE_SIZE)
        page = self.pdf.pages[number]
        page.Tabs = Name.S
        page.Resources = Dictionary(Font=self.fonts)
        codes = "".join(f"{self.glyph_of[ord(character)]:04X}" for character in heading(number))
        page.Contents = self.pdf.make_stream(f"BT /Wingdings 10 Tf 36 560 Td <{codes}> Tj ET".encode("ascii"))
        annotations = Array([])
        for index, name in enumerate(field_names(number)):
            row, column = divmod(index, len(COLUMNS))
            left, bottom = 36 + 154 * column, 420 - 110 * row
            box = (left, bottom, left + 150, bottom + 100)
            annotations.append(self._text_field(page.obj, name, box))
        annotations.append(self._checkbox(page.obj, CHECKBOXES[number]))
        hidden_name, hidden_value = list(HIDDEN.items())[number]
        annotations.append(self._text_field(page.obj, hidden_name, (36, 20, 186, 30), hidden_value))
        page.Annots = annotations

    def _text_field(
        self, page: pikepdf.Object, name: str, box: tuple[int, int, int, int], hidden: str | None = None
    ) -> pikepdf.Object:
        empty = _form_xobject(self.pdf, box[2] - box[0], box[3] - box[1], b"/Tx BMC EMC", self.fonts)
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String(name), TU=String(name), F=4, Ff=4096,
            Rect=Array(box), P=page, DA=String("/Wingdings 8 Tf 0 g"), Q=0, AP=Dictionary(N=empty),
        )  # fmt: skip
        if hidden is not None:
            field.V, field.F, field.Ff = String(hidden), 2, 1
        return self._add(field)

    def _checkbox(self, page: pikepdf.Object, name: str) -> pikepdf.Object:
        on = _form_xobject(self.pdf, 14, 14, b"2 w 3 3 m 11 11 l 3 11 m 11 3 l S", Dictionary())
        off = _form_xobject(self.pdf, 14, 14, b"q Q", Dictionary())
        return self._add(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T=String(name), TU=String(name), F=4, P=page,
                Rect=Array([36, 60, 50, 74]), AS=Name.Off, V=Name.Off, AP=Dictionary(N=Dictionary(Ja=on, Off=off)),
                MK=Dictionary(CA=String("8")), DA=String("/ZaDb 0 Tf 0 g"),
            )
        )  # fmt: skip

    def _add(self, field: Dictionary) -> pikepdf.Object:
        made = self.pdf.make_indirect(field)
        self.fields.append(made)
        return made

    def save(self, target: Path) -> None:
        """Write the form; the same bytes every time."""
        self.pdf.Root.AcroForm = Dictionary(
            Fields=self.fields, DA=String("/Wingdings 8 Tf 0 g"), DR=Dictionary(Font=self.fonts)
        )
        self.pdf.Root.Lang = String("de-DE")
        self.pdf.save(target, deterministic_id=True)


def build(target: Path) -> Path:
    """Write the form to `target` and hand the path back."""
    builder = _Builder()
    for number in range(len(CATEGORIES)):
        builder.add_page(number)
    builder.save(target)
    return target


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    build(parser.parse_args().target)
