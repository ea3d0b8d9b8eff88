"""Register + form + words -> the sheets people work in. Pure: the same register always gives the same sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from harvest import formats
from harvest.model import CellPlace, Entry, Mailing, Picture, Problem, Register, Source
from harvest.register.cell_text import as_written
from harvest.register.sheet_model import (
    ENTRIES,
    SECTION_PREFIX,
    Cell,
    ColumnView,
    Kind,
    RegisterView,
    Role,
    Rows,
    RowView,
    SheetView,
)
from harvest.register.view import (
    chart_sheet,
    decision_sheets,
    derived_columns,
    mailing_columns,
    overview_sheets,
)
from harvest.register.view.labels import Speech
from harvest.register.view.list_sheet import CALM, titled
from spec.form.model import Column, Form, Section
from spec.words import Words

_STATUS_TONES = {
    "new": "good",
    "changed": "mild",
    "emptied": "warn",
    "missing": "warn",
    "hand": "quiet",
}
_NO_MAILS = Mailing()
_NO_PICTURES: Mapping[CellPlace, Picture] = {}


class ReturnOutcome(StrEnum):
    """What became of a return."""

    TAKEN = "taken"  # in the register
    AGAIN = "again"  # the same bytes as one before
    SUPERSEDED = "superseded"  # a newer one rules for all its sheets
    BLANK = "blank"  # says nothing
    SENT = "sent"  # a form as the office sent it, which answers nothing
    FAILED = "failed"  # nothing could be read


@dataclass(frozen=True, slots=True)
class ReturnNote:
    """One file that came back: `return_id` is its hash, `problems` what a person should know.

    `kept`: whether it is among the originals, under its hash and `suffix`.
    """

    return_id: str
    file: str
    at: datetime | None
    reporter: str
    outcome: ReturnOutcome
    problems: tuple[Problem, ...] = ()
    kept: bool = True
    suffix: str = formats.PDF


def suffixes_of(returns: Iterable[ReturnNote]) -> dict[str, str]:
    """The suffixes of originals that are no PDF, by return."""
    return {note.return_id: note.suffix for note in returns if note.suffix != formats.PDF}


@dataclass(frozen=True, slots=True)
class RunNote:
    """The run that writes: its id, when, and by which version of the program."""

    id: str
    at: datetime
    program: str


def build_view(
    register: Register,
    form: Form,
    words: Words,
    *,
    run: RunNote,
    returns: Sequence[ReturnNote] = (),
    zone: tzinfo = UTC,
    mailing: Mailing = _NO_MAILS,
    pictures: Mapping[CellPlace, Picture] = _NO_PICTURES,
) -> RegisterView:
    """The register as sheets.

    Args:
        run: the run that writes.
        returns: every return that is known, in any order.
        zone: the office's; times are shown by its clock.
        mailing: rounds and what was mailed in the newest.
        pictures: of cells that are to be checked.
    """
    speech = Speech(form, words, zone, suffixes_of(returns))
    today = run.at.astimezone(zone).date()
    sheets = (
        *_entry_sheets(register, speech, today, mailing),
        decision_sheets.duplicates(register, speech),
        decision_sheets.conflicts(register, speech),
        decision_sheets.check(register, speech, pictures),
        overview_sheets.nil(register, speech),
        overview_sheets.gaps(register, speech, mailing),
        _returns_sheet(returns, speech),
        overview_sheets.history(register, speech),
        _about_sheet(register, returns, run, speech),
        chart_sheet.sheet(register, _received(returns), today, speech),
    )
    return RegisterView(
        form=form.key,
        run=run.id,
        title=form.title,
        language=form.language,
        made_at=run.at,
        sheets=sheets,
        say=_spoken(run, words, zone),
        joined={alias: entry.id for entry in register.entries for alias in entry.aliases},
    )


def _spoken(run: RunNote, words: Words, zone: tzinfo) -> dict[str, str]:
    """What whoever writes the workbook says of its own."""
    return {
        "long-texts": words("register.sheet.long-texts"),
        "lists": words("register.sheet.lists"),
        "removed": words("register.say.removed"),
        "continued": words.templates["register.say.continued"],
        "page-of": words.templates["register.say.page-of"],
        "printed": words("register.say.printed", day=_day(run.at, words, zone)),
        "mark": words("register.column.mark"),
        "part": words("register.column.part"),
        "value": words("register.column.value"),
        "empty-long-texts": words("register.empty.long-texts"),
        "empty-removed": words("register.empty.removed"),
        "run": words("register.about.run"),
        "set-aside-at": words("register.column.set-aside-at"),
        "sheet": words("register.column.sheet"),
        "id": words("register.column.id"),
        "comment": words("register.say.comment"),
        "column": words("register.column.column"),
    }


def _day(moment: datetime, words: Words, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime(words.templates["date.day"])


# ---------------------------------------------------------------- the entries


def _form_columns(speech: Speech) -> list[ColumnView]:
    total = sum(column.width for column in speech.form.columns)

    def width(column: Column) -> float:
        return min(60.0, max(15.0, round(190 * column.width / total)))

    ordered = sorted(speech.form.columns, key=lambda column: not column.identifies)
    return [
        ColumnView(
            column.key,
            speech.headings[column.key],
            width(column),
            Role.EDITABLE,
            hint=as_written(column.hint),
        )
        for column in ordered
    ]


def _entry_columns(
    speech: Speech, names: tuple[str, ...], mailing: Mailing, *, section: bool
) -> tuple[ColumnView, ...]:
    column = speech.column
    offer = column("category", 24, Role.EDITABLE, choices=names, hint=speech.words("register.hint.category"))
    sections = (column("section", 18),) if section else ()
    return (
        column("id", 11, hint=speech.words("register.hint.id")),
        offer,
        *_form_columns(speech),
        column("status", 15),
        column("open", 14),
        column("same-as", 13, Role.DECISION, hint=speech.words("register.hint.same-as")),
        column("confirmed", 12, kind=Kind.DATE),
        *mailing_columns.round_columns(mailing, speech),
        *sections,
        column("reporter", 26),
        column("reported-at", 12, kind=Kind.DATE),
        column("file", 24),
        column("page", 7, kind=Kind.NUMBER),
        column("row", 7, kind=Kind.NUMBER),
        column("method", 15),
        column("original", 10, kind=Kind.LINK),
        *derived_columns.columns(speech),
    )


def _open(entry: Entry, speech: Speech) -> str:
    """What a person still has to look at, in few words."""
    found = (
        ("conflict", entry.conflicts),
        ("duplicate", entry.duplicates),
        ("check", entry.checks),
    )
    return ", ".join(speech.say(key) for key, things in found if things)


def newest(sources: Sequence[Source]) -> Source | None:
    """The source that an entry's row names; the newest, and among equals always the same one."""
    return max(
        sources, key=lambda source: (source.at, source.return_id, source.page, source.row), default=None
    )


