"""The language of the screen: everything that a person sees who calls a command, but not what goes into files."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # these would make every start wait
    from spec.form.model import Language
    from spec.words import Words

#: The environment variable that rules over the computer's own language: `de` or `en`; `C` for none.
VARIABLE = "FORMGEN_LANG"
LANGUAGES: tuple[Language, ...] = ("de", "en")

#: What a terminal obeys instead of showing it: C0 but for tab and line end, DEL, C1 (ECMA-48), and what turns the
#: direction of the text around it or separates lines (UAX 9, 2; UTR 36, 3.1). A carriage return overwrites its line.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """The text for a terminal or a pipe: each character that would be obeyed is named, such as `[U+001B]`."""
    return _OBEYED.sub(lambda found: f"[U+{ord(found[0]):04X}]", text.replace("\r\n", "\n"))


def harmless_json(text: str) -> str:
    """The same JSON, with these characters as escapes (RFC 8259, 7), so that no value changes."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def screen_language() -> Language | None:
    """German on a German computer, English on any other; None where the computer has no language ("C", "POSIX")."""
    locale = os.environ.get(VARIABLE) or (
        _windows_locale() if sys.platform == "win32" else _posix_locale(os.environ)
    )
    return _language(locale)


def on_screen(of_the_form: Words) -> Words:
    """The words for the screen: the form's where the computer has no language."""
    from spec.words import words  # noqa: PLC0415  start-up

    language = screen_language()
    return of_the_form if language is None else words(language)


def _language(locale: str) -> Language | None:
    """`de_AT.UTF-8` -> de."""
    name = locale.replace("-", "_").split(".")[0].split("@")[0].split("_")[0].lower()
    if name in {"", "c", "posix"}:
        return None
    return next((known for known in LANGUAGES if known == name), "en")


def _posix_locale(environment: Mapping[str, str]) -> str:
    """The first that is set counts (POSIX, 8.2)."""
    return next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
    )


def _windows_locale() -> str:
    """The language that Windows speaks with this user, such as `de_DE`; elsewhere only a stand-in can be tried."""
    import ctypes  # noqa: PLC0415  only Windows needs it
    import locale  # noqa: PLC0415

    try:
        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()  # type: ignore[attr-defined,unused-ignore]
    except (AttributeError, OSError):
        return ""
    return locale.windows_locale.get(number, "")
