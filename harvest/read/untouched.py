"""Which widgets hold nothing, told from their bytes without parsing them.

Nine of ten fields of a return are empty, and parsing them is most of the time that reading takes
(finding: performance). The test errs to one side only: a field counts as empty when the bytes of the
object that the cross-reference table names prove it; whatever is unusual is parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import pikepdf

Objgen: TypeAlias = tuple[int, int]

_REFERENCES = re.compile(rb"\[(?: \d+ \d+ R)* \]")
_REFERENCE = re.compile(rb"(\d+) (\d+) R")
#: A state or action: `/AS`, `/A`, `/AA`, but not `/AP` and `/Annot`.
_STATE_OR_ACTION = re.compile(rb"/A[^Pn]")
_IN_FILE = 1  # type of a cross-reference entry: at an offset, not in an object stream (ISO 32000-1, 7.5.8.3)
#: Where a file without object streams has its trailer (7.5.5).
_TAIL = 2048


class Untouched:
    """Tells the empty widgets of an undamaged file. `data` begins at the PDF's header."""

    def __init__(self, pdf: pikepdf.Pdf, data: bytes) -> None:
        self._data = data
        self._offsets = {
            key: entry.offset
            for key, entry in pdf.get_xref_table().items()
            if entry.type == _IN_FILE and entry.offset is not None
        }
        # an object reaches at most to where the next one starts
        self._starts = [*sorted(self._offsets.values()), len(data)]

    def among(self, keys: Iterable[Objgen]) -> Iterator[Objgen]:
        """Those of the objects that surely are widgets without value, state, relatives and actions.

        A `#` in a name can spell any other name (7.3.5), so such a widget is parsed, too.
        """
        data, offsets, starts, find = self._data, self._offsets, self._starts, self._data.find
        for key in keys:
            start = offsets.get(key, -1)
            if start < 0 or not data.startswith(b"%d %d obj" % key, start):
                continue
            end = starts[bisect_right(starts, start)]
            if (
                find(b"/V", start, end) < 0
                and find(b"/Parent", start, end) < 0
                and find(b"/Kids", start, end) < 0
                and find(b"#", start, end) < 0
                and find(b"/Widget", start, end) >= 0
                and _STATE_OR_ACTION.search(data, start, end) is None
            ):
                yield key


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
