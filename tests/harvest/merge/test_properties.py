"""The register is a function of the sets of returns, hand edits and decisions; and nothing is lost."""

from __future__ import annotations

import json
import random
from typing import Any, TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.edits import HandChanges, WrittenState, compare
from harvest.merge import cell_id, entry_id, is_entry_id, typed_over
from harvest.merge.facilities.equality import loose, plain
from harvest.model import (
    CellPlace,
    Decision,
    DecisionKind,
    Entry,
    HandDeletion,
    HandEdit,
    HandRow,
    Method,
    OnDisk,
    Register,
    Row,
    Sheet,
    SheetRow,
    Submission,
    Unread,
    Value,
)
from tests.harvest.merge.build import COLUMNS, FIRST, LAYOUT, day, registered, sent

Event: TypeAlias = Submission | HandEdit | HandRow | HandDeletion | Decision

# Few and alike, so that matches, ties, renamings and doubles are frequent.
FACILITIES = (
    "", "Caritas", "caritas", "Caritas Aachen", "Die Brücke e.V., Hauptstr. 12, 52062 Aachen",
    "Die Bruecke, Hauptstraße 12, 52062 Aachen", "Haus Nord", "Haus Süd", "Wohngruppe 1", "Wohngruppe 2", "Şefkat e.V.",
)  # fmt: skip
TEXTS = ("", "a", "b", "A", "a ", "0241 12345")
READERS = st.sampled_from((Method.WIDGET, Method.WIDGET, Method.FLATTENED, Method.ANNOTATION))
MODEST = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def values(texts: tuple[str, ...]) -> st.SearchStrategy[Value]:
    plain_value = st.builds(Value, st.sampled_from(texts), READERS, st.sampled_from((1.0, 0.5)), st.just(2))
    others = st.lists(st.sampled_from(TEXTS[1:]).map(Value), max_size=1).map(tuple)
    return st.one_of(plain_value, plain_value, st.builds(_with, plain_value, others))


def _with(value: Value, others: tuple[Value, ...]) -> Value:
    return Value(value.text, value.method, value.confidence, value.page, others)


IDS = [entry_id("known", str(number)) for number in range(3)]
ROWS = st.builds(
    lambda number, facility, rest, identity, inked: _row(
        number, {"facility": facility, **rest}, identity, inked
    ),
    st.integers(1, 3),
    values(FACILITIES),
    st.dictionaries(st.sampled_from(COLUMNS[1:3]), values(TEXTS), max_size=2),
    st.sampled_from([None, None, None, *IDS]),
    st.one_of(st.just(frozenset[str]()), st.frozensets(st.sampled_from(COLUMNS[:4]))),
)


def _row(number: int, said: dict[str, Value], identity: str | None, inked: frozenset[str]) -> Row:
    """A row with some cells that no program could read."""
    read = {column: value for column, value in said.items() if column not in inked}
    return Row(number, read, identity, tuple(Unread(column, 2) for column in sorted(inked)))


SHEETS = st.builds(
    lambda rows, nil, category, complete: Sheet(category, tuple(rows), nil, 2, complete),
    st.lists(ROWS, max_size=3),
    st.sampled_from((False, False, True)),
    st.sampled_from((FIRST, FIRST, "wohnen")),
    st.sampled_from((True, True, False)),
)


@st.composite
def submissions(draw: Any) -> list[Submission]:
    made = []
    for number in range(draw(st.integers(1, 5))):
        reporter, on = draw(st.sampled_from("abc")), draw(st.integers(1, 4))
        sheets = draw(st.lists(SHEETS, min_size=1, max_size=2, unique_by=lambda sheet: sheet.category))
        made.append(sent(reporter, on, *sheets, name=f"{reporter}{on}-{number}"))
    return made


def inked_cells(events: list[Event]) -> set[CellPlace]:
    """The cells of returns that no program could read."""
    return {
        CellPlace(event.return_id, 2, sheet.category, row.number, cell.column)
        for event in events
        if isinstance(event, Submission)
        for sheet in event.sheets
        for row in sheet.rows
        for cell in row.unread
    }


