"""Everything that points at rows goes along with them: filters, formats, comments, pictures, charts, names, formulas.

Only texts that change are touched; a part that says nothing about moved rows stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from harvest.register.cell_text import unescape_xml
from harvest.register.xlsx.formula_refs import RowMap, shift_area, shift_areas, shift_formula, title_of
from harvest.register.xlsx.normalize_xml import escaped, escaped_attribute
from harvest.register.xlsx.package import Package

#: case-folded title of a sheet -> where its rows went
Maps = Mapping[str, RowMap]

_CELL_FORMULA = re.compile(r"<f((?:\s[^>]*?)?)(?:/>|>(.*?)</f>)", re.DOTALL)
#: cells' own formulas are `<f>` without a prefix and none of these
_RULE_FORMULA = re.compile(r"<((?:\w+:)?(?:formula|formula1|formula2)|\w+:f)>([^<]*)</\1>")
_CHART_FORMULA = re.compile(r"<((?:\w+:)?f)((?:\s[^>]*)?)>([^<]*)</\1>")
_AREA_ATTRIBUTE = re.compile(r'\b(ref|sqref|activeCell|topLeftCell|r1|r2)="([^"]*)"')
_AREA_ELEMENT = re.compile(r"<((?:\w+:)?sqref)>([^<]*)</\1>")
_LOCATION = re.compile(r'\blocation="([^"]*)"')
_FILTER = re.compile(r'<autoFilter\b[^>]*?\bref="([^"]*)"')
_BREAKS = re.compile(r"<rowBreaks\b.*?</rowBreaks>", re.DOTALL)
_BREAK = re.compile(r'<brk\b[^>]*?\bid="(\d+)"[^>]*?/>')
#: Elements that have no meaning any more once all their cells are gone.
_OWNERS = (
    "mergeCell",
    "conditionalFormatting",
    "dataValidation",
    "hyperlink",
    "ignoredError",
    "protectedRange",
    "x14:conditionalFormatting",
    "x14:dataValidation",
)
_GROUPS = ("mergeCells", "dataValidations", "hyperlinks", "ignoredErrors", "protectedRanges")
_GROUPED = re.compile(rf"<({'|'.join(_GROUPS)})\b([^>]*)>(.*?)</\1>", re.DOTALL)
_COUNT = re.compile(r'\bcount="\d+"')


def list_area(text: str, rows: RowMap) -> str:
    """The area of a filter or a table: it always ends with the list, even where the list was or becomes empty."""
    start, _, end = text.partition(":")
    number = re.search(r"(?<!\d)\d++\Z", end)
    if number and rows.ends_list(int(number[0])):
        last = max(rows.new_last, rows.first - 1)
        return f"{start}:{end[: number.start()]}{last}"
    return shift_area(text, rows) or text


def mend_cells(xml: str, maps: Maps, own: str) -> str:
    """The formulas in the cells of a sheet; `own` is its case-folded title."""
    rows = maps.get(own)

    def mended(found: re.Match[str]) -> str:
        attributes, text = found[1], found[2]
        if rows is not None and 'ref="' in attributes:
            attributes = _AREA_ATTRIBUTE.sub(
                lambda area: f'{area[1]}="{shift_areas(area[2], rows)}"', attributes
            )
        if not text:
            return f"<f{attributes}/>"
        return f"<f{attributes}>{_mended_formula(text, maps, own)}</f>"

    return _CELL_FORMULA.sub(mended, xml) if "<f" in xml else xml


def _mended_formula(text: str, maps: Maps, own: str) -> str:
    if (own not in maps and "!" not in text) or _points_nowhere(text):
        return text
    old = unescape_xml(text)
    new = shift_formula(old, maps, own)
    return text if new == old else escaped(new)


def _points_nowhere(text: str) -> bool:
    """Our own links, of which there are many, hold two texts and no reference."""
    return text.startswith('HYPERLINK("') and text.endswith('")') and text.count('"') == 4


def mend_rules(xml: str, maps: Maps, own: str) -> str:
    """Formulas outside of cells: conditional formats, lists to choose from, links inside the workbook."""

    def rule(found: re.Match[str]) -> str:
        return f"<{found[1]}>{_mended_formula(found[2], maps, own)}</{found[1]}>"

    def link(found: re.Match[str]) -> str:
        old = unescape_xml(found[1])
        new = shift_formula(old, maps, own)
        return found[0] if new == old else f'location="{escaped_attribute(new)}"'

    return _LOCATION.sub(link, _RULE_FORMULA.sub(rule, xml))


def mend_areas(xml: str, rows: RowMap) -> str:
    """The areas that the head or tail of a sheet names; what has lost all its cells goes."""
    for owner in _OWNERS:
        if f"<{owner}" in xml:
            pattern = re.compile(rf"<{owner}\b[^>]*?(?:/>|>.*?</{owner}>)", re.DOTALL)
            xml = pattern.sub(lambda found: _mended_owner(found[0], rows), xml)
    xml = _GROUPED.sub(_recounted, xml)
    filters = _FILTER.search(xml)
    kept = list_area(filters[1], rows) if filters else ""
    xml = _outside_owners(xml, lambda part: _shift_view(part, rows))
    if filters:
        xml = re.sub(r'(<autoFilter\b[^>]*?\bref=")[^"]*', lambda found: found[1] + kept, xml, count=1)
    return _BREAKS.sub(lambda found: _mended_breaks(found[0], rows), xml)


_OWNED = re.compile("|".join(rf"<{owner}\b[^>]*?(?:/>|>.*?</{owner}>)" for owner in _OWNERS), re.DOTALL)


def _outside_owners(xml: str, change: Callable[[str], str]) -> str:
    """Apply `change` to what is left when the elements that were mended already are set aside."""
    out, end = [], 0
    for found in _OWNED.finditer(xml):
        out += [change(xml[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*out, change(xml[end:])])


def _shift_view(xml: str, rows: RowMap) -> str:
    """What is selected and where the sheet is scrolled to; a view of the list's first row stays there."""

    def shifted(found: re.Match[str]) -> str:
        area = found[2]
        top = found[1] == "topLeftCell" and re.fullmatch(rf"[A-Z]+(?:1|{rows.first})", area)
        return f'{found[1]}="{area if top else shift_areas(area, rows) or area}"'

    return _shift_elements(_AREA_ATTRIBUTE.sub(shifted, xml), rows)


