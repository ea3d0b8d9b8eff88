"""A workbook that exists: its sheets, names, facts and cell values, read from the package."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from harvest.register.workbook.sheet_marks import FORM, RUN, VERSION, property_name, value_mark
from harvest.register.xlsx.coercion import as_typed
from harvest.register.xlsx.package import Package, Relation, local, parsed
from harvest.register.xlsx.row_xml import place_of
from harvest.register.xlsx.worksheet_reader import Grid, RawCell, inline_text, raw_value, shared_strings

_RELATION_ID = re.compile(r"\{[^{}]*+\}id\Z")
_HEADING = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?([0-9]+)")
_BUILT_IN_DAYS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A worksheet: `index` is its place among all sheets, which local names count by."""

    title: str
    part: str
    index: int
    state: str
    relation: str


@dataclass(frozen=True, slots=True)
class BookName:
    """A defined name. `local` is the index of the sheet it belongs to, or None."""

    name: str
    refers: str
    local: int | None


@dataclass(frozen=True, slots=True)
class Target:
    """One cell that a name refers to: place of the column from 0, row from 1."""

    title: str
    place: int
    row: int


def target_of(refers: str) -> Target | None:
    """The one cell that a reference names, or None (`#REF!` where the column was deleted)."""
    found = _HEADING.fullmatch(refers.strip().lstrip("="))
    if found is None:
        return None
    title = found[1].replace("''", "'") if found[1] else found[2]
    return Target(title, place_of(found[3]), int(found[4]))


class Book:
    """A workbook in an open package."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.root = parsed(package.read(package.workbook), package.workbook)
        self.lost_texts = 0  # how often a cell named a shared string that the file does not have

    @cached_property
    def relations(self) -> list[Relation]:
        """The workbook's relationships."""
        return self.package.relations(self.package.workbook)

    @cached_property
    def sheets(self) -> tuple[BookSheet, ...]:
        """Its worksheets; chart sheets count as an index, but hold no cells."""
        targets = {relation.id: relation for relation in self.relations}
        found = []
        listed = [element for element in self.root.iter() if local(element.tag) == "sheet"]
        for index, element in enumerate(listed):
            key = next((value for name, value in element.items() if _RELATION_ID.search(name)), "")
            relation = targets.get(key)
            if (
                relation is not None
                and relation.kind == "worksheet"
                and relation.target in self.package.infos
            ):
                state = element.get("state", "visible")
                found.append(BookSheet(element.get("name", ""), relation.target, index, state, key))
        return tuple(found)

    @cached_property
    def since_1904(self) -> bool:
        """Whether it counts days from 1904 (18.2.28), as Excel for the Mac did for long."""
        marks = (element.get("date1904", "") for element in self.root if local(element.tag) == "workbookPr")
        return any(mark in {"1", "true", "on"} for mark in marks)

    @cached_property
    def names(self) -> tuple[BookName, ...]:
        """Its defined names."""
        found = []
        for element in self.root.iter():
            if local(element.tag) == "definedName":
                scope = element.get("localSheetId", "")
                index = int(scope) if scope.isdecimal() else None
                found.append(BookName(element.get("name", ""), "".join(element.itertext()), index))
        return tuple(found)

    @cached_property
    def targets(self) -> dict[str, Target]:
        """Name in lower case -> the one cell it refers to."""
        pairs = ((name.name.lower(), target_of(name.refers)) for name in self.names if name.local is None)
        return {name: target for name, target in pairs if target is not None}

    @cached_property
    def facts(self) -> dict[str, str]:
        """What the file says about itself: from its custom properties, else from the names."""
        found = {}
        for key in (FORM, RUN, VERSION):
            wanted = value_mark(key)
            texts = [name.refers.strip() for name in self.names if name.name.lower() == wanted]
            if texts:
                found[key] = texts[0].removeprefix("=").strip('"').replace('""', '"')
        return {**found, **self._properties()}

    def _properties(self) -> dict[str, str]:
        parts = [
            relation.target for relation in self.package.relations("") if relation.kind == "custom-properties"
        ]
        wanted = {property_name(key): key for key in (FORM, RUN, VERSION)}
        found = {}
        for part in parts:
            if part in self.package.infos:
                for element in parsed(self.package.read(part), part):
                    if element.get("name", "") in wanted:
                        found[wanted[element.get("name", "")]] = "".join(element.itertext()).strip()
        return found

    def _part(self, kind: str) -> str | None:
        return next(
            (one.target for one in self.relations if one.kind == kind and one.target in self.package.infos),
            None,
        )

    @cached_property
    def styles_part(self) -> str | None:
        """Name of styles.xml."""
        return self._part("styles")

    @cached_property
    def shared(self) -> list[str]:
        """The shared strings."""
        part = self._part("sharedStrings")
        return shared_strings(self.package.text(part), part) if part else []

    @cached_property
    def formats(self) -> list[str]:
        """Number format code of every look, by its index; built-in ones of dates as `date`."""
        if self.styles_part is None:
            return []
        root = parsed(self.package.read(self.styles_part), self.styles_part)
        codes: dict[int, str] = dict.fromkeys(_BUILT_IN_DAYS, "date")
        codes.update({9: "0%", 10: "0.00%", 49: "@"})
        for element in root.iter():
            number = element.get("numFmtId", "")
            if local(element.tag) == "numFmt" and number.isdecimal():
                codes[int(number)] = element.get("formatCode", "")
        looks = next((element for element in root if local(element.tag) == "cellXfs"), ())
        return [codes.get(int(look.get("numFmtId", "0") or 0), "") for look in looks]

    def grid(self, sheet: BookSheet) -> Grid:
        """The cells of a sheet."""
        return Grid.of(self.package.utf8(sheet.part), sheet.title)

    def text(self, cell: RawCell) -> str:
        """What a person sees in a cell, as near as it can be told, as text."""
        attributes = cell.attributes
        if 't="inlineStr"' in attributes:
            return inline_text(cell.inside)
        value = raw_value(cell.inside)
        if 't="s"' in attributes:
            if self.lacks_text(value):
                self.lost_texts += 1
                return ""
            return self.shared[int(value)]
        kind = cell.kind
        if kind in {"str", "e"} or not value:
            return value
        style = cell.style
        code = self.formats[style] if style < len(self.formats) else ""
        return as_typed(value, kind, code, since_1904=self.since_1904)

    def lacks_text(self, index: str) -> bool:
        """Whether a shared string is named that the file does not have: what the cell said is not known then."""
        digits = index.strip()
        return not (digits.isascii() and digits.isdecimal() and int(digits) < len(self.shared))
