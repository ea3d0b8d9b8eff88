"""Two returns that a tool joined into one file: two partners are two answers, one partner's two are one."""

import io
from pathlib import Path

import pytest
from pikepdf import Pdf

from formgen.blank import Blank, build_blank
from harvest.ledger import moment_of
from harvest.model import Submission
from harvest.normalise import submissions
from harvest.reading import read
from tests.harvest.reading.forms import fill, saved
from tests.readers.engines import require
from tests.readers.joiners import JOINERS, join, join_fields
from tests.specimens.form import small_form

CELL, ELSEWHERE = "kontaktstelle_r01_einrichtung", "betreutes-wohnen_r02_einrichtung"


@pytest.fixture(scope="module")
def blank() -> Blank:
    return build_blank(small_form())


def answers(
    tool: str, blank: Blank, folder: Path, *returns: dict[str, str]
) -> tuple[list[str], list[tuple[str, dict[str, str]]]]:
    """The codes of what is told, and of each answer its organisation and its cells."""
    paths = []
    for index, values in enumerate(returns):
        paths.append(folder / f"{index}.pdf")
        paths[-1].write_bytes(saved(fill(Pdf.open(io.BytesIO(blank.pdf)), values, blank.edition_file)))
    join(tool, paths, folder / "joined.pdf")
    editions = {blank.edition_file.edition: blank.edition_file}
    reading = read((folder / "joined.pdf").read_bytes(), editions)
    found = submissions(reading, "0" * 64, "joined.pdf", moment_of(None, ()), editions)
    return [one.code for one in reading.problems], [(_who(one), _cells(one)) for one in found]


def _who(one: Submission) -> str:
    return one.cover["organisation"].text


def _cells(one: Submission) -> dict[str, str]:
    return {
        f"{sheet.category} {row.number} {column}": value.text
        for sheet in one.sheets
        for row in sheet.rows
        for column, value in row.values.items()
    }


@pytest.mark.parametrize("tool", JOINERS)
def test_two_partners_are_two_answers(tool: str, blank: Blank, tmp_path: Path) -> None:
    north = {"cover_organisation": "Träger Nord", CELL: "Haus Süd"}
    east = {"cover_organisation": "Verein Ost", CELL: "Haus West"}
    assert answers(tool, blank, tmp_path, north, east) == (
        [],
        [
            ("Träger Nord", {"kontaktstelle 1 einrichtung": "Haus Süd"}),
            ("Verein Ost", {"kontaktstelle 1 einrichtung": "Haus West"}),
        ],
    )


@pytest.mark.parametrize("tool", JOINERS)
def test_two_files_of_one_partner_are_one_answer(tool: str, blank: Blank, tmp_path: Path) -> None:
    first = {"cover_organisation": "Träger Nord", CELL: "Haus Süd"}
    second = {"cover_organisation": "Träger Nord", ELSEWHERE: "WG Mitte"}
    codes, [(who, cells)] = answers(tool, blank, tmp_path, first, second)
    assert (codes, who) == ([], "Träger Nord")
    assert cells == {"kontaktstelle 1 einrichtung": "Haus Süd", "betreutes-wohnen 2 einrichtung": "WG Mitte"}


@pytest.mark.parametrize("shown", [True, False])
def test_fields_that_became_one_say_what_they_show_and_it_is_told(
    shown: bool, blank: Blank, tmp_path: Path
) -> None:
    edition, paths = blank.edition_file, []
    for index, (who, facility) in enumerate((("Träger Nord", "Haus Süd"), ("Verein Ost", "Haus West"))):
        values = {"cover_organisation": who, CELL: facility, **({ELSEWHERE: "WG Mitte"} if not index else {})}
        path = tmp_path / f"{index}.pdf"
        if shown:
            path.with_suffix(".blank").write_bytes(blank.pdf)
            named = {f"{edition.edition}_{local}": text for local, text in values.items()}
            require("pdfbox").fill(path.with_suffix(".blank"), named, path)
        else:
            path.write_bytes(saved(fill(Pdf.open(io.BytesIO(blank.pdf)), values, edition)))
        paths.append(path)
    join_fields(paths, tmp_path / "joined.pdf")
    reading = read((tmp_path / "joined.pdf").read_bytes(), {edition.edition: edition})
    found = submissions(reading, "0" * 64, "joined.pdf", moment_of(None, ()), {edition.edition: edition})
    first = {"kontaktstelle 1 einrichtung": "Haus Süd", "betreutes-wohnen 2 einrichtung": "WG Mitte"}
    second = [{"kontaktstelle 1 einrichtung": "Haus West"}] if shown else []
    assert [_cells(one) for one in found if _cells(one)] == [first, *second]
    assert "fields-shared" in [one.code for one in reading.problems]
