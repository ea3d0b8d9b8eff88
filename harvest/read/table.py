"""Where a sound file's objects stand: its cross-reference sections (ISO 32000-1, 7.5.4 and 7.5.8), read as strictly as `grammar`.

Only what is asked for is looked up: of thousands of objects a return's answers touch a few hundred.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

from harvest.read import emptywidgets, grammar
from harvest.read.errors import UnusualError

#: Kind (free, in the file, in an object stream), and at which offset or in which stream (7.5.8.3).
Entry: TypeAlias = tuple[int, int]
#: A buffer and where in it an object begins and ends (`_WHOLE`: at its own `endobj`).
Span: TypeAlias = tuple[bytes, int, int]

#: FURTHER is what readers may not read alike: other kinds, and other generations than the first, which rule even over
#: newer entries.
FREE, IN_FILE, IN_STREAM, FURTHER = range(4)
#: Revisions of one file; more than anybody saves.
_SECTIONS = 64
#: Objects of a run that is kept one by one; longer runs that a file may have.
_SHORT, _LONG_RUNS = 64, 256
#: What the object streams of a sound return may inflate to, all of them; and its cross-reference streams, whose every
#: byte becomes a number of Python's.
_INFLATED, _TABLE_BYTES = 64 * 1024 * 1024, 4 * 1024 * 1024
_TAIL = 128
#: How a stream without content goes on, plain or deflated; and within how many bytes its dictionary ends.
_NOTHING = (b"endstream", b"x\x9c\x03\0\0\0\0\x01")
_GLANCE = 320
_END = re.compile(rb"startxref[\r\n ]+([0-9]{1,10})[\r\n ]+%%EOF[\0\t\n\f\r ]*")
_HEADER = re.compile(rb"%PDF-[12]\.[0-9][\r\n ]")
_TABLE = re.compile(rb"xref(?: ?\r\n| ?\n)")
_RUN = re.compile(rb"([0-9]{1,8}) ([0-9]{1,8})(?: ?\r\n| ?\n)")
_ROWS = re.compile(rb"(?:[0-9]{10} [0-9]{5} [nf](?: \n| \r|\r\n))*+")
_ROW = 20
_IN_USE = b" 00000 n"
_WHOLE = sys.maxsize
_NUMBER = re.compile(rb"[1-9][0-9]{0,7}(?= 0 obj)")
_HEAD = re.compile(rb"[0-9\0\t\n\f\r ]*+")
#: What may follow `obj` at once: white space, or what begins a dictionary, array, string.
_AFTER_HEAD = b"\0\t\n\f\r <[("
_UP = b"\x02"  # every row of an image or table is the difference to the one above (PNG)


class _Rows:
    """A run of a cross-reference table: 20 bytes for each object."""

    def __init__(self, data: bytes, start: int, first: int, count: int) -> None:
        self._data, self._start = data, start
        self.first, self.after = first, first + count

    def entry(self, number: int) -> Entry:
        at = self._start + _ROW * (number - self.first)
        row = self._data[at : at + 18]
        if row.endswith(_IN_USE):
            return IN_FILE, int(row[:10])
        return (FURTHER if row.endswith(b"n") else FREE), 0


class _Columns:
    """A run of a cross-reference stream, its bytes column by column, modulo 256."""

    def __init__(
        self, columns: Sequence[Sequence[int]], widths: Sequence[int], row: int, first: int, count: int
    ) -> None:
        kind, one, _ = widths
        self._kinds, self._ones, self._twos = columns[0], columns[kind : kind + one], columns[kind + one :]
        self._shift = row - first
        self.first, self.after = first, first + count

    def entry(self, number: int) -> Entry:
        row = self._shift + number
        kind, where = self._kinds[row] & 255, 0
        for column in self._ones:
            where = where << 8 | column[row] & 255
        if kind == IN_FILE:
            for column in self._twos:
                if column[row] & 255:
                    return FURTHER, 0
        return (kind, where) if kind <= IN_STREAM else (FURTHER, 0)


_Run: TypeAlias = "_Rows | _Columns"


class Objects:
    """The objects of a file in their last revision. `data` begins at the header.

    Raises:
        UnusualError: here and in all methods: the file is not so plain that every reader reads the same. It may be sound.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._streams: dict[int, tuple[bytes, Mapping[int, tuple[int, int]]]] = {}
        self._runs: list[tuple[int, int, int, _Run]] = []
        self._singles: dict[int, tuple[int, Entry]] = {}
        self._after = 0
        self.sections = 0  # revisions of the file
        self._checked: set[int] = set()
        self._texts: dict[int, bytes] = {}
        self.looking = True  # whether somebody asks for them
        self.looks: set[int] = set()  # the appearances of empty widgets (`emptywidgets`)
        self._budget, self._table_budget = _INFLATED, _TABLE_BYTES
        self.trailer: Mapping[bytes, bytes] = {}
        if _HEADER.match(data) is None:
            raise UnusualError("no header")
        self._read(_last_section(data))
        self._check_size()

    # ------------------------------------------------------------ sections

    def _read(self, offset: int | None) -> None:
        met: set[int] = set()
        while offset is not None:
            if offset in met or len(met) >= _SECTIONS:
                raise UnusualError("cross-reference sections in a circle")
            met.add(offset)
            self.sections = len(met)
            runs, trailer = self._table(offset) if _TABLE.match(self._data, offset) else self._stream(offset)
            if b"/Encrypt" in trailer or b"/XRefStm" in trailer:
                raise UnusualError("encrypted or hybrid")
            for run in runs:
                self._keep(run, len(met))
            self.trailer = self.trailer or trailer
            before = trailer.get(b"/Prev")
            offset = None if before is None else grammar.integer(before)

    def _table(self, offset: int) -> tuple[list[_Run], Mapping[bytes, bytes]]:
        data, runs = self._data, list[_Run]()
        at = offset + 4
        while data[at : at + 1] in {b" ", b"\r", b"\n"}:
            at += 1
        while run := _RUN.match(data, at):
            first, count = int(run[1]), int(run[2])
            at = run.end() + _ROW * count
            if at > len(data) or _ROWS.fullmatch(data, run.end(), at) is None:
                raise UnusualError("a broken cross-reference table")
            if count:
                runs.append(_Rows(data, run.end(), first, count))
        word = grammar.TRAILER.match(data, at)
        trailer = grammar.OBJECT.match(data, word.end()) if word else None
        if trailer is None:
            raise UnusualError("no trailer")
        return runs, grammar.pairs(trailer[1])

    def _stream(self, offset: int) -> tuple[list[_Run], Mapping[bytes, bytes]]:
        number = _NUMBER.match(self._data, offset)
        if number is None:
            raise UnusualError("no cross-reference section where one should be")
        about, body = self._stream_at(offset, int(number[0]))
        self._after = max(self._after, int(number[0]) + 1)  # PDFBox leaves it out of its own entries
        if about.get(b"/Type") != b"/XRef":
            raise UnusualError("no cross-reference stream")
        widths = grammar.integers(about.get(b"/W", b""))
        if len(widths) != 3 or widths[0] != 1 or not 1 <= widths[1] <= 5 or widths[2] > 4:
            raise UnusualError("entries of an unusual shape")
        size = grammar.integer(about.get(b"/Size"))
        index = grammar.integers(about[b"/Index"]) if b"/Index" in about else [0, size]
        if len(index) % 2:
            raise UnusualError("a broken index")
        columns = _columns(about, body, sum(widths), self._table_budget)
        self._table_budget -= len(columns) * len(columns[0])
        runs, row = list[_Run](), 0
        for first, count in zip(index[::2], index[1::2], strict=True):
            if count:
                runs.append(_Columns(columns, widths, row, first, count))
            row += count
        if row != len(columns[0]):
            raise UnusualError("a cross-reference stream of the wrong length")
        return runs, about

    def _check_size(self) -> None:
        """The trailer knows how many objects there are; where it errs, something is missing (7.5.5)."""
        if grammar.integer(self.trailer.get(b"/Size")) != self._after:
            raise UnusualError("not as many objects as the trailer says")

    def _keep(self, run: _Run, section: int) -> None:
        """Keep a run of the section; sections come the newest first. Short runs, of which updates have many, one by one."""
        self._after = max(self._after, run.after)
        if run.after - run.first <= _SHORT:
            for number in range(run.first, run.after):
                entry = run.entry(number)
                if number not in self._singles or entry[0] == FURTHER:
                    self._singles[number] = section, entry
        else:
            self._runs.append((run.first, run.after, section, run))
            if len(self._runs) > _LONG_RUNS:
                raise UnusualError("a cross-reference table in many pieces")

    def _entry(self, number: int) -> Entry:
        found = self._singles.get(number)
        for first, after, section, run in self._runs:
            if first <= number < after:
                entry = run.entry(number)
                if found is None or entry[0] == FURTHER or (section < found[0] and found[1][0] != FURTHER):
                    found = section, entry
        if found is None:
            raise UnusualError("a reference into nothing")
        return found[1]

    # ------------------------------------------------------------ objects

    def _span(self, number: int) -> Span:
        """Where the object stands, or in the file begins; nothing of it has been looked at."""
        kind, where = self._entry(number)
        if kind == IN_FILE:
            head = b"%d 0 obj" % number
            after = where + len(head)
            if not self._data.startswith(head, where) or self._data[after] not in _AFTER_HEAD:
                raise UnusualError("an object that is not where it should be")
            return self._data, after, _WHOLE
        if kind != IN_STREAM:
            raise UnusualError("a reference to a free object, or one of a further generation")
        stream = self._streams.get(where)
        if stream is None:
            stream = self._streams[where] = self._unpacked(where)
        buffer, spans = stream
        if number not in spans:
            raise UnusualError("an object that is not in its stream")
        self._checked.add(number)
        return buffer, *spans[number]

    def unless_empty(self, number: int) -> bytes | None:
        """The object, None where it is a widget that holds nothing."""
        buffer, start, end = self._span(number)
        if end == _WHOLE:
            look = emptywidgets.appearance_in_file(buffer, start)
        else:
            look = emptywidgets.appearance_in_stream(buffer, start, end)
        if look is not None:
            # what an update did not write again is as old as the form
            if look and self.looking and (self.sections == 1 or number in self._singles):
                self.looks.add(look)
            return None
        return self._object(buffer, start, end)

    def bytes_of(self, number: int) -> bytes:
        """The object's bytes as far as they may go, unchecked: for a glance at one that was looked at before."""
        buffer, start, end = self._span(number)
        return buffer[start : buffer.find(b"endobj", start) if end == _WHOLE else end]

    def _object(self, buffer: bytes, start: int, end: int) -> bytes:
        found = grammar.OBJECT.match(buffer, start, end)
        if found is None or (end != _WHOLE and found.end() != end):
            raise UnusualError("no object where one should be")
        if end == _WHOLE and grammar.END_OF_OBJECT.match(buffer, found.end()) is None:
            raise UnusualError("an object that does not end where it should")
        return found[1]

    def check(self) -> None:
        """Look at what nobody asked for in the object streams that were opened; it has to be sound, too."""
        for buffer, spans in self._streams.values():
            for number, (start, end) in spans.items():
                if number not in self._checked:
                    text = self._object(buffer, start, end)
                    if b"<<" in text:
                        grammar.undoubled(text)

    def text(self, value: bytes | None) -> bytes:
        """What a value says: itself, or the object that it refers to, which is no stream."""
        number = grammar.reference(value)
        if number is None:
            return value or b""
        if number not in self._texts:  # all pages may share one
            self._texts[number] = self._object(*self._span(number))
        return self._texts[number]

    def dictionary(self, value: bytes | None) -> Mapping[bytes, bytes]:
        """The dictionary that a value is or refers to."""
        return grammar.pairs(self.text(value))

    # ------------------------------------------------------------ streams

    def section(self, number: int) -> int:
        """In which revision an object was written, counted from the newest, 1."""
        found = self._singles.get(number)
        if found is not None:
            return found[0]
        return next((section for first, after, section, _ in self._runs if first <= number < after), 0)

    def draws(self, number: int) -> bool:
        """Whether a stream may hold anything: the form's own appearances are without a byte."""
        kind, where = self._singles[number][1] if number in self._singles else self._entry(number)
        if kind != IN_FILE:
            return True
        at = self._data.find(b"stream", where, where + _GLANCE) + 6
        return not self._data[at : at + 20].lstrip(b"\r\n").startswith(_NOTHING)

    def loose_stream(self, number: int) -> tuple[bytes, bytes]:
        """A stream's dictionary as it is written, and its content; both unchecked, for what only has to be compared.

        Programs write more into appearances and fonts than `grammar` admits, and no answer rests on them.
        """
        buffer, start, end = self._span(number)
        at = buffer.find(b"stream", start)
        begin = grammar.STREAM.match(buffer, at) if end == _WHOLE and at >= 0 else None
        if begin is None:
            raise UnusualError("no stream where one should be")
        about = buffer[start:at]
        if b"/Filter" not in about:
            after = buffer.find(b"endstream", begin.end())
            return about, buffer[begin.end() : max(after, begin.end())].rstrip(b"\r\n")
        if b"/FlateDecode" not in about or b"/DecodeParms" in about or about.count(b"Decode") > 1:
            raise UnusualError("a stream with an unusual filter")
        # not to the end of the file: all that follows a stream would be copied
        after = buffer.find(b"endstream", begin.end())
        body = zlib.decompressobj().decompress(buffer[begin.end() : max(after, 0)], max(self._budget, 1))
        self._budget -= len(body)
        return about, body

    def _stream_at(self, offset: int, number: int) -> tuple[Mapping[bytes, bytes], bytes]:
        """The dictionary and bytes of a stream, as they stand in the file."""
        head = b"%d 0 obj" % number
        after = offset + len(head)
        found = grammar.OBJECT.match(self._data, after) if self._data.startswith(head, offset) else None
        stream = None if found is None else grammar.STREAM.match(self._data, found.end())
        if found is None or stream is None or self._data[after] not in _AFTER_HEAD:
            raise UnusualError("no stream where one should be")
        about = grammar.pairs(found[1])
        after = stream.end() + grammar.integer(about.get(b"/Length"))
        if grammar.END_OF_STREAM.match(self._data, after) is None:
            raise UnusualError("a stream of another length than it says")
        return about, self._data[stream.end() : after]

    def stream_text(self, value: bytes | None) -> bytes:
        """The bytes of a stream object in the file, its dictionary and what may be its data; looked into by nobody yet."""
        number = grammar.reference(value)
        kind, where = self._entry(number) if number is not None else (FREE, 0)
        head = b"%d 0 obj" % (number or 0)
        if kind != IN_FILE or not self._data.startswith(head, where):
            raise UnusualError("no stream where one should be")
        after = where + len(head)
        return self._data[after : self._data.find(b"endstream", after)]

    def _unpacked(self, number: int) -> tuple[bytes, Mapping[int, tuple[int, int]]]:
        """What an object stream holds, and where its objects begin and end in it (7.5.7)."""
        kind, where = self._entry(number)
        about, packed = self._stream_at(where, number) if kind == IN_FILE else ({}, b"")
        if about.get(b"/Type") != b"/ObjStm":
            raise UnusualError("no object stream where one should be")
        if b"/DecodeParms" in about:
            raise UnusualError("an object stream with a predictor")
        body = _inflated(about, packed, self._budget)
        self._budget -= len(body)
        count, first = grammar.integer(about.get(b"/N")), grammar.integer(about.get(b"/First"))
        if _HEAD.fullmatch(body, 0, first) is None:
            raise UnusualError("an object stream with a broken head")
        head = [int(word) for word in body[:first].split()]
        numbers, starts = head[::2], [first + offset for offset in head[1::2]]
        if not len(set(numbers)) == len(starts) == count:
            raise UnusualError("an object stream with a broken head")
        spans = list(zip(starts, [*starts[1:], len(body)], strict=True))
        return body, dict(zip(numbers, spans, strict=True))


