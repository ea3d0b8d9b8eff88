"""Merge rules 4 and 5: several reporters, duplicates and conflicts."""

from dataclasses import replace

from harvest.merge import Layout, merge
from harvest.model import Entry, Method, Status, Submission
from spec.form.load import default_form
from tests.harvest.merge.build import (
    LAYOUT,
    checked,
    choose,
    different,
    edited,
    only,
    read_as,
    registered,
    row,
    same,
    sent,
    sheet,
)

BRUECKE = "Kontaktstelle Die Brücke e.V., Hauptstr. 12, 52062 Aachen"
BRIDGE = "Kontaktstelle Die Bruecke, Hauptstraße 12, 52062 Aachen"


def test_rows_equal_in_all_values_are_one_entry_with_two_sources() -> None:
    entry = only(
        registered(
            sent("awo", 1, sheet([BRUECKE, "Türkisch", "0241 12"])),
            sent(
                "drk",
                2,
                sheet(["KONTAKTSTELLE  Die Brücke e.V., Hauptstr. 12,\n52062 Aachen", "Türkisch", "0241 12"]),
            ),
        )
    )

    assert entry.reporters == ("awo", "drk")
    assert [source.return_id for source in entry.sources] == ["awo-1", "drk-2"]
    assert (entry.status, entry.conflicts, entry.duplicates) == (Status.UNCHANGED, (), ())


def test_similar_facilities_with_other_values_stay_two_and_are_proposed() -> None:
    register = registered(
        sent("awo", 1, sheet([BRUECKE, "Türkisch"])), sent("drk", 2, sheet([BRIDGE, "Russisch"]))
    )

    one, two = register.entries
    assert {entry.values["experience"] for entry in (one, two)} == {"Türkisch", "Russisch"}
    assert [(proposed.entry_id, proposed.other) for proposed in one.duplicates] == [(one.id, two.id)]
    assert [(proposed.entry_id, proposed.other) for proposed in two.duplicates] == [(two.id, one.id)]
    assert one.duplicates[0].score == 100
    assert one.duplicates[0].reason == "same-facility"


def test_different_facilities_are_not_proposed() -> None:
    register = registered(sent("awo", 1, sheet("Wohnheim Nord")), sent("drk", 2, sheet("Tagesstätte Anker")))

    assert [entry.duplicates for entry in register.entries] == [(), ()]


def test_equal_facilities_of_different_categories_are_two() -> None:
    register = registered(
        sent("awo", 1, sheet([BRUECKE, "x"])), sent("drk", 2, sheet([BRUECKE, "x"], category="wohnen"))
    )

    assert [entry.duplicates for entry in register.entries] == [(), ()]


def test_what_a_reporter_lists_side_by_side_is_not_proposed() -> None:
    register = registered(sent("awo", 1, sheet("Wohngruppe Lindenhof", "Wohngruppe Lindenhof Garten")))

    assert [entry.duplicates for entry in register.entries] == [(), ()]


def test_entries_decided_to_be_different_are_not_proposed_again() -> None:
    said = (sent("awo", 1, sheet([BRUECKE, "a"])), sent("drk", 2, sheet([BRIDGE, "b"])))
    one, two = registered(*said).entries

    register = registered(*said, different(one, two, 3))

    assert [entry.duplicates for entry in register.entries] == [(), ()]


def test_entries_decided_to_be_the_same_become_one_and_show_the_newer_value() -> None:
    said = (sent("awo", 1, sheet([BRUECKE, "Türkisch"])), sent("drk", 2, sheet([BRIDGE, "Russisch"])))
    one, two = registered(*said).entries

    entry = only(registered(*said, same(one, two, 3)))

    assert entry.values["experience"] == "Russisch"
    assert {one.id, two.id} <= {entry.id, *entry.aliases}
    conflict = next(conflict for conflict in entry.conflicts if conflict.column == "experience")
    assert conflict.shown.source
    assert (conflict.shown.text, conflict.shown.source.return_id) == (
        "Russisch",
        "drk-2",
    )
    (other,) = conflict.others
    assert other.source
    assert (other.text, other.source.return_id, other.source.page, other.source.row) == (
        "Türkisch",
        "awo-1",
        2,
        1,
    )


