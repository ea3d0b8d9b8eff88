"""What the office does in the workbook, seen through whole runs: clocks that are wrong, rows joined and removed at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harvest.commands.decide import Wanted, decide
from harvest.commands.run import Request, harvest_returns
from harvest.history.diff import difference
from harvest.history.rebuild import rebuild
from harvest.history.undo import undo
from harvest.history.why import why
from harvest.text.clean_text import clean
from tests.harvest.offices import Office, filled, sheet_rows

ENTRIES = "Alle Einträge"
HEADINGS = {"einrichtung": "Einrichtung (Formular)", "kontakt": "Kontakt"}
AHEAD = "D:20400101120000Z"
PLACE = "Haus Bach, Weg 1, 52062 Aachen"


@dataclass
class Desk:
    """The open workbook."""

    book: Any
    columns: dict[str, int]
    rows: dict[str, int]

    @property
    def sheet(self) -> Any:
        return self.book[ENTRIES]

    def cell(self, entry: dict[str, Any], column: str) -> Any:
        return self.sheet.cell(self.rows[entry["id"]], self.columns[HEADINGS.get(column, column)])

    def remove(self, entry: dict[str, Any]) -> None:
        self.sheet.delete_rows(self.rows[entry["id"]])


@contextmanager
def at_the_desk(office: Office, saved_at: int | None = None) -> Iterator[Desk]:
    """The register opened, changed and saved; `saved_at` is what the file's clock says."""
    book = office.book()
    yield Desk(book, *sheet_rows(book[ENTRIES]))
    book.save(office.workspace.register)
    if saved_at is not None:
        os.utime(office.workspace.register, (saved_at, saved_at))


