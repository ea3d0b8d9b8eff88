"""PDF text strings to Unicode (ISO 32000-1, 7.9.2.2 and annex D.2; ISO 32000-2 adds the UTF-8 mark)."""

from __future__ import annotations

import codecs

#: PDFDocEncoding, byte by byte: Latin-1 but for these. Its holes 7F and AD are read as Latin-1, from
#: which programs that do not know the difference take them.
_PDFDOC = "".join(
    {
        **{0x18 + index: character for index, character in enumerate("˘ˇˆ˙˝˛˚˜")},
        **{
            0x80 + index: character for index, character in enumerate("•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\ufffd")
        },
        0xA0: "€",
    }.get(byte, chr(byte))
    for byte in range(256)
)
_TO_PDFDOC = {ord(character): byte for byte, character in enumerate(_PDFDOC) if character != "\ufffd"}


def in_pdfdoc(text: str) -> bytes | None:
    """The text in PDFDocEncoding, None where it has characters that this lacks."""
    try:
        return codecs.charmap_encode(text, "strict", _TO_PDFDOC)[0]
    except UnicodeEncodeError:
        return None


def decode(data: bytes) -> str:
    """The text of a PDF string, by its byte order mark, else PDFDocEncoding.

    What is no text (half a surrogate pair, an odd last byte, bytes without a character) becomes
    U+FFFD: it stays visible, and nothing later can stumble over it. UTF-16LE is against the
    standard, but written by some programs (docs/findings/readers.md, 3).
    """
    if data.startswith(b"\xfe\xff"):
        return data[2:].decode("utf-16-be", "replace")
    if data.startswith(b"\xff\xfe"):
        return data[2:].decode("utf-16-le", "replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    return _unmarked(data) or codecs.charmap_decode(data, "replace", _PDFDOC)[0]


def _unmarked(data: bytes) -> str | None:
    """Unicode that lacks its mark, against the standard, where it can be nothing else; None for all others.

    No text has NULs in every other place, and letters that happen to be sound UTF-8 are what a mangled text looks like.
    """
    if data.isascii() and b"\0" not in data:
        return None
    units = len(data) // 2
    try:
        if b"\0" in data and len(data) == 2 * units:
            for first, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
                nuls = data[first::2].count(0)
                if not data[first] and 0 not in data[1 - first :: 2] and 2 * nuls >= units:
                    return data.decode(encoding)
        return None if data.isascii() or b"\0" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        return None
