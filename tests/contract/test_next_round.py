"""What recipients reported comes back to them, and to nobody else: tokens, labels, `--prefill register.json`."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf

from spec.names import CoverField, RowField
from tests.contract.conftest import call
from tests.readers.engines import require

LIST = """Organisation;E-Mail
Caritas;nord@caritas.example
Caritas;sued@caritas.example
Verein Brücke;post@bruecke.example
"""


def test_each_recipient_gets_its_own_entries_back(tmp_path: Path) -> None:
    root, listed = tmp_path / "office", tmp_path / "list.csv"
    listed.write_text(LIST, encoding="utf-8")
    assert call("formgen", "build", "--workspace", root, "--recipients", listed).code == 0
    known = json.loads((root / "forms" / "recipients.json").read_text(encoding="utf-8"))["recipients"]
    for one in known:
        folder = root / "forms" / one["edition"]
        # what is typed on the cover is not what the office calls a partner
        values = {
            str(RowField(one["edition"], "wohnheim", 1, "einrichtung")): f"Haus {one['email']}",
            str(CoverField(one["edition"], "organisation")): "Haus Irgendwie",
        }
        require("pdfium-pasted").fill(folder / one["file"], values, root / "returns" / f"{one['token']}.pdf")

    call("harvest", "run", "--workspace", root)
    entries = json.loads((root / "register.json").read_text(encoding="utf-8"))
    reporters = {one["values"]["einrichtung"]: one["reporters"] for one in entries}
    assert reporters == {
        "Haus nord@caritas.example": ["Caritas (nord@caritas.example)"],
        "Haus sued@caritas.example": ["Caritas (sued@caritas.example)"],
        "Haus post@bruecke.example": ["Verein Brücke"],
    }

    said = call(
        "formgen", "build", "--workspace", root, "--recipients", listed, "--prefill", root / "register.json"
    )
    assert said.code == 0, said.err
    known = json.loads((root / "forms" / "recipients.json").read_text(encoding="utf-8"))["recipients"]
    for one in known:
        with pikepdf.open(root / "forms" / one["edition"] / one["file"]) as pdf:
            shown = [
                str(widget.V)
                for page in pdf.pages
                for widget in page.get("/Annots", [])
                if str(widget.get("/T", "")).endswith("_wohnheim_r01_einrichtung") and "/V" in widget
            ]
        assert shown == [f"Haus {one['email']}"]


def test_confirmed_rows_of_a_prefilled_copy_are_the_same_entries(tmp_path: Path) -> None:
    root, listed = tmp_path / "office", tmp_path / "list.csv"
    listed.write_text(LIST, encoding="utf-8")
    call("formgen", "build", "--workspace", root, "--recipients", listed)
    known = json.loads((root / "forms" / "recipients.json").read_text(encoding="utf-8"))["recipients"]
    one = known[2]
    engine = require("pdfium-pasted")
    values = {str(RowField(one["edition"], "wohnheim", 1, "einrichtung")): "Haus am Fluss"}
    engine.fill(root / "forms" / one["edition"] / one["file"], values, root / "returns" / "1.pdf")
    call("harvest", "run", "--workspace", root)
    before = json.loads((root / "register.json").read_text(encoding="utf-8"))
    call("formgen", "build", "--workspace", root, "--recipients", listed, "--prefill", root / "register.json")

    changed = {str(RowField(one["edition"], "wohnheim", 1, "einrichtung")): "Haus am Strom"}
    engine.fill(root / "forms" / one["edition"] / one["file"], changed, root / "returns" / "2.pdf")
    call("harvest", "run", "--workspace", root)
    after = json.loads((root / "register.json").read_text(encoding="utf-8"))

    assert [entry["id"] for entry in after] == [entry["id"] for entry in before]
    assert [entry["values"]["einrichtung"] for entry in after] == ["Haus am Strom"]
    assert [entry["status"] for entry in after] == ["changed"]
