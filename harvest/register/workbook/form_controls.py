"""What controls, boxes and watches are tied to goes along with its rows, too.

A form control stands in three parts: its anchor in the sheet, its shape in the VML, its cells in `ctrlProp` (MS-ODRAWXML,
2.2.1; ECMA-376-1, 18.3.1.19 control).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from harvest.register.cell_text import unescape_xml
from harvest.register.workbook.workbook_reader import Book
from harvest.register.xlsx.formula_refs import RowMap, shift_area, shift_formula
from harvest.register.xlsx.normalize_xml import escaped, escaped_attribute
from harvest.register.xlsx.row_shift import Maps, mend_drawing

_KINDS = frozenset({"ctrlProp", "drawing", "vmlDrawing"})
_TIED = re.compile(r'\b(fmlaLink|fmlaRange|fmlaGroup|fmlaTxbx|textlink)="([^"]+)"')
_TIED_VML = re.compile(r"<(x:Fmla(?:Link|Range|Group|Pict|Txbx))>([^<]+)</\1>")
_CELL = re.compile(r'(<(?:cellWatch|inputCells)\b[^>]*?\br=")([^"]+)')
_CONTROLS = re.compile(r"<(controls|oleObjects)\b.*?</\1>", re.DOTALL)


def mend_anchors(tail: str, rows: RowMap) -> str:
    """Where a sheet says that controls stand, and which cells it watches or plays through."""
    tail = _CONTROLS.sub(lambda found: mend_drawing(found[0], rows), tail)
    return _CELL.sub(lambda found: found[1] + (shift_area(found[2], rows) or found[2]), tail)


def mended_ties(book: Book, read: Callable[[str], str], maps: Maps) -> Iterator[tuple[str, str]]:
    """Parts beside any sheet in which a control or a box names a cell: name and text."""
    for sheet in book.sheets if maps else ():
        for relation in book.package.relations(sheet.part):
            if relation.kind in _KINDS and relation.target in book.package.infos:
                yield relation.target, mend_ties(read(relation.target), maps, sheet.title.casefold())


def mend_ties(xml: str, maps: Maps, own: str) -> str:
    """The cells that controls and boxes of one sheet are tied to; `own` is its case-folded title."""

    def attribute(found: re.Match[str]) -> str:
        old = unescape_xml(found[2])
        new = shift_formula(old, maps, own)
        return found[0] if new == old else f'{found[1]}="{escaped_attribute(new)}"'

    def element(found: re.Match[str]) -> str:
        old = unescape_xml(found[2])
        new = shift_formula(old, maps, own)
        return found[0] if new == old else f"<{found[1]}>{escaped(new)}</{found[1]}>"

    return _TIED_VML.sub(element, _TIED.sub(attribute, xml))
