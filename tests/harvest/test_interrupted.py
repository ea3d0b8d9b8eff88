"""kill -9 and a full disk at every step: ledger and register open, the next run completes the work."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.ledger import Ledger
from harvest.version import VERSION
from spec.workspace import Workspace
from tests.harvest.interrupted import KILLED
from tests.harvest.offices import Office, filled, sheet_rows

ROOT = Path(__file__).parents[2]
#: more than a run has; the test sees to it
MOST = 60


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A register that somebody corrected, and new returns that wait."""
    office = Office.at(tmp_path_factory.mktemp("killed") / "office")
    office.drop("a.pdf", filled("Träger A", {"wohnheim": [("Haus am Markt", "Frau A"), ("Haus B", "x")]}))
    harvest_returns(Request(office.workspace))
    office.write("Haus am Markt", "Kontakt", "Frau Neu")
    office.delete("Haus B")
    office.drop("b.pdf", filled("Träger B", {"wohnheim": [("Haus am Markt", "Herr C")]}, day=2), day=2)
    office.drop("c.pdf", filled("Träger C", {"praxis": [("Praxis Nord", "Dr. D")]}, day=3), day=3)
    office.drop("liste.docx", b"PK\x03\x04 no zip at all", day=3)
    return office


@pytest.fixture(scope="module")
def undisturbed(before: Office, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    office = before.copy(tmp_path_factory.mktemp("undisturbed") / "office")
    harvest_returns(Request(office.workspace))
    return office.twin()


def interrupt(office: Office, step: int, how: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.harvest.interrupted", str(office.workspace.root), str(step), how],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout.strip()


def states(workspace: Workspace) -> tuple[bytes, bytes, bytes]:
    return (
        workspace.ledger.read_bytes(),
        workspace.register.read_bytes(),
        workspace.register_json.read_bytes(),
    )


def litter(workspace: Workspace) -> list[str]:
    return [path.name for path in workspace.root.rglob(".*") if path.name not in {".lock", ".summary"}]


def check(office: Office, undisturbed: list[dict[str, object]]) -> None:
    """The workbook and the ledger open; the next run gives what an undisturbed one gives."""
    office.book().close()
    with Ledger(office.workspace.ledger, VERSION) as ledger:
        ledger.check()
    harvest_returns(Request(office.workspace))
    assert office.twin() == undisturbed
    _, ids = sheet_rows(office.book()["Alle Einträge"])
    assert set(ids) == {entry["id"] for entry in undisturbed if not entry["nil"]}
    assert litter(office.workspace) == []
    assert not harvest_returns(Request(office.workspace))[0].changed


@pytest.mark.parametrize("how", ["kill", "full"])
def test_a_run_interrupted_at_any_step_is_completed_by_the_next(
    before: Office, undisturbed: list[dict[str, object]], how: str, tmp_path: Path
) -> None:
    unharmed = states(before.workspace)
    ends = []
    for step in range(1, MOST):
        office = before.copy(tmp_path / "office")
        code, said = interrupt(office, step, how)
        ends.append(said)
        if said.startswith("done"):
            break
        if how == "kill":
            assert code == KILLED
        else:
            assert said.startswith("refused"), said
            assert litter(office.workspace) == []
        if said == "refused early":
            # nothing that counts has changed: ledger and register are the same, byte for byte
            assert states(office.workspace) == unharmed
        check(office, undisturbed)
        shutil.rmtree(office.workspace.root)
    assert ends[-1].startswith("done")
    assert len(ends) > 12, ends  # or the test would prove little
