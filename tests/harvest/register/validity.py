"""What Excel checks across the parts of a package, and calls a file damaged for: what points where, and at what.

Written after ECMA-376-1 (the sections named) and after what Excel 365 is known to repair. `assert_related` is part of
`packages.assert_sound`; no part may say anything about cells, sheets or parts that are not there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from harvest.register.xlsx.row_xml import MAX_ROWS, place_of

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
THREADED = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
VML = "{urn:schemas-microsoft-com:vml}"
VML_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
#: kind of a relationship -> how the content type of its target ends
TYPES = {
    "worksheet": "worksheet+xml",
    "chartsheet": "chartsheet+xml",
    "styles": "styles+xml",
    "sharedStrings": "sharedStrings+xml",
    "table": "table+xml",
    "drawing": "drawing+xml",
    "vmlDrawing": "vmlDrawing",
    "comments": "comments+xml",
    "threadedComment": "threadedcomments+xml",
    "person": "person+xml",
    "chart": "chart+xml",
    "pivotTable": "pivotTable+xml",
    "pivotCacheDefinition": "pivotCacheDefinition+xml",
    "pivotCacheRecords": "pivotCacheRecords+xml",
    "ctrlProp": "controlproperties+xml",
    "calcChain": "calcChain+xml",
    "printerSettings": "printerSettings",
    "customXml": "xml",
}

Area = tuple[int, int, int, int]  # first column, first row, last column, last row


def area_of(text: str) -> Area:
    """`B2:D9` as numbers, columns from 0, rows from 1; raises AssertionError where it is none."""
    found = _AREA.fullmatch(text)
    assert found, f"{text!r} is no area"
    left, top = place_of(found[1]), int(found[2])
    right, bottom = (place_of(found[3]), int(found[4])) if found[3] else (left, top)
    assert 0 <= left <= right < 16_384, text
    assert 1 <= top <= bottom <= MAX_ROWS, text
    return left, top, right, bottom


def overlap(one: Area, other: Area) -> bool:
    """Whether two areas have a cell in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def within(inner: Area, outer: Area) -> bool:
    """Whether an area is part of another."""
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


class Parts:
    """The XML parts of a package, parsed, and how they are related."""

    def __init__(self, trees: Mapping[str, Any], names: list[str]) -> None:
        self.trees, self.names = trees, names
        types = trees["[Content_Types].xml"]
        self._kinds: dict[str, str] = {
            one.get("PartName").lstrip("/"): one.get("ContentType") for one in types if one.get("PartName")
        }
        self._defaults: dict[str, str] = {
            one.get("Extension").lower(): one.get("ContentType") for one in types if one.get("Extension")
        }
        self.book = next(name for name in trees if name.endswith("xl/workbook.xml"))

    def kind(self, name: str) -> str:
        """A part's content type."""
        return self._kinds.get(name) or self._defaults.get(name.rsplit(".", 1)[-1].lower(), "")

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """A part's relationships: id -> kind, target (empty for what is outside)."""
        folder, _, file = name.rpartition("/")
        tree = self.trees.get(f"{folder}/_rels/{file}.rels".lstrip("/"), ())
        found = {}
        for one in tree:
            target = one.get("Target")
            full = target if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            outside = one.get("TargetMode") == "External"
            found[one.get("Id")] = (one.get("Type").rpartition("/")[2], "" if outside else full.lstrip("/"))
        return found

    def related(self, name: str, kind: str) -> list[str]:
        """The parts that one has of a kind."""
        return [target for found, target in self.relations(name).values() if found == kind]

    def sheets(self) -> list[tuple[str, str]]:
        """Title and part of every sheet, in their order."""
        relations = self.relations(self.book)
        return [
            (one.get("name"), relations[one.get(f"{RELATION}id")][1])
            for one in self.trees[self.book].iter(f"{MAIN}sheet")
        ]


def assert_related(trees: Mapping[str, Any], names: list[str]) -> None:
    """Raises AssertionError with what Excel would repair or refuse."""
    parts = Parts(trees, names)
    _assert_ids(parts)
    _assert_prefixes(parts)
    _assert_reached(parts)
    _assert_names(parts)
    _assert_chain(parts)
    shared = next((tree for tree in trees.values() if tree.tag == f"{MAIN}sst"), ())
    tables: set[str] = set()
    for _, part in parts.sheets():
        tree = trees[part]
        if tree.tag != f"{MAIN}worksheet":
            continue
        _assert_cells(part, tree, len(shared))
        _assert_merged(part, tree)
        _assert_tables(parts, part, tables)
        _assert_comments(parts, part)
        _assert_controls(parts, part)
    _assert_pivots(parts)
    for name, tree in trees.items():
        if tree.tag == f"{DRAWING}wsDr":
            _assert_anchors(name, tree)


