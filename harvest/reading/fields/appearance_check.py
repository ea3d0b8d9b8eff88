"""What a field's appearance shows, and whether it is what the field stores (ISO 32000-1, 9.4.3, 9.10.3, 12.7.3.3). Pure.

Two programs in turn may leave an old value beneath a new appearance, or the other way round. Engines draw one value in many
ways: Arabic from left to right, without the letters that their font lacks, cut off where the box ends. Only other words count.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from math import ceil
from struct import unpack_from

#: Code string of a font -> its characters; U+FFFD for what the font says nothing of.
Decoder = Callable[[bytes], str]
UNKNOWN = "\ufffd"
_TOKEN = re.compile(
    rb"(<<|>>)"
    rb"|(\((?:[^\\()]++|\\.|\((?:[^\\()]++|\\.)*+\))*+\))"
    rb"|<([0-9A-Fa-f\s]*+)>"
    rb"|/([^\s/\[\]()<>{}%]++)\s++[-+.0-9]++\s++Tf"
    rb"|/[^\s/\[\]()<>{}%]*+"
    rb"|([A-Za-z'\"*]++)",
    re.DOTALL,
)
_BEGIN = re.compile(rb"[(<]")
_SELECTED = re.compile(rb"/([^\s/\[\]()<>{}%]++)\s++[-+.0-9]++\s++Tf")
_STRING = rb"(?:<([0-9A-Fa-f\s]*+)>|\(((?:[^\\()]++|\\.)*+)\))\s*+Tj(?![A-Za-z'\"*])"
_SHOWN = re.compile(_STRING, re.DOTALL)
_ALL_SHOWN = re.compile(rb"(?:" + _STRING + rb"[^()<>]*+)++", re.DOTALL)
_SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r\n|(.))", re.DOTALL)
#: What Python's own escapes lack, or mean otherwise.
_FURTHER_ESCAPE = re.compile(rb"\\(?![0-3][0-7]{2}|[nrtbf\\])")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}
_SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_CHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f\s]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f\s]+)>|\[([^\]]*)\])")
_HEX = re.compile(rb"<([0-9A-Fa-f\s]+)>")
#: Codes that one range of a font's table may span.
_SPAN = 65_536
#: Characters that stand for those that a font lacks, and are dropped from both sides.
_STAND_INS = frozenset("?\ufffd□■▯\u25a1")
#: Points that a letter of the form's size takes on average, and a line; a text that needs fewer lines surely fits.
_LETTER, _LINE = 4.8, 11.0
#: Share of its letters in which a text from right to left, whose letters have many forms, is the same.
_ALIKE = 0.75


def words_of(content: bytes, font: Callable[[bytes], Decoder]) -> str:
    """All text that an appearance stream shows, in its order; `font` gives the decoder of a font resource.

    Raises:
        LookupError: text is shown in a font that nothing is known of.
    """
    plain = _plain_words(content, font)
    if plain is not None:
        return plain
    shown: list[str] = []
    pending: list[bytes] = []
    decoder: Decoder | None = None
    for token in _TOKEN.finditer(content):
        _, literal, digits, name, operator = token.groups()
        if literal is not None:
            pending.append(_unescaped(literal[1:-1]))
        elif digits is not None:
            pending.append(_unhexed(digits))
        elif name is not None:
            decoder = font(name)
            pending.clear()
        elif operator is not None:
            if operator in _SHOWING and pending:
                if decoder is None:
                    raise LookupError("text without a font")
                shown += map(decoder, pending)
            pending.clear()
    return "".join(shown)


def _plain_words(content: bytes, font: Callable[[bytes], Decoder]) -> str | None:
    """The same of what nearly all appearances are: one font, and strings that are each shown at once. None for all others."""
    begin = _BEGIN.search(content)
    if begin is None:
        return ""
    first = begin.start()
    selected = _SELECTED.findall(content, 0, first)
    if len(selected) != 1 or content.find(b"Tf", first) >= 0 or _ALL_SHOWN.fullmatch(content, first) is None:
        return None
    decoder = font(selected[0])
    return "".join(
        [
            decoder(_unescaped(literal) if literal else _unhexed(digits))
            for digits, literal in _SHOWN.findall(content, first)
        ]
    )


def _unescaped(text: bytes) -> bytes:
    if b"\\" not in text:
        return text
    if _FURTHER_ESCAPE.search(text) is None:
        return text.decode("unicode_escape").encode("latin-1")
    return _ESCAPE.sub(_escape, text)


def _escape(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 8) & 255])
    return _ESCAPED.get(found[2], found[2]) if found[2] else b""


def _unhexed(digits: bytes) -> bytes:
    even = b"".join(digits.split())
    return bytes.fromhex((even + b"0" if len(even) % 2 else even).decode("ascii"))


# ---------------------------------------------------------------- fonts


class _Characters(dict[int, str]):
    def __missing__(self, code: int) -> str:
        return UNKNOWN


@lru_cache(maxsize=64)
def two_bytes(table: bytes) -> Decoder:
    """The decoder of a composite font with this ToUnicode table; codes have two bytes (9.7.6.2, Identity-H)."""
    character = _Characters(_table(table)).__getitem__

    def decode(text: bytes) -> str:
        count = len(text) // 2
        return "".join(map(character, unpack_from(f">{count}H", text)))

    return decode


_ENCODINGS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}


@lru_cache(maxsize=64)
def one_byte(encoding: str, changed: frozenset[int], table: bytes = b"") -> Decoder:
    """The decoder of a simple font (9.6.6).

    Args:
        encoding: its (base) encoding; of one that is not known only ASCII is.
        changed: codes to which the font gives other characters; which, is not looked up.
        table: its ToUnicode table, if it has one.
    """
    python = _ENCODINGS.get(encoding, "ascii")
    known = {code: bytes([code]).decode(python, "replace") for code in range(32, 256) if code not in changed}
    character = _Characters(known | _table(table)).__getitem__

    def decode(text: bytes) -> str:
        return "".join(map(character, text))

    return decode


def codes_changed(differences: Sequence[int | None]) -> frozenset[int]:
    """The codes that an array of differences speaks of: numbers, and None for each name (table 114)."""
    changed, code = set(), 0
    for one in differences:
        if one is None:
            changed.add(code)
            code += 1
        else:
            code = one
    return frozenset(changed)


def _table(table: bytes) -> dict[int, str]:
    known: dict[int, str] = {}
    for kind, body in _SECTION.findall(table):
        if kind == b"char":
            known |= {int(code, 16): _utf16(text) for code, text in _CHAR.findall(body)}
            continue
        for low, high, first, several in _RANGE.findall(body):
            start, end = int(low, 16), int(high, 16)
            if not 0 <= end - start < _SPAN:
                continue
            if several:
                known |= dict(enumerate(map(_utf16, _HEX.findall(several)), start))
            elif base := _utf16(first):
                known |= {start + n: base[:-1] + _after(base[-1], n) for n in range(end - start + 1)}
    return known


def _after(character: str, steps: int) -> str:
    return chr(min(ord(character) + steps, 0x10FFFF))


def _utf16(digits: bytes) -> str:
    return _unhexed(digits).decode("utf-16-be", "replace")


# ---------------------------------------------------------------- the same words


def same_words(shown: str, stored: str, size: tuple[float, float]) -> bool:
    """Whether an appearance shows what is stored, or as much of it as an engine can.

    Args:
        shown, stored: text; white space does not count.
        size: width and height of the box, points.
    """
    if "".join(shown.split()) == "".join(stored.split()) or not shown.strip(UNKNOWN):
        return True
    seen, said = _bare(shown), _bare(stored)
    letters = frozenset(seen)
    # what stands nowhere in it, the engine's font lacks
    known = "".join(
        bare
        for one in unicodedata.normalize("NFC", stored)
        if letters.issuperset(bare := _bare(one)) or one.isascii()
    )
    if not seen or seen == known:
        return True
    return _nearly(shown, stored, seen, said, known, fits=_fits(stored, size))


def _nearly(shown: str, stored: str, seen: str, said: str, known: str, *, fits: bool) -> bool:
    """The same for what differs in more than letters that are not shown."""
    if any(unicodedata.bidirectional(one) in {"R", "AL"} for one in stored):
        return not fits or _alike(seen, said)
    if not fits and seen in known:
        return True
    if "\t" in stored:
        return len(seen) <= len(known) + stored.count("\t") and _in_order(
            map(_bare, stored.split("\t")), seen
        )
    if len(known) == len(said) and UNKNOWN not in shown:
        return False
    # some letters are not known: what is known has to stand in its order
    theirs = frozenset(said)
    parts = "".join(one if one.isascii() or _bare(one) in theirs else UNKNOWN for one in shown)
    return _in_order(map(_bare, parts.split(UNKNOWN)), known)


def _in_order(parts: Iterable[str], text: str) -> bool:
    at = 0
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _alike(one: str, other: str) -> bool:
    """Whether two texts have most of their letters in common, in whatever order."""
    common = (Counter(one) & Counter(other)).total()
    return common >= _ALIKE * min(len(one), len(other))


def _bare(text: str) -> str:
    """The text without white space, marks that nobody sees, and stand-ins for letters; forms of letters are letters."""
    even = unicodedata.normalize("NFKD", text)
    return "".join(
        one for one in even if one not in _STAND_INS and unicodedata.category(one)[0] not in {"Z", "C"}
    )


def _fits(text: str, size: tuple[float, float]) -> bool:
    width, height = size
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    needed = sum(max(ceil(len(line) * _LETTER / max(width, 1)), 1) for line in lines)
    return needed <= max(height // _LINE, 1)
