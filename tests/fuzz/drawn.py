"""Specimens beside plain returns: what fields show and do not store, ink, pictures of a page, exported form data."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from harvest.reading.pdf.pdfium_adapter import Document

#: Dots per inch of the pictures: the least at which text recognition finds all, and no more.
_DPI = 150
_ORIENTATION, _RIGHT_TOP = 0x0112, 6  # EXIF 2.3: the camera was held upright


def form_data(values: Mapping[str, str]) -> dict[str, bytes]:
    """The values of a return as FDF (ISO 32000-1, 12.7.7) and XFDF (ISO 19444-1)."""
    pairs = "".join(
        f"<</T({name})/V<{(chr(0xFEFF) + text).encode('utf-16-be').hex()}>>>" for name, text in values.items()
    )
    fields = "".join(
        f"<field name={quoteattr(name)}><value>{escape(text)}</value></field>"
        for name, text in values.items()
    )
    return {
        "values.fdf": b"%FDF-1.2\n1 0 obj\n<</FDF<</F(a.pdf)/Fields["
        + pairs.encode()
        + b"]>>>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n",
        "values.xfdf": (
            '<?xml version="1.0" encoding="UTF-8"?><xfdf xmlns="http://ns.adobe.com/xfdf/" xml:space="preserve">'
            f'<f href="a.pdf"/><fields>{fields}</fields></xfdf>'
        ).encode(),
    }


def pictures(scan: bytes) -> dict[str, bytes]:
    """The first page of a scan as each kind of picture; the photo lies on its side, as its EXIF data say."""
    document = Document(scan)
    page = document.picture(1, _DPI).image
    document.close()
    tags = Image.Exif()
    tags[_ORIENTATION] = _RIGHT_TOP
    small = page.resize((page.width // 8, page.height // 8))
    two = {"save_all": True, "append_images": [small.convert("1")]}
    return {
        "scan.png": saved(page.quantize(16), "PNG"),
        "photo.jpg": saved(page.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=40, exif=tags),
        "fax.tif": saved(page.convert("1"), "TIFF", compression="group4", **two),
        "photo.webp": saved(page, "WEBP", quality=40, method=0),
    }


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file of this kind."""
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def show(pdf: Pdf, widget: Any, words: bytes) -> None:
    """The field shows these words, whatever it stores."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    drawn = b"/Tx BMC q BT /Helv 8 Tf 2 4 Td (" + words + b") Tj ET Q EMC"
    widget.AP = Dictionary(
        N=pdf.make_stream(
            drawn,
            Subtype=Name.Form,
            BBox=Array([0, 0, 120, 20]),
            Resources=Dictionary(Font=Dictionary(Helv=font)),
        )
    )


def ink(pdf: Pdf, page: Any, rect: tuple[float, float, float, float]) -> None:
    """A stroke of a pen in `rect` (points, bottom-left origin), as an annotation."""
    x0, y0, x1, y1 = rect
    path = Array([x0, y0, (x0 + x1) / 2, y1, x1, y0])
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Ink,
        Rect=Array([x0, y0, x1, y1]),
        InkList=Array([path]),
        F=4,
        C=Array([0, 0, 1]),
    )
    note.AP = Dictionary(N=pdf.make_stream(stroke(rect), Subtype=Name.Form, BBox=note.Rect))
    page.Annots.append(pdf.make_indirect(note))


def stroke(rect: tuple[float, float, float, float]) -> bytes:
    """The same stroke as content."""
    x0, y0, x1, y1 = rect
    return f"q 0 0 1 RG 1.5 w {x0:g} {y0:g} m {(x0 + x1) / 2:g} {y1:g} l {x1:g} {y0:g} l S Q\n".encode()


def scribbled(pdf: Pdf) -> None:
    """Each page of a return with ink over a field, a stroke over another, and one that shows other words."""
    for page in pdf.pages:
        widgets = [one for one in page.obj.get("/Annots", []) if one.get("/FT") == "/Tx"][:3]
        for number, widget in enumerate(widgets):
            rect = tuple(float(one) for one in widget.Rect)
            if number == 0:
                ink(pdf, page.obj, (rect[0], rect[1], rect[2], rect[3]))
            elif number == 1:
                page.contents_add(stroke((rect[0], rect[1], rect[2], rect[3])))
            else:
                show(pdf, widget, b"Frau Neu, 030 1")
                widget.V = String("Herr Alt, 040 9")


def opened(data: bytes, password: str = "") -> Pdf:
    """A PDF to change."""
    return pikepdf.open(io.BytesIO(data), password=password)
