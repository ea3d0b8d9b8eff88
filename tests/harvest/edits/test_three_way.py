"""What people did in the workbook, and what a spreadsheet did on its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harvest.edits import HandChanges, WrittenState, compare
from harvest.edits.three_way import FAULTS, MANY
from harvest.edits.typed_cells import as_typed, unchanged
from harvest.merge import is_entry_id
from harvest.model import (
    Decision,
    DecisionKind,
    HandDeletion,
    HandEdit,
    HandRow,
    OnDisk,
    SheetChoice,
    SheetRow,
)
from tests.harvest.merge.build import FIRST, LAYOUT, day, different, registered, same, sent, sheet

NORTH, SOUTH, EAST = "nq3m7x0fd", "sq3m7x0f1", "eq3m7x0f2"
WRITTEN = WrittenState(
    4,
    {
        NORTH: {"facility": "Haus Nord", "contact": "0241 12"},
        SOUTH: {"facility": "Haus Süd", "contact": "0241 34", "date": "3.4.24"},
    },
    {NORTH: FIRST, SOUTH: FIRST},
    proposed={NORTH: (SOUTH,)},
    aliases={EAST: SOUTH},
)
BOTH: tuple[tuple[str, dict[str, str]], ...] = (
    (NORTH, {"facility": "Haus Nord", "contact": "0241 12", "date": ""}),
    (SOUTH, {"facility": "Haus Süd", "contact": "0241 34", "date": "3.4.24"}),
)


def stands(*rows: tuple[str, dict[str, str]], on: str = "entries", **more: Any) -> tuple[SheetRow, ...]:
    """Rows on a sheet: id and cells."""
    return tuple(
        SheetRow(
            on,
            number,
            identity,
            more.get("category", FIRST),
            more.get("category_text", ""),
            values,
            more.get("same_as", ""),
        )
        for number, (identity, values) in enumerate(rows, start=5)
    )


def changes(
    *rows: SheetRow, written: WrittenState = WRITTEN, choices: tuple[SheetChoice, ...] = (), **more: Any
) -> HandChanges:
    main = tuple(row for row in rows if row.sheet == "entries")
    section = tuple(row for row in rows if row.sheet != "entries")
    return compare(written, OnDisk("0" * 64, "form", "4", main, section, choices), LAYOUT, day(9), **more)


def codes(found: HandChanges) -> list[str]:
    return [problem.code for problem in found.faults]


def with_cell(position: int, column: str, text: str) -> tuple[SheetRow, ...]:
    cells = [(identity, dict(values)) for identity, values in BOTH]
    cells[position][1][column] = text
    return stands(*cells)


def test_a_workbook_that_nobody_touched_says_nothing() -> None:
    assert changes(*stands(*BOTH)) == HandChanges()


def test_a_corrected_cell_is_an_edit() -> None:
    found = changes(*with_cell(0, "contact", "0241 99"))

    assert found == HandChanges(edits=(HandEdit(NORTH, "contact", "0241 12", "0241 99", day(9)),))


def test_a_cleared_and_a_newly_filled_cell_are_edits() -> None:
    assert changes(*with_cell(0, "contact", "")).edits == (HandEdit(NORTH, "contact", "0241 12", "", day(9)),)
    assert changes(*with_cell(0, "date", "1.1.26")).edits == (HandEdit(NORTH, "date", "", "1.1.26", day(9)),)


def test_sorting_changes_nothing() -> None:
    assert changes(*stands(*reversed(BOTH))) == HandChanges()


@pytest.mark.parametrize(
    ("written", "now"),
    [
        ("52062", "52062.0"),
        ("01067", "1067"),
        ("01067", "1067.0"),
        ("024112345678", "24112345678.0"),
        ("024112345678", "2.4112345678E10"),
        ("12,5", "12.5"),
        ("3.4.24", "2024-04-03 00:00:00"),
        ("03.04.2024", "2024-04-03T00:00:00"),
        ("3. 4. 2024", "2024-04-03"),
        ("April 2024", "2024-04-01 00:00:00"),
        ("04/24", "2024-04-01"),
        ("Mär 24", "2024-03-01"),
        ("a\r\nb", "a\nb"),
        ("a\nb", "a_x000D_\nb"),
        ("a\nb", "a\rb"),
        ("a  \nb ", "a\nb"),
        (" a", "a"),
        ("Müller", "Mu\u0308ller"),
        ("a\x0bb", "ab"),
        ("x" * 40000, "x" * 32767),
    ],
)
def test_what_a_spreadsheet_does_on_its_own_is_no_edit(written: str, now: str) -> None:
    assert unchanged(written, now)


@pytest.mark.parametrize(
    ("written", "now"),
    [
        ("52062", "52063.0"),
        ("3.4.24", "2024-04-04 00:00:00"),
        ("April 2024", "2024-04-02"),
        ("April 2024", "2024-05-01"),
        ("3.4.24", "2024-04-03 09:30:00"),
        ("a b", "ab"),
        ("Haus", "haus"),
        ("", "0"),
        ("31.2.24", "2024-03-02"),
        ("99/24", "2024-04-01"),
        ("1e999999", "1"),
        ("1067", "01067"),  # the postal code put right
        ("49241555", "+49241555"),
        ("12", "12,50"),
    ],
)
def test_what_a_person_typed_is_one(written: str, now: str) -> None:
    assert not unchanged(written, now)


@pytest.mark.parametrize(
    ("stands_there", "text"),
    [
        ("52062.0", "52062"),
        ("2.4112345678E10", "24112345678"),
        ("2024-04-03 00:00:00", "03.04.2024"),
        ("2024-04-03 09:30:00", "03.04.2024 09:30"),
        ("12.50", "12.50"),
        ("a_x000D_\nb ", "a\nb"),
        ("Haus 2.0 e", "Haus 2.0 e"),
        ("2024-04-03", "2024-04-03"),  # nobody but a person writes these
        ("12e3", "12e3"),
        ("8.0", "8.0"),
    ],
)
def test_an_edit_is_taken_as_a_person_would_have_written_it(stands_there: str, text: str) -> None:
    assert as_typed(stands_there) == text


def test_a_column_that_is_gone_says_nothing_about_its_cells() -> None:
    found = changes(*stands(*((identity, {"facility": values["facility"]}) for identity, values in BOTH)))

    assert (found.edits, found.deletions) == ((), ())
    assert codes(found) == ["register-column-missing", "register-column-missing"]


def test_an_added_row_becomes_a_hand_row_with_an_id_of_its_own() -> None:
    found = changes(*stands(*BOTH, ("", {"facility": "Café Treff", "contact": "0241 56.0", "date": " "})))

    (row,) = found.rows
    assert is_entry_id(row.entry_id)
    assert row == HandRow(row.entry_id, FIRST, {"facility": "Café Treff", "contact": "0241 56.0"}, day(9))


def test_the_same_workbook_read_twice_gives_the_same_ids() -> None:
    rows = stands(*BOTH, ("", {"facility": "Café Treff"}), ("", {"facility": "Café Treff"}))

    one, two = changes(*rows), changes(*rows)

    assert one == two
    assert len({row.entry_id for row in one.rows}) == 2


def test_the_same_row_added_over_a_later_register_is_another() -> None:
    rows = stands(*BOTH, ("", {"facility": "Café Treff"}))
    later = WrittenState(5, WRITTEN.entries, WRITTEN.categories)

    assert changes(*rows).rows[0].entry_id != changes(*rows, written=later).rows[0].entry_id


def test_a_row_added_on_both_sheets_is_one() -> None:
    added = ("", {"facility": "Café Treff"})

    assert len(changes(*stands(*BOTH, added), *stands(*BOTH, added, on="soz")).rows) == 1


def test_an_added_row_of_an_unknown_category_is_kept_and_said() -> None:
    row = stands(("", {"facility": "Café"}), category="", category_text="Kaffeehaus")

    found = changes(*stands(*BOTH), *row)

    assert [added.category for added in found.rows] == [""]
    assert codes(found) == ["register-category-unknown"]


def test_a_row_added_without_a_category_gets_one_later() -> None:
    written = WrittenState(5, {NORTH: {"facility": "Café"}}, {NORTH: ""})

    found = changes(*stands((NORTH, {"facility": "Café"})), written=written)

    assert found.rows == (HandRow(NORTH, FIRST, {"facility": "Café"}, day(9)),)


def test_a_reported_entry_does_not_move_to_another_category() -> None:
    found = changes(*stands(*BOTH, category="wohnen", category_text="Wohnen"))

    assert (found.rows, set(codes(found))) == ((), {"register-category-changed"})


def test_a_removed_row_is_a_deletion() -> None:
    assert changes(*stands(BOTH[0])) == HandChanges(deletions=(HandDeletion(SOUTH, day(9)),))


def test_a_row_removed_from_the_main_sheet_only_is_a_deletion_too() -> None:
    assert changes(*stands(BOTH[0]), *stands(*BOTH, on="soz")).deletions == (HandDeletion(SOUTH, day(9)),)


def test_a_row_removed_from_the_main_sheet_but_corrected_elsewhere_stays() -> None:
    corrected = stands(BOTH[0], (SOUTH, {"facility": "Haus Süd neu"}), on="soz")

    found = changes(*stands(BOTH[0]), *corrected)

    assert (found.deletions, found.edits[0].new) == ((), "Haus Süd neu")
    assert codes(found) == ["register-row-gone-but-edited"]


def test_a_row_removed_from_a_sections_sheet_only_stays() -> None:
    found = changes(*stands(*BOTH), *stands(BOTH[0], on="soz"))

    assert (found.deletions, codes(found)) == ((), ["register-row-gone-elsewhere"])


def test_most_rows_gone_at_once_is_an_accident_unless_confirmed() -> None:
    many = WrittenState(4, {f"id{number}": {"facility": f"Haus {number}"} for number in range(MANY + 1)})
    left = stands(("id0", {"facility": "Haus 0"}))

    found = changes(*left, written=many)

    assert (found.deletions, codes(found)) == ((), ["register-many-rows-gone"])
    assert len(changes(*left, written=many, many_gone=True).deletions) == MANY


@pytest.mark.parametrize(("rows", "gone"), [(2 * MANY, MANY), (2 * MANY - 1, MANY), (MANY, MANY - 1)])
def test_ten_rows_and_more_than_half_are_most(rows: int, gone: int) -> None:
    many = WrittenState(4, {f"id{number}": {"facility": f"Haus {number}"} for number in range(rows)})
    left = stands(*((f"id{number}", {"facility": f"Haus {number}"}) for number in range(gone, rows)))

    accident = gone >= MANY and 2 * gone > rows
    assert len(changes(*left, written=many).deletions) == (0 if accident else gone)


def test_a_copied_row_is_a_new_one_and_the_original_stays() -> None:
    copy = (NORTH, {"facility": "Haus West", "contact": "0241 12"})

    for rows in ((*BOTH, copy), (copy, *BOTH)):
        found = changes(*stands(*rows))
        assert (found.edits, [row.values["facility"] for row in found.rows]) == ((), ["Haus West"])
        assert codes(found) == ["register-id-doubled"]


def test_a_row_copied_without_a_change_adds_nothing() -> None:
    found = changes(*stands(*BOTH, BOTH[0]))

    assert (found.edits, found.rows, codes(found)) == ((), (), ["register-row-repeated"])


def test_a_row_whose_id_was_erased_is_recognised_by_its_words() -> None:
    found = changes(*stands(BOTH[0], ("", BOTH[1][1])))

    assert (found.rows, found.deletions, codes(found)) == ((), (), ["register-id-erased"])


def test_a_row_whose_id_was_erased_and_that_was_corrected_is_known_by_its_facility() -> None:
    found = changes(*stands(BOTH[0], ("?", {"facility": "HAUS SÜD", "contact": "0241 35"})))

    assert {(edit.column, edit.new) for edit in found.edits} == {
        ("contact", "0241 35"),
        ("facility", "HAUS SÜD"),
    }
    assert (found.rows, found.deletions) == ((), ())


def test_a_row_without_an_id_whose_facility_several_entries_have_is_guessed_to_be_none() -> None:
    twins = WrittenState(
        4,
        {NORTH: {"facility": "Caritas", "contact": "1"}, SOUTH: {"facility": "Caritas", "contact": "2"}},
        {NORTH: FIRST, SOUTH: FIRST},
    )

    found = changes(*stands(("", {"facility": "Caritas", "contact": "3"})), written=twins)

    assert [dict(row.values) for row in found.rows] == [{"facility": "Caritas", "contact": "3"}]
    assert found.edits == ()


def test_an_unknown_id_makes_a_new_row() -> None:
    found = changes(*stands(*BOTH, ("neu", {"facility": "Café"})))

    assert ([row.values for row in found.rows], codes(found)) == (
        [{"facility": "Café"}],
        ["register-id-unknown"],
    )


def test_an_older_id_and_an_id_in_capitals_are_the_same_entry() -> None:
    assert changes(*stands((NORTH.upper(), BOTH[0][1]), (EAST, BOTH[1][1]))) == HandChanges()


def test_a_deleted_row_pasted_back_is_the_same_entry_again() -> None:
    written = WrittenState(5, {NORTH: WRITTEN.entries[NORTH]}, {NORTH: FIRST}, deleted=(SOUTH,))

    found = changes(*stands(*BOTH), written=written)

    assert [(row.entry_id, row.values["facility"]) for row in found.rows] == [(SOUTH, "Haus Süd")]
    assert found.faults == ()


def test_two_sheets_corrected_alike_are_one_edit() -> None:
    rows = with_cell(0, "contact", "neu")
    section = tuple(SheetRow("soz", row.number, row.entry_id, row.category, "", row.values) for row in rows)

    assert len(changes(*rows, *section).edits) == 1


@pytest.mark.parametrize(("main", "other"), [("anfangs", "später"), ("später", "anfangs")])
def test_of_two_sheets_corrected_differently_the_main_one_counts_and_both_are_kept(
    main: str, other: str
) -> None:
    section = stands((NORTH, {"facility": "Haus Nord", "contact": other}), (BOTH[1]), on="soz")

    found = changes(*with_cell(0, "contact", main), *section)

    first, last = found.edits
    assert (first.new, last.new) == (other, main)
    assert first.at < last.at  # whatever the texts, the later one shows
    assert codes(found) == ["register-edited-twice"]


@pytest.mark.parametrize(
    ("said", "decisions"),
    [
        (SOUTH, [same(NORTH, SOUTH, 9)]),
        (f" {SOUTH.upper()}.", [same(NORTH, SOUTH, 9)]),
        (EAST, [same(NORTH, SOUTH, 9)]),  # an older id of the same entry
        ("nein", [different(NORTH, SOUTH, 9)]),
        ("Nein", [different(NORTH, SOUTH, 9)]),
        (f"nein {SOUTH}", [different(NORTH, SOUTH, 9)]),
        (NORTH, []),
        ("", []),
    ],
)
def test_what_stands_under_the_same_as(said: str, decisions: list[Decision]) -> None:
    row = SheetRow("entries", 5, NORTH, FIRST, "", BOTH[0][1], said)

    found = changes(row, *stands(BOTH[1]))

    assert (list(found.decisions), found.faults) == (decisions, ())


def test_the_same_as_of_no_entry_is_said() -> None:
    found = changes(SheetRow("entries", 5, NORTH, FIRST, "", BOTH[0][1], "die andere"), *stands(BOTH[1]))

    assert (found.decisions, codes(found)) == ((), ["register-same-as-unknown"])


def test_the_same_as_of_another_category_is_said() -> None:
    written = WrittenState(4, WRITTEN.entries, {NORTH: FIRST, SOUTH: "wohnen"})
    row = SheetRow("entries", 5, NORTH, FIRST, "", BOTH[0][1], SOUTH)
    other = SheetRow("entries", 6, SOUTH, "wohnen", "", BOTH[1][1])

    found = changes(row, other, written=written)

    assert (found.decisions, codes(found)) == ((), ["register-same-as-unknown"])


def test_decisions_of_the_other_sheets_are_taken_over_once() -> None:
    choices = (
        SheetChoice("conflicts", 5, DecisionKind.CHOOSE, NORTH, column="contact", value="0241 99"),
        SheetChoice("duplicates", 5, DecisionKind.DIFFERENT, NORTH, other=EAST),
        SheetChoice("duplicates", 6, DecisionKind.DIFFERENT, NORTH, other=SOUTH),
    )

    assert changes(*stands(*BOTH), choices=choices).decisions == (
        Decision(DecisionKind.CHOOSE, NORTH, day(9), column="contact", value="0241 99"),
        Decision(DecisionKind.DIFFERENT, NORTH, day(9), other=SOUTH),
    )


def test_yes_beside_both_rows_of_a_pair_is_one_decision() -> None:
    choices = (
        SheetChoice("duplicates", 5, DecisionKind.SAME, NORTH, other=SOUTH),
        SheetChoice("duplicates", 6, DecisionKind.SAME, SOUTH, other=NORTH),
        SheetChoice("duplicates", 7, DecisionKind.SAME, EAST, other=NORTH),
    )

    assert changes(*stands(*BOTH), choices=choices).decisions == (
        Decision(DecisionKind.SAME, NORTH, day(9), other=SOUTH),
    )


UNREAD = replace(WRITTEN, unread={"c7d3f9a2b": ("return", "p5m3k8rw2", "contact")})


@pytest.mark.parametrize(
    ("kind", "identity", "typed", "value"),
    [
        (DecisionKind.TYPED, "c7d3f9a2b", "Frau A ", "Frau A"),
        (DecisionKind.TYPED, "c7d3f9a2b", "2026-04-03 00:00:00", "03.04.2026"),  # Excel took it for a date
        (DecisionKind.TYPED, "c7d3f9a2b", "", ""),
        (DecisionKind.CHOOSE, "p5m3k8rw2", "Frau A", "Frau A"),  # the column with the cells' ids is gone
        (DecisionKind.CHECKED, "p5m3k8rw2", "", ""),
    ],
)
def test_what_is_typed_for_an_unread_cell_is_about_its_return(
    kind: DecisionKind, identity: str, typed: str, value: str
) -> None:
    choice = SheetChoice("check", 5, kind, identity, column="contact", value=typed)

    found = changes(*stands(*BOTH), written=UNREAD, choices=(choice,))

    assert found.decisions == (Decision(DecisionKind.TYPED, "c7d3f9a2b", day(9), "return", "contact", value),)
    assert found.faults == ()


def test_what_is_typed_for_a_cell_that_does_not_wait_is_told() -> None:
    choice = SheetChoice("check", 5, DecisionKind.TYPED, "x0000000y", column="contact", value="Frau A")

    found = changes(*stands(*BOTH), written=UNREAD, choices=(choice,))

    assert (found.decisions, codes(found)) == ((), ["register-cell-unknown"])
    assert found.faults[0].details == (("said", "Frau A"),)


def test_what_was_written_comes_back_from_json() -> None:
    register = registered(
        sent("awo", 1, sheet(["Die Brücke, Hauptstr. 1, 52062 Aachen", "a"])),
        sent("drk", 2, sheet(["Die Bruecke, Hauptstr. 1, 52062 Aachen", "b"])),
    )
    written = WrittenState.of(7, register)

    assert WrittenState.from_json({"fingerprint": "x", **written.as_json()}) == written
    assert set(written.entries) == {entry.id for entry in register.entries}


@pytest.mark.parametrize("now_written", ["\ufffd", "?", ""])
def test_what_an_earlier_version_wrote_differently_is_nobody_s_edit(now_written: str) -> None:
    """No cell holds NUL: what stood there in its place was written by us, however it is written now."""
    register = registered(sent("awo", 1, sheet(["Haus\0Nord", "a"])))
    (one,) = register.entries
    then = WrittenState.of(3, register, as_written=lambda text: text.replace("\0", "\u2400"))
    then = WrittenState.from_json(then.as_json())

    for text, edits in (("Haus\u2400Nord", 0), ("Haus\0Nord", 0), (f"Haus{now_written} Süd", 1)):
        rows = stands((one.id, {"facility": text}))
        found = compare(then, OnDisk("0" * 64, "form", "3", rows), LAYOUT, day(9))
        assert len(found.edits) == edits


def test_every_fault_is_in_the_catalogue() -> None:
    odd = stands(BOTH[0], BOTH[0], ("neu", {"facility": "Café"}), category="", same_as="?")

    for problem in changes(*odd).faults:
        assert tuple(key for key, _ in problem.details) == FAULTS[problem.code]


def test_who_changes_a_row_speaks_later_than_all_that_stood_in_it() -> None:
    ahead = registered(sent("awo", 30, sheet(["Haus Nord", "a"])), sent("drk", 2, sheet(["Haus Süd", "b"])))
    north, south = ahead.entries
    written = WrittenState.of(4, ahead, day(12))
    rows = stands(
        (north.id, {"facility": "Haus Nord"}), (south.id, {"facility": "Haus Süd", "experience": "c"})
    )

    found = changes(
        *(replace(row, values={**row.values, "experience": "c"}) for row in rows), written=written
    )

    assert [(edit.entry_id, day(30) < edit.at < day(31)) for edit in found.edits] == [
        (north.id, True),
        (south.id, False),
    ]
    assert all(edit.at > day(12) > day(9) for edit in found.edits)
