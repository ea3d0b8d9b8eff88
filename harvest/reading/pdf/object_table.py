"""A sound file's objects (ISO 32000-1, 7.3.8, 7.3.10, 7.5.7), read as strictly as `pdf_grammar`; `xref` says where they stand."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from harvest.reading.model.errors import UnusualError
from harvest.reading.pdf import empty_objects, pdf_grammar
from harvest.reading.pdf.xref import AFTER_HEAD, FREE, IN_FILE, IN_STREAM, References, inflated, stream_at

#: A buffer and where in it an object begins and ends (`_WHOLE`: at its own `endobj`).
Span: TypeAlias = tuple[bytes, int, int]

_WHOLE = sys.maxsize
#: What the object streams of a sound return may inflate to, all of them.
_INFLATED = 64 * 1024 * 1024
#: What is read once only: pages and the like, which every return has alike; and how many bytes these have at most.
_ALIKE, _SHORT = 2048, 2048
#: Object streams that are remembered, and how large.
_KNOWN_STREAMS, _KNOWN_BYTES = 32, 256 * 1024
_HEADER = re.compile(rb"%PDF-[12]\.[0-9][\r\n ]")
_HEAD = re.compile(rb"[0-9\0\t\n\f\r ]*+")
_END = b"endobj"


@dataclass(slots=True)
class _Packed:
    """What an object stream holds, and where its objects begin and end in it (7.5.7).

    Attributes:
        again: it is likely to come again, in the next return.
        empty: widgets that hold nothing -> what is told of them (`empty_objects`).
        sound: objects that nobody asked for and that are sound.
    """

    body: bytes
    spans: Mapping[int, tuple[int, int]]
    again: bool = False
    empty: dict[int, int] = field(default_factory=dict)
    sound: set[int] = field(default_factory=set)


class Objects:
    """The objects of a file in their last revision. `data` begins at the header.

    Attributes:
        looks: the appearances of the empty widgets that were asked for (`empty_objects`).

    Raises:
        UnusualError: here and in all methods: the file is not so plain that every reader reads the same. It may be sound.
    """

    def __init__(self, data: bytes) -> None:
        if _HEADER.match(data) is None:
            raise UnusualError("no header")
        self._data = data
        self._references = References(data)
        self._entry = self._references.entry
        self.trailer = self._references.trailer
        self._streams: dict[int, _Packed] = {}
        self._checked: set[int] = set()
        self._texts: dict[int, bytes] = {}
        self._budget = _INFLATED
        self._empty = empty_objects.widgets(data)
        self.looks: set[int] = set()

    # ------------------------------------------------------------ objects

    def _span(self, number: int) -> Span:
        """Where the object stands, or in the file begins; nothing of it has been looked at."""
        kind, where = self._entry(number)
        if kind == IN_FILE:
            return self._data, self._after_head(number, where), _WHOLE
        if kind != IN_STREAM:
            raise UnusualError("a reference to a free object, or one of a further generation")
        stream = self._streams.get(where) or self._opened(where)
        if number not in stream.spans:
            raise UnusualError("an object that is not in its stream")
        self._checked.add(number)
        return stream.body, *stream.spans[number]

    def _after_head(self, number: int, where: int) -> int:
        head = b"%d 0 obj" % number
        after = where + len(head)
        if not self._data.startswith(head, where) or self._data[after] not in AFTER_HEAD:
            raise UnusualError("an object that is not where it should be")
        return after

    def _opened(self, number: int) -> _Packed:
        kind, where = self._entry(number)
        about, packed = stream_at(self._data, where, number) if kind == IN_FILE else ({}, b"")
        if about.get(b"/Type") != b"/ObjStm":
            raise UnusualError("no object stream where one should be")
        if b"/DecodeParms" in about:
            raise UnusualError("an object stream with a predictor")
        # what updates left alone is the blank's, and the next return's, too
        old = where < self._references.updated
        key = packed, *(about.get(name, b"") for name in (b"/Filter", b"/N", b"/First"))
        stream = _KNOWN.get(key) if old else None
        if stream is None:
            stream = _unpacked(about, packed, self._budget)
            if old and len(stream.body) <= _KNOWN_BYTES:
                if len(_KNOWN) >= _KNOWN_STREAMS:
                    _KNOWN.clear()
                stream.again = True
                _KNOWN[key] = stream
        self._budget -= len(stream.body)
        self._streams[number] = stream
        return stream

    def filled(self, numbers: Sequence[int]) -> Iterator[Mapping[bytes, bytes]]:
        """The dictionaries of those objects that are no widgets that hold nothing."""
        # most of the time that reading takes is spent here, hence nothing is called that need not be
        data, starts, streams = self._data, self._data.startswith, self._streams.get
        known, packed, look, match = (
            self._empty,
            empty_objects.PACKED.get,
            self.looks.add,
            pdf_grammar.EMPTY_WIDGET.match,
        )
        self._checked.update(numbers)
        for number, (kind, where) in zip(numbers, self._references.entries(numbers), strict=True):
            found: int | None
            if kind == IN_STREAM:
                stream = streams(where) or self._opened(where)
                found = stream.empty.get(number)
                if found is None:
                    start, end = stream.spans[number]
                    text = stream.body[start:end]
                    found = packed(text)
                    if found is None:
                        found = empty_objects.packed_widget(text)
                        if found is None:
                            yield _widget(text) or pdf_grammar.pairs(self._object(stream.body, start, end))
                            continue
                    if stream.again:
                        stream.empty[number] = found
            else:
                told = known.get(number)
                if told is not None and starts(told[0], where):
                    found = told[1]
                else:
                    head = b"%d 0 obj" % number
                    if not starts(head, where):
                        raise UnusualError("an object that is not where it should be")
                    start = where + len(head)
                    empty = match(data, start)
                    if empty is None:
                        yield self._dictionary(start, _widget)
                        continue
                    found = empty_objects.remembered(known, number, data[where : empty.end() + 1], empty)
            look(found)

    def bytes_of(self, number: int) -> bytes:
        """The object's bytes as far as they may go, unchecked: for a glance at one that was looked at before."""
        buffer, start, end = self._span(number)
        return buffer[start : buffer.find(_END, start) if end == _WHOLE else end]

    def _dictionary(
        self, start: int, read: Callable[[bytes], Mapping[bytes, bytes] | None]
    ) -> Mapping[bytes, bytes]:
        """The dictionary that begins there in the file."""
        data = self._data
        end = data.find(_END, start)
        if end >= 0 and data[end + len(_END)] in pdf_grammar.WHITE:
            found = read(data[start:end])
            if found is not None:
                return found
        return pdf_grammar.pairs(self._object(data, start, _WHOLE))

    def _object(self, buffer: bytes, start: int, end: int) -> bytes:
        found = pdf_grammar.OBJECT.match(buffer, start, end)
        if found is None or (end != _WHOLE and found.end() != end):
            raise UnusualError("no object where one should be")
        if end == _WHOLE and pdf_grammar.END_OF_OBJECT.match(buffer, found.end()) is None:
            raise UnusualError("an object that does not end where it should")
        return found[1]

    def check(self) -> None:
        """Look at what nobody asked for in the object streams that were opened; it has to be sound, too."""
        for stream in self._streams.values():
            for number in stream.spans.keys() - self._checked - stream.sound:
                start, end = stream.spans[number]
                check = _check if end - start <= _SHORT else _check.__wrapped__
                check(stream.body[start:end])
                stream.sound.add(number)

    def text(self, value: bytes | None) -> bytes:
        """What a value says: itself, or the object that it refers to, which is no stream."""
        number = pdf_grammar.reference(value)
        if number is None:
            return value or b""
        if number not in self._texts:  # all pages may share one
            self._texts[number] = self._object(*self._span(number))
        return self._texts[number]

    def dictionary(self, value: bytes | None) -> Mapping[bytes, bytes]:
        """The dictionary that a value is or refers to."""
        number = pdf_grammar.reference(value)
        if number is None:
            return pdf_grammar.pairs(value or b"")
        buffer, start, end = self._span(number)
        if end == _WHOLE:
            return self._dictionary(start, _short_dictionary)
        text = buffer[start:end]
        return _short_dictionary(text) or pdf_grammar.pairs(self._object(buffer, start, end))

    # ------------------------------------------------------------ streams

    def draws(self, number: int) -> bool:
        """Whether an appearance may draw anything."""
        kind, where = self._entry(number)
        return kind != IN_FILE or empty_objects.draws(self._data, where, number)

    def drawing(self, numbers: Sequence[int]) -> Iterator[int]:
        """Those of these appearances that may draw anything."""
        data, draws = self._data, empty_objects.draws
        for number, (kind, where) in zip(numbers, self._references.entries(numbers), strict=True):
            if kind != IN_FILE or draws(data, where, number):
                yield number

    def loose_stream(self, number: int) -> tuple[bytes, bytes]:
        """A stream's dictionary as it is written, and its content; both unchecked, for what only has to be compared.

        Programs write more into appearances and fonts than `pdf_grammar` admits, and no answer rests on them.
        """
        buffer, start, end = self._span(number)
        at = buffer.find(b"stream", start)
        begin = pdf_grammar.STREAM.match(buffer, at) if end == _WHOLE and at >= 0 else None
        if begin is None:
            raise UnusualError("no stream where one should be")
        about = buffer[start:at]
        # not to the end of the file: all that follows a stream would be copied
        after = max(buffer.find(b"endstream", begin.end()), begin.end())
        packed = buffer[begin.end() : after]
        if about.find(b"/Filter") < 0:
            return about, packed.rstrip(b"\r\n")
        if about.find(b"/FlateDecode") < 0 or about.count(b"Decode") > 1:
            raise UnusualError("a stream with an unusual filter")
        body = zlib.decompressobj().decompress(packed, max(self._budget, 1))
        self._budget -= len(body)
        return about, body

    def stream_text(self, value: bytes | None) -> bytes:
        """The bytes of a stream object in the file, its dictionary and what may be its data; looked into by nobody yet."""
        number = pdf_grammar.reference(value)
        kind, where = self._entry(number) if number is not None else (FREE, 0)
        head = b"%d 0 obj" % (number or 0)
        if kind != IN_FILE or not self._data.startswith(head, where):
            raise UnusualError("no stream where one should be")
        after = where + len(head)
        return self._data[after : self._data.find(b"endstream", after)]