def _entry_cells(
    entry: Entry, speech: Speech, columns: Sequence[str], mailing: Mailing, *, section: bool
) -> tuple[Cell, ...]:
    source = newest(entry.sources)
    values = entry.values
    cells: list[Cell] = [entry.id, speech.category(entry.category)]
    cells += [as_written(values.get(key, "")) for key in columns]
    cells += [speech.known("status", entry.status.value), _open(entry, speech), None]
    confirmed = speech.day(entry.confirmed)
    cells.append(confirmed)
    if mailing.rounds:
        saying = [(one.return_id, one.reporter) for one in entry.sources if one.at == entry.confirmed]
        cells.append(mailing.round_of(confirmed, saying) or None)
    if section:
        cells.append(speech.section(entry.category))
    cells.append(as_written("\n".join(entry.reporters)))
    if source is None:
        return (*cells, None, None, None, None, speech.known("method", "hand"), None)
    cells += [speech.day(source.at), as_written(source.file), source.page or None, source.row or None]
    cells += [speech.method(source.method), speech.original(source.return_id)]
    return tuple(cells)


def _entry_sheet(
    register: Register,
    speech: Speech,
    key: str,
    title: str,
    section: Section | None,
    *,
    read_out: derived_columns.DerivedCells,
    mailing: Mailing,
) -> SheetView:
    categories = section.categories if section else speech.form.categories
    keys = {category.key for category in categories}
    names = tuple(category.name for category in categories)
    columns = _entry_columns(speech, names, mailing, section=section is None)
    asked = tuple(column.key for column in _form_columns(speech))

    def rows() -> Iterator[RowView]:
        for place, entry in enumerate(register.entries):
            if section is None or entry.category in keys:
                cells = _entry_cells(entry, speech, asked, mailing, section=section is None)
                yield RowView((*cells, *read_out.cells(place)), speech.rank(entry.category))

    return SheetView(
        key=key,
        title=title,
        columns=columns,
        rows=Rows(rows),
        identity=("id",),
        empty=speech.words("register.empty.entries"),
        colour=section.colour if section else "#37474f",
        frozen=3,
        printed=len(asked) + 4,
        tones={"status": {speech.known("status", name): tone for name, tone in _STATUS_TONES.items()}},
        steps={derived_columns.AGE: derived_columns.STEPS},
    )


