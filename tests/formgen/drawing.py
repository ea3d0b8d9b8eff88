"""How the blank draws each page: `python -m tests.formgen.drawing` writes it down anew, after LAYOUT_VERSION was raised."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pikepdf import Pdf, parse_content_stream, unparse_content_stream

from formgen.blank import build_blank
from formgen.layout import LAYOUT_VERSION
from tests.specimens.form import small_form

WRITTEN = Path(__file__).with_name("drawing.json")
#: Codes of glyphs are the font library's choice, how many there are is not; the words themselves belong to the form.
_SHOWN = re.compile(rb"<[0-9A-Fa-f\s]*>")


def drawn() -> Mapping[str, Sequence[str]]:
    """Of each page a digest of what its content draws but for the codes of its glyphs, and one of where its fields stand."""
    form = small_form()
    with Pdf.open(io.BytesIO(build_blank(form).pdf)) as pdf:
        contents = [
            _digest(_SHOWN.sub(_length, unparse_content_stream(parse_content_stream(page))))
            for page in pdf.pages
        ]
        widgets = [
            _digest(json.dumps([str(one.Rect.unparse()) for one in page.obj.Annots]).encode())
            for page in pdf.pages
        ]
    return {"contents": contents, "widgets": widgets}


def _length(codes: re.Match[bytes]) -> bytes:
    return b"<%d>" % len(codes[0])


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


if __name__ == "__main__":
    told = {"version": LAYOUT_VERSION, "drawn": drawn()}
    WRITTEN.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
