"""How well the likeness of facilities agrees with people, and where."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.merge.facilities.blocks import CROWDED, Index, pairs
from harvest.merge.facilities.facility_parts import fold, take_apart
from harvest.merge.facilities.similarity import (
    MATCH,
    PROPOSE,
    REASONS,
    SAME_FACILITY,
    SAME_PHONE,
    at_one_door,
    compare,
)

PAIRS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("pairs.toml").read_text(encoding="utf-8")
)["pairs"]


def score(one: str, two: str) -> float:
    return compare(take_apart(one), take_apart(two)).score


def test_a_facility_that_is_called_by_its_number_alone_is_known_by_it() -> None:
    same = compare(take_apart("0241 12345"), take_apart("(0241) 12345"))
    assert same.score >= MATCH
    other = take_apart("030 99988")
    assert take_apart("0241 12345").key != other.key
    assert compare(take_apart("0241 12345"), other).score < PROPOSE


def measure(chosen: list[dict[str, Any]], threshold: float) -> tuple[float, float]:
    """Precision and recall."""
    said = [(score(pair["one"], pair["two"]) >= threshold, pair["same"]) for pair in chosen]
    right = sum(hit and same for hit, same in said)
    return right / max(1, sum(hit for hit, _ in said)), right / sum(same for _, same in said)


@pytest.mark.parametrize(
    ("which", "threshold", "precision", "recall"),
    [
        ("tuned", PROPOSE, 0.96, 0.96),
        ("others", PROPOSE, 0.90, 0.93),  # what to expect of facilities never seen
        ("tuned", MATCH, 0.96, 0.70),
        ("others", MATCH, 0.95, 0.70),
    ],
)
def test_precision_and_recall(which: str, threshold: float, precision: float, recall: float) -> None:
    chosen = [pair for pair in PAIRS if pair["tuned"] == (which == "tuned")]

    measured = measure(chosen, threshold)

    print(
        f"{which} from {threshold}: precision {measured[0]:.3f}, recall {measured[1]:.3f}, {len(chosen)} pairs"
    )
    assert len(PAIRS) >= 120
    assert measured[0] >= precision
    assert measured[1] >= recall


def test_the_order_of_a_pair_changes_nothing() -> None:
    for pair in PAIRS:
        assert score(pair["one"], pair["two"]) == score(pair["two"], pair["one"])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Müller", "Mueller"),
        ("Straße", "STRASSE"),
        ("Şefkat", "Sefkat"),
        ("Łączność", "Lacznosc"),
        ("Yılmaz", "Yilmaz"),
        ("Ærø", "Aro"),
        ("Дім", "Dim"),
        ("Ελληνική", "Elliniki"),
        ("بَيْت السَّلامة", "بيت السلامه"),
    ],
)
def test_spellings_that_fold_to_the_same(one: str, two: str) -> None:
    assert fold(one) == fold(two)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("Tel. 0241 47489", "24147489"),
        ("+49 (0)241 47489", "24147489"),
        ("0049 241/474-89", "24147489"),
        ("+49 241 47489, Mo-Fr 9-17 Uhr", "24147489"),
        ("52062 Aachen", None),
        ("Hauptstr. 12", None),
    ],
)
def test_telephone_numbers(text: str, digits: str | None) -> None:
    assert take_apart(text).phones == (frozenset() if digits is None else {digits})


def test_a_facility_taken_apart() -> None:
    facility = take_apart(
        "Kontaktstelle Die Brücke e.V., Hauptstraße 12a, 52062 Aachen, Mo-Fr 9-17 Uhr, Tel. 0241 47489"
    )

    assert facility.name == ("kontaktstell", "bruck")
    assert (facility.street, facility.number, facility.postal, facility.town) == (
        "hauptstr",
        "12a",
        "52062",
        "aachen",
    )
    assert facility.phones == {"24147489"}


def test_the_reason_is_the_strongest_evidence() -> None:
    same = take_apart("Die Brücke, Hauptstr. 12, 52062 Aachen")
    phone = take_apart("Brücke Beratung, Tel. 0241 47489"), take_apart("Die Brücke (Café), 0241/47489")

    assert compare(same, same).reason == SAME_FACILITY
    assert compare(*phone).reason == SAME_PHONE


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("A, Hauptstr. 1, 52062 Aachen", "B, Hauptstr. 1, 52062 Aachen", True),
        ("A, Hauptstr. 1, 52062 Aachen", "B, Hauptstr. 1", True),
        ("A, Hauptstr. 1, 52062 Aachen", "B, Hauptstr. 1, 50667 Köln", False),
        ("A, Hauptstr. 1, 52062 Aachen", "B, Hauptstr. 2, 52062 Aachen", False),
        ("A, Oppenhoffallee 1, 52066 Aachen", "B, Oppenhofallee 1, 52066 Aachen", True),
        ("A, Oppenhoffallee 1, 52066 Aachen", "B, Oppenhofallee 1", False),
    ],
)
def test_one_door_is_street_and_number_in_one_place(one: str, two: str, same: bool) -> None:
    assert at_one_door(take_apart(one), take_apart(two)) is same


def test_one_switchboard_does_not_make_one_facility_of_two() -> None:
    assert score("Wohngruppe 1, Tel. 0241 47489", "Wohngruppe 2, Tel. 0241 47489") < PROPOSE


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_compared(one: str, two: str) -> None:
    likeness = compare(take_apart(one), take_apart(two))

    assert 0 <= likeness.score <= 100
    assert likeness.reason in REASONS


def test_candidates_beyond_a_place_are_all_candidates_beyond_it() -> None:
    facilities = [take_apart(pair[side]) for pair in PAIRS for side in ("one", "two")]
    index = Index(facilities)

    for place, one in enumerate(facilities):
        everything = index.candidates(one)
        assert place in everything or not everything
        for after in (place - 1, place, len(facilities)):
            assert index.candidates(one, after) == [other for other in everything if other > after]


def test_telephone_numbers_are_all_that_a_contact_adds() -> None:
    text = "Haus Nord, Weg 1, 52062 Aachen, Tel. 0241 123456"
    alone, more = take_apart(text), take_apart(text, "Frau X, 0241 654321")

    assert more.phones == {"241123456", "241654321"}
    assert alone.phones == {"241123456"}
    assert (more.name, more.postal, more.town, more.street, more.number) == (
        alone.name, alone.postal, alone.town, alone.street, alone.number,
    )  # fmt: skip
    assert take_apart(text, "ohne Nummer") == alone


def test_blocks_miss_next_to_nothing_that_comparing_all_would_find() -> None:
    facilities = [take_apart(pair[side]) for pair in PAIRS for side in ("one", "two")]

    everything = {
        (left, right)
        for right in range(len(facilities))
        for left in range(right)
        if compare(facilities[left], facilities[right]).score >= PROPOSE
    }
    blocked = {(left, right) for left, right, _ in pairs(Index(facilities))}

    assert blocked <= everything
    assert len(blocked) >= 0.98 * len(everything)


def test_a_crowd_of_equal_names_costs_no_square() -> None:
    """1,000 times "Caritas" alone: each is compared with as many as fit an ordinary block, and that is counted."""
    crowd = [take_apart("Caritas")] * 1000

    assert len(Index(crowd).candidates(crowd[0])) <= CROWDED
    assert Index(crowd).uncompared == 1000
    assert len(Index(crowd[:CROWDED]).candidates(crowd[0])) == CROWDED
