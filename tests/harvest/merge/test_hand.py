"""Merge rule 6: what people write into the register."""

import pytest

from harvest.model import Decision, HandEdit, HandRow, Status, Submission
from tests.harvest.merge.build import (
    FIRST,
    choose,
    day,
    deleted,
    edited,
    facilities,
    only,
    registered,
    same,
    sent,
    sheet,
)

BRUECKE = "Kontaktstelle Die Brücke e.V., Hauptstr. 12, 52062 Aachen"
SAID = sent("awo", 1, sheet([BRUECKE, "a"]))
ENTRY = only(registered(SAID))


def test_a_correction_wins_over_older_returns() -> None:
    entry = only(registered(SAID, edited(ENTRY, "experience", "a", "von Hand", 3)))

    assert (entry.values["experience"], entry.hand, entry.conflicts) == ("von Hand", ("experience",), ())
    assert entry.confirmed == day(3)
    assert ("edited", "a", "von Hand") in [(change.kind, change.old, change.new) for change in entry.history]


def test_a_newer_return_that_says_what_it_said_before_is_no_news() -> None:
    entry = only(
        registered(
            SAID, edited(ENTRY, "experience", "a", "von Hand", 3), sent("awo", 5, sheet([BRUECKE, "a"]))
        )
    )

    assert (entry.values["experience"], entry.conflicts) == ("von Hand", ())


def test_a_newer_return_that_says_something_new_is_a_conflict_and_the_hand_stays() -> None:
    entry = only(
        registered(
            SAID, edited(ENTRY, "experience", "a", "von Hand", 3), sent("awo", 5, sheet([BRUECKE, "b"]))
        )
    )

    assert entry.values["experience"] == "von Hand"
    (conflict,) = entry.conflicts
    assert (conflict.shown.source, conflict.shown.at) == (None, day(3))
    assert [(claim.text, claim.source and claim.source.return_id) for claim in conflict.others] == [
        ("b", "awo-5")
    ]


def test_a_newer_return_that_agrees_is_none() -> None:
    entry = only(
        registered(
            SAID,
            edited(ENTRY, "experience", "a", "von Hand", 3),
            sent("awo", 5, sheet([BRUECKE, "Von  hand"])),
        )
    )

    assert entry.conflicts == ()


def test_the_hand_gives_way_when_a_person_chooses_the_return() -> None:
    entry = only(
        registered(
            SAID,
            edited(ENTRY, "experience", "a", "von Hand", 3),
            sent("awo", 5, sheet([BRUECKE, "b"])),
            choose(ENTRY, "experience", "b", 6),
        )
    )

    assert (entry.values["experience"], entry.conflicts, entry.hand) == ("b", (), ())


def test_a_return_older_than_the_correction_that_arrives_later_changes_nothing_shown() -> None:
    entry = only(
        registered(
            SAID, edited(ENTRY, "experience", "a", "von Hand", 9), sent("awo", 5, sheet([BRUECKE, "b"]))
        )
    )

    assert (entry.values["experience"], entry.conflicts) == ("von Hand", ())
    assert "b" in {change.new for change in entry.history}


def test_of_two_corrections_the_later_one_stands() -> None:
    one, two = edited(ENTRY, "experience", "a", "eins", 3), edited(ENTRY, "experience", "eins", "zwei", 4)

    assert only(registered(SAID, two, one)).values["experience"] == "zwei"


def test_a_cell_cleared_by_hand_is_empty() -> None:
    assert only(registered(SAID, edited(ENTRY, "experience", "a", "", 3))).values["experience"] == ""


def test_a_correction_under_any_id_of_the_entry_finds_it() -> None:
    other = sent("drk", 2, sheet([BRUECKE, "b"]))
    one, two = registered(SAID, other).entries
    joined = (SAID, other, same(one, two, 3))

    by_one = only(registered(*joined, edited(one, "contact", "", "0241", 4)))
    by_two = only(registered(*joined, edited(two, "contact", "", "0241", 4)))

    assert by_one.values["contact"] == by_two.values["contact"] == "0241"