def _assert_ids(parts: Parts) -> None:
    """Every relationship that is named is there, and leads to a part of its kind."""
    for name, tree in parts.trees.items():
        if name.endswith(".rels"):
            owner = name.replace("_rels/", "").removesuffix(".rels")
            assert not owner or owner in parts.names, f"{name} belongs to nothing"
            continue
        known = parts.relations(name)
        for element in tree.iter():
            for key, value in element.items():
                if key.startswith(RELATION) and value:
                    assert value in known, f"{name}: {element.tag} names {value}, which is not there"
        for kind, target in known.values():
            if target and kind in TYPES:
                assert parts.kind(target).endswith(TYPES[kind]), f"{name}: {target} is no {kind}"


def _assert_prefixes(parts: Parts) -> None:
    """What may be ignored is declared; Excel refuses a part where it is not (ECMA-376-3, 10.1)."""
    for name, tree in parts.trees.items():
        for element in tree.iter():
            for key in ("Ignorable", "MustUnderstand", "ProcessContent"):
                for prefix in element.get(f"{COMPATIBILITY}{key}", "").split():
                    assert prefix in element.nsmap, f"{name}: {prefix} is declared nowhere"
            if element.tag == f"{COMPATIBILITY}Choice":
                for prefix in element.get("Requires").split():
                    assert prefix in element.nsmap, f"{name}: {prefix} is declared nowhere"


def _assert_reached(parts: Parts) -> None:
    """No part lies about that nothing leads to: Excel drops such parts without a word."""
    reached, ways = {"[Content_Types].xml"}, [""]
    while ways:
        for _, target in parts.relations(ways.pop()).values():
            if target and target not in reached:
                reached.add(target)
                ways.append(target)
    left = {name for name in parts.names if name not in reached and not name.endswith((".rels", "/"))}
    assert not left, f"nothing leads to {sorted(left)}"


def _assert_names(parts: Parts) -> None:
    """A defined name's formula names sheets that are there (18.2.5)."""
    titles = {title.casefold() for title, _ in parts.sheets()}
    for one in parts.trees[parts.book].iter(f"{MAIN}definedName"):
        text = "".join(one.itertext())
        assert text, one.get("name")
        for found in re.finditer(r"'((?:[^'\[]|'')+)'!|(?<![\w.\]'])([^\W\d][\w.]*)!", text):
            title = (found[1] or found[2]).replace("''", "'")
            assert title.casefold() in titles or title == "REF", f"{one.get('name')} names {title}"


def _assert_chain(parts: Parts) -> None:
    """The calculation chain names cells with formulas, and no others (18.6)."""
    chain = next((tree for tree in parts.trees.values() if tree.tag == f"{MAIN}calcChain"), None)
    if chain is None:
        return
    sheets = [one.get("sheetId") for one in parts.trees[parts.book].iter(f"{MAIN}sheet")]
    by_id = dict(zip(sheets, (part for _, part in parts.sheets()), strict=True))
    formulas = {
        number: {
            cell.get("r") for cell in parts.trees[part].iter(f"{MAIN}c") if cell.find(f"{MAIN}f") is not None
        }
        for number, part in by_id.items()
    }
    sheet = "1"
    for cell in chain:
        sheet = cell.get("i", sheet)
        assert cell.get("r") in formulas[sheet], f"the chain names {cell.get('r')} of sheet {sheet}"


def _assert_cells(name: str, tree: Any, shared: int) -> None:
    masters: set[str] = set()
    users: set[str] = set()
    for cell in tree.iter(f"{MAIN}c"):
        value = cell.find(f"{MAIN}v")
        if cell.get("t") == "s":
            assert int(value.text) < shared, f"{name}: {cell.get('r')} has a text that is not there"
        for text in cell.iter(f"{MAIN}t", f"{MAIN}v"):
            assert len(text.text or "") <= 32_767, f"{name}: {cell.get('r')} holds too much"
        formula = cell.find(f"{MAIN}f")
        if formula is None:
            continue
        assert len(formula.text or "") <= 8_192, f"{name}: {cell.get('r')}"
        if formula.get("t") == "shared":
            (masters if formula.get("ref") else users).add(formula.get("si"))
        if formula.get("t") == "array":
            area_of(formula.get("ref"))
    assert users <= masters, f"{name}: a shared formula without its first cell"
    for row in tree.iter(f"{MAIN}row"):
        assert 0 <= float(row.get("ht", 0)) <= 409.5, f"{name}: row {row.get('r')}"
    for rule in tree.iter(f"{MAIN}dataValidation"):
        for formula in rule:
            assert len(formula.text or "") <= 255, f"{name}: a list of choices is too long"


