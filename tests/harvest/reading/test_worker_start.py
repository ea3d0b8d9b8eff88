"""A worker that does not start costs its time limit, not the run."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harvest.model import Document, Provenance
from harvest.reading.pool import pool

#: More than any pipe holds.
LARGE = ("x" * 400_000,)


def document(data: bytes) -> Document:
    return Document.of(data, Provenance("a.pdf", "a.pdf", datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize("passwords", [(), LARGE], ids=["a small setup", "a setup larger than the pipe"])
def test_a_child_that_sleeps_is_ended(passwords: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_START", "import time; time.sleep(300)")
    monkeypatch.setattr(pool, "_START_WITHIN", 0.5)

    found = list(pool.raws([document(b"1"), document(b"2")], {}, passwords, workers=2))

    assert [[one.code for one in raw.problems] for _, raw in found] == [["reader-timeout"]] * 2


def test_a_large_setup_reaches_a_worker_that_starts() -> None:
    ((_, raw),) = pool.raws([document(b"no PDF")], {}, LARGE, workers=1)
    assert "reader-timeout" not in [one.code for one in raw.problems]