def test_a_row_added_by_hand_becomes_an_entry() -> None:
    added = HandRow("hq3m7x0fd", FIRST, {"facility": "Café Treff", "contact": "Ali Yıldız"}, day(2))

    entry = only(registered(added))

    assert (entry.id, entry.status, entry.reporters, entry.sources) == ("hq3m7x0fd", Status.HAND, (), ())
    assert entry.values == {"facility": "Café Treff", "contact": "Ali Yıldız"}
    assert entry.hand == ("facility", "contact")


def test_a_row_added_by_hand_is_proposed_beside_a_similar_reported_one() -> None:
    register = registered(
        SAID, HandRow("hq3m7x0fd", FIRST, {"facility": "Die Brücke, Hauptstr. 12, 52062 Aachen"}, day(2))
    )

    assert [len(entry.duplicates) for entry in register.entries] == [1, 1]


def test_a_row_added_by_hand_and_reported_word_for_word_is_one_entry() -> None:
    added = HandRow("hq3m7x0fd", FIRST, {"facility": BRUECKE, "experience": "a"}, day(2))

    entry = only(registered(SAID, added))

    assert entry.reporters == ("awo",)
    assert "hq3m7x0fd" in {entry.id, *entry.aliases}


def test_a_row_deleted_by_hand_stays_away_however_often_it_is_reported() -> None:
    register = registered(SAID, deleted(ENTRY, 3), sent("awo", 5, sheet([BRUECKE, "b"])))

    assert register.entries == ()
    assert register.deleted == (ENTRY.id,)


def test_what_another_reports_after_the_deletion_is_there() -> None:
    register = registered(SAID, deleted(ENTRY, 3), sent("drk", 5, sheet([BRUECKE, "a"])))

    assert only(register).reporters == ("drk",)


def test_deleting_one_of_two_duplicates_never_hides_the_other() -> None:
    said = (SAID, sent("drk", 2, sheet([BRUECKE, "b"])))
    second = next(entry for entry in registered(*said).entries if entry.reporters == ("drk",))

    register = registered(*said, deleted(second, 3), sent("drk", 4, sheet([BRUECKE, "a"])))

    assert only(register).values["experience"] == "a"
    assert register.deleted == ()


def test_who_names_two_rows_the_same_and_removes_one_in_one_go_keeps_the_other() -> None:
    other = sent("drk", 2, sheet([BRUECKE, "b"]))
    one, two = registered(SAID, other).entries

    at_once = registered(SAID, other, same(one, two, 3), deleted(one, 3))
    later = registered(SAID, other, same(one, two, 3), deleted(one, 4))

    assert only(at_once).values["experience"] == two.values["experience"]
    assert later.entries == ()


def test_a_row_put_back_by_hand_is_there_again() -> None:
    back = HandRow(ENTRY.id, FIRST, {"facility": BRUECKE, "experience": "a"}, day(4))

    register = registered(SAID, deleted(ENTRY, 3), back)

    assert only(register).id == ENTRY.id
    assert facilities(registered(SAID, deleted(ENTRY, 3), back, deleted(ENTRY, 5))) == []


ADDED = HandRow("hq3m7x0fd", FIRST, {"facility": BRUECKE, "experience": "a"}, day(7))


@pytest.mark.parametrize(
    "since",
    [
        edited(ENTRY, "experience", "a", "von Hand", 3),
        edited(
            ENTRY, "experience", "a", "von Hand", 7
        ),  # in the same go: the old words stand beside the new ones
        choose(ENTRY, "experience", "b", 3),
        sent("awo", 3, sheet([BRUECKE, "b"])),
    ],
)
def test_a_row_added_with_words_that_an_entry_shows_no_longer_is_a_row_of_its_own(
    since: HandEdit | Decision | Submission,
) -> None:
    before = only(registered(SAID, since))

    entries = {entry.id: entry for entry in registered(SAID, since, ADDED).entries}

    assert entries[ENTRY.id].values == before.values
    assert entries[ADDED.entry_id].values["experience"] == "a"


def test_a_row_added_with_the_words_of_an_entry_stays_that_entry_when_news_come() -> None:
    later = sent("awo", 9, sheet([BRUECKE, "b"]))

    entry = only(registered(SAID, ADDED, later))

    assert (entry.id, entry.values["experience"]) == (ENTRY.id, "a")
    assert [claim.text for claim in entry.conflicts[0].others] == ["b"]
