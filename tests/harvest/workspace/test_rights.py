"""Who may read a workspace: its owner alone at first; whoever was let in stays in."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from harvest.commands.run import Request, harvest_returns
from tests.harvest.offices import Office, filled

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")


def rights(office: Office) -> dict[str, str]:
    root = office.workspace.root
    ours = [office.workspace.ledger, office.workspace.originals, office.workspace.register]
    ours += [office.workspace.register_json, office.workspace.report, *office.workspace.originals.iterdir()]
    return {path.relative_to(root).as_posix()[:12]: oct(stat.S_IMODE(path.stat().st_mode)) for path in ours}


def run(office: Office, number: int) -> None:
    office.drop(f"{number}.pdf", filled(f"Träger {number}", {"wohnheim": [(f"Haus {number}", "x")]}), number)
    harvest_returns(Request(office.workspace))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office.at(tmp_path / "office")
    run(made, 1)
    return made


def test_a_new_workspace_is_for_its_owner_alone(office: Office) -> None:
    assert set(rights(office).values()) == {"0o600", "0o700"}
    run(office, 2)
    assert set(rights(office).values()) == {"0o600", "0o700"}


def test_a_group_that_was_let_in_stays_in(office: Office) -> None:
    for path in (office.workspace.root, *office.workspace.root.rglob("*")):
        path.chmod(path.stat().st_mode | (0o070 if path.is_dir() else 0o060))
    before = os.umask(0)
    os.umask(before)
    run(office, 2)
    assert set(rights(office).values()) == {"0o660", "0o770"}
    assert os.umask(before) == before


def test_a_file_keeps_the_rights_that_it_had(office: Office) -> None:
    office.workspace.register.chmod(0o644)
    run(office, 2)
    assert rights(office)["register.xls"] == "0o644"
    assert rights(office)["register.jso"] == "0o600"
