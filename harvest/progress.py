"""How long work shows that it goes on; injected, so that nothing below the command line knows a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

_Item = TypeVar("_Item")


class Progress(Protocol):
    """Hands on `items` one by one and may show how far it is; `length` is None where nobody knows."""

    def __call__(self, items: Iterable[_Item], label: str, length: int | None) -> Iterator[_Item]:
        """Hand on `items`; `label` says what is done with them."""
        ...


def silent(items: Iterable[_Item], label: str, length: int | None) -> Iterator[_Item]:  # noqa: ARG001 - the protocol's
    """Hand on the items and show nothing."""
    yield from items
