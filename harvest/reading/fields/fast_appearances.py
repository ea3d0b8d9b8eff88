"""The words that a widget's appearance shows, for the quick way: as `harvest.reading.fields.appearance_words`, from a file's bytes.

Read loosely: what is not plainly the same as the field's value, the general way looks at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from harvest.reading.fields.appearance_check import Decoder, codes_changed, one_byte, two_bytes, words_of
from harvest.reading.model import limits
from harvest.reading.model.errors import UnusualError
from harvest.reading.pdf.empty_objects import NO_APPEARANCE, UNUSUAL
from harvest.reading.pdf.object_table import Objects

_N = re.compile(rb"/N\s*+([1-9][0-9]{0,7}) 0 R")
_INLINE = rb"<<(?:[^<>]|<[^<>]*+>|<<(?:[^<>]|<[^<>]*+>|<<(?:[^<>]|<[^<>]*+>)*+>>)*+>>)*+>>"
_RESOURCES = re.compile(rb"/Resources\s*+([1-9][0-9]{0,7}) 0 R")
_FONTS = re.compile(rb"/Font\s*+(?:([1-9][0-9]{0,7}) 0 R|(" + _INLINE + rb"))")
_FONT = re.compile(rb"/([^\s/<>\[\]()]++)\s*+(?:([1-9][0-9]{0,7}) 0 R|(" + _INLINE + rb"))")
_TABLE = re.compile(rb"/ToUnicode\s*+([1-9][0-9]{0,7}) 0 R")
_ENCODING = re.compile(rb"/Encoding\s*+(?:(/[A-Za-z0-9-]++)|([1-9][0-9]{0,7}) 0 R|(" + _INLINE + rb"))")
_BASE = re.compile(rb"/BaseEncoding\s*+(/[A-Za-z0-9-]++)")
_DIFFERENCES = re.compile(rb"/Differences\s*+\[([^\]]*+)\]")
_DIFFERENCE = re.compile(rb"/[^\s/\[\]]*+|([0-9]{1,6})")


class QuickLooks:
    """Reads the appearances of one file, each stream once; raises UnusualError where the general way has to."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._words: dict[int, str] = {}
        self._fonts: dict[bytes, Mapping[bytes, tuple[bytes, bytes]]] = {}
        self._decoders: dict[tuple[bytes, bytes], Decoder] = {}

    def words(self, widget: Mapping[bytes, bytes]) -> str:
        """What the widget shows as text; empty where it shows none, or none that can be told."""
        normal = _N.search(self._objects.text(widget.get(b"/AP")))
        if normal is None or not self._objects.draws(number := int(normal[1])):
            return ""
        return self._shown(number)

    def check(self) -> None:
        """Make sure that no widget shows words that was taken for empty.

        Raises:
            UnusualError: one does, or it cannot be told.
        """
        looks = self._objects.looks
        if UNUSUAL in looks:
            raise UnusualError("an empty field with an unusual appearance")
        if any(
            self._shown(number).strip() for number in self._objects.drawing(sorted(looks - {NO_APPEARANCE}))
        ):
            raise UnusualError("an empty field that shows something")

    def _shown(self, normal: int) -> str:
        known = self._words.get(normal)
        if known is None:
            known = self._words[normal] = self._read(normal)
        return known

    def _read(self, normal: int) -> str:
        about, content = self._objects.loose_stream(normal)
        if len(content) > limits.APPEARANCE_BYTES:
            raise UnusualError("a large appearance")
        if content.find(b"Tj") < 0 and content.find(b"TJ") < 0:
            return ""
        if elsewhere := _RESOURCES.search(about):
            about = self._objects.bytes_of(int(elsewhere[1]))
        found = _FONTS.search(about)
        if found is None:
            return ""
        listed = self._fonts.get(found[0])
        if listed is None:
            text = found[2] or self._objects.bytes_of(int(found[1]))
            listed = self._fonts[found[0]] = {
                name: (number, inline) for name, number, inline in _FONT.findall(text, 2)
            }
        fonts = listed
        try:
            return words_of(content, lambda name: self._decoder(fonts[name]))
        except LookupError:
            return ""

    def _decoder(self, font: tuple[bytes, bytes]) -> Decoder:
        known = self._decoders.get(font)
        if known is None:
            number, inline = font
            known = self._decoders[font] = self._made(inline or self._objects.bytes_of(int(number)))
        return known

    def _made(self, font: bytes) -> Decoder:
        has = _TABLE.search(font)
        table = self._objects.loose_stream(int(has[1]))[1] if has else b""
        if b"/Type0" in font:
            if not table:
                raise LookupError("a font that says nothing of its characters")
            return two_bytes(table)
        encoding, changed, found = b"", frozenset[int](), _ENCODING.search(font)
        if found:
            encoding = found[1]
            about = found[3] or (self._objects.bytes_of(int(found[2])) if found[2] else b"")
            base, listed = _BASE.search(about), _DIFFERENCES.search(about)
            encoding = encoding or (base[1] if base else b"")
            if listed:
                changed = codes_changed(
                    [int(one[1]) if one[1] else None for one in _DIFFERENCE.finditer(listed[1])]
                )
        return one_byte(encoding.decode("ascii"), changed, table)