def test_the_later_decision_counts() -> None:
    said = (sent("awo", 1, sheet([BRUECKE, "a"])), sent("drk", 2, sheet([BRIDGE, "b"])))
    one, two = registered(*said).entries

    assert len(registered(*said, same(one, two, 3), different(two, one, 4)).entries) == 2
    assert len(registered(*said, different(one, two, 3), same(two, one, 4)).entries) == 1


def test_rows_told_apart_stay_apart_even_where_they_come_to_say_the_same() -> None:
    said = (sent("awo", 1, sheet([BRUECKE, "a"])), sent("drk", 2, sheet([BRIDGE, "b"])))
    one, two = registered(*said).entries

    register = registered(*said, different(one, two, 3), sent("drk", 4, sheet([BRUECKE, "a"])))

    assert len(register.entries) == 2


def test_entries_joined_once_never_split() -> None:
    register = registered(
        sent("awo", 1, sheet([BRUECKE, "a"])),
        sent("drk", 2, sheet([BRUECKE, "a"])),
        sent("drk", 3, sheet([BRUECKE, "b"])),
    )

    entry = only(register)
    assert entry.values["experience"] == "b"
    assert [claim.text for conflict in entry.conflicts for claim in conflict.others] == ["a"]


def test_a_value_restated_later_is_the_newer_one() -> None:
    entry = only(
        registered(
            sent("awo", 1, sheet([BRUECKE, "a"])),
            sent("drk", 2, sheet([BRUECKE, "a"])),
            sent("drk", 3, sheet([BRUECKE, "b"])),
            sent("awo", 4, sheet([BRUECKE, "a"])),
        )
    )

    assert entry.values["experience"] == "a"


def test_a_choice_settles_a_conflict_until_there_is_news() -> None:
    said = (
        sent("awo", 1, sheet([BRUECKE, "a"])),
        sent("drk", 2, sheet([BRUECKE, "a"])),
        sent("drk", 3, sheet([BRUECKE, "b"])),
    )
    entry = only(registered(*said))

    settled = only(registered(*said, choose(entry, "experience", "a", 4)))
    again = only(
        registered(*said, choose(entry, "experience", "a", 4), sent("drk", 5, sheet([BRUECKE, "c"])))
    )

    assert (settled.values["experience"], settled.conflicts, settled.hand) == ("a", (), ())
    assert again.values["experience"] == "a"
    assert [claim.text for claim in again.conflicts[0].others] == ["c"]


def test_a_choice_of_a_value_that_nobody_reported_is_a_word_by_hand() -> None:
    said = (sent("awo", 1, sheet([BRUECKE, "a"])),)
    entry = only(registered(*said))

    assert only(registered(*said, choose(entry, "experience", "z", 4))).hand == ("experience",)


def test_a_checked_cell_is_not_asked_about_again() -> None:
    said = (sent("awo", 1, sheet([BRUECKE, read_as("Türkisch", Method.OCR, 0.5)])),)
    entry = only(registered(*said))
    decision = checked(entry, "experience", "Türkisch", 2)

    assert only(registered(*said, decision)).checks == ()
    assert (
        only(
            registered(
                *said, decision, sent("awo", 3, sheet([BRUECKE, read_as("Türkisch", Method.OCR, 0.4)]))
            )
        ).checks
        == ()
    )
    later = only(
        registered(*said, decision, sent("awo", 3, sheet([BRUECKE, read_as("Kurdisch", Method.OCR, 0.4)])))
    )
    assert [check.text for check in later.checks] == ["Kurdisch"]


def test_a_form_prefilled_with_an_entry_that_another_reported_first() -> None:
    """Both reported the same row; the second one's form comes back with the entry's id and a new name."""
    said = (sent("awo", 1, sheet([BRUECKE, "a"])), sent("drk", 2, sheet([BRUECKE, "a"])))
    entry = only(registered(*said))

    later = only(registered(*said, sent("drk", 3, sheet(row(4, ["Zentrum Mitte", "a"], entry.id)))))

    assert later.id == entry.id
    assert later.values["facility"] == "Zentrum Mitte"
    assert later.status is Status.CHANGED


