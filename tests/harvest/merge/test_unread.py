"""Cells that no program could read: what a person types for them is what the return says there."""

from __future__ import annotations

from dataclasses import replace

from harvest.merge import cell_id, entry_id
from harvest.model import (
    Answer,
    CellPlace,
    Decision,
    DecisionKind,
    Method,
    Row,
    Status,
    Submission,
    Unread,
    Value,
)
from tests.harvest.merge.build import (
    COLUMNS,
    FIRST,
    checked,
    choose,
    day,
    deleted,
    edited,
    facilities,
    only,
    read_as,
    registered,
    row,
    same,
    sent,
    sheet,
)

PAGE = 2


def by_hand(number: int, *columns: str, **read: str) -> Row:
    """A row with these cells written by hand, and others that OCR could read."""
    values = {column: read_as(text, Method.OCR, 0.9) for column, text in read.items()}
    return Row(number, values, unread=tuple(Unread(column, PAGE) for column in columns or COLUMNS))


def typed(said: Submission, number: int, column: str, text: str, on: int = 5) -> Decision:
    cell = cell_id(CellPlace(said.return_id, PAGE, FIRST, number, column))
    return Decision(DecisionKind.TYPED, cell, day(on), other=said.return_id, column=column, value=text)


PAPER = sent("a", 1, sheet(by_hand(1)))
NORD = (typed(PAPER, 1, "facility", "Haus Nord"), typed(PAPER, 1, "contact", "Frau A"))


def test_a_row_of_which_nothing_was_read_waits_cell_by_cell() -> None:
    register = registered(PAPER)

    assert register.entries == ()
    (row_to_be,) = register.unread
    assert [(check.column, check.text, check.confidence) for check in row_to_be.checks] == [
        (column, "", 0.0) for column in COLUMNS
    ]
    assert {(check.source.return_id, check.source.page, check.source.row) for check in row_to_be.checks} == {
        ("a-1", PAGE, 1)
    }
    assert len({check.unread for check in row_to_be.checks}) == 5


def test_who_wrote_by_hand_has_answered() -> None:
    assert registered(PAPER).answers["a"][FIRST] is Answer.ANSWERED


def test_what_is_typed_is_what_the_return_says() -> None:
    entry = only(registered(PAPER, *NORD))

    assert dict(entry.values) == {"facility": "Haus Nord", "contact": "Frau A"}
    assert (entry.status, entry.hand, entry.reporters) == (Status.NEW, (), ("a",))
    (source,) = entry.sources
    assert (source.return_id, source.page, source.row, source.method) == ("a-1", PAGE, 1, Method.HAND)


def test_the_row_has_its_id_before_anybody_has_read_it_and_keeps_it_while_it_is_typed() -> None:
    (row_to_be,) = registered(PAPER).unread
    steps = [typed(PAPER, 1, column, f"Wort {column}", on) for on, column in enumerate(reversed(COLUMNS), 5)]

    for count in range(1, len(steps) + 1):
        entry = only(registered(PAPER, *steps[:count]))
        assert entry.id == row_to_be.id
        assert [check.column for check in entry.checks] == list(COLUMNS[: len(COLUMNS) - count])

    assert registered(PAPER, *steps).unread == ()


def test_a_row_that_was_read_in_part_shows_its_unread_cells_among_its_checks() -> None:
    said = sent("a", 1, sheet(by_hand(1, "facility", "date", contact="Frau A")))
    entry = only(registered(said))

    assert [(check.column, bool(check.unread)) for check in entry.checks] == [
        ("facility", True),
        ("contact", False),
        ("date", True),
    ]
    named = only(registered(said, typed(said, 1, "facility", "Haus Nord")))
    assert (named.id, named.values["facility"], named.values["contact"]) == (entry.id, "Haus Nord", "Frau A")


def test_nothing_typed_and_looked_at_means_there_is_nothing_to_read() -> None:
    closed = [typed(PAPER, 1, column, "") for column in COLUMNS]

    register = registered(PAPER, *closed)

    assert (register.entries, register.unread) == ((), ())
    assert register.answers["a"][FIRST] is Answer.BLANK


def test_the_newest_word_on_a_cell_counts() -> None:
    first, second = typed(PAPER, 1, "facility", "Haus Nrod", 5), typed(PAPER, 1, "facility", "Haus Nord", 6)

    assert facilities(registered(PAPER, second, first)) == ["Haus Nord"]


def test_what_a_person_typed_counts_also_where_a_later_version_reads_the_cell() -> None:
    read_now = sent("a", 1, sheet(Row(1, {"facility": Value("Haws Nord", Method.OCR, 0.6, PAGE)})))

    entry = only(registered(read_now, typed(read_now, 1, "facility", "Haus Nord")))

    assert (entry.values["facility"], entry.checks, entry.conflicts) == ("Haus Nord", (), ())
    assert entry.id == registered(PAPER).unread[0].id


