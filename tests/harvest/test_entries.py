"""Entries are named as people name them: by an id, by the facility's name, by a part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvest.commands.decide import Wanted, decide
from harvest.commands.run import Request, harvest_returns
from harvest.commands.show import show_file
from harvest.entries import AmbiguousEntryError, UnknownEntryError
from harvest.history.diff import difference
from harvest.history.why import why
from harvest.say.changes import decided
from harvest.say.changes import difference as difference_lines
from harvest.say.results import show as shown
from harvest.say.why import because
from spec.errors import WrongInputError
from tests.harvest.offices import Office, filled


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.at(tmp_path / "office")
    rows = [
        ("Haus Müller-Straße\nBachweg 1", "Frau A"),
        ("Haus am Markt", "Herr B"),
        ("Haus am Markt e.V.", "Frau C"),
    ]
    office.drop("a.pdf", filled("A", {"wohnheim": rows}))
    office.drop("b.pdf", filled("B", {"wohnheim": [("Haus am Markt", "Frau D")]}, day=2))
    harvest_returns(Request(office.workspace))
    return office


def named(office: Office, text: str) -> str:
    return why(office.workspace, text)[0].entry.values["kontakt"]


@pytest.mark.parametrize(
    "text",
    [
        "Haus Müller-Straße",
        "haus mueller strasse",
        "MÜLLER",
        "Bachweg",
        "  müller   haus ",
        "Haus Müller-Straße\nBachweg 1",
    ],
)
def test_a_name_or_the_only_one_with_such_a_part_is_found(office: Office, text: str) -> None:
    assert named(office, text) == "Frau A"


def test_a_whole_name_goes_before_a_part_of_another(office: Office) -> None:
    assert named(office, "Haus am Markt e.V.") == "Frau C"


def test_of_several_all_are_named_with_their_ids(office: Office) -> None:
    both = [one for one in office.twin() if one["values"]["einrichtung"] == "Haus am Markt"]
    with pytest.raises(AmbiguousEntryError) as error:
        why(office.workspace, "Haus am Markt")
    for one in both:
        assert f"{one['id']} (Haus am Markt, " in str(error.value)


@pytest.mark.parametrize("text", ["Haus Nirgend", "", "–", "x7"])
def test_what_nobody_is_called_is_unknown(office: Office, text: str) -> None:
    with pytest.raises(UnknownEntryError):
        why(office.workspace, text)


def test_who_misspells_a_name_is_told_the_right_one(office: Office) -> None:
    with pytest.raises(UnknownEntryError, match="Did you mean 'Haus Müller-Straße'"):
        why(office.workspace, "Haus Mülller-Strase")


def test_a_deleted_entry_is_found_by_its_name(office: Office) -> None:
    office.delete("Haus Müller-Straße")
    harvest_returns(Request(office.workspace))
    assert why(office.workspace, "Müller")[0].stands == "deleted"


def test_the_other_one_of_a_pair_may_have_the_same_name(office: Office) -> None:
    both = sorted(one["id"] for one in office.twin() if one["values"]["einrichtung"] == "Haus am Markt")

    one, _ = decide(office.workspace, Wanted(both[0], different_from=("haus am markt",)), dry_run=True)
    other, _ = decide(office.workspace, Wanted("Haus am Markt", same_as=(both[1],)), dry_run=True)

    assert [(each.decisions[0].entry_id, each.decisions[0].other) for each in (one, other)] == [
        tuple(both)
    ] * 2


def test_who_parts_what_was_joined_by_name_is_told_the_id_for_it(office: Office) -> None:
    both = [one["id"] for one in office.twin() if one["values"]["einrichtung"] == "Haus am Markt"]
    decide(office.workspace, Wanted(both[0], same_as=(both[1],)))
    with pytest.raises(WrongInputError) as error:
        decide(office.workspace, Wanted("Haus am Markt", different_from=("Haus am Markt",)))
    assert any(one in str(error.value) for one in both)


def test_a_column_is_named_by_a_part_of_its_heading(office: Office) -> None:
    done, _ = decide(office.workspace, Wanted("Müller", choose=(("kont", "Frau Neu"),)), dry_run=True)
    assert done.decisions[0].column == "kontakt"
    with pytest.raises(WrongInputError, match="Several columns"):
        decide(office.workspace, Wanted("Müller", choose=(("n", "x"),)), dry_run=True)


def test_what_people_read_has_headings_and_names(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    entry = office.entries()["Haus Müller-Straße"]["id"]
    done, words = decide(office.workspace, Wanted("Müller", choose=(("Kontakt", "Frau Neu"),)))

    decided(done, words, as_json=False)
    difference_lines(*difference(office.workspace, 1), as_json=False)
    because(*why(office.workspace, entry), as_json=False)
    shown(*show_file(office.workspace.returns / "a.pdf", office.workspace), as_json=False)

    out = capsys.readouterr().out
    assert f"{entry} (Haus Müller-Straße), Kontakt: " in out
    assert "    Kontakt: Frau A → Frau Neu" in out
    assert "      Kontakt: Frau A\n" in out
    assert "    Organisation: A\n" in out
    assert not [line for line in out.splitlines() if "kontakt:" in line or "einrichtung:" in line]
