"""Make the specimens anew: `python -m tests.specimens.make [NAME...]`. Needs the engines of `tests/readers/install.py`.

Each is a return as a real program leaves it, beside it what it holds (`.json`). The numbers are drawn with a seed.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pikepdf

from formgen.blank import build_blank
from spec.geometry import Box
from spec.wire import EditionFile
from tests.readers.engines import require
from tests.readers.tools import flatten
from tests.specimens import sheets
from tests.specimens.form import EDITION, GERMAN, OVERFLOW, RETURNS, SCRIPTS, Truth, small_form
from tests.specimens.paper import on_scanner, page_of

ENGINES = ("pdfium-typed", "pdfjs", "poppler")
PRINTERS = ("gs", "cairo", "chrome")


class Maker:
    """The blank, and what is done to it."""

    def __init__(self, folder: Path) -> None:
        made = build_blank(small_form())
        self.edition: EditionFile = made.edition_file
        self.folder = folder
        self.blank = folder / "blank.pdf"
        self.blank.write_bytes(made.pdf)
        RETURNS.mkdir(exist_ok=True)
        EDITION.write_text(self.edition.to_json(), encoding="utf-8")
        self.first, self.second = (category.key for category in self.edition.form.categories)
        self.columns = [column.key for column in self.edition.form.columns]
        self.pages = tuple((page.category, page.number) for page in self.edition.pages)

    def full(self, local: str) -> str:
        return f"{self.edition.edition}_{local}"

    def box(self, local: str) -> tuple[int, Box]:
        field = self.edition.fields[local]
        return field.page, Box(*field.box)

    def cells(self, category: str, texts: tuple[str, ...]) -> dict[str, str]:
        return {
            f"{category}_r{1 + index // len(self.columns):02d}_{self.columns[index % len(self.columns)]}": text
            for index, text in enumerate(texts)
        }

    def printed_values(self) -> dict[str, str]:
        cover = {"cover_organisation": "Beispielverein Süd e. V.", "cover_person": "Ayşe Łęcka"}
        return {**cover, **self.cells(self.first, (*SCRIPTS, OVERFLOW, "", *SCRIPTS[:10]))}

    def filled(self, engine: str, values: Mapping[str, str], nil: tuple[str, ...] = ()) -> Path:
        target = self.folder / f"{engine}.pdf"
        wanted = {self.full(local): text for local, text in values.items() if text}
        checks = [self.full(f"{category}_nil") for category in nil]
        require(engine).fill(self.blank, wanted, target, checks=checks)
        return target

    def truth(self, target: Path, values: Mapping[str, str], nil: tuple[str, ...] = ()) -> None:
        Truth({local: text for local, text in values.items() if text}, nil, self.pages).save(target)


def printed(engine: str, printer: str, maker: Maker, target: Path) -> None:
    values, nil = maker.printed_values(), (maker.second,)
    flatten(printer, maker.filled(engine, values, nil), target)
    maker.truth(target, values, nil)


def fitted(maker: Maker, target: Path, *, rotate: int, scale: float) -> None:
    """Printed "fit to page", turned, and with its pages in another order."""
    values, nil = maker.printed_values(), (maker.second,)
    plain = maker.folder / "plain.pdf"
    flatten("cairo", maker.filled("pdfjs", values, nil), plain)
    with pikepdf.Pdf.open(plain) as pdf:
        for page in pdf.pages:
            page.contents_add(f"q {scale} 0 0 {scale} 31 17 cm".encode(), prepend=True)
            page.contents_add(b"Q")
            page.rotate(rotate, relative=True)
        pdf.pages.reverse()
        pdf.save(target)
    Truth({k: v for k, v in values.items() if v}, nil, maker.pages[::-1]).save(target)


def annotated(maker: Maker, target: Path) -> None:
    """Typed with a text tool on top of the fields, which stay empty."""
    from tests.readers.engines.mupdf import opened

    values = maker.cells(maker.first, SCRIPTS[:10])
    with opened(maker.blank) as pdf:
        for local, text in values.items():
            index, box = maker.box(local)
            page = pdf[index]
            height = page.rect.height
            rect = (box.x0 + 1, height - box.y1 + 1, box.x1 - 1, height - box.y0 - 1)
            page.add_freetext_annot(rect, text, fontsize=8)
        page.add_freetext_annot((500, 20, 700, 40), "Bitte zurückrufen", fontsize=8)
        pdf.save(target, garbage=3, deflate=True)
    maker.truth(target, values)


def fill_and_sign(maker: Maker, target: Path) -> None:
    """What Adobe's Fill & Sign leaves: a form XObject between marks for each text, the catalog marked (finding: readers, 7)."""
    values = maker.cells(maker.first, GERMAN[:7])
    with pikepdf.Pdf.open(maker.blank) as pdf:
        pdf.Root.ADBE_FillSignInfo = pikepdf.Dictionary(type=pikepdf.Name.FillSign)
        font = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )  # fmt: skip
        for count, (local, text) in enumerate(values.items()):
            index, box = maker.box(local)
            page = pdf.pages[index]
            coded = text.encode("cp1252").hex().encode()
            form = pdf.make_stream(
                b"q /Tx BMC BT /F 8 Tf 0 0 Td <" + coded + b"> Tj ET EMC Q",
                Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, -3, 600, 10],
                Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font)),
            )  # fmt: skip
            name = f"/FS{count}"
            page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name(name), replace_existing=True)
            at = f"1 0 0 1 {box.x0 + 3:.2f} {box.y1 - 12:.2f} cm {name} Do"
            page.contents_add(f"/ADBE_FillSign BMC q {at} Q EMC".encode())
        pdf.save(target)
    maker.truth(target, values)


def scanned(
    dpi: int, skew: float, maker: Maker, target: Path, *, noise: float = 6.0, fax: bool = False
) -> None:
    """Filled in, printed, laid on a scanner a little askew: only a picture comes back. One sheet."""
    values = maker.cells(maker.first, GERMAN)
    page = on_scanner(page_of(maker.filled("pdfium-typed", values), 1, dpi), dpi, skew, noise=noise)
    sheets.save(page, target, fax=fax, dpi=dpi, quality=55)
    Truth(values, (), (maker.pages[1],)).save(target)


def jobs() -> dict[str, Callable[[Maker, Path], None]]:
    """Specimen -> how it is made."""
    made: dict[str, Callable[[Maker, Path], None]] = {
        f"printed-{engine}-{printer}": partial(printed, engine, printer)
        for engine in ENGINES
        for printer in PRINTERS
    }
    made["turned-90-fitted"] = partial(fitted, rotate=90, scale=0.93)
    made["turned-180-shrunk"] = partial(fitted, rotate=180, scale=0.7)
    made["annotated-mupdf"] = annotated
    made["fill-and-sign"] = fill_and_sign
    for dpi, skew in ((100, 0.5), (150, -0.7), (200, 1.0), (300, -1.0)):
        made[f"scan-{dpi}"] = partial(scanned, dpi, skew)
    made["scan-200-upside-down"] = partial(scanned, 200, 181.0)
    made["fax-200"] = partial(scanned, 200, 0.6, fax=True)
    return made | sheets.jobs()


def main(wanted: list[str]) -> None:
    random.seed(7)
    with tempfile.TemporaryDirectory() as folder:
        maker = Maker(Path(folder))
        for name, make in jobs().items():
            if not wanted or name in wanted:
                target = RETURNS / f"{name}.pdf"
                make(maker, target)
                print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
