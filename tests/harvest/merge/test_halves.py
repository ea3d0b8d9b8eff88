"""A half file never rules: older than any whole one, and gone from the register as soon as the whole file comes."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harvest.merge import Part, wholes
from harvest.model import (
    HandEdit,
    Moment,
    Register,
    Reporter,
    ReporterKind,
    Row,
    Sheet,
    Status,
    Submission,
    TimeSource,
    Unread,
)
from tests.harvest.merge.build import COLUMNS, FIRST, day, registered, row, sent, sheet
from tests.harvest.merge.test_properties import MODEST, SHEETS


def half(said: Submission, on: int, *sheets: Sheet, name: str = "half", nameless: bool = False) -> Submission:
    """What is left of a return in a damaged file that lies there since a day."""
    cut = replace(
        said,
        return_id=name,
        file=f"{name}.pdf",
        moment=Moment(day(on), TimeSource.FILE),
        sheets=sheets or said.sheets,
        damaged=True,
    )
    return replace(cut, reporter=Reporter(ReporterKind.RETURN, name, cut.file)) if nameless else cut


def shown(register: Register) -> dict[str, str]:
    """Facility -> contact."""
    return {one.values.get("facility", ""): one.values.get("contact", "") for one in register.entries}


def in_every_order(*said: Submission) -> Register:
    """The one register of these returns."""
    registers = {repr(registered(*order)) for order in permutations(said)}
    assert len(registers) == 1
    return registered(*said)


WHOLE = sent("a", 5, sheet(("Haus Nord", "", "030 1"), ("Haus Süd", "", "030 2")))


def test_a_half_file_alone_counts() -> None:
    register = registered(half(WHOLE, 9, nameless=True))

    assert shown(register) == {"Haus Nord": "030 1", "Haus Süd": "030 2"}
    assert register.entries[0].confirmed == day(9)


def test_with_the_whole_file_the_register_is_as_if_the_half_one_had_never_come() -> None:
    for part in (
        half(WHOLE, 9),
        half(WHOLE, 9, nameless=True),
        half(WHOLE, 9, sheet(("Haus Nord",)), nameless=True),
        half(WHOLE, 1, sheet(row(2, ("Haus Sü",))), nameless=True),
    ):
        found = in_every_order(WHOLE, part)

        expected = registered(WHOLE)
        assert [replace(one, aliases=()) for one in found.entries] == [
            replace(one, aliases=()) for one in expected.entries
        ]
        assert found.answers == expected.answers
        assert wholes((WHOLE, part)) == {Part.of(part): Part.of(WHOLE)}


def test_a_half_file_is_older_than_an_older_whole_one_that_says_something_else() -> None:
    newer = half(
        WHOLE, 9, sheet(("Haus Nord", "", "040 9"), ("Haus Süd", "", "030 2"), ("Haus West", "", "1"))
    )

    register = in_every_order(WHOLE, newer)

    by_name = {one.values["facility"]: one for one in register.entries}
    assert shown(register) == {"Haus Nord": "030 1", "Haus Süd": "030 2", "Haus West": "1"}
    assert by_name["Haus West"].status is Status.MISSING  # it is not lost, and a person sees it
    assert ("040 9", "030 1") in {(one.old, one.new) for one in by_name["Haus Nord"].history}


def test_what_a_half_file_lacks_is_not_missing() -> None:
    cut = half(WHOLE, 9, sheet(("Haus Nord", "", "040 9")))
    last_year = sent("a", 1, sheet(("Haus Nord", "", "030 0"), ("Haus Süd", "", "030 2")))

    assert {one.status for one in in_every_order(last_year, cut).entries} == {Status.CHANGED, Status.NEW}


def test_against_another_partner_the_whole_file_shows() -> None:
    """Both stand among the contradictions; the half one says when it came."""
    other = sent("b", 2, sheet(("Haus Nord", "", "1", "", "ja")))
    cut = half(sent("a", 1), 9, sheet(("Haus Nord", "", "1", "", "nein")))
    first = registered(other, cut)
    one, two = (entry.id for entry in first.entries)
    from harvest.model import Decision, DecisionKind

    register = registered(other, cut, Decision(DecisionKind.SAME, one, day(20), two))

    (entry,) = register.entries
    assert entry.values["date"] == "ja"
    assert [claim.text for conflict in entry.conflicts for claim in conflict.others] == ["nein"]


def test_a_damaged_copy_with_the_date_of_the_whole_file_gives_way_to_it() -> None:
    for name in ("0", "zzz"):
        copy = replace(half(WHOLE, 5, sheet(("Haus Nord", "", "Ã¼ 1")), name=name), moment=WHOLE.moment)
        assert shown(in_every_order(WHOLE, copy))["Haus Nord"] == "030 1"


def test_a_damaged_file_that_says_itself_that_it_is_newer_is() -> None:
    newer = replace(
        half(WHOLE, 9, sheet(("Haus Nord", "", "030 1"))), moment=Moment(day(9), TimeSource.MOD_DATE)
    )

    register = in_every_order(WHOLE, newer)

    assert wholes((WHOLE, newer)) == {}
    assert {one.values["facility"]: one.status for one in register.entries}["Haus Süd"] is Status.MISSING


def test_half_of_a_half_gives_way_too() -> None:
    less = half(WHOLE, 9, sheet(("Haus Nord",)), name="less", nameless=True)
    more = half(WHOLE, 8, sheet(("Haus Nord", "", "030 1")), name="more", nameless=True)

    assert shown(in_every_order(less, more)) == {"Haus Nord": "030 1"}
    assert shown(in_every_order(less, more, WHOLE)) == shown(registered(WHOLE))


def test_what_people_wrote_beside_a_half_file_stays_with_the_whole_one() -> None:
    part = half(WHOLE, 9, sheet(("Haus Nord",)), nameless=True)
    (entry,) = registered(part).entries
    edit = HandEdit(entry.id, "contact", "", "von Hand", day(10))

    register = registered(WHOLE, part, edit)

    assert shown(register)["Haus Nord"] == "von Hand"
    assert entry.id in {one for found in register.entries for one in (found.id, *found.aliases)}


def test_nobody_takes_another_partners_half_for_the_own_one() -> None:
    theirs = replace(half(WHOLE, 9), reporter=Reporter(ReporterKind.TOKEN, "b", "b"))

    assert wholes((WHOLE, theirs)) == {}
    assert registered(WHOLE, theirs).answering == 2


def test_what_nobody_has_read_yet_has_to_stand_in_the_whole_file_too() -> None:
    inked = Row(3, {}, None, (Unread("facility", 2),))
    part = half(WHOLE, 9, Sheet(FIRST, (*WHOLE.sheets[0].rows, inked), False, 2))

    assert wholes((WHOLE, part)) == {}
    assert wholes((replace(WHOLE, sheets=part.sheets), part)) != {}


@st.composite
def cuts(draw: Any) -> list[Submission]:
    """Whole returns, and damaged ones that lack some of what one of them says."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        sheets = draw(st.lists(SHEETS, min_size=1, max_size=2, unique_by=lambda one: one.category))
        made.append(
            sent(draw(st.sampled_from("ab")), draw(st.integers(1, 4)), *sheets, name=f"whole{number}")
        )
    for number in range(draw(st.integers(1, 3))):
        source = draw(st.sampled_from(made))
        sheets = [
            replace(one, rows=tuple(kept for kept in one.rows if draw(st.booleans())))
            for one in source.sheets
        ]
        cut = half(
            source, draw(st.integers(1, 6)), *sheets, name=f"half{number}", nameless=draw(st.booleans())
        )
        made.append(replace(cut, moment=source.moment) if draw(st.booleans()) else cut)
    return made


@MODEST
@given(cuts(), st.randoms(use_true_random=False))
def test_the_order_of_half_and_whole_files_changes_nothing(said: list[Submission], mixed: Any) -> None:
    shuffled = list(said)
    mixed.shuffle(shuffled)
    assert registered(*shuffled, *shuffled[:1]) == registered(*said)


@MODEST
@given(cuts())
def test_what_is_half_of_a_whole_file_leaves_no_trace_beside_it(said: list[Submission]) -> None:
    whole = [one for one in said if not one.damaged]
    expected, found = registered(*whole), registered(*said)

    assert {part.return_id for part in wholes(said)} <= {one.return_id for one in said if one.damaged}
    words = {one.return_id for one in said if any(row.values for sheet in one.sheets for row in sheet.rows)}
    if words & {one.return_id for one in said if one.damaged} <= {part.return_id for part in wholes(said)}:
        assert [one.values for one in found.entries] == [one.values for one in expected.entries]
        assert {one.id for one in expected.entries} <= {one.id for one in found.entries}
    assert set(COLUMNS) >= {column for one in found.entries for column in one.values}
