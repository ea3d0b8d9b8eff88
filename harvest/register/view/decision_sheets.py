"""The sheets on which the office decides: possible duplicates, contradictions, cells to check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from harvest.merge.facilities.similarity import SAME_FACILITY
from harvest.model import CellPlace, Check, Conflict, Duplicate, Entry, Picture, Register
from harvest.register.cell_text import as_written
from harvest.register.sheet_model import (
    CHECK,
    CONFLICTS,
    DUPLICATES,
    Cell,
    ColumnView,
    Kind,
    PictureView,
    Role,
    Rows,
    RowView,
    SheetView,
)
from harvest.register.view.labels import Speech
from harvest.register.view.list_sheet import ATTENTION, titled


def pairs(register: Register) -> Iterator[tuple[Entry, Entry | None, Duplicate]]:
    """Every proposed pair once, though both entries name it; a block's pairs follow each other, its oldest first in each.

    The oldest of several that name one facility is the one beside which all others are proposed.
    """
    by_id = {entry.id: entry for entry in register.entries}
    members = {
        entry.id: sum(duplicate.reason == SAME_FACILITY for duplicate in entry.duplicates)
        for entry in register.entries
    }
    seen: set[frozenset[str]] = set()
    for entry in register.entries:
        for duplicate in entry.duplicates:
            other = duplicate.other if duplicate.other != entry.id else duplicate.entry_id
            pair = frozenset((entry.id, other))
            of_block = duplicate.reason == SAME_FACILITY and members.get(other, 0) > max(1, members[entry.id])
            if pair not in seen and not of_block:
                seen.add(pair)
                yield entry, by_id.get(other), replace(duplicate, entry_id=entry.id, other=other)


def duplicates(register: Register, speech: Speech) -> SheetView:
    """Entries that may be one facility, decided under "Gleich wie"."""
    column = speech.column
    answers = tuple(speech.say(key) for key in ("yes", "no", "all-yes", "all-no"))

    def rows() -> Iterator[RowView]:
        for entry, other, duplicate in pairs(register):
            yield RowView(
                (
                    entry.id,
                    speech.facility(entry),
                    as_written("\n".join(entry.reporters)),
                    duplicate.other,
                    speech.facility(other) if other else "",
                    as_written("\n".join(other.reporters)) if other else "",
                    speech.category(entry.category),
                    round(duplicate.score),
                    speech.reason(duplicate.reason),
                    None,
                ),
                speech.rank(entry.category),
            )

    columns = (
        column("id", 11),
        column("facility", 38),
        column("reporter", 24),
        column("other-id", 11),
        column("other-facility", 38),
        column("other-reporter", 24),
        column("category", 24),
        column("similarity", 11, kind=Kind.NUMBER),
        column("reason", 28),
        column(
            "same-as", 13, Role.DECISION, choices=answers, hint=speech.words("register.hint.same-as-pair")
        ),
    )
    return titled(speech, DUPLICATES, columns, Rows(rows), identity=("id", "other-id"), colour=ATTENTION)


def conflicts(register: Register, speech: Speech) -> SheetView:
    """Values that contradict each other, side by side, decided by choosing one."""
    column = speech.column
    choices = tuple(speech.say(key) for key in ("keep", "take", "both"))
    columns = (
        column("id", 11),
        column("facility", 28),
        column("category", 18),
        column("column", 16),
        column("shown-value", 30),
        column("shown-by", 18),
        column("shown-at", 11, kind=Kind.DATE),
        column("shown-place", 20),
        column("other-value", 30),
        column("other-by", 18),
        column("other-at", 11, kind=Kind.DATE),
        column("other-place", 20),
        replace(
            column(
                "decision", 15, Role.DECISION, choices=choices, hint=speech.words("register.hint.decision")
            ),
            free=False,
        ),
        column("own-text", 34, Role.DECISION, hint=speech.words("register.hint.own-text")),
    )

    def rows() -> Iterator[RowView]:
        for entry in register.entries:
            for conflict in entry.conflicts:
                for cells in _claims(entry, conflict, speech):
                    yield RowView(cells, speech.rank(entry.category))

    return titled(
        speech,
        CONFLICTS,
        columns,
        Rows(rows),
        identity=("id", "column", "other-value", "other-place"),
        colour=ATTENTION,
        frozen=2,
    )


def _claims(entry: Entry, conflict: Conflict, speech: Speech) -> Iterator[tuple[Cell, ...]]:
    shown = conflict.shown
    for other in conflict.others:
        yield (
            entry.id,
            speech.facility(entry),
            speech.category(entry.category),
            speech.form_column(conflict.column),
            as_written(shown.text),
            speech.who(shown.source),
            speech.day(shown.at),
            speech.place(shown.source),
            as_written(other.text),
            speech.who(other.source),
            speech.day(other.at),
            speech.place(other.source),
            None,
            None,
        )


def check(register: Register, speech: Speech, pictures: Mapping[CellPlace, Picture]) -> SheetView:
    """Cells that were recovered or are doubtful, with what they looked like where they came from a scan."""

    def rows() -> Iterator[RowView]:
        for entry, doubt in sorted(register.checks, key=lambda pair: speech.rank(pair[0].category)):
            picture = _picture(pictures.get(doubt.cell(entry.category)), doubt, speech)
            yield RowView(_doubt(entry, doubt, speech), speech.rank(entry.category), picture)

    made = titled(
        speech,
        CHECK,
        _check_columns(speech),
        Rows(rows),
        identity=("id", "column", "place", "cell"),
        colour=ATTENTION,
        frozen=2,
    )
    return replace(made, pictures="picture")


def _check_columns(speech: Speech) -> tuple[ColumnView, ...]:
    column = speech.column
    fits = (speech.say("right"),)
    return (
        column("id", 11),
        column("facility", 30),
        column("category", 20),
        column("column", 18),
        column("value", 38),
        column("picture", 35),
        # beside the picture: who types what it shows has both before them
        column("checked", 12, Role.DECISION, choices=fits, hint=speech.words("register.hint.checked")),
        column("right-value", 34, Role.DECISION, hint=speech.words("register.hint.right-value")),
        column("alternatives", 28),
        column("method", 16),
        column("confidence", 11, kind=Kind.NUMBER),
        column("reporter", 22),
        column("place", 22),
        column("original", 10, kind=Kind.LINK),
        column("cell", 11, hint=speech.words("register.hint.cell")),
    )


def _doubt(entry: Entry, doubt: Check, speech: Speech) -> tuple[Cell, ...]:
    return (
        entry.id,
        speech.facility(entry),
        speech.category(entry.category),
        speech.form_column(doubt.column),
        as_written(doubt.text),
        None,
        None,
        None,
        as_written("\n".join(doubt.alternatives)),
        speech.known("method", "unread") if doubt.unread else speech.method(doubt.method),
        None if doubt.unread else round(doubt.confidence * 100),
        as_written(doubt.source.reporter),
        speech.place(doubt.source),
        speech.original(doubt.source.return_id),
        doubt.unread,
    )


def _picture(picture: Picture | None, doubt: Check, speech: Speech) -> PictureView | None:
    return None if picture is None else PictureView(picture, speech.pictured(doubt))
