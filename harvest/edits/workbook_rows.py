"""Which row of the workbook is which entry: by its id, and by its words where the id was doubled or erased."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from harvest.edits.typed_cells import even, unchanged
from harvest.edits.written_state import WrittenState
from harvest.merge.facilities.equality import Content, facility_key
from harvest.merge.layout import Layout
from harvest.model import Problem, Severity, SheetRow

DOUBLED = "register-id-doubled"
REPEATED = "register-row-repeated"
ERASED = "register-id-erased"
UNKNOWN = "register-id-unknown"


@dataclass(slots=True)
class Recognised:
    """The rows of one sheet: those of entries, and those that are new."""

    known: dict[str, SheetRow] = field(default_factory=dict)
    added: list[SheetRow] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)

    def note(self, code: str, severity: Severity, row: SheetRow, **details: str) -> None:
        """A fault at this row."""
        self.faults.append(fault(code, severity, row, **details))


def fault(code: str, severity: Severity, row: SheetRow, **details: str) -> Problem:
    """A fault of the workbook; its place is sheet and row, as Excel counts."""
    return Problem(code, severity, f"{row.sheet}, {row.number}", tuple(sorted(details.items())))


def recognise(rows: Iterable[SheetRow], written: WrittenState, layout: Layout) -> Recognised:
    """Tell the rows of one sheet apart."""
    found = Recognised()
    by_id: dict[str, list[SheetRow]] = defaultdict(list)
    nameless = []
    for row in rows:
        identity = _identity(row, written)
        if identity is None:
            if not row.blank:
                nameless.append(row)
        else:
            by_id[identity].append(row)
    doubles = [
        (identity, row)
        for identity, same in by_id.items()
        for row in _doubles(identity, same, written, found)
    ]
    if nameless or doubles:
        absent = _Absent(written, found.known, layout)
        for identity, row in doubles:
            _tell_double(identity, row, absent, found)
        standing = {_said(row) for row in found.known.values()}
        for row in nameless:
            # Word for word what stands in another row is that entry, and says nothing new however often it is read.
            if not row.entry_id.strip() and _said(row) in standing:
                continue
            _tell_nameless(row, absent, found, put_back=row.entry_id.strip().lower() in written.deleted)
    return found


class _Absent:
    """Entries whose id stands nowhere on the sheet, by their words; each is found once."""

    def __init__(self, written: WrittenState, known: Mapping[str, SheetRow], layout: Layout) -> None:
        self._layout = layout
        self._written = written
        self._by_words: dict[Content, list[str]] = defaultdict(list)
        self._by_facility: dict[str, list[str]] = defaultdict(list)
        self._taken = set(known)
        for identity, values in written.entries.items():
            if identity not in known:
                self._by_words[_content(values)].append(identity)
                self._by_facility[facility_key(layout.facility(values))].append(identity)

    def take(self, row: SheetRow) -> str | None:
        """The entry that this row is: all words are its own, or the facility is and only one entry has it."""
        same = self._free(self._by_words.get(_content(row.values), ()))
        if not same and (facility := facility_key(self._layout.facility(row.values))):
            same = self._free(self._by_facility.get(facility, ()))
            same = same if len(same) == 1 else []
        if not same:
            return None
        self._taken.add(same[0])
        return same[0]

    def _free(self, identities: Iterable[str]) -> list[str]:
        return [identity for identity in identities if identity not in self._taken]


def _content(values: Mapping[str, str]) -> Content:
    return tuple(sorted((column, said) for column, text in values.items() if (said := even(text))))


def _said(row: SheetRow) -> tuple[str, Content]:
    return row.category, _content(row.values)


def _identity(row: SheetRow, written: WrittenState) -> str | None:
    identity = row.entry_id.strip().lower()
    identity = written.aliases.get(identity, identity)
    return identity if identity in written.entries else None


def closeness(row: SheetRow, values: Mapping[str, str]) -> int:
    """In how many columns a row still says what was written."""
    return sum(unchanged(values.get(column, ""), text) for column, text in row.values.items())


def _doubles(
    identity: str, same: list[SheetRow], written: WrittenState, found: Recognised
) -> Iterator[SheetRow]:
    """Of rows with one id, the one closest to what was written is the entry. Yields the others."""
    values = written.entries[identity]
    # max takes the first of equals: the original stands above its copy more often than not
    original = max(same, key=lambda row: closeness(row, values))
    found.known[identity] = original
    yield from (row for row in same if row is not original)


def _tell_double(identity: str, row: SheetRow, absent: _Absent, found: Recognised) -> None:
    """A row with an id that another has: an entry whose id was filled over, a copy, or a new row.

    People make a new row by copying one and typing over it, and do not think of the id.
    """
    if (own := absent.take(row)) is not None:
        found.known[own] = row
        found.note(ERASED, Severity.NOTE, row, id=own)
    elif row.blank or closeness(row, found.known[identity].values) >= len(row.values):
        found.note(REPEATED, Severity.CHECK, row, id=identity)
    else:
        found.note(DOUBLED, Severity.CHECK, row, id=identity)
        found.added.append(row)


def _tell_nameless(row: SheetRow, absent: _Absent, found: Recognised, *, put_back: bool) -> None:
    """A row whose id was erased or spoilt is known by its words, or it is new."""
    identity = None if put_back else absent.take(row)
    if identity is not None:
        found.known[identity] = row
        found.note(ERASED, Severity.NOTE, row, id=identity)
        return
    if row.entry_id.strip() and not put_back:
        found.note(UNKNOWN, Severity.CHECK, row, id=row.entry_id.strip()[:80])
    found.added.append(row)


def words(row: SheetRow) -> dict[str, str]:
    """What an added row says, empty cells left out."""
    return {column: even(text) for column, text in row.values.items() if text.strip()}
