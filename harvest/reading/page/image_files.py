"""Files that are pictures: photos, scans without a PDF around them, faxes of many pages. Read as scans are.

They are opened in a worker only, and under limits: a few bytes can claim to be a picture of any size.
"""

from __future__ import annotations

import io
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harvest import formats
from harvest.model import Severity
from harvest.problems import problem
from harvest.reading.model import limits
from harvest.reading.model.edition_geometry import Blanks
from harvest.reading.model.errors import UnreadableError
from harvest.reading.model.raw_fields import Raw, ranges
from harvest.reading.model.similarity_transform import Similarity
from harvest.reading.page import picture_pages
from harvest.reading.page.recovered_values import Known, Recovered
from harvest.reading.page.recovery import Pause
from harvest.reading.pdf.pdfium_adapter import Content, Picture
from harvest.reading.printed.picture_layers import Stack
from harvest.reading.scan import tesseract

if TYPE_CHECKING:
    from PIL.Image import Image

_ORIENTATION, _SUBFILE = 0x0112, 0x00FE  # tags of TIFF 6.0 and EXIF
_REDUCED = 1  # bit of a page that is a small copy of another
#: Kinds of files of which each further picture is a page; in others it is a thumbnail, a depth or a step of a film.
_MANY = frozenset({"TIFF", "HEIF"})


def extract(data: bytes, suffix: str, blanks: Blanks, pause: Pause) -> Raw:
    """What the pages of a picture say. Never raises for what it is.

    Args:
        data: the file.
        suffix: its kind, as `formats.suffix_of` tells it.
        blanks: the known editions' geometry.
        pause: see `harvest.reading.extract`.
    """
    raw = Raw(pages=0, fields=(), producer=formats.MIME[suffix])
    try:
        with _opened(data, suffix) as file:
            return _read(ImageFile(file), raw, blanks, pause)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - Pillow and its decoders fail in any way on damaged files
        return replace(raw, problems=(problem("picture-damaged", Severity.LOST),))


@contextmanager
def _opened(data: bytes, suffix: str) -> Iterator[Image]:
    from PIL import Image as Pictures  # noqa: PLC0415 - loaded when a file is a picture

    if suffix == ".heic":
        import pi_heif  # noqa: PLC0415 - a native library

        pi_heif.register_heif_opener()
    with warnings.catch_warnings():
        # the limits are kept here, page by page
        warnings.simplefilter("ignore")
        before, Pictures.MAX_IMAGE_PIXELS = Pictures.MAX_IMAGE_PIXELS, None
        try:
            with Pictures.open(io.BytesIO(data)) as file:
                yield file
        finally:
            Pictures.MAX_IMAGE_PIXELS = before


class TooManyPixelsError(UnreadableError):
    """A picture is larger than any page."""


