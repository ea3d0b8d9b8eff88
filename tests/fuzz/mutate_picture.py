"""Changes of pictures from within: turned, cut, of other colours and sizes, with other EXIF data; the file around them sound."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random
from typing import Any

from PIL import Image

from tests.fuzz.drawn import saved

_ORIENTATION = 0x0112
_KINDS = {"png": "PNG", "jpg": "JPEG", "tif": "TIFF", "webp": "WEBP"}
_MODES = ("1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16")


def in_picture(data: bytes, ending: str, chance: Random) -> bytes:
    """`data` shown otherwise, and saved as its kind, or as another under the same name."""
    with Image.open(io.BytesIO(data)) as file:
        picture = file.convert("L")
    for change in [chance.choice(_CHANGES) for _ in range(chance.choice((1, 1, 2, 3)))]:
        picture = change(picture, chance)
    kind = _KINDS[ending] if chance.random() < 0.9 else chance.choice(sorted(_KINDS.values()))
    options: dict[str, Any] = {"exif": _tags(chance)}
    if chance.random() < 0.2:
        options["dpi"] = (chance.choice((0, 1, 72, 96, 300, 65535)),) * 2
    if kind == "TIFF":
        options["compression"] = chance.choice(("raw", "raw", "tiff_deflate"))
        options["exif"][_ORIENTATION] = chance.randint(1, 8)  # libtiff refuses to write others
    if kind == "TIFF" and chance.random() < 0.5:
        options |= {"save_all": True, "append_images": [picture.rotate(180)] * chance.choice((1, 3))}
    try:
        return saved(picture.convert(chance.choice(_MODES)), kind, **options)
    except (OSError, ValueError):  # not each kind holds each mode
        return saved(picture, kind, **options)


def _tags(chance: Random) -> Image.Exif:
    tags = Image.Exif()
    tags[_ORIENTATION] = chance.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 65535))
    if chance.random() < 0.3:
        tags[chance.choice((0x010E, 0x0132, 0x9003, 0x9286))] = chance.choice(
            ("", "x" * 5000, "9999:99:99 99:99:99")
        )
    return tags


def _turn(picture: Image.Image, chance: Random) -> Image.Image:
    return picture.rotate(chance.choice((90, 180, 270, 1, 7)), expand=True, fillcolor=255)


def _cut(picture: Image.Image, chance: Random) -> Image.Image:
    x, y = chance.randrange(picture.width), chance.randrange(picture.height)
    return (
        picture.crop((0, 0, x + 1, y + 1)) if chance.random() < 0.5 else picture.crop((x, y, *picture.size))
    )


def _shrink(picture: Image.Image, chance: Random) -> Image.Image:
    return picture.resize(
        (
            max(picture.width // chance.choice((1, 2, 40)), 1),
            max(picture.height // chance.choice((1, 2, 40)), 1),
        )
    )


def _blot(picture: Image.Image, chance: Random) -> Image.Image:
    picture = picture.copy()
    x, y = chance.randrange(picture.width), chance.randrange(picture.height)
    picture.paste(
        chance.choice((0, 128, 255)), (x, y, x + chance.choice((5, 300)), y + chance.choice((5, 300)))
    )
    return picture


def _fade(picture: Image.Image, chance: Random) -> Image.Image:
    share = chance.choice((0.1, 0.5, -1.0))
    return picture.point([round(255 - (255 - grey) * share) % 256 for grey in range(256)])


_CHANGES: tuple[Callable[[Image.Image, Random], Image.Image], ...] = (_turn, _cut, _shrink, _blot, _fade)
