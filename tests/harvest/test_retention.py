"""What is older than formgen.toml wants it kept is told, and only told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvest.cli import harvest
from harvest.run import Request, harvest_returns
from harvest.status import status_of
from spec.errors import EXIT_NEEDS_PERSON, WrongInputError
from tests.harvest.commands import Office, filled

A, B = "Träger A", "Träger B"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A said two things on 1 January 2026 and one of them again on the 20th; B said one on the 2nd."""
    made = Office.at(tmp_path / "office")
    made.drop("A.pdf", filled(A, {"wohnheim": [("Haus A", "1")], "praxis": [("Praxis A", "1")]}))
    made.drop("B.pdf", filled(B, {"wohnheim": [("Haus B", "2")]}, 2), 2)
    made.drop("A neu.pdf", filled(A, {"praxis": [("Praxis A", "1")]}, 20), 20)
    harvest_returns(Request(made.workspace))
    return made


def on(day: int, month: int = 1, year: int = 2029) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def keep(office: Office, years: int) -> None:
    office.workspace.config.write_text(f"[retention]\nyears = {years}\n", encoding="utf-8")


def test_what_is_due_and_what_rests_on_it_alone(office: Office) -> None:
    keep(office, 3)
    before = {path: path.read_bytes() for path in office.workspace.root.rglob("*") if path.is_file()}

    due = status_of(office.workspace, clock=lambda: on(10))[0].expired

    assert list(due.returns.values()) == ["A.pdf", "B.pdf"]
    # the practice was confirmed by the newer return, the two homes were not
    assert due.alone == 2
    assert {path: path.read_bytes() for path in before} == before


def test_nothing_is_due_before_its_time_or_without_a_limit(office: Office) -> None:
    assert not status_of(office.workspace, clock=lambda: on(10, year=2099))[0].expired.returns
    keep(office, 3)
    assert not status_of(office.workspace, clock=lambda: on(30, 12, 2028))[0].expired.returns
    assert status_of(office.workspace, clock=lambda: on(29, 2, 2032))[0].exit_code == EXIT_NEEDS_PERSON


def test_a_clock_that_stood_behind_makes_nothing_old(office: Office) -> None:
    """The file came in 2026, whatever its form's clock said."""
    keep(office, 3)
    data = filled("Träger C", {"wohnheim": [("Haus C", "3")]}).replace(b"D:2026", b"D:2001")
    office.drop("C.pdf", data, 3)
    harvest_returns(Request(office.workspace))

    assert not status_of(office.workspace, clock=lambda: on(30, 12, 2028))[0].expired.returns


def test_the_command_says_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(office, 1)
    monkeypatch.setattr("harvest.retention._years_ago", lambda *_: on(10, year=2026))

    said = CliRunner().invoke(harvest, ["status", "--workspace", str(office.workspace.root)])

    assert "2 Rücksendungen" in said.output
    assert "2 Einträge" in said.output


def test_a_faulty_setting_is_named(office: Office) -> None:
    office.workspace.config.write_text("[retention]\nyears = -1\n", encoding="utf-8")
    with pytest.raises(WrongInputError, match="years"):
        status_of(office.workspace)
