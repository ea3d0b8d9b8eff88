"""Recovering what is no longer in fields: speed against pdfplumber's own text, and how many scanned pages are found.

    python benchmarks/recover.py [PAGES]

Printed pages are read side by side with pdfplumber's `extract_text` of the same pages. Then every page of the
project's form is scanned (200 dpi, 1 degree askew, grain) and identified; PAGES of them are also read by Tesseract.
Last, ordinary returns: what looking for notes and printed pages costs them.
"""

from __future__ import annotations

import io
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pdfplumber
import pypdfium2 as pdfium
from PIL import Image, ImageFilter

from formgen.blank import build_blank
from harvest.reading import read
from harvest.reading.extract import extract
from harvest.reading.model.edition_geometry import Blanks
from harvest.reading.pdf.pdfium_adapter import Document
from harvest.reading.scan.qr import codes
from spec.form.load import default_form
from tests.readers.engines import require
from tests.readers.tools import flatten
from tests.specimens.form import SCRIPTS

ROUNDS = 5


def side_by_side(*tasks: Callable[[], object]) -> list[float]:
    """CPU milliseconds of each task, medians of rounds in which the tasks take turns."""
    spent: list[list[float]] = [[] for _ in tasks]
    for _ in range(ROUNDS):
        for task, times in zip(tasks, spent, strict=True):
            start = time.process_time()
            task()
            times.append(1000 * (time.process_time() - start))
    return [statistics.median(times) for times in spent]


def scan(page: Image.Image, number: int) -> Image.Image:
    random.seed(number)
    turned = page.rotate(random.choice((-1, 1)), Image.Resampling.BICUBIC, fillcolor=255)
    grain = Image.frombytes("L", page.size, random.randbytes(page.width * page.height))
    return Image.blend(turned.filter(ImageFilter.GaussianBlur(0.5)), grain, 0.06)


def plumbed(data: bytes) -> None:
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.extract_text()


def main(pages_read: int) -> None:
    made = build_blank(default_form())
    edition = made.edition_file
    known = {edition.edition: edition}
    columns = [column.key for column in edition.form.columns]
    values = {
        f"{edition.edition}_{category.key}_r{row:02d}_{column}": SCRIPTS[(row + place) % len(SCRIPTS)]
        for category in edition.form.categories
        for row in (1, 2)
        for place, column in enumerate(columns)
    }
    with tempfile.TemporaryDirectory() as folder:
        blank, filled = Path(folder, "blank.pdf"), Path(folder, "filled.pdf")
        blank.write_bytes(made.pdf)
        require("pdfjs").fill(blank, values, filled)
        for printer in ("gs", "cairo", "chrome"):
            target = Path(folder, f"{printer}.pdf")
            flatten(printer, filled, target)
            data = target.read_bytes()
            ours, theirs = side_by_side(lambda d=data: read(d, known), lambda d=data: plumbed(d))  # type: ignore[misc]
            print(
                f"printed by {printer}: {ours:.0f} ms, pdfplumber's text {theirs:.0f} ms ({ours / theirs:.2f})"
            )
        ordinary = filled.read_bytes()
        blanks = Blanks.of(known.values())
        fields, besides = side_by_side(lambda: extract(ordinary), lambda: extract(ordinary, (), blanks))
        print(f"an ordinary return: fields {fields:.0f} ms, with all else {besides:.0f} ms")
        with pdfium.PdfDocument(filled) as pdf:
            pdf.init_forms()
            shots = [
                scan(page.render(scale=200 / 72, grayscale=True).to_pil().convert("L"), number)
                for number, page in enumerate(pdf)
            ]
        whole = Path(folder, "scan.pdf")
        shots[0].save(whole, "PDF", resolution=200, quality=55, save_all=True, append_images=shots[1:])
        found = sum(
            any(codes(Document.picture(_opened(whole), n, 300).image)) for n in range(1, len(shots) + 1)
        )
        print(f"scanned pages identified: {found} of {len(shots)}")
        part = Path(folder, "part.pdf")
        some = [shot.copy() for shot in shots[1 : 1 + pages_read]]
        some[0].save(part, "PDF", resolution=200, quality=55, save_all=True, append_images=some[1:])
        start = time.monotonic()
        reading = read(part.read_bytes(), known)
        took = (time.monotonic() - start) / pages_read
        cells = {str(field.name): field.text for field in reading.fields}
        print(
            f"scanned pages read: {len(reading.found)} of {pages_read}, {len(cells)} cells, {took:.1f} s a page"
        )


def _opened(path: Path) -> Document:
    return Document(path.read_bytes())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
