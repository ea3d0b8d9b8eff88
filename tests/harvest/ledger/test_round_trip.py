"""Whatever is stored is loaded the same: any text, any number, any order."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.ledger import HandEvents, Ledger
from harvest.model import (
    Decision,
    DecisionKind,
    Document,
    FieldReading,
    HandDeletion,
    HandEdit,
    HandRow,
    Method,
    PageFound,
    Place,
    Problem,
    Provenance,
    Reading,
    Severity,
)
from spec.geometry import Box
from spec.names import CoverField, EntryField, IdField, NilField, RowField
from tests.harvest.ledger.build import EDITION, VERSION, day

MODEST = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
# Any text at all: NUL, lone surrogates, control characters.
TEXT = st.one_of(
    st.text(st.characters(codec=None), max_size=20),
    st.sampled_from(("", "\x00", "\ud83d", "a\ud83d\ude00b", "=1+1")),
)
TIMES = st.datetimes(timezones=st.just(UTC))
NAMES = st.sampled_from(
    (
        RowField(EDITION, "wohnen", 2, "datum"),
        NilField(EDITION, "wohnen"),
        IdField(EDITION, "wohnen", 1),
        CoverField(EDITION, "organisation"),
        CoverField(EDITION, "wishes", "feedback"),
        EntryField(EDITION, "wohnen", 12),
    )
)
NUMBERS = st.floats(-1e6, 1e6)
BOXES = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h), NUMBERS, NUMBERS, st.floats(1, 1e3), st.floats(1, 1e3)
)
FIELDS = st.builds(
    FieldReading,
    NAMES,
    TEXT,
    st.sampled_from(Method),
    st.builds(Place, st.integers(0, 999), st.none() | BOXES),
    st.floats(0, 1),
)
PROBLEMS = st.builds(
    Problem,
    st.sampled_from(("a", "b")),
    st.sampled_from(Severity),
    TEXT,
    st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple),
)
PAGES = st.builds(
    PageFound,
    st.integers(1, 99),
    st.just(EDITION),
    st.none() | st.just("abc"),
    st.just("wohnen"),
    st.integers(1, 9),
)
READINGS = st.builds(
    Reading,
    st.integers(0, 500),
    st.lists(PAGES, max_size=3).map(tuple),
    st.lists(FIELDS, max_size=5).map(tuple),
    st.lists(PROBLEMS, max_size=2).map(tuple),
    st.none() | TIMES,
    TEXT,
)
WAYS = st.builds(Provenance, TEXT, TEXT, st.none() | TIMES, st.none() | TIMES, TEXT, TEXT)
IDS = st.sampled_from(("kq3m7x0fd", "hq3m7x0fd"))
EDITS = st.builds(HandEdit, IDS, st.just("datum"), TEXT, TEXT, TIMES)
ROWS = st.builds(
    HandRow, IDS, st.just("wohnen"), st.dictionaries(st.sampled_from(("datum", "x")), TEXT), TIMES
)
DELETIONS = st.builds(HandDeletion, IDS, TIMES)
DECISIONS = st.builds(Decision, st.sampled_from(DecisionKind), IDS, TIMES, IDS, st.just("datum"), TEXT)


@MODEST
@given(READINGS, WAYS)
def test_a_reading_comes_back_as_it_was(reading: Reading, way: Provenance) -> None:
    with Ledger(None, VERSION) as ledger:
        with ledger.run("harvest", day(1)) as run:
            run.add_document(Document.of(b"x", way), reading)
        (stored,) = ledger.active_submissions_input()

    assert stored.reading == reading
    assert stored.document.sightings == (way,)


@MODEST
@given(
    st.lists(EDITS, max_size=4),
    st.lists(ROWS, max_size=3),
    st.lists(DELETIONS, max_size=2),
    st.lists(DECISIONS, max_size=3),
)
def test_hand_events_come_back_as_they_were(
    edits: list[HandEdit], rows: list[HandRow], deletions: list[HandDeletion], decisions: list[Decision]
) -> None:
    with Ledger(None, VERSION) as ledger:
        with ledger.run("harvest", day(1)) as run:
            run.add_edits(edits)
            run.add_hand_rows(rows)
            run.add_deletions(deletions)
            run.add_decisions(decisions)
        loaded = ledger.hand_events()

    assert loaded == HandEvents(tuple(edits), tuple(rows), tuple(deletions), tuple(decisions))


DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from((b"a", b"b", b"c")), st.sampled_from(("1.pdf", "2.pdf", "3.pdf")), st.integers(1, 9)
    ),
    min_size=1,
    max_size=8,
)


@MODEST
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_neither_order_nor_number_of_runs_changes_what_the_merge_is_given(
    arrivals: list[tuple[bytes, str, int]], chance: random.Random
) -> None:
    shuffled = [*arrivals, *chance.choices(arrivals, k=2)]
    chance.shuffle(shuffled)

    assert given_to_merge([arrivals]) == given_to_merge([[one] for one in shuffled])


def given_to_merge(runs: list[list[tuple[bytes, str, int]]]) -> list[object]:
    """What a ledger hands on after these runs, but for the numbers of the runs."""
    with Ledger(None, VERSION) as ledger:
        for arrivals in runs:
            with ledger.run("harvest", datetime(2026, 1, 1, tzinfo=UTC)) as run:
                for data, path, file in arrivals:
                    read = Reading(
                        1,
                        (),
                        (FieldReading(NilField(EDITION, "wohnen"), data.decode(), Method.WIDGET, Place(1)),),
                    )
                    run.add_document(Document.of(data, Provenance(path, path, day(file))), read)
        stored = ledger.active_submissions_input()
    return [
        (one.reading, one.moment, one.document.sha256, one.document.file, one.document.sightings)
        for one in stored
    ]


EVENTS = st.tuples(
    st.lists(EDITS, max_size=2),
    st.lists(ROWS, max_size=1),
    st.lists(DELETIONS, max_size=1),
    st.lists(DECISIONS, max_size=2),
)


@MODEST
@given(st.lists(EVENTS, min_size=1, max_size=4), st.sets(st.integers(0, 3)), st.sets(st.integers(0, 3)))
def test_an_undone_run_counts_as_one_that_never_was(
    story: list[Any], undone: set[int], redone: set[int]
) -> None:
    """What is handed to the merge is the same as from a ledger that never had that run."""
    gone = {number for number in undone if number < len(story)}
    back = gone & redone
    kept = [run if number not in gone - back else None for number, run in enumerate(story)]

    assert handed_on(list(story), gone, back) == handed_on(kept, set(), set())


def handed_on(story: list[Any], undone: set[int], redone: set[int]) -> tuple[object, ...]:
    with Ledger(None, VERSION) as ledger:
        numbers = [_record(ledger, place, events) for place, events in enumerate(story)]
        for place in sorted(undone):
            ledger.undo(numbers[place], day(2))
        for place in sorted(redone):
            ledger.redo(numbers[place], day(3))
        stored = [(one.reading, one.moment, one.document.sha256) for one in ledger.active_submissions_input()]
        return stored, ledger.hand_events()


def _record(ledger: Ledger, place: int, events: Any) -> int:
    with ledger.run("harvest", day(1)) as run:
        if events is not None:
            edits, rows, deletions, decisions = events
            run.add_document(
                Document.of(b"%d" % place, Provenance("a", "a", day(place + 1))), Reading(place, (), ())
            )
            run.add_edits(edits, base=1)
            run.add_hand_rows(rows, base=1)
            run.add_deletions(deletions, base=1)
            run.add_decisions(decisions, base=1)
    return run.id
