"""A list's rows as text, whatever kind of file they come from."""

from __future__ import annotations

from dataclasses import dataclass, field

from spec.console.said import said
from spec.errors import Fault

#: Recipients in one list. More than that is another file that was named by mistake: a round goes to dozens.
MOST = 10_000
#: Bytes of a list.
LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number, counted from 1 with the headings, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A list before anybody looked at what it says.

    Attributes:
        name: what faults call the file.
        headings: the first row that is not empty; None where there is none.
        rows: what stands below, without empty rows.
        faults: what the kind of file had to say: formulas, merged cells, broken quotes.
        hidden: numbers of the rows that nobody sees, most often by a filter.
    """

    name: str
    headings: Row | None
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = field(default=())
    hidden: frozenset[int] = frozenset()

    def place(self, row: int, heading: str = "") -> str:
        """Where a fault stands."""
        if not heading:
            return said("{name}, row {row}", name=self.name, row=row)
        return said("{name}, row {row}, column {column!r}", name=self.name, row=row, column=heading)


def too_many(name: str) -> Fault:
    """The fault of a list beyond `MOST`."""
    return Fault(
        name,
        said("The list has more than {most} rows.", most=MOST),
        "Check that this is the list of recipients; part a longer one into several.",
    )
