"""Lines that a full field ended are joined; lines that were ended stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvest.reading.model.similarity_transform import Similarity
from harvest.reading.pdf.pdfium_adapter import Content, Piece
from harvest.reading.printed import flattened
from spec.geometry import Box
from tests.specimens.form import specimens
from tests.specimens.line_ends import Ends, ends

NAME = "fv4v6fa86_kontaktstelle_r01_einrichtung"
SIZE = 8.0


def cell(lines: list[str], width: float) -> str:
    """What a field says that is `width` points wide and shows these lines; every character is half as wide as high."""
    pieces = []
    for number, text in enumerate(lines):
        starts = [(2.0 + SIZE / 2 * index, 90.0 - 10 * number) for index in range(len(text))]
        end = (2.0 + SIZE / 2 * len(text), 90.0 - 10 * number)
        pieces.append(Piece(text, starts[0], end, (SIZE, 0.0), None, 0, signed=False, starts=starts))
    content = Content(tuple(pieces), (), (842.0, 595.0))
    (field,) = flattened.cells(content, Similarity(), {NAME: Box(0, 0, width, 100)}, 1).fields
    return field.text


@pytest.mark.parametrize(
    ("lines", "width", "text"),
    [
        (["Krefelder Straße 5, 52078", "Aachen"], 110, "Krefelder Straße 5, 52078 Aachen"),
        (["Krefelder Straße 5, 52078 ", "Aachen"], 110, "Krefelder Straße 5, 52078 Aachen"),
        (["Krefelder Straße 5", "52078 Aachen"], 110, "Krefelder Straße 5\n52078 Aachen"),
        (["Haus Süd", "Weg 1", "52078 Aachen"], 110, "Haus Süd\nWeg 1\n52078 Aachen"),
    ],
)
def test_a_line_that_was_full_goes_on(lines: list[str], width: float, text: str) -> None:
    assert cell(lines, width) == text


@pytest.mark.parametrize(
    "specimen", [*specimens("printed-*"), *specimens("turned-*")], ids=lambda one: one.stem
)
def test_on_printed_specimens_every_soft_end_is_joined_and_every_hard_one_stays(specimen: Path) -> None:
    found = ends(specimen)
    assert found == Ends(0, found.cells, found.hard, found.hard)
    assert found.hard
