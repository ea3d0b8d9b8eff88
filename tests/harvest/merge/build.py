"""Short ways to write down returns, so that a test shows what it is about and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from harvest.merge import Layout, merge
from harvest.model import (
    Decision,
    DecisionKind,
    Entry,
    HandDeletion,
    HandEdit,
    HandRow,
    Method,
    Moment,
    Register,
    Reporter,
    ReporterKind,
    Row,
    Sheet,
    Submission,
    TimeSource,
    Value,
)

COLUMNS = ("facility", "experience", "contact", "agreement", "date")
LAYOUT = Layout(("kontaktstelle", "tagesstaette", "wohnen"), COLUMNS, ("facility",))
FIRST = "kontaktstelle"

Cells: TypeAlias = str | Sequence[str | Value] | Mapping[str, str | Value]


def day(number: int) -> datetime:
    """A day of the story; 1 is the first."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number - 1)


def row(number: int, cells: Cells, entry_id: str | None = None) -> Row:
    """A row: the facility alone, the first columns in order, or columns by name."""
    texts = [cells] if isinstance(cells, str) else cells
    named = texts if isinstance(texts, Mapping) else dict(zip(COLUMNS, texts, strict=False))
    values = {key: Value(cell, page=2) if isinstance(cell, str) else cell for key, cell in named.items()}
    return Row(number, values, entry_id)


def sheet(*rows: Cells | Row, category: str = FIRST, nil: bool = False, complete: bool = True) -> Sheet:
    """A sheet with these rows, numbered from 1."""
    built = [one if isinstance(one, Row) else row(number, one) for number, one in enumerate(rows, start=1)]
    return Sheet(category, tuple(built), nil, 2, complete)


def sent(
    reporter: str, on: int, *sheets: Sheet, name: str = "", edition: str = "f7q4k93xb", label: str = ""
) -> Submission:
    """What `reporter` sent on a day; `name` tells two returns of one day apart."""
    identity = name or f"{reporter}-{on}"
    return Submission(
        return_id=identity,
        edition=edition,
        reporter=Reporter(ReporterKind.TOKEN, reporter, label or reporter),
        moment=Moment(day(on), TimeSource.MOD_DATE),
        file=f"{identity}.pdf",
        sheets=sheets,
    )


def read_as(text: str, method: Method, confidence: float = 1.0, *others: str) -> Value:
    """A cell that was not simply typed into its field."""
    return Value(text, method, confidence, 2, tuple(Value(other) for other in others))


def registered(*events: Submission | HandEdit | HandRow | HandDeletion | Decision) -> Register:
    """The register of these events, whatever their kind and order."""
    return merge(
        [event for event in events if isinstance(event, Submission)],
        LAYOUT,
        edits=[event for event in events if isinstance(event, HandEdit)],
        hand_rows=[event for event in events if isinstance(event, HandRow)],
        deletions=[event for event in events if isinstance(event, HandDeletion)],
        decisions=[event for event in events if isinstance(event, Decision)],
    )


def only(register: Register) -> Entry:
    """The one entry of the register."""
    assert len(register.entries) == 1, [dict(entry.values) for entry in register.entries]
    return register.entries[0]


def facilities(register: Register) -> list[str]:
    return [entry.values.get("facility", "") for entry in register.entries]


def same(one: Entry | str, two: Entry | str, on: int) -> Decision:
    return Decision(DecisionKind.SAME, _id(one), day(on), other=_id(two))


def different(one: Entry | str, two: Entry | str, on: int) -> Decision:
    return Decision(DecisionKind.DIFFERENT, _id(one), day(on), other=_id(two))


def choose(entry: Entry | str, column: str, value: str, on: int) -> Decision:
    return Decision(DecisionKind.CHOOSE, _id(entry), day(on), column=column, value=value)


def checked(entry: Entry | str, column: str, value: str, on: int) -> Decision:
    return Decision(DecisionKind.CHECKED, _id(entry), day(on), column=column, value=value)


def edited(entry: Entry | str, column: str, old: str, new: str, on: int) -> HandEdit:
    return HandEdit(_id(entry), column, old, new, day(on))


def deleted(entry: Entry | str, on: int) -> HandDeletion:
    return HandDeletion(_id(entry), day(on))


def _id(entry: Entry | str) -> str:
    return entry if isinstance(entry, str) else entry.id
