"""Where a sound file's objects stand: its cross-reference sections (ISO 32000-1, 7.5.4 and 7.5.8), read as strictly as `pdf_grammar`.

Only what is asked for is looked up: of thousands of objects a return's answers touch a few hundred.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

from harvest.reading.model.errors import UnusualError
from harvest.reading.pdf import pdf_grammar

#: Kind (free, in the file, in an object stream), and at which offset or in which stream (7.5.8.3).
Entry: TypeAlias = tuple[int, int]

#: FURTHER is what readers may not read alike: other kinds, and other generations than the first, which rule even over
#: newer entries.
FREE, IN_FILE, IN_STREAM, FURTHER = range(4)
#: What may follow `obj` at once: white space, or what begins a dictionary, array, string.
AFTER_HEAD = b"\0\t\n\f\r <[("
#: Revisions of one file; more than anybody saves.
_SECTIONS = 64
#: Objects of a run that is kept one by one; longer runs that a file may have.
_SHORT, _LONG_RUNS = 64, 256
#: What the cross-reference streams of a sound return may inflate to; every byte of them becomes a number of Python's.
_TABLE_BYTES = 4 * 1024 * 1024
_TAIL = 128
_END = re.compile(rb"startxref[\r\n ]+([0-9]{1,10})[\r\n ]+%%EOF[\0\t\n\f\r ]*")
_TABLE = re.compile(rb"xref(?: ?\r\n| ?\n)")
_RUN = re.compile(rb"([0-9]{1,8}) ([0-9]{1,8})(?: ?\r\n| ?\n)")
_ROWS = re.compile(rb"(?:[0-9]{10} [0-9]{5} [nf](?: \n| \r|\r\n))*+")
_ROW = 20
_DIGITS = (*range(10), *range(11, 16))
_IN_USE = b" 00000 n"
_NUMBER = re.compile(rb"[1-9][0-9]{0,7}(?= 0 obj)")
_UP = b"\x02"  # every row of an image or table is the difference to the one above (PNG)


class _Rows:
    """A run of a cross-reference table: 20 bytes for each object."""

    def __init__(self, data: bytes, start: int, first: int, count: int) -> None:
        self._data, self._zero = data, start - _ROW * first
        self.first, self.after = first, first + count

    def entry(self, number: int) -> Entry:
        at = self._zero + _ROW * number
        row = self._data[at : at + 18]
        if row.endswith(_IN_USE):
            return IN_FILE, int(row[:10])
        return (FURTHER if row.endswith(b"n") else FREE), 0

    def entries(self, numbers: Sequence[int]) -> list[Entry]:
        """The same of many, all of them in the run."""
        data, zero = self._data, self._zero
        rows = [data[(at := zero + _ROW * number) : at + 18] for number in numbers]
        if {row[10:] for row in rows} == {_IN_USE}:
            return [(IN_FILE, int(row[:10])) for row in rows]
        return list(map(self.entry, numbers))


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

    def entries(self, numbers: Sequence[int]) -> list[Entry]:
        """The same of many, all of them in the run."""
        shift, kinds = self._shift, self._kinds
        rows = [number + shift for number in numbers]
        if {kinds[row] & 255 for row in rows} != {IN_STREAM}:
            return list(map(self.entry, numbers))
        wheres = [0] * len(rows)
        for column in self._ones:
            wheres = [where << 8 | column[row] & 255 for where, row in zip(wheres, rows, strict=True)]
        return [(IN_STREAM, where) for where in wheres]


_Run: TypeAlias = "_Rows | _Columns"


class References:
    """The cross-reference sections of a file. `data` begins at the header.

    Attributes:
        trailer: the newest section's.
        updated: where updates begin, which are appended (7.5.6); 0 where there are none.

    Raises:
        UnusualError: here and in all methods: the file is not so plain that every reader reads the same. It may be sound.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._runs: list[tuple[int, int, int, _Run]] = []
        self._singles: dict[int, tuple[int, Entry]] = {}
        self._after = 0
        self._room = _TABLE_BYTES
        self.trailer: Mapping[bytes, bytes] = {}
        self.updated = 0
        self._read(_last_section(data))
        self._check_size()
        self._only = self._runs[0][3] if len(self._runs) == 1 else None

    def entry(self, number: int) -> Entry:
        """Where an object stands in the file's last revision."""
        run = self._only
        if run is not None and run.first <= number < run.after and number not in self._singles:
            return run.entry(number)
        return self._ruling(number)

    def entries(self, numbers: Sequence[int]) -> list[Entry]:
        """The same of many."""
        run, singles = self._only, self._singles
        if run is None or not numbers or min(numbers) < run.first or max(numbers) >= run.after:
            return list(map(self._ruling, numbers))
        if singles.keys().isdisjoint(numbers):
            return run.entries(numbers)
        return list(map(self.entry, numbers))

    def _ruling(self, number: int) -> Entry:
        found = self._singles.get(number)
        for first, after, section, run in self._runs:
            if first <= number < after:
                entry = run.entry(number)
                if found is None or entry[0] == FURTHER or (section < found[0] and found[1][0] != FURTHER):
                    found = section, entry
        if found is None:
            raise UnusualError("a reference into nothing")
        return found[1]

    def _read(self, offset: int | None) -> None:
        met: set[int] = set()
        while offset is not None:
            if offset in met or len(met) >= _SECTIONS:
                raise UnusualError("cross-reference sections in a circle")
            self.updated = offset if met else 0
            met.add(offset)
            runs, trailer = self._table(offset) if _TABLE.match(self._data, offset) else self._stream(offset)
            if b"/Encrypt" in trailer or b"/XRefStm" in trailer:
                raise UnusualError("encrypted or hybrid")
            for run in runs:
                self._keep(run, len(met))
            self.trailer = self.trailer or trailer
            before = trailer.get(b"/Prev")
            offset = None if before is None else pdf_grammar.integer(before)

    def _table(self, offset: int) -> tuple[list[_Run], Mapping[bytes, bytes]]:
        data, runs = self._data, list[_Run]()
        at = offset + 4
        while data[at : at + 1] in {b" ", b"\r", b"\n"}:
            at += 1
        while run := _RUN.match(data, at):
            first, count = int(run[1]), int(run[2])
            at = run.end() + _ROW * count
            if at > len(data) or not (
                _is_plain(data[run.end() : at]) or _ROWS.fullmatch(data, run.end(), at)
            ):
                raise UnusualError("a broken cross-reference table")
            if count:
                runs.append(_Rows(data, run.end(), first, count))
        word = pdf_grammar.TRAILER.match(data, at)
        trailer = pdf_grammar.OBJECT.match(data, word.end()) if word else None
        if trailer is None:
            raise UnusualError("no trailer")
        return runs, pdf_grammar.pairs(trailer[1])

    def _stream(self, offset: int) -> tuple[list[_Run], Mapping[bytes, bytes]]:
        number = _NUMBER.match(self._data, offset)
        if number is None:
            raise UnusualError("no cross-reference section where one should be")
        about, body = stream_at(self._data, offset, int(number[0]))
        self._after = max(self._after, int(number[0]) + 1)  # PDFBox leaves it out of its own entries
        if about.get(b"/Type") != b"/XRef":
            raise UnusualError("no cross-reference stream")
        widths = pdf_grammar.integers(about.get(b"/W", b""))
        if len(widths) != 3 or widths[0] != 1 or not 1 <= widths[1] <= 5 or widths[2] > 4:
            raise UnusualError("entries of an unusual shape")
        size = pdf_grammar.integer(about.get(b"/Size"))
        index = pdf_grammar.integers(about[b"/Index"]) if b"/Index" in about else [0, size]
        if len(index) % 2:
            raise UnusualError("a broken index")
        columns = _columns(about, body, sum(widths), self._room)
        self._room -= len(columns) * len(columns[0])
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
        if pdf_grammar.integer(self.trailer.get(b"/Size")) != self._after:
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


