"""What a file holds in its form fields: the plainest possible reader, apart from the one under test."""

from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf, Stream


def _widgets(pdf: Pdf) -> Iterator[Object]:
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") == Name.Widget:
                yield annotation


def _full_name(widget: Object) -> str:
    names = []
    node: Object | None = widget
    while node is not None:
        if "/T" in node:
            names.append(str(node.T))
        node = node.get("/Parent")
    return ".".join(reversed(names))


def _inherited(widget: Object, key: str) -> Object | None:
    node: Object | None = widget
    while node is not None:
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def _text(value: Object) -> str:
    if isinstance(value, Stream):
        return str(pikepdf.String(value.read_bytes()))
    return str(value)


def values(path: Path) -> dict[str, str]:
    """The value of every text field that has one, by full name, exactly as stored."""
    found = {}
    with Pdf.open(path) as pdf:
        for widget in _widgets(pdf):
            value = _inherited(widget, "/V")
            if value is not None and _inherited(widget, "/FT") == Name.Tx:
                found[_full_name(widget)] = _text(value)
    return found


def ticked(path: Path) -> set[str]:
    """Names of the checkboxes that are shown as ticked."""
    with Pdf.open(path) as pdf:
        return {
            _full_name(widget)
            for widget in _widgets(pdf)
            if _inherited(widget, "/FT") == Name.Btn and widget.get("/AS", Name.Off) != Name.Off
        }


def field_names(path: Path) -> list[str]:
    """Full names of all widgets, page by page."""
    with Pdf.open(path) as pdf:
        return [_full_name(widget) for widget in _widgets(pdf)]


def on_states(path: Path) -> dict[str, str]:
    """By checkbox name, the appearance state that means "ticked"."""
    states = {}
    with Pdf.open(path) as pdf:
        for widget in _widgets(pdf):
            if _inherited(widget, "/FT") == Name.Btn and isinstance(widget.AP.N, Dictionary):
                states[_full_name(widget)] = next(str(key)[1:] for key in widget.AP.N if key != "/Off")
    return states
