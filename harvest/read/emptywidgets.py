"""Which widgets hold nothing, told from their bytes, each different one once.

Nine of ten fields of a return are empty, and the returns of one edition have most of them byte by byte in common: programs
that append what was filled in leave the blank's objects alone, those that write anew write all of them alike. What the
grammar said of such bytes it will say again.
"""

from __future__ import annotations

import re

from harvest.read import grammar

#: What is told of an empty widget besides the number of its appearance: it has none, or an unusual one.
NO_APPEARANCE, UNUSUAL = 0, -1
#: How a widget says which its appearance is.
NORMAL = re.compile(
    rb"/AP[\0\t\n\f\r ]*+<<[\0\t\n\f\r ]*+/N[\0\t\n\f\r ]*+(([1-9][0-9]{0,7}) ([0-9]{1,5}) R)"
)
#: Bytes of a widget that is remembered, and how many of them are: a few megabytes.
_LONGEST, _MOST = 1024, 8192
_END = b"endobj"
_IN_FILE: dict[bytes, int] = {}
_IN_STREAM: dict[bytes, int] = {}


def appearance_in_file(data: bytes, start: int) -> int | None:
    """The number of the appearance of a widget in a file that holds nothing, None where it may hold something.

    Args:
        data: the file's bytes.
        start: where the object begins, after `obj`.
    """
    end = data.find(_END, start, start + _LONGEST) + len(_END) + 1  # with the white space behind it
    text = data[start:end]
    known = _IN_FILE.get(text)
    if known is not None:
        return known
    empty = grammar.EMPTY_WIDGET.match(data, start)
    if empty is None:
        return None
    found = _appearance(empty[0])
    if empty.end() + 1 == end:
        _remember(_IN_FILE, text, found)
    return found


def appearance_in_stream(body: bytes, start: int, end: int) -> int | None:
    """The same of a widget in an object stream, which takes these bytes of it."""
    text = body[start:end]
    known = _IN_STREAM.get(text)
    if known is not None:
        return known
    if grammar.EMPTY_IN_ORDER.fullmatch(text) is None:
        return None
    found = _appearance(text)
    if len(text) <= _LONGEST:
        _remember(_IN_STREAM, text, found)
    return found


def _appearance(widget: bytes) -> int:
    at = widget.find(b"/AP")
    if at < 0:
        return NO_APPEARANCE
    normal = NORMAL.match(widget, at)
    return UNUSUAL if normal is None else int(normal[2])


def _remember(known: dict[bytes, int], text: bytes, found: int) -> None:
    if len(known) >= _MOST:
        known.clear()
    known[text] = found
