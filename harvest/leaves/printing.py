"""Leaves -> PDF, by Typst.

Why Typst (the package `typst`, a compiler in one wheel for Windows, macOS and Linux): it writes tagged PDF and holds it
to PDF/UA-1 itself, shapes and orders every script with the fonts of the machine, parts table rows over pages with
their heading repeated, and hyphenates German. fpdf2 writes no tags; WeasyPrint needs Pango, which an office's Windows
lacks. Partner texts go in as JSON and are set as text, so nothing in them can be a command. The form's printed face is
read as a data file; none of the form side's code is imported.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, tzinfo
from importlib import import_module, resources
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from harvest.leaves.content import Leaf
from harvest.report.html import showable
from spec.errors import NothingDoneError
from spec.form.model import Form
from spec.words import Words

_FACES = ("text-regular.ttf", "text-bold.ttf")
_WIDTH_MM = 261.0  # of the five columns together
_PADDING_MM = 3.0
_LETTER_MM = 2.1  # a wide letter of the table's type
_BREAK = "\u200b"
_UNSPEAKABLE = re.compile(r"[aeiouäöüy]{5}|[^aeiouäöüy]{9}", re.IGNORECASE)


def print_leaves(
    leaves: Sequence[Leaf], form: Form, words: Words, *, at: datetime, zone: tzinfo, run: str
) -> bytes:
    """The PDF. It is PDF/UA-1 unless a text holds a letter for which this machine has no font.

    Args:
        at: the time as of which the leaves are printed; the file's date.
        run: the number of the newest run.

    Raises:
        NothingDoneError: Typst is not installed.
    """
    typst = _typst()
    at = at.replace(microsecond=0)  # a PDF knows no smaller part of a second
    data = json.dumps(_data(leaves, form, words, at.astimezone(zone), run), ensure_ascii=False)
    template = resources.files(__package__).joinpath("template.typ").read_bytes()
    with _faces() as fonts, TemporaryDirectory() as root:
        faces = typst.Fonts(font_paths=[fonts])

        def compiled(standards: list[Any]) -> Any:
            compiler = typst.Compiler(template, root=root, font_paths=faces, sys_inputs={"data": data})
            return compiler.compile(format="pdf", timestamp=at, pdf_standards=standards)

        try:
            made = compiled(["ua-1"])
        except typst.TypstError:
            # A letter without a font breaks the standard, but its box still says that something stands there.
            made = compiled([])
    assert isinstance(made, bytes)
    return made


def _typst() -> ModuleType:
    """The library, which is large, and which only this command needs."""
    try:
        return import_module("typst")
    except ImportError:
        raise NothingDoneError(
            "--format pdf",
            "What prints the leaves is not installed: the package typst.",
            'Install it: python3 -m pip install "typst>=0.15"',
        ) from None


@contextmanager
def _faces() -> Iterator[Path]:
    """A folder with the form's printed face; empty where it is not installed, then the machine's fonts serve."""
    with TemporaryDirectory() as folder:
        found = find_spec("formgen")
        for home in (found.submodule_search_locations or ()) if found else ():
            for name in _FACES:
                face = Path(home) / "fonts" / name
                if face.is_file():
                    (Path(folder) / name).write_bytes(face.read_bytes())
        yield Path(folder)


def _data(leaves: Sequence[Leaf], form: Form, words: Words, at: datetime, run: str) -> dict[str, Any]:
    told = words("leaves.as-of", day=at.strftime(words.templates["date.day"]))
    widths = [column.width for column in form.columns]
    room = [round(_WIDTH_MM * width / sum(widths) - _PADDING_MM, 1) for width in widths]
    return {
        "title": words("leaves.title", title=form.title),
        "language": form.language,
        "form": form.title,
        "as-of": f"{told} · {words('leaves.run', run=run)}" if run else told,
        "page-of": words.templates["register.say.page-of"],
        "number": words("leaves.number"),
        "columns": [_fitting(column.heading, room[place]) for place, column in enumerate(form.columns)],
        "widths": widths,
        "leaves": [_leaf(leaf, number, room, words) for number, leaf in enumerate(leaves)],
    }


def _leaf(leaf: Leaf, number: int, room: Sequence[float], words: Words) -> dict[str, Any]:
    data = asdict(leaf)
    data["mark"] = f"leaf-{number}"
    data["continued"] = words("leaves.continued", name=leaf.name)
    data["under"] = [_fitting(one, _WIDTH_MM) for one in leaf.under]
    data["nil"] = [_fitting(one, _WIDTH_MM) for one in leaf.nil]
    data["rows"] = [
        {
            "cells": [_fitting(text, room[place]) for place, text in enumerate(row.cells)],
            "notes": [_fitting(text, room[0]) for text in row.notes],
        }
        for row in leaf.rows
    ]
    return data


def _fitting(text: str, room: float) -> str:
    """`text` that can be shown, with places to part words that no line of `room` millimetres can hold."""
    longest = max(4, int(room / _LETTER_MM))
    return "\n".join(
        " ".join(_parted(word, longest) for word in line.split(" ")) for line in showable(text).split("\n")
    )


def _parted(word: str, longest: int) -> str:
    # what looks like a word of a language is hyphenated by its rules; addresses and senseless letters have none
    hyphenated = len(word) <= 2 * longest and word.isalpha() and _UNSPEAKABLE.search(word) is None
    if (
        len(word) <= longest
        or hyphenated
        or any(unicodedata.bidirectional(one) in {"R", "AL"} for one in word)
    ):
        return word
    return "".join(one if unicodedata.combining(one) else _BREAK + one for one in word).lstrip(_BREAK)
