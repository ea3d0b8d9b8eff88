"""After an upgrade older originals are read again, and nothing that people did or know by its id is lost."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pikepdf
import pytest

import harvest.commands.run
import harvest.workspace.rereading
from harvest.commands.run import Request, harvest_returns
from harvest.history.rebuild import rebuild
from harvest.history.runs import runs_of
from harvest.history.undo import redo, undo
from harvest.history.why import why
from harvest.ledger import Ledger
from harvest.model import Document, Method, Severity
from harvest.privacy.forget import forget
from harvest.problems import problem
from harvest.reading.extract import extract
from harvest.reading.model.raw_fields import Raw, RawField
from harvest.reading.version import READER_VERSION
from harvest.results import Reread, RunResult
from harvest.version import VERSION
from spec.names import CoverField, RowField
from tests.harvest.offices import Office, blank, filled

_Item = TypeVar("_Item")
NEWER = READER_VERSION + 1
EDITION = blank()[0].edition
NORTH, SOUTH = ("Haus Nord", "030 1"), ("Haus Süd", "030 2")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office.at(tmp_path / "office")
    made.drop("A.pdf", filled("Träger A", {"wohnheim": [NORTH, SOUTH]}))
    made.drop("B.pdf", filled("Träger B", {"praxis": [("Praxis", "3")]}, 2), 2)
    run(made)
    return made


def run(office: Office, passwords: tuple[str, ...] = ()) -> RunResult:
    return harvest_returns(Request(office.workspace, passwords=passwords))[0]


def again(office: Office, passwords: tuple[str, ...] = ()) -> Reread:
    """What a run has read again."""
    found = run(office, passwords).reread
    assert found is not None
    return found


class Upgrade:
    """A newer reader that says of each return what the present one says, changed by `change`; counts what it reads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        self.changes: dict[str, Any] = {}
        self._patch = monkeypatch
        monkeypatch.setattr(harvest.workspace.rereading, "raws", self._raws)
        self.to(NEWER)

    def to(self, version: int) -> None:
        self._patch.setattr(harvest.workspace.rereading, "READER_VERSION", version)
        self._patch.setattr(harvest.commands.run, "READER_VERSION", version)
        defaults = (version,)
        self._patch.setattr("harvest.ledger.writing.Run.add_reading.__defaults__", defaults)

    def _raws(
        self,
        documents: Iterator[Document],
        _editions: Mapping[str, Any],
        passwords: Sequence[str] = (),
        **_: object,
    ) -> Iterator[tuple[Document, Raw]]:
        for document in documents:
            self.read.append(document.provenance.name)
            raw = extract(document.data, passwords)
            change = self.changes.get(document.provenance.name)
            yield document, change(raw) if change else raw


@pytest.fixture
def upgrade(office: Office, monkeypatch: pytest.MonkeyPatch) -> Upgrade:
    return Upgrade(monkeypatch)


def cell(row: int, column: str, text: str, category: str = "wohnheim") -> RawField:
    return RawField(str(RowField(EDITION, category, row, column)), text, Method.WIDGET, 2)


def saying(*fields: RawField) -> Any:
    """The reader finds these, whatever it found there before."""
    names = {one.name for one in fields}

    def change(raw: Raw) -> Raw:
        kept = tuple(one for one in raw.fields if one.name not in names)
        places = {one.name: one for one in raw.fields}
        told = tuple(replace(one, box=places[one.name].box if one.name in places else None) for one in fields)
        return replace(raw, fields=(*kept, *(one for one in told if one.text)))

    return change


def rows_of(office: Office) -> dict[str, int]:
    """Table -> rows."""
    import sqlite3

    with closing(sqlite3.connect(office.workspace.ledger)) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


# ---------------------------------------------------------------- what is found


def test_where_the_versions_match_nothing_is_read_again(office: Office) -> None:
    before = rows_of(office)
    assert run(office).reread is None
    assert rows_of(office) == before


def test_a_reading_that_is_equal_costs_nothing_but_its_version(office: Office, upgrade: Upgrade) -> None:
    before, register = rows_of(office), office.workspace.register.read_bytes()

    result = run(office)

    assert result.reread is not None
    assert (result.reread.read, result.reread.changed, result.reread.run) == (2, 0, None)
    assert not result.changed
    assert {name: rows for name, rows in rows_of(office).items() if rows != before[name]} == {"rereads": 2}
    assert office.workspace.register.read_bytes() == register
    assert run(office).reread is None
    assert sorted(upgrade.read) == ["A.pdf", "B.pdf"]
    assert not office.workspace.reread.exists()


