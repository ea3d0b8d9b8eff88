#!/bin/sh
# A PDF protected by the password "Straße2026", 128 bits, and five libraries that are given just this text.
#
# Expected by most: what a library has encrypted it opens with the same text; a password is right or wrong, wherever.
# Seen: pikepdf 10.17.0 can't open the file that it has just written with the very same text (it writes with
# PDFDocEncoding, as the standard says, and tries UTF-8 only). reportlab 5.1.0 writes UTF-8, so its file opens in pikepdf, and
# neither in pypdf 7.1.0 nor in MuPDF (PyMuPDF 2.0), which open pikepdf's. PDFium (pypdfium2 5.15.2) opens all.
# So a list of passwords is of little use unless each is tried in each encoding.
#
# Exits 0 as long as this is so. Needs Python 3 with venv, and pip.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install -q pikepdf==10.17.0 pypdf==7.1.0 pypdfium2==5.15.2 PyMuPDF==2.0 reportlab==5.1.0 cryptography >"$home/pip.log" 2>&1 ||
    { cat "$home/pip.log"; exit 1; }
cd "$home"
cat >try.py <<'PY'
import io, sys

import pikepdf, pymupdf, pypdf, pypdfium2
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

PASSWORD = "Stra\u00dfe2026"


def by_pikepdf():
    made, pdf = io.BytesIO(), pikepdf.new()
    pdf.add_blank_page()
    pdf.save(made, encryption=pikepdf.Encryption(user=PASSWORD, owner="owner", R=4))
    return made.getvalue()


def by_pypdf():
    made, pdf = io.BytesIO(), pypdf.PdfWriter()
    pdf.add_blank_page(100, 100)
    pdf.encrypt(PASSWORD, "owner", algorithm="AES-128")
    pdf.write(made)
    return made.getvalue()


def by_reportlab():
    made = io.BytesIO()
    canvas = Canvas(made, encrypt=StandardEncryption(PASSWORD, ownerPassword="owner", strength=128))
    canvas.drawString(100, 700, "text")
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def opened(data):
    with_it = set()
    try:
        pikepdf.open(io.BytesIO(data), password=PASSWORD)
        with_it.add("pikepdf")
    except pikepdf.PasswordError:
        pass
    if pypdf.PdfReader(io.BytesIO(data)).decrypt(PASSWORD):
        with_it.add("pypdf")
    try:
        pypdfium2.PdfDocument(data, password=PASSWORD)
        with_it.add("PDFium")
    except pypdfium2.PdfiumError:
        pass
    if pymupdf.open(stream=data).authenticate(PASSWORD):
        with_it.add("MuPDF")
    return with_it


seen = {make.__name__[3:]: opened(make()) for make in (by_pikepdf, by_pypdf, by_reportlab)}
for maker, readers in seen.items():
    print(f"made by {maker}: opens in {', '.join(sorted(readers))}")
standard = {"pypdf", "PDFium", "MuPDF"}
sys.exit(seen != {"pikepdf": standard, "pypdf": standard, "reportlab": {"pikepdf", "PDFium"}})
PY
venv/bin/python -W ignore try.py
