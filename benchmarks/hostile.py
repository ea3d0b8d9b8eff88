"""Mails that are built to harm, at two sizes: the larger has four times as much and may take about four times as long.

    python benchmarks/hostile.py [WORD]

`WORD`: only the mails whose name has it. Prints CPU seconds for 1 and 4 MiB, and how many times as long the larger takes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from harvest.model import Provenance
from harvest.sources.found import MIB, Piece
from harvest.sources.unpack import Walk, Ways

_HEAD = b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\n"
_PDF = b"JVBERi0xLjcKJVBERi0xLjcKJVBERi0xLjcK"


def _headers(unit: bytes) -> Callable[[int], bytes]:
    return lambda size: _HEAD + unit * (size // len(unit)) + b"\n\n"


def _text(unit: bytes, first: bytes = b"") -> Callable[[int], bytes]:
    return lambda size: _HEAD + b"Content-Type: text/plain\n\n" + first + unit * (size // len(unit))


def _parts(unit: bytes, most: int = sys.maxsize) -> Callable[[int], bytes]:
    head = _HEAD + b'Content-Type: multipart/mixed; boundary="X"\n\n'
    return lambda size: head + unit * min(most, size // len(unit))


def _encoded(unit: bytes, encoding: bytes = b"base64") -> Callable[[int], bytes]:
    head = _HEAD + b"Content-Type: application/pdf\nContent-Transfer-Encoding: " + encoding + b"\n\n"
    return lambda size: head + _PDF + b"\n" + unit * (size // len(unit))


_MAILS: dict[str, Callable[[int], bytes]] = {
    "headers": _headers(b"X: a\n"),
    "headers, folded": _headers(b" a\n"),
    "headers, no colon": _headers(b"abc def\n"),
    "headers, parameters": _headers(b"a=b;\n"),
    "headers, CR": _headers(b"\r"),
    "mails in mails": _headers(b"Content-Type: message/rfc822\n\n"),
    "parts, folded headers": lambda size: _parts(b"--X\nContent-Type: a\n" + b" b\n" * (size // 3_000), 990)(
        size
    ),
    "parts, long names": _parts(b'--X\nContent-Type: a/b; name="' + b";" * 4_000 + b'"\n\nx\n', 990),
    "parts, delimiters within lines": _parts(b"--X"),
    "parts, almost delimiters": _parts(b"\n--Xy"),
    "text, delimiters": _text(b"--a\nContent-a\n"),
    "text, long delimiters": _text(b"--" + b"a" * 190 + b"\n"),
    "text, base64": _text(_PDF + b"\n\n"),
    "text, quoted": _text(b"> "),
    "text, PDF": _text(b"%PDF-1.7\n"),
    "text, links": _text(b"https://a.b.c.d."),
    "uuencode, beginnings": _text(b"begin 644 x\n"),
    "uuencode, no end": _text(b"\nend x", b"begin 644 x\n"),
    "base64, one character each": _encoded(b"A "),
    "base64, padding": _encoded(b"A="),
    "base64, foreign": _encoded(b"A*"),
    "base64, words": _encoded(b"ab. "),
    "quoted-printable": _encoded(b"= \t", b"quoted-printable"),
}


def _seconds(data: bytes) -> float:
    top = Provenance("a.eml", "a.eml")
    start = time.process_time()
    for _ in Walk(top, Ways()).piece(Piece(data, top)):
        pass
    return time.process_time() - start


def main(word: str) -> None:
    for name, made in _MAILS.items():
        if word in name:
            small, large = _seconds(made(MIB)), _seconds(made(4 * MIB))
            print(f"{name:32} {small:6.2f} s {large:6.2f} s  x{large / max(small, 0.01):.1f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