def typed(cells: list[CellPlace]) -> st.SearchStrategy[Decision]:
    """What a person types for one of them; sometimes nothing."""
    return st.builds(
        lambda cell, text, on: Decision(
            DecisionKind.TYPED, cell_id(cell), on, cell.return_id, cell.column, text
        ),
        st.sampled_from(cells),
        st.sampled_from(("", "Haus Nord", "Caritas", "a", "0241 12345")),
        st.integers(1, 6).map(day),
    )


@st.composite
def stories(draw: Any) -> list[Event]:
    """Returns, then what people do about the entries that follow from them."""
    events: list[Event] = [*draw(submissions())]
    ids = sorted(
        {identity for entry in registered(*events).entries for identity in (entry.id, *entry.aliases)}
    )
    on, texts = st.integers(1, 6).map(day), st.sampled_from(TEXTS)
    added = st.builds(
        HandRow,
        st.sampled_from(IDS),
        st.just(FIRST),
        st.fixed_dictionaries({"facility": st.sampled_from(FACILITIES)}),
        on,
    )
    events += draw(st.lists(added, max_size=2))
    some = st.sampled_from([*ids, *IDS])
    column = st.sampled_from(COLUMNS[:3])
    edit = st.builds(HandEdit, some, column, texts, texts, on)
    pair = st.builds(Decision, st.sampled_from((DecisionKind.SAME, DecisionKind.DIFFERENT)), some, on, some)
    settle = st.builds(
        lambda kind, one, at, key, text: Decision(kind, one, at, column=key, value=text),
        st.sampled_from((DecisionKind.CHOOSE, DecisionKind.CHECKED)), some, on, column, texts,
    )  # fmt: skip
    events += draw(st.lists(st.one_of(edit, pair, settle), max_size=5))
    if inked := sorted(inked_cells(events)):
        events += draw(st.lists(typed(inked), max_size=6))
    events += draw(st.lists(st.builds(HandDeletion, some, on), max_size=1))
    return events