def test_a_form_prefilled_with_an_entry_that_only_another_reported_is_about_that_entry() -> None:
    said = (sent("awo", 1, sheet([BRUECKE, "a"])),)
    entry = only(registered(*said))

    later = only(registered(*said, sent("drk", 2, sheet(row(1, [BRUECKE, "b"], entry.id)))))

    assert (later.id, later.values["experience"], later.reporters) == (entry.id, "b", ("awo", "drk"))
    assert [claim.text for claim in later.conflicts[0].others] == ["a"]


def test_an_id_stays_when_an_older_return_of_the_same_row_turns_up() -> None:
    newer = sent("awo", 5, sheet([BRUECKE, "neu"]))

    assert only(registered(newer)).id == only(registered(sent("awo", 1, sheet([BRUECKE, "alt"])), newer)).id


def test_every_id_that_an_entry_ever_had_leads_to_it() -> None:
    newer = sent("awo", 5, sheet([BRIDGE, "neu"]))
    alone = only(registered(newer))

    both = only(registered(sent("awo", 1, sheet([BRUECKE, "alt"])), newer))

    assert alone.id in {both.id, *both.aliases}


# ---------------------------------------------------------------- dates


DATED = replace(LAYOUT, dated=("date",))


def signed(reporter: str, on: int, date: str) -> Submission:
    return sent(reporter, on, sheet({"facility": BRUECKE, "contact": reporter, "date": date}))


def joined(*said: Submission) -> Entry:
    one, two = merge(said[:2], DATED).entries
    return only(merge(said, DATED, decisions=[same(one, two, 9)]))


def test_two_rows_joined_differ_in_their_dates_and_contradict_each_other_in_the_rest_only() -> None:
    entry = joined(signed("awo", 1, "3.4.25 MK"), signed("drk", 2, "7.5.26 TS"))

    assert entry.values["date"] == "7.5.26 TS"
    assert [conflict.column for conflict in entry.conflicts] == ["contact"]
    assert "3.4.25 MK" in {change.new for change in entry.history}


def test_a_remark_beside_a_date_contradicts_as_any_other_word_does() -> None:
    entry = joined(signed("awo", 1, "3.4.25 MK, zieht im Mai um"), signed("drk", 2, "7.5.26 TS"))

    assert entry.values["date"] == "7.5.26 TS"
    (conflict,) = (conflict for conflict in entry.conflicts if conflict.column == "date")
    assert [claim.text for claim in conflict.others] == ["3.4.25 MK, zieht im Mai um"]


def test_a_date_that_the_office_wrote_is_contradicted_by_a_newer_return_as_any_hand_edit_is() -> None:
    said = (signed("awo", 1, "3.4.25 MK"), signed("drk", 2, "7.5.26 TS"))
    entry = joined(*said)
    one, two = merge(said, DATED).entries
    by_hand = edited(entry, "date", "7.5.26 TS", "8.5.26", 10)

    later = only(
        merge([*said, signed("awo", 12, "1.6.26 MK")], DATED, edits=[by_hand], decisions=[same(one, two, 9)])
    )

    assert later.values["date"] == "8.5.26"
    (conflict,) = (conflict for conflict in later.conflicts if conflict.column == "date")
    assert [claim.text for claim in conflict.others] == ["1.6.26 MK"]


def test_two_dates_in_one_cell_of_one_return_are_for_a_person() -> None:
    cell = read_as("3.4.25 MK", Method.WIDGET, 1.0, "4.4.25 MK")
    entry = only(merge([sent("awo", 1, sheet({"facility": BRUECKE, "date": cell}))], DATED))
    assert [claim.text for conflict in entry.conflicts for claim in conflict.others] == ["4.4.25 MK"]


def test_a_form_tells_which_column_is_its_date() -> None:
    assert Layout.of(default_form()).dated == ("datum",)
