"""What people answer where a program could not tell whether the box for "nothing here" is ticked."""

from __future__ import annotations

from harvest.model import TICK
from spec.words import Words

_YES = frozenset({"ja", "j", "yes", "y", "x", "angekreuzt", "ticked", "☒", "☑", "✗", "✓", "true", "wahr"})
_NO = frozenset({"nein", "n", "no", "leer", "empty", "-", "–", "☐", "false", "falsch"})


def called(named: str, words: Words) -> bool:
    """Whether the box is meant: it is called as the register calls a nil return."""
    return named.strip().casefold() in {name_of(words).casefold(), "nil"}


def name_of(words: Words) -> str:
    """What the register calls it."""
    return words("register.answer.nil")


def answer(text: str, words: Words) -> str | None:
    """`TICK`, or the empty text for an empty box; None for what is neither yes nor no."""
    said = text.strip().rstrip(".!").casefold()
    if said in _YES | {words("register.say.yes").casefold(), name_of(words).casefold()}:
        return TICK
    return "" if said in _NO | {words("register.say.no").casefold()} else None
