"""What was forgotten does not come back: not by the next run, not by a new ledger, not as the name of a file."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from harvest.commands.run import Request, harvest_returns
from harvest.history.rebuild import rebuild
from harvest.privacy.forget import forget
from harvest.results import Fate
from spec.errors import NothingDoneError
from tests.harvest.offices import Office, filled
from tests.harvest.privacy.remains import everything

NAME = "Ida Müller"


def stored(office: Office) -> str:
    """All that the workspace holds but what was dropped."""
    shelf = office.workspace.root.parent / "shelf"
    office.workspace.returns.rename(shelf)
    try:
        return everything(office)
    finally:
        shelf.rename(office.workspace.returns)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An archive called after a person, with two partners' returns, none of which says the name, and a letter."""
    made = Office.at(tmp_path / "office")
    made.workspace.returns.mkdir(exist_ok=True)
    with zipfile.ZipFile(made.workspace.returns / "Post.zip", "w") as archive:
        archive.writestr(f"von {NAME}.pdf", filled("Träger A", {"wohnheim": [("Haus A", "a")]}))
        archive.writestr(f"{NAME}/B.pdf", filled("Träger B", {"wohnheim": [("Haus B", "b")]}, 2))
        archive.writestr(f"Brief {NAME}.doc", b"Liebe Kollegen, anbei.")
    harvest_returns(Request(made.workspace))
    return made


def test_a_name_on_the_way_of_a_known_document_is_not_stored_again(office: Office) -> None:
    forget(office.workspace, NAME)
    assert "Müller" not in stored(office)

    harvest_returns(Request(office.workspace))
    harvest_returns(Request(office.workspace))

    assert set(office.entries()) == {"Haus A", "Haus B"}
    assert "Müller" not in stored(office)


def test_a_new_ledger_does_not_store_it_either(office: Office) -> None:
    forget(office.workspace, NAME)
    office.workspace.ledger.unlink()

    rebuild(office.workspace)

    assert set(office.entries()) == {"Haus A", "Haus B"}
    assert "Müller" not in stored(office)


def test_a_lost_ledger_and_the_file_dropped_again_do_not_bring_a_partner_back(tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    data = filled("Wegfall e. V.", {"wohnheim": [("Haus Wegfall", "x")]})
    office.drop("A.pdf", data)
    office.drop("B.pdf", filled("Träger B", {"wohnheim": [("Haus B", "b")]}, 2), 2)
    harvest_returns(Request(office.workspace))
    forget(office.workspace, "Wegfall e. V.")
    lines = office.workspace.forgotten.read_text(encoding="ascii").splitlines()
    assert lines
    assert all(re.fullmatch("[0-9a-f]{64}( name)?", line) for line in lines)
    office.workspace.ledger.unlink()
    office.drop("noch einmal.pdf", data)

    rebuild(office.workspace)
    assert set(office.entries()) == {"Haus B"}

    for path in (office.workspace.ledger, office.workspace.register, *office.workspace.originals.iterdir()):
        path.unlink()
    result, _ = harvest_returns(Request(office.workspace))
    assert Fate.FORGOTTEN in [one.fate for one in result.outcomes]
    assert set(office.entries()) == {"Haus B"}


def test_a_nil_return_that_only_a_forgotten_return_said_is_told_when_the_ledger_is_made_anew(
    tmp_path: Path,
) -> None:
    office = Office.at(tmp_path / "office")
    rows = {"wohnheim": [("Haus A", "Frau Ida Wegmann")]}
    office.drop("A.pdf", filled("Träger A", rows, nil=("praxis",)))
    harvest_returns(Request(office.workspace))
    forget(office.workspace, "Ida Wegmann")
    assert [one["category"] for one in office.twin() if one["nil"]] == ["praxis"]

    office.workspace.ledger.unlink()
    rebuilt, _ = rebuild(office.workspace)

    assert set(office.entries()) == {"Haus A"}
    (told,) = rebuilt.register.faults
    assert (told.code, told.place) == ("nil-of-forgotten", "Fehlanzeigen")
    assert dict(told.details) == {"category": "Praxis", "reporter": "Träger A"}
    assert rebuilt.exit_code == 1


def test_a_list_of_hashes_that_cannot_be_read_stops_everything(office: Office) -> None:
    office.workspace.forgotten.write_text("Ida\n", encoding="ascii")
    with pytest.raises(NothingDoneError, match="forgotten"):
        harvest_returns(Request(office.workspace))
