"""Adapter to Tesseract, which recognises characters. A program of its own: it need not be installed.

Pictures go in and text comes out through pipes: no file is written, whatever happens to this process.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from harvest.reading.model.errors import AdapterError

if TYPE_CHECKING:
    from PIL.Image import Image

_PROGRAM = "tesseract"
#: Where its installer for Windows puts it without telling the PATH.
_WINDOWS = Path(r"C:\Program Files\Tesseract-OCR\tesseract.exe")
#: The languages of the form, as far as they are installed; all else is better than nothing.
_LANGUAGES = ("deu", "eng")
_SECONDS = 50
#: Until when all runs of a page have to be done, on the clock.
_UNTIL: ContextVar[float] = ContextVar("until", default=inf)
_BLOCK = "6"  # page segmentation: one block of text, which a field is
LINE = "7"  # one line
_BLANK = 9  # pixels between two words of 8 points, at 300 dots to an inch
_WORD = "5"  # level of a row of its table


class NoTesseractError(AdapterError):
    """It is not installed here, or without any language."""


class TesseractFailedError(AdapterError):
    """It ended with an error, or took too long."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A picture's text, and how sure its characters are: 0 to 1."""

    text: str
    confidence: float


@contextmanager
def within(seconds: float) -> Iterator[Callable[[], bool]]:
    """All that is recognised in here takes so long together at most; gives what tells whether that was too short."""
    until = time.monotonic() + seconds
    before = _UNTIL.set(until)
    try:
        yield lambda: time.monotonic() >= until
    finally:
        _UNTIL.reset(before)


def recognise(
    pictures: Sequence[Image], dpi: int, block: str = _BLOCK, letters: str = "", *, edge: int = 0
) -> list[Recognised]:
    """The text of each picture, all in one run; of `letters` alone, where they are given.

    Where `edge` is given, text fills a picture up to so many pixels from its right side: a line that ended because the next
    word found no room there goes on with a blank.

    Raises:
        NoTesseractError, TesseractFailedError: nothing was recognised.
    """
    if not pictures:
        return []
    command = [*_command(), "--dpi", str(dpi), "--psm", block, *_only(letters), "tsv"]
    buffer = io.BytesIO()
    pictures[0].save(
        buffer,
        "TIFF",
        compression="packbits",
        save_all=True,
        append_images=list(pictures[1:]),
        dpi=(dpi, dpi),
    )
    rows = _run(command, buffer.getvalue(), _time_left()).decode("utf-8", "replace").splitlines()[1:]
    widths = [picture.width - edge if edge else None for picture in pictures]
    return list(_texts((row.split("\t") for row in rows), widths))


def _only(letters: str) -> tuple[str, ...]:
    return ("-c", f"tessedit_char_whitelist={letters}") if letters else ()


def _time_left() -> float:
    left = min(_UNTIL.get() - time.monotonic(), _SECONDS)
    if left <= 0:
        raise TesseractFailedError("no time left")
    return left


def _run(command: Sequence[str], given: bytes, seconds: float = _SECONDS) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - the program that a person installed, without a shell
            command,
            input=given,
            capture_output=True,
            check=False,
            timeout=seconds,
            # several threads for one small picture only wait for each other
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TesseractFailedError(str(error)) from error
    if done.returncode:
        raise TesseractFailedError(done.stderr.decode("utf-8", "replace")[-500:])
    return done.stdout


@lru_cache(maxsize=1)
def _command() -> tuple[str, ...]:
    """The program's beginning.

    Raises:
        NoTesseractError: not there, or without languages.
    """
    program = _installed() or (str(_WINDOWS) if _WINDOWS.exists() else None)
    if program is None:
        raise NoTesseractError
    try:
        listed = _run([program, "--list-langs"], b"").decode("utf-8", "replace").split()
    except TesseractFailedError as error:
        raise NoTesseractError(str(error)) from error
    languages = [language for language in _LANGUAGES if language in listed]
    if not languages:
        raise NoTesseractError("without languages")
    return program, "stdin", "stdout", "-l", "+".join(languages)


def _installed() -> str | None:
    """The program that the PATH names. Never one in the current folder, where Windows looks first.

    That folder may be the one with the returns.
    """
    found = shutil.which(_PROGRAM)
    return found if found and Path(found).is_absolute() else None


@dataclass(slots=True)
class _Row:
    """A line: its words, how wide the first is, and where the last ends; pixels."""

    words: list[str]
    first: int
    end: int = 0


def _texts(rows: Iterator[list[str]], widths: Sequence[int | None]) -> Iterator[Recognised]:
    """Words back to lines: one row for each word; block, paragraph and line tell which stand together."""
    count = len(widths)
    lines: list[dict[tuple[str, ...], _Row]] = [{} for _ in range(count)]
    sure: list[list[tuple[float, int]]] = [[] for _ in range(count)]
    for row in rows:
        if len(row) < 12 or row[0] != _WORD or not row[11].strip() or not row[1].isdecimal():
            continue
        page = int(row[1]) - 1
        if 0 <= page < count:
            left, width = int(row[6]), int(row[8])
            line = lines[page].setdefault(tuple(row[2:5]), _Row([], width))
            line.words.append(row[11])
            line.end = left + width
            sure[page].append((float(row[10]), len(row[11])))
    for found, weights, full in zip(lines, sure, widths, strict=True):
        length = sum(weight for _, weight in weights)
        mean = sum(confidence * weight for confidence, weight in weights) / length / 100 if length else 0.0
        yield Recognised(_joined(list(found.values()), full), mean)


def _joined(lines: Sequence[_Row], full: int | None) -> str:
    parts: list[str] = []
    for before, line in zip((None, *lines), lines, strict=False):
        if before is not None:
            soft = full is not None and before.end + _BLANK + line.first > full
            parts.append(" " if soft else "\n")
        parts.append(" ".join(line.words))
    return "".join(parts)