def _shift_attributes(xml: str, rows: RowMap) -> str:
    xml = _AREA_ATTRIBUTE.sub(lambda found: f'{found[1]}="{shift_areas(found[2], rows)}"', xml)
    return _shift_elements(xml, rows)


def _shift_elements(xml: str, rows: RowMap) -> str:
    return _AREA_ELEMENT.sub(lambda found: f"<{found[1]}>{shift_areas(found[2], rows)}</{found[1]}>", xml)


def _mended_owner(xml: str, rows: RowMap) -> str:
    mended = _shift_attributes(xml, rows)
    if re.search(r'\b(?:sq)?ref=""', mended) or re.search(r"<(?:\w+:)?sqref></", mended):
        return ""
    if mended.startswith("<mergeCell"):  # one cell alone can't be merged; Excel calls such a file damaged
        area = re.search(r'\bref="(\w+)(?::(\w+))?"', mended)
        if area is None or area[2] in {None, area[1]}:
            return ""
    return mended


def _recounted(found: re.Match[str]) -> str:
    name, attributes, inside = found[1], found[2], found[3]
    items = len(re.findall(rf"<{name[:-1]}\b", inside))
    if not items:
        return ""
    return f"<{name}{_COUNT.sub(f'count={chr(34)}{items}{chr(34)}', attributes)}>{inside}</{name}>"


def _mended_breaks(xml: str, rows: RowMap) -> str:
    """Page breaks stand after a row."""

    def mended(found: re.Match[str]) -> str:
        row = rows.row(int(found[1]))
        return "" if row is None else re.sub(r'\bid="\d+"', f'id="{row}"', found[0])

    return _BREAK.sub(mended, xml)


# ---------------------------------------------------------------- parts beside the sheet


def mend_table(xml: str, rows: RowMap) -> str:
    """A table (18.5.1.2) and the filter in it."""

    def mended(found: re.Match[str]) -> str:
        area = list_area(found[2], rows)
        end = re.search(r"(?<!\d)\d++\Z", area)
        if end and rows.ends_list(int(re.findall(r"\d+", found[2])[-1])) and int(end[0]) < rows.first:
            area = f"{area[: end.start()]}{rows.first}"  # Excel knows no table without a row
        return f'{found[1]}="{area}"'

    return _AREA_ATTRIBUTE.sub(mended, xml)


def mend_comments(xml: str, rows: RowMap) -> tuple[str, tuple[str, ...]]:
    """Comments or threaded comments, and the texts of those whose row is gone."""
    lost: list[str] = []

    def mended(found: re.Match[str]) -> str:
        area = re.search(r'\bref="([^"]*)"', found[0])
        new = shift_area(area[1], rows) if area else None
        if area is None:
            return found[0]
        if new is None:
            texts = re.findall(r"<(?:\w+:)?(?:t|text)(?:\s[^>]*)?>([^<]+)</", found[0])
            lost.append(unescape_xml("".join(texts)))
            return ""
        return found[0].replace(area[0], f'ref="{new}"', 1)

    pattern = r"<((?:\w+:)?(?:comment|threadedComment))\b[^>]*?(?:/>|>.*?</\1>)"
    return re.sub(pattern, mended, xml, flags=re.DOTALL), tuple(lost)


