"""Files that are pictures: photos of any make, faxes of many pages, hostile ones. They are read as scans are."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from harvest import formats
from harvest.model import Method, Reading
from harvest.reading import read
from harvest.reading.model import limits
from harvest.reading.page.image_files import ImageFile
from harvest.reading.pdf.pdfium_adapter import Document
from tests.specimens.figures import plain, values
from tests.specimens.form import HERE, RETURNS, Truth, edition

EDITIONS = {edition().edition: edition()}
TRUTH = Truth.of(RETURNS / "scan-200.pdf").values
HEIC = HERE / "photo.heic"


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return shown("scan-200")


def shown(specimen: str) -> Image.Image:
    document = Document((RETURNS / f"{specimen}.pdf").read_bytes())
    picture = document.picture(1, 200).image
    document.close()
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def codes(reading: Reading) -> list[tuple[str, str]]:
    return [(one.code, one.severity.value) for one in reading.problems]


def is_right(reading: Reading) -> bool:
    got = values(reading)
    return got.keys() == TRUTH.keys() and all(plain(got[name]) == plain(text) for name, text in TRUTH.items())


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("JPEG", "RGB", {"quality": 60}),
        ("PNG", "L", {}),
        ("TIFF", "1", {"compression": "group4"}),
        ("WEBP", "RGB", {"quality": 70}),
        ("BMP", "L", {}),
    ],
)
def test_pictures_of_every_kind_are_read_as_scans(
    page: Image.Image, kind: str, mode: str, options: dict[str, object]
) -> None:
    grey = shown("fax-200").point([0] * 128 + [255] * 128) if mode == "1" else page
    reading = read(saved(grey.convert(mode), kind, **options), EDITIONS)
    # one sign in a cell may be misread where a fax has no greys
    misread = 1 if mode == "1" else 0
    got = {name: plain(text) for name, text in values(reading).items()}
    assert got.keys() == TRUTH.keys()
    assert all(Levenshtein.distance(got[name], plain(text)) <= misread for name, text in TRUTH.items())
    assert {field.method for field in reading.fields} == {Method.OCR}
    assert {picture.name.local for picture in reading.pictures} == TRUTH.keys()
    assert (reading.pages, codes(reading)) == (1, [])


def test_a_photo_of_an_iphone_is_read() -> None:
    assert is_right(read(HEIC.read_bytes(), EDITIONS))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_says(orientation: int) -> None:
    upright = Image.new("L", (40, 20), 255)
    upright.paste(0, (0, 0, 10, 5))
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = upright.transpose(back[orientation]) if orientation in back else upright
    tags = Image.Exif()
    tags[0x0112] = orientation
    with Image.open(io.BytesIO(saved(stored, "PNG", exif=tags))) as file:
        seen = ImageFile(file).picture(1, 300).image
    assert (seen.size, seen.tobytes()) == (upright.size, upright.tobytes())


def test_the_pages_of_a_fax_are_read_and_strange_ones_among_them_told(page: Image.Image) -> None:
    strange = Image.new("L", (1000, 700), 255)
    strange.paste(0, (300, 300, 500, 400))
    fax = saved(page, "TIFF", save_all=True, append_images=[strange, page.rotate(180)])
    reading = read(fax, EDITIONS)
    assert [(one.number, one.category) for one in reading.found] == [
        (1, "kontaktstelle"),
        (3, "kontaktstelle"),
    ]
    assert {field.place.page for field in reading.fields} == {1, 3}
    assert (reading.pages, codes(reading)) == (3, [("page-not-ours", "check")])


def test_a_transparent_picture_lies_on_white_paper(page: Image.Image) -> None:
    ink = Image.new("RGBA", page.size, (0, 0, 0, 255))
    ink.putalpha(page.point([255 - grey for grey in range(256)]))
    assert is_right(read(saved(ink, "PNG"), EDITIONS))


def test_a_picture_that_shows_nothing_of_ours_is_told() -> None:
    reading = read(saved(Image.new("RGB", (900, 700), "green"), "JPEG"), EDITIONS)
    assert codes(reading) == [("picture-not-ours", "lost")]


def test_a_picture_that_was_cut_off_is_read_as_far_as_it_goes_and_told(page: Image.Image) -> None:
    data = saved(page, "JPEG", quality=60)
    reading = read(data[: len(data) * 3 // 4], EDITIONS)
    assert len(reading.found) == 1
    assert ("picture-damaged", "check") in codes(reading)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".heic", ".webp", ".bmp"])
def test_a_file_that_only_begins_as_a_picture_is_told(suffix: str) -> None:
    start = {
        ".jpg": b"\xff\xd8\xff\xe0", ".png": b"\x89PNG\r\n\x1a\n", ".tif": b"II*\0", ".heic": b"\0\0\0\x18ftypheic",
        ".webp": b"RIFF\0\0\0\0WEBPVP8 ", ".bmp": b"BM" + bytes(12) + b"\x28\0\0\0",
    }[suffix]  # fmt: skip
    assert formats.suffix_of(start) == suffix
    assert codes(read(start + bytes(60), EDITIONS)) == [("picture-damaged", "lost")]


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_picture_that_claims_to_be_huge_is_not_unpacked() -> None:
    reading = read(png_that_claims(60_000, 60_000), EDITIONS)
    (told,) = reading.problems
    assert (told.code, dict(told.details)["what"]) == ("too-large", "pixels")


def test_of_a_file_of_ten_thousand_pages_some_are_looked_at_and_the_rest_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "PAGES", 50)
    monkeypatch.setattr(limits, "STRANGE", 5)
    dot = Image.new("1", (8, 8), 1)
    dot.putpixel((3, 3), 0)
    reading = read(saved(dot, "TIFF", save_all=True, append_images=[dot] * 120), EDITIONS)
    assert reading.pages == 50
    assert {one.code for one in reading.problems} == {"too-large", "pages-unread"}


def test_a_small_copy_of_a_page_in_the_same_file_is_no_page(page: Image.Image, tmp_path: Path) -> None:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    reduced = ImageFileDirectory_v2()
    reduced[0x00FE] = 1
    small = page.resize((page.width // 8, page.height // 8))
    small.encoderinfo = {"tiffinfo": reduced}
    target = tmp_path / "with-preview.tif"
    page.save(target, save_all=True, append_images=[small])
    with Image.open(target) as file:
        assert len(ImageFile(file).frames) == 1


@pytest.mark.parametrize(("kind", "size"), [("PNG", (700, 310)), ("JPEG", (1200, 150)), ("GIF", (88, 31))])
def test_the_size_of_a_picture_stands_in_its_head(kind: str, size: tuple[int, int]) -> None:
    data = saved(Image.new("L", size), kind)
    assert formats.size_of(data) == size
    for cut in range(0, 40, 3):
        formats.size_of(data[:cut])
