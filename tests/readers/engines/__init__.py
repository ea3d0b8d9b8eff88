"""The real PDF engines with which the tests fill forms, by name.

    require("pdfjs").fill(blank, {"field": "Grüße"}, returned, checks=["nil"])

An adapter is imported when it is first asked for, so that one missing tool is one clear message about that tool.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module

from tests.readers.engines.base import Engine, EngineMissing, FillError, Renderer

__all__ = ["ENGINES", "RENDERERS", "Engine", "EngineMissing", "FillError", "Renderer", "renderer", "require"]

_WHERE = {  # name -> module, class
    "pdfium-typed": ("pdfium", "PdfiumTyped"),
    "pdfium-pasted": ("pdfium", "PdfiumPasted"),
    "pdfjs": ("pdfjs", "PdfJs"),
    "poppler": ("poppler", "Poppler"),
    "mupdf": ("mupdf", "MuPdf"),
    "mupdf-incremental": ("mupdf", "MuPdfIncremental"),
    "pypdf": ("with_pypdf", "PyPdf"),
    "pikepdf": ("with_pikepdf", "PikePdf"),
    "pdf-lib": ("pdflib", "PdfLib"),
    "pdfbox": ("pdfbox", "PdfBox"),
    "pdftk": ("pdftk", "Pdftk"),
}

RENDERERS = ("pdfium-typed", "pdfjs", "poppler", "mupdf")
"""Names of engines that also show pages, one per screen technology."""


class _Engines(Mapping[str, Engine]):
    """Engines by name, each imported on first use."""

    def __init__(self) -> None:
        self._made: dict[str, Engine] = {}

    def __getitem__(self, name: str) -> Engine:
        if name not in self._made:
            module, kind = _WHERE[name]
            try:
                made = getattr(import_module(f"{__name__}.{module}"), kind)()
            except ModuleNotFoundError as missing:
                raise EngineMissing(
                    name, f"the Python package {missing.name}", "python3 -m pip install -e '.[readers]'"
                ) from missing
            assert isinstance(made, Engine)
            self._made[name] = made
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in _WHERE

    def __iter__(self) -> Iterator[str]:
        return iter(_WHERE)

    def __len__(self) -> int:
        return len(_WHERE)


ENGINES: Mapping[str, Engine] = _Engines()


def require(name: str) -> Engine:
    """The engine, proven to be here; else EngineMissing names the tool and how to install it."""
    engine = ENGINES[name]
    engine.version()
    return engine


def renderer(name: str) -> Renderer:
    """As `require`, for an engine that shows pages."""
    engine = require(name)
    if not isinstance(engine, Renderer):
        raise TypeError(f"the engine '{name}' shows no pages; those that do: {', '.join(RENDERERS)}")
    return engine
