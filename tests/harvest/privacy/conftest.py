"""What the tests of forgetting share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harvest.privacy import forget
from harvest.privacy.search.search_pool import Search, searching


@pytest.fixture(scope="session")
def search() -> Iterator[Search]:
    """One search for all tests: starting its process takes longer than most of them."""
    with searching() as made:
        yield made


@pytest.fixture(autouse=True)
def _one_search(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def shared() -> Iterator[Search]:
        yield search

    monkeypatch.setattr(forget, "searching", shared)
