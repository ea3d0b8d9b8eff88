"""What the readers of fields ask about pages: whether what they draw was sent so (`harvest.reading.page.sent_drawings` answers)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class KnownPages(Protocol):
    """The pages that were sent."""

    def knows(self, edition: str) -> bool:
        """Whether a drawing of the edition is still there."""

    def learn(self, said: Iterable[str]) -> None:
        """Take in the copies of those recipients whose tokens pages say."""

    def drew(self, text: bytes) -> bool:
        """Whether a page whose content stands in this object shows what was sent, and nothing more."""

    def drew_plain(self, content: bytes) -> bool:
        """The same for the content itself."""