def _assert_merged(name: str, tree: Any) -> None:
    areas = [area_of(one.get("ref")) for one in tree.iter(f"{MAIN}mergeCell")]
    for place, area in enumerate(areas):
        assert area[:2] != area[2:], f"{name}: one cell alone can't be merged"
        assert not any(overlap(area, other) for other in areas[:place]), f"{name}: merged cells overlap"


def _cell_texts(parts: Parts, sheet: str, row: int) -> dict[int, str]:
    """The texts of a row's cells, by column."""
    shared = next((tree for tree in parts.trees.values() if tree.tag == f"{MAIN}sst"), ())
    found = {}
    for cell in parts.trees[sheet].iter(f"{MAIN}c"):
        area = area_of(cell.get("r"))
        if area[1] == row:
            text = "".join(one.text or "" for one in cell.iter(f"{MAIN}t", f"{MAIN}v"))
            if cell.get("t") == "s":
                text = "".join(one.text or "" for one in shared[int(text)].iter(f"{MAIN}t"))
            found[area[0]] = text
    return found


def _assert_tables(parts: Parts, sheet: str, seen: set[str]) -> None:
    """Tables have rows, headings that are those of the sheet, and ids of their own (18.5.1)."""
    tree = parts.trees[sheet]
    listed = [one.get(f"{RELATION}id") for one in tree.iter(f"{MAIN}tablePart")]
    assert len(listed) == len(set(listed)) == len(parts.related(sheet, "table")), f"{sheet}: tables"
    areas: list[Area] = [area_of(one.get("ref")) for one in tree.iter(f"{MAIN}mergeCell")]
    own = tree.find(f"{MAIN}autoFilter")
    areas += [area_of(own.get("ref"))] if own is not None else []
    for part in parts.related(sheet, "table"):
        table = parts.trees[part]
        assert table.get("id") not in seen, f"{part}: an id that another table has"
        seen.add(table.get("id"))
        area = area_of(table.get("ref"))
        head, totals = int(table.get("headerRowCount", 1)), int(table.get("totalsRowCount", 0))
        assert area[3] - area[1] + 1 > head + totals, f"{part}: a table without rows"
        assert not any(overlap(area, other) for other in areas), f"{part} overlaps something"
        areas.append(area)
        columns = [one.get("name") for one in table.iter(f"{MAIN}tableColumn")]
        assert len(columns) == area[2] - area[0] + 1 == int(table.find(f"{MAIN}tableColumns").get("count"))
        assert len(columns) == len({name.casefold() for name in columns}), f"{part}: columns of one name"
        if head:
            texts = _cell_texts(parts, sheet, area[1])
            for place, name in enumerate(columns, start=area[0]):
                there = texts.get(place, "").replace("\r", "").replace("\n", "_x000a_")
                assert name.lower() == there.lower(), f"{part}: {name!r} stands over {there!r}"
        filters = table.find(f"{MAIN}autoFilter")
        if filters is not None:
            inner = area_of(filters.get("ref"))
            assert within(inner, area), f"{part}: the filter is larger than the table"
            assert inner[3] == area[3] - totals, f"{part}: the filter ends elsewhere"


