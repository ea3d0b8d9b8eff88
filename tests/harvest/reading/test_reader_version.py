"""Readings carry the reader's version, and originals are read again where it has changed: nobody may forget to raise it."""

from __future__ import annotations

import json

from harvest.reading.version import READER_VERSION
from tests.harvest.reading.reader_version import WRITTEN, said


def test_what_the_specimens_say_changes_with_the_readers_version_only() -> None:
    """Raise READER_VERSION if a release went out with it, then write down anew what the specimens say."""
    written = json.loads(WRITTEN.read_text(encoding="utf-8"))

    assert written["version"] == READER_VERSION
    assert said() == written["said"], (
        "see harvest/reading/version.py; `python -m tests.harvest.reading.reader_version`"
    )
    assert len(written["said"]) >= 4
