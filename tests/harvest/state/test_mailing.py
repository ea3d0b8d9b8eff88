"""What the register and the report show of rounds: only where there is one, and without disturbing what people did."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.commands.status import status_of
from harvest.results import RunResult
from spec.errors import WrongInputError
from spec.wire import PartnersFile
from tests.harvest.offices import Office, filled, sheet_rows
from tests.harvest.workspace.mailed import open_round, send

GAPS, ENTRIES = "Wer fehlt noch", "Alle Einträge"
ROUND_COLUMNS = ["Formular", "Gesendet am", "In dieser Runde", "Erinnert", "Unzustellbar"]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """One return without a code, of 1 January."""
    made = Office.at(tmp_path / "office")
    made.drop("alt.pdf", filled("Ganz", {"wohnheim": [("Haus", "1")]}))
    return made


def run(office: Office) -> RunResult:
    return harvest_returns(Request(office.workspace))[0]


def heads(office: Office, sheet: str) -> list[str]:
    return [str(cell.value) for cell in office.book()[sheet][1]]


def row_of(office: Office, label: str) -> dict[str, object]:
    rows = list(office.book()[GAPS].iter_rows(values_only=True))
    return next(dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:] if row[0] == label)


def test_without_a_round_nothing_is_shown_of_any(office: Office) -> None:
    run(office)
    assert not {*ROUND_COLUMNS, "Runde"} & {*heads(office, GAPS), *heads(office, ENTRIES)}


def test_a_round_stands_left_of_the_matrix_and_beside_the_confirmation(office: Office) -> None:
    open_round(office, "2025", date(2025, 1, 1))
    open_round(office, "2026", date(2026, 1, 1))
    send(office, "2026")
    run(office)

    assert heads(office, GAPS)[1:6] == ROUND_COLUMNS
    found = heads(office, ENTRIES)
    assert found[found.index("Bestätigt am") + 1] == "Runde"
    silent, back = row_of(office, "Nichts"), row_of(office, "Zurück")
    assert [silent[key] for key in ("Formular", "In dieser Runde", "Erinnert")] == [
        "gesendet",
        "keine Antwort",
        2,
    ]
    assert back["Unzustellbar"] == "5.1.1"
    page = office.workspace.report.read_text(encoding="utf-8")
    assert "gesendet am 05.01.2026, keine Antwort, 2" in page
    assert "round" not in office.twin()[0]


def test_the_register_follows_when_a_round_comes_later(office: Office) -> None:
    run(office)
    book = office.book()
    sheet = book[ENTRIES]
    sheet.cell(1, sheet.max_column + 1).value = "Notiz"
    columns, rows = sheet_rows(sheet)
    (row,) = rows.values()
    sheet.cell(row, sheet.max_column).value = "bleibt"
    sheet.cell(row, columns["Kontakt"]).value = "von Hand"
    book.save(office.workspace.register)

    open_round(office, "2026", date(2026, 1, 1))
    send(office, "2026")
    run(office)
    values = dict(
        zip(heads(office, ENTRIES), [cell.value for cell in office.book()[ENTRIES][2]], strict=True)
    )
    assert (values["Notiz"], values["Kontakt"], values["Runde"]) == ("bleibt", "von Hand", "2026")
    assert row_of(office, "Nichts")["Erinnert"] == 2
    assert not run(office).changed

    (office.workspace.mail / "2026" / "partners.json").write_text(PartnersFile().to_json(), "utf-8")
    run(office)
    assert office.entries()["Haus"]["values"]["kontakt"] == "von Hand"
    assert heads(office, ENTRIES).count("Runde") == 1


def test_answers_count_from_the_opening_on(office: Office) -> None:
    """What a partner said before the round is no answer to it."""
    open_round(office, "2026", date(2026, 1, 10))
    send(office, "2026")
    run(office)
    assert row_of(office, "Ganz")["In dieser Runde"] == "keine Antwort"
    assert heads(office, ENTRIES).count("Runde") == 1
    assert office.book()[ENTRIES].cell(2, heads(office, ENTRIES).index("Runde") + 1).value is None


def test_a_damaged_file_is_named(office: Office) -> None:
    open_round(office, "2026", date(2026, 1, 1))
    (office.workspace.rounds / "2026.json").write_text("{", "utf-8")
    with pytest.raises(WrongInputError, match="round"):
        status_of(office.workspace)
