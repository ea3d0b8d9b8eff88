"""Text as the partner meant it, freed of what programs do to it. Pure."""

from __future__ import annotations

import re
import unicodedata

from harvest.text.double_encoding import mended

_LINE_END = re.compile(r"\r\n?")
#: Language escapes inside a text string (ISO 32000-1, 7.9.2.2): ESC, language, perhaps country, ESC.
_LANGUAGE = re.compile("\x1b[A-Za-z]{2}(?:-?[A-Za-z]{2})?\x1b")
#: Emoji that PDFium cut to 16 bits when they were pasted (docs/findings/readers.md, 3). U+F650-F67F and
#: U+F700-F8FF are used by symbol fonts, U+F900-F9FF by Chinese characters: those stay as they are.
_CUT = {
    code: code + 0x10000
    for first, last in ((0xF300, 0xF64F), (0xF680, 0xF6FF))
    for code in range(first, last + 1)
}
_REPAIRS = {**_CUT, **dict.fromkeys((0, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), 0xFFFD)}
_NEEDS_REPAIR = re.compile("[\0\ud800-\udfff\uf300-\uf64f\uf680-\uf6ff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text that the partner meant: one kind of line end, one form of accents, no traces of the program.

    White space stays as it is, at both ends too. NUL, halves of surrogate pairs and noncharacters, which no
    workbook can hold, become U+FFFD.
    """
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    if "\x1b" in text:
        text = _LANGUAGE.sub("", text)
    text = mended(text)
    if _NEEDS_REPAIR.search(text):
        text = text.translate(_REPAIRS)
    return unicodedata.normalize("NFC", text)
