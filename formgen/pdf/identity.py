"""The visible identity of a page: small print, page number and QR code, as the content of a form XObject.

Whatever of a page differs between the blank and its copies stands here or in a field.
"""

from __future__ import annotations

from formgen.fonts import face_metrics, form_font
from formgen.layout.items import IdentityPlace
from formgen.pdf.pdfobjects import number
from formgen.pdf.qr import encode
from spec.names import PageIdentity

#: Font resources: the form font, so that any token can be written with it; the printed text's own.
FONT = "F"
TEXT_FONT = "T"
#: Soft ink, and the type size of the page's number in points.
COLOUR = "0.29 0.32 0.36 rg"
FOLIO_SIZE = 8


def identity_content(identity: PageIdentity, place: IdentityPlace, folio: str) -> bytes:
    """Operators that draw `identity` and the page's number: QR code at the top, small print in the foot."""
    code = encode(str(identity))
    # The unit is a module from here on, counted from the upper left corner.
    side = f"{place.code.width / code.size:.6f}"
    lines = [f"q 0 g {side} 0 0 -{side} {number(place.code.x0)} {number(place.code.y1)} cm"]
    for row, runs in enumerate(code.runs):
        lines += [f"{start} {row} {length} 1 re" for start, length in runs]
    # One path for all modules: a renderer that smooths edges leaves no seams between them.
    lines.append("f Q")
    return "\n".join(lines).encode("ascii") + small_print(str(identity), place) + folio_content(folio, place)


def small_print(text: str, place: IdentityPlace) -> bytes:
    """The identity in the foot."""
    start = f"{COLOUR} /{FONT} {number(place.size)} Tf {number(place.x)} {number(place.y)} Td"
    return f"\nBT {start} <{form_font().encode(text)}> Tj ET".encode("ascii")


def folio_content(text: str, place: IdentityPlace) -> bytes:
    """The page's number, its end at the right margin; in the form font where it is not plain ASCII."""
    if text.isascii():
        # In its first font, reportlab codes ASCII as itself and embeds all of it (see formgen.pdf.draw).
        font, coded = TEXT_FONT, text.encode("ascii").hex()
        width = face_metrics()["regular"].width(text, FOLIO_SIZE)
    else:
        font, coded, width = FONT, form_font().encode(text), form_font().width(text, FOLIO_SIZE)
    start = f"{COLOUR} /{font} {FOLIO_SIZE} Tf {number(place.right - width)} {number(place.y)} Td"
    return f"\nBT {start} <{coded}> Tj ET".encode("ascii")