def _unpacked(about: Mapping[bytes, bytes], packed: bytes, most: int) -> _Packed:
    body = inflated(about, packed, most)
    count, first = pdf_grammar.integer(about.get(b"/N")), pdf_grammar.integer(about.get(b"/First"))
    if _HEAD.fullmatch(body, 0, first) is None:
        raise UnusualError("an object stream with a broken head")
    head = list(map(int, body[:first].split()))
    numbers, starts = head[::2], [first + offset for offset in head[1::2]]
    if not len(set(numbers)) == len(starts) == count:
        raise UnusualError("an object stream with a broken head")
    return _Packed(body, dict(zip(numbers, zip(starts, [*starts[1:], len(body)], strict=True), strict=True)))


def _short_dictionary(text: bytes) -> Mapping[bytes, bytes] | None:
    return _alike(text) if len(text) <= _SHORT else pdf_grammar.dictionary(text)


def _widget(text: bytes) -> Mapping[bytes, bytes] | None:
    """The dictionary of a widget; untouched boxes are alike in most returns, what somebody typed is not."""
    return pdf_grammar.dictionary(text) if text.find(b"/Btn") < 0 else _short_dictionary(text)


_alike = lru_cache(maxsize=_ALIKE)(pdf_grammar.dictionary)


@lru_cache(maxsize=_ALIKE)
def _check(text: bytes) -> None:
    """Make sure that these bytes are an object in which no key occurs twice."""
    found = pdf_grammar.OBJECT.fullmatch(text)
    if found is None:
        raise UnusualError("no object where one should be")
    if text.find(b"<<") >= 0:
        pdf_grammar.undoubled(found[1])


#: Object streams that are likely to come again, by their bytes, and how these are packed.
_KNOWN: dict[tuple[bytes, ...], _Packed] = {}