def decide_conflicts(office: Office, word: str) -> None:
    with at_the_desk(office) as desk:
        sheet = desk.book["Konflikte"]
        titles = {str(cell.value): cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            if sheet.cell(row, titles["Kennung"]).value:
                sheet.cell(row, titles["Entscheidung"]).value = word


def run(office: Office) -> Any:
    return harvest_returns(Request(office.workspace))[0]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.at(tmp_path / "office")


# ---------------------------------------------------------------- clocks


def test_a_correction_of_a_return_from_the_future_is_no_conflict(office: Office) -> None:
    office.drop("a.pdf", filled("A", {"wohnheim": [("Haus Bach", "alt")]}, modified=AHEAD))
    run(office)

    with at_the_desk(office) as desk:
        desk.cell(office.entries()["Haus Bach"], "kontakt").value = "von Hand"
    run(office)

    entry = office.entries()["Haus Bach"]
    assert (entry["values"]["kontakt"], entry["conflicts"]) == ("von Hand", [])


@pytest.mark.parametrize("by", ["sheet", "command"])
def test_a_conflict_between_returns_from_the_future_can_be_decided(office: Office, by: str) -> None:
    place = "Haus Bach, Weg 1, 52062 Aachen"
    office.drop("a.pdf", filled("A", {"wohnheim": [(place, "alt")]}, modified=AHEAD))
    office.drop("b.pdf", filled("B", {"wohnheim": [(place, "neu")]}, modified="D:20400102120000Z"))
    run(office)
    one, two = (entry["id"] for entry in office.twin())
    decide(office.workspace, Wanted(one, same_as=(two,)))
    assert office.entries()[place]["conflicts"]

    if by == "sheet":
        decide_conflicts(office, "übernehmen")
        run(office)
    else:
        decide(office.workspace, Wanted(one, choose=(("kontakt", "alt"),)))

    entry = office.entries()[place]
    assert (entry["values"]["kontakt"], entry["conflicts"]) == ("alt", [])


def test_the_later_correction_stands_though_the_files_clock_went_back(office: Office) -> None:
    office.drop("a.pdf", filled("A", {"wohnheim": [("Haus Bach", "alt")]}))
    run(office)
    for text, saved_at in (("eins", None), ("zwei", 1_700_000_000)):
        with at_the_desk(office, saved_at) as desk:
            desk.cell(office.entries()["Haus Bach"], "kontakt").value = text
        run(office)

    assert office.entries()["Haus Bach"]["values"]["kontakt"] == "zwei"


# ---------------------------------------------------------------- joined and removed


def test_naming_two_rows_the_same_and_removing_one_keeps_the_other(office: Office) -> None:
    one, two = "Haus Bach, Weg 1, 52062 Aachen", "Haus am Bach, Weg 1, 52062 Aachen"
    office.drop("a.pdf", filled("A", {"wohnheim": [(one, "alt")]}))
    office.drop("b.pdf", filled("B", {"wohnheim": [(two, "neu")]}, 2))
    run(office)

    with at_the_desk(office) as desk:
        kept, removed = office.entries()[one], office.entries()[two]
        desk.cell(kept, "Gleich wie").value = removed["id"]
        desk.remove(removed)
    run(office)

    assert [entry["values"] for entry in office.twin()] == [{"einrichtung": one, "kontakt": "alt"}]


@pytest.fixture
def alike(office: Office) -> Office:
    """Two partners have reported one place, each with words of its own."""
    for day, partner in enumerate("AB", start=1):
        office.drop(f"{partner}.pdf", filled(partner, {"wohnheim": [(PLACE, partner)]}, day))
    run(office)
    return office


def of(office: Office, partner: str) -> dict[str, Any]:
    return next(entry for entry in office.twin() if partner in entry["reporters"])


@pytest.mark.parametrize("answer", ["nein", "nein {}", "{}"])
def test_an_answer_is_taken_over_once(alike: Office, answer: str) -> None:
    with at_the_desk(alike) as desk:
        desk.cell(of(alike, "A"), "Gleich wie").value = answer.format(of(alike, "B")["id"])

    assert run(alike).hand["decided"] == 1
    assert not run(alike).changed


def test_an_old_no_is_no_answer_to_a_new_proposal(alike: Office) -> None:
    with at_the_desk(alike) as desk:
        desk.cell(of(alike, "A"), "Gleich wie").value = "nein"
    run(alike)
    alike.drop("C.pdf", filled("C", {"wohnheim": [(PLACE, "C")]}, 3))
    run(alike)

    assert not run(alike).changed
    assert [one["other"] for one in of(alike, "A")["duplicates"]] == [of(alike, "C")["id"]]


def test_a_join_that_was_undone_stays_undone(alike: Office) -> None:
    before = alike.twin()
    with at_the_desk(alike) as desk:
        desk.cell(of(alike, "A"), "Gleich wie").value = of(alike, "B")["id"]
    joined = run(alike)
    assert len(alike.twin()) == 1

    undo(alike.workspace, joined.run)

    assert not run(alike).changed
    assert alike.twin() == before


def test_an_old_answer_does_not_take_back_a_later_decision(alike: Office) -> None:
    with at_the_desk(alike) as desk:
        desk.cell(of(alike, "A"), "Gleich wie").value = of(alike, "B")["id"]
    old = of(alike, "B")["id"]
    run(alike)
    decide(alike.workspace, Wanted(of(alike, "A")["id"], different_from=(old,)))

    assert not run(alike).changed
    assert len(alike.twin()) == 2


# ---------------------------------------------------------------- rows added


@pytest.mark.parametrize("row", [("Haus Bach", "alt"), ("Haus Neu", "zweimal")])
def test_a_row_that_says_what_another_says_is_taken_over_once(office: Office, row: tuple[str, str]) -> None:
    office.drop("a.pdf", filled("A", {"wohnheim": [("Haus Bach", "alt")]}))
    run(office)
    with at_the_desk(office) as desk:
        for number in (3, 4):
            for column, text in zip(("Angebot", "einrichtung", "kontakt"), ("Wohnheim", *row), strict=True):
                desk.sheet.cell(number, desk.columns[HEADINGS.get(column, column)]).value = text
    run(office)

    assert not run(office).changed
    assert len(office.twin()) == len({"Haus Bach", row[0]})


def test_the_old_words_left_beside_a_correction_are_a_row_of_their_own(office: Office) -> None:
    office.drop("a.pdf", filled("A", {"wohnheim": [("Haus Bach", "alt")]}))
    run(office)
    with at_the_desk(office) as desk:
        for column, text in (("Angebot", "Wohnheim"), ("einrichtung", "Haus Bach"), ("kontakt", "alt")):
            desk.sheet.cell(3, desk.columns[HEADINGS.get(column, column)]).value = text
        desk.cell(office.entries()["Haus Bach"], "einrichtung").value = "Haus Berg"
    run(office)

    assert not run(office).changed
    assert {name: entry["status"] for name, entry in office.entries().items()} == {
        "Haus Bach": "hand",
        "Haus Berg": "new",
    }


def test_an_added_row_that_an_older_return_says_too_is_no_difference(office: Office) -> None:
    office.drop("a.pdf", filled("A", {"wohnheim": [("Haus Bach", "alt")]}))
    run(office)
    with at_the_desk(office) as desk:
        for column, text in (("Angebot", "Wohnheim"), ("einrichtung", "Haus Berg"), ("kontakt", "neu")):
            desk.sheet.cell(3, desk.columns[HEADINGS.get(column, column)]).value = text
    before = run(office)
    by_hand = office.entries()["Haus Berg"]["id"]
    office.drop("b.pdf", filled("B", {"wohnheim": [("Haus Berg", "neu")]}, 2))
    run(office)

    assert difference(office.workspace, before.run)[0].steps == ()
    assert why(office.workspace, by_hand)[0].entry.id == office.entries()["Haus Berg"]["id"]


# ---------------------------------------------------------------- the ledger is lost


def test_a_correction_that_a_newer_return_contradicts_is_still_to_decide_after_a_rebuild(
    office: Office,
) -> None:
    office.drop("a.pdf", filled("A", {"wohnheim": [("Haus Bach", "alt"), ("Haus Berg", "x")]}))
    run(office)
    with at_the_desk(office) as desk:
        desk.cell(office.entries()["Haus Bach"], "kontakt").value = "von Hand"
        desk.cell(office.entries()["Haus Berg"], "kontakt").value = "auch"
    run(office)
    office.drop(
        "b.pdf", filled("A", {"wohnheim": [("Haus Bach", "neu"), ("Haus Berg", "x")]}, modified=AHEAD)
    )
    run(office)
    before = office.twin()
    assert office.entries()["Haus Bach"]["conflicts"]

    office.workspace.ledger.unlink()
    os.utime(office.workspace.register_json, (2_300_000_000, 2_300_000_000))  # written after the return was
    rebuild(office.workspace)

    assert office.twin() == before


# ---------------------------------------------------------------- nobody did anything

AWKWARD = {
    "line ends": "a\r\nb\rc\n", "decomposed": "Mu\u0308ller", "both directions": "\u200fعربي\u200e abc\u202e",
    "NUL": "a\0b", "noncharacters": "a\ufffe\uffffb", "tabs": "\ta\tb\t", "formula": "=1+1", "quoted": "'a'",
    "minus": "-5", "plus": "+49241", "at": "@SUM(A1)", "zeros": "007", "date": "1-2", "escapes": "_x000D_ _x0041_ _x",
    "long": "ä" * 40_000, "long and like a mark": "x" * 32_760 + " … [Langtexte abcdefabcdef]", "vertical": "a\x0bb\x0cc",
    "hard spaces": "\u00a0a\u00a0", "separators": "a\u2028b\u2029c", "joined": "👩\u200d👩\u200d👧", "spaces": "  a   ",
    "escape": "a\x1bb", "control": "\x7f\x80\x85", "long escapes": "_x000D_" * 6_000,
}  # fmt: skip


def test_a_second_run_finds_no_hand_in_any_text(office: Office) -> None:
    names = sorted(AWKWARD)
    for number in range(0, len(names), 5):
        rows = [(name, AWKWARD[name]) for name in names[number : number + 5]]
        office.drop(f"{number}.pdf", filled(f"T{number}", {"wohnheim": rows}))
    run(office)
    before = office.twin()
    assert {entry["values"]["einrichtung"]: entry["values"]["kontakt"] for entry in before} == {
        name: clean(text) for name, text in AWKWARD.items()
    }

    assert not run(office).changed
    with at_the_desk(office):
        pass  # saved by another program

    result = run(office)

    assert not any(result.hand.values())
    assert office.twin() == before


def test_a_row_that_one_return_holds_twice_stays_deleted_after_a_rebuild(office: Office) -> None:
    office.drop(
        "a.pdf", filled("A", {"wohnheim": [*[("Haus Bach", "x")] * 2, ("Haus Berg", "y")]}, modified=AHEAD)
    )
    run(office)
    with at_the_desk(office) as desk:
        desk.remove(office.entries()["Haus Bach"])
    run(office)
    assert set(office.entries()) == {"Haus Berg"}

    office.workspace.ledger.unlink()
    rebuild(office.workspace)

    assert set(office.entries()) == {"Haus Berg"}
