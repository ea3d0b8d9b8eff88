"""A cell cut out of a page: small, bounded, and what a person would have seen there."""

from __future__ import annotations

import base64
import io
import json
import random

import pytest
from PIL import Image, ImageDraw

from harvest.model import PICTURE_MARK, Picture
from harvest.reading.model import limits
from harvest.reading.model.raw_fields import Raw, RawPicture
from harvest.reading.model.reading_codec import from_bytes, to_bytes
from harvest.reading.page.recovered_values import Recovered
from harvest.reading.scan.crop import cut_out
from spec.geometry import Box

SIZE = (200.0, 100.0)
NAME = "f7q4k93xb_kontaktstelle_r02_einrichtung"


def page(dpi: int = 300) -> Image.Image:
    """White, with a black square of ten points; its lower left corner lies 50 points from the left, 40 from below."""
    scale = dpi / 72
    made = Image.new("L", (round(SIZE[0] * scale), round(SIZE[1] * scale)), 255)
    left, top = 50 * scale, (SIZE[1] - 50) * scale
    ImageDraw.Draw(made).rectangle((left, top, left + 10 * scale, top + 10 * scale), fill=0)
    return made


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("L", (width, height), random.Random(1).randbytes(width * height))


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data))
    assert (image.format or "").lower() == picture.kind
    assert image.size == (picture.width, picture.height)
    return image.convert("L")


def test_the_cell_is_shown_with_a_little_around_it() -> None:
    found = cut_out(page(), Box(50, 40, 60, 50), SIZE)
    assert found is not None
    image = opened(found)
    assert image.size == pytest.approx((16 / 72 * 300, 16 / 72 * 300), abs=1)
    assert image.getpixel((image.width // 2, image.height // 2)) == 0
    assert image.getpixel((3, 3)) == 255


@pytest.mark.parametrize("dpi", [72, 300, 1200])
def test_a_picture_is_never_larger_than_the_limits(dpi: int) -> None:
    found = cut_out(page(dpi), Box(0, 0, *SIZE), SIZE)
    assert found is not None
    assert found.width <= limits.PICTURE_SIZE[0]
    assert found.height <= limits.PICTURE_SIZE[1]
    assert len(found.data) <= limits.PICTURE_BYTES


def test_noise_takes_no_more_bytes_than_the_limit() -> None:
    found = cut_out(noise(834, 417), Box(0, 0, *SIZE), SIZE)
    assert found is not None
    opened(found)
    assert len(found.data) <= limits.PICTURE_BYTES


def test_a_cell_beside_the_page_has_no_picture() -> None:
    assert cut_out(page(), Box(300, 40, 310, 50), SIZE) is None


def test_the_same_cell_gives_the_same_bytes_and_says_whose_they_are() -> None:
    first, second = (cut_out(page(), Box(50, 40, 60, 50), SIZE) for _ in range(2))
    assert first == second
    assert first is not None
    assert PICTURE_MARK in first.data


def test_a_document_has_room_for_so_many_pictures_only() -> None:
    found = Recovered(room=20_000)
    names = [f"f7q4k93xb_kontaktstelle_r{row:02}_einrichtung" for row in range(1, 40)]
    found.cut(noise(834, 417), names, dict.fromkeys(names, Box(50, 40, 60, 50)), SIZE, 1)
    assert 0 < len(found.pictures) < len(names)
    assert sum(len(one.picture.data) for one in found.pictures) <= 20_000


def test_a_picture_travels_unchanged() -> None:
    picture = cut_out(page(), Box(50, 40, 60, 50), SIZE)
    assert picture is not None
    raw = Raw(pages=1, fields=(), pictures=(RawPicture(NAME, 1, picture),))
    assert from_bytes(to_bytes(raw)) == raw


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (2, "gif"),
        (3, 100_000),
        (3, 0),
        (4, -1),
        (4, "9"),
        (5, base64.b64encode(b"<svg/>").decode()),
        (5, base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(limits.PICTURE_BYTES)).decode()),
        (5, "%"),
    ],
)
def test_what_a_worker_gone_bad_sends_is_no_picture(place: int, value: object) -> None:
    picture = cut_out(page(), Box(50, 40, 60, 50), SIZE)
    assert picture is not None
    body = json.loads(to_bytes(Raw(pages=1, fields=(), pictures=(RawPicture(NAME, 1, picture),))))
    body["pictures"][0][place] = value
    with pytest.raises((ValueError, KeyError, TypeError)):
        from_bytes(json.dumps(body).encode())
