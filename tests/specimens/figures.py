"""How much of the specimens is read rightly: `python -m tests.specimens.figures` prints the table of docs/explanation/without_fields.md.

With `--write` it is kept in `figures.md`, from where `python -m tests.contract.readme` takes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from harvest.model import Reading
from harvest.reading import read
from harvest.text.clean_text import clean
from tests.specimens.form import OVERFLOW, Truth, edition, specimens


@dataclass(frozen=True)
class Score:
    """One specimen: cells that are right, characters that are right, pages that were identified."""

    name: str
    right: int
    cells: int
    short_right: int
    short: int
    characters: float
    pages: int
    all_pages: int
    invented: tuple[str, ...]
    nil: bool


def plain(text: str) -> str:
    """White space does not count: soft and hard line ends can't be told apart on paper."""
    return " ".join(clean(text).split())


def values(reading: Reading) -> dict[str, str]:
    return {
        field.name.local: field.text
        for field in reading.fields
        if field.text.strip() and field.text != "/Off"
    }


def score(specimen: Path) -> Score:
    known = edition()
    truth = Truth.of(specimen)
    reading = read(specimen.read_bytes(), {known.edition: known})
    got = values(reading)
    nil = tuple(sorted(name.removesuffix("_nil") for name in got if name.endswith("_nil")))
    cells = {name: text for name, text in got.items() if not name.endswith("_nil")}
    right = {name for name, text in truth.values.items() if plain(cells.get(name, "")) == plain(text)}
    short = {name for name, text in truth.values.items() if text != OVERFLOW}
    return Score(
        specimen.stem, len(right), len(truth.values), len(right & short), len(short),
        characters(((text, cells.get(name, "")) for name, text in truth.values.items())),
        len({(page.number, page.category, page.page) for page in reading.found}), len(truth.pages),
        tuple(sorted(cells.keys() - truth.values.keys() - set(truth.ink))), nil == tuple(sorted(truth.nil)),
    )  # fmt: skip


def characters(pairs: Iterable[tuple[str, str]]) -> float:
    """Share of the characters that are there, in their order."""
    total = same = 0
    for wanted, got in pairs:
        one, other = plain(wanted), plain(got)
        total += len(one)
        blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        same += sum(block.size for block in blocks)
    return same / total if total else 1.0


GROUPS = (
    ("printed to PDF, Ghostscript", "printed-*-gs"),
    ("printed to PDF, cairo", "printed-*-cairo"),
    ("printed to PDF, Chrome", "printed-*-chrome"),
    ("fitted to the page, turned, reordered", "turned-*"),
    ("text tool over the fields", "annotated-*"),
    ("Fill & Sign", "fill-and-sign*"),
    ("scan, 100 dpi", "scan-100*"),
    ("scan, 150 dpi", "scan-150*"),
    ("scan, 200 dpi, 1 degree askew", "scan-200*"),
    ("scan, 300 dpi", "scan-300*"),
    ("fax", "fax*"),
    ("photo, from not quite above", "photo*"),
    ("two pages on one sheet", "two-up*"),
    ('box for "nothing here" crossed by pen, scanned', "pen-nil"),
    ("the same box touched by a pencil", "pencil-nil"),
    ("typed, with a row by hand, scanned", "pen-[ls]*"),
    ("scan that shows a part of the page", "cropped*"),
    ("fax without its code and most rules", "faint*"),
)


def rows(groups: Iterable[tuple[str, str]] = GROUPS) -> Iterator[str]:
    yield "| came back as | specimens | pages identified | cells equal | up to 3 lines | characters |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for label, pattern in groups:
        scores = [score(path) for path in specimens(pattern)]
        if not scores:
            continue
        pages = share(sum(one.pages for one in scores), sum(one.all_pages for one in scores))
        cells = share(sum(one.right for one in scores), sum(one.cells for one in scores))
        short = share(sum(one.short_right for one in scores), sum(one.short for one in scores))
        found = f"{100 * sum(one.characters for one in scores) / len(scores):.1f} %"
        yield f"| {label} | {len(scores)} | {pages} | {cells} | {short} | {found} |"


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % of {whole}" if whole else "-"


KEPT = Path(__file__).with_name("figures.md")

ABOUT = """\
Not every answer comes back with its fields. What is read of the specimens in `tests/specimens`, by
`python -m tests.specimens.figures`; equal means equal but for white space, since soft and hard line ends can't be told
apart on paper. Every value that was reconstructed is marked for checking in the register."""

NOTES = """\
cairo leaves out text that a field cuts off whole, so of answers that are longer than their field only the visible part is in
the file; such cells are marked as less sure. Scans need Tesseract (`tesseract-ocr`, `tesseract-ocr-deu`); without it their
pages are identified and named. A page whose code is spoilt is laid onto the blank by the rules of its table, and so is a photo;
where too few of them are left, the page is identified and put before a person. Handwriting (drawn letters and scrawls, no real
hand was at hand) is not counted as cells: its characters arrive marked for checking beside a picture of the cell, or the cell is
a picture for a person to type up. Nothing of a cell that the picture shows in part counts, either; such pages are named."""


def committed() -> str:
    """The table as it was last written."""
    return KEPT.read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    table = "\n".join(rows())
    print(table)
    if "--write" in sys.argv[1:]:
        KEPT.write_text(f"{ABOUT}\n\n{table}\n\n{NOTES}\n", encoding="utf-8")
