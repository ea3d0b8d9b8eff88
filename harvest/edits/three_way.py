"""What people did in the workbook: what was last written, against what stands there now.

Nothing is concluded from what is not there: a column that was removed, a sheet without rows, most rows gone at once
(a filtered copy, a sort that went wrong). The faults say so, and the next register has everything again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from harvest.edits.column_accidents import emptied, slipped
from harvest.edits.date_serials import day_of
from harvest.edits.typed_cells import as_typed, unchanged
from harvest.edits.workbook_rows import Recognised, fault, recognise, words
from harvest.edits.written_state import WrittenState
from harvest.merge.ids import entry_id
from harvest.merge.layout import Layout
from harvest.model import (
    Decision,
    DecisionKind,
    HandDeletion,
    HandEdit,
    HandRow,
    OnDisk,
    Problem,
    Severity,
    SheetRow,
)

MAIN = "entries"
#: From here on, more than half of the rows gone at once is taken for an accident.
MANY = 10
NO = frozenset({"nein", "no", "n"})

#: Every fault that is told here, with the details that its words need.
FAULTS: Mapping[str, tuple[str, ...]] = {
    "register-id-doubled": ("id",),  # a row was copied with its id; the copy became a row of its own
    "register-id-erased": ("id",),  # a row without its id was recognised by its words
    "register-id-unknown": ("id",),  # an id that this register never had; the row is taken for a new one
    "register-column-missing": ("column",),  # nothing is concluded for this column
    "register-category-unknown": ("category",),  # an added row whose category is none of the form
    "register-category-changed": (
        "category",
        "id",
    ),  # a reported entry can't move; add a row there, delete this one
    # a number in a column of dates that stands for a day: what was said before stays, in a new row the number does
    "register-day-as-number": ("column", "day", "id", "number"),
    "register-edited-twice": ("column", "id"),  # two sheets were corrected differently; the main sheet counts
    "register-column-emptied": ("column",),  # nothing is concluded where a whole column is empty at once
    "register-many-rows-gone": ("gone", "rows"),  # no row is taken for deleted
    "register-row-gone-but-edited": ("id",),  # deleted on the main sheet, corrected on another: it stays
    "register-row-gone-elsewhere": ("id",),  # deleted on a section's sheet only: it stays
    "register-merged": (
        "id",
    ),  # words lie under a merged cell; they stay, and nothing is concluded from the gap
    "register-row-repeated": ("id",),  # a row stands there twice word for word; once is enough
    "register-texts-moved": ("column", "rows"),  # the texts of a column changed places among the entries
    "register-set-aside": (
        "count",
    ),  # what people had written in rows that are gone stands on a sheet of its own
    "register-same-as-unknown": ("said",),  # no entry of this register
    "register-cell-unknown": ("said",),  # typed for a cell that does not wait for a person
}


@dataclass(frozen=True, slots=True)
class HandChanges:
    """What follows from the workbook; `faults` are for people."""

    edits: tuple[HandEdit, ...] = ()
    rows: tuple[HandRow, ...] = ()
    deletions: tuple[HandDeletion, ...] = ()
    decisions: tuple[Decision, ...] = ()
    faults: tuple[Problem, ...] = ()


def compare(
    written: WrittenState,
    stands: OnDisk,
    layout: Layout,
    at: datetime,
    *,
    many_gone: bool = False,
    no: Collection[str] = NO,
) -> HandChanges:
    """What people did since `written` was written.

    Args:
        written: what the workbook's own run wrote into it.
        stands: the workbook as it was read.
        layout: the form's order and its identifying column.
        at: when people did it: the file's time, so that reading twice gives the same. What they had before them
            is older, whatever the clocks say (`Written.heard`).
        many_gone: take even most rows for deleted (a person has confirmed it).
        no: words under "Gleich wie" that mean: none of the proposed ones.
    """
    sheets: dict[str, list[SheetRow]] = defaultdict(list)
    for row in (*stands.rows, *stands.section_rows):
        sheets[row.sheet].append(row)
    found = {key: recognise(rows, written, layout) for key, rows in sheets.items()}
    faults = [problem for key in sorted(found) for problem in found[key].faults]
    faults += _missing_columns(written, stands.rows)
    if not many_gone:
        faults += emptied(written, found)
    edits = list(_edits(written, found, at, faults))
    edits = [edit for edit in edits if not _is_serial(edit, stands, layout, found, faults)]
    faults += [*slipped(edits, MAIN), *_covered(written, found)]
    main = found.get(MAIN, Recognised())
    edited = {edit.entry_id for edit in edits}
    deletions = tuple(_deletions(written, found, edited, at, faults, many_gone=many_gone))
    rows = list(_added(written, found, at, faults))
    faults += _serials_added(found, stands, layout)
    rows += _moved(written, main, at, faults)
    decisions = [
        *_same_as(written, found, at, frozenset(word.casefold() for word in no), faults),
        *_choices(written, stands, at, faults),
    ]
    return HandChanges(tuple(edits), tuple(rows), deletions, tuple(_once(decisions)), tuple(faults))


def _once(decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Each decision once; what stands beside both rows of a pair is one."""
    seen: set[object] = set()
    for one in decisions:
        pair = one.kind in {DecisionKind.SAME, DecisionKind.DIFFERENT}
        key = (one.kind, frozenset((one.entry_id, one.other))) if pair else one
        if key not in seen:
            seen.add(key)
            yield one