def test_what_is_found_anew_is_told_by_kind_and_is_a_run_of_its_own(office: Office, upgrade: Upgrade) -> None:
    ids = {name: entry["id"] for name, entry in office.entries().items()}
    upgrade.changes["A.pdf"] = saying(
        cell(1, "kontakt", "030 9"), cell(3, "einrichtung", "Haus West"), cell(2, "kontakt", "")
    )

    result = run(office)

    assert result.reread is not None
    assert {kind: count for kind, count in result.reread.found.items() if count} == {
        "values": 1, "changed": 1, "gone": 1,
    }  # fmt: skip
    entries = office.entries()
    assert {name: entries[name]["id"] for name in ids} == ids
    assert entries["Haus Nord"]["values"]["kontakt"] == "030 9"
    assert "Haus West" in entries
    listed = {one.id: one for one in runs_of(office.workspace)[0]}
    assert (listed[result.reread.run or 0].kind, listed[result.reread.run or 0].counts.rereads) == (
        "reread",
        1,
    )


def test_it_is_taken_back_and_brought_back_like_any_run(office: Office, upgrade: Upgrade) -> None:
    before = office.twin()
    upgrade.changes["A.pdf"] = saying(cell(1, "kontakt", "030 9"))
    number = again(office).run
    after = office.twin()
    assert after != before

    undo(office.workspace)
    assert office.twin() == before
    assert run(office).reread is None  # it stays taken back
    assert office.twin() == before
    redo(office.workspace, number)
    assert office.twin() == after


def test_it_is_the_first_to_be_taken_back_also_where_something_new_came_at_once(
    office: Office, upgrade: Upgrade
) -> None:
    upgrade.changes["A.pdf"] = saying(cell(1, "kontakt", "030 9"))
    office.drop("C.pdf", filled("Träger C", {"praxis": [("Praxis C", "4")]}, 3), 3)
    office.write("Haus Süd", "Kontakt", "von Hand")
    result = run(office)
    assert result.run == (result.reread or Reread()).run

    undo(office.workspace)

    shown = {name: entry["values"]["kontakt"] for name, entry in office.entries().items()}
    assert shown == {"Haus Nord": "030 1", "Haus Süd": "von Hand", "Praxis": "3", "Praxis C": "4"}


def test_why_names_the_run_that_read_it_so(office: Office, upgrade: Upgrade) -> None:
    upgrade.changes["A.pdf"] = saying(cell(1, "kontakt", "030 9"))
    number = again(office).run

    because, _ = why(office.workspace, office.entries()["Haus Nord"]["id"])

    said = {(one.text, one.run) for told in because.told for one in told.said if told.column == "kontakt"}
    assert said == {("030 9", number)}


# ---------------------------------------------------------------- what stays


def test_an_entry_keeps_its_id_and_what_people_did_to_it_whatever_it_is_called_now(
    office: Office, upgrade: Upgrade
) -> None:
    office.write("Haus Nord", "Kontakt", "von Hand")
    run(office)  # reads again, too: nothing differs
    identity = office.entries()["Haus Nord"]["id"]
    upgrade.to(NEWER + 1)
    upgrade.changes["A.pdf"] = saying(cell(1, "einrichtung", "Haus Nordstern"), cell(1, "kontakt", "030 9"))
    run(office)

    entry = office.entries()["Haus Nordstern"]
    assert (entry["id"], entry["values"]["kontakt"]) == (identity, "von Hand")


def test_the_id_stays_where_only_now_is_known_who_reported_it(office: Office, upgrade: Upgrade) -> None:
    office.write("Haus Nord", "Kontakt", "von Hand")
    name = str(CoverField(EDITION, "organisation"))
    upgrade.changes["A.pdf"] = saying(RawField(name, "Träger Neu", Method.WIDGET, 1))
    identity = office.entries()["Haus Nord"]["id"]
    run(office)

    entry = office.entries()["Haus Nord"]
    assert (entry["id"], entry["values"]["kontakt"], entry["reporters"]) == (
        identity,
        "von Hand",
        ["Träger Neu"],
    )


def test_a_row_that_people_touched_stays_where_the_newer_reader_finds_none(
    office: Office, upgrade: Upgrade
) -> None:
    office.write("Haus Süd", "Kontakt", "von Hand")
    nothing = [cell(row, column, "") for row in (1, 2) for column in ("einrichtung", "kontakt")]
    upgrade.changes["A.pdf"] = saying(*nothing)
    run(office)
    run(office)

    entries = office.entries()
    assert entries["Haus Süd"]["values"]["kontakt"] == "von Hand"
    assert "Haus Nord" not in entries


def test_what_the_newer_reader_fails_at_keeps_its_old_reading_and_is_told_once(
    office: Office, upgrade: Upgrade
) -> None:
    before = office.twin()
    crashed = problem("reader-crashed", Severity.LOST, error="signal 11")
    upgrade.changes["A.pdf"] = lambda _: Raw(pages=0, fields=(), problems=(crashed,))
    upgrade.changes["B.pdf"] = lambda raw: replace(raw, fields=(), ours=0)

    result = run(office)

    assert (result.reread or Reread()).failed == ("A.pdf", "B.pdf")
    assert office.twin() == before
    assert run(office).reread is None


