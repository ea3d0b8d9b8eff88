"""What joins files on their way back: services, programs, libraries.

join("pdfbox", [one, other], target)
"""

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pikepdf
import pypdf

from tests.readers.engines.base import HERE, run
from tests.readers.engines.mupdf import opened
from tests.readers.engines.node import script
from tests.readers.engines.pdfbox import JARS

Join = Callable[[Sequence[Path], Path], None]


def join(tool: str, sources: Sequence[Path], target: Path) -> None:
    """Join files into one, as `tool` does it; tools: JOINERS."""
    JOINERS[tool](sources, target)


def join_fields(sources: Sequence[Path], target: Path) -> None:
    """PDFBox's other way: fields of one name become one field, which has the first file's value."""
    _pdfbox(sources, target, "--join-fields")


def _pdfbox(sources: Sequence[Path], target: Path, *options: str) -> None:
    quiet = "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.NoOpLog"
    run(
        "pdfbox",
        [
            "java",
            quiet,
            "-cp",
            ":".join(map(str, JARS)),
            HERE / "PdfBoxMerge.java",
            *options,
            target,
            *sources,
        ],
    )


def _pdflib(sources: Sequence[Path], target: Path) -> None:
    script("pdf-lib", "join.mjs", json.dumps({"sources": list(map(str, sources)), "target": str(target)}))


def _pdftk(sources: Sequence[Path], target: Path) -> None:
    run("pdftk", ["pdftk", *sources, "cat", "output", target])


def _qpdf(sources: Sequence[Path], target: Path) -> None:
    run("qpdf", ["qpdf", "--empty", "--pages", *sources, "--", target])


def _pdfunite(sources: Sequence[Path], target: Path) -> None:
    run("pdfunite", ["pdfunite", *sources, target])


def _pypdf(sources: Sequence[Path], target: Path) -> None:
    whole = pypdf.PdfWriter()
    for source in sources:
        whole.append(source)
    whole.write(target)


def _pikepdf(sources: Sequence[Path], target: Path) -> None:
    with pikepdf.Pdf.new() as whole, warnings.catch_warnings():
        # it warns that fields are no longer in /AcroForm: just the damage that is wanted here
        warnings.simplefilter("ignore", pikepdf.PageCopyWarning)
        for source in sources:
            with pikepdf.Pdf.open(source) as part:
                whole.pages.extend(part.pages)
        whole.save(target)


def _mupdf(sources: Sequence[Path], target: Path) -> None:
    with opened(sources[0]) as whole:
        for source in sources[1:]:
            with opened(source) as part:
                whole.insert_pdf(part)
        whole.save(target)


JOINERS: Mapping[str, Join] = {
    "pdfbox": _pdfbox,
    "pdf-lib": _pdflib,
    "pdftk": _pdftk,
    "qpdf": _qpdf,
    "pdfunite": _pdfunite,
    "pypdf": _pypdf,
    "pikepdf": _pikepdf,
    "mupdf": _mupdf,
}
"""Tools that join files."""