def _entry_sheets(register: Register, speech: Speech, today: date, mailing: Mailing) -> tuple[SheetView, ...]:
    """All entries, then each section's."""
    read_out = derived_columns.DerivedCells(register.entries, speech, today)
    made: list[tuple[str, str, Section | None]] = [
        (ENTRIES, speech.words("register.sheet.entries"), None),
        *((SECTION_PREFIX + section.key, section.title, section) for section in speech.form.sections),
    ]
    return tuple(
        _entry_sheet(register, speech, key, title, section, read_out=read_out, mailing=mailing)
        for key, title, section in made
    )


# ---------------------------------------------------------------- what came back, what this is


def _returns_sheet(returns: Sequence[ReturnNote], speech: Speech) -> SheetView:
    ordered = sorted(returns, key=lambda note: (note.at or datetime.min.replace(tzinfo=UTC), note.return_id))

    def rows() -> Iterator[RowView]:
        for place, note in enumerate(reversed(ordered)):
            yield RowView(_return_cells(note, speech), place)

    tones = {ReturnOutcome.TAKEN: "good", ReturnOutcome.FAILED: "bad", ReturnOutcome.BLANK: "warn"}
    tones |= dict.fromkeys((ReturnOutcome.SUPERSEDED, ReturnOutcome.SENT), "quiet")
    return titled(
        speech,
        "returns",
        (
            speech.column("file", 34),
            speech.column("received-at", 17, kind=Kind.MOMENT),
            speech.column("reporter", 30),
            speech.column("outcome", 22),
            speech.column("problem", 46),
            speech.column("remedy", 46),
            speech.column("original", 10, kind=Kind.LINK),
            speech.column("return", 16, wrap=False),
        ),
        Rows(rows),
        identity=("return",),
        colour=CALM,
        frozen=1,
        printed=6,
        tones={"outcome": {speech.known("outcome", key.value): tone for key, tone in tones.items()}},
    )


def _return_cells(note: ReturnNote, speech: Speech) -> tuple[Cell, ...]:
    told = [speech.problem(problem) for problem in note.problems]
    return (
        as_written(note.file),
        speech.local(note.at),
        as_written(note.reporter),
        speech.known("outcome", note.outcome.value),
        "\n".join(fault for fault, _ in told),
        "\n".join(dict.fromkeys(remedy for _, remedy in told)),
        speech.original(note.return_id) if note.kept else None,
        note.return_id,
    )


def _received(returns: Sequence[ReturnNote]) -> list[datetime]:
    """When each return came; the same bytes once more are no return more."""
    return [note.at for note in returns if note.at is not None and note.outcome is not ReturnOutcome.AGAIN]


def _about_sheet(
    register: Register, returns: Sequence[ReturnNote], run: RunNote, speech: Speech
) -> SheetView:
    facts: tuple[tuple[str, Cell], ...] = (
        ("form", as_written(speech.form.title)),
        ("run", run.id),
        ("made-at", f"{speech.local(run.at):{speech.words.templates['date.minute']}}"),
        ("program", run.program),
        ("entries", len(register.entries)),
        ("nils", len(register.nils)),
        ("returns", len(returns)),
        ("reporters", register.answering),
        ("duplicates", sum(1 for _ in decision_sheets.pairs(register))),
        ("conflicts", sum(len(entry.conflicts) for entry in register.entries)),
        ("checks", sum(1 for _ in register.checks)),
    )
    return overview_sheets.about(facts, speech)
