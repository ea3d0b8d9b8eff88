"""PDF syntax as programs write it, and nothing else: what is matched here, every reader reads alike.

Comments, odd escapes, doubled keys, numbers too long: all that is allowed, or that some reader mends, is refused. Whoever
asks turns to a reader that knows it (ISO 32000-1, 7.2 and 7.3). The quantifiers are possessive: no bytes take longer than others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from harvest.reading.model.errors import UnusualError

#: White space (7.2.2).
WHITE = b"\0\t\n\f\r "
_WS = rb"[\0\t\n\f\r ]*+"
_NAME = rb"/[!-\"$&'*-.0-;=?-Z\\^-z|~]++"
_STRING = rb"\((?:[^()\\\r]++|\\(?:[nrtbf()\\]|[0-3][0-7][0-7]))*+\)"
_HEX = rb"<(?:[0-9A-Fa-f]{2})*+>"
_NUMBER = rb"[+-]?(?:[0-9]{1,10}+(?:\.[0-9]{0,10}+)?+|\.[0-9]{1,10}+)"
#: After a number or a word nothing may follow that would make it another word.
_END = rb"(?=[\0\t\n\f\r ()<>\[\]/]|\Z)"
_WORD = rb"(?:true|false|null)" + _END
_REFERENCE = rb"[1-9][0-9]{0,7}+ 0 R" + _END
#: What is frequent comes first; what begins with another byte costs next to nothing.
_NO_REFERENCES = (_NAME, _STRING, _NUMBER + _END, _HEX, _WORD)
_ATOMS = (_NAME, _STRING, rb"(?:" + _REFERENCE + rb"|" + _NUMBER + _END + rb")", _HEX, _WORD)
#: Levels of dictionaries inside each other; ours have four. A pattern twice as long takes twice as long to compile.
_LEVELS = 4


def _any(*patterns: bytes) -> bytes:
    return rb"(?:" + rb"|".join(patterns) + rb")"


def _array(value: bytes) -> bytes:
    return rb"\[(?:" + _WS + value + rb")*+" + _WS + rb"\]"


def _dictionary(value: bytes) -> bytes:
    return rb"<<(?:" + _WS + _NAME + _WS + value + rb")*+" + _WS + rb">>"


def _value(levels: int) -> bytes:
    """Any value with so many levels of dictionaries, and arrays in arrays."""
    array = _array(_any(*_ATOMS, _array(_any(*_ATOMS))))
    return _any(*_ATOMS, array, _dictionary(_value(levels - 1))) if levels else _any(*_ATOMS, array)


_VALUE = _value(_LEVELS - 1)
#: What an object may be that is no reference (7.3.10), with the white space around it.
OBJECT = re.compile(
    _WS
    + rb"("
    + _any(_dictionary(_VALUE), _array(_any(*_ATOMS, _dictionary(_value(0)))), *_NO_REFERENCES)
    + rb")"
    + _WS
)
_COLD_KEY = rb"(?!/(?:V|RV|AS|AA?|Parent|Kids|Subtype)" + _END + rb")" + _NAME
#: The appearance of a text field; its number is a group.
_LOOK = rb"<<" + _WS + rb"/N" + _WS + rb"([1-9][0-9]{0,7}) 0 R" + _WS + rb">>"
_COLD = rb"(?:" + _WS + _any(rb"/AP" + _WS + _LOOK, _COLD_KEY + _WS + _value(1)) + rb")*+" + _WS
#: A widget in a file without value, state, relatives and actions, up to where it ends.
EMPTY_WIDGET = re.compile(
    _WS
    + rb"<<"
    + _COLD
    + rb"/Subtype"
    + _WS
    + rb"/Widget"
    + _END
    + _COLD
    + rb">>"
    + _WS
    + rb"endobj(?=[\0\t\n\f\r ])"
)
_TEXT, _SOME = _any(_STRING, _HEX), _NUMBER + _END
#: What the project's widgets have, in the order in which they are made, and what viewers add; no value, no relatives.
_OWN = {
    b"/Type": rb"/Annot" + _END, b"/Subtype": rb"/Widget" + _END, b"/T": _TEXT, b"/TU": _TEXT, b"/F": _SOME,
    b"/Rect": _array(_SOME), b"/P": _REFERENCE, b"/StructParent": _SOME, b"/FT": _NAME, b"/Ff": _SOME, b"/MaxLen": _SOME,
    b"/DA": _TEXT, b"/Q": _SOME, b"/AP": _LOOK, b"/M": _TEXT,
}  # fmt: skip


def _in_order(keys: Iterable[bytes]) -> bytes:
    """A dictionary with these keys of `_OWN`, each at most once; that it is a widget is a must."""
    return rb"<<" + b"".join(
        rb"(?:" + _WS + key + _END + _WS + _OWN[key] + (rb")" if key == b"/Subtype" else rb")?+") for key in keys
    ) + _WS + rb">>"  # fmt: skip


#: The same in an object stream, where libraries notice doubled keys. Programs keep the order of the keys, or sort them.
EMPTY_IN_ORDER = re.compile(_WS + _any(_in_order(_OWN), _in_order(sorted(_OWN))) + _WS)
_NAMES = re.compile(_NAME)
_PAIR = re.compile(_WS + rb"(" + _NAME + rb")" + _WS + rb"(" + _VALUE + rb")")
#: The same with the white space around it, or a byte where there is no pair.
_PAIR_OR_BYTE = re.compile(_PAIR.pattern + _WS + rb"|.", re.DOTALL)
_NO_PAIR = (b"", b"")
#: What may hold a dictionary begins so.
_OPENING = b"<["
STREAM = re.compile(rb"stream\r?\n")
END_OF_STREAM = re.compile(_WS + rb"endstream" + _WS + rb"endobj(?=[\0\t\n\f\r ])")
END_OF_OBJECT = re.compile(rb"endobj(?=[\0\t\n\f\r ])")
TRAILER = re.compile(_WS + rb"trailer")
_ARRAY_OF_REFERENCES = re.compile(rb"\[(?:" + _WS + _REFERENCE + rb")*+" + _WS + rb"\]")
_RECTANGLE = re.compile(rb"\[(?:" + _WS + _NUMBER + _END + rb"){4}" + _WS + rb"\]")
_INTEGERS = re.compile(rb"\[(?:" + _WS + rb"[0-9]{1,9}+" + _END + rb")*+" + _WS + rb"\]")
_INTEGER = re.compile(rb"[0-9]{1,9}")
_ONE_REFERENCE = re.compile(rb"([1-9][0-9]{0,7}) 0 R")
_ESCAPE = re.compile(rb"\\([nrtbf()\\]|[0-7]{3})")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pairs(text: bytes) -> Mapping[bytes, bytes]:
    """A dictionary's keys (`/Type`) and its values as they are written. `text` has matched as a dictionary.

    Raises:
        UnusualError: it is none, or in it or below it a key occurs twice, or a value is null, which is the same as no key.
    """
    if not text.startswith(b"<<"):
        raise UnusualError("no dictionary")
    return _each_once(_PAIR.findall(text, 2))


def dictionary(text: bytes) -> Mapping[bytes, bytes] | None:
    """The same of bytes that nobody has matched yet; None where they are no dictionary with nothing but white space around it.

    Raises:
        UnusualError: a key occurs twice, or a value is null.
    """
    bare = text.strip(WHITE)
    if not (bare.startswith(b"<<") and bare.endswith(b">>")):
        return None
    found = _PAIR_OR_BYTE.findall(bare, 2, len(bare) - 2)
    return None if _NO_PAIR in found else _each_once(found)


def _each_once(found: list[tuple[bytes, bytes]]) -> Mapping[bytes, bytes]:
    one = dict(found)
    if len(one) != len(found) or b"null" in one.values():
        raise UnusualError("a dictionary with doubled or null keys")
    for value in [value for value in one.values() if value[0] in _OPENING]:
        if value.count(b"/") > 1 and value.find(b"<<") >= 0:  # `in` takes three times as long
            undoubled(value)
    return one


def undoubled(text: bytes) -> None:
    """Make sure that no dictionary in a value has a key twice.

    Raises:
        UnusualError: one may have; inside arrays this is only told from all names being different.
    """
    names = _NAMES.findall(text)
    if len(set(names)) != len(names):
        pairs(text)


@lru_cache(maxsize=512)
def references(text: bytes | None) -> tuple[int, ...]:
    """The numbers of the objects that an array refers to. The pages of all returns have nearly the same.

    Raises:
        UnusualError: it is none, or holds anything else.
    """
    if text is None or _ARRAY_OF_REFERENCES.fullmatch(text) is None:
        raise UnusualError("no array of references")
    return tuple(map(int, text[1:-1].split()[::3]))


def reference(text: bytes | None) -> int | None:
    """The number of the object that is referred to, None where `text` is something else."""
    found = None if text is None else _ONE_REFERENCE.fullmatch(text)
    return None if found is None else int(found[1])


def integer(text: bytes | None) -> int:
    """A number of objects or bytes.

    Raises:
        UnusualError: it is no such number.
    """
    if text is None or _INTEGER.fullmatch(text) is None:
        raise UnusualError("no integer")
    return int(text)


def integers(text: bytes) -> list[int]:
    """An array of numbers of objects or bytes.

    Raises:
        UnusualError: it is none.
    """
    if _INTEGERS.fullmatch(text) is None:
        raise UnusualError("no array of integers")
    return [int(number) for number in text[1:-1].split()]


def rectangle(text: bytes | None) -> list[float] | None:
    """Four numbers, None where `text` is something else."""
    if text is None or _RECTANGLE.fullmatch(text) is None:
        return None
    return [float(number) for number in text[1:-1].split()]


def string(text: bytes | None) -> bytes | None:
    """The bytes of a string, None where `text` is something else."""
    if text is None:
        return None
    if text.startswith(b"("):
        return _ESCAPE.sub(_unescaped, text[1:-1]) if b"\\" in text else text[1:-1]
    if text.startswith(b"<") and not text.startswith(b"<<"):
        return bytes.fromhex(text[1:-1].decode("ascii"))
    return None


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if len(said) == 3 else _ESCAPED.get(said, said)
