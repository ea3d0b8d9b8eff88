"""Adapter to zxing-cpp: the QR codes on a page's picture, and how they say that the page lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvest.reading.model.similarity_transform import Point, Similarity, between
from spec.geometry import Box
from spec.names import PageIdentity, parse_identity

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Code:
    """A page's QR code: what it says, and its corners from the upper left clockwise; pixels, y upwards."""

    identity: PageIdentity
    corners: tuple[Point, Point, Point, Point]

    def lies(self, box: Box) -> Similarity:
        """Pixels to the blank, on which the code fills `box`."""
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.corners
        cx, cy = (x0 + x1 + x2 + x3) / 4, (y0 + y1 + y2 + y3) / 4
        # to the right, from the upper and lower edge; and from the sides, which are turned by a quarter
        dx = (x1 - x0 + x2 - x3 + (y0 - y3 + y1 - y2)) / 4
        dy = (y1 - y0 + y2 - y3 - (x0 - x3 + x1 - x2)) / 4
        u, v = box.centre
        return between(((cx, cy), (cx + dx, cy + dy)), ((u, v), (u + box.width, v)))


def codes(picture: Image) -> Iterator[Code]:
    """The codes of pages of ours."""
    import zxingcpp  # noqa: PLC0415 - a native library, loaded when a page is a picture

    height = picture.height
    for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.barcode_formats_from_str("QRCode")):
        identity = parse_identity(found.text)
        if identity is None:
            continue
        place = found.position
        corners = [
            (float(point.x), height - float(point.y))
            for point in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        ]
        yield Code(identity, (corners[0], corners[1], corners[2], corners[3]))
