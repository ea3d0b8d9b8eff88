"""Whole runs in random order: returns with right and wrong clocks, corrections, rows added and deleted, answers, undo, redo.

After every step a second run finds nothing to do, what was typed stands in its cell, what was deleted is away, and every
text that stood in a return can be traced.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.commands.status import status_of
from harvest.history.runs import runs_of
from harvest.history.undo import redo, undo
from harvest.history.why import why
from harvest.ledger import Ledger
from harvest.state.editions import load_editions
from harvest.state.state import said_in
from harvest.version import VERSION
from tests.harvest.offices import COLUMNS, Office, filled, sheet_rows

FACILITIES = (
    "Haus Nord, Weg 1, 52062 Aachen", "Haus Nord, Weg 1, 52062 Aachen", "Haus Nord", "Haus Süd", "Haus Sued e.V.",
    "Wohngruppe 1", "Wohngruppe 2", "Дім", "",
)  # fmt: skip
CONTACTS = ("", "1", "2", "a", "A", "a ", "0241 5")
CLOCKS = ("", "D:20400101120000Z", "D:20270301120000Z", "D:16010101000000Z", "D:20260105120000Z", "gestern")
HEADINGS = dict(zip(COLUMNS, ("Einrichtung (Formular)", "Kontakt"), strict=True))


class Story:
    """An office in which things happen as `chance` has it."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.office, self.chance = Office.at(root), chance
        self.ids: set[str] = set()
        self.returns = 0

    def run(self) -> Any:
        return harvest_returns(Request(self.office.workspace))[0]

    def listed(self) -> list[dict[str, Any]]:
        return [entry for entry in self.office.twin() if not entry["nil"]]

    def a_return(self) -> tuple[str, bytes, int]:
        chance = self.chance
        self.returns += 1
        rows = {
            category: [
                (chance.choice(FACILITIES), chance.choice(CONTACTS)) for _ in range(chance.randint(0, 4))
            ]
            for category in chance.sample(("wohnheim", "praxis"), chance.randint(1, 2))
        }
        nil = tuple(category for category in ("wohnheim", "praxis") if chance.random() < 0.1)
        who, clock, day = chance.choice(("A", "B", "B", "")), chance.choice(CLOCKS), chance.randint(1, 20)
        return f"{self.returns}.pdf", filled(who, rows, day, nil, modified=clock), day

    # ------------------------------------------------------------ what happens

    def arrive(self) -> None:
        self.office.drop(*self.a_return())
        self.run()

    def correct(self) -> None:
        if not (entries := self.listed()):
            return
        entry, column = self.chance.choice(entries), self.chance.choice(COLUMNS)
        text = self.chance.choice(("von Hand", "", "9", self.chance.choice(FACILITIES)))
        book = self.office.book()
        columns, rows = sheet_rows(book["Alle Einträge"])
        book["Alle Einträge"].cell(rows[entry["id"]], columns[HEADINGS[column]]).value = text
        if self.chance.random() < 0.5:
            added = (
                "Wohnheim",
                self.chance.choice(FACILITIES) or "Haus Neu",
                self.chance.choice(CONTACTS),
            )
            below = book["Alle Einträge"].max_row + 1
            for heading, said in zip(("Angebot", *HEADINGS.values()), added, strict=True):
                book["Alle Einträge"].cell(below, columns[heading]).value = said
        book.save(self.office.workspace.register)
        self.run()
        shown = why(self.office.workspace, entry["id"])[0].entry
        assert shown.values.get(column, "").strip() == text.strip()
        assert column not in {conflict.column for conflict in shown.conflicts}

    def delete(self) -> None:
        if not (entries := self.listed()):
            return
        gone = self.chance.choice(entries)["id"]
        book = self.office.book()
        _, rows = sheet_rows(book["Alle Einträge"])
        book["Alle Einträge"].delete_rows(rows[gone])
        book.save(self.office.workspace.register)
        self.run()
        assert gone not in {entry["id"] for entry in self.listed()}

    def answer(self) -> None:
        for title, asked, answers in (
            ("Dubletten", "Gleich wie", ("ja", "nein")),
            ("Konflikte", "Entscheidung", ("behalten", "übernehmen")),
        ):
            book = self.office.book()
            columns = {str(cell.value): cell.column for cell in book[title][1]}
            for row in range(2, book[title].max_row + 1):
                if book[title].cell(row, columns["Kennung"]).value:
                    book[title].cell(row, columns[asked]).value = self.chance.choice(answers)
            book.save(self.office.workspace.register)
            self.run()
        assert [entry["conflicts"] for entry in self.listed() if entry["conflicts"]] == []

    def undo_and_redo(self) -> None:
        counting = [
            one
            for one in runs_of(self.office.workspace)[0]
            if one.active and one.kind not in {"undo", "redo"}
        ]
        target, before = self.chance.choice(counting).id, self.office.twin()
        undo(self.office.workspace, target)
        self.nothing_is_left_to_do()
        redo(self.office.workspace, target)
        assert self.office.twin() == before

    # ------------------------------------------------------------ what holds

    def nothing_is_left_to_do(self) -> None:
        self.ids |= {entry["id"] for entry in self.listed()}
        assert not self.run().changed
        quick, look = self.run(), status_of(self.office.workspace)
        self.office.workspace.summary.unlink()
        assert status_of(self.office.workspace) == look
        assert self.run() == quick

    def every_text_can_be_traced(self) -> None:
        told = set()
        for identity in self.ids:
            because, _ = why(self.office.workspace, identity)
            for cell in because.told:
                for said in cell.said:
                    told.add((said.source.return_id, because.entry.category, cell.column, said.text))
        with Ledger(self.office.workspace.ledger, VERSION) as ledger:
            everything = ledger.why((), tuple(ledger.known())).returns
            submissions = said_in(everything, load_editions(self.office.workspace, ledger.editions()))
        for submission in submissions:
            for sheet in submission.sheets:
                for row in sheet.rows:
                    for column, value in row.values.items():
                        assert (
                            not value.text.strip()
                            or (submission.return_id, sheet.category, column, value.text) in told
                        )


@pytest.mark.parametrize("seed", [28, 46, 70, 233, 285])
def test_whatever_happens_in_an_office(tmp_path: Path, seed: int) -> None:
    story = Story(tmp_path / "office", random.Random(seed))
    story.arrive()
    story.nothing_is_left_to_do()
    happenings: tuple[Callable[[], None], ...] = (
        story.arrive, story.arrive, story.correct, story.correct, story.delete, story.answer, story.undo_and_redo,
    )  # fmt: skip

    for _ in range(6):
        story.chance.choice(happenings)()
        story.nothing_is_left_to_do()

    story.every_text_can_be_traced()


@pytest.mark.parametrize("seed", range(3))
def test_returns_with_wrong_clocks_give_one_register_in_any_order(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    one, two = Story(tmp_path / "one", chance), Story(tmp_path / "two", chance)
    returns = [one.a_return() for _ in range(5)]
    for made in returns:
        one.office.drop(*made)
    one.run()

    chance.shuffle(returns)
    for made in returns:
        two.office.drop(*made)
        two.run()

    assert two.office.twin() == one.office.twin()
