"""Names that came in from outside, made fit to be shown. They are never used as paths."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from harvest.model import Provenance
from harvest.model.intake import STEP

LONGEST_NAME = 120
LONGEST_PATH = 500

#: joiners that Arabic, Persian and emoji names need; they can't turn text around
_HARMLESS_FORMAT = {"\u200c", "\u200d"}


def shown(text: str, longest: int = LONGEST_NAME) -> str:
    """`text` with nothing in it that could deceive or break: on one line, its end (the suffix) kept when cut.

    Control, bidirectional and other invisible characters become `[U+202E]`, lone surrogates (undecodable
    bytes) U+FFFD. NFC, since macOS names come decomposed. Source: Unicode UAX 9 and UTR 36 (bidi spoofing).
    """
    cut = unicodedata.normalize("NFC", text[: 8 * longest] if len(text) > 16 * longest else text)
    clean = "".join(_safe(character) for character in cut)
    return shortened(clean.strip(), longest)


def shown_name(name: str, longest: int = LONGEST_NAME) -> str:
    """A file's name made fit to be shown; `>` becomes `›`, so that it can't feign a step of the way."""
    return shown(name, longest).replace(">", "›")


def _safe(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Cs":
        return "\ufffd"
    if character in "\t\r\n":
        return " "
    if kind in {"Cc", "Zl", "Zp", "Cn"} or (kind == "Cf" and character not in _HARMLESS_FORMAT):
        return f"[U+{ord(character):04X}]"
    return character


def shortened(text: str, longest: int) -> str:
    """`text` of at most `longest` characters, its middle left out."""
    if len(text) <= longest:
        return text
    tail = min(40, longest // 3)
    return f"{text[: longest - tail - 1]}…{text[len(text) - tail :]}"


def inside(outer: Provenance, name: str) -> Provenance:
    """The provenance of something called `name` in `outer`: one step further, times and sender inherited."""
    own = shown_name(name.replace("\\", "/")) or "?"
    return replace(outer, path=shortened(outer.path + STEP + own, LONGEST_PATH), name=base_name(own))


def base_name(name: str) -> str:
    """The last part of a name with slashes."""
    return name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def suffix(name: str) -> str:
    """Lower-case extension with its dot, empty where there is none."""
    base = base_name(name).rstrip(". ")
    stem, dot, extension = base.rpartition(".")
    return f".{extension.lower()}" if dot and stem else ""
