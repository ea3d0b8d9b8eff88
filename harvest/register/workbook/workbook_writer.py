"""A register written anew: the parts of an xlsx package, made as text and streamed into the zip.

Sources: ECMA-376-1 (18.2 workbook, 18.3 worksheets), ECMA-376-2 (content types, relationships).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import IO

from harvest.register.cell_text import to_attribute, to_xml
from harvest.register.sheet_model import REGISTER_VERSION, RegisterView, SheetView
from harvest.register.view.overflow_texts import LongTexts, never, stamp
from harvest.register.workbook.drawingml import ChartParts
from harvest.register.workbook.row_pictures import row_height
from harvest.register.workbook.sheet_marks import (
    FORM,
    RUN,
    VERSION,
    heading_reference,
    marks_of,
    property_name,
    quoted,
    safe_title,
    value_mark,
)
from harvest.register.xlsx.row_xml import MAX_ROWS, Plan, Shorten, head_row, letters, row_xml, text_cell
from harvest.register.xlsx.sheet_layout import DECLARATION, MAIN, literal_list, sheet_head, sheet_tail
from harvest.register.xlsx.styles import EMPTY_NOTE, StyleBook, body_look, head_look
from spec.console.said import said
from spec.errors import NothingDoneError

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
#: Level 1 takes a third of level 6's time for a quarter more bytes; a register is mailed seldom and saved often.
COMPRESSION = 1
_CHUNK = 1 << 18


class TooManyRowsError(NothingDoneError):
    """A sheet would need more rows than a workbook has."""


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """A sheet as it was written: its title, the last row with something in it, and whether it is hidden."""

    key: str
    title: str
    last: int
    names: dict[str, str]
    local_names: dict[str, str]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class SheetWriter:
    """Writes one sheet of ours as XML; `drawn`: it has charts or pictures, whose parts `ChartParts` makes."""

    view: SheetView
    register: RegisterView
    styles: StyleBook
    lists: dict[tuple[str, ...], str]
    drawn: bool = False

    def plans(self) -> list[Plan]:
        """How each column's cells are written."""
        looks = [self.styles.look(body_look(column, self.register.language)) for column in self.view.columns]
        return [Plan.of(place, style, self.view.columns[place]) for place, style in enumerate(looks)]

    def chunks(self, shorten: Shorten, *, active: bool = False) -> Iterator[tuple[str, int]]:
        """The part's text in pieces, each with the last row written so far."""
        columns = self.view.columns
        plans = self.plans()
        heads = [self.styles.look(head_look(column)) for column in columns]
        out = [sheet_head(self.view, [plan.style for plan in plans], active=active), head_row(columns, heads)]
        number, size = 1, 0
        for row in self.view.rows:
            number += 1
            if number > MAX_ROWS:
                raise TooManyRowsError(
                    self.view.title,
                    said("The sheet would need more than {most:,} rows.", most=MAX_ROWS),
                    "Export as CSV or JSON.",
                )
            least = row_height(row.picture) if row.picture else 0
            xml = row_xml(number, row.cells, plans, shorten, least)
            out.append(xml)
            size += len(xml)
            if size > _CHUNK:
                yield "".join(out), number
                out, size = [], 0
        if number == 1:
            note = text_cell("A2", self.styles.look(EMPTY_NOTE), self.view.empty)
            out.append(f'<row r="2" ht="24" customHeight="1">{note}</row>')
        out.append(sheet_tail(self.view, self.register, self.styles, self.lists, number, drawn=self.drawn))
        yield "".join(out), number

    def write(self, stream: IO[bytes], title: str, shorten: Shorten, *, active: bool = False) -> WrittenSheet:
        """The whole part into `stream`."""
        last = 1
        for text, reached in self.chunks(shorten, active=active):
            stream.write(text.encode())
            last = reached
        return WrittenSheet(
            self.view.key, title, last, marks_of(self.view, title), local_names(self.view, title, last)
        )


def local_names(view: SheetView, title: str, last: int) -> dict[str, str]:
    """Names that belong to one sheet: the rows to repeat and the columns to print, and the filter's range."""
    sheet, width = quoted(title), letters(len(view.columns) - 1)
    names = {
        "_xlnm.Print_Titles": f"{sheet}!$1:$1",
        "_xlnm._FilterDatabase": f"{sheet}!$A$1:${width}${last}",
    }
    if view.printed:
        names["_xlnm.Print_Area"] = f"{sheet}!$A$1:${letters(view.printed - 1)}${last}"
    return names


