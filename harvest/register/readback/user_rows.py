"""What stands among our rows and is people's: totals below the list, and cells that a merged one covers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from harvest.register.workbook.workbook_reader import Book, BookSheet
from harvest.register.xlsx.package import local, parsed
from harvest.register.xlsx.row_xml import letters, place_of
from harvest.register.xlsx.worksheet_reader import RawRow, cells_of

#: left, top, right, bottom; columns from 0, rows from 1
Area = tuple[int, int, int, int]

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+):\$?([A-Z]{1,3})\$?([0-9]+)")
_MERGED = re.compile(r'<mergeCell\b[^>]*?\bref="([^"]+)"')
#: Functions keep their English names in the file, whatever the language of the program.
_COUNTING = re.compile(rb"<f[^>]*>[^<]*\b(?:SUM|SUBTOTAL|COUNT|AVERAGE|AGGREGATE|MIN|MAX|MEDIAN)[A-Z]*\(")
_WORDS_BESIDE = 2


def area_of(text: str) -> Area | None:
    """`B2:D9` as numbers; None for anything else."""
    found = _AREA.fullmatch(text)
    return (place_of(found[1]), int(found[2]), place_of(found[3]), int(found[4])) if found else None


def adds_up(row: RawRow, columns: Mapping[str, int]) -> bool:
    """Whether a row of no offer counts others: with hardly a word of ours beside the result. Entries say more."""
    if not _COUNTING.search(row.inside):
        return False
    ours = {letters(place): key for key, place in columns.items()}
    said = [
        ours[cell.letters]
        for cell in cells_of(row)
        if cell.inside and not cell.formula and cell.letters in ours
    ]
    return "category" in columns and "category" not in said and len(said) <= _WORDS_BESIDE


def totals(book: Book, sheet: BookSheet) -> frozenset[int]:
    """The rows with totals of the tables on a sheet (18.5.1.2)."""
    return frozenset(_of_tables(book, sheet))


def _of_tables(book: Book, sheet: BookSheet) -> Iterator[int]:
    for relation in book.package.relations(sheet.part):
        if relation.kind == "table" and relation.target in book.package.infos:
            table = parsed(book.package.read(relation.target), relation.target)
            count, area = table.get("totalsRowCount", "0"), area_of(table.get("ref", ""))
            if local(table.tag) == "table" and area and count.isdecimal():
                yield from range(area[3] - int(count) + 1, area[3] + 1)


def merged(tail: str) -> tuple[Area, ...]:
    """The merged cells of a sheet."""
    areas = (area_of(text) for text in _MERGED.findall(tail)) if "<mergeCell" in tail else ()
    return tuple(area for area in areas if area)


def is_covered(areas: tuple[Area, ...], place: int, row: int) -> bool:
    """Whether a cell is hidden by a merged one: it shows nothing, and what it said is gone with the merging."""
    return any(
        left <= place <= right and top <= row <= bottom and (place, row) != (left, top)
        for left, top, right, bottom in areas
    )
