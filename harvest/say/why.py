"""Prints why an entry says what it says."""

from __future__ import annotations

from collections.abc import Iterator

from harvest.history.why import ColumnHistory, EntryHistory, Statement
from harvest.ledger import Recorded
from harvest.model import Change, Decision, HandDeletion, HandEdit, HandRow
from harvest.say.changes import called, decision, flat
from harvest.say.printing import print_lines
from spec.console.cli import print_json
from spec.console.screen import on_screen
from spec.errors import EXIT_DONE
from spec.words import Words


def because(result: EntryHistory, words: Words, *, as_json: bool) -> int:
    """Print every value of an entry and where it comes from."""
    if as_json:
        print_json(result.as_json())
        return EXIT_DONE
    print_lines(_lines(result, on_screen(words)))
    return EXIT_DONE


def _lines(result: EntryHistory, words: Words) -> Iterator[str]:
    entry = result.entry
    status = words(f"register.status.{entry.status.value}")
    called_so = called(entry.id, result.names)
    yield words("say.why.entry", entry=called_so, category=result.category, status=status)
    if result.stands != "shown":
        yield words(f"say.why.{result.stands}")
    if entry.aliases:
        yield words("say.why.aliases", ids=", ".join(entry.aliases))
    for told in result.told:
        yield ""
        yield from _told_lines(told, words)
    if result.events:
        yield ""
        yield words("say.why.events")
        yield from (f"  {_event(one, result, words)}" for one in result.events)
    happened = [change for change in result.history if not change.column and change.source]
    if happened:
        yield ""
        yield words("say.why.history")
        yield from (f"  {_change(change, words)}" for change in happened)


def _told_lines(told: ColumnHistory, words: Words) -> Iterator[str]:
    yield f"{told.heading}: {flat(told.text) or '–'}"
    yield f"  {words(f'say.why.rule.{told.rule}')}"
    for text in told.against:
        yield f"  {words('say.why.against', text=flat(text))}"
    for said in told.said:
        yield f"  {_said(said, words)}"


def _said(said: Statement, words: Words) -> str:
    source = said.source
    # a box for "nothing here" stands in no row
    row = {"row": source.row} if source.row else {}
    line = words(
        "say.why.said" if row else "say.why.said-page",
        **row,
        at=source.at.astimezone().strftime(words("date.minute")),
        text=flat(said.text) or "–",
        reporter=source.reporter,
        file=source.file,
        page=source.page,
        method=words(f"register.method.{said.method}"),
        run=said.run,
    )
    notes = [] if said.chosen else [words(f"say.why.{'gave-way' if said.gave_way else 'alternative'}")]
    notes += [words("say.why.pictured")] if said.pictured else []
    notes += [] if said.active else [words("say.runs.undone")]
    return " ".join((line, *notes))


def _event(recorded: Recorded, result: EntryHistory, words: Words) -> str:
    event = recorded.event
    if isinstance(event, HandEdit):
        column = result.headings.get(event.column, event.column)
        said = words("say.why.edited", column=column, old=flat(event.old) or "–", new=flat(event.new) or "–")
    elif isinstance(event, HandRow):
        said = words("say.why.added", values="; ".join(flat(text) for text in event.values.values()))
    elif isinstance(event, HandDeletion):
        said = words("say.why.removed")
    else:
        assert isinstance(event, Decision)
        said = decision(event, words, result.headings, result.names)
    at = event.at.astimezone().strftime(words("date.minute"))
    line = words("say.why.event", at=at, what=said, run=recorded.run)
    return line if recorded.active else f"{line} {words('say.runs.undone')}"


def _change(change: Change, words: Words) -> str:
    at = change.at.astimezone().strftime(words("date.minute"))
    kind = words.under("register.change").get(change.kind) or words.under("register.status").get(
        change.kind, change.kind
    )
    source = change.source
    assert source is not None
    place = words("register.say.place", file=source.file, page=source.page, row=source.row)
    return f"{at} {kind}: {place}"
