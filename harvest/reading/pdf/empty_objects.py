"""Which widgets hold nothing and which appearances draw nothing, told from their bytes.

Nine of ten fields of a return are empty, and the returns of one edition have most of them byte by byte in common: programs
that append what was filled in leave the blank's objects alone, and most that write anew write all of them alike. What the
grammar said of such bytes it will say again.
"""

from __future__ import annotations

import re

from harvest.reading.pdf import pdf_grammar

#: What is told of an empty widget besides the number of its appearance: it has none, or an unusual one.
NO_APPEARANCE, UNUSUAL = 0, -1
#: How a widget says which its appearance is.
NORMAL = re.compile(
    rb"/AP[\0\t\n\f\r ]*+<<[\0\t\n\f\r ]*+/N[\0\t\n\f\r ]*+(([1-9][0-9]{0,7}) ([0-9]{1,5}) R)"
)
#: Bytes of a widget that is remembered, how many widgets, and how many kinds of files: a few megabytes.
_LONGEST, _MOST, _KINDS = 1024, 4096, 16
#: Bytes by which the files of one program are known, and within which the dictionary of an empty appearance ends.
_BEGINNING, _GLANCE = 20, 400
#: How a stream without content goes on, plain or deflated.
_NOTHING = re.compile(rb"stream\r?\n(?:[\r\n]*+|x\x9c\x03\0\0\0\0\x01\s*+)endstream")

#: Number of a widget that holds nothing -> how it stands in a file, from its number to the byte after `endobj`, and what
#: is told of it.
Widgets = dict[int, tuple[bytes, int]]
WIDGETS: dict[bytes, Widgets] = {}
#: Widgets that hold nothing as they stand in object streams -> what is told of them.
PACKED: dict[bytes, int] = {}


def widgets(data: bytes) -> Widgets:
    """The widgets that held nothing in files of the same program."""
    beginning = data[:_BEGINNING]
    if beginning not in WIDGETS and len(WIDGETS) >= _KINDS:
        WIDGETS.clear()
    known = WIDGETS.setdefault(beginning, {})
    if len(known) >= _MOST:
        known.clear()
    return known


def remembered(known: Widgets, number: int, text: bytes, empty: re.Match[bytes]) -> int:
    """What is told of a widget that matched as empty; the next time its bytes `text` say it."""
    found = appearance(empty)
    if len(text) <= _LONGEST:
        known[number] = text, found
    return found


def packed_widget(text: bytes) -> int | None:
    """What is told of a widget in an object stream, which takes these bytes of it; None where it may hold something."""
    if text.find(b"/V") >= 0:  # `in` takes three times as long
        return None
    empty = pdf_grammar.EMPTY_IN_ORDER.fullmatch(text)
    if empty is None:
        return None
    found = appearance(empty)
    if len(text) <= _LONGEST:
        if len(PACKED) >= _MOST:
            PACKED.clear()
        PACKED[text] = found
    return found


def appearance(empty: re.Match[bytes]) -> int:
    """What is told of a widget that matched as empty."""
    number = empty[1] or empty[2]
    if number is not None:
        return int(number)
    return NO_APPEARANCE if empty[0].find(b"/AP") < 0 else UNUSUAL


def draws(data: bytes, where: int, number: int) -> bool:
    """Whether an appearance that stands there in a file may draw anything: the form's own are without a byte."""
    at = data.find(b"stream", where, where + _GLANCE)
    return at < 0 or _NOTHING.match(data, at) is None or not data.startswith(b"%d 0 obj" % number, where)