@MODEST
@given(stories(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(story: list[Event], chance: random.Random) -> None:
    again = [*story, *chance.choices(story, k=3)]
    chance.shuffle(again)

    assert registered(*again) == registered(*story)


@MODEST
@given(stories())
def test_no_word_of_a_return_is_lost(story: list[Event]) -> None:
    """Every text that ever stood in a return stands in an entry, its history or its checks; but for entries deleted by hand."""
    kept = [event for event in story if not isinstance(event, HandDeletion)]

    known = words_of(registered(*kept))

    decisions = [event for event in kept if isinstance(event, Decision)]
    for submission in typed_over([one for one in kept if isinstance(one, Submission)], decisions):
        for sheet in submission.sheets:
            for row in sheet.rows:
                for column, value in row.values.items():
                    for one in (value, *value.alternatives):
                        assert not one.text.strip() or (sheet.category, column, plain(one.text)) in known


def words_of(register: Register) -> set[tuple[str, str, str]]:
    words = set()
    for entry in register.entries:
        shown = list(entry.values.items())
        told = [(change.column, text) for change in entry.history for text in (change.old, change.new)]
        words |= {(entry.category, column, plain(text)) for column, text in [*shown, *told]}
    return words


@MODEST
@given(stories())
def test_every_row_ever_returned_is_a_source_of_one_entry(story: list[Event]) -> None:
    kept = [event for event in story if not isinstance(event, HandDeletion)]
    register = registered(*kept)
    decisions = [event for event in kept if isinstance(event, Decision)]

    told = {
        (source.return_id, entry.category, source.row)
        for entry in register.entries
        for source in entry.sources
    }

    assert told == {
        (submission.return_id, sheet.category, row.number)
        for submission in typed_over([one for one in kept if isinstance(one, Submission)], decisions)
        for sheet in submission.sheets
        for row in sheet.rows
        if any(one.text.strip() for value in row.values.values() for one in (value, *value.alternatives))
    }


@MODEST
@given(submissions(), st.data())
def test_whatever_is_typed_no_id_is_lost_and_no_cell_waits_that_was_answered(
    returns: list[Submission], data: st.DataObject
) -> None:
    """Typed in any order, some now and others later: who wrote down an entry's id still finds the entry by it."""
    inked = sorted(inked_cells([*returns]))
    answers = data.draw(st.lists(typed(inked), max_size=6)) if inked else []
    before = registered(*returns)
    answered = {one.entry_id for one in answers}

    after = registered(*returns, *answers)

    known = {identity for entry in after.entries for identity in (entry.id, *entry.aliases)}
    assert {
        entry.id for entry in before.entries if all(not row.unread for row in rows_of(entry, returns))
    } <= known
    assert answered.isdisjoint(check.unread for _, check in after.checks)


def rows_of(entry: Entry, returns: list[Submission]) -> list[Row]:
    places = {(source.return_id, source.row) for source in entry.sources}
    return [
        row
        for one in returns
        for sheet in one.sheets
        if sheet.category == entry.category
        for row in sheet.rows
        if (one.return_id, row.number) in places
    ]


@MODEST
@given(stories())
def test_ids_are_unique_checksummed_and_lead_to_one_entry(story: list[Event]) -> None:
    register = registered(*story)

    ids = [identity for entry in register.entries for identity in (entry.id, *entry.aliases)]
    assert len(ids) == len(set(ids))
    assert all(is_entry_id(identity) for identity in ids)
    assert not set(register.deleted) & set(ids)


@MODEST
@given(submissions())
def test_every_return_keeps_the_ids_that_were_handed_out_before(returns: list[Submission]) -> None:
    """Whatever id an entry had at any time: it leads to an entry still when further returns have come, older ones too."""
    handed_out = {
        entry.id for number in range(1, len(returns)) for entry in registered(*returns[:number]).entries
    }
    register = registered(*returns)
    later = {identity for entry in register.entries for identity in (entry.id, *entry.aliases)}

    assert handed_out <= later


@MODEST
@given(stories())
def test_equal_entries_are_proposed_to_each_other_and_only_within_a_category(story: list[Event]) -> None:
    register = registered(*story)
    by_id = {entry.id: entry for entry in register.entries}

    for entry in register.entries:
        for proposed in entry.duplicates:
            other = by_id[proposed.other]
            assert other.category == entry.category
            assert entry.id in {back.other for back in other.duplicates}
            assert 0 < proposed.score <= 100


@MODEST
@given(stories())
def test_what_a_hand_wrote_last_is_shown(story: list[Event]) -> None:
    register = registered(*story)

    for entry in register.entries:
        for column in entry.hand:
            assert column in entry.values
        for conflict in entry.conflicts:
            assert conflict.shown.text == entry.values[conflict.column]
            assert all(loose(claim.text) != loose(conflict.shown.text) for claim in conflict.others)


@MODEST
@given(stories(), st.randoms(use_true_random=False))
def test_a_register_that_nobody_touched_says_nothing(story: list[Event], chance: random.Random) -> None:
    """Written, sorted by somebody, read back: no edit, no row, no deletion; so a second run changes nothing."""
    register = registered(*story)
    rows = [
        SheetRow(
            "entries",
            number,
            entry.id,
            entry.category,
            "",
            {key: entry.values.get(key, "") for key in COLUMNS},
        )
        for number, entry in enumerate(register.entries, start=5)
    ]
    chance.shuffle(rows)
    written = WrittenState.from_json(json.loads(json.dumps(WrittenState.of(3, register).as_json())))

    assert compare(written, OnDisk("0" * 64, "form", "3", tuple(rows)), LAYOUT, day(9)) == HandChanges()


@MODEST
@given(stories(), st.data())
def test_what_somebody_types_into_a_cell_stands_in_the_next_register(
    story: list[Event], data: st.DataObject
) -> None:
    register = registered(*story)
    if not register.entries:
        return
    entry = data.draw(st.sampled_from(register.entries))
    column, text = data.draw(st.sampled_from(COLUMNS)), data.draw(st.sampled_from(("Neu", "=1+1", "52062")))
    rows = tuple(
        SheetRow(
            "entries",
            5,
            one.id,
            one.category,
            "",
            {**one.values, column: text} if one is entry else one.values,
        )
        for one in register.entries
    )

    found = compare(WrittenState.of(3, register), OnDisk("0" * 64, "form", "3", rows), LAYOUT, day(9))
    after = registered(*story, *found.edits)

    again = next(one for one in after.entries if entry.id in {one.id, *one.aliases})
    assert again.values[column] == text
    assert len(after.entries) == len(register.entries)
