"""Why a nil return says what it says, and what is known of a box or a row that still waits for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harvest.ledger import Ledger, Recorded, StoredReturn
from harvest.merge import cell_id, nil_id
from harvest.model import (
    NIL_BOX,
    TICK,
    CellPlace,
    Entry,
    FieldReading,
    Register,
    Source,
    Status,
    Submission,
)
from spec.names import NilField

#: States of a checkbox that mean "not ticked".
_EMPTY = frozenset({"/Off", "Off"})


@dataclass(frozen=True, slots=True)
class Box:
    """A box for "nothing here" as one return has it; `text` is its state, empty where no program could tell."""

    text: str
    source: Source
    confidence: float
    run: int
    active: bool
    cell: CellPlace


@dataclass(frozen=True, slots=True)
class Nil:
    """A nil return, or a box of which it is not known or was denied that it is ticked, in the shape of an entry.

    Attributes:
        text: `TICK`, or empty.
        rule: `waits`, `chosen` or `agreed`.
    """

    entry: Entry
    boxes: tuple[Box, ...]
    text: str
    rule: str
    stands: str
    events: tuple[Recorded, ...]


def waiting_row(register: Register, identity: str) -> Entry | None:
    """A row of which nobody has read anything yet."""
    wanted = identity.strip().lower()
    rows = (one for one in register.unread if one.checks and one.checks[0].column != NIL_BOX)
    return next((entry for entry in rows if entry.id == wanted), None)


def nil_of(
    ledger: Ledger,
    register: Register,
    returns: Sequence[StoredReturn],
    said: Sequence[Submission],
    identity: str,
) -> Nil | None:
    """All that is known under the id of a nil return; None where it is none."""
    wanted = identity.strip().lower()
    sheets = ((sheet.category, one.reporter) for one in said for sheet in one.sheets)
    meant = next((pair for pair in sheets if nil_id(*pair) == wanted), None)
    if meant is None:
        return None
    category, reporter = meant
    found = tuple(_boxes(wanted, category, returns, said))
    if not found:
        return None
    sources = tuple(dict.fromkeys(one.source for one in found))
    nil = next((one for one in register.nils if one.id == wanted), None)
    waits = next((one for one in register.unread if one.id == wanted), None)
    confirmed = nil.confirmed if nil else None
    entry = waits or Entry(wanted, category, {}, Status.NEW, (reporter.label,), sources, confirmed)
    events = ledger.why((wanted, *(cell_id(one.cell) for one in found)), ()).events
    answered = any(recorded.active for recorded in events)
    rule = "waits" if waits else "chosen" if answered else "agreed"
    stands = "shown" if any(one.active for one in found) else "undone"
    return Nil(entry, found, TICK if nil else "", rule, stands, events)


def _boxes(
    identity: str, category: str, returns: Iterable[StoredReturn], said: Sequence[Submission]
) -> Iterator[Box]:
    """What each return of this reporter shows in the box of this offer, oldest first."""
    theirs = {one.return_id: one.reporter.label for one in said if nil_id(category, one.reporter) == identity}
    for stored in sorted(returns, key=lambda one: (one.moment, one.document.sha256)):
        document = stored.document
        for field in stored.reading.fields if document.sha256 in theirs else ():
            name = field.name
            if isinstance(name, NilField) and name.category == category and _speaks(field):
                place = field.place.page
                label = theirs[document.sha256]
                source = Source(
                    document.sha256, document.file, place, 0, field.method, label, stored.moment.at
                )
                cell = CellPlace(document.sha256, place, category, 0, NIL_BOX)
                yield Box(field.text.strip(), source, field.confidence, stored.read_in, document.active, cell)


def _speaks(field: FieldReading) -> bool:
    return field.undecided or field.text.strip() not in {"", *_EMPTY}
