"""MuPDF, the engine inside SumatraPDF."""

import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pymupdf
from PIL import Image
from pymupdf import mupdf

from tests.readers.engines.base import Renderer, refuse_unknown


def opened(source: Path | None = None) -> Any:
    """A document, or a new empty one; PyMuPDF claims to be typed, but its constructor is not."""
    return pymupdf.open(source)  # type: ignore[no-untyped-call]


class MuPdf(Renderer):
    """Rewrites the file when it saves."""

    name = "mupdf"
    label = "SumatraPDF (MuPDF), saved anew"

    def version(self) -> str:
        return f"PyMuPDF {pymupdf.VersionBind}"

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        with opened(source) as document:
            self._enter(document, values, checks)
            document.save(target)

    def _enter(self, document: Any, values: Mapping[str, str], checks: Collection[str]) -> None:
        # MuPDF's own calls, as SumatraPDF makes them: PyMuPDF's Widget.update() does not empty a field
        done = set()
        for page in document:
            own_page = mupdf.pdf_page_from_fz_page(page.this)
            for widget in _widgets(own_page):
                name = mupdf.pdf_load_field_name(mupdf.pdf_annot_obj(widget))
                if name in values:
                    mupdf.pdf_set_text_field_value(widget, values[name])
                elif name in checks:
                    _tick(widget)
                else:
                    continue
                done.add(name)
            mupdf.pdf_update_page(own_page)
        refuse_unknown(self.name, {*values, *checks}, done)

    def render(self, source: Path, page: int, dpi: int) -> Image.Image:
        with opened(source) as document:
            shown = document[page].get_pixmap(dpi=dpi)
            return Image.frombytes("RGB", (shown.width, shown.height), shown.samples)

    def text(self, source: Path, page: int) -> str:
        with opened(source) as document:
            return str(document[page].get_text())


class MuPdfIncremental(MuPdf):
    """Appends its changes to the file, as SumatraPDF's "save" does."""

    name = "mupdf-incremental"
    label = "SumatraPDF (MuPDF), saved in place"

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        shutil.copyfile(source, target)
        with opened(target) as document:
            self._enter(document, values, checks)
            document.saveIncr()


def _widgets(page: Any) -> Iterator[Any]:
    widget = mupdf.pdf_first_widget(page)
    while widget.m_internal:
        yield widget
        widget = mupdf.pdf_next_widget(widget)


def _tick(widget: Any) -> None:
    state = mupdf.pdf_dict_get(mupdf.pdf_annot_obj(widget), mupdf.pdf_new_name("AS"))
    if not state.m_internal or mupdf.pdf_to_name(state) == "Off":
        mupdf.pdf_toggle_widget(widget)
