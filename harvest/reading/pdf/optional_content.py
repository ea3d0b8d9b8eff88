"""Layers that are switched off when the file is opened: optional content (ISO 32000-1, 8.11). Nothing in them is an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

#: Levels of a visibility expression (8.11.2.2, Table 99); a sensible one has two or three.
_DEPTH = 16
#: Policy of a membership (8.11.2.2) -> whether it is visible, given which of its layers are on.
_POLICIES: dict[str, Callable[[Sequence[bool]], bool]] = {
    "/AllOn": all,
    "/AnyOn": any,
    "/AnyOff": lambda states: not all(states),
    "/AllOff": lambda states: not any(states),
}


class Layers:
    """Tells what a file's layers hide. A file without layers hides nothing.

    Args:
        root: the catalog of an open PDF (pikepdf), or an empty mapping.
    """

    def __init__(self, root: Any) -> None:
        self._off: set[tuple[int, int]] = set()
        try:
            self._read(root.get("/OCProperties"))
        except Exception:  # noqa: BLE001 - a broken list of layers hides nothing, so that all of it is read
            self._off.clear()

    def __bool__(self) -> bool:
        return bool(self._off)

    def _read(self, properties: Any) -> None:
        if properties is None:
            return
        usual = properties.get("/D", {})
        if usual.get("/BaseState") == "/OFF":
            self._off = {one.objgen for one in properties.get("/OCGs", ())}
        self._off -= {one.objgen for one in usual.get("/ON", ())}
        self._off |= {one.objgen for one in usual.get("/OFF", ())}
        for usage in usual.get("/AS", ()):  # what a layer says of itself for the screen (8.11.4.4)
            if usage.get("/Event") == "/View":
                for one in usage.get("/OCGs", ()):
                    self._by_itself(one)

    def _by_itself(self, layer: Any) -> None:
        said = layer.get("/Usage", {}).get("/View", {}).get("/ViewState")
        if said == "/OFF":
            self._off.add(layer.objgen)
        elif said == "/ON":
            self._off.discard(layer.objgen)

    def hide(self, node: Any) -> bool:
        """Whether what carries this as its /OC is hidden: a layer, or a membership in several. False where it can't be told."""
        if not self._off or node is None:
            return False
        try:
            return not self._shown(node)
        except Exception:  # noqa: BLE001 - what can't be told is read
            return False

    def _shown(self, node: Any) -> bool:
        if node.get("/Type") != "/OCMD":
            return node.objgen not in self._off
        if "/VE" in node:
            return self._said(node.VE, 0)
        layers = node.get("/OCGs")
        if layers is None:
            return True
        each = [layers] if _is_dictionary(layers) else list(layers)
        states = [one.objgen not in self._off for one in each if _is_dictionary(one)]
        return not states or _POLICIES.get(str(node.get("/P", "")), any)(states)

    def _said(self, node: Any, depth: int) -> bool:
        if depth > _DEPTH:
            return True
        if _is_dictionary(node):
            return node.objgen not in self._off
        kind, parts = str(node[0]), list(node)[1:]
        states = (self._said(part, depth + 1) for part in parts)
        if kind == "/Not":
            return not next(states, False)
        return any(states) if kind == "/Or" else all(states)


def _is_dictionary(node: Any) -> bool:
    import pikepdf  # noqa: PLC0415 - a heavy library, loaded when the first PDF is opened

    return isinstance(node, pikepdf.Dictionary)
