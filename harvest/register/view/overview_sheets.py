"""The sheets that tell: what there is not, what is missing, what happened, what this file is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from harvest.model import (
    Answer,
    Change,
    Entry,
    Mailing,
    NilReturn,
    Register,
    Status,
)
from harvest.register.cell_text import as_written
from harvest.register.sheet_model import (
    ABOUT,
    GAPS,
    HISTORY,
    NIL,
    Cell,
    ColumnView,
    Kind,
    Rows,
    RowView,
    SheetView,
)
from harvest.register.view import mailing_columns
from harvest.register.view.labels import Speech
from harvest.register.view.list_sheet import CALM, titled

_ANSWER_TONES = {"answered": "good", "nil": "quiet", "blank": "mild", "not-returned": "warn"}


def nil(register: Register, speech: Speech) -> SheetView:
    """Who states that an offer does not exist here."""
    column = speech.column

    def rows() -> Iterator[RowView]:
        for statement in register.nils:
            yield RowView(_nil_cells(statement, speech), speech.rank(statement.category))

    columns = (
        column("id", 11),
        column("category", 40),
        column("section", 20),
        column("reporter", 34),
        column("confirmed", 12, kind=Kind.DATE),
        column("remark", 38),
        column("file", 30),
        column("page", 7, kind=Kind.NUMBER),
        column("original", 10, kind=Kind.LINK),
    )
    return titled(speech, NIL, columns, Rows(rows), identity=("id",), colour=CALM, frozen=2)


def _nil_cells(statement: NilReturn, speech: Speech) -> tuple[Cell, ...]:
    source = max(statement.sources, key=lambda one: (one.at, one.return_id, one.page), default=None)
    return (
        statement.id,
        speech.category(statement.category),
        speech.section(statement.category),
        as_written(statement.reporter),
        speech.day(statement.confirmed),
        speech.say("contradicted") if statement.contradicted else "",
        as_written(source.file) if source else "",
        (source.page or None) if source else None,
        speech.original(source.return_id) if source else None,
    )


def gaps(register: Register, speech: Speech, mailing: Mailing) -> SheetView:
    """Partner by category: answered, nil return, blank, not returned; how far the round is and counts first."""
    marks = {answer.value: speech.known("mark", answer.value) for answer in Answer}
    columns = [speech.column("reporter", 34), *mailing_columns.partner_columns(mailing, speech)]
    columns += [
        ColumnView(
            f"count-{answer.value}", speech.known("answer", answer.value), 6, kind=Kind.NUMBER, upright=True
        )
        for answer in Answer
    ]
    categories = speech.form.categories
    columns += [
        ColumnView(
            f"answer-{category.key}", as_written(category.name), 5, upright=True, hint=speech.say("marks")
        )
        for category in categories
    ]

    def rows() -> Iterator[RowView]:
        labels = sorted({*register.answers, *mailing.partners}, key=lambda label: (label.casefold(), label))
        for place, label in enumerate(labels):
            given = register.answers.get(label, {})
            all_given = [given.get(category.key, Answer.NOT_RETURNED) for category in categories]
            counts: list[Cell] = [all_given.count(answer) for answer in Answer]
            round_ = mailing_columns.partner_cells(mailing, label, speech)
            marked = (marks[answer.value] for answer in all_given)
            yield RowView((as_written(label), *round_, *counts, *marked), place)

    tones = {marks[key]: tone for key, tone in _ANSWER_TONES.items()}
    return titled(
        speech,
        GAPS,
        columns,
        Rows(rows),
        identity=("reporter",),
        colour=CALM,
        frozen=1,
        tones={column.key: tones for column in columns if column.key.startswith("answer-")},
    )


# ---------------------------------------------------------------- what happened


def _told(entry: Entry, naming: str) -> Iterator[Change]:
    """An entry's changes, but one line for what it said first.

    Those values stand in the register, or as the old value of a later change; the facility tells that it came.
    """
    came: set[tuple[datetime, str]] = set()
    for change in sorted(entry.history, key=lambda one: one.column != naming):
        if change.kind == Status.NEW:
            first = (change.at, change.source.return_id if change.source else "")
            if first in came:
                continue
            came.add(first)
        yield change


def history(register: Register, speech: Speech) -> SheetView:
    """Every change of every entry, the newest first; a new entry is one line."""
    column = speech.column
    naming = speech.form.identifying_column.key

    def rows() -> Iterator[RowView]:
        steps = [(change, entry) for entry in register.entries for change in _told(entry, naming)]
        steps.sort(key=lambda step: (step[0].at, step[0].entry_id, step[0].column), reverse=True)
        for change, entry in steps:
            yield RowView(
                (
                    speech.local(change.at),
                    entry.id,
                    speech.facility(entry),
                    speech.category(entry.category),
                    speech.change(change),
                    speech.form_column(change.column) if change.column else "",
                    *_before_and_after(change, speech),
                    speech.who(change.source),
                    speech.place(change.source),
                ),
                -int(change.at.timestamp()),
            )

    columns = (
        column("changed-at", 17, kind=Kind.MOMENT),
        column("id", 11),
        column("facility", 34),
        column("category", 24),
        column("change", 18),
        column("column", 20),
        column("old-value", 36),
        column("new-value", 36),
        column("reporter", 24),
        column("place", 26),
    )
    identity = ("changed-at", "id", "change", "column", "old-value", "new-value", "place")
    return titled(speech, HISTORY, columns, Rows(rows), identity=identity, colour=CALM)


def _before_and_after(change: Change, speech: Speech) -> tuple[Cell, Cell]:
    paired = f"register.paired.{change.new}"
    if change.kind == "decided" and not change.column and paired in speech.words.templates:
        return None, speech.words(paired, other=change.old)
    return as_written(change.old), as_written(change.new)


def about(facts: Sequence[tuple[str, Cell]], speech: Speech) -> SheetView:
    """What this file is, which run wrote it, how much it holds, how to work in it."""
    columns = (speech.column("fact", 34), speech.column("value", 90))
    rows = [
        RowView((speech.words(f"register.about.{key}"), value), place)
        for place, (key, value) in enumerate(facts)
    ]
    titles, texts = speech.words.under("register.help-title"), speech.words.under("register.help")
    rows += [RowView((titles[key], texts[key]), len(facts) + place) for place, key in enumerate(titles)]
    return titled(speech, ABOUT, columns, tuple(rows), identity=("fact",), colour=CALM)