# ---------------------------------------------------------------- corrections


def _missing_columns(written: WrittenState, rows: Iterable[SheetRow]) -> Iterator[Problem]:
    seen = {column for row in rows for column in (*row.values, *row.untold)}
    wanted = {column for values in written.entries.values() for column in values}
    if seen:
        for column in sorted(wanted - seen):
            yield Problem("register-column-missing", Severity.NOTE, MAIN, (("column", column),))


def _edits(
    written: WrittenState, found: Mapping[str, Recognised], at: datetime, faults: list[Problem]
) -> Iterator[HandEdit]:
    """One edit for each cell that says something new; the main sheet has the last word."""
    order = sorted(found, key=lambda key: (key == MAIN, key))
    for identity, values in written.entries.items():
        copies = [found[key].known[identity] for key in order if identity in found[key].known]
        for column in sorted({column for row in copies for column in row.values}):
            old, wrote = values.get(column, ""), written.wrote(identity, column)
            new = list(
                dict.fromkeys(
                    as_typed(row.values[column])
                    for row in copies
                    if column in row.values and not any(unchanged(text, row.values[column]) for text in wrote)
                )
            )
            if len(new) > 1:
                faults.append(
                    fault("register-edited-twice", Severity.CHECK, copies[-1], column=column, id=identity)
                )
            for step, text in enumerate(new):
                # Both stay in the history; a microsecond decides which one is shown.
                when = written.heard(at, identity) + timedelta(microseconds=step)
                yield HandEdit(identity, column, old, text, when)


def _is_serial(
    edit: HandEdit,
    stands: OnDisk,
    layout: Layout,
    found: Mapping[str, Recognised],
    faults: list[Problem],
) -> bool:
    """Whether an edit puts a day's bare number into a column of dates. Nobody writes that; so it is asked about."""
    day = day_of(edit.new, since_1904=stands.since_1904) if edit.column in layout.dated else ""
    if day:
        rows = (sheet.known[edit.entry_id] for sheet in found.values() if edit.entry_id in sheet.known)
        row = next(row for row in rows if as_typed(row.values.get(edit.column, "")) == edit.new)
        details = {"column": edit.column, "day": day, "id": edit.entry_id, "number": edit.new}
        faults.append(fault("register-day-as-number", Severity.CHECK, row, **details))
    return bool(day)


def _covered(written: WrittenState, found: Mapping[str, Recognised]) -> Iterator[Problem]:
    """Entries of which a merged cell hides what was written."""
    for key in sorted(found):
        for identity, row in found[key].known.items():
            if any(written.entries[identity].get(column) for column in row.covered):
                yield fault("register-merged", Severity.CHECK, row, id=identity)


