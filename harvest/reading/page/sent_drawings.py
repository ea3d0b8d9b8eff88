"""The drawings of each edition as they were sent: what a page draws that nobody wrote on, and how it looks.

Opened in the worker, each when the first page asks for it. A page whose content is that of a blank or of a copy needs no
look; any other is compared with the drawing that is nearest to it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from harvest.reading.fields import fast_reader
from harvest.reading.model import limits
from harvest.reading.model.edition_geometry import Blanks
from harvest.reading.model.errors import UnreadableError, UnusualError
from harvest.reading.model.raw_fields import RawField, parsed_name
from spec.names import IdField, PageIdentity

if TYPE_CHECKING:
    from harvest.reading.pdf.pdfium_adapter import Picture

#: What a content stream may inflate to; ours have some ten thousand bytes.
_INFLATED = 4 * 1024 * 1024
#: Objects that are known by their bytes.
_TEXTS = 4096
#: Pages of blanks that are kept as pictures, a megabyte each.
_PICTURES = 32
#: Copies whose values are kept.
_COPIES = 64


class Sent:
    """What was sent, by edition."""

    def __init__(
        self, drawn: Mapping[str, Sequence[str]], copies: Mapping[str, Mapping[str, Sequence[str]]]
    ) -> None:
        self._drawn, self._copies = drawn, copies
        self._learnt: set[str] = set()
        self._plain: set[bytes] = set()
        self._texts: set[bytes] = set()
        self._picture = lru_cache(maxsize=_PICTURES)(_picture)
        self._filled = lru_cache(maxsize=_COPIES)(_filled)

    def knows(self, edition: str) -> bool:
        """Whether a drawing of the edition is still there."""
        return edition in self._there

    @cached_property
    def _there(self) -> frozenset[str]:
        """The editions of which one is; what their pages draw is known from here on."""
        there = set()
        for edition, paths in self._drawn.items():
            for path in paths:
                if (data := _bytes(path)) is not None:
                    there.add(edition)
                    self._take(data)
        return frozenset(there)

    def _take(self, data: bytes) -> None:
        with suppress(UnusualError, *fast_reader.STUMBLES):
            for text in fast_reader.contents(data):
                self._texts.add(text)
                if (plain := _plain(text)) is not None:
                    self._plain.add(plain)

    def learn(self, said: Iterable[str]) -> None:
        """Take in the copies of those recipients whose tokens pages say (`spec.names.PageIdentity` as text)."""
        for identity in said:
            edition, _, rest = identity.partition("/")
            token = rest.partition("/")[0]
            for path in self._copies.get(edition, {}).get(token, ()):
                if path not in self._learnt:
                    self._learnt.add(path)
                    if (data := _bytes(path)) is not None:
                        self._take(data)

    def prefilled(self, said: str) -> Sequence[RawField]:
        """What stood in the fields of a copy's page when it was sent; nothing where that copy is not there.

        Of several copies that it may be, what all of them had.

        Args:
            said: what the page says whose it is (`spec.names.PageIdentity` as text).
        """
        edition, _, rest = said.partition("/")
        paths = self._copies.get(edition, {}).get(rest.partition("/")[0], ())
        first, *others = [page for path in paths if (page := self._filled(path).get(said))] or [()]
        known = [{(one.name, one.text) for one in page} for page in others]
        return [one for one in first if all((one.name, one.text) in page for page in known)]

    def drew(self, text: bytes) -> bool:
        """Whether a page with this content shows what was sent, and nothing more.

        Args:
            text: the object that it stands in, with its stream. The same program writes the next return with the same
                bytes, so each is unpacked once.
        """
        if not self._there:
            return False
        if text in self._texts:
            return True
        known = _plain(text) in self._plain
        if known and len(self._texts) < _TEXTS:
            self._texts.add(text)
        return known

    def drew_plain(self, content: bytes) -> bool:
        """The same for the content itself."""
        return bool(self._there) and content.rstrip() in self._plain

    def pages(self, identity: PageIdentity, number: int | None) -> Iterator[Picture]:
        """How a page was sent: as each drawing shows it.

        Args:
            identity: the page's.
            number: its number in the blank, from 1; None where only a copy has it.
        """
        for path in self._drawn.get(identity.edition, ()) if number is not None else ():
            if (found := self._picture(path, number, None)) is not None:
                yield found
        token = identity.token or ""
        for path in self._copies.get(identity.edition, {}).get(token, ()):
            if (found := self._picture(path, 0, identity)) is not None:
                yield found


@lru_cache(maxsize=2)
def sent_of(blanks: Blanks) -> Sent | None:
    """The drawings that were sent, opened as far as they are needed; None where nobody told where they lie."""
    read = json.loads(blanks.text)
    drawn = {edition: body["drawn"] for edition, body in read.items() if "drawn" in body}
    copies = {edition: body["copies"] for edition, body in read.items() if "copies" in body}
    return Sent(drawn, copies) if drawn else None


def _bytes(path: str) -> bytes | None:
    with suppress(OSError):
        if Path(path).stat().st_size <= limits.BYTES:
            return Path(path).read_bytes()
    return None


def _plain(text: bytes) -> bytes | None:
    """What a stream object draws; None where it is packed in an unusual way."""
    head, _, body = text.partition(b"stream")
    body = body.removeprefix(b"\r").removeprefix(b"\n")
    if b"/Filter" not in head:
        return body.rstrip()
    inflating = zlib.decompressobj()
    try:
        return inflating.decompress(body, _INFLATED).rstrip() if b"/FlateDecode" in head else None
    except zlib.error:
        return None


def _filled(path: str) -> Mapping[str, Sequence[RawField]]:
    """What each page of a copy says -> its fields with words."""
    data = _bytes(path)
    pages: dict[str, Sequence[RawField]] = {}
    with suppress(UnusualError, *fast_reader.STUMBLES):
        by_page: dict[int, list[RawField]] = {}
        for one in fast_reader.extract(data).fields if data is not None else ():
            by_page.setdefault(one.page, []).append(one)
        for fields in by_page.values():
            whose = (one.text for one in fields if isinstance(parsed_name(one.name), IdField))
            pages.update({said: tuple(one for one in fields if one.text.strip()) for said in whose})
    return pages


def _picture(path: str, number: int | None, identity: PageIdentity | None) -> Picture | None:
    """A page of a drawing, by its number or by what its print says."""
    from harvest.reading.identity.page_identity import printed_identities  # noqa: PLC0415
    from harvest.reading.pdf.pdfium_adapter import Document  # noqa: PLC0415
    from harvest.reading.printed.ink import DPI  # noqa: PLC0415 - hardly any return needs it

    data = _bytes(path)
    if data is None:
        return None
    with suppress(UnreadableError):
        document = Document(data)
        try:
            if identity is None:
                return document.picture(number or 1, DPI)
            for page in range(1, document.count + 1):
                if any(one.identity == identity for one in printed_identities(document.content(page).pieces)):
                    return document.picture(page, DPI)
        finally:
            document.close()
    return None
