"""A return of an edition that nobody knew here: told as not readable, and read once its edition.json is there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from formgen.blank import build_blank
from harvest.commands.run import Request, harvest_returns
from harvest.results import Fate
from spec.errors import EXIT_DONE
from tests.harvest.offices import FORM, Office, blank, filled


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """The edition of the returns lies elsewhere; the workspace knows another."""
    made = Office.at(tmp_path / "office")
    edition, _ = blank()
    shutil.move(made.workspace.edition(edition.edition), tmp_path / "elsewhere")
    other = build_blank(FORM.model_copy(update={"title": "Anderes Formular"})).edition_file
    folder = made.workspace.edition(other.edition)
    folder.mkdir(parents=True)
    (folder / "edition.json").write_text(other.to_json(), encoding="utf-8")
    made.drop("A.pdf", filled("Träger A", {"wohnheim": [("Haus A", "1")]}))
    return made


def supply(office: Office) -> None:
    edition, _ = blank()
    shutil.copytree(office.workspace.root.parent / "elsewhere", office.workspace.edition(edition.edition))


def fates(office: Office) -> list[Fate]:
    return [one.fate for one in harvest_returns(Request(office.workspace))[0].outcomes]


def test_it_does_not_count_as_new(office: Office) -> None:
    assert fates(office) == [Fate.UNREADABLE]
    assert fates(office) == [Fate.KNOWN]
    assert office.twin() == []


@pytest.mark.parametrize("still_there", [True, False], ids=["in the folder", "only its original is left"])
def test_once_its_edition_is_there_it_is_read_and_nothing_waits_any_more(
    office: Office, *, still_there: bool
) -> None:
    harvest_returns(Request(office.workspace))
    if not still_there:
        (office.workspace.returns / "A.pdf").unlink()
    supply(office)

    result, words = harvest_returns(Request(office.workspace))

    assert [one.fate for one in result.outcomes] == [Fate.NEW]
    assert result.exit_code == EXIT_DONE
    assert json.dumps(result.as_json(words)).count("unknown-edition") == 0
    assert list(office.entries()) == ["Haus A"]
    assert [source["file"] for source in office.entries()["Haus A"]["sources"]] == ["A.pdf"]
    assert fates(office) == ([Fate.KNOWN] if still_there else [])
