"""Which widgets hold nothing, told from their bytes without parsing them.

Nine of ten fields of a return are empty, and parsing them is most of the time that reading takes
(finding: performance). The test errs to one side only: an object counts as empty when its bytes
prove it, and whatever is unusual is parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf

Objgen = tuple[int, int]

_OBJECT = re.compile(rb"\s*\d+\s+\d+\s+obj\b")
#: What a widget must lack to be passed over: a value or state, relatives that may hold one, an action,
#: a stream, and names written with `#` escapes (ISO 32000-1, 7.3.5), which could spell any of these.
_MAY_MATTER = re.compile(rb"/(?:V|Parent|Kids|AS|AA?)(?![A-Za-z0-9_.\-])|#|stream")
_REFERENCES = re.compile(rb"\[(?:\s*\d+ \d+ R)*\s*\]")
_REFERENCE = re.compile(rb"(\d+) (\d+) R")
_IN_FILE = 1  # type of a cross-reference entry: at an offset, not in an object stream (7.5.8.3)


class Untouched:
    """Tells empty widgets of an undamaged file. `data` begins at the PDF's header."""

    def __init__(self, pdf: pikepdf.Pdf, data: bytes) -> None:
        self._data = data
        self._offsets: dict[Objgen, int] = {
            key: entry.offset
            for key, entry in pdf.get_xref_table().items()
            if entry.type == _IN_FILE and entry.offset is not None
        }
        # an object reaches at most to where the next one starts
        self._starts = [*sorted(self._offsets.values()), len(data)]

    def holds(self, key: Objgen) -> bool:
        """Whether the object is surely a widget without value, state, relatives and actions."""
        start = self._offsets.get(key)
        if start is None or not 0 <= start < len(self._data):
            return False
        end = self._starts[min(bisect_right(self._starts, start), len(self._starts) - 1)]
        return (
            _OBJECT.match(self._data, start, end) is not None
            and self._data.find(b"/Widget", start, end) >= 0
            and _MAY_MATTER.search(self._data, start, end) is None
        )


def references(array: pikepdf.Object) -> list[Objgen] | None:
    """The object numbers in an array of references, nothing resolved; None where it holds anything else."""
    text = array.unparse()
    if _REFERENCES.fullmatch(text) is None:
        return None
    return [(int(number), int(generation)) for number, generation in _REFERENCE.findall(text)]
