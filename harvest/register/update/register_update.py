"""A register brought up to date inside the workbook that people work in.

Only what differs in rows and cells of ours is written; every other part of the package is taken over as it stands,
compressed bytes and all. Whatever points at rows that moved goes along with them (`row_shift`). A sheet that is added brings
its charts; those that are there are people's, their ranges follow the rows, and the cached values of untouched ones too (`chart_update`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harvest.gc_pause import no_collection
from harvest.register.readback.locate import FoundSheet, find_sheets
from harvest.register.readback.register_reader import check_facts, check_layout
from harvest.register.sheet_model import REGISTER_VERSION, RegisterView, SheetView
from harvest.register.update.chart_update import followed as followed_charts
from harvest.register.update.new_columns import furnished, renewed
from harvest.register.update.picture_update import pictured
from harvest.register.update.removed_texts import REMOVED, set_aside_sheet
from harvest.register.update.row_match import Leftover
from harvest.register.update.splice import Spliced, Splicer
from harvest.register.update.validation_lists import ChoiceLists
from harvest.register.view.overflow_texts import LongTexts, never
from harvest.register.workbook.date_system import in_system_of
from harvest.register.workbook.drawingml import ChartParts
from harvest.register.workbook.form_controls import mend_anchors, mended_ties
from harvest.register.workbook.package_edit import Overlay, redeclared
from harvest.register.workbook.sheet_marks import (
    FORM,
    RUN,
    VERSION,
    column_mark,
    heading_reference,
    marks_of,
    safe_title,
    sheet_mark,
)
from harvest.register.workbook.workbook_properties import properties, without_chain
from harvest.register.workbook.workbook_reader import Book, BookSheet
from harvest.register.workbook.workbook_writer import SheetWriter, fact_names, local_names
from harvest.register.xlsx import row_shift, workbook_part
from harvest.register.xlsx.column_widths import column_widths, with_columns
from harvest.register.xlsx.formula_refs import RowMap
from harvest.register.xlsx.package import Package, Relation, rels_part
from harvest.register.xlsx.part_names import WORKSHEET_TYPE, relation_type
from harvest.register.xlsx.row_xml import Plan, letters
from harvest.register.xlsx.sheet_layout import Where
from harvest.register.xlsx.styles import EMPTY_STYLES, StyleBook, body_look, head_look
from harvest.register.xlsx.worksheet_reader import cells_of

_PEOPLES_FORMULA = re.compile(rb'<f(?!>HYPERLINK\(")')


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update did: sheets that changed, sheets that were added, texts that were set aside."""

    changed: tuple[str, ...]
    added: tuple[str, ...]
    set_aside: int


@dataclass(frozen=True, slots=True)
class _Done:
    """A sheet of ours after its rows were brought up to date."""

    found: FoundSheet
    spliced: Spliced
    new_columns: Mapping[str, tuple[int, float, int]]  # key -> place, width, style


def update(view: RegisterView, existing: Path, out: Path) -> Updated:
    """Write the workbook at `existing`, brought up to date with `view`, to `out`.

    Raises:
        RegisterError: the workbook can't be used; `out` is not written then.
        OSError: a file can't be read or written.
    """
    with Package(existing) as package:
        updater = _Updater(package, view)
        with no_collection():
            result = updater.run()
        updater.overlay.write(out, view.made_at)
    return result


