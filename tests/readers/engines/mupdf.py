"""MuPDF, the engine inside SumatraPDF."""

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pymupdf
from PIL import Image

from tests.readers.engines.base import Renderer, refuse_unknown


class MuPdf(Renderer):
    """Rewrites the file when it saves."""

    name = "mupdf"
    label = "SumatraPDF (MuPDF), saved anew"

    def version(self) -> str:
        return f"PyMuPDF {pymupdf.VersionBind}"

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        with pymupdf.open(source) as document:
            self._enter(document, values, checks)
            document.save(target)

    def _enter(self, document: Any, values: Mapping[str, str], checks: Collection[str]) -> None:
        done = set()
        for page in document:
            for widget in page.widgets():
                if widget.field_name in values:
                    widget.field_value = values[widget.field_name]
                elif widget.field_name in checks:
                    widget.field_value = True
                else:
                    continue
                widget.update()
                done.add(widget.field_name)
        refuse_unknown(self.name, {*values, *checks}, done)

    def render(self, source: Path, page: int, dpi: int) -> Image.Image:
        with pymupdf.open(source) as document:
            shown = document[page].get_pixmap(dpi=dpi)
            return Image.frombytes("RGB", (shown.width, shown.height), shown.samples)

    def text(self, source: Path, page: int) -> str:
        with pymupdf.open(source) as document:
            return str(document[page].get_text())


class MuPdfIncremental(MuPdf):
    """Appends its changes to the file, as SumatraPDF's "save" does."""

    name = "mupdf-incremental"
    label = "SumatraPDF (MuPDF), saved in place"

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        shutil.copyfile(source, target)
        with pymupdf.open(target) as document:
            self._enter(document, values, checks)
            document.saveIncr()
