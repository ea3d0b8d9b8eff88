"""What stands around the rows of a sheet: panes, widths, filter, lists to choose from, print set-up.

The order of the elements is CT_Worksheet's (ECMA-376-1, 18.3.1.99); Excel repairs a file that breaks it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import NamedTuple, Self

from harvest.register.cell_text import to_xml
from harvest.register.sheet_model import ColumnView, RegisterView, Role, SheetView
from harvest.register.xlsx.part_names import OFFICE
from harvest.register.xlsx.row_xml import MAX_ROWS, attribute, letters
from harvest.register.xlsx.styles import StyleBook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PROMPT_LIMIT = 255
_LIST_LIMIT = 255


def sheet_head(view: SheetView, styles: Sequence[int], *, active: bool = False) -> str:
    """Everything before the rows. `styles` are those of the columns' cells."""
    colour = f'<tabColor rgb="FF{view.colour[1:].upper()}"/>' if view.colour else ""
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{column.width + 0.7:g}" style="{style}" customWidth="1"/>'
        for place, (column, style) in enumerate(zip(view.columns, styles, strict=True), start=1)
    )
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetPr>{colour}<pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView showGridLines="0"{" tabSelected=" + chr(34) + "1" + chr(34) if active else ""}'
        f' workbookViewId="0">{_pane(view.frozen)}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
    )


def _pane(frozen: int) -> str:
    corner = f"{letters(frozen)}2"
    split = f' xSplit="{frozen}"' if frozen else ""
    pane = "bottomRight" if frozen else "bottomLeft"
    others = '<selection pane="topRight"/><selection pane="bottomLeft"/>' if frozen else ""
    return (
        f'<pane{split} ySplit="1" topLeftCell="{corner}" activePane="{pane}" state="frozen"/>'
        f'{others}<selection pane="{pane}" activeCell="{corner}" sqref="{corner}"/>'
    )


def sheet_tail(
    view: SheetView,
    register: RegisterView,
    styles: StyleBook,
    lists: Mapping[tuple[str, ...], str],
    last: int,
    *,
    drawn: bool = False,
) -> str:
    """Everything after the rows. `lists` says where the choices stand that no formula can hold."""
    width = letters(len(view.columns) - 1)
    # `chartxml.ChartParts` makes the part that this points at
    drawing = f'<drawing xmlns:r="{OFFICE}/relationships" r:id="rId1"/>' if drawn else ""
    return (
        f'</sheetData><autoFilter ref="A1:{width}{max(last, 1)}"/>'
        f"{tones(view, styles, Where.planned(view))}{_validations(view, lists)}"
        '<pageMargins left="0.4" right="0.4" top="0.75" bottom="0.65" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f"{_header_footer(register)}"
        f'<ignoredErrors><ignoredError sqref="A1:{width}{MAX_ROWS}" numberStoredAsText="1"/></ignoredErrors>'
        f"{drawing}</worksheet>"
    )


class Where(NamedTuple):
    """Columns of a sheet: key -> place from 0; row of the headings."""

    places: Mapping[str, int]
    header: int = 1

    @classmethod
    def planned(cls, view: SheetView) -> Self:
        """All columns where a first write puts them."""
        return cls({column.key: place for place, column in enumerate(view.columns)})

    def below(self, key: str) -> str:
        """The cells under a heading."""
        name = letters(self.places[key])
        return f"{name}{self.header + 1}:{name}{MAX_ROWS}"

    def heading(self, key: str) -> str:
        """The heading's cell."""
        return f"{letters(self.places[key])}{self.header}"