def test_a_protected_return_waits_for_its_password(office: Office, upgrade: Upgrade, tmp_path: Path) -> None:
    plain = filled("Träger C", {"praxis": [("Praxis C", "4")]}, 3)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="geheim", owner="geheim"))
    upgrade.to(READER_VERSION)
    office.drop("C.pdf", out.getvalue(), 3)
    run(office, ("geheim",))
    upgrade.to(NEWER)

    assert again(office).failed == ("C.pdf",)
    assert run(office).reread is None
    assert again(office, ("geheim",)).read == 1
    assert run(office, ("geheim",)).reread is None
    assert "Praxis C" in office.entries()


def test_an_original_that_is_gone_or_spoilt_is_told_once_and_read_when_it_is_there_again(
    office: Office, upgrade: Upgrade
) -> None:
    before = office.twin()
    one, two = sorted(office.workspace.originals.iterdir())
    kept = one.read_bytes()
    one.unlink()
    two.write_bytes(b"%PDF-1.7 spoilt")

    assert len(again(office).missing) == 2
    assert office.twin() == before
    two.unlink()
    assert run(office).reread is None
    one.write_bytes(kept)
    assert again(office).read == 1


def test_what_was_forgotten_or_taken_back_is_not_read_again(office: Office, upgrade: Upgrade) -> None:
    forget(office.workspace, "Träger B")
    undo(office.workspace, 1)
    assert run(office).reread is None
    assert upgrade.read == []


def test_a_ledger_made_anew_is_up_to_date(office: Office, upgrade: Upgrade) -> None:
    rebuild(office.workspace, force=True)
    assert run(office).reread is None


def test_a_dry_run_tells_what_would_be_found_and_keeps_nothing(office: Office, upgrade: Upgrade) -> None:
    upgrade.changes["A.pdf"] = saying(cell(1, "kontakt", "030 9"))
    before = rows_of(office)
    result, _ = harvest_returns(Request(office.workspace, dry_run=True))
    assert (result.reread or Reread()).changed == 1
    assert rows_of(office) == before
    assert not office.workspace.reread.exists()


# ---------------------------------------------------------------- interrupted


def test_an_interrupted_run_goes_on_where_it_was(office: Office, upgrade: Upgrade) -> None:
    """Ctrl-C, a power cut: what was read until then is not read once more."""
    upgrade.changes["A.pdf"] = saying(cell(1, "kontakt", "030 9"))
    upgrade.changes["B.pdf"] = saying(cell(1, "kontakt", "040", "praxis"))

    def once(items: Iterable[_Item], label: str, length: int | None) -> Iterator[_Item]:
        assert label
        if length is None:
            yield from items  # what comes in
            return
        assert length == 2
        for number, item in enumerate(items):
            if number:
                raise KeyboardInterrupt
            yield item

    before = rows_of(office)
    with pytest.raises(KeyboardInterrupt):
        harvest_returns(Request(office.workspace), once)
    assert rows_of(office) == before
    first = list(upgrade.read)

    assert again(office).changed == 2
    assert sorted(upgrade.read) == ["A.pdf", "B.pdf"]
    assert len(first) >= 1
    assert not office.workspace.reread.exists()


_KILLED = """
import os, sys
from pathlib import Path
import harvest.commands.run, harvest.workspace.rereading as again
from harvest.commands.run import Request, harvest_returns
from spec.workspace import Workspace
again.READER_VERSION = harvest.commands.run.READER_VERSION = {newer}

def killed(items, label, length):
    for item in items:
        yield item
        os._exit(9)

harvest_returns(Request(Workspace(Path(sys.argv[1]))), killed)
"""


def test_a_run_that_is_killed_leaves_a_ledger_that_opens_and_the_next_one_goes_on(
    office: Office, upgrade: Upgrade
) -> None:
    before = rows_of(office)
    code = _KILLED.format(newer=NEWER)
    ended = subprocess.run([sys.executable, "-c", code, str(office.workspace.root)], check=False)
    assert ended.returncode == 9
    assert rows_of(office) == before
    assert len(list(office.workspace.reread.iterdir())) >= 1

    result = run(office)
    assert (result.reread or Reread()).read == 2
    assert len(upgrade.read) < 2
    assert not office.workspace.reread.exists()


def test_what_an_interrupted_run_left_is_forgotten_too(office: Office) -> None:
    office.workspace.reread.mkdir(parents=True)
    (office.workspace.reread / "x.json").write_text("Träger A")
    forget(office.workspace, "Träger A")
    assert not list(office.workspace.reread.iterdir())


def test_the_ledger_says_which_version_read_what(office: Office) -> None:
    with Ledger(office.workspace.ledger, VERSION) as ledger:
        assert ledger.outdated(READER_VERSION) == {}
        assert set(ledger.outdated(NEWER).values()) == {""}
