"""Which widgets hold nothing and which appearances draw nothing, told from their bytes, each different one once.

Nine of ten fields of a return are empty, and the returns of one edition have most of them byte by byte in common: programs
that append what was filled in leave the blank's objects alone, those that write anew write all of them alike. What the
grammar said of such bytes it will say again.
"""

from __future__ import annotations

import re
from typing import TypeVar

from harvest.read import grammar

_T = TypeVar("_T")
#: What is told of an empty widget besides the number of its appearance: it has none, or an unusual one.
NO_APPEARANCE, UNUSUAL = 0, -1
#: How a widget says which its appearance is.
NORMAL = re.compile(
    rb"/AP[\0\t\n\f\r ]*+<<[\0\t\n\f\r ]*+/N[\0\t\n\f\r ]*+(([1-9][0-9]{0,7}) ([0-9]{1,5}) R)"
)
#: Bytes of an object that is remembered, how many are of each number, as many programs as write, and of how many numbers.
_LONGEST, _EACH, _MOST = 1024, 8, 4096
#: Bytes within which an empty appearance ends.
_GLANCE = 400
_END, _END_OF_STREAM = b"endobj", b"endstream"
#: A widget with any of these keys is hardly empty; the grammar need not go through it to its end.
_VALUES = (b"/V", b"/AS")
#: How a stream without content goes on, plain or deflated.
_NOTHING = re.compile(rb"stream\r?\n(?:[\r\n]*+|x\x9c\x03\0\0\0\0\x01\s*+)endstream")

#: Number of a widget that holds nothing -> how it stands in files, from its number to the byte after `endobj`, and what
#: is told of it.
WIDGETS: dict[int, list[tuple[bytes, int]]] = {}
#: Number of an appearance that draws nothing -> how it stands in files, from its number to `endstream`.
APPEARANCES: dict[int, list[bytes]] = {}
#: Widgets that hold nothing as they stand in object streams -> what is told of them.
PACKED: dict[bytes, int] = {}


def widget(data: bytes, where: int, number: int) -> int | None:
    """What is told of a widget that stands there in a file, None where it may hold something.

    Args:
        data: the file.
        where: where the object begins with its number.
        number: its number, which stands there.
    """
    text = data[where : data.find(_END, where, where + _LONGEST) + len(_END) + 1]
    if any(text.find(key) >= 0 for key in _VALUES):  # `in` takes three times as long
        return None
    empty = grammar.EMPTY_WIDGET.match(text, len(b"%d 0 obj" % number))
    if empty is None or empty.end() + 1 != len(text):
        return None
    found = _appearance(text)
    _remember(WIDGETS, number, (text, found))
    return found


def packed_widget(text: bytes) -> int | None:
    """The same of a widget in an object stream, which takes these bytes of it."""
    if any(text.find(key) >= 0 for key in _VALUES) or grammar.EMPTY_IN_ORDER.fullmatch(text) is None:
        return None
    found = _appearance(text)
    if len(text) <= _LONGEST:
        if len(PACKED) >= _MOST:
            PACKED.clear()
        PACKED[text] = found
    return found


def draws(data: bytes, where: int, number: int) -> bool:
    """Whether an appearance that stands there in a file may draw anything: the form's own are without a byte."""
    if data.startswith(tuple(APPEARANCES.get(number, ())), where):
        return False
    end = data.find(_END_OF_STREAM, where, where + _GLANCE) + len(_END_OF_STREAM)
    text = data[where:end]
    if not text.startswith(b"%d 0 obj" % number) or _NOTHING.search(text) is None:
        return True
    _remember(APPEARANCES, number, text)
    return False


def _appearance(text: bytes) -> int:
    at = text.find(b"/AP")
    if at < 0:
        return NO_APPEARANCE
    normal = NORMAL.match(text, at)
    return UNUSUAL if normal is None else int(normal[2])


def _remember(known: dict[int, list[_T]], number: int, found: _T) -> None:
    if len(known) >= _MOST:
        known.clear()
    each = known.setdefault(number, [])
    del each[_EACH - 1 :]
    each.insert(0, found)