def tones(view: SheetView, styles: StyleBook, where: Where, first: int = 1) -> str:
    """Conditional formats, whose priorities count from `first` on.

    One block per set of words, over all columns that share it: 25 columns need no 25 blocks.
    """
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for key, words in view.tones.items():
        if key in where.places:
            groups.setdefault(tuple(words.items()), []).append(where.below(key))
    priority = count(first)
    out = []
    for group, ranges in groups.items():
        rules = "".join(
            f'<cfRule type="cellIs" dxfId="{styles.tone(tone)}" priority="{next(priority)}" operator="equal">'
            f"<formula>{_literal(word)}</formula></cfRule>"
            for word, tone in group
        )
        out.append(f'<conditionalFormatting sqref="{" ".join(ranges)}">{rules}</conditionalFormatting>')
    for key, steps in view.steps.items():
        if key not in where.places:
            continue
        rules = "".join(
            f'<cfRule type="cellIs" dxfId="{styles.tone(tone)}" priority="{next(priority)}" stopIfTrue="1" '
            f'operator="greaterThanOrEqual"><formula>{number}</formula></cfRule>'
            for number, tone in steps
        )
        out.append(f'<conditionalFormatting sqref="{where.below(key)}">{rules}</conditionalFormatting>')
    return "".join(out)


def _literal(text: str) -> str:
    return to_xml('"' + text.replace('"', '""') + '"')


def literal_list(choices: Sequence[str]) -> str | None:
    """The choices as a formula of their own, or None where a comma or their length forbids it (18.3.1.32)."""
    joined = ",".join(choices)
    return (
        None
        if any("," in choice or '"' in choice for choice in choices) or len(joined) > _LIST_LIMIT
        else joined
    )


def choices_formula(choices: tuple[str, ...], lists: Mapping[tuple[str, ...], str]) -> str:
    """The choices themselves, or where they stand."""
    literal = literal_list(choices)
    return lists[choices] if literal is None else f'"{literal}"'


def validations(view: SheetView, lists: Mapping[tuple[str, ...], str], where: Where) -> list[str]:
    """Lists to choose from under the headings, and notes that show at a heading or a cell to decide in."""
    out = []
    for column in view.columns:
        if column.key in where.places and (column.choices or column.hint):
            asked = column.role is Role.DECISION or bool(column.choices)
            area = where.below(column.key) if asked else where.heading(column.key)
            out.append(_validation(column, area, lists))
    return out


def _validations(view: SheetView, lists: Mapping[tuple[str, ...], str]) -> str:
    out = validations(view, lists, Where.planned(view))
    return f'<dataValidations count="{len(out)}">{"".join(out)}</dataValidations>' if out else ""


def _validation(column: ColumnView, area: str, lists: Mapping[tuple[str, ...], str]) -> str:
    prompt = ""
    if column.hint:
        title, text = attribute(column.heading, 32), attribute(column.hint, PROMPT_LIMIT)
        prompt = f' showInputMessage="1" promptTitle="{title}" prompt="{text}"'
    if not column.choices:
        return f'<dataValidation allowBlank="1"{prompt} sqref="{area}"/>'
    formula = choices_formula(column.choices, lists)
    error = "" if column.free else ' showErrorMessage="1"'
    if error and column.hint:
        title, text = attribute(column.heading, 32), attribute(column.hint, PROMPT_LIMIT)
        error += f' errorTitle="{title}" error="{text}"'
    return (
        f'<dataValidation type="list" allowBlank="1"{error}{prompt} sqref="{area}">'
        f"<formula1>{to_xml(formula)}</formula1></dataValidation>"
    )


def _header_footer(register: RegisterView) -> str:
    def plain(text: str, limit: int) -> str:
        # a digit right after a code such as &L would be a font size
        text = f" {text}" if text[:1].isdigit() else text
        return to_xml(text[:limit].replace("&", "&&"))

    page = register.say["page-of"].replace("{page}", "&amp;P").replace("{pages}", "&amp;N")
    return (
        f"<headerFooter><oddHeader>&amp;L{plain(register.title, 90)}&amp;C&amp;A&amp;R{plain(register.say['printed'], 40)}"
        f"</oddHeader><oddFooter>&amp;C{page}</oddFooter></headerFooter>"
    )
