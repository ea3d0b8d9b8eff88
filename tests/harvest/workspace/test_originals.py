"""Returns as they came: only files count as kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harvest.workspace import originals

HASH = "a" * 64


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only POSIX has named pipes")
def test_a_pipe_with_the_name_of_an_original_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / f"{HASH}.pdf")
    assert list(originals.all_in(tmp_path)) == []
    assert originals.path_of(tmp_path, HASH) is None


def test_every_kind_of_original_is_found_by_its_hash(tmp_path: Path) -> None:
    for suffix in (".pdf", ".png"):
        path = tmp_path / f"{HASH}{suffix}"
        path.write_bytes(b"x")
        assert originals.path_of(tmp_path, HASH) == path
        assert list(originals.all_in(tmp_path)) == [path]
        path.unlink()
    (tmp_path / "Notiz.pdf").write_bytes(b"x")
    assert list(originals.all_in(tmp_path)) == []
