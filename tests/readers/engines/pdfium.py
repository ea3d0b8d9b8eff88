"""PDFium, the engine inside Chrome and Edge, driven by mouse and keyboard events as the browser does."""

import ctypes
from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c
from PIL.Image import Image

from tests.readers.engines.base import FillError, Renderer, refuse_unknown

ENTER = "\r"  # the character that the Enter key sends
DELETE = 46  # key code


class _Pdfium(Renderer):
    """Opens, clicks, saves; how text gets into a field is up to the heirs."""

    def version(self) -> str:
        return f"pypdfium2 {pdfium.PYPDFIUM_INFO} (PDFium {pdfium.PDFIUM_INFO})"

    def fill(
        self, source: Path, values: Mapping[str, str], target: Path, *, checks: Collection[str] = ()
    ) -> None:
        document = pdfium.PdfDocument(source)
        try:
            document.init_forms()
            done: set[str] = set()
            for number in range(len(document)):
                page = document[number]
                done |= self._fill_page(document.formenv, page, values, checks)
                page.close()
            refuse_unknown(self.name, {*values, *checks}, done)
            document.save(target)
        finally:
            document.close()

    def _fill_page(
        self, form: Any, page: Any, values: Mapping[str, str], checks: Collection[str]
    ) -> set[str]:
        done = set()
        for name, widget in _widgets(form, page):
            if name in values:
                _click(form, page, widget)
                # what stood there is replaced, as when a partner corrects it
                c.FORM_SelectAllText(form, page)
                self._enter(form, page, values[name])
            elif name in checks:
                if not c.FPDFAnnot_IsChecked(form, widget):
                    _click(form, page, widget)
            else:
                continue
            done.add(name)
            c.FORM_ForceToKillFocus(form)  # leaving the field is what makes PDFium store it
        return done

    @abstractmethod
    def _enter(self, form: Any, page: Any, text: str) -> None:
        """Bring text into the field that has the focus."""

    def render(self, source: Path, page: int, dpi: int) -> Image:
        document = pdfium.PdfDocument(source)
        try:
            document.init_forms()
            image = document[page].render(scale=dpi / 72, may_draw_forms=True).to_pil().convert("RGB")
            assert isinstance(image, Image)
            return image
        finally:
            document.close()

    def text(self, source: Path, page: int) -> str:
        document = pdfium.PdfDocument(source)
        try:
            return str(document[page].get_textpage().get_text_bounded())
        finally:
            document.close()


class PdfiumTyped(_Pdfium):
    """Every character is one key press."""

    name = "pdfium-typed"
    label = "Chrome / Edge (PDFium), typed"

    def _enter(self, form: Any, page: Any, text: str) -> None:
        if not text:
            c.FORM_OnKeyDown(form, page, DELETE, 0)
        units = text.replace("\n", ENTER).encode("utf-16-le")  # the browser hands PDFium UTF-16, unit by unit
        for unit in memoryview(units).cast("H"):
            c.FORM_OnChar(form, page, unit, 0)


class PdfiumPasted(_Pdfium):
    """The text comes from the clipboard in one go."""

    name = "pdfium-pasted"
    label = "Chrome / Edge (PDFium), pasted"

    def _enter(self, form: Any, page: Any, text: str) -> None:
        # named, so that it outlives the call
        units = ctypes.create_string_buffer((text + "\0").encode("utf-16-le"))
        c.FORM_ReplaceSelection(form, page, ctypes.cast(units, ctypes.POINTER(c.FPDF_WCHAR)))


def _widgets(form: Any, page: Any) -> Iterator[tuple[str, Any]]:
    for index in range(c.FPDFPage_GetAnnotCount(page)):
        annotation = c.FPDFPage_GetAnnot(page, index)
        try:
            if c.FPDFAnnot_GetSubtype(annotation) == c.FPDF_ANNOT_WIDGET:
                yield _field_name(form, annotation), annotation
        finally:
            c.FPDFPage_CloseAnnot(annotation)


def _field_name(form: Any, widget: Any) -> str:
    length = c.FPDFAnnot_GetFormFieldName(form, widget, None, 0)
    buffer = ctypes.create_string_buffer(length)
    c.FPDFAnnot_GetFormFieldName(form, widget, ctypes.cast(buffer, ctypes.POINTER(c.FPDF_WCHAR)), length)
    return buffer.raw[:length].decode("utf-16-le").rstrip("\0")


def _click(form: Any, page: Any, widget: Any) -> None:
    box = c.FS_RECTF()
    if not c.FPDFAnnot_GetRect(widget, box):
        raise FillError("pdfium: a widget without a rectangle cannot be clicked")
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    c.FORM_OnMouseMove(form, page, 0, x, y)
    c.FORM_OnLButtonDown(form, page, 0, x, y)
    c.FORM_OnLButtonUp(form, page, 0, x, y)