class ImageFile:
    """An open picture; its pages are counted from 1."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.damaged = False
        self.frames = self._pages()

    def _pages(self) -> Sequence[int]:
        """The places of its pages in the file; one more than the limit where there are too many."""
        if self._file.format not in _MANY:
            return [0]
        frames: list[int] = []
        for frame in range(2 * limits.PAGES):
            try:
                self._file.seek(frame)
            except EOFError:
                break
            tags = getattr(self._file, "tag_v2", {})
            if not frame or not int(tags.get(_SUBFILE, 0)) & _REDUCED:
                frames.append(frame)
            if len(frames) > limits.PAGES:
                break
        return frames

    def picture(self, number: int, dpi: float, *, words: bool = True) -> Picture:  # noqa: ARG002 - as a PDF's
        """A page in grey, turned as its EXIF data say; never larger than the limit.

        Raises:
            UnreadableError: it is damaged, or too large.
        """
        try:
            grey = self._grey(self.frames[number - 1])
        except (MemoryError, UnreadableError):
            raise
        except Exception as error:
            raise UnreadableError(type(error).__name__) from error
        return Picture(grey, Similarity())

    def _grey(self, frame: int) -> Image:
        from PIL import Image as Pictures  # noqa: PLC0415

        file = self._file
        file.seek(frame)
        if file.format == "JPEG":
            file.draft("L", (limits.PIXELS, limits.PIXELS))
        if file.width * file.height > limits.PICTURE_PIXELS:
            raise TooManyPixelsError(f"{file.width} x {file.height}")
        self._load()
        orientation = file.getexif().get(_ORIENTATION, 1)
        grey = _on_white(file)
        longest = max(grey.size)
        if longest > limits.PIXELS:
            share = limits.PIXELS / longest
            size = (max(round(grey.width * share), 1), max(round(grey.height * share), 1))
            grey = grey.resize(size, Pictures.Resampling.BICUBIC, reducing_gap=2.0)
        turn = {
            2: Pictures.Transpose.FLIP_LEFT_RIGHT,
            3: Pictures.Transpose.ROTATE_180,
            4: Pictures.Transpose.FLIP_TOP_BOTTOM,
            5: Pictures.Transpose.TRANSPOSE,
            6: Pictures.Transpose.ROTATE_270,
            7: Pictures.Transpose.TRANSVERSE,
            8: Pictures.Transpose.ROTATE_90,
        }.get(orientation)
        return grey if turn is None else grey.transpose(turn)

    def _load(self) -> None:
        """Unpack the page; of one that was cut off, what is there."""
        from PIL import ImageFile as Files  # noqa: PLC0415

        try:
            self._file.load()
        except OSError:
            self.damaged = True
            before, Files.LOAD_TRUNCATED_IMAGES = Files.LOAD_TRUNCATED_IMAGES, True
            try:
                self._file.load()
            finally:
                Files.LOAD_TRUNCATED_IMAGES = before


def _on_white(image: Any) -> Image:
    """In grey, on white paper where it is transparent."""
    from PIL import Image as Pictures  # noqa: PLC0415

    if image.mode.startswith(("I", "F")):  # more than 256 greys: from the darkest to the lightest that occur
        low, high = image.getextrema()
        span = max(high - low, 1) / 255
        greys: Image = image.convert("F").point(lambda grey: grey / span - low / span).convert("L")
        return greys
    if not image.has_transparency_data:
        plain: Image = image.convert("L")
        return plain
    both = image.convert("LA")
    paper = Pictures.new("L", both.size, 255)
    paper.paste(both.getchannel("L"), mask=both.getchannel("A"))
    return paper


def _read(file: ImageFile, raw: Raw, blanks: Blanks, pause: Pause) -> Raw:
    """All pages, as long as there is time."""
    began, found = time.monotonic(), Recovered()
    frames = file.frames
    if len(frames) > limits.PAGES:
        size = f"> {limits.PAGES}"
        found.problems.append(
            problem("too-large", Severity.LOST, what="pages", size=size, limit=limits.PAGES)
        )
        frames = frames[: limits.PAGES]
    raw = replace(raw, pages=len(frames))
    so_far = raw
    for number in range(1, len(frames) + 1):
        strange = not found.seen
        if time.monotonic() - began > (limits.STRANGE_SECONDS if strange else limits.SECONDS) or (
            strange and len(found.problems) >= limits.STRANGE
        ):
            left = ranges(range(number, len(frames) + 1))
            found.problems.append(problem("pages-unread", Severity.LOST, pages=left))
            break
        pause(replace(so_far, left=tuple(range(number, len(frames) + 1))))
        known = Known.of(found)
        _page(file, number, blanks, found)
        so_far = known.since(found)
    if found.passed_over:
        limit, pages = picture_pages.most(blanks), ranges(found.passed_over)
        found.problems.append(problem("too-many-pictures", Severity.LOST, limit=limit, pages=pages))
    if file.damaged:
        found.problems.append(problem("picture-damaged", Severity.CHECK if found.seen else Severity.LOST))
    elif not found.seen and not any(one.severity is Severity.LOST for one in found.problems):
        found.problems.append(problem("picture-not-ours", Severity.LOST))
    return replace(
        raw,
        fields=tuple(found.fields),
        seen=tuple(found.seen),
        pictures=tuple(found.pictures),
        problems=tuple(found.problems),
    )


def _page(file: ImageFile, number: int, blanks: Blanks, found: Recovered) -> None:
    page = picture_pages.Page(number, Content((), (), (0.0, 0.0)), Stack(picture=True))
    before = found.pictured
    try:
        with tesseract.within(limits.PAGE_SECONDS) as is_over:
            picture_pages.look(file, page, blanks, found)
    except TooManyPixelsError as error:
        limit = limits.PICTURE_PIXELS
        found.problems.append(
            problem("too-large", Severity.LOST, what="pixels", size=str(error), limit=limit)
        )
    except UnreadableError:
        found.problems.append(problem("page-not-ours", Severity.CHECK, page=number))
        file.damaged = True
    else:
        if is_over():
            found.pictured = max(found.pictured, before + limits.FAILED)
