"""HTML that cannot be broken from inside: what is not made here is text, and text is always escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import TypeAlias

#: elements without an end tag (HTML standard, 13.1.2)
_VOID = frozenset({"br", "col", "hr", "img", "link", "meta"})
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0010fffe\U0010ffff]"
)


class Markup(str):
    """Markup made by this module; every other text is escaped when it becomes part of one."""

    __slots__ = ()


def breakable(value: str) -> Markup:
    """`value` as text that may also be parted behind a slash: long German names fit a telephone then."""
    return Markup(text(value).replace("/", "/<wbr>"))


Child: TypeAlias = "str | Markup | Iterable[Child] | None"


def showable(value: str) -> str:
    """`value` with LF as line end; characters that HTML forbids (13.1.2.1, 3.2.5.1.5) become U+FFFD."""
    return _UNSHOWABLE.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))


def text(value: str) -> Markup:
    """`value` as text, escaped, as far as it can be shown."""
    return Markup(html.escape(showable(value)))


def joined(children: Iterable[Child]) -> Markup:
    """The children one after the other."""
    return Markup("".join(_child(child) for child in children))


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    return text(child) if isinstance(child, str) else joined(child)


def h(name: str, /, *children: Child, **attributes: str | float | bool | None) -> Markup:
    """An element. `class_` stands for `class`, `aria_label` for `aria-label`; None and False leave an attribute out.

    Raises:
        ValueError: an element without an end tag was given children.
    """
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        if children:
            raise ValueError(f"<{name}> holds nothing")
        return Markup(f"<{name}{told}>")
    return Markup(f"<{name}{told}>{joined(children)}</{name}>")


def _attribute(key: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(str(value))}"'
