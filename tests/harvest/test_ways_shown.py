"""What a return came in is named with it: in the register, to programs, and by `harvest why`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from harvest.cli import harvest
from harvest.model import Provenance
from tests.harvest.offices import Office, filled
from tests.harvest.sources.made import mail, raw, zipped
from tests.harvest.test_history_commands import run

DAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("bogen.pdf", "bogen.pdf"),
        ("2026/März/bogen.pdf", "bogen.pdf"),
        ("2026/Rückmeldung.zip > Süd/bogen.pdf", "Rückmeldung.zip > Süd/bogen.pdf"),
        ("a@b.example/INBOX > #12 > bogen.pdf", "INBOX > AW: Liste, 2026-03-02 > bogen.pdf"),
        ("a@b.example/INBOX/2026 > #12 > x.zip > bogen.pdf", "2026 > AW: Liste, 2026-03-02 > x.zip > bogen.pdf"),
        ("post.mbox > #3 > bogen.pdf", "post.mbox > AW: Liste, 2026-03-02 > bogen.pdf"),
        ("post.mbox > #3 > WG: Liste.eml > bogen.pdf", "post.mbox > #3 > WG: Liste.eml > bogen.pdf"),
        ("antwort.eml > bogen.pdf", "antwort.eml > bogen.pdf"),
    ],
)  # fmt: skip
def test_a_way_as_people_know_it(path: str, shown: str) -> None:
    way = Provenance(
        path, path.rpartition(" > ")[2].rpartition("/")[2], None, DAY, "c@d.example", "AW: Liste"
    )
    assert way.file == shown
    assert Provenance(shown, "bogen.pdf").file == shown


def test_a_subject_feigns_no_step_of_the_way() -> None:
    way = Provenance("a/INBOX > #1 > b.pdf", "b.pdf", mail_subject="Liste > echt.pdf")
    assert way.file == "INBOX > Liste › echt.pdf > b.pdf"
    assert Provenance("a/INBOX > #1 > b.pdf", "b.pdf").file == "INBOX > #1 > b.pdf"


def test_the_register_and_why_name_the_container(tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    inner = filled("Träger A", {"wohnheim": [("Haus Süd", "Frau A")]})
    office.drop("Rückmeldung.zip", zipped({"Süd/bogen.pdf": inner}))
    letter = mail(("bogen.pdf", filled("Träger B", {"wohnheim": [("Haus Nord", "Frau B")]})))
    office.drop("antwort.eml", raw(letter))
    run(office)

    book = openpyxl.load_workbook(office.workspace.register)
    sheet = book["Rücklauf"]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {"Rückmeldung.zip > Süd/bogen.pdf", "antwort.eml > bogen.pdf"} <= cells
    assert office.entries()["Haus Süd"]["sources"][0]["file"] == "Rückmeldung.zip > Süd/bogen.pdf"
    told = CliRunner().invoke(harvest, ["why", "Haus Nord", "--workspace", str(office.workspace.root)])
    assert "antwort.eml > bogen.pdf" in " ".join(told.output.split())
