#!/bin/sh
# qpdf 12 (by pikepdf 10.18) makes the appearance of a text field whose default font is a Type0 font with two-byte codes
# (Identity-H), as forms need it that take names in many alphabets.
#
# Expected by most: the words, or a warning that this font is not supported.
# Seen: neither. The words are written with a byte a letter, "?" for what is not ASCII, under the two-byte font: each pair of
# letters becomes one code. The page shows nothing of them, and text extraction gives Chinese signs. The field's /V stays right,
# and is gone after flattening. qpdf's exit code and warnings do not tell.
#
# Exits 0 as long as this is so. Needs Python 3 with venv, and pip.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install -q pikepdf==10.18.0 pypdfium2==5.15.2 reportlab==5.1.0 >"$home/pip.log" 2>&1 ||
    { cat "$home/pip.log"; exit 1; }
cd "$home"
cat >try.py <<'PY'
import sys
from pathlib import Path

import pikepdf
import pypdfium2
import reportlab
from pikepdf import Array, Dictionary, Name, Pdf, String

pdf = Pdf.new()
pdf.add_blank_page(page_size=(300, 100))
program = pdf.make_stream((Path(reportlab.__file__).parent / "fonts" / "Vera.ttf").read_bytes())
described = Dictionary(
    Type=Name.FontDescriptor, FontName=Name.Vera, Flags=4, FontBBox=Array([-183, -236, 1287, 928]), ItalicAngle=0,
    Ascent=928, Descent=-236, CapHeight=729, StemV=80, FontFile2=program,
)
letters = Dictionary(
    Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.Vera, FontDescriptor=pdf.make_indirect(described), DW=600,
    CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0), CIDToGIDMap=Name.Identity,
)
unicode = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"""
font = Dictionary(
    Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Vera, Encoding=Name("/Identity-H"),
    DescendantFonts=Array([pdf.make_indirect(letters)]), ToUnicode=pdf.make_stream(unicode),
)
field = pdf.make_indirect(
    Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("facility"), V=String("Haus Süd"), F=4,
        Rect=Array([10, 40, 290, 60]), DA=String("/Own 12 Tf 0 g"), P=pdf.pages[0].obj,
    )
)
pdf.pages[0].Annots = Array([field])
pdf.Root.AcroForm = Dictionary(
    Fields=Array([field]), NeedAppearances=True, DA=String("/Own 12 Tf 0 g"),
    DR=Dictionary(Font=Dictionary(Own=pdf.make_indirect(font))),
)
pdf.save("filled.pdf")

with Pdf.open("filled.pdf") as made:
    made.generate_appearance_streams()
    stream = made.pages[0].Annots[0].AP.N.read_bytes()
    told = made.get_warnings()
    made.flatten_annotations("all")
    made.save("flat.pdf")
page = pypdfium2.PdfDocument("flat.pdf")[0]
text = page.get_textpage().get_text_bounded()
print("pikepdf", pikepdf.__version__, "qpdf", pikepdf.__libqpdf_version__)
print("appearance:", [line for line in stream.splitlines() if b"Tj" in line], "warnings:", told)
print("text of the flattened page:", ascii(text))
words = b"(Haus S?d) Tj" in stream
sys.exit(not (words and not told and text.startswith("\u4861\u7573")))
PY
venv/bin/python try.py 2>log || { cat log; exit 1; }