def _last_section(data: bytes) -> int:
    """Where the file's last line but one says that its cross-reference section begins (7.5.5)."""
    tail = data[-_TAIL:]
    found = _END.fullmatch(tail, max(tail.rfind(b"startxref"), 0))
    if found is None:
        raise UnusualError("something at the end")
    return int(found[1])


def _inflated(about: Mapping[bytes, bytes], packed: bytes, most: int) -> bytes:
    """What a stream holds, up to `most` bytes; its checksum holds, too."""
    if b"/Filter" not in about:
        if len(packed) > most:
            raise UnusualError("a stream that is too large")
        return packed
    if about[b"/Filter"] != b"/FlateDecode":
        raise UnusualError("a stream with an unusual filter")
    inflating = zlib.decompressobj()
    body = inflating.decompress(packed, max(most, 1))
    if not inflating.eof or inflating.unused_data.strip():
        raise UnusualError("a stream that does not end where it should")
    return body


def _columns(about: Mapping[bytes, bytes], packed: bytes, width: int, most: int) -> list[Sequence[int]]:
    """The columns of a cross-reference stream, modulo 256: the differences to the row above summed up."""
    body = _inflated(about, packed, most)
    if b"/DecodeParms" not in about:
        return [body[column::width] for column in range(width)]
    predictor = grammar.pairs(about[b"/DecodeParms"])
    rows = len(body) // (width + 1)
    if predictor != {b"/Predictor": b"12", b"/Columns": b"%d" % width} or body[:: width + 1] != _UP * rows:
        raise UnusualError("an unusual predictor")
    return [list(accumulate(body[column :: width + 1])) for column in range(1, width + 1)]
