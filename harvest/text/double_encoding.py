"""Text that was encoded twice: one program's UTF-8 or UTF-16 that another took for single bytes. Pure.

It is mended where all of it decodes to letters of one script, and no language could mean it as it stands; what only looks
like it is for a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

#: What stands for 80 to BF in one of the tables, behind what stands for the first byte of a letter.
_SECOND = (
    "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2026\u2030"
    "\u2039\u203a\u2044\u20ac\u2122\u2212\ufb01\ufb02\u0141\u0142\u0131"
)
_PAIR = re.compile(f"[\u00c2-\u00f4][{_SECOND}]")
_LEADING = re.compile(f"[\u00c2-\u00c5\u00ce-\u00d1\u00d8\u00d9\u0102\u011e\u0139][{_SECOND}]")
_SEVERAL = re.compile("[^\\x00-\\x7f]{2}")
#: No letter becomes a single one; most texts have nothing of this kind.
_SUSPECT = re.compile("[^\\x00-\\x7f]{2}|\ufeff")
#: Letters of three bytes (Vietnamese above all): the first two, and what follows them.
_THREE = re.compile(
    "[\u00e1\u0431][\u00b8-\u00bb\u0165\u0161\u015f\u0451\u2116\u0454\u00aa]"
    f"[{_SECOND}\u00c0-\u017f\u0400-\u04ff]"
)
#: What DOS and old Macs show for the first bytes of letters, within a word.
_SIGNS = re.compile(
    "(?<=\\w)[\u2500-\u257f][^\\x00-\\x7f\\s]|[\u2500-\u257f][^\\x00-\\x7f\\s](?=\\w)"
    "|[\u00df\u0393\u00d4][\u2500-\u259f]"
    "|[\u221a\u2248\u2206\u00ac\u0192\u2211\u220f\u222b][^\\x00-\\x7f\\s]"
    "|\u00e2\u20ac|\u201a\u00c7\u00a8|[\u00d4\u0393]\u00e9\u00bc"
    "|\u0393[\u00f6\u00fb]|\u00d4\u00f6[\u00a3\u00c7\u00bc]|\u201a(?:\u00e0\u00f6|\u00e2[\u2022\u00e0])"
)
#: The same of a Cyrillic table, in a word of Latin letters.
_AMONG_LATIN = re.compile(f"[a-zA-Z][\u0410-\u0431][{_SECOND}]|[\u0410-\u0431][^\\w\\s\\x00-\\x7f][a-z]")
#: Byte order marks, read as letters.
_MARK = re.compile("\u00fe\u00ff|\u00ff\u00fe|\u00ef\u00bb\u00bf")
#: Controls that no keyboard makes: what a table has no letter for.
_CONTROL = re.compile("[\u0080-\u009f]")
#: What ends a word or a sentence behind a letter of its own.
_NATURAL = frozenset(
    "\u2026\u201c\u201d\u2019\u2018\u00bb\u203a\u2013\u2014\u00b4\u00b0\u00b2\u00b3\u00ae\u2122\u00a0\u00b7\u2022\u2020"
)
_WITHIN = frozenset("\u2013\u2014\u00a0\u00b7\u2022")
#: In these tables 80 to BF are letters, too: only several of them in a row are no language.
_LETTERED = ("cp1251", "cp1250", "mac_roman")
#: Tables that few programs take by mistake: alone they mend nothing, but what they read otherwise is not certain.
_RARE = ("iso8859_15", "iso8859_2", "iso8859_9")
_SURE = 3
#: What people write here; other letters and signs are what a wrong table makes of them.
_USUAL = frozenset(
    "ÄÖÜäöüßİıŞşĞğÇçÂâÎîÛûÉéÈèÊêËëÀàÔôŒœÏïÙùĄąĆćĘęŁłŃńÓóŚśŹźŻżĐđŠšŽžČčÑñÁáÍíÚúĂăȘșȚțŢţŘřĚěŮůÝýĖė–—„“”‚‘’…€«»·•°§²³½"
)
_SCRIPTS = frozenset({"GREEK", "CYRILLIC", "ARABIC", "HEBREW"})


def mended(text: str) -> str:
    """The text as it was meant, where that is certain; else as it stands."""
    if text.isascii():
        return text
    if text.startswith("\ufeff"):
        return mended(text[1:])
    if _MARK.match(text) and (whole := _behind_mark(text)) is not None:
        return whole
    sure = set(_sure(text)) if _SEVERAL.search(text) else set()
    if len(sure) != 1:
        return text
    [meant] = sure
    others = (other for table in _RARE if (other := _decoded(text, table)) is not None)
    return text if any(other != meant and _is_usual(other) for other in others) else meant


def is_doubtful(text: str) -> bool:
    """Whether a text that cannot be mended for certain looks as if it, or a part of it, was encoded twice."""
    if _SUSPECT.search(text) is None or mended(text) != text:
        return False
    if _MARK.search(text) or "\ufeff" in text or _CONTROL.search(text):
        return True
    if not _PAIR.search(text) and any(_is_usual(meant) for _, meant in _readings(text)):
        return True
    if _SIGNS.search(text) or _AMONG_LATIN.search(text):
        return True
    pairs = (*_LEADING.finditer(text), *_THREE.finditer(text))
    return any(_is_odd(found, text) or _is_within(found, text) for found in pairs)


def _behind_mark(text: str) -> str | None:
    try:
        data = text.encode("latin-1")
    except UnicodeError:
        data = _single(text, "cp1252") or b""
    try:
        if data.startswith(b"\xef\xbb\xbf"):
            return data[3:].decode("utf-8")
        return data.decode("utf-16") if b"\0" in data else None
    except UnicodeError:
        return None


def _single(text: str, table: str) -> bytes | None:
    """The text as single bytes; codes for which cp1252 has no letter stand for themselves."""
    from harvest.text.pdf_strings import in_pdfdoc  # noqa: PLC0415 - the readers clean their text with this

    if table == "pdfdoc":
        return in_pdfdoc(text)
    try:
        return b"".join(bytes([ord(one)]) if 0x80 <= ord(one) < 0xA0 else one.encode(table) for one in text)
    except UnicodeError:
        return None


def _decoded(text: str, table: str) -> str | None:
    """What the text may have been if its bytes were taken from this table."""
    data = _single(text, table)
    if data is not None:
        with suppress(UnicodeError):
            return data.decode("utf-8")
    return None


def _readings(text: str) -> Iterator[tuple[str, str]]:
    """What the text may have been, each with the table that its bytes were taken from."""
    for table in ("cp1252", "pdfdoc", *_LETTERED) if _SEVERAL.search(text) else ():
        if (meant := _decoded(text, table)) is not None:
            yield table, meant


def _sure(text: str) -> Iterator[str]:
    """The readings that are certain by themselves."""
    for table, meant in _readings(text):
        if not _is_usual(meant) or any(map(_grows, meant, meant[1:])):
            continue
        if table in _LETTERED:
            if sum(not one.isascii() for one in meant) >= _SURE:
                yield meant
        elif any(_is_odd(found, text) for found in _PAIR.finditer(text)):
            yield meant


def _grows(one: str, other: str) -> bool:
    """Whether a capital stands behind a small letter, in a script with marks: another table would say something else."""
    return one.islower() and other.isupper() and not other.isascii()


def _is_usual(text: str) -> bool:
    """Whether all its letters are such as people write here, and of one script."""
    letters = [one for one in text if not one.isascii() and one not in _USUAL]
    scripts = {unicodedata.name(one, "").partition(" ")[0] for one in letters}
    return len(scripts) <= 1 and scripts <= _SCRIPTS and all(map(str.isalpha, letters))


def _is_odd(found: re.Match[str], text: str) -> bool:
    """Whether two characters can hardly stand side by side but by mistake."""
    second = found[0][-1]
    if second not in _NATURAL:
        return True
    after = text[found.end() : found.end() + 1]
    return second not in _WITHIN and after.isalpha()


def _is_within(found: re.Match[str], text: str) -> bool:
    """Whether a capital stands between a small letter and a sign, or a dash between two letters of one word."""
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    return (before.islower() and found[0][0].isupper()) or (
        found[0][-1] in "\u2013\u2014" and after.islower()
    )
