"""Columns that a newer form or program brings to a sheet that exists get what a first write gives them.

Choices, notes on their headings, tones, a place in the filter, and no green corners (ECMA-376-1, 18.3.1.99).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from harvest.register.cell_text import to_xml, unescape_xml
from harvest.register.readback.locate import FoundSheet
from harvest.register.sheet_model import ColumnView, SheetView
from harvest.register.update.validation_lists import ChoiceLists
from harvest.register.xlsx.row_xml import MAX_ROWS, attribute, letters, place_of
from harvest.register.xlsx.sheet_layout import PROMPT_LIMIT, Where, choices_formula, tones, validations
from harvest.register.xlsx.styles import StyleBook

#: The elements after the rows, in their order.
_ORDER = (
    "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
    "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture",
    "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_FILTER = re.compile(r'(<autoFilter\b[^>]*?\bref="\$?[A-Z]+\$?\d+:\$?)([A-Z]+)')
_LIST = re.compile(r'<dataValidation\b(?=[^>]*\btype="list")[^>]*>.*?</dataValidation>', re.DOTALL)
_FORMULA = re.compile(r"<formula1>([^<]*)</formula1>")
_PROMPT = re.compile(r'\sprompt="[^"]*"')
_PRIORITY = re.compile(r'\bpriority="(\d+)"')


def furnished(
    tail: str,
    view: SheetView,
    where: Where,
    styles: StyleBook,
    lists: Mapping[tuple[str, ...], str],
) -> str:
    """What follows the rows, with all that the columns in `where` need. `lists` says where choices stand."""
    last = max(where.places.values(), default=-1)
    tail = _FILTER.sub(lambda found: found[1] + letters(max(place_of(found[2]), last)), tail, count=1)
    first = 1 + max((int(number) for number in _PRIORITY.findall(tail)), default=0)
    tail = _inserted(tail, "conditionalFormatting", tones(view, styles, where, first))
    tail = _into(tail, "dataValidations", validations(view, lists, where))
    green = [
        f'<ignoredError sqref="{letters(place)}1:{letters(place)}{MAX_ROWS}" numberStoredAsText="1"/>'
        for place in where.places.values()
    ]
    return _into(tail, "ignoredErrors", green)


def renewed(tail: str, found: FoundSheet, lists: ChoiceLists) -> str:
    """What follows the rows, with the choices that the form has now where all that are offered are among them."""
    for column in found.view.columns:
        if not column.choices or column.key not in found.columns:
            continue
        name = letters(found.columns[column.key])

        def now(rule: re.Match[str], column: ColumnView = column, name: str = name) -> str:
            formula = _FORMULA.search(rule[0])
            area = re.search(r'\bsqref="([^"]*)"', rule[0])
            if not formula or not area or not re.search(rf"(?:^| ){name}\d", area[1]):
                return rule[0]
            offered = lists.listed(unescape_xml(formula[1]))
            if not offered or not set(offered) <= set(column.choices):
                return rule[0]
            explained = _explained(rule[0], column)
            if offered == column.choices:
                return explained
            new = choices_formula(column.choices, lists.references([column]))
            return explained.replace(formula[0], f"<formula1>{to_xml(new)}</formula1>")

        tail = _LIST.sub(now, tail)
    return tail


def _explained(rule: str, column: ColumnView) -> str:
    """The note that shows at a cell says what may stand there now; a note of people's own stays."""
    if f'promptTitle="{attribute(column.heading, 32)}"' not in rule or not column.hint:
        return rule
    return _PROMPT.sub(lambda _: f' prompt="{attribute(column.hint, PROMPT_LIMIT)}"', rule, count=1)


def _into(tail: str, group: str, items: list[str]) -> str:
    """The tail with items more in a group, which is made where there is none."""
    if not items:
        return tail
    found = re.search(rf"<{group}\b([^>]*?)(?:/>|>(.*?)</{group}>)", tail, re.DOTALL)
    if found is None:
        count = f' count="{len(items)}"' if group == "dataValidations" else ""
        return _inserted(tail, group, f"<{group}{count}>{''.join(items)}</{group}>")
    inside = (found[2] or "") + "".join(items)
    number = len(re.findall(rf"<{group[:-1]}\b", inside))
    attributes = re.sub(r'\bcount="\d+"', f'count="{number}"', found[1])
    return f"{tail[: found.start()]}<{group}{attributes}>{inside}</{group}>{tail[found.end() :]}"


def _inserted(tail: str, name: str, element: str) -> str:
    """An element put behind all that come before or with it."""
    later = "|".join(_ORDER[_ORDER.index(name) + 1 :])
    place = re.search(rf"<(?:{later})\b|<mc:AlternateContent\b|</worksheet>", tail)
    at = place.start() if place else len(tail)
    return tail[:at] + element + tail[at:]
