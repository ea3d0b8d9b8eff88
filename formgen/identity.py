"""The visible identity of a page: small print and QR code, as the content of a form XObject."""

from __future__ import annotations

from formgen.fonts import form_font
from formgen.items import IdentityPlace
from formgen.pdfobjects import number
from formgen.qr import encode
from spec.names import PageIdentity

#: The identity's only font resource: the form font, so that any token can be written with it.
FONT = "F"


def identity_content(identity: PageIdentity, place: IdentityPlace) -> bytes:
    """Operators that draw `identity` at its place: QR code at the top, small print in the foot."""
    font = form_font()
    code = encode(str(identity))
    # The unit is a module from here on, counted from the upper left corner.
    side = f"{place.code.width / code.size:.6f}"
    lines = [f"q 0 g {side} 0 0 -{side} {number(place.code.x0)} {number(place.code.y1)} cm"]
    for row, runs in enumerate(code.runs):
        lines += [f"{start} {row} {length} 1 re" for start, length in runs]
    # One path for all modules: a renderer that smooths edges leaves no seams between them.
    lines.append("f Q")
    small = f"/{FONT} {number(place.size)} Tf {number(place.x)} {number(place.y)} Td"
    lines.append(f"BT 0.29 0.32 0.36 rg {small} <{font.encode(str(identity))}> Tj ET")
    return "\n".join(lines).encode("ascii")
