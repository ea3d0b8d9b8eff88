"""What Windows takes amiss and Linux lets pass: a file renamed or removed while it is open (the work would stop there),
and text in whatever encoding the machine has (which differs there)."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from spec.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from tests.contract.conftest import Office
from tests.contract.holding import TOLD, watch

#: Python's own watch over text files that are opened without an encoding.
ENCODINGS = ("-X", "warn_default_encoding", "-W", "error::EncodingWarning")
#: The year of an office: everything that writes a second time over what is there.
YEAR = (
    "harvest run",
    "harvest undo",
    "harvest redo",
    "harvest export --format xlsx --output {folder}/a.xlsx",
    "harvest export --format xlsx --output {folder}/a.xlsx",
    "harvest export --format pdf --output {folder}/a.pdf",
    "harvest export --format pdf --output {folder}/a.pdf",
    "harvest rebuild --force",
    "formgen build --recipients {folder}/partner.csv",
    "formgen round new 2026",
    "formgen mail drafts --recipients {folder}/partner.csv",
    "formgen mail drafts --recipients {folder}/partner2.csv",
    "formgen mail sent --all --yes",
    "harvest forget --yes Ümläut",
)


def test_the_watch_sees_what_windows_would_refuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "offen"
    path.write_text("x", encoding="utf-8")
    watch("os.rename", (path, tmp_path / "anders"))
    assert capsys.readouterr().err == ""
    with path.open():
        watch("os.rename", (tmp_path / "neu", path))
        watch("os.rename", (tmp_path, tmp_path.with_name("anders")))
    assert capsys.readouterr().err.count(TOLD) == 2


def test_the_whole_year_moves_no_open_file_and_names_every_encoding(
    new_office: Callable[[str], Office], tmp_path: Path
) -> None:
    office = new_office("amt")
    answer(office, "Haus Ümläut", office.workspace.returns / "a.pdf")
    zipped(office, tmp_path)
    (tmp_path / "partner.csv").write_text("Organisation,E-Mail\nHaus A,a@example.org\n", encoding="utf-8")
    (tmp_path / "partner2.csv").write_text(
        "Organisation,E-Mail\nHaus A,b@example.org\nHaus B,c@example.org\n", encoding="utf-8"
    )
    (office.workspace.root / "formgen.toml").write_text(
        '[office]\nsender = "amt@example.org"\n', encoding="utf-8"
    )

    watched(office, "harvest run", tmp_path)
    book = openpyxl.load_workbook(office.workspace.register)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.value == "Haus Nord":
                cell.value = "Haus Nord e. V."
    book.save(office.workspace.register)
    for command in YEAR:
        watched(office, command, tmp_path)


def watched(office: Office, command: str, folder: Path) -> None:
    words = [word.format(folder=folder) for word in command.split()]
    done = subprocess.run(
        [
            sys.executable,
            *ENCODINGS,
            "-m",
            "tests.contract.holding",
            *words,
            "--workspace",
            office.workspace.root,
        ],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode in {EXIT_DONE, EXIT_NEEDS_PERSON}, f"{command}: {done.stdout}{done.stderr}"
    assert TOLD not in done.stderr, f"{command}: {done.stderr}"


def answer(office: Office, facility: str, target: Path) -> None:
    with pikepdf.open(office.blank) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        fields[f"{office.edition.edition}_kontaktstelle_r01_einrichtung"].V = pikepdf.String(facility)
        pdf.save(target)


def zipped(office: Office, folder: Path) -> None:
    answer(office, "Haus Nord", folder / "b.pdf")
    with zipfile.ZipFile(office.workspace.returns / "post.zip", "w") as archive:
        archive.write(folder / "b.pdf", "b.pdf")