# ---------------------------------------------------------------- rows


def _deletions(
    written: WrittenState,
    found: Mapping[str, Recognised],
    edited: Collection[str],
    at: datetime,
    faults: list[Problem],
    *,
    many_gone: bool,
) -> Iterator[HandDeletion]:
    """Rows that are gone from the main sheet. What is gone from a section's sheet only was perhaps cut for a print."""
    main = found.get(MAIN, Recognised())
    gone = [identity for identity in written.entries if identity not in main.known]
    if len(gone) >= MANY and len(gone) * 2 > len(written.entries) and not many_gone:
        details = (("gone", str(len(gone))), ("rows", str(len(written.entries))))
        faults.append(Problem("register-many-rows-gone", Severity.CHECK, MAIN, details))
        return
    for identity in gone:
        if identity in edited:
            row = next(sheet.known[identity] for sheet in found.values() if identity in sheet.known)
            faults.append(fault("register-row-gone-but-edited", Severity.CHECK, row, id=identity))
        else:
            yield HandDeletion(identity, written.heard(at, identity))
    faults.extend(_gone_elsewhere(written, found, main))


def _gone_elsewhere(
    written: WrittenState, found: Mapping[str, Recognised], main: Recognised
) -> Iterator[Problem]:
    """Rows that a section's sheet lost. Which categories a sheet holds is told by the rows that it still has."""
    for key in sorted(set(found) - {MAIN}):
        held = {written.categories.get(identity) for identity in found[key].known}
        for identity, category in written.categories.items():
            if category in held and identity in main.known and identity not in found[key].known:
                details = (("id", identity),)
                yield Problem("register-row-gone-elsewhere", Severity.NOTE, key, details)


def _added(
    written: WrittenState, found: Mapping[str, Recognised], at: datetime, faults: list[Problem]
) -> Iterator[HandRow]:
    """Rows that nobody wrote but a person; the same row added on two sheets is one."""
    given: set[str] = set()
    for key in sorted(found, key=lambda key: (key != MAIN, key)):
        count: Counter[tuple[str, ...]] = Counter()
        for row in found[key].added:
            said = words(row)
            if not said:
                continue
            if not row.category:
                faults.append(
                    fault("register-category-unknown", Severity.CHECK, row, category=row.category_text or "–")
                )
            identity = row.entry_id.strip().lower()
            if identity not in written.deleted:
                parts = (row.category, *(text for cell in sorted(said.items()) for text in cell))
                count[parts] += 1
                identity = entry_id("hand", str(written.run), str(count[parts]), *parts)
            if identity not in given:
                given.add(identity)
                typed = {column: as_typed(text) for column, text in said.items()}
                yield HandRow(identity, row.category, typed, written.heard(at))


def _serials_added(found: Mapping[str, Recognised], stands: OnDisk, layout: Layout) -> Iterator[Problem]:
    """Bare numbers of days in rows that are new: nothing stood there before, so that the number has to stay."""
    for key in sorted(found):
        for row in found[key].added:
            for column in layout.dated:
                text = as_typed(row.values.get(column, ""))
                if day := day_of(text, since_1904=stands.since_1904):
                    identity = row.entry_id or "–"
                    details = {"column": column, "day": day, "id": identity, "number": text}
                    yield fault("register-day-as-number", Severity.CHECK, row, **details)


def _moved(written: WrittenState, main: Recognised, at: datetime, faults: list[Problem]) -> Iterator[HandRow]:
    """A row added without a category gets one when somebody fills it in; a reported entry stays where it was reported."""
    for identity, row in main.known.items():
        before = written.categories.get(identity)
        if before is None or not row.category or row.category == before:
            continue
        if before:
            faults.append(
                fault(
                    "register-category-changed", Severity.CHECK, row, category=row.category_text, id=identity
                )
            )
        else:
            yield HandRow(identity, row.category, words(row), written.heard(at, identity))


