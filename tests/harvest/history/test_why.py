"""Where a value stands that two copies of a field contradict each other about."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf

from harvest.commands.run import Request, harvest_returns
from harvest.history.why import why
from tests.harvest.offices import Office, filled


def emptied_on_the_page(data: bytes) -> bytes:
    """The list of fields keeps the old words, while the pages hold copies of the fields that are empty."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for place, widget in enumerate(page.Annots):
                if "_r0" in str(widget.get("/T", "")) and str(widget.get("/V", "")):
                    copy = pikepdf.Dictionary({key: value for key, value in widget.items() if key != "/V"})
                    copy.V = pikepdf.String("")
                    page.Annots[place] = pdf.make_indirect(copy)
                    pdf.Root.AcroForm.Fields.append(page.Annots[place])
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def test_words_that_stand_in_one_copy_of_a_field_only_are_shown_and_traced(tmp_path: Path) -> None:
    office = Office.at(tmp_path / "office")
    office.drop("a.pdf", emptied_on_the_page(filled("A", {"wohnheim": [("Haus Bach", "alt")]})))
    harvest_returns(Request(office.workspace))
    entry = office.entries()["Haus Bach"]

    because, _ = why(office.workspace, entry["id"])

    assert entry["values"]["kontakt"] == "alt"
    assert {one.column: [said.text for said in one.said if said.chosen] for one in because.told} == {
        "einrichtung": ["Haus Bach"],
        "kontakt": ["alt"],
    }
