"""The whole way on real components: blank form, real engines, harvest, register."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from harvest.text.clean_text import clean
from spec.names import CoverField, NilField, RowField
from tests.contract.conftest import Office
from tests.readers.engines import require
from tests.readers.known_losses import stored
from tests.readers.texts import TEXTS

#: The engines behind Chrome and Edge (typing and pasting), Firefox, Evince and Okular, SumatraPDF.
ENGINES = ("pdfium-typed", "pdfium-pasted", "pdfjs", "poppler", "mupdf", "mupdf-incremental")
CATEGORIES = ("kontaktstelle", "spdi", "sonstiges", "mso")


def cells(office: Office) -> Mapping[RowField, str]:
    """The held texts spread over rows and categories, the facility named in each row."""
    columns = [column.key for column in office.edition.form.columns]
    first, others = columns[0], columns[1:]
    placed: dict[RowField, str] = {}
    slots = itertools.product(range(1, 6), CATEGORIES)
    texts = iter(TEXTS.values())
    for row, category in slots:
        placed[RowField(office.edition.edition, category, row, first)] = f"Einrichtung {category} {row}"
        for column in others:
            text = next(texts, None)
            if text is None:
                return placed
            placed[RowField(office.edition.edition, category, row, column)] = text
    raise AssertionError("more texts than cells")


def fill(office: Office, engine: str, organisation: str, target: Path) -> Mapping[RowField, str]:
    edition = office.edition.edition
    wanted = cells(office)
    values = {str(name): text for name, text in wanted.items()}
    values[str(CoverField(edition, "organisation"))] = organisation
    require(engine).fill(office.blank, values, target, checks=[str(NilField(edition, "wfbm"))])
    return wanted


@pytest.mark.parametrize("engine", ENGINES)
def test_every_field_that_an_engine_filled_arrives_in_the_register(office: Office, engine: str) -> None:
    wanted = fill(office, engine, "Träger e. V.", office.workspace.returns / "zurück.pdf")

    said = office.harvest("run", "--json")

    assert (said.code, said.json["documents"][0]["problems"]) == (0, [])
    entries = [entry for entry in office.register() if not entry["nil"]]
    arrived = {
        (entry["category"], entry["values"]["einrichtung"], column): text
        for entry in entries
        for column, text in entry["values"].items()
        if column != "einrichtung" and text
    }
    facility = {
        (name.category, name.row): text for name, text in wanted.items() if name.column == "einrichtung"
    }
    assert arrived == {
        (name.category, facility[name.category, name.row], name.column): clean(stored(engine, text))
        for name, text in wanted.items()
        if name.column != "einrichtung"
    }
    assert [entry["category"] for entry in office.register() if entry["nil"]] == ["wfbm"]
    assert {entry["reporters"][0] for entry in office.register()} == {"Träger e. V."}


def test_a_partners_text_is_text_in_the_workbook(office: Office) -> None:
    wanted = fill(office, "pdfjs", "Träger", office.workspace.returns / "zurück.pdf")
    office.harvest("run")

    book = openpyxl.load_workbook(office.workspace.register)
    shown = {cell.value: cell.data_type for row in book["Alle Einträge"].iter_rows() for cell in row}

    for text in wanted.values():
        assert shown[clean(text)] == "s", text


def returns_of_three_partners(office: Office, folder: Path) -> list[Path]:
    folder.mkdir()
    files = []
    for number, engine in enumerate(("pdfium-pasted", "pdfjs", "mupdf"), start=1):
        target = folder / f"{number}.pdf"
        fill(office, engine, f"Träger {number % 2}", target)
        os.utime(target, (1_790_000_000 + number, 1_790_000_000 + number))
        files.append(target)
    return files


def test_order_repetition_and_number_of_runs_change_nothing(
    new_office: Callable[[str], Office], tmp_path: Path
) -> None:
    files = returns_of_three_partners(new_office("any"), tmp_path / "filled")
    at_once, one_by_one, backwards = (new_office(name) for name in ("once", "each", "back"))
    for file in files:
        shutil.copy2(file, at_once.workspace.returns)
    at_once.harvest("run")
    for file in files:
        one_by_one.harvest("run", file)
    one_by_one.harvest("run", *files)
    backwards.harvest("run", files[2], files[2])
    backwards.harvest("run", files[1], files[0])

    assert at_once.register()
    assert one_by_one.register() == at_once.register()
    assert backwards.register() == at_once.register()


def test_a_second_run_changes_not_a_byte(office: Office) -> None:
    fill(office, "pdfium-pasted", "Träger", office.workspace.returns / "a.pdf")
    office.harvest("run")
    before = contents(office.workspace.root)

    said = office.harvest("run", "--json")

    assert said.json["run"] is None
    assert not said.json["changed"]
    assert contents(office.workspace.root) == before


def test_a_dry_run_says_what_would_happen_and_changes_nothing(office: Office) -> None:
    fill(office, "pdfium-pasted", "Träger", office.workspace.returns / "a.pdf")
    before = contents(office.workspace.root)

    said = office.harvest("run", "--dry-run", "--json")

    assert said.code == 0
    assert said.json["dry_run"]
    assert sum(said.json["entries"].values()) == 6
    assert contents(office.workspace.root) == before


def test_one_page_of_a_form_arrives_too(office: Office, tmp_path: Path) -> None:
    from tests.readers.tools import extract_pages

    whole = tmp_path / "whole.pdf"
    fill(office, "pdfjs", "Träger", whole)
    extract_pages("qpdf", whole, [1], office.workspace.returns / "nur ein Blatt.pdf")

    said = office.harvest("run", "--json")

    assert {entry["category"] for entry in office.register()} == {"kontaktstelle"}
    assert said.code == 0


def test_the_original_is_kept_as_it_came(office: Office) -> None:
    file = office.workspace.returns / "a.pdf"
    fill(office, "mupdf-incremental", "Träger", file)
    before = file.read_bytes()

    said = office.harvest("run", "--json")

    kept = office.workspace.originals / f"{said.json['documents'][0]['sha256']}.pdf"
    assert kept.read_bytes() == before == file.read_bytes()


def contents(root: Path) -> dict[str, bytes]:
    """Every file's bytes but for the lock's, which is empty."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
