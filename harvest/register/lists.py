"""The sheets beside the entries: what needs a decision, what is missing, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from harvest.model import (
    Answer,
    CellPlace,
    Change,
    Check,
    Conflict,
    Duplicate,
    Entry,
    Mailing,
    NilReturn,
    Picture,
    Register,
    Status,
)
from harvest.register import mailed
from harvest.register.sheets import (
    ABOUT,
    CHECK,
    CONFLICTS,
    DUPLICATES,
    GAPS,
    HISTORY,
    NIL,
    Cell,
    ColumnView,
    Kind,
    PictureView,
    Role,
    Rows,
    RowView,
    SheetView,
)
from harvest.register.speech import Speech
from harvest.register.text import as_written

_ATTENTION = "#b26a00"
_CALM = "#607d8b"
_ANSWER_TONES = {"answered": "good", "nil": "quiet", "blank": "mild", "not-returned": "warn"}


def sheet(
    speech: Speech,
    key: str,
    columns: Sequence[ColumnView],
    rows: Iterable[RowView],
    *,
    identity: tuple[str, ...],
    colour: str,
    frozen: int = 0,
    printed: int = 0,
    tones: Mapping[str, Mapping[str, str]] | None = None,
) -> SheetView:
    """A sheet under its word, with its friendly sentence for the day when it has no rows."""
    return SheetView(
        key=key,
        title=speech.words(f"register.sheet.{key}"),
        columns=tuple(columns),
        rows=rows,
        identity=identity,
        empty=speech.words(f"register.empty.{key}"),
        colour=colour,
        frozen=frozen,
        printed=printed,
        tones=tones or {},
    )


# ---------------------------------------------------------------- to decide


def pairs(register: Register) -> Iterator[tuple[Entry, Entry | None, Duplicate]]:
    """Every proposed pair once, though both entries name it."""
    by_id = {entry.id: entry for entry in register.entries}
    seen: set[frozenset[str]] = set()
    for entry in register.entries:
        for duplicate in entry.duplicates:
            pair = frozenset((duplicate.entry_id, duplicate.other))
            if pair not in seen:
                seen.add(pair)
                other = duplicate.other if duplicate.other != entry.id else duplicate.entry_id
                yield entry, by_id.get(other), replace(duplicate, entry_id=entry.id, other=other)


def duplicates(register: Register, speech: Speech) -> SheetView:
    """Entries that may be one facility, decided under "Gleich wie"."""
    column = speech.column
    yes_no = (speech.say("yes"), speech.say("no"))

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
        column("same-as", 13, Role.DECISION, choices=yes_no, hint=speech.words("register.hint.same-as-pair")),
    )
    return sheet(speech, DUPLICATES, columns, Rows(rows), identity=("id", "other-id"), colour=_ATTENTION)


def conflicts(register: Register, speech: Speech) -> SheetView:
    """Values that contradict each other, side by side, decided by choosing one."""
    column = speech.column
    choices = (speech.say("keep"), speech.say("take"))
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
        column("decision", 15, Role.DECISION, choices=choices, hint=speech.words("register.hint.decision")),
    )

    def rows() -> Iterator[RowView]:
        for entry in register.entries:
            for conflict in entry.conflicts:
                for cells in _claims(entry, conflict, speech):
                    yield RowView(cells, speech.rank(entry.category))

    return sheet(
        speech,
        CONFLICTS,
        columns,
        Rows(rows),
        identity=("id", "column", "other-value", "other-place"),
        colour=_ATTENTION,
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
        )


def check(register: Register, speech: Speech, pictures: Mapping[CellPlace, Picture]) -> SheetView:
    """Cells that were recovered or are doubtful, with what they looked like where they came from a scan."""
    column = speech.column
    fits = (speech.say("right"),)

    def rows() -> Iterator[RowView]:
        for entry, doubt in sorted(register.checks, key=lambda pair: speech.rank(pair[0].category)):
            yield RowView(
                (
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
                ),
                speech.rank(entry.category),
                _picture(pictures.get(doubt.cell(entry.category)), doubt, speech),
            )

    columns = (
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
    identity = ("id", "column", "place", "cell")
    made = sheet(speech, CHECK, columns, Rows(rows), identity=identity, colour=_ATTENTION, frozen=2)
    return replace(made, pictures="picture")


def _picture(picture: Picture | None, doubt: Check, speech: Speech) -> PictureView | None:
    return None if picture is None else PictureView(picture, speech.pictured(doubt))


# ---------------------------------------------------------------- what there is and is not


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
    return sheet(speech, NIL, columns, Rows(rows), identity=("id",), colour=_CALM, frozen=2)


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
    columns = [speech.column("reporter", 34), *mailed.partner_columns(mailing, speech)]
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
            round_ = mailed.partner_cells(mailing, label, speech)
            marked = (marks[answer.value] for answer in all_given)
            yield RowView((as_written(label), *round_, *counts, *marked), place)

    tones = {marks[key]: tone for key, tone in _ANSWER_TONES.items()}
    return sheet(
        speech,
        GAPS,
        columns,
        Rows(rows),
        identity=("reporter",),
        colour=_CALM,
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
    return sheet(speech, HISTORY, columns, Rows(rows), identity=identity, colour=_CALM)


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
    return sheet(speech, ABOUT, columns, tuple(rows), identity=("fact",), colour=_CALM)
