"""A word in the wrong cell never becomes data: what is decided in the workbook and at the command line, through whole runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harvest.commands.decide import Wanted, decide
from harvest.commands.run import Request, harvest_returns
from harvest.ledger import Ledger
from harvest.model import EPOCH, Decision, DecisionKind
from harvest.version import VERSION
from spec.errors import WrongInputError
from tests.harvest.offices import Office, filled

PLACE = "Haus Bach, Weg 1, 52062 Aachen"
OLD, NEW = "Frau Öztürk, 0241 123, montags bis freitags 9 bis 12 Uhr", "Herr Neu, 0241 456"


def run(office: Office) -> Any:
    return harvest_returns(Request(office.workspace))[0]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """One entry; two partners say different things of its contact, the newer one shows."""
    office = Office.at(tmp_path / "office")
    office.drop("a.pdf", filled("A", {"wohnheim": [(PLACE, OLD)]}, 1))
    office.drop("b.pdf", filled("B", {"wohnheim": [(PLACE, NEW)]}, 2))
    run(office)
    one, two = (entry["id"] for entry in office.twin())
    decide(office.workspace, Wanted(one, same_as=(two,)))
    return office


def write(office: Office, sheet: str, **cells: str) -> None:
    """Into the only row of a sheet, under headings in which blanks stand for underscores."""
    book = office.book()
    titles = {str(cell.value): cell.column for cell in book[sheet][1]}
    for heading, text in cells.items():
        book[sheet].cell(2, titles[heading.replace("_", " ")]).value = text
    book.save(office.workspace.register)


def stands(office: Office, sheet: str, heading: str) -> Any:
    shown = office.book()[sheet]
    return shown.cell(2, {str(cell.value): cell.column for cell in shown[1]}[heading]).value


def contact(office: Office) -> tuple[str, list[str]]:
    """What shows, and what contradicts it."""
    (entry,) = office.twin()
    others = [claim["text"] for one in entry["conflicts"] for claim in one["others"]]
    return entry["values"]["kontakt"], others


def codes(result: Any) -> list[str]:
    return [one.code for one in result.faults]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("behalten", NEW),
        ("Übernehmen ", OLD),
        ("beide", f"{NEW}\n{OLD}"),
    ],
)
def test_a_conflict_takes_one_of_three_answers(office: Office, answer: str, shown: str) -> None:
    write(office, "Konflikte", Entscheidung=answer)
    assert codes(run(office)) == []
    assert contact(office) == (shown, [])


@pytest.mark.parametrize(
    "word",
    [
        "ja",
        "nein",
        "stimmt",
        "?",
        "x",
        "1",
        "links",
        "rechts",
        "unklar",
        "siehe Mail",
        "Frau Ganz-Neu, 0241 789",
    ],
)
def test_anything_else_under_decision_is_no_value(office: Office, word: str) -> None:
    write(office, "Konflikte", Entscheidung=word)
    result = run(office)

    assert codes(result) == ["register-unknown-choice"]
    assert dict(result.faults[0].details) == {"said": word, "answers": "behalten / übernehmen / beide"}
    assert result.exit_code == 1
    assert contact(office) == (NEW, [OLD])
    assert stands(office, "Konflikte", "Entscheidung") == word, "what was typed stays where it is"


def test_a_text_of_ones_own_has_its_own_column(office: Office) -> None:
    write(office, "Konflikte", Eigener_Text="Frau Ganz-Neu, 0241 789")
    assert codes(run(office)) == []
    assert contact(office) == ("Frau Ganz-Neu, 0241 789", [])


@pytest.mark.parametrize("word", ["ja", "beide", "siehe E-Mail", "?", "entfällt"])
def test_an_answer_there_is_asked_about_and_in_quotation_marks_a_text(office: Office, word: str) -> None:
    write(office, "Konflikte", Eigener_Text=word)
    assert codes(run(office)) == ["register-answer-as-text"]
    assert contact(office) == (NEW, [OLD])

    write(office, "Konflikte", Eigener_Text=f"„{word}“")
    assert codes(run(office)) == []
    assert contact(office) == (word, [])
    assert codes(run(office)) == []
    assert contact(office) == (word, [])


def test_an_answer_and_a_text_of_ones_own_are_one_too_many(office: Office) -> None:
    write(office, "Konflikte", Entscheidung="behalten", Eigener_Text="Frau Ganz-Neu, 0241 789")
    assert codes(run(office)) == ["register-two-answers"]
    assert contact(office) == (NEW, [OLD])


def test_the_command_line_guards_likewise(office: Office) -> None:
    (entry,) = office.twin()
    for word in ("ja", "links", "siehe Mail", "?"):
        with pytest.raises(WrongInputError, match="sounds like an answer"):
            decide(office.workspace, Wanted(entry["id"], choose=(("kontakt", word),)))
    assert contact(office) == (NEW, [OLD])
    decide(office.workspace, Wanted(entry["id"], choose=(("kontakt", '"ja"'),)))
    assert contact(office) == ("ja", [])


def test_an_answer_that_an_earlier_version_took_for_a_text_is_asked_about_once(office: Office) -> None:
    (entry,) = office.twin()
    with (
        Ledger(office.workspace.ledger, VERSION) as ledger,
        ledger.run("decide", EPOCH.replace(year=2026, month=6)) as made,
    ):
        made.add_decisions(
            [
                Decision(
                    DecisionKind.CHOOSE,
                    entry["id"],
                    EPOCH.replace(year=2026, month=6),
                    column="kontakt",
                    value="ja",
                    unguarded=True,
                )
            ]
        )
    run(office)
    shown, others = contact(office)
    assert shown == NEW, "meanwhile, what a partner wrote is shown, printed and mailed"
    assert "ja" in others

    write(office, "Konflikte", Entscheidung="behalten")
    run(office)
    assert contact(office) == (NEW, [])