def mend_drawing(xml: str, rows: RowMap) -> str:
    """Anchors of pictures and charts (20.5.2); rows count from 0."""

    def mended(found: re.Match[str]) -> str:
        return f"<{found[1]}>{_nearest(int(found[2]) + 1, rows) - 1}</{found[1]}>"

    return re.sub(r"<((?:\w+:)?row)>\s*(\d+)\s*</\1>", mended, xml)


def _nearest(row: int, rows: RowMap) -> int:
    """Where a row is now; for one that is gone, the row that took its place."""
    while (now := rows.row(row)) is None:
        row += 1
    return now


def mend_vml(xml: str, rows: RowMap) -> str:
    """The shapes of comments and form controls (legacy VML): row and anchor, counted from 0."""

    def shape(found: re.Match[str]) -> str:
        text = found[0]
        row = re.search(r"<x:Row>\s*(\d+)\s*</x:Row>", text)
        if row and rows.row(int(row[1]) + 1) is None and "Note" in text:
            return ""
        if row:
            text = text.replace(row[0], f"<x:Row>{_nearest(int(row[1]) + 1, rows) - 1}</x:Row>")
        return re.sub(r"<x:Anchor>([^<]*)</x:Anchor>", lambda anchor: _mended_anchor(anchor[1], rows), text)

    return re.sub(r"<v:shape\b.*?</v:shape>", shape, xml, flags=re.DOTALL)


def _mended_anchor(text: str, rows: RowMap) -> str:
    numbers = [part.strip() for part in text.split(",")]
    if len(numbers) == 8 and all(number.lstrip("-").isdecimal() for number in numbers):
        top, bottom = int(numbers[2]), int(numbers[6])
        new_top = _nearest(top + 1, rows) - 1
        numbers[2], numbers[6] = str(new_top), str(new_top + bottom - top)
    return f"<x:Anchor>{', '.join(numbers)}</x:Anchor>"


# ---------------------------------------------------------------- parts of the whole workbook


def mend_chart(xml: str, maps: Maps) -> str:
    """The ranges that a chart draws (21.2.2.65); cached values are drawn anew when the file is opened."""

    def mended(found: re.Match[str]) -> str:
        return f"<{found[1]}{found[2]}>{_mended_formula(found[3], maps, '')}</{found[1]}>"

    return _CHART_FORMULA.sub(mended, xml)


def mend_pivot_cache(xml: str, maps: Maps) -> str:
    """The range that a pivot table counts (18.10.1.95)."""

    def mended(found: re.Match[str]) -> str:
        sheet = re.search(r'\bsheet="([^"]*)"', found[0])
        rows = maps.get(unescape_xml(sheet[1]).casefold()) if sheet else None
        if rows is None or 'r:id="' in found[0]:
            return found[0]
        return re.sub(
            r'\bref="([^"]*)"', lambda area: f'ref="{shift_area(area[1], rows) or area[1]}"', found[0]
        )

    return re.sub(r"<worksheetSource\b[^>]*>", mended, xml)


def mend_pivot_table(xml: str, rows: RowMap) -> str:
    """Where a pivot table stands on a sheet whose rows moved (18.10.1.49)."""
    return re.sub(
        r'(<location\b[^>]*?\bref=")([^"]*)',
        lambda found: found[1] + (shift_area(found[2], rows) or found[2]),
        xml,
    )


def mended_parts(
    package: Package, read: Callable[[str], str], maps: Maps, others: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Charts and pivot caches anywhere in the workbook but for `others`: name and text."""
    for name, kind in package.content_types().items() if maps else ():
        if "chart" in kind and name.endswith(".xml") and name not in others:
            yield name, mend_chart(read(name), maps)
        elif "pivotCacheDefinition" in kind:
            yield name, mend_pivot_cache(read(name), maps)


def mend_name(text: str, maps: Maps, *, whole_list: bool) -> str:
    """A defined name's formula. `whole_list`: a filter's range or a print area, which may have been empty."""
    if whole_list:
        found = re.fullmatch(r"('(?:[^']|'')*'|[^'!]+)!(\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+)", text)
        if found:
            title = title_of(found[1])
            return f"{found[1]}!{list_area(found[2], maps[title])}" if title in maps else text
    return shift_formula(text, maps, "")
