"""Passwords as people list them, and as bytes, in which programs that protect PDFs spell them differently.

Up to AES with 128 bits a password is a string in PDFDocEncoding, from AES with 256 bits on one in UTF-8 (ISO 32000-2, 7.6.4.3);
programs take whatever their system's own encoding is instead.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from harvest.text.pdf_strings import in_pdfdoc
from spec.console.said import refusal, said
from spec.errors import WrongInputError

_ENCODINGS = ("utf-8", "latin-1", "cp1252", "cp850")
#: Bytes of a list; nobody has ten thousand passwords.
_LONGEST = 1024 * 1024
_LINE_END = re.compile(r"\r\n|\n|\r")
#: What no line of a text has: control characters but the tab, halves of characters, characters that are none.
_NO_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def spelled(passwords: Sequence[str]) -> tuple[bytes, ...]:
    """What to try on a PDF, the likeliest first: each password in all encodings, then without or with a blank behind."""
    as_listed = [password for password in passwords if password]
    trimmed = [password.rstrip() for password in as_listed if password.rstrip()]
    blank_behind = [f"{password} " for password in trimmed]
    return tuple(
        dict.fromkeys(
            bytes_
            for password in (*as_listed, *trimmed, *blank_behind)
            for form in dict.fromkeys(
                (password, *(unicodedata.normalize(f, password) for f in ("NFC", "NFKC")))
            )
            for bytes_ in _in_bytes(form)
        )
    )


def _in_bytes(password: str) -> Iterator[bytes]:
    for encoding in _ENCODINGS:
        try:
            yield password.encode(encoding)
        except UnicodeEncodeError:  # it has letters that this encoding lacks
            continue
    if (own := in_pdfdoc(password)) is not None:
        yield own


def read_list(path: Path) -> tuple[str, ...]:
    """The passwords in a text file, one a line, as editors save it: UTF-8 with or without mark, UTF-16, ANSI, DOS.

    Raises:
        WrongInputError: it can't be read, or is no text.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST + 1)
    except OSError as error:
        raise WrongInputError(
            str(path),
            said("The file can't be read ({reason}).", reason=refusal(error)),
            "Close it in other programs, and check its permissions.",
        ) from error
    text = _text(data) if len(data) <= _LONGEST else None
    if text is None or _NO_TEXT.search(text):
        raise WrongInputError(
            str(path),
            "This is no list of passwords.",
            "Write the passwords with a text editor, one a line, and save the file as plain text (UTF-8).",
        )
    return tuple(line for line in _LINE_END.split(text) if line.strip())


def _text(data: bytes) -> str | None:
    """The text, None where the bytes are none."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\0" in data:  # UTF-16 without its mark: the NULs stand in every other place
        return _decoded(data, "utf-16-le" if 0 in data[1::2] and 0 not in data[::2] else "utf-16-be")
    for encoding in ("utf-8", "cp1252", "cp850"):
        if (text := _decoded(data, encoding)) is not None:
            return text
    return None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
