"""How the time grows with what a stranger sends: each reader of a partner's text, of a cell or of a mail, at two sizes.

    python benchmarks/growth.py [CHARACTERS]

Texts of CHARACTERS (default 20,000) and ten times as many, of the kinds that make careless patterns try again and again. CPU
time; the worst of the texts is told. Ten times the text may take ten times the time, and a little more where memory moves.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from harvest.edits.typed_cells import unchanged
from harvest.merge.facilities.facility_parts import take_apart
from harvest.parse.dates import confirmed_in, signed_by
from harvest.parse.languages import languages_in
from harvest.parse.phones import phones_in
from harvest.parse.places import places_in
from harvest.parse.web import emails_in, websites_in
from harvest.sources.mail import headers, inline_files
from harvest.sources.mail.transfer_encoding import base64_decoded, uu_decoded
from harvest.text.clean_text import clean
from harvest.text.double_encoding import is_doubtful
from spec.matching import find, folded

#: What texts are made of, again and again.
PIECES = (
    "0",
    "52062 ",
    "a@",
    "Bad ",
    "( ",
    "-",
    " ",
    "ä",
    "Ã¼",
    "15. 1",
    "www.",
    "begin 644 a\n",
    "=?utf-8?q?",
    "M" * 61 + "\n",
)
TODAY = date(2026, 12, 1)
#: Below this many seconds a ratio says nothing.
LEAST = 0.002


def header_lines(text: str) -> object:
    data = b"Subject: " + text.encode() + b"\n\n"
    return headers.read(data, 0, len(data))


READERS: dict[str, Callable[[str], object]] = {
    "places_in": places_in,
    "phones_in": phones_in,
    "emails_in": emails_in,
    "websites_in": websites_in,
    "languages_in": languages_in,
    "confirmed_in": lambda text: confirmed_in(text, TODAY),
    "signed_by": signed_by,
    "take_apart": take_apart,
    "unchanged": lambda text: unchanged(text, text + " "),
    "clean": clean,
    "is_doubtful": is_doubtful,
    "folded": folded,
    "find": lambda text: list(find(text, "Ida Roth")),
    "header lines": header_lines,
    "decoded_words": headers.decoded_words,
    "inline_files": lambda text: list(inline_files.files(text.encode())),
    "uu_decoded": lambda text: uu_decoded(text.encode()),
    "base64_decoded": lambda text: base64_decoded(text.encode()),
}


def spent(read: Callable[[str], object], text: str) -> float:
    """CPU seconds, the better of two."""
    best = float("inf")
    for again in range(2):
        asked = text + "." * again  # some remember what they were asked
        start = time.process_time()
        read(asked)
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(
        f"| reader | {size:,} characters | ten times as many | times | text |\n| --- | --- | --- | --- | --- |"
    )
    for name, read in READERS.items():
        rows = []
        for piece in PIECES:
            small, large = (
                spent(read, (piece * (length // len(piece) + 1))[:length]) for length in (size, 10 * size)
            )
            rows.append((large / max(small, LEAST), small, large, piece))
        ratio, small, large, piece = max(rows)
        print(
            f"| {name} | {small * 1000:.1f} ms | {large * 1000:.1f} ms | {ratio:.1f} | {piece[:12]!r} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
