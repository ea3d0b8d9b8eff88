"""PDFs within PDFs: portfolios, and files attached to a PDF (ISO 32000-1, 7.11.4 and 12.3.5).

What else is attached is left where it is; the PDF's reader reports it.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from harvest.model import Document
from harvest.sources.archive.portfolio_child import Attached, attached
from harvest.sources.found import Limits, Part, Piece, megabytes, refused
from harvest.sources.names import inside

#: a file without one of these holds nothing attached. The stream's dictionary never stands in an object
#: stream (ISO 32000-1, 7.5.7), so its /Type is in the clear even where the rest is packed.
_SIGN = re.compile(rb"/(?:E(?:mbedded(?:File|#)|F)|Collection)")
_SECONDS = 60.0
#: `-I` keeps the program from importing what lies in the current folder, which may be the one with the returns
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from harvest.sources.archive.portfolio_child import main; main()"
)


def parts(document: Document, limits: Limits, passwords: Sequence[str] = ()) -> Iterator[Part]:
    """PDFs, mails and archives attached to `document`, each unpacked no further than it may grow.

    A program of its own opens the PDF, for a minute at most: a crash or a loop of qpdf costs this document alone.
    Started only where something is attached. Raises nothing for bad input.
    """
    if _SIGN.search(document.data) is None:
        return
    asked = json.dumps({"limits": asdict(limits), "passwords": list(passwords)}).encode()
    answer = _asked(asked + b"\n" + document.data)
    if answer is None:
        yield refused(document.provenance, "attachment-damaged")
        return
    for found in _told(answer):
        yield _part(document, found, limits)


def parts_here(document: Document, limits: Limits, passwords: Sequence[str] = ()) -> Iterator[Part]:
    """As `parts`, but in this process: for a caller that is itself a worker under limits."""
    for found in attached(document.data, limits, passwords):
        yield _part(document, found, limits)


def _asked(question: bytes) -> bytes | None:
    """The program's answer; None where it crashed or took too long."""
    path = [str(Path(entry).resolve()) for entry in sys.path if entry]
    try:
        done = subprocess.run(  # noqa: S603 - this Python, our own words
            [sys.executable, "-I", "-c", _START, json.dumps(path)],
            input=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=True,
            # no black window on Windows
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _told(answer: bytes) -> Iterator[Attached]:
    stream = io.BytesIO(answer)
    while line := stream.readline():
        told = json.loads(line)
        yield Attached(told["name"], told["mime"], stream.read(told["size"]), told["code"])


def _part(document: Document, found: Attached, limits: Limits) -> Part:
    own = inside(document.provenance, found.name or "unnamed")
    if found.code == "too-many-entries":
        return refused(document.provenance, "too-many-entries", limit=limits.entries)
    if found.code == "unpacks-too-large":
        return refused(own, "unpacks-too-large", limit=megabytes(limits.container))
    if found.code:
        return refused(own, "attachment-damaged")
    return Piece(found.data, own, found.mime)
