"""No drawing of a blank is ever lost: what was sent is what returns are compared with."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from formgen.blank import build_blank, write_blank
from spec.workspace import Workspace
from tests.specimens.form import small_form


def test_a_blank_that_is_drawn_otherwise_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    form, workspace = small_form(), Workspace(tmp_path)
    blank = build_blank(form)
    edition = blank.edition_file.edition
    drawn = [blank.pdf, blank.pdf + b"\n% drawn otherwise\n", blank.pdf + b"\n% and again\n"]
    for pdf in drawn:
        write_blank(form, replace(blank, pdf=pdf), workspace)
    assert workspace.blank(edition).read_bytes() == drawn[-1]
    kept = {path.name: path.read_bytes() for path in workspace.drawings(edition).iterdir()}
    assert kept == {f"{sha256(pdf).hexdigest()}.pdf": pdf for pdf in drawn[:-1]}


def test_the_same_drawing_is_kept_once(tmp_path: Path) -> None:
    form, workspace = small_form(), Workspace(tmp_path)
    blank = build_blank(form)
    for _ in range(2):
        write_blank(form, blank, workspace)
    assert not workspace.drawings(blank.edition_file.edition).exists()
