"""Files that an answer comes in beside PDF, told by their first bytes: pictures, and what a form's fields were exported to."""

from __future__ import annotations

import re

#: Bytes from the start that tell.
HEAD = 4096
#: How a file of each kind is called, and its MIME type, which stands as the producer in what was read of it.
MIME = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".heic": "image/heic",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
    ".fdf": "application/vnd.fdf",
    ".xfdf": "application/vnd.adobe.xfdf",
}
PDF = ".pdf"
_STARTS = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
    (b"II+\0", ".tif"),  # with long offsets
    (b"MM\0+", ".tif"),
    (b"%FDF-", ".fdf"),
)
#: Brands of ISO base media files (ISO 14496-12) that hold pictures packed with HEVC.
_HEIF = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
#: Lengths of a bitmap's second header.
_BITMAP = frozenset({12, 40, 52, 56, 64, 108, 124})
_XFDF = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,30}:)?xfdf[\s>/]")
_SUFFIX = {mime: suffix for suffix, mime in MIME.items()}


def suffix_of(head: bytes) -> str:
    """The suffix of a picture or of exported form data, whatever its name; empty for all else."""
    head = head[:HEAD]
    for start, suffix in _STARTS:
        if head.startswith(start):
            return suffix
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return ".heic"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return ".webp"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BITMAP:
        return ".bmp"
    # in UTF-16 every other byte is zero
    return ".xfdf" if _XFDF.search(head.replace(b"\0", b"")) and b"<" in head[:64] else ""


def is_picture(suffix: str) -> bool:
    """Whether files with this suffix, as `suffix_of` gives it, are pictures."""
    return MIME.get(suffix, "").startswith("image/")


def of_producer(producer: str) -> str:
    """The suffix of the file that a reading was made of."""
    return _SUFFIX.get(producer, PDF)


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG or GIF, in pixels, as its header says; None for others and damaged ones."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data.startswith(b"GIF8"):
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    return _size_of_jpeg(data) if data.startswith(b"\xff\xd8\xff") else None


#: Markers of a JPEG's frame, which holds its size (ITU T.81, B.2.2), and those without a length.
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE = frozenset({0x01, *range(0xD0, 0xDA)})
_SEGMENTS = 1000


def _size_of_jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    for _ in range(_SEGMENTS):
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if data[at : at + 1] != b"\xff" or at + 9 > len(data):
            return None
        marker = data[at + 1]
        if marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 if marker in _BARE else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
