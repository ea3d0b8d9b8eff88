"""Merge rules 1 to 3: the same reporter again."""

from dataclasses import replace

import pytest

from harvest.merge import is_entry_id, merge
from harvest.model import Answer, Entry, Method, Sheet, Status, Submission, Value
from tests.harvest.merge.build import (
    FIRST,
    LAYOUT,
    day,
    edited,
    facilities,
    only,
    read_as,
    registered,
    row,
    sent,
    sheet,
)

BRUECKE = "Kontaktstelle Die Brücke e.V., Hauptstr. 12, 52062 Aachen"


def changes(entry: Entry) -> list[tuple[str, str, str, str]]:
    return [(change.kind, change.column, change.old, change.new) for change in entry.history]


def test_a_return_seen_again_adds_nothing() -> None:
    said = sent("awo", 1, sheet([BRUECKE, "Türkisch"]))

    assert registered(said, said, said) == registered(said)
    assert len(only(registered(said, said)).sources) == 1


def test_the_newer_return_rules_and_the_old_value_goes_to_history() -> None:
    register = registered(
        sent("awo", 1, sheet([BRUECKE, "Türkisch", "Frau Öztürk"])),
        sent("awo", 5, sheet([BRUECKE, "Türkisch", "Herr Şahin"])),
    )

    entry = only(register)
    assert entry.values == {"facility": BRUECKE, "experience": "Türkisch", "contact": "Herr Şahin"}
    assert entry.status is Status.CHANGED
    assert entry.confirmed == day(5)
    assert ("changed", "contact", "Frau Öztürk", "Herr Şahin") in changes(entry)
    assert [source.return_id for source in entry.sources] == ["awo-1", "awo-5"]
    assert entry.conflicts == ()  # the same reporter corrects itself, that is no contradiction


def test_unchanged_rows_are_confirmed() -> None:
    entry = only(registered(sent("awo", 1, sheet([BRUECKE])), sent("awo", 9, sheet([BRUECKE + " "]))))

    assert (entry.status, entry.confirmed) == (Status.UNCHANGED, day(9))


def test_only_sheets_that_the_newer_return_contains_are_ruled_by_it() -> None:
    register = registered(
        sent("awo", 1, sheet("Kontaktstelle A"), sheet("Tagesstätte B", category="tagesstaette")),
        sent("awo", 2, sheet("Kontaktstelle A")),
    )

    assert [(entry.values["facility"], entry.status) for entry in register.entries] == [
        ("Kontaktstelle A", Status.UNCHANGED),
        ("Tagesstätte B", Status.NEW),
    ]


def test_a_row_missing_from_the_newer_sheet_is_flagged_and_kept() -> None:
    register = registered(
        sent("awo", 1, sheet([BRUECKE, "Türkisch"], ["Haus Sonnenschein", "Russisch"])),
        sent("awo", 2, sheet([BRUECKE, "Türkisch"])),
    )

    assert {entry.values["facility"]: entry.status for entry in register.entries} == {
        BRUECKE: Status.UNCHANGED,
        "Haus Sonnenschein": Status.MISSING,
    }
    missing = next(entry for entry in register.entries if entry.status is Status.MISSING)
    assert missing.values["experience"] == "Russisch"
    assert missing.confirmed == day(1)


def test_rows_on_pages_that_did_not_come_back_are_not_missing() -> None:
    register = registered(
        sent("awo", 1, sheet("Haus Nord", "Haus Süd")), sent("awo", 2, sheet("Haus Nord", complete=False))
    )

    assert [entry.status for entry in register.entries] == [Status.UNCHANGED, Status.NEW]


def test_a_missing_row_that_comes_back_is_there_again() -> None:
    entry = next(
        entry
        for entry in registered(
            sent("awo", 1, sheet("Haus Nord", "Haus Süd")),
            sent("awo", 2, sheet("Haus Nord")),
            sent("awo", 3, sheet("Haus Nord", "Haus Süd")),
        ).entries
        if entry.values["facility"] == "Haus Süd"
    )

    assert entry.status is Status.UNCHANGED
    assert [kind for kind, column, *_ in changes(entry) if not column] == ["new", "missing"]


