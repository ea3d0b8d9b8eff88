"""Cells in which something stands that no program could read: what people typed for them, and which still wait.

What a person typed is what the return says there, so it is laid over the submission before anything else happens, and
all other rules follow from that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from harvest.merge.chains import Chain, Statement
from harvest.merge.fold import Folded
from harvest.merge.group import Group
from harvest.merge.ids import cell_id, nil_id, row_id
from harvest.merge.layout import Layout
from harvest.model import (
    NIL_BOX,
    CellPlace,
    Check,
    Decision,
    DecisionKind,
    Entry,
    Method,
    Row,
    Sheet,
    Status,
    Submission,
    Unread,
    Value,
)
from harvest.text.answer_words import is_answer_word

# ---------------------------------------------------------------- what was typed


def typed_over(submissions: Iterable[Submission], decisions: Iterable[Decision]) -> tuple[Submission, ...]:
    """The submissions with what people typed for their cells; the newest word on a cell counts.

    An answer ("stimmt") that an earlier version took for a text does not count: its cell waits once more.
    """
    typed: dict[str, dict[str, str]] = defaultdict(dict)
    for one in sorted(
        (one for one in decisions if one.kind is DecisionKind.TYPED and not _doubted(one)),
        key=lambda one: (one.at, one.value),
    ):
        typed[one.other][one.entry_id] = one.value
    return tuple(_typed(one, typed[one.return_id]) if one.return_id in typed else one for one in submissions)


def _doubted(one: Decision) -> bool:
    # to a box, whose key is none that a column can have, a word is the answer that was asked for
    return one.unguarded and not one.column.startswith("_") and is_answer_word(one.value)


def _typed(submission: Submission, said: Mapping[str, str]) -> Submission:
    def row(category: str, one: Row) -> Row:
        pages = {column: value.page for column, value in one.values.items()}
        pages |= {cell.column: cell.page for cell in one.unread}
        texts = {
            column: text
            for column, page in pages.items()
            if (
                text := said.get(cell_id(CellPlace(submission.return_id, page, category, one.number, column)))
            )
            is not None
        }
        return _read(one, texts, pages) if texts else one

    def box(sheet: Sheet) -> Sheet:
        pages = {cell.page for cell in sheet.unread} or {sheet.page}
        texts = {
            page: text
            for page in pages
            if (text := said.get(cell_id(CellPlace(submission.return_id, page, sheet.category, 0, NIL_BOX))))
            is not None
        }
        if not texts:
            return sheet
        answered = tuple(replace(cell, answered=cell.page in texts) for cell in sheet.unread)
        return replace(sheet, nil=any(text.strip() for text in texts.values()), unread=answered)

    sheets = tuple(
        replace(box(sheet), rows=tuple(row(sheet.category, one) for one in sheet.rows))
        for sheet in submission.sheets
    )
    return replace(submission, sheets=sheets)


def _read(row: Row, texts: Mapping[str, str], pages: Mapping[str, int]) -> Row:
    """A later version of the program may have read such a cell: what a person typed still counts."""
    values = dict(row.values)
    values |= {
        column: Value(text, Method.HAND, page=pages[column]) for column, text in texts.items() if text.strip()
    }
    rest = [cell for cell in row.unread if cell.column not in texts]
    answered = [Unread(column, pages[column], answered=True) for column in texts]
    return replace(row, values=values, unread=tuple(sorted((*rest, *answered))))


# ---------------------------------------------------------------- what waits


def waiting(
    folded: Folded, groups: Sequence[Group], layout: Layout
) -> tuple[Mapping[str, tuple[Check, ...]], tuple[Entry, ...]]:
    """Entry id -> its cells that wait for a person; and the rows of which nothing is known yet, as entries to be.

    A newer return of the same reporter answers for the cells that it has, too: of a row of which nothing is known, for
    those of the row in its place. Cells of entries that were deleted by hand wait for nobody.
    """
    shown = {chain.born: group for group in groups for chain in group.chains}
    entries: dict[str, list[Check]] = defaultdict(list)
    rows: dict[str, Entry] = {}
    for statement, later, row in _rows(folded):
        chain = folded.owner.get(_own_id(statement, row))
        if chain is not None:
            group = shown[chain.born]
            if chain.born not in group.hidden:
                entries[group.id] += _of_chain(group.id, chain, statement, row, layout)
        elif not any(one.number == row.number and not one.silent for newer in later for one in newer.rows):
            entry = _to_be(statement, row, layout)
            rows[entry.id] = entry
    ordered = {
        one: tuple(sorted(checks, key=lambda check: _place(check, layout))) for one, checks in entries.items()
    }
    rows |= {entry.id: entry for entry in _boxes(folded)}
    return ordered, tuple(
        sorted(rows.values(), key=lambda one: (layout.rank(one.category), _place(one.checks[0], layout)))
    )


def _rows(folded: Folded) -> Iterator[tuple[Statement, Sequence[Statement], Row]]:
    """Every row with cells that wait, its statement, and the later ones of the same reporter on the same category."""
    for said in folded.statements.values():
        for place, statement in enumerate(said):
            for row in statement.rows:
                if row.waits:
                    yield statement, said[place + 1 :], row


def _boxes(folded: Folded) -> Iterator[Entry]:
    """Nil returns to be: whose box may be ticked or not, as long as no later sheet of the same reporter says anything."""
    for (reporter, category), said in folded.statements.items():
        for place, statement in enumerate(said):
            open_cells = [cell for cell in statement.unread if not cell.answered]
            if not open_cells or any(not later.blank or later.unread for later in said[place + 1 :]):
                continue
            identity = nil_id(category, reporter)
            checks = tuple(_check(identity, statement, 0, cell) for cell in open_cells)
            label = statement.submission.reporter.label
            yield Entry(
                identity, category, {}, Status.NEW, (label,), (checks[0].source,), None, checks=checks
            )


def _own_id(statement: Statement, row: Row) -> str:
    return row_id(statement.submission.return_id, statement.category, row)


def _of_chain(identity: str, chain: Chain, statement: Statement, row: Row, layout: Layout) -> Iterator[Check]:
    key = _age(statement)
    newer = [version.row for version in chain.versions if _age(version.statement) > key]
    for check in _checks(identity, statement, row, layout):
        if not any(
            _answers(one, check.column) or any(cell.column == check.column for cell in one.unread)
            for one in newer
        ):
            yield check


def _answers(row: Row, column: str) -> bool:
    """Whether a newer row says something of a cell, be it that nothing stands there.

    Of a cell that nobody had read a prefilled row shows nothing, and nobody took that away.
    """
    return column in row.values and (bool(row.values[column].text.strip()) or row.entry_id is None)


def _age(statement: Statement) -> tuple[object, ...]:
    return statement.submission.age, statement.submission.return_id


def _to_be(statement: Statement, row: Row, layout: Layout) -> Entry:
    identity = _own_id(statement, row)
    checks = tuple(_checks(identity, statement, row, layout))
    source = checks[0].source
    reporters = (statement.submission.reporter.label,)
    return Entry(identity, statement.category, {}, Status.NEW, reporters, (source,), None, checks=checks)


def _checks(identity: str, statement: Statement, row: Row, layout: Layout) -> list[Check]:
    found = [_check(identity, statement, row.number, cell) for cell in row.unread if not cell.answered]
    return sorted(found, key=lambda check: _place(check, layout))


def _check(identity: str, statement: Statement, row: int, cell: Unread) -> Check:
    source = statement.source(row, Value("", Method.OCR, page=cell.page))
    place = CellPlace(source.return_id, cell.page, statement.category, row, cell.column)
    others = (cell.said,) if cell.said else ()
    return Check(identity, cell.column, "", Method.OCR, 0.0, others, source, cell_id(place))


def _place(check: Check, layout: Layout) -> tuple[object, ...]:
    source, columns = check.source, list(layout.columns)
    column = columns.index(check.column) if check.column in columns else len(columns)
    return source.at, source.return_id, source.page, source.row, column, check.column, check.unread
