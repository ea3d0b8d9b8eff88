"""What a document could run; nothing of it is ever followed (ISO 32000-1, 12.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf


def actions_of(node: pikepdf.Object) -> Iterator[str]:
    """The kinds of actions that an annotation, page or catalog carries; nothing is followed (12.6)."""
    for key in ("/A", "/AA", "/OpenAction"):
        try:
            action = node.get(key)
            if key == "/AA" and action is not None:
                yield from (str(trigger.get("/S", "")) for trigger in action.values())
            elif action is not None and hasattr(action, "keys"):
                yield str(action.get("/S", ""))
        except Exception:  # noqa: BLE001, S112 - a broken action is not followed either
            continue
