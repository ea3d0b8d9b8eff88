#!/bin/sh
# A picture with an orientation in its EXIF ("turn right"), as JPEG and as TIFF, made a PDF page by img2pdf 0.6.3 (Pillow 12.3.0).
#
# Expected by most: the page shows the picture as a viewer does; img2pdf writes the turn as the page's /Rotate for both.
# Seen: the JPEG is right. Of the TIFF, Pillow has turned the dots already while it was opened (and says so by its size), and
# img2pdf adds /Rotate 90 for the same orientation: the page is turned twice and stands on its head, without a warning.
# Whoever scans to TIFF and wraps the scans in a PDF gets pages that are upside down; a reader must try all four turns.
#
# Exits 0 as long as this is so. Needs Python 3 with venv, and pip.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install -q img2pdf==0.6.3 pillow==12.3.0 pypdfium2==5.15.2 pikepdf==10.18.0 >"$home/pip.log" 2>&1 || { cat "$home/pip.log"; exit 1; }
cd "$home"
cat >try.py <<'PY'
import sys

import img2pdf
import PIL
import pypdfium2
from PIL import Image

WIDTH, HEIGHT = 80, 40
print("img2pdf", img2pdf.__version__, "Pillow", PIL.__version__)
picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
picture.paste("red", (0, 0, 20, 10))
exif = Image.Exif()
exif[0x0112] = 6  # turn right: the red corner, left above in the file, belongs right above


def red_corner(name):
    with open("page.pdf", "wb") as target:
        target.write(img2pdf.convert(name))
    page = pypdfium2.PdfDocument("page.pdf")[0].render(scale=2).to_pil().convert("RGB")
    right, below = page.width - 4, page.height - 4
    corners = {"left above": (3, 3), "right above": (right, 3), "left below": (3, below), "right below": (right, below)}
    (red,) = [where for where, dot in corners.items() if page.getpixel(dot)[1] < 100]
    return red, "upright" if page.height > page.width else "lying"


found = {}
for kind in ("jpg", "tif"):
    picture.save(f"picture.{kind}", exif=exif)
    found[kind] = red_corner(f"picture.{kind}")
    print(kind, *found[kind])
sys.exit(found != {"jpg": ("right above", "upright"), "tif": ("right below", "lying")})
PY
"$home/venv/bin/python" try.py