def list_columns(sheets: Sequence[SheetView]) -> list[tuple[str, ...]]:
    """Choices that no formula can hold: they stand on a hidden sheet, one column each."""
    found = dict.fromkeys(
        column.choices
        for view in sheets
        for column in view.columns
        if column.choices and literal_list(column.choices) is None
    )
    return list(found)


def list_references(columns: Sequence[tuple[str, ...]], title: str) -> dict[tuple[str, ...], str]:
    """Where the choices stand."""
    return {
        choices: f"{quoted(title)}!${letters(place)}$1:${letters(place)}${len(choices)}"
        for place, choices in enumerate(columns)
    }


def lists_xml(columns: Sequence[tuple[str, ...]]) -> str:
    """The hidden sheet with the choices."""
    rows = []
    for number in range(1, max((len(choices) for choices in columns), default=0) + 1):
        cells = "".join(
            text_cell(f"{letters(place)}{number}", 0, choices[number - 1])
            for place, choices in enumerate(columns)
            if number <= len(choices)
        )
        rows.append(f'<row r="{number}">{cells}</row>')
    return f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


def write_new(view: RegisterView, path: Path) -> None:
    """Write `view` as a new workbook at `path`, replacing what stands there.

    Raises:
        TooManyRowsError: a sheet would have more rows than a workbook can hold.
        OSError: the file can't be written.
    """
    taken: set[str] = set()
    titles = [safe_title(sheet.title, taken) for sheet in view.sheets]
    long_texts = LongTexts.of(view)
    long_title, lists_title = (safe_title(view.say[key], taken) for key in ("long-texts", "lists"))
    long_texts.sheet = long_title
    charts = ChartParts()
    drawn = [
        charts.add(sheet, title, f"xl/worksheets/sheet{number}.xml")
        for number, (sheet, title) in enumerate(zip(view.sheets, titles, strict=True), start=1)
    ]
    columns = list_columns(view.sheets)
    lists = list_references(columns, lists_title)
    styles = StyleBook()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as package:
        out = _Package(package, view)
        out.part("[Content_Types].xml", _content_types(len(titles) + 2, charts.types))
        out.part("_rels/.rels", _root_relations())
        written = []
        for number, (sheet, title) in enumerate(zip(view.sheets, titles, strict=True), start=1):
            writer = SheetWriter(sheet, view, styles, lists, drawn[number - 1])
            with out.stream(f"xl/worksheets/sheet{number}.xml") as stream:
                written.append(writer.write(stream, title, long_texts.shorten, active=number == 1))
        writer = SheetWriter(long_texts.view(view), view, styles, lists)
        with out.stream(f"xl/worksheets/sheet{len(titles) + 1}.xml") as stream:
            long_sheet = writer.write(stream, long_title, never)
        written.append(_hidden(long_sheet) if not len(long_texts) else long_sheet)
        out.part(f"xl/worksheets/sheet{len(titles) + 2}.xml", lists_xml(columns))
        written.append(WrittenSheet("lists", lists_title, 1, {}, {}, hidden=True))
        out.part("xl/styles.xml", styles.to_xml())
        out.part("xl/workbook.xml", _workbook(view, written))
        out.part("xl/_rels/workbook.xml.rels", _workbook_relations(len(written)))
        for name, text in (charts.texts | property_parts(view)).items():
            out.part(name, text)
        for name, data in charts.media.items():
            out.part(name, data)


def _hidden(sheet: WrittenSheet) -> WrittenSheet:
    return WrittenSheet(sheet.key, sheet.title, sheet.last, sheet.names, sheet.local_names, hidden=True)


@dataclass(frozen=True, slots=True)
class _Package:
    """Parts go into the zip with the run's time, so that the same register gives the same bytes."""

    package: zipfile.ZipFile
    view: RegisterView

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, stamp(self.view.made_at))
        info.compress_type = zipfile.ZIP_DEFLATED
        info._compresslevel = COMPRESSION  # type: ignore[attr-defined]  # noqa: SLF001 - public from 3.13 on
        return info

    def part(self, name: str, content: str | bytes) -> None:
        data = content.encode() if isinstance(content, str) else content
        self.package.writestr(self._info(name), data)

    def stream(self, name: str) -> IO[bytes]:
        return self.package.open(self._info(name), "w")


