"""What else happens to a form on its way back: pages taken out, printed to PDF, repacked, encrypted.

    extract_pages("qpdf", filled, [0, 2], target)
    flatten("chrome", filled, target)
    repack("owner-password", filled, target)

Pages are counted from 0 and asked for in ascending order (Ghostscript takes no other).
"""

import shutil
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tests.readers.engines.base import run
from tests.readers.engines.mupdf import opened

OWNER_PASSWORD = "nur-lesen"
"""The password that `repack("owner-password", ...)` sets; it is not needed for opening."""

Extract = Callable[[Path, Sequence[int], Path], None]
Rewrite = Callable[[Path, Path], None]


def extract_pages(tool: str, source: Path, pages: Sequence[int], target: Path) -> None:
    """Take some pages out of a file, as `tool` does it; tools: EXTRACTORS."""
    EXTRACTORS[tool](source, pages, target)


def flatten(tool: str, source: Path, target: Path) -> None:
    """Print to PDF: what was in fields becomes page content; tools: PRINTERS."""
    PRINTERS[tool](source, target)


def repack(how: str, source: Path, target: Path) -> None:
    """Write the same document in another container; ways: REPACKERS."""
    REPACKERS[how](source, target)


def _numbers(pages: Sequence[int]) -> str:
    return ",".join(str(page + 1) for page in pages)


def _extract_qpdf(source: Path, pages: Sequence[int], target: Path) -> None:
    run("qpdf", ["qpdf", source, "--pages", ".", _numbers(pages), "--", target])


def _extract_pdfseparate(source: Path, pages: Sequence[int], target: Path) -> None:
    with TemporaryDirectory() as folder:
        singles = [Path(folder) / f"{page}.pdf" for page in pages]
        for page, single in zip(pages, singles, strict=True):
            number = str(page + 1)
            run("pdfseparate", ["pdfseparate", "-f", number, "-l", number, source, single])
        if len(singles) == 1:
            shutil.copyfile(singles[0], target)  # pdfunite is for two files and more
        else:
            run("pdfunite", ["pdfunite", *singles, target])


def _extract_pdfium(source: Path, pages: Sequence[int], target: Path) -> None:
    with pdfium.PdfDocument(source) as whole:
        part = pdfium.PdfDocument.new()
        part.import_pages(whole, list(pages))
        part.save(target)
        part.close()


def _extract_pypdf(source: Path, pages: Sequence[int], target: Path) -> None:
    whole = pypdf.PdfReader(source)
    part = pypdf.PdfWriter()
    for page in pages:
        part.add_page(whole.pages[page])
    part.write(target)


def _extract_pikepdf(source: Path, pages: Sequence[int], target: Path) -> None:
    with pikepdf.Pdf.open(source) as whole, pikepdf.Pdf.new() as part, warnings.catch_warnings():
        # it warns that fields are no longer in /AcroForm: just the damage that is wanted here
        warnings.simplefilter("ignore", pikepdf.PageCopyWarning)
        for page in pages:
            part.pages.append(whole.pages[page])
        part.save(target)


def _extract_mupdf(source: Path, pages: Sequence[int], target: Path) -> None:
    with opened() as part:
        for page in pages:
            # opened anew, since PyMuPDF 2.0 may drop the fields of all but the first part (see test_matrix)
            with opened(source) as whole:
                part.insert_pdf(whole, from_page=page, to_page=page)
        part.save(target)


def _extract_pdftk(source: Path, pages: Sequence[int], target: Path) -> None:
    run("pdftk", ["pdftk", source, "cat", *[str(page + 1) for page in pages], "output", target])


def _extract_gs(source: Path, pages: Sequence[int], target: Path) -> None:
    run("gs", [*GS, f"-sPageList={_numbers(pages)}", f"-sOutputFile={target}", source])


GS = ("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfwrite")

EXTRACTORS: Mapping[str, Extract] = {
    "qpdf": _extract_qpdf,
    "pdfseparate": _extract_pdfseparate,
    "pdfium": _extract_pdfium,
    "pypdf": _extract_pypdf,
    "pikepdf": _extract_pikepdf,
    "mupdf": _extract_mupdf,
    "pdftk": _extract_pdftk,
    "gs": _extract_gs,
}
"""Tools that take pages out of a file."""

EXTRACTORS_THAT_FLATTEN = frozenset({"gs"})
"""Ghostscript draws every page anew: what was in fields is page content afterwards, as after printing."""


def _print_gs(source: Path, target: Path) -> None:
    run("gs", [*GS, "-dPreserveAnnots=false", "-dShowAcroForm=true", f"-sOutputFile={target}", source])


def _print_cairo(source: Path, target: Path) -> None:
    run("pdftocairo", ["pdftocairo", "-pdf", source, target])


def _print_chrome(source: Path, target: Path) -> None:
    """What Chrome's print to PDF does: import the pages into a new document and flatten each for print."""
    with pdfium.PdfDocument(source) as filled:
        printed = pdfium.PdfDocument.new()
        printed.import_pages(filled)
        for page in printed:
            if pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_PRINT) == pdfium_c.FLATTEN_FAIL:
                raise RuntimeError(f"PDFium could not flatten {source}")
            page.close()
        printed.save(target)
        printed.close()


PRINTERS: Mapping[str, Rewrite] = {"gs": _print_gs, "cairo": _print_cairo, "chrome": _print_chrome}
"""Ways to print to PDF: a PDF printer (Ghostscript), GTK programs (cairo), Chrome and Edge (PDFium)."""


def _qpdf(*options: str) -> Rewrite:
    def rewrite(source: Path, target: Path) -> None:
        run("qpdf", ["qpdf", *options, source, target])

    return rewrite


REPACKERS: Mapping[str, Rewrite] = {
    "linearised": _qpdf("--linearize"),
    "object-streams": _qpdf("--object-streams=generate", "--compression-level=9"),
    "uncompressed": _qpdf("--object-streams=disable", "--stream-data=uncompress"),
    "owner-password": _qpdf("--encrypt", "", OWNER_PASSWORD, "256", "--modify=none", "--"),
    "owner-password-rc4": _qpdf(
        "--allow-weak-crypto", "--encrypt", "", OWNER_PASSWORD, "128", "--print=none", "--"
    ),
}
"""Containers that other programs write: for the web, compact, plain, protected (AES-256, and the old RC4)."""
