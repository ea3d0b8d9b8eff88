"""What a strict reader such as Excel asks of a package; and workbooks with what people put into them."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from tests.harvest.register.validity import assert_related

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
#: CT_Worksheet's order (ECMA-376-1, 18.3.1.99)
ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
BOOK_ORDER = [
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
]
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHARED_AXIS = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr"
    " txPr crossAx crosses crossesAt"
)
#: The order of a chart's elements (ECMA-376-1, 21.2.2)
CHART_ORDER = {
    name: order.split()
    for name, order in {
        "chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly"
        " dispBlanksAs extLst",
        "chartSpace": "date1904 lang roundedCorners style clrMapOvr pivotSource protection chart spPr txPr"
        " externalData printSettings userShapes extLst",
        "title": "tx layout overlay spPr txPr extLst",
        "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId extLst",
        "ser": "idx order tx spPr invertIfNegative pictureOptions dPt dLbls trendline errBars cat val shape extLst",
        "dPt": "idx invertIfNegative marker bubble3D explosion spPr pictureOptions extLst",
        "dLbls": "dLbl delete numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent"
        " showBubbleSize separator showLeaderLines leaderLines extLst",
        "catAx": f"{_SHARED_AXIS} auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl extLst",
        "valAx": f"{_SHARED_AXIS} crossBetween majorUnit minorUnit dispUnits extLst",
        "scaling": "logBase orientation max min extLst",
    }.items()
}
CELL = re.compile(r"([A-Z]{1,3})([0-9]+)")


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def assert_sound(path: Path) -> None:
    """Raises AssertionError with what Excel would repair or refuse."""
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        names = package.namelist()
        assert len(names) == len({name.lower() for name in names}), "a part stands there twice"
        trees: dict[str, Any] = {
            name: etree.fromstring(package.read(name))
            for name in names
            if name.endswith((".xml", ".rels", ".vml"))
        }
    _content_types(names, trees["[Content_Types].xml"])
    _relations(names, trees)
    book = next(tree for name, tree in trees.items() if name.endswith("xl/workbook.xml"))
    _book(book)
    styles = next((tree for name, tree in trees.items() if name.endswith("styles.xml")), None)
    looks, tones = _styles(styles)
    for name, tree in trees.items():
        if tree.tag == f"{MAIN}worksheet":
            _sheet(name, tree, looks, tones)
    titles = {sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")}
    for name, tree in trees.items():
        if tree.tag == f"{CHART}chartSpace":
            assert _type(trees["[Content_Types].xml"], name).endswith("drawingml.chart+xml")
            _chart(name, tree, titles)
        elif tree.tag.endswith("}wsDr"):
            assert _type(trees["[Content_Types].xml"], name).endswith("officedocument.drawing+xml")
            _drawing(name, tree, trees)
    tables = [tree for tree in trees.values() if tree.tag == f"{MAIN}table"]
    shown = [tree.get("displayName").lower() for tree in tables]
    assert len(shown) == len(set(shown)), "two tables of one name"
    assert_related(trees, names)


def _content_types(names: list[str], tree: Any) -> None:
    overrides = [one.get("PartName") for one in tree if one.tag.endswith("Override")]
    assert len(overrides) == len(set(overrides)), "an override stands there twice"
    defaults = {one.get("Extension").lower() for one in tree if one.tag.endswith("Default")}
    for part in overrides:
        assert part.lstrip("/") in names, f"{part} has a type, but is not there"
    for name in names:
        if name != "[Content_Types].xml":
            assert f"/{name}" in overrides or name.rsplit(".", 1)[-1].lower() in defaults, (
                f"{name} has no type"
            )


def _relations(names: list[str], trees: dict[str, Any]) -> None:
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        ids = [one.get("Id") for one in tree]
        assert len(ids) == len(set(ids)), f"{name}: an id stands there twice"
        folder = posixpath.dirname(posixpath.dirname(name))
        for one in tree:
            if one.get("TargetMode") != "External":
                target = one.get("Target")
                full = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                )
                assert full.lstrip("/") in names, f"{name} points at {full}, which is not there"


def _book(tree: Any) -> None:
    order = [
        etree.QName(one).localname for one in tree if isinstance(one.tag, str) and one.tag.startswith(MAIN)
    ]
    assert [BOOK_ORDER.index(name) for name in order] == sorted(BOOK_ORDER.index(name) for name in order)
    sheets = list(tree.iter(f"{MAIN}sheet"))
    titles = [sheet.get("name") for sheet in sheets]
    assert len(titles) == len({title.casefold() for title in titles})
    for title in titles:
        assert 0 < len(title) <= 31
        assert not set(title) & set("[]:*?/\\")
        assert not title.startswith("'")
        assert not title.endswith("'")
        assert title.casefold() != "history"
    ids = [sheet.get("sheetId") for sheet in sheets]
    assert len(ids) == len(set(ids))
    names = [(one.get("name").lower(), one.get("localSheetId")) for one in tree.iter(f"{MAIN}definedName")]
    assert len(names) == len(set(names)), "a name is defined twice"
    for _, scope in names:
        assert scope is None or int(scope) < len(sheets)


def _styles(tree: Any) -> tuple[int, int]:
    if tree is None:
        return 1, 0
    counts = {}
    for name in ("fonts", "fills", "borders", "cellXfs", "dxfs", "numFmts"):
        found = tree.find(f"{MAIN}{name}")
        counts[name] = 0 if found is None else len(found)
        if found is not None and found.get("count") is not None:
            assert int(found.get("count")) == len(found), name
    for xf in tree.find(f"{MAIN}cellXfs"):
        assert int(xf.get("fontId", 0)) < counts["fonts"]
        assert int(xf.get("fillId", 0)) < counts["fills"]
        assert int(xf.get("borderId", 0)) < counts["borders"]
    return counts["cellXfs"], counts["dxfs"]


def _sheet(name: str, tree: Any, looks: int, tones: int) -> None:
    order = [
        etree.QName(one).localname for one in tree if isinstance(one.tag, str) and one.tag.startswith(MAIN)
    ]
    places = [ORDER.index(one) for one in order]
    assert places == sorted(places), f"{name}: elements stand in the wrong order"
    last_row = 0
    for row in tree.find(f"{MAIN}sheetData"):
        number = int(row.get("r"))
        assert number > last_row, f"{name}: row {number} comes after {last_row}"
        last_row, last_place = number, (0, "")
        for cell in row:
            found = CELL.fullmatch(cell.get("r"))
            assert found, cell.get("r")
            column, at = found.groups()
            assert int(at) == number, f"{name}: {cell.get('r')} stands in row {number}"
            place = (len(column), column)
            assert place > last_place, f"{name}: {cell.get('r')} stands in the wrong place"
            last_place = place
            assert int(cell.get("s", 0)) < looks
    for tag in ("mergeCells", "dataValidations", "cols", "tableParts"):
        found = tree.find(f"{MAIN}{tag}")
        if found is not None:
            assert len(found) > 0, f"{name}: {tag} is empty"
            if found.get("count") is not None:
                assert int(found.get("count")) == len(found), f"{name}: {tag}"
    for rule in tree.iter(f"{MAIN}cfRule"):
        if rule.get("dxfId") is not None:
            assert int(rule.get("dxfId")) < tones
    for one in tree.iter():
        for key in ("ref", "sqref"):
            if isinstance(one.tag, str) and one.get(key) is not None:
                assert one.get(key).strip(), f"{name}: {one.tag} names no cell"
    spans = [(int(col.get("min")), int(col.get("max"))) for col in tree.iter(f"{MAIN}col")]
    for (_, end), (start, _) in pairwise(spans):
        assert end < start, f"{name}: widths overlap"


def _type(types: Any, name: str) -> str:
    return next((one.get("ContentType") for one in types if one.get("PartName") == f"/{name}"), "")


def _drawing(name: str, tree: Any, trees: dict[str, Any]) -> None:
    """Every picture and chart has a relationship, and an id of its own."""
    folder, _, file = name.rpartition("/")
    rels = trees.get(f"{folder}/_rels/{file}.rels", ())
    known = {one.get("Id"): one.get("Type").rpartition("/")[2] for one in rels}
    for chart in tree.iter(f"{CHART}chart"):
        assert known.get(chart.get(f"{RELATION}id")) == "chart", f"{name}: a chart that is not there"
    ids = [one.get("id") for one in tree.iter() if isinstance(one.tag, str) and one.tag.endswith("}cNvPr")]
    assert len(ids) == len(set(ids)), f"{name}: an id stands there twice"


def _chart(name: str, tree: Any, titles: set[str]) -> None:
    """A chart of ours. Other programs are less strict with theirs, and a range of theirs may have lost its cells."""
    if all(axis.get("val") != "500001" for axis in tree.iter(f"{CHART}axId")) or b"<c:" not in etree.tostring(
        tree
    ):
        return
    for element in tree.iter():
        order = CHART_ORDER.get(etree.QName(element).localname) if isinstance(element.tag, str) else None
        if order and element.tag.startswith(CHART):
            places = [order.index(etree.QName(one).localname) for one in element]
            assert places == sorted(places), f"{name}: {element.tag} has its elements in the wrong order"
    axes = [one.get("val") for one in tree.iter(f"{CHART}axId")]
    assert all(axes.count(axis) == 2 for axis in axes), (
        f"{name}: an axis nobody uses, or one that is not there"
    )
    for reference in tree.iter(f"{CHART}strRef", f"{CHART}numRef"):
        title, _, area = reference.find(f"{CHART}f").text.rpartition("!")
        assert title.strip("'").replace("''", "'") in titles, f"{name}: draws a sheet that is not there"
        rows = [int(row) for row in re.findall(r"[0-9]+", area)]
        for count in reference.iter(f"{CHART}ptCount"):
            points = [int(one.get("idx")) for one in count.getparent().iter(f"{CHART}pt")]
            assert points == list(range(int(count.get("val")))), f"{name}: points that were not counted"
            assert len(points) == rows[-1] - rows[0] + 1, f"{name}: not as many values as cells"


def rewritten(path: Path, new: dict[str, bytes]) -> None:
    """The workbook with some parts replaced or added."""
    old = parts(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {**old, **new}.items():
            package.writestr(name, data)


def picture() -> io.BytesIO:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (24, 16), "#b26a00").save(out, "PNG")
    out.seek(0)
    return out
