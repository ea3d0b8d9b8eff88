"""The structure tree of a form, to look into."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Object


def elements(node: Object) -> Iterator[Object]:
    """All structure elements below `node`, in reading order."""
    kids: Any = node.get("/K")
    if kids is None or isinstance(kids, int):
        return
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)