def test_an_emptied_cell_is_flagged_and_its_last_value_stays_shown() -> None:
    entry = only(
        registered(
            sent("awo", 1, sheet([BRUECKE, "Türkisch", "Frau Öztürk"])),
            sent("awo", 2, sheet([BRUECKE, "Türkisch", ""])),
        )
    )

    assert entry.status is Status.EMPTIED
    assert entry.values["contact"] == "Frau Öztürk"
    assert ("emptied", "contact", "Frau Öztürk", "") in changes(entry)


def test_a_cell_that_was_never_touched_says_nothing() -> None:
    entry = only(
        registered(
            sent("awo", 1, sheet([BRUECKE, "Türkisch", "Frau Öztürk"])), sent("awo", 2, sheet([BRUECKE]))
        )
    )

    assert entry.status is Status.UNCHANGED
    assert entry.values["contact"] == "Frau Öztürk"


def test_an_emptied_prefilled_row_is_flagged() -> None:
    before = only(registered(sent("awo", 1, sheet([BRUECKE, "Türkisch"]))))

    entry = only(
        registered(
            sent("awo", 1, sheet([BRUECKE, "Türkisch"])),
            sent("awo", 2, sheet(row(1, ["", "", ""], before.id))),
        )
    )

    assert (entry.id, entry.status, entry.values["facility"]) == (before.id, Status.EMPTIED, BRUECKE)
    assert entry.confirmed == day(1)


def test_words_of_somebody_else_that_were_taken_away_in_a_copy_are_told() -> None:
    """What the office had set itself stood in the copy: only the copy tells, by how sure the empty reading is."""
    first = sent("awo", 1, sheet([BRUECKE]))
    before = only(registered(first))
    hand = edited(before, "contact", "", "Frau Büro", 2)
    for confidence, status in ((0.9, Status.EMPTIED), (1.0, Status.UNCHANGED)):
        cells: dict[str, str | Value] = {"facility": BRUECKE, "contact": Value("", confidence=confidence)}
        entry = only(registered(first, hand, sent("awo", 3, sheet(row(1, cells, before.id)))))
        assert (entry.values["contact"], entry.status) == ("Frau Büro", status)
        assert (entry.confirmed == day(3)) is (status is Status.UNCHANGED)


def test_a_row_emptied_in_a_file_saved_again_is_emptied_not_missing() -> None:
    register = registered(
        sent("awo", 1, sheet("Haus Nord", "Haus Süd")), sent("awo", 2, sheet("Haus Nord", row(2, [""])))
    )

    assert [entry.status for entry in register.entries] == [Status.UNCHANGED, Status.EMPTIED]


def test_a_blank_sheet_says_nothing() -> None:
    with_blank = registered(
        sent("awo", 1, sheet([BRUECKE])), sent("awo", 2, sheet()), sent("awo", 3, sheet([""]))
    )

    assert only(with_blank).status is Status.NEW
    assert with_blank.answers["awo"][FIRST] is Answer.ANSWERED


def test_a_row_without_a_facility_becomes_an_entry_all_the_same() -> None:
    entry = only(registered(sent("awo", 1, sheet({"contact": "Frau Öztürk, 0241 5678"}))))

    assert entry.values == {"contact": "Frau Öztürk, 0241 5678"}
    assert is_entry_id(entry.id)


def test_a_row_without_a_facility_is_known_by_its_other_cells() -> None:
    entry = only(
        registered(
            sent("awo", 1, sheet({"contact": "Frau Öztürk"})),
            sent("awo", 2, sheet({"contact": "Frau  Öztürk", "date": "3.4.26"})),
        )
    )

    assert entry.values == {"contact": "Frau Öztürk", "date": "3.4.26"} or entry.values["date"] == "3.4.26"


def test_rows_are_matched_by_prefilled_id_even_when_the_facility_was_renamed() -> None:
    before = only(registered(sent("awo", 1, sheet([BRUECKE]))))
    renamed = row(1, ["Zentrum für seelische Gesundheit", "neu"], before.id)

    entry = only(registered(sent("awo", 1, sheet([BRUECKE])), sent("awo", 2, sheet(renamed))))

    assert entry.id == before.id
    assert ("changed", "facility", BRUECKE, "Zentrum für seelische Gesundheit") in changes(entry)


