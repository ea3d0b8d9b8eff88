#!/bin/sh
# Pillow 13.0.0: a fax (TIFF, black and white, Group 4) is opened, made grey, and saved as TIFF again.
#
# Expected by most: how the file was packed ends with the file; convert() gives a picture of its own, and save()
# without options packs it in a way that fits, as it does for a picture that was made in memory.
# Seen: convert(), resize() and copy() carry the compression of the file along, and save() takes it for wanted: a
# grey or coloured picture then can't be saved (OSError "encoder error -2"), although nobody asked for Group 4.
# A picture with the same dots from memory is saved; so is the converted one with compression="raw".
#
# Exits 0 as long as this is so. Needs Python 3 with venv, and pip.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install -q pillow==13.0.0 >"$home/pip.log" 2>&1 || { cat "$home/pip.log"; exit 1; }
cd "$home"
cat >try.py <<'PY'
import sys

import PIL
from PIL import Image

print("Pillow", PIL.__version__)
Image.new("1", (64, 64), 1).save("fax.tif", compression="group4")
with Image.open("fax.tif") as fax:
    grey = fax.convert("L")
    pictures = {
        "converted": (grey, {}),
        "converted and resized": (grey.resize((32, 32)), {}),
        "converted, compression given": (grey, {"compression": "raw"}),
        "from memory": (Image.frombytes("L", grey.size, grey.tobytes()), {}),
    }
seen = {}
for name, (picture, options) in pictures.items():
    try:
        picture.save("again.tif", **options)
        seen[name] = "saved"
    except OSError as error:
        seen[name] = str(error)
    print(f"{name}: {seen[name]}")
refused = "encoder error -2 when writing image file"
sys.exit(list(seen.values()) != [refused, refused, "saved", "saved"])
PY
venv/bin/python try.py
