"""`harvest report` and `harvest export --format pdf` in a workspace, over two runs."""

from __future__ import annotations

import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pdfplumber
import pytest
from click.testing import CliRunner

from harvest.cli import harvest
from harvest.commands.report import report_on
from harvest.commands.run import Request, harvest_returns
from harvest.leaves import export_leaves, write_leaves
from spec.errors import NothingDoneError, WrongInputError
from spec.workspace import Workspace
from tests.harvest.offices import Office, filled


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office.at(tmp_path / "office")
    made.drop("a.pdf", filled("Haus Nord", {"wohnheim": [("Wohnheim Alt", "0241 555012")]}, nil=("praxis",)))
    run(made, 10)
    return made


def run(office: Office, day: int) -> None:
    harvest_returns(Request(office.workspace, clock=lambda: datetime(2026, 3, day, 9, tzinfo=UTC)))


def leaves(pdf: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return [page.extract_text() for page in opened.pages]


def test_a_run_writes_the_report(office: Office) -> None:
    told = office.workspace.report.read_text(encoding="utf-8")
    assert "Wohnheim Alt" in told
    assert "Fehlanzeige: Haus Nord" in told


def test_the_report_is_written_anew_without_touching_the_register(office: Office) -> None:
    before = office.workspace.register.read_bytes()
    office.workspace.report.unlink()

    result = CliRunner().invoke(harvest, ["report", "--workspace", str(office.workspace.root)])

    assert result.exit_code == 0
    assert Path(result.output.strip()) == office.workspace.report
    assert "Wohnheim Alt" in office.workspace.report.read_text(encoding="utf-8")
    assert office.workspace.register.read_bytes() == before


def test_all_leaves_or_only_those_that_changed(office: Office) -> None:
    office.drop("b.pdf", filled("Haus Süd", {"praxis": [("Praxis Neu", "0241 555013")]}, day=2), day=2)
    run(office, 20)

    every = leaves(export_leaves(office.workspace))
    changed = leaves(export_leaves(office.workspace, "1"))

    assert [page.split("\n")[1] for page in every] == ["Wohnheim", "Praxis"]
    assert [page.split("\n")[1] for page in changed] == ["Praxis"]
    assert "Praxis Neu" in changed[0]
    assert leaves(export_leaves(office.workspace, "2026-03-15")) == changed
    assert leaves(export_leaves(office.workspace, "1.3.2026")) == every
    with pytest.raises(NothingDoneError, match="No leaf has changed since 2"):
        export_leaves(office.workspace, "2")


def test_the_command_writes_the_file(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "Blätter.pdf"
    words = ["export", "--workspace", str(office.workspace.root), "--format", "pdf", "--output", str(target)]

    assert CliRunner().invoke(harvest, words).exit_code == 0
    assert target.read_bytes().startswith(b"%PDF-")
    assert CliRunner().invoke(harvest, [*words[:3], "--changed-since", "1"]).exit_code == 2


def test_what_cannot_be_done_is_said(office: Office, tmp_path: Path) -> None:
    empty = Workspace(tmp_path / "empty")
    shutil.copytree(office.workspace.forms, empty.forms)

    for act in (report_on, export_leaves):
        with pytest.raises(NothingDoneError, match="Nothing was harvested here yet"):
            act(empty)
        with pytest.raises(NothingDoneError, match="There is no form yet"):
            act(Workspace(tmp_path / "elsewhere"))
    with pytest.raises(WrongInputError, match="can't go to the screen"):
        write_leaves(office.workspace, None)
