"""What the specimens say that need no recognition: `python -m tests.harvest.reading.reader_version` writes it down anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from harvest.merge.facilities.equality import plain
from harvest.model import Method
from harvest.reading import read
from harvest.reading.version import READER_VERSION
from tests.specimens.form import edition, specimens

WRITTEN = Path(__file__).with_name("reader_version.json")
#: Programs that draw letters as letters: every version of PDFium finds the same in these.
_STEADY = ("annotated-*", "fill-and-sign*", "printed-*-chrome", "printed-*-gs")


def said() -> Mapping[str, str]:
    """Specimen -> a digest of its words, but for white space, with their places and how they were read."""
    editions = {edition().edition: edition()}
    found = {}
    for path in sorted({path for pattern in _STEADY for path in specimens(pattern)}):
        fields = read(path.read_bytes(), editions).fields
        if any(one.method is Method.OCR for one in fields):
            continue
        words = sorted((one.name.local, plain(one.text), one.method.value) for one in fields)
        found[path.stem] = hashlib.sha256(json.dumps(words).encode()).hexdigest()[:16]
    return found


if __name__ == "__main__":
    told = {"version": READER_VERSION, "said": said()}
    WRITTEN.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