def test_a_row_typed_twice_from_two_scans_of_one_paper_is_one_entry() -> None:
    again = sent("a", 2, sheet(by_hand(1)))
    twice = [typed(paper, 1, column, f"Wort {column}") for paper in (PAPER, again) for column in COLUMNS]

    assert facilities(registered(PAPER, again, *twice)) == ["Wort facility"]


def test_the_row_in_its_place_of_a_newer_return_answers_for_it() -> None:
    newer = sent("a", 2, sheet("Haus Nord"))
    register = registered(PAPER, newer)
    assert (facilities(register), register.unread) == (["Haus Nord"], ())

    elsewhere = sent("a", 2, sheet(row(2, "Haus Nord")))
    assert len(registered(PAPER, elsewhere).unread) == 1

    somebody_else = sent("b", 2, sheet("Haus Nord"))
    assert len(registered(PAPER, somebody_else).unread) == 1


def test_a_typed_row_is_followed_by_newer_returns_as_any_other() -> None:
    newer = sent("a", 9, sheet(["Haus Nord", "", "Frau B"]))

    entry = only(registered(PAPER, newer, *NORD))

    assert (entry.values["contact"], entry.status) == ("Frau B", Status.CHANGED)
    assert {check.column for check in entry.checks} == {
        "agreement",
        "date",
    }  # what the newer one does not say


def test_a_known_facility_keeps_its_id_when_it_is_typed_from_a_newer_paper() -> None:
    before = sent("a", 1, sheet("Haus Nord"), name="alt")
    paper = sent("a", 2, sheet(by_hand(3)))
    (known,) = registered(before, paper).entries
    assert known.status is Status.NEW  # not missing: it may be the row that nobody has read

    entry = only(registered(before, paper, typed(paper, 3, "facility", "Haus Nord")))

    assert entry.id == known.id
    assert registered(before, paper).unread[0].id in entry.aliases


def test_no_row_is_missing_while_one_on_the_sheet_waits_to_be_read() -> None:
    before = sent("a", 1, sheet("Haus Nord", "Haus Süd"))
    paper = sent("a", 2, sheet("Haus Nord", by_hand(2)))

    assert [entry.status for entry in registered(before, paper).entries] == [Status.UNCHANGED, Status.NEW]


def test_what_is_typed_changes_no_id_of_a_row_that_was_read() -> None:
    said = sent("a", 1, sheet("Haus Nord", by_hand(2)))
    (known,) = registered(said).entries

    register = registered(said, typed(said, 2, "facility", "Haus Nord"))

    assert known.id in {entry.id for entry in register.entries}


def test_equal_rows_of_two_reporters_are_one_entry_only_when_all_is_read() -> None:
    other = sent("b", 1, sheet("Haus Nord"))
    facility = typed(PAPER, 1, "facility", "Haus Nord")
    nothing = [typed(PAPER, 1, column, "") for column in COLUMNS[1:]]

    assert len(registered(PAPER, other, facility).entries) == 2
    assert len(registered(PAPER, other, facility, *nothing).entries) == 1


def test_words_set_in_the_register_itself_answer_for_the_cell() -> None:
    said = sent("a", 1, sheet(by_hand(1, "date", facility="Haus Nord")))
    entry = only(registered(said))
    for answer in (
        edited(entry, "date", "", "3.4.26", 6),
        choose(entry, "date", "3.4.26", 6),
        checked(entry, "date", "", 6),
    ):
        assert not any(check.unread for check in only(registered(said, answer)).checks)


def test_the_cells_of_a_deleted_entry_wait_for_nobody() -> None:
    said = sent("a", 1, sheet(by_hand(1, "date", facility="Haus Nord")))

    register = registered(said, deleted(only(registered(said)), 6))

    assert (register.entries, register.unread) == ((), ())


def test_decisions_on_the_entry_hold_whatever_is_typed_later() -> None:
    other = sent("b", 1, sheet("Haus am Nordpark"))
    first, second = NORD
    typed_first = registered(PAPER, other, first)
    nord, park = (
        next(one for one in typed_first.entries if one.values["facility"] == name)
        for name in ("Haus Nord", "Haus am Nordpark")
    )

    entry = only(registered(PAPER, other, first, second, same(nord, park, 7)))

    assert {entry.id, *entry.aliases} >= {nord.id, park.id}


def test_a_prefilled_row_that_lost_its_entry_to_an_older_return_waits_as_a_row_of_its_own() -> None:
    one, other = entry_id("one"), entry_id("other")
    first = sent("a", 1, sheet(row(1, {"contact": "Frau A"}, one)))
    paper = sent("a", 3, sheet(row(1, {}, other), replace(by_hand(2, "facility"), entry_id=one)))

    assert [check.column for check in only(registered(first, paper)).checks] == ["facility"]

    # the older copy gives the row another id: both ids are one entry, and the paper answers for it by its first row
    between = sent("a", 2, sheet(row(1, {"contact": "Frau A"}, other)))
    register = registered(first, paper, between)

    entry = only(register)
    assert (entry.id, entry.checks) == (one, ())
    assert other in entry.aliases
    (row_to_be,) = register.unread
    assert [(check.column, check.source.row) for check in row_to_be.checks] == [("facility", 2)]
