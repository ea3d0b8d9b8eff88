"""What happens to whole columns by accident: one is sorted by itself, pasted a row too low, or emptied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from harvest.edits.workbook_rows import Recognised
from harvest.edits.written_state import WrittenState
from harvest.merge.facilities.equality import loose
from harvest.model import HandEdit, Problem, Severity

#: Fewer texts may well have been put right by hand.
FEWEST = 5


def slipped(edits: Iterable[HandEdit], sheet: str) -> Iterator[Problem]:
    """For each column most of whose new texts are what other corrected entries said before."""
    by_column: Mapping[str, list[HandEdit]] = defaultdict(list)
    for edit in edits:
        by_column[edit.column].append(edit)
    for column, changed in sorted(by_column.items()):
        before = {loose(edit.old) for edit in changed} - {""}
        moved = [edit for edit in changed if loose(edit.new) in before]
        texts = {loose(edit.new) for edit in moved}
        if len(texts) >= FEWEST and len(moved) * 5 >= len(changed) * 4:
            details = (("column", column), ("rows", str(len(moved))))
            yield Problem("register-texts-moved", Severity.CHECK, sheet, details)


def emptied(written: WrittenState, found: Mapping[str, Recognised]) -> Iterator[Problem]:
    """Columns that are empty from top to bottom though much was written into them: they say nothing from here on.

    A heading typed anew where a column was deleted looks like that, too.
    """
    for sheet in sorted(found):
        known = found[sheet].known
        for column in sorted({column for row in known.values() for column in row.values}):
            full = [
                one for one, row in known.items() if column in row.values and written.entries[one].get(column)
            ]
            if len(full) < FEWEST or any(known[one].values[column].strip() for one in full):
                continue
            for one in full:
                values = {key: text for key, text in known[one].values.items() if key != column}
                known[one] = replace(known[one], values=values, untold=known[one].untold | {column})
            yield Problem("register-column-emptied", Severity.CHECK, sheet, (("column", column),))
