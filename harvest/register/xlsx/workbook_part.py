"""The workbook part, its relationships and the content types, changed where needed and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harvest.register.cell_text import unescape_xml
from harvest.register.xlsx.normalize_xml import escaped, escaped_attribute
from harvest.register.xlsx.row_shift import Maps, mend_name

_NAME = re.compile(r"<definedName\b([^>]*)>(.*?)</definedName>", re.DOTALL)
_NAMES = re.compile(r"<definedNames\b[^>]*>(.*?)</definedNames>|<definedNames\b[^>]*/>", re.DOTALL)
#: What may follow definedNames in CT_Workbook (18.2.27).
_AFTER_NAMES = re.compile(
    r"<(?:calcPr|oleSize|customWorkbookViews|pivotCaches|smartTagPr|smartTagTypes|webPublishing|fileRecoveryPr"
    r"|webPublishObjects|extLst)\b|</workbook>"
)
_AFTER_CALC = re.compile(
    r"<(?:oleSize|customWorkbookViews|pivotCaches|smartTagPr|smartTagTypes|webPublishing|fileRecoveryPr"
    r"|webPublishObjects|extLst)\b|</workbook>"
)
_WHOLE_LIST = ("_xlnm._filterdatabase", "_xlnm.print_area")


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to be added: its title, its part, the names that belong to it alone."""

    title: str
    part: str
    local_names: Mapping[str, str]
    hidden: bool = False


_RELATION_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_names(xml: str, names: Mapping[str, str], maps: Maps) -> str:
    """The defined names after rows moved, with `names` set; all of ours are hidden.

    LibreOffice keeps the print area of before beside a new one; Excel calls a workbook damaged that has a name twice.
    """
    seen: set[tuple[str, str]] = set()
    left = dict(names)
    by_lower = {name.lower(): name for name in names}

    def mended(found: re.Match[str]) -> str:
        attributes, text = found[1], unescape_xml(found[2])
        name = _attribute(attributes, "name").lower()
        known = (name, _attribute(attributes, "localSheetId"))
        if known in seen:
            return ""
        seen.add(known)
        if name in by_lower and "localSheetId=" not in attributes:
            new = left.pop(by_lower[name], text)
        elif maps:
            new = mend_name(text, maps, whole_list=name in _WHOLE_LIST)
        else:
            return found[0]
        return found[0] if new == text else f"<definedName{attributes}>{escaped(new)}</definedName>"

    xml = _NAME.sub(mended, xml)
    added = "".join(
        f'<definedName name="{name}" hidden="1">{escaped(refers)}</definedName>'
        for name, refers in left.items()
    )
    return _with_more_names(xml, added) if added else xml


def _with_more_names(xml: str, added: str) -> str:
    found = _NAMES.search(xml)
    if found is None:
        place = _AFTER_NAMES.search(xml)
        at = place.start() if place else len(xml)
        return f"{xml[:at]}<definedNames>{added}</definedNames>{xml[at:]}"
    inside = found[1] or ""
    return f"{xml[: found.start()]}<definedNames>{inside}{added}</definedNames>{xml[found.end() :]}"