# ---------------------------------------------------------------- decisions


def _spoken(row: SheetRow, no: Collection[str]) -> tuple[str, bool, list[str]]:
    """What stands under "Gleich wie": the text, whether it says no, and the ids in it."""
    said = row.same_as.strip()
    words_said = [
        word.strip("()[].:\"'").lower() for word in said.replace(",", " ").replace(";", " ").split()
    ]
    return said, any(word in no for word in words_said), [word for word in words_said if word not in no]


def _same_as(
    written: WrittenState,
    found: Mapping[str, Recognised],
    at: datetime,
    no: Collection[str],
    faults: list[Problem],
) -> Iterator[Decision]:
    """What stands under "Gleich wie": ids of the same facility, or no; "nein abc" is about that one only."""
    for key in sorted(found):
        for identity, row in found[key].known.items():
            said, denied, named = _spoken(row, no)
            known = written.answered.get(identity, frozenset())
            kind = DecisionKind.DIFFERENT if denied else DecisionKind.SAME
            others = [(word, written.aliases.get(word, word)) for word in named]
            if denied and not named:
                others = [("", other) for other in written.proposed.get(identity, ())]
            for word, other in others:
                if other == identity or (said, word) in known:
                    continue
                if not _comparable(written, identity, other):
                    faults.append(fault("register-same-as-unknown", Severity.CHECK, row, said=said[:80]))
                    break
                yield Decision(kind, identity, written.heard(at, identity, other), other=other)


def answered(
    written: WrittenState, stands: OnDisk, no: Collection[str] = NO
) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Entry id -> what stands under "Gleich wie" and says nothing new in the next register.

    The cells are the people's, so the words stay there. Taken again over every register, an answer would hold for
    proposals that nobody has seen yet, and would take back what was decided or undone since.
    """
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in (*stands.rows, *stands.section_rows):
        said, denied, named = _spoken(row, no)
        if not said:
            continue
        identity = row.entry_id.strip().lower()
        identity = written.aliases.get(identity, identity)
        for word in named:
            other = written.aliases.get(word, word)
            old = (said, word) in written.answered.get(identity, ())
            if old or other == identity or _comparable(written, identity, other):
                found[identity].add((said, word))
        if denied and not named:
            found[identity].add((said, ""))
    return {identity: frozenset(texts) for identity, texts in found.items()}


def _comparable(written: WrittenState, one: str, two: str) -> bool:
    """Whether both are entries, and of one category: what two offers have in common makes them no one facility."""
    return two in written.entries and written.categories.get(one) == written.categories.get(two)


def _choices(
    written: WrittenState, stands: OnDisk, at: datetime, faults: list[Problem]
) -> Iterator[Decision]:
    """What was decided on the other sheets. An id that is gone still leads to its entry by way of the ledger."""
    by_place = {(row, column): cell for cell, (_, row, column) in written.unread.items()}
    for choice in stands.choices:
        cell = choice.entry_id if choice.kind is DecisionKind.TYPED else ""
        cell = "" if cell in {row for _, row, _ in written.unread.values()} else cell
        if not cell and choice.entry_id not in written.entries:
            # the column with the cell's id was deleted
            cell = by_place.get((choice.entry_id, choice.column), "")
        if cell:
            if cell in written.unread:
                return_id, _, column = written.unread[cell]
                when = written.heard(at)
                yield Decision(DecisionKind.TYPED, cell, when, return_id, column, as_typed(choice.value))
            else:
                details = (("said", (choice.value or cell)[:80]),)
                faults.append(
                    Problem(
                        "register-cell-unknown", Severity.CHECK, f"{choice.sheet}, {choice.number}", details
                    )
                )
            continue
        one = written.aliases.get(choice.entry_id, choice.entry_id)
        other = written.aliases.get(choice.other, choice.other)
        when = written.heard(at, one, other)
        yield Decision(choice.kind, one, when, other, choice.column, choice.value)
