"""Text that qpdf wrote with a byte a letter for a font that wants two: it comes back as letters, with what was lost marked."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf

from formgen.blank import build_blank
from harvest.model import Method
from harvest.reading import read
from harvest.reading.printed.flattened import _unpaired
from tests.harvest.reading.forms import fill, saved
from tests.specimens.form import small_form


def test_qpdfs_own_appearances_are_read_and_looked_at(tmp_path: Path) -> None:
    blank = build_blank(small_form())
    pdf = pikepdf.open(io.BytesIO(blank.pdf))
    said = {"kontaktstelle_r01_einrichtung": "Haus Süd, Weg 12", "kontaktstelle_r02_einrichtung": "Haus Nord"}
    filled = pikepdf.open(io.BytesIO(saved(fill(pdf, said, blank.edition_file))))
    filled.Root.AcroForm.NeedAppearances = True
    filled.save(tmp_path / "filled.pdf")
    command = ["qpdf", "--generate-appearances", "--flatten-annotations=all", "filled.pdf", "flat.pdf"]
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode in {0, 3}

    reading = read((tmp_path / "flat.pdf").read_bytes(), {blank.edition_file.edition: blank.edition_file})
    found = {
        str(one.name.local): one for one in reading.fields if one.text in {"Haus S?d, Weg 12", "Haus Nord"}
    }
    assert {name: one.text for name, one in found.items()} == {
        "kontaktstelle_r01_einrichtung": "Haus S?d, Weg 12",
        "kontaktstelle_r02_einrichtung": "Haus Nord",
    }
    assert {one.method for one in found.values()} == {Method.FLATTENED}
    assert max(one.confidence for one in found.values()) <= 0.5, "nothing of it shows: a person looks at it"


def test_other_writings_stay_as_they_are() -> None:
    from harvest.reading.pdf.pdfium_adapter import Piece

    for text in ("中文学校", "東京都立病院", "Haus Süd", "خانه", "Đặng Bình", "WG", "", "\ud800"):
        piece = Piece(text, (0, 0), (1, 0), (1, 0), None, 0, signed=False, starts=[(0, 0)] * len(text))
        assert _unpaired(piece) == piece
