"""One answer for a facility that stands in several rows of the sheet of possible duplicates."""

from __future__ import annotations

import pytest

from harvest.register.view.block_answers import with_block_answers
from spec.words import words

DE = words("de")


def answers(*said: str, reason: str = "dieselbe Einrichtung") -> list[str]:
    rows = [
        (number, {"id": "a", "other-id": f"b{number}", "reason": reason, "same-as": one})
        for number, one in enumerate(said, start=2)
    ]
    return [texts["same-as"] for _, texts in with_block_answers(rows, DE)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("alle: ja", "", ""), ["ja", "ja", "ja"]),
        (("", "Alle: Nein ", ""), ["nein", "nein", "nein"]),
        (("alle: ja", "nein", ""), ["ja", "nein", "ja"]),
        (("ja", "", ""), ["ja", "", ""]),
        (("alle: ja", "alle: nein", ""), ["alle: ja", "alle: nein", ""]),
    ],
)
def test_an_answer_for_all_holds_where_no_other_stands(said: tuple[str, ...], expected: list[str]) -> None:
    assert answers(*said) == expected


def test_rows_that_are_no_block_answer_for_themselves() -> None:
    assert answers("alle: ja", "", reason="ähnlicher Name") == ["alle: ja", ""]


def test_another_entry_on_the_left_is_another_block() -> None:
    rows = [
        (2, {"id": "a", "reason": DE("duplicate.same-facility"), "same-as": "alle: ja"}),
        (3, {"id": "c", "reason": DE("duplicate.same-facility"), "same-as": ""}),
    ]

    assert [texts["same-as"] for _, texts in with_block_answers(rows, DE)] == ["ja", ""]
