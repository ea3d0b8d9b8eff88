"""Many entries for one facility: one block, and no cap that drops any in silence."""

from __future__ import annotations

import pytest

from harvest.merge import duplicate_proposals
from harvest.merge.facilities import blocks, similarity
from harvest.merge.facilities.similarity import SAME_FACILITY
from harvest.model import Register, Submission
from tests.harvest.merge.build import different, registered, same, sent, sheet

CRISIS = "Krisendienst Region Nord, Ringstr. 1, 52062 Aachen"


def _said(number: int, facility: str) -> Submission:
    return sent(f"p{number}", number % 28 + 1, sheet((facility, "", f"Frau {number}")))


def partners(count: int, facility: str = CRISIS) -> Register:
    return registered(*(_said(number, facility) for number in range(count)))


@pytest.mark.parametrize("count", [2, 60, 61, 200])
def test_every_member_of_a_block_is_proposed_beside_its_oldest(count: int) -> None:
    register = partners(count)
    pairs = {frozenset((one.entry_id, one.other)) for entry in register.entries for one in entry.duplicates}
    hub = [entry for entry in register.entries if len(entry.duplicates) == count - 1]

    assert len(register.entries) == count
    assert len(pairs) == count - 1
    assert {one.reason for entry in register.entries for one in entry.duplicates} == {SAME_FACILITY}
    assert len(hub) == (count if count == 2 else 1)


def test_a_block_takes_linear_work(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def counting(*both: object) -> object:
        nonlocal compared
        compared += 1
        return real(*both)  # type: ignore[arg-type]

    real = similarity.compare
    monkeypatch.setattr(duplicate_proposals, "compare", counting)
    monkeypatch.setattr(blocks, "compare", counting)
    partners(1000)

    assert compared == 999


def test_a_member_told_apart_from_the_oldest_begins_a_block_of_its_own() -> None:
    register = partners(4)
    oldest = max(register.entries, key=lambda entry: len(entry.duplicates))
    other = next(entry for entry in register.entries if entry is not oldest)
    said_again = registered(
        *(_said(number, CRISIS) for number in range(4)),
        different(oldest, other, on=30),
    )
    by_id = {entry.id: entry for entry in said_again.entries}

    assert other.id not in {one.other for one in by_id[oldest.id].duplicates}
    assert all(entry.duplicates for entry in said_again.entries if entry.id != other.id)


def test_joining_two_leaves_the_others_proposed() -> None:
    register = partners(4)
    oldest = max(register.entries, key=lambda entry: len(entry.duplicates))
    other = next(entry for entry in register.entries if entry is not oldest)
    joined = registered(
        *(_said(number, CRISIS) for number in range(4)),
        same(oldest, other, on=30),
    )

    assert len(joined.entries) == 3
    assert max(len(entry.duplicates) for entry in joined.entries) == 2


def test_what_was_compared_with_the_nearest_only_is_counted() -> None:
    names = [f"Haus {number} Gruppe" for number in range(100, 200)]
    register = registered(
        *(
            sent(f"p{number}", 1, sheet(f"{name}, Ringstr. 1, 52062 Aachen"))
            for number, name in enumerate(names)
        )
    )

    assert register.uncompared == len(names)
    assert partners(200).uncompared == 0


def test_spellings_of_one_facility_are_one_entry() -> None:
    spellings = [
        "Lebenshilfe e.V., Köln", "Lebenshilfe e. V., Koeln", "LEBENSHILFE EV, KÖLN", "Lebens\u00adhilfe e.V., Ko\u0308ln",
        "Lebenshilfe\u00a0e.V.,\u200bKöln", "\u202aLebenshilfe\u202c e.V., Köln",
    ]  # fmt: skip
    register = registered(
        *(
            sent(f"p{number}", number + 1, sheet((name, "", "Frau Alt")))
            for number, name in enumerate(spellings)
        )
    )

    assert len(register.entries) == 1
    assert (
        register.entries[0].values["facility"] == spellings[-1]
        or register.entries[0].values["facility"] in spellings
    )
    assert not register.entries[0].conflicts
    assert len(register.entries[0].aliases) >= len(spellings) - 1


def test_spellings_with_other_contacts_are_one_block() -> None:
    spellings = [
        "Lebenshilfe e.V., Köln",
        "Lebens\u00adhilfe e. V., Ko\u0308ln",
        "Leben\u200bshilfe e.V., Koeln",
    ]
    register = registered(
        *(
            sent(f"p{number}", number + 1, sheet((name, "", f"Frau {number}")))
            for number, name in enumerate(spellings)
        )
    )

    assert len(register.entries) == len(spellings)
    assert {one.reason for entry in register.entries for one in entry.duplicates} == {"same-facility"}


def test_names_that_are_only_alike_are_two_entries_and_proposed() -> None:
    register = registered(
        sent("a", 1, sheet(("Praxis Łukasz Żak", "", "x"))),
        sent("b", 2, sheet(("Praxis Lukasz Zak", "", "x"))),
    )

    assert len(register.entries) == 2
    assert all(entry.duplicates for entry in register.entries)
