"""Fill a copy with an engine, save, and look at everything that a return is needed for."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf
import zxingcpp

from harvest.reading import read
from spec.names import RowField, parse_field_name
from tests.readers import read_back
from tests.readers.engines import renderer, require
from tests.readers.engines.base import run
from tests.readers.known_losses import stored
from tests.readers.matrix_copies import PREFILLED_ON, SHOWN_ON, Source
from tests.readers.matrix_display import SHOWN, looks
from tests.readers.matrix_pixels import DPI, Picture, as_reference, cut_out

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Return:
    """A copy as it came back from an engine.

    Attributes:
        blank: the file before it was filled.
        path: with every text of `TEXTS`.
        shown: with the lines of `SHOWN` only. One emoji would do, and pdf.js has all readers draw every field
            anew (see test_display).
    """

    engine: str
    source: Source
    blank: Path
    path: Path
    shown: Path


def fill(engine: str, source: Source, folder: Path) -> Return:
    """Enter everything with an engine and save."""
    returned = Return(engine, source, *(folder / f"{name}.pdf" for name in ("blank", "texts", "shown")))
    returned.blank.write_bytes(source.pdf)
    require(engine).fill(returned.blank, source.values, returned.path, checks=[source.nil])
    require(engine).fill(returned.blank, source.lines, returned.shown)
    return returned


def measure(returned: Return, other_fonts: Mapping[str, Picture]) -> dict[str, Any]:
    """What became of the values, the pages, the identities and the order, as it stands in matrix.json."""
    source = returned.source
    images = rendered(returned, SHOWN_ON)
    found: dict[str, Any] = {
        "values": values(returned),
        "renderers": list(source.renderers),
        "display": _display(source, source.shown, images, other_fonts),
        "identity": identity(returned, next(iter(images.values()))),
        "order": order(returned),
        "bytes": {"before": returned.blank.stat().st_size, "after": returned.shown.stat().st_size},
    }
    if source.prefilled:
        images = rendered(returned, PREFILLED_ON)
        found["prefilled"] = _display(source, source.prefilled, images, other_fonts)
    return found


def rendered(returned: Return, category: str) -> "dict[str, Image]":
    """Renderer -> the first page of a category."""
    page = page_numbers(returned.shown)[category, 1]
    return {name: renderer(name).render(returned.shown, page, DPI) for name in returned.source.renderers}


# ---------------------------------------------------------------- values


def values(returned: Return) -> dict[str, Any]:
    """Which texts are stored otherwise than entered, what ends a line, and whether all readers agree."""
    found = read_back.values(returned.path)
    entered = returned.source.values
    before = read_back.values(returned.blank)
    names = {field: text for text, field in returned.source.texts.items()}
    newline = found[returned.source.texts["newlines"]].removeprefix("Erste Zeile").partition("Zweite")[0]
    return {
        "changed": sorted(names.get(name, name) for name in entered if found.get(name) != entered[name]),
        "as known": all(found.get(name) == stored(returned.engine, text) for name, text in entered.items()),
        "newline": {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}.get(newline, repr(newline)),
        "untouched as before": {name: text for name, text in found.items() if name not in entered} == before,
        "ticks": read_back.ticked(returned.path) == {returned.source.nil},
        "lines": returned.source.lines.items() <= read_back.values(returned.shown).items(),
        "harvested": _with_words(harvested(returned.path, returned.source)) == _with_words(_answers(found)),
    }


def harvested(path: Path, source: Source) -> dict[str, str]:
    """Field -> text of all text fields that the harvest reads in a return."""
    reading = read(path.read_bytes(), {source.edition.edition: source.edition})
    return {str(one.name): one.text for one in reading.fields if not str(one.name).endswith(("_nil", "_id"))}


def _answers(found: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in found.items() if not name.endswith("_id")}


def _with_words(fields: Mapping[str, str]) -> dict[str, str]:
    """Without empty texts: in a prefilled row the harvest reads a field without a value as an empty text."""
    return {name: text for name, text in fields.items() if text}


# ---------------------------------------------------------------- display


def _display(
    source: Source,
    fields: Mapping[str, str],
    images: Mapping[str, "Image"],
    other_fonts: Mapping[str, Picture],
) -> dict[str, Any]:
    """Script -> what is shown, in a word where all renderers agree, else by renderer."""
    boxes, height = source.boxes(fields), source.edition.page_size[1]
    by_renderer = {name: looks(image, boxes, height, other_fonts) for name, image in images.items()}
    found: dict[str, Any] = {}
    for script in SHOWN:
        words = {name: str(shown[script]) for name, shown in by_renderer.items()}
        found[script] = words if len(set(words.values())) > 1 else next(iter(words.values()))
    return found


def other_font(source: Source, folder: Path) -> dict[str, Picture]:
    """The lines as MuPDF draws them when it fills, with fonts of its own."""
    returned = fill("mupdf", source, folder)
    page = renderer("mupdf").render(returned.shown, page_numbers(returned.shown)[SHOWN_ON, 1], DPI)
    height = source.edition.page_size[1]
    return {
        script: as_reference(cut_out(page, box, height)) for script, box in source.boxes(source.shown).items()
    }


# ---------------------------------------------------------------- identity and order


def identity(returned: Return, image: "Image") -> dict[str, bool]:
    """Whether everything that says whose page it is says so still."""
    own, before = returned.path, returned.blank
    printed = run("poppler", ["pdftotext", own, "-"]).split("\f")
    hidden = [value for name, value in read_back.values(own).items() if _is_page_id(name)]
    expected = returned.source.identity(SHOWN_ON)
    return {
        "names": sorted(read_back.field_names(own)) == sorted(read_back.field_names(before)),
        "hidden": hidden == [text for name, text in read_back.values(before).items() if _is_page_id(name)],
        "print": all(value in page for value, page in zip(hidden, printed, strict=False)),
        "code": [code.text.lower() for code in zxingcpp.read_barcodes(np.asarray(image))] == [expected],
    }


def _is_page_id(name: str) -> bool:
    return name.endswith("_id") and name.split("_")[-2].startswith("p")


def annotations(path: Path) -> list[list[str]]:
    """Page by page the names of the fields, in the order of the file: what the Tab key follows in Chromium."""
    with pikepdf.open(path) as pdf:
        return [[str(one.get("/T", "?")) for one in page.obj.get("/Annots", [])] for page in pdf.pages]


def page_numbers(path: Path) -> dict[tuple[str, int], int]:
    """Category and number -> place in the file, from 0, after the names of the hidden fields."""
    found = {}
    for place, names in enumerate(annotations(path)):
        for name in names:
            if _is_page_id(name):
                _, category, number, _ = name.split("_")
                found[category, int(number[1:])] = place
    return found


def order(returned: Return) -> dict[str, bool]:
    """Whether the Tab key still goes row by row, as far as the file says it."""
    after = annotations(returned.path)
    with pikepdf.open(returned.path) as pdf:
        structure = all(page.obj.get("/Tabs") == pikepdf.Name.S for page in pdf.pages)
    return {
        "as before": after == annotations(returned.blank),
        "row by row": all(map(row_by_row, after)),
        "by structure": structure,
    }


def row_by_row(names: list[str]) -> bool:
    """Whether a page's fields are in the order in which one fills them in, the page's hidden field last."""
    cells = [cell for name in names if isinstance(cell := parse_field_name(name), RowField)]
    rows = [row for row, _ in groupby(cells, key=lambda cell: cell.row)]
    columns = [[cell.column for cell in row] for _, row in groupby(cells, key=lambda cell: cell.row)]
    return (
        rows == sorted(set(rows))
        and all(row == columns[0] for row in columns)
        and (_is_page_id(names[-1]) if names else True)
    )
