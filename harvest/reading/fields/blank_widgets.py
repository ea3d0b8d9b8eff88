"""Which widgets hold nothing, told from their bytes without parsing them.

Nine of ten fields of a return are empty, and parsing them is most of the time that reading takes
(docs/findings/performance.md). The test errs to one side only: a field counts as empty when the bytes of the
object that the cross-reference table names prove it; whatever is unusual is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from harvest.reading.pdf.empty_objects import NORMAL
from harvest.reading.pdf.pdf_grammar import EMPTY_WIDGET

if TYPE_CHECKING:
    import pikepdf

Objgen: TypeAlias = tuple[int, int]

_REFERENCES = re.compile(rb"\[(?: \d+ \d+ R)* \]")
_REFERENCE = re.compile(rb"(\d+) (\d+) R")
_IN_FILE = 1  # type of a cross-reference entry: at an offset, not in an object stream (ISO 32000-1, 7.5.8.3)
#: Where a file without object streams has its trailer (7.5.5).
_TAIL = 2048
#: Bytes in which a widget says which its appearance is.
_LOOK = 28


class Untouched:
    """Tells the empty widgets of an undamaged file. `data` begins at the PDF's header."""

    def __init__(self, pdf: pikepdf.Pdf, data: bytes) -> None:
        self._data = data
        self.looks: dict[bytes, list[Objgen]] = {}
        self._offsets = {
            key: entry.offset
            for key, entry in pdf.get_xref_table().items()
            if entry.type == _IN_FILE and entry.offset is not None
        }

    def among(self, keys: Iterable[Objgen]) -> Iterator[Objgen]:
        """Those of the objects that surely are widgets without value, state, relatives and actions."""
        data, offsets = self._data, self._offsets
        for key in keys:
            start, head = offsets.get(key, -1), b"%d %d obj" % key
            if (
                start >= 0
                and data.startswith(head, start)
                and (empty := EMPTY_WIDGET.match(data, start + len(head)))
            ):
                at = data.find(b"/AP", start, empty.end())
                if at >= 0:
                    self.looks.setdefault(data[at : at + _LOOK], []).append(key)
                yield key

    def showing(self, shows: Callable[[Objgen], bool]) -> Iterator[Objgen]:
        """Those of the widgets taken for empty whose appearance shows something, or may."""
        for look, keys in self.looks.items():
            normal = NORMAL.match(look)
            if normal is None or shows((int(normal[2]), int(normal[3]))):
                yield from keys


def untouched(pdf: pikepdf.Pdf, data: bytes) -> Untouched | None:
    """The test for this file; None where its objects stand in object streams, which hide their bytes.

    Only a guess at what is worth the effort: which objects stand where, the cross-reference table tells.
    """
    return Untouched(pdf, data) if b"trailer" in data[-_TAIL:] else None


def references(array: pikepdf.Object) -> list[Objgen] | None:
    """The object numbers in an array of references, nothing resolved; None where it holds anything else."""
    text = array.unparse(resolved=True)
    if _REFERENCES.fullmatch(text) is None:
        return None
    return [(int(number), int(generation)) for number, generation in _REFERENCE.findall(text)]