def test_prefilled_rows_moved_down_to_insert_one_are_recognised() -> None:
    first = sent("awo", 1, sheet(["Haus Nord", "Polnisch"], ["Haus Süd", "Farsi"]))
    north, south = registered(first).entries

    register = registered(
        first,
        sent(
            "awo",
            2,
            sheet(
                row(1, ["Haus Ost", "Arabisch"], north.id),
                row(2, ["Haus Nord", "Polnisch"], south.id),
                row(3, ["Haus Süd", "Farsi"]),
            ),
        ),
    )

    assert {entry.values["facility"]: entry.status for entry in register.entries} == {
        "Haus Nord": Status.UNCHANGED,
        "Haus Süd": Status.UNCHANGED,
        "Haus Ost": Status.NEW,
    }
    assert {entry.id for entry in register.entries} >= {north.id, south.id}


def test_facilities_written_otherwise_are_the_same_row() -> None:
    entry = only(
        registered(
            sent("awo", 1, sheet(["Kontaktstelle Die Brücke e.V., Hauptstr. 12, 52062 Aachen", "alt"])),
            sent("awo", 2, sheet(["Kontaktstelle die Bruecke, Hauptstraße 12, 52062 Aachen", "neu"])),
        )
    )

    assert entry.values["experience"] == "neu"


def test_a_row_that_says_what_another_said_before_its_correction_is_a_row_of_its_own() -> None:
    returns = [
        sent("awo", 1, sheet(["Haus Nord", "a"])),
        sent("drk", 1, sheet(["Haus Nord", "a"])),
        sent("awo", 2, sheet(["Haus Nordd", "a"])),
        sent("awo", 3, sheet(["Haus Nordd", "a"], ["Haus Nord", "a"])),
    ]

    register = registered(*returns)

    assert facilities(register) == ["Haus Nord", "Haus Nordd"]
    assert [entry.conflicts for entry in registered(*returns[1:]).entries] == [(), ()]


def test_equal_rows_that_a_newer_return_tells_apart_are_two() -> None:
    twice = sent("awo", 1, sheet(["Wohngruppe", "a"], ["Wohngruppe", "a"]))

    assert facilities(registered(twice)) == ["Wohngruppe"]
    later = registered(twice, sent("awo", 2, sheet(["Wohngruppe", "b"], ["Wohngruppe", "c"])))
    assert sorted(entry.values["experience"] for entry in later.entries) == ["b", "c"]
    assert [len(entry.duplicates) for entry in later.entries] == [1, 1]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Український дім", "Русский клуб"),
        ("بيت السلام", "مركز الأمل"),
        ("?", "–"),
        ("Die", "Der"),
        ("e.V.", "gGmbH"),
    ],
)
def test_names_in_any_script_tell_facilities_apart(one: str, two: str) -> None:
    register = registered(sent("awo", 1, sheet([one, "a"])), sent("awo", 2, sheet([two, "b"])))

    assert {entry.values["facility"]: entry.status for entry in register.entries} == {
        one: Status.MISSING,
        two: Status.NEW,
    }


def test_of_equal_facilities_the_row_number_tells_which() -> None:
    register = registered(
        sent("awo", 1, sheet(["Caritas", "Suchtberatung"], ["Caritas", "Schuldnerberatung"])),
        sent("awo", 2, sheet(["Caritas", "Suchtberatung, neu"], ["Caritas", "Schuldnerberatung, neu"])),
    )

    assert sorted(entry.values["experience"] for entry in register.entries) == [
        "Schuldnerberatung, neu",
        "Suchtberatung, neu",
    ]


def test_equal_facilities_that_cannot_be_told_apart_are_all_kept() -> None:
    register = registered(
        sent("awo", 1, sheet(["Caritas", "a"], ["Caritas", "b"])),
        sent("awo", 2, sheet(row(7, ["Caritas", "c"]), row(8, ["Caritas", "d"]))),
    )

    assert {entry.values["experience"] for entry in register.entries} == {"a", "b", "c", "d"}