def _attribute(attributes: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', attributes)
    return unescape_xml(found[1]) if found else ""


def with_sheets(xml: str, sheets: Sequence[NewSheet], relations: Sequence[str], relation_prefix: str) -> str:
    """The workbook with sheets added at the end, and their local names."""
    if not sheets:
        return xml
    ids = [int(number) for number in re.findall(r'\bsheetId="(\d+)"', xml)]
    index = len(re.findall(r"<sheet\b", xml))
    # openpyxl declares the prefix on each sheet, not on the root: a sheet of ours brings its own declaration
    declared = re.search(rf'\bxmlns:{re.escape(relation_prefix)}="([^"]*)"', xml)
    space = declared[1] if declared else _RELATION_SPACE
    items, names = [], []
    for place, (sheet, relation) in enumerate(zip(sheets, relations, strict=True)):
        state = ' state="hidden"' if sheet.hidden else ""
        number = max(ids, default=0) + 1 + place
        title = escaped_attribute(sheet.title)
        items.append(
            f'<sheet xmlns:{relation_prefix}="{space}" name="{title}" sheetId="{number}"{state}'
            f' {relation_prefix}:id="{relation}"/>'
        )
        for name, refers in sheet.local_names.items():
            veil = ' hidden="1"' if name == "_xlnm._FilterDatabase" else ""
            scope = f'localSheetId="{index + place}"'
            names.append(f'<definedName name="{name}" {scope}{veil}>{escaped(refers)}</definedName>')
    xml = xml.replace("</sheets>", f"{''.join(items)}</sheets>", 1)
    return _with_more_names(xml, "".join(names)) if names else xml


def shown_again(xml: str, title: str) -> str:
    """The workbook with a hidden sheet made visible."""
    name = f'name="{escaped_attribute(title)}"'
    return re.sub(
        r"<sheet\b[^>]*/>",
        lambda found: re.sub(r'\sstate="\w+"', "", found[0]) if name in found[0] else found[0],
        xml,
    )


def recalculated(xml: str) -> str:
    """The workbook asking to be calculated when it is opened: cells that people's formulas read have changed."""
    found = re.search(r"<calcPr\b([^>]*?)(/?)>", xml)
    if found is None:
        place = _AFTER_CALC.search(xml)
        at = place.start() if place else len(xml)
        return f'{xml[:at]}<calcPr fullCalcOnLoad="1"/>{xml[at:]}'
    attributes = re.sub(r'\sfullCalcOnLoad="\w+"', "", found[1])
    return f'{xml[: found.start()]}<calcPr{attributes} fullCalcOnLoad="1"{found[2]}>{xml[found.end() :]}'


def with_relations(xml: str, targets: Sequence[tuple[str, str]]) -> tuple[str, list[str]]:
    """Relationships with more of them (type, target), and the ids that the new ones got."""
    taken = set(re.findall(r'\bId="([^"]*)"', xml))
    ids, items, number = [], [], 0
    for kind, target in targets:
        while f"rId{(number := number + 1)}" in taken:
            pass
        ids.append(f"rId{number}")
        items.append(f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>')
    return xml.replace("</Relationships>", f"{''.join(items)}</Relationships>", 1), ids


def without_relation(xml: str, relation: str) -> str:
    """Relationships without the one with this id."""
    return re.sub(rf'<Relationship\b[^>]*?\bId="{re.escape(relation)}"[^>]*?/>', "", xml)


def with_types(xml: str, types: Mapping[str, str], dropped: Sequence[str] = ()) -> str:
    """Content types with parts added and dropped; part names start with a slash."""
    for part in dropped:
        xml = re.sub(rf'<Override\b[^>]*?\bPartName="{re.escape(part)}"[^>]*?/>', "", xml)
    items = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in types.items())
    return xml.replace("</Types>", f"{items}</Types>", 1)


def with_kinds(xml: str, kinds: Mapping[str, str]) -> str:
    """Content types that know what files with these extensions are."""
    there = {extension.lower() for extension in re.findall(r'<Default\b[^>]*?\bExtension="([^"]*)"', xml)}
    items = "".join(
        f'<Default Extension="{extension}" ContentType="{kind}"/>'
        for extension, kind in kinds.items()
        if extension not in there
    )
    return re.sub(r"(<Types\b[^>]*>)", lambda root: root[1] + items, xml, count=1)


def with_property(xml: str, name: str, value: str) -> str:
    """Custom document properties with the value of one of them set; one that is not there is not added."""
    pattern = rf'(<property\b[^>]*?\bname="{re.escape(name)}"[^>]*>\s*<(?:\w+:)?lpwstr\b[^>]*?)(?:/>|>[^<]*(</(?:\w+:)?lpwstr>))'
    return re.sub(
        pattern,
        lambda found: f"{found[1]}>{escaped(value)}{found[2] or '</vt:lpwstr>'}",
        xml,
        count=1,
        flags=re.DOTALL,
    )