def _assert_comments(parts: Parts, sheet: str) -> None:
    """Every comment has a shape, every thread a comment and a person."""
    comments = [parts.trees[part] for part in parts.related(sheet, "comments")]
    refs = [one.get("ref") for tree in comments for one in tree.iter(f"{MAIN}comment")]
    assert len(refs) == len(set(refs)), f"{sheet}: two comments in one cell"
    assert len(comments) <= 1
    shapes = {
        (int(data.findtext(f"{VML_EXCEL}Column")), int(data.findtext(f"{VML_EXCEL}Row")) + 1)
        for part in parts.related(sheet, "vmlDrawing")
        for data in parts.trees[part].iter(f"{VML_EXCEL}ClientData")
        if data.get("ObjectType") == "Note"
    }
    assert {area_of(ref)[:2] for ref in refs} == shapes, f"{sheet}: comments and their shapes differ"
    people = {
        one.get("id") for part in parts.related(parts.book, "person") for one in parts.trees[part].iter()
    }
    threads = [
        one
        for part in parts.related(sheet, "threadedComment")
        for one in parts.trees[part].iter(f"{THREADED}threadedComment")
    ]
    for one in threads:
        assert one.get("ref") in refs, f"{sheet}: a thread at {one.get('ref')} without its comment"
        assert one.get("personId") in people, f"{sheet}: a thread of nobody"
        parent = one.get("parentId")
        assert parent is None or any(other.get("id") == parent for other in threads), f"{sheet}: an orphan"


def _assert_controls(parts: Parts, sheet: str) -> None:
    """A form control stands where its two other descriptions say, and its shape is there (18.3.1.19)."""
    shapes = {
        shape.get("id", ""): shape
        for part in parts.related(sheet, "vmlDrawing")
        for shape in parts.trees[part].iter(f"{VML}shape")
    }
    for control in parts.trees[sheet].iter(f"{MAIN}control"):
        number = control.get("shapeId")
        shape = next((one for name, one in shapes.items() if name.endswith(f"_s{number}")), None)
        assert shape is not None, f"{sheet}: no shape for {number}"
        anchor = control.find(f".//{MAIN}anchor")
        top = int(anchor.find(f"{MAIN}from").findtext(f"{DRAWING}row"))
        drawn = [int(text) for text in shape.findtext(f".//{VML_EXCEL}Anchor").split(",")]
        assert top == drawn[2], f"{sheet}: {control.get('name')} stands in two rows"


def _assert_pivots(parts: Parts) -> None:
    """Pivot tables have caches, caches have records, and both say how many (18.10.1)."""
    book = parts.relations(parts.book)
    for one in parts.trees[parts.book].iter(f"{MAIN}pivotCache"):
        assert book[one.get(f"{RELATION}id")][0] == "pivotCacheDefinition"
    titles = {title.casefold() for title, _ in parts.sheets()}
    tables = {
        tree.get("displayName").casefold() for tree in parts.trees.values() if tree.tag == f"{MAIN}table"
    }
    for name, tree in parts.trees.items():
        if tree.tag == f"{MAIN}pivotCacheDefinition":
            for source in tree.iter(f"{MAIN}worksheetSource"):
                if source.get("sheet"):
                    assert source.get("sheet").casefold() in titles, name
                    left, top, right, bottom = area_of(source.get("ref"))
                    assert bottom > top, f"{name}: nothing to count"
                    fields = tree.find(f"{MAIN}cacheFields")
                    if fields is not None:
                        assert len(fields) == right - left + 1, f"{name}: not as many fields as columns"
                elif source.get("name"):
                    assert source.get("name").casefold() in tables, name
            for part in parts.related(name, "pivotCacheRecords"):
                assert len(parts.trees[part]) == int(tree.get("recordCount")), name
        if tree.tag == f"{MAIN}pivotTableDefinition":
            area_of(tree.find(f"{MAIN}location").get("ref"))
            assert len(parts.related(name, "pivotCacheDefinition")) == 1, name


def _assert_anchors(name: str, tree: Any) -> None:
    """A drawing's corners are cells, the first before the second (20.5.2.33)."""
    for anchor in tree:
        start, end = anchor.find(f"{DRAWING}from"), anchor.find(f"{DRAWING}to")
        corners = [corner for corner in (start, end) if corner is not None]
        for corner in corners:
            assert 0 <= int(corner.findtext(f"{DRAWING}row")) < MAX_ROWS, name
            assert 0 <= int(corner.findtext(f"{DRAWING}col")) < 16_384, name
        if len(corners) == 2:
            top, bottom = (int(corner.findtext(f"{DRAWING}row")) for corner in corners)
            assert top <= bottom, f"{name}: a drawing that ends above its start"


def formulas(tree: Any) -> Iterator[tuple[str, str]]:
    """Cell and formula of a worksheet."""
    for cell in tree.iter(f"{MAIN}c"):
        found = cell.find(f"{MAIN}f")
        if found is not None:
            yield cell.get("r"), found.text or ""


def parse(data: bytes) -> Any:
    """A part as a tree."""
    return etree.fromstring(data)