# ---------------------------------------------------------------- the small parts


def _content_types(sheets: int, more: Mapping[str, str]) -> str:
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_SHEET_TYPE}"/>'
        for number in range(1, sheets + 1)
    )
    overrides += "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in more.items()
    )
    office = "application/vnd.openxmlformats-officedocument"
    return (
        f'{DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{office}.spreadsheetml.sheet.main+xml"/>{overrides}'
        f'<Override PartName="/xl/styles.xml" ContentType="{office}.spreadsheetml.styles+xml"/>'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f'<Override PartName="/docProps/app.xml" ContentType="{office}.extended-properties+xml"/>'
        f'<Override PartName="/docProps/custom.xml" ContentType="{office}.custom-properties+xml"/></Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _root_relations() -> str:
    return _relations(
        (
            (f"{_RELATIONS}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_RELATIONS}/extended-properties", "docProps/app.xml"),
            (f"{_RELATIONS}/custom-properties", "docProps/custom.xml"),
        )
    )


def _workbook_relations(sheets: int) -> str:
    targets = [
        (f"{_RELATIONS}/worksheet", f"worksheets/sheet{number}.xml") for number in range(1, sheets + 1)
    ]
    return _relations([*targets, (f"{_RELATIONS}/styles", "styles.xml")])


def name_xml(name: str, refers: str, *, local: int | None = None, hidden: bool = True) -> str:
    """A defined name (18.2.5)."""
    scope = "" if local is None else f' localSheetId="{local}"'
    veil = ' hidden="1"' if hidden else ""
    return f'<definedName name="{name}"{scope}{veil}>{to_xml(refers)}</definedName>'


def fact_names(view: RegisterView) -> dict[str, str]:
    """What the file says about itself, as names: a second place for programs that drop custom properties."""
    facts = {FORM: view.form, RUN: view.run, VERSION: str(REGISTER_VERSION)}
    return {value_mark(key): '"' + text.replace('"', '""') + '"' for key, text in facts.items()}


def _workbook(view: RegisterView, sheets: Sequence[WrittenSheet]) -> str:
    listed = "".join(
        f'<sheet name="{to_attribute(sheet.title)}" sheetId="{number}"'
        f'{" state=" + chr(34) + "hidden" + chr(34) if sheet.hidden else ""} r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, start=1)
    )
    names = [name_xml(name, refers) for name, refers in fact_names(view).items()]
    for place, sheet in enumerate(sheets):
        names += [name_xml(name, refers) for name, refers in sheet.names.items()]
        names += [
            name_xml(name, refers, local=place, hidden=name == "_xlnm._FilterDatabase")
            for name, refers in sheet.local_names.items()
        ]
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{_RELATIONS}"><workbookPr/>'
        '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="15600" tabRatio="850"/>'
        f"</bookViews><sheets>{listed}</sheets><definedNames>{''.join(names)}</definedNames>"
        '<calcPr calcId="191029"/></workbook>'
    )


def custom_properties(view: RegisterView) -> dict[str, str]:
    """Custom document properties (22.3): what the next run needs to know."""
    facts = {FORM: view.form, RUN: view.run, VERSION: str(REGISTER_VERSION)}
    return {property_name(key): text for key, text in facts.items()}


def property_parts(view: RegisterView) -> dict[str, str]:
    """Document properties: title, author and time for people, ours for the next run."""
    moment = view.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    dublin = "http://purl.org/dc"
    core = (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        f' xmlns:dc="{dublin}/elements/1.1/" xmlns:dcterms="{dublin}/terms/"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{to_xml(view.title)}</dc:title>'
        f"<dc:creator>harvest</dc:creator><dc:language>{view.language}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006"
    app = f'{DECLARATION}<Properties xmlns="{office}/extended-properties"><Application>harvest</Application></Properties>'
    items = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{name}">'
        f"<vt:lpwstr>{to_xml(text)}</vt:lpwstr></property>"
        for number, (name, text) in enumerate(custom_properties(view).items(), start=2)
    )
    custom = (
        f'{DECLARATION}<Properties xmlns="{office}/custom-properties" xmlns:vt="{office}/docPropsVTypes">'
        f"{items}</Properties>"
    )
    return {"docProps/core.xml": core, "docProps/app.xml": app, "docProps/custom.xml": custom}


__all__ = ["SheetWriter", "TooManyRowsError", "heading_reference", "write_new"]