class _Updater:
    """One update: reads from the package, collects the parts that change."""

    def __init__(self, package: Package, view: RegisterView) -> None:
        self.package = package
        self.book = Book(package)
        self.view = view = in_system_of(self.book, view)
        self.overlay = Overlay(package)
        self.names: dict[str, str] = dict(fact_names(view))
        self.new_sheets: list[workbook_part.NewSheet] = []
        self.charts = ChartParts(package.infos)
        styles = self.book.styles_part
        self.styles = StyleBook(self.overlay.text(styles) if styles else EMPTY_STYLES)
        self.long_texts = LongTexts.of(view)
        self.leftovers: list[Leftover] = []
        self.formulas_lost = False

    def run(self) -> Updated:
        check_facts(self.book, self.view.form, self.package.path.name)
        found = find_sheets(
            self.book, (*self.view.sheets, self.long_texts.view(self.view), set_aside_sheet(self.view, ()))
        )
        check_layout(found, self.package.path.name)
        long_key = self.long_texts.view(self.view).key
        if long_key in found:
            self.long_texts.sheet = found[long_key].sheet.title
        titles = {sheet.title.casefold() for sheet in self.book.sheets}
        done = [self._sheet(found[sheet.key]) for sheet in self.view.sheets if sheet.key in found]
        missing = [sheet for sheet in self.view.sheets if sheet.key not in found]
        word = self.view.say["lists"]
        self.lists = ChoiceLists(self.book, word, safe_title(word, titles))
        for sheet in missing:
            self._new_sheet(sheet, titles)
        maps = _maps(done)
        self._follow(done, maps)
        done = [self._pictured(one) for one in done]
        done += self._own_sheets(found, titles)
        maps |= _maps(done[-2:])
        changed = [one for one in done if self._finish(one, maps)]
        self._choices()
        self._other_sheets(done, maps)
        self._workbook(maps)
        return Updated(
            tuple(one.found.sheet.title for one in changed),
            tuple(sheet.title for sheet in self.new_sheets if not sheet.hidden),
            len(self.leftovers),
        )

    # ------------------------------------------------------------ our sheets

    def _sheet(self, found: FoundSheet, *, keep_unknown: bool = False) -> _Done:
        columns = found.view.columns
        looks = [self.styles.look(body_look(column, self.view.language)) for column in columns]
        new = self._new_columns(found, looks)
        places = dict(found.columns) | {key: place for key, (place, _, _) in new.items()}
        ordered = sorted((place, found.view.index(key)) for key, place in places.items())
        headings = {
            letters(place): (
                self.styles.look(head_look(columns[found.view.index(key)])),
                columns[found.view.index(key)].heading,
            )
            for key, (place, _, _) in new.items()
        }
        splicer = Splicer(
            book=self.book,
            found=found,
            plans=[Plan.of(place, looks[index], columns[index]) for place, index in ordered],
            indexes=[index for _, index in ordered],
            widths=column_widths(found.grid.head),
            shorten=never if found.view.key == "long-texts" else self.long_texts.shorten,
            joined=self.view.joined,
            new_headings=headings,
            keep_unknown=keep_unknown,
        )
        spliced = splicer.splice()
        self.leftovers += spliced.leftovers
        self.formulas_lost = self.formulas_lost or spliced.formulas_lost
        self._remember(found, places)
        return _Done(found, spliced, new)

    def _new_columns(self, found: FoundSheet, looks: Sequence[int]) -> dict[str, tuple[int, float, int]]:
        """Columns that the sheet never had; one whose mark lost its cell was deleted by somebody, and stays away."""
        known = {name.name.lower() for name in self.book.names}
        key = found.view.key
        missing = [
            (index, column)
            for index, column in enumerate(found.view.columns)
            if column.key not in found.columns and column_mark(key, column.key) not in known
        ]
        if sheet_mark(key) not in known or not missing:
            return {}
        free = 1 + max((cell.place for row in found.grid.rows for cell in cells_of(row)), default=-1)
        return {
            column.key: (free + place, column.width, looks[index])
            for place, (index, column) in enumerate(missing)
        }

    def _remember(self, found: FoundSheet, places: Mapping[str, int]) -> None:
        """Marks say where the columns stand now, also where a program dropped or forgot them."""
        title, header = found.sheet.title, found.header
        self.names[sheet_mark(found.view.key)] = heading_reference(title, 0, header)
        for key, place in places.items():
            self.names[column_mark(found.view.key, key)] = heading_reference(title, place, header)

    def _own_sheets(self, found: Mapping[str, FoundSheet], titles: set[str]) -> list[_Done]:
        """The sheets with long texts and with what was set aside: known only after all others were written."""
        long_view = self.long_texts.view(self.view)
        aside = set_aside_sheet(self.view, self.leftovers)
        done = []
        for sheet in (long_view, aside):
            if sheet.key in found:
                current = replace(found[sheet.key], view=sheet)
                done.append(self._sheet(current, keep_unknown=sheet.key == REMOVED))
            elif next(iter(sheet.rows), None) is not None:
                self._new_sheet(sheet, titles)
        return done

    def _new_sheet(self, sheet: SheetView, titles: set[str]) -> None:
        """A sheet that is not there: deleted by somebody, or new in this version."""
        title = safe_title(sheet.title, titles)
        part = self.overlay.free_sheet()
        if self.package.strict:
            sheet = replace(sheet, charts=(), pictures="")
        drawn = self.charts.add(sheet, title, part)
        lists = self.lists.references(sheet.columns)
        writer = SheetWriter(sheet, self.view, self.styles, lists, drawn)
        chunks = list(writer.chunks(self.long_texts.shorten))
        self.overlay.parts[part] = "".join(text for text, _ in chunks).encode()
        last = chunks[-1][1]
        self.names.update(marks_of(sheet, title))
        self.new_sheets.append(workbook_part.NewSheet(title, part, local_names(sheet, title, last)))

    def _choices(self) -> None:
        """The hidden sheet with choices that new sheets and columns offer, where these stood nowhere yet."""
        if xml := self.lists.part():
            part = self.overlay.free_sheet()
            self.overlay.parts[part] = xml.encode()
            self.new_sheets.append(workbook_part.NewSheet(self.lists.new_title, part, {}, hidden=True))

    def _finish(self, done: _Done, maps: row_shift.Maps) -> bool:
        """The sheet's part, if it changed."""
        found, spliced = done.found, done.spliced
        own = found.sheet.title.casefold()
        head, tail, rows = found.grid.head, found.grid.tail, spliced.rows
        if maps:
            rows = row_shift.mend_cells(rows.decode(), maps, own).encode()
            head, tail = row_shift.mend_rules(head, maps, own), row_shift.mend_rules(tail, maps, own)
        if spliced.map.changes:
            head, tail = row_shift.mend_areas(head, spliced.map), row_shift.mend_areas(tail, spliced.map)
            tail = mend_anchors(tail, spliced.map)
        tail = renewed(tail, found, self.lists)
        if done.new_columns:
            head = with_columns(head, [*done.new_columns.values()])
            where = Where({key: place for key, (place, _, _) in done.new_columns.items()}, found.header)
            tail = furnished(tail, found.view, where, self.styles, self.lists.references(found.view.columns))
        moved = (head, tail) != (found.grid.head, found.grid.tail) or bool(maps and rows != spliced.rows)
        if not (spliced.changed or moved):
            return False
        self.overlay.parts[found.sheet.part] = b"".join(
            (redeclared(head).encode(), b"<sheetData>", rows, spliced.blank, b"</sheetData>", tail.encode())
        )
        return True

    # ------------------------------------------------------------ what points at our rows

    def _follow(self, done: Sequence[_Done], maps: row_shift.Maps) -> None:
        """Comments, pictures, tables and pivot tables on sheets of ours; charts and pivot caches anywhere."""
        ours: set[str] = set()
        for one in done:
            if one.spliced.map.changes:
                for relation in self.package.relations(one.found.sheet.part):
                    self._related(relation, one.spliced.map, one.found)
            if one.found.view.charts:
                for name, text in followed_charts(
                    self.package, self.overlay.text, one.found, one.spliced, maps
                ):
                    ours.add(name)
                    self.overlay.change(name, text)
        for name, text in row_shift.mended_parts(self.package, self.overlay.text, maps, ours):
            self.overlay.change(name, text)
        for name, text in mended_ties(self.book, self.overlay.text, maps):
            self.overlay.change(name, text)

    def _pictured(self, done: _Done) -> _Done:
        """The sheet with our pictures beside its rows."""
        found, rows, new = done.found, done.spliced, done.new_columns
        shown = pictured(self.package, self.overlay.text, found, rows, new=new, free=self.charts.outside)
        if shown is None:
            return done
        self.overlay.parts |= shown.parts
        self.overlay.dropped |= shown.dropped
        rows = replace(rows, changed=rows.changed or shown.tail != found.grid.tail)
        return replace(done, found=replace(found, grid=replace(found.grid, tail=shown.tail)), spliced=rows)

    def _related(self, relation: Relation, rows: RowMap, found: FoundSheet) -> None:
        name = relation.target
        if relation.external or name not in self.package.infos:
            return
        if relation.kind in {"comments", "threadedComment"}:
            text, lost = row_shift.mend_comments(self.overlay.text(name), rows)
            self.overlay.change(name, text)
            heading = self.view.say["comment"]
            self.leftovers += [
                Leftover(found.sheet.title, "", heading, comment) for comment in lost if comment
            ]
            return
        menders = {
            "table": row_shift.mend_table,
            "drawing": row_shift.mend_drawing,
            "vmlDrawing": row_shift.mend_vml,
            "pivotTable": row_shift.mend_pivot_table,
        }
        if relation.kind in menders:
            self.overlay.change(name, menders[relation.kind](self.overlay.text(name), rows))

    def _other_sheets(self, done: Sequence[_Done], maps: row_shift.Maps) -> None:
        """Formulas on people's own sheets that point at ours."""
        ours = {one.found.sheet.part for one in done}
        self.calculated = any(_has_formula(one) for one in done)
        for sheet in self.book.sheets:
            if sheet.part not in ours:
                self._other_sheet(sheet, maps)

    def _other_sheet(self, sheet: BookSheet, maps: row_shift.Maps) -> None:
        text = self.overlay.text(sheet.part)
        self.calculated = self.calculated or "<f" in text or ":f>" in text
        if maps and "!" in text:
            own = sheet.title.casefold()
            self.overlay.change(
                sheet.part, row_shift.mend_rules(row_shift.mend_cells(text, maps, own), maps, own)
            )

    # ------------------------------------------------------------ the workbook's own parts

    def _workbook(self, maps: row_shift.Maps) -> None:
        name = self.package.workbook
        xml = self.overlay.text(name)
        kept = {name.name.lower(): name.refers for name in self.book.names if name.local is None}
        names = {key: refers for key, refers in self.names.items() if kept.get(key.lower()) != refers}
        xml = workbook_part.with_names(xml, names, maps)
        if self.new_sheets:
            xml = self._added_sheets(xml)
        if len(self.long_texts):
            xml = workbook_part.shown_again(xml, self.long_texts.sheet)
        if self.overlay.parts and self.calculated:
            xml = workbook_part.recalculated(xml)
        self.overlay.change(name, xml)
        facts = {FORM: self.view.form, RUN: self.view.run, VERSION: str(REGISTER_VERSION)}
        for part, text in properties(self.package, self.overlay.text, facts):
            self.overlay.change(part, text)
        if self.styles.changed and self.book.styles_part:
            self.overlay.change(self.book.styles_part, self.styles.to_xml())
        if maps or self.formulas_lost:
            chain, parts = without_chain(self.package, self.overlay.text, self.book.relations)
            self.overlay.dropped |= {chain} - {""}
            self.overlay.parts |= {name: text.encode() for name, text in parts.items()}

    def _added_sheets(self, xml: str) -> str:
        rels = rels_part(self.package.workbook)
        kind = relation_type("worksheet", strict=self.package.strict)
        text = self.overlay.text(rels)
        text, ids = workbook_part.with_relations(
            text, [(kind, f"/{sheet.part}") for sheet in self.new_sheets]
        )
        self.overlay.parts[rels] = text.encode()
        self.overlay.parts |= {
            name: text.encode() for name, text in self.charts.texts.items()
        } | self.charts.media
        types = self.overlay.text("[Content_Types].xml")
        self.overlay.parts["[Content_Types].xml"] = workbook_part.with_types(
            types,
            {f"/{sheet.part}": WORKSHEET_TYPE for sheet in self.new_sheets}
            | {f"/{name}": kind for name, kind in self.charts.types.items()},
        ).encode()
        prefix = re.search(r'xmlns:(\w+)="[^"]*/relationships"', xml)
        return workbook_part.with_sheets(xml, self.new_sheets, ids, prefix[1] if prefix else "r")


def _maps(done: Sequence[_Done]) -> dict[str, RowMap]:
    return {one.found.sheet.title.casefold(): one.spliced.map for one in done if one.spliced.map.changes}


def _has_formula(done: _Done) -> bool:
    """Whether people calculate on a sheet of ours: more formulas than our own links."""
    return _PEOPLES_FORMULA.search(done.spliced.rows) is not None
