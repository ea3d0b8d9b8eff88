"""Click's own words in German, as gettext wants them: `python -m spec.words.prepare` writes them from the catalogue.

Click asks Python's gettext for every word of its own ("Usage", "No such option"), and gettext reads nothing but .mo
files. The format is the GNU gettext manual's, "The Format of GNU MO Files".
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

from spec.console.said import catalogue

LANGUAGE = "de"
FILE = Path(__file__).parent / "gettext" / LANGUAGE / "LC_MESSAGES" / "click.mo"
_HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
#: Between a text for one and the text for several, in the catalogue and in the file.
_OR, _END = "|", "\0"


def made() -> bytes:
    """The file's bytes."""
    words = catalogue(LANGUAGE)
    plurals = {
        one.replace(_OR, _END): other.replace(_OR, _END) for one, other in words["click-plural"].items()
    }
    return _mo({"": _HEADER, **words["click"], **plurals})


def _mo(texts: Mapping[str, str]) -> bytes:
    pairs = sorted((key.encode(), text.encode()) for key, text in texts.items())
    count, start = len(pairs), 28
    at = start + 16 * count
    tables, heap = [b"", b""], b""
    for table in range(2):
        for pair in pairs:
            tables[table] += struct.pack("<II", len(pair[table]), at + len(heap))
            heap += pair[table] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, start, start + 8 * count, 0, at)
    return head + b"".join(tables) + heap


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_bytes(made())
