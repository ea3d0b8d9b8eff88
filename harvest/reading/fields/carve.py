"""The last resort: widgets picked out of a file whose catalog is lost, so that no library can open it.

A return cut off on its way often lacks nothing but its end, where programs that pack their objects
(pdf-lib, Acrobat) put the table of contents. What a partner wrote stands in whole objects before.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harvest.model import Method
from harvest.reading.fields.nil_box_state import State, state_of
from harvest.reading.fields.pypdf_reader import quiet
from harvest.reading.model import limits
from harvest.reading.model.errors import UnreadableError
from harvest.reading.model.raw_fields import Raw, RawField, name_of, rect_of
from harvest.text.pdf_strings import decode

_HEADER = re.compile(rb"(?<![0-9])(\d{1,10})\s+\d{1,5}\s+obj\b")
_STREAM = re.compile(rb">>\s*stream\r?\n")
_COUNT = re.compile(rb"/N\s+(\d{1,7})\b")
_FIRST = re.compile(rb"/First\s+(\d{1,8})\b")


def extract(data: bytes, _passwords: Sequence[str] = ()) -> Raw:
    """The fields of ours in the last revision of each object; pages are told apart, their order is not known.

    Raises:
        UnreadableError: there are none, or they are encrypted.
    """
    import pypdf  # noqa: PLC0415 - a heavy library, loaded when it is needed

    if b"/Encrypt" in data:
        raise UnreadableError("encrypted and without a table of contents")
    latest = {number: body for number, body in _objects(data) if b"/T" in body}
    pages: dict[int, int] = {}
    with quiet():
        owner = pypdf.PdfWriter()  # references need one; they are not followed
        fields = [field for body in latest.values() if (field := _field(body, owner, pages)) is not None]
    if not fields:
        raise UnreadableError("no fields of ours")
    return Raw(pages=len(pages), fields=tuple(fields), ours=len(fields))


def _objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Every object's number and bytes in the order of the file, packed ones unpacked (7.5.7)."""
    headers = list(_HEADER.finditer(data))
    budget = limits.STREAM
    for header, following in zip(headers, [*headers[1:], None], strict=False):
        body = data[header.end() : following.start() if following else len(data)]
        if b"/ObjStm" not in body[:1000]:
            yield int(header[1]), body
            continue
        start, count, first = _STREAM.search(body), _COUNT.search(body), _FIRST.search(body)
        if start and count and first:
            packed = _inflated(body[start.end() :], budget)
            budget -= len(packed)
            yield from _unpacked(packed, int(count[1]), int(first[1]))


def _inflated(data: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, max(most, 1))
    except zlib.error:
        return b""


def _unpacked(packed: bytes, count: int, first: int) -> Iterator[tuple[int, bytes]]:
    numbers = [int(word) for word in packed[:first].split()[: 2 * count] if word.isdigit()]
    places = list(zip(numbers[::2], numbers[1::2], strict=False))
    ends = [*(offset for _, offset in places[1:]), len(packed)]
    for (number, offset), end in zip(places, ends, strict=False):
        yield number, packed[first + offset : first + end]


def _field(body: bytes, owner: Any, pages: dict[int, int]) -> RawField | None:
    from pypdf.generic import DictionaryObject, IndirectObject, read_object  # noqa: PLC0415

    try:
        node = read_object(io.BytesIO(body.lstrip()), owner)
    except Exception:  # noqa: BLE001 - cut off in the middle, or no object at all
        return None
    if not isinstance(node, DictionaryObject):
        return None
    own = {key: node.raw_get(key) for key in ("/T", "/V", "/AS", "/FT", "/P", "/AP") if key in node}
    name, said = name_of([_text(own.get("/T")) or ""]), _said(own)
    if name is None or said is None or len(said.text) > limits.CHARACTERS:
        return None
    page = own.get("/P")
    number = page.idnum if isinstance(page, IndirectObject) else -1
    try:
        box = rect_of([float(edge) for edge in node.get("/Rect", ())])
    except Exception:  # noqa: BLE001 - edges may be anything, references that lead nowhere too
        box = None
    on = pages.setdefault(number, len(pages) + 1)
    return RawField(name, said.text, Method.WIDGET, on, box, said.confidence)


def _said(node: Mapping[str, Any]) -> State | None:
    if node.get("/FT") == "/Btn":
        shown, stored = (_text(node.get(key)) for key in ("/AS", "/V"))
        return state_of(shown, stored, lambda: _appearances(node))
    text = _text(node.get("/V"))
    return None if text is None else State(text, 1.0)


def _appearances(node: Mapping[str, Any]) -> list[str] | None:
    """The states that a checkbox has appearances for, where that stands in the box itself: references are not followed."""
    from pypdf.generic import DictionaryObject  # noqa: PLC0415

    looks = node.get("/AP")
    normal = looks.raw_get("/N") if isinstance(looks, DictionaryObject) and "/N" in looks else None
    return list(normal) if isinstance(normal, DictionaryObject) else None


def _text(value: Any) -> str | None:
    from pypdf.generic import ByteStringObject, NameObject, TextStringObject  # noqa: PLC0415

    if isinstance(value, TextStringObject | ByteStringObject):
        return decode(value.original_bytes)
    return str(value) if isinstance(value, NameObject) else None