def test_two_rows_that_are_as_much_like_the_known_one_are_both_new() -> None:
    register = registered(
        sent("awo", 1, sheet("Kontaktstelle Regenbogen")),
        sent("awo", 2, sheet(row(7, "Kontaktstelle Regenbogenk"), row(8, "Kontaktstelle Regenbogenm"))),
    )

    assert {entry.values["facility"]: entry.status for entry in register.entries} == {
        "Kontaktstelle Regenbogen": Status.MISSING,
        "Kontaktstelle Regenbogenk": Status.NEW,
        "Kontaktstelle Regenbogenm": Status.NEW,
    }


@pytest.mark.parametrize(
    ("edition", "status"), [("a00000000", Status.EMPTIED), ("b00000000", Status.MISSING)]
)
def test_an_empty_row_stands_for_what_stood_there_on_the_same_edition_only(
    edition: str, status: Status
) -> None:
    register = registered(
        sent("awo", 1, sheet("Haus Nord", "Haus Süd"), edition="a00000000"),
        sent("awo", 2, sheet("", "Haus Süd"), edition=edition),
    )

    assert {entry.values["facility"]: entry.status for entry in register.entries}["Haus Nord"] is status


def test_a_row_without_a_facility_is_not_taken_for_the_named_one_that_stood_there() -> None:
    register = registered(
        sent("awo", 1, sheet(["Haus Nord", "Türkisch"])), sent("awo", 2, sheet(["", "Kurdisch"]))
    )

    assert {entry.values["experience"]: entry.status for entry in register.entries} == {
        "Türkisch": Status.MISSING,
        "Kurdisch": Status.NEW,
    }


def test_two_returns_at_the_same_moment_are_taken_by_their_hash() -> None:
    one = sent("awo", 1, sheet([BRUECKE, "eins"]), name="aaa")
    two = sent("awo", 1, sheet([BRUECKE, "zwei"]), name="bbb")

    assert registered(one, two) == registered(two, one)
    assert only(registered(two, one)).values["experience"] == "zwei"


def test_forms_joined_into_one_return_are_one_statement() -> None:
    halves = (
        sent("awo", 1, sheet("Haus Nord"), name="joined", edition="a00000000"),
        sent("awo", 1, sheet("Haus Süd"), name="joined", edition="b00000000"),
    )

    assert [entry.status for entry in registered(*halves).entries] == [Status.NEW, Status.NEW]
    assert registered(*halves) == registered(*reversed(halves))


def joined(*sheets: Sheet) -> list[Submission]:
    """Copies of one form, joined into one file."""
    return [
        sent("awo", 1, one, name="joined", edition=f"{letter}00000000")
        for letter, one in zip("ab", sheets, strict=True)
    ]


def test_of_copies_in_one_file_that_say_the_same_the_surest_reading_counts() -> None:
    unsure, surer = (sheet([BRUECKE, read_as("Türkisch", Method.OCR, sure)]) for sure in (0.6, 0.9))

    for copies in (joined(unsure, surer), joined(surer, unsure)):
        assert [check.confidence for check in only(registered(*copies)).checks] == [0.9]


def test_what_one_copy_in_a_file_holds_beside_the_same_words_is_not_lost() -> None:
    doubled = sheet([BRUECKE, read_as("Türkisch", Method.WIDGET, 1.0, "Kurdisch")])

    for copies in (
        joined(sheet([BRUECKE, "Türkisch"]), doubled),
        joined(doubled, sheet([BRUECKE, "Türkisch"])),
    ):
        (conflict,) = only(registered(*copies)).conflicts
        assert (conflict.shown.text, [claim.text for claim in conflict.others]) == ("Türkisch", ["Kurdisch"])


def test_a_nil_return_in_one_of_the_copies_in_a_file_is_told_with_its_page() -> None:
    ticked = replace(sheet(nil=True), page=31)

    for copies in (joined(sheet(), ticked), joined(ticked, sheet())):
        (nil,) = registered(*copies).nils
        assert [source.page for source in nil.sources] == [31]


def test_a_nil_return_is_an_answer() -> None:
    register = registered(sent("awo", 1, sheet(nil=True)))

    (nil,) = register.nils
    assert (nil.category, nil.reporter, nil.contradicted, nil.withdrawn) == (FIRST, "awo", False, False)
    assert register.answers["awo"] == {
        FIRST: Answer.NIL,
        "tagesstaette": Answer.NOT_RETURNED,
        "wohnen": Answer.NOT_RETURNED,
    }


