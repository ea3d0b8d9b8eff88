#!/bin/sh
# One picture with the orientation "turn right" in its EXIF, saved as JPEG, PNG, WebP, AVIF and TIFF, read by OpenCV 5.0.0.
#
# Expected by most: imread turns pictures as their EXIF says (its documentation names a flag to leave that out), or none.
# Seen: JPEG, PNG and WebP are turned. AVIF is not. The TIFF can't be read at all: imread logs an internal error and
# returns None, though the file is valid, with IMREAD_IGNORE_ORIENTATION too.
# Besides, Pillow 12.3.0 changes what it is given: saving the AVIF takes the orientation out of the caller's Exif object, so that
# a file saved with it afterwards has none.
# So the same photo lies or stands by its suffix, and a turned fax is lost unless the caller looks for None.
#
# Exits 0 as long as this is so. Needs Python 3 with venv, and pip.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install -q opencv-python-headless==5.0.0.93 pillow==12.3.0 numpy==2.4.6 >"$home/pip.log" 2>&1 || { cat "$home/pip.log"; exit 1; }
cd "$home"
cat >try.py <<'PY'
import sys

import cv2
from PIL import Image

WIDTH, HEIGHT = 80, 40
print("OpenCV", cv2.__version__)
found = {}
for kind in ("jpg", "png", "webp", "avif", "tif"):
    exif = Image.Exif()  # one for each: Pillow takes the orientation out of the one that it saves an AVIF with
    exif[0x0112] = 6
    Image.new("RGB", (WIDTH, HEIGHT), "white").save(f"picture.{kind}", exif=exif)
    read = cv2.imread(f"picture.{kind}")
    if kind == "avif":
        taken = 0x0112 not in exif
    found[kind] = "not read" if read is None else "upright" if read.shape[0] > read.shape[1] else "lying"
    print(kind, found[kind])
unturned = cv2.imread("picture.tif", cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
print("orientation gone from the exif given to Pillow for the AVIF:", taken)
print("tif, orientation ignored:", "not read" if unturned is None else unturned.shape)
expected = {"jpg": "upright", "png": "upright", "webp": "upright", "avif": "lying", "tif": "not read"}
sys.exit(found != expected or unturned is not None or not taken)
PY
"$home/venv/bin/python" try.py