def _is_plain(rows: bytes) -> bool:
    """Whether this surely is a run of a table: looked at column by column, in a quarter of the pattern's time."""
    count = len(rows) // _ROW
    return (
        all(rows[column::_ROW].isdigit() for column in _DIGITS)
        and rows[10::_ROW] == rows[16::_ROW] == b" " * count
        and not rows[17::_ROW].strip(b"nf")
        and (rows[18::_ROW], rows[19::_ROW])
        in {(b" " * count, b"\n" * count), (b"\r" * count, b"\n" * count)}
    )


def _last_section(data: bytes) -> int:
    """Where the file's last line but one says that its cross-reference section begins (7.5.5)."""
    tail = data[-_TAIL:]
    found = _END.fullmatch(tail, max(tail.rfind(b"startxref"), 0))
    if found is None:
        raise UnusualError("something at the end")
    return int(found[1])


def stream_at(data: bytes, offset: int, number: int) -> tuple[Mapping[bytes, bytes], bytes]:
    """The dictionary and bytes of a stream, as they stand in the file."""
    head = b"%d 0 obj" % number
    after = offset + len(head)
    found = pdf_grammar.OBJECT.match(data, after) if data.startswith(head, offset) else None
    stream = None if found is None else pdf_grammar.STREAM.match(data, found.end())
    if found is None or stream is None or data[after] not in AFTER_HEAD:
        raise UnusualError("no stream where one should be")
    about = pdf_grammar.pairs(found[1])
    after = stream.end() + pdf_grammar.integer(about.get(b"/Length"))
    if pdf_grammar.END_OF_STREAM.match(data, after) is None:
        raise UnusualError("a stream of another length than it says")
    return about, data[stream.end() : after]


def inflated(about: Mapping[bytes, bytes], packed: bytes, most: int) -> bytes:
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
    body = inflated(about, packed, most)
    if b"/DecodeParms" not in about:
        return [body[column::width] for column in range(width)]
    predictor = pdf_grammar.pairs(about[b"/DecodeParms"])
    rows = len(body) // (width + 1)
    if predictor != {b"/Predictor": b"12", b"/Columns": b"%d" % width} or body[:: width + 1] != _UP * rows:
        raise UnusualError("an unusual predictor")
    return [list(accumulate(body[column :: width + 1])) for column in range(1, width + 1)]