def test_a_nil_return_that_also_lists_facilities_is_contradicted() -> None:
    register = registered(sent("awo", 1, sheet(BRUECKE, nil=True)))

    assert register.nils[0].contradicted
    assert only(register).values["facility"] == BRUECKE
    assert register.answers["awo"][FIRST] is Answer.ANSWERED


def test_a_later_list_withdraws_a_nil_return_and_a_later_nil_return_flags_the_list() -> None:
    listed = registered(sent("awo", 1, sheet(nil=True)), sent("awo", 2, sheet(BRUECKE)))
    closed = registered(sent("awo", 1, sheet(BRUECKE)), sent("awo", 2, sheet(nil=True)))

    assert (listed.nils[0].withdrawn, listed.answers["awo"][FIRST]) == (True, Answer.ANSWERED)
    assert (only(closed).status, closed.answers["awo"][FIRST]) == (Status.MISSING, Answer.NIL)


def test_a_doubtful_cell_asks_to_be_checked() -> None:
    entry = only(registered(sent("awo", 1, sheet([BRUECKE, read_as("Türkisch", Method.FLATTENED, 0.8)]))))

    (check,) = entry.checks
    assert (check.column, check.text, check.method, check.confidence) == (
        "experience",
        "Türkisch",
        Method.FLATTENED,
        0.8,
    )


def test_the_same_words_read_better_later_need_no_check() -> None:
    entry = only(
        registered(
            sent("awo", 1, sheet([BRUECKE, read_as("Türkisch", Method.OCR, 0.8)])),
            sent("awo", 2, sheet([BRUECKE, "Türkisch"])),
        )
    )

    assert entry.checks == ()


def test_the_same_words_read_worse_later_need_none_either() -> None:
    entry = only(
        registered(
            sent("awo", 1, sheet([BRUECKE, "Türkisch"])),
            sent("awo", 2, sheet([BRUECKE, read_as("Türkisch", Method.OCR, 0.8)])),
        )
    )

    assert entry.checks == ()


def test_a_row_with_a_cell_emptied_and_another_changed_is_told_as_emptied() -> None:
    entry = only(
        registered(
            sent("awo", 1, sheet([BRUECKE, "Türkisch", "Frau Öztürk"])),
            sent("awo", 2, sheet([BRUECKE, "", "Herr Şahin"])),
        )
    )

    assert entry.status is Status.EMPTIED
    assert (entry.values["experience"], entry.values["contact"]) == ("Türkisch", "Herr Şahin")


def test_a_row_that_stays_missing_is_told_once() -> None:
    returns = [sent("awo", on, sheet("Haus Nord")) for on in (2, 3, 4)]
    _, gone = registered(sent("awo", 1, sheet("Haus Nord", "Haus Süd")), *returns).entries

    assert gone.status is Status.MISSING
    assert [kind for kind, column, *_ in changes(gone) if not column] == ["new", "missing"]


def test_two_values_in_one_cell_of_one_return_contradict_each_other() -> None:
    entry = only(
        registered(sent("awo", 1, sheet([BRUECKE, read_as("Türkisch", Method.WIDGET, 1.0, "Kurdisch")])))
    )

    (conflict,) = entry.conflicts
    assert (conflict.shown.text, [claim.text for claim in conflict.others]) == ("Türkisch", ["Kurdisch"])
    assert entry.checks[0].alternatives == ("Kurdisch",)
    assert ("alternative", "experience", "Kurdisch", "Türkisch") in changes(entry)


def test_entries_stand_in_the_forms_order_then_by_facility() -> None:
    register = registered(
        sent("awo", 1, sheet("Zebra", "Ärztehaus", "Bär"), sheet("Anker", category="wohnen")),
        sent("drk", 1, sheet("Mitte", category="tagesstaette")),
    )

    assert facilities(register) == ["Ärztehaus", "Bär", "Zebra", "Mitte", "Anker"]


def test_no_submissions_no_entries() -> None:
    assert merge([], LAYOUT).entries == ()
