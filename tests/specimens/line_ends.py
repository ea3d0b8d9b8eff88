"""Line ends on printed and scanned pages: `python -m tests.specimens.line_ends` prints the table of `line_ends.md`.

A soft end is one that a full field made; a hard one was typed. Counted in cells whose words were all read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harvest.reading import read
from harvest.text.clean_text import clean
from tests.specimens.figures import GROUPS, plain, values
from tests.specimens.form import Truth, edition, specimens

KEPT = Path(__file__).with_name("line_ends.md")


@dataclass(frozen=True)
class Ends:
    """How many soft ends were left as ends, in how many cells, and how many hard ends stayed, of how many."""

    broken: int
    cells: int
    stayed: int
    hard: int


def ends(specimen: Path) -> Ends:
    known = edition()
    got = values(read(specimen.read_bytes(), {known.edition: known}))
    broken = cells = stayed = hard = 0
    for name, text in Truth.of(specimen).values.items():
        said = clean(got.get(name, "")).strip()
        if plain(said) != plain(text):
            continue
        cells += 1
        # where words end, without white space: the same in both texts
        typed, found = _ends(text), _ends(said)
        broken += len(found - typed)
        stayed += len(found & typed)
        hard += len(typed)
    return Ends(broken, cells, stayed, hard)


def _ends(text: str) -> set[int]:
    """After how many characters, white space aside, lines end."""
    lines = text.strip().split("\n")
    return {len("".join("".join(lines[:number]).split())) for number in range(1, len(lines))}


def rows() -> Iterator[str]:
    yield "| came back as | cells | soft ends left broken | hard ends kept |"
    yield "| --- | --- | --- | --- |"
    for label, pattern in GROUPS:
        found = [ends(path) for path in specimens(pattern)]
        stayed, hard = sum(one.stayed for one in found), sum(one.hard for one in found)
        kept = f"{stayed} of {hard}" if hard else "-"
        broken, cells = sum(one.broken for one in found), sum(one.cells for one in found)
        if cells:
            yield f"| {label} | {cells} | {broken} | {kept} |"


if __name__ == "__main__":
    table = "\n".join(rows())
    print(table)
    if "--write" in sys.argv[1:]:
        KEPT.write_text(f"{table}\n", encoding="utf-8")
