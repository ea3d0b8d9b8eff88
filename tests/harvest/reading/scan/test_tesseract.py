"""Tesseract is the one that somebody installed, or none."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from harvest.reading.scan import tesseract
from tests.readers.engines.base import EngineMissing


@pytest.fixture(autouse=True)
def _anew() -> None:
    tesseract._command.cache_clear()


def test_the_installed_one_is_found() -> None:
    if shutil.which("tesseract") is None:
        raise EngineMissing("tesseract", "the program tesseract")
    assert Path(tesseract._command()[0]).is_absolute()


def test_a_program_among_the_returns_is_never_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows finds programs in the current folder first; a PATH with a dot in it says the same here."""
    program = tmp_path / ("tesseract.exe" if sys.platform == "win32" else "tesseract")
    program.write_text(f"#!/bin/sh\ntouch '{tmp_path}/started'\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    monkeypatch.setattr(tesseract, "_WINDOWS", tmp_path / "none")
    assert shutil.which("tesseract") is not None
    with pytest.raises(tesseract.NoTesseractError):
        tesseract._command()
    assert not (tmp_path / "started").exists()
