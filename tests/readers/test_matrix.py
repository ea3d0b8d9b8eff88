"""matrix.json, and with it the README's table, is what the engines do; and returns survive what is done to files."""

from pathlib import Path
from typing import Any

import pytest

from harvest.reading import read
from tests.readers import matrix_words, read_back
from tests.readers.engines import ENGINES, require
from tests.readers.engines.mupdf import opened
from tests.readers.matrix import COMMITTED, Measurements, committed, written
from tests.readers.matrix_copies import COPIES, Source, source
from tests.readers.matrix_measure import annotations, harvested, row_by_row
from tests.readers.tools import EXTRACTORS, EXTRACTORS_THAT_FLATTEN, REPACKERS, extract_pages, repack

MATRIX = committed()
PAIRS = [(copy, engine) for copy in COPIES for engine in ENGINES]


@pytest.fixture(scope="session")
def measurements(tmp_path_factory: pytest.TempPathFactory) -> Measurements:
    """Shared by the processes of pytest-xdist, so that every file is filled once."""
    return Measurements(shared(tmp_path_factory))


def shared(factory: pytest.TempPathFactory) -> Path:
    own = factory.getbasetemp()
    return (own.parent if own.name.startswith("popen-") else own) / "matrix"


# ---------------------------------------------------------------- the matrix


def apart_from_size(measured: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in measured.items() if key != "bytes"}


@pytest.mark.parametrize(("copy", "engine"), PAIRS)
def test_a_fresh_measurement_finds_what_is_committed(
    copy: str, engine: str, measurements: Measurements
) -> None:
    fresh, written_down = measurements.of(copy, engine), MATRIX["copies"][copy][engine]
    assert apart_from_size(fresh) == apart_from_size(written_down), (
        "run: python -m tests.readers.matrix --write"
    )
    # another version of zlib or of a font is no news
    assert fresh["bytes"] == {
        when: pytest.approx(size, rel=0.2) for when, size in written_down["bytes"].items()
    }


def test_the_matrix_holds_all_engines_and_copies_and_nothing_else() -> None:
    assert list(MATRIX["engines"]) == list(ENGINES)
    assert {name: about["label"] for name, about in MATRIX["engines"].items()} == {
        name: require(name).label for name in ENGINES
    }
    assert {copy: list(engines) for copy, engines in MATRIX["copies"].items()} == {
        copy: list(ENGINES) for copy in COPIES
    }
    assert COMMITTED.read_text(encoding="utf-8") == written(MATRIX)


@pytest.mark.parametrize(("copy", "engine"), PAIRS)
def test_values_identity_and_order_survive_every_engine(copy: str, engine: str) -> None:
    measured = MATRIX["copies"][copy][engine]
    kept = {key: value for key, value in measured["values"].items() if key not in {"changed", "newline"}}
    assert all(kept.values()), kept
    assert all(measured["identity"].values()), measured["identity"]
    assert all(measured["order"].values()), measured["order"]
    assert measured["values"]["newline"] == ("CRLF" if engine.startswith("pdfium") else "LF")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_return_is_small_enough_for_mail(engine: str) -> None:
    assert all(MATRIX["copies"][copy][engine]["bytes"]["after"] < 1_500_000 for copy in COPIES)


def test_the_order_check_can_fail() -> None:
    names = ["f_a_nil", "f_a_r01_x", "f_a_r01_y", "f_a_r02_x", "f_a_r02_y", "f_a_p1_id"]
    own = [name.replace("f_", "f7q4k93xb_", 1) for name in names]
    assert row_by_row(own)
    assert not row_by_row([own[0], own[1], own[3], own[2], own[4], own[5]])
    assert not row_by_row([own[0], own[3], own[4], own[1], own[2], own[5]])
    assert not row_by_row([own[5], *own[:5]])


# ---------------------------------------------------------------- the README's table


def test_the_table_has_a_line_per_engine() -> None:
    text = matrix_words.readers()
    assert all(f"| {about['label']} |" in text for about in MATRIX["engines"].values())
    assert "Acrobat" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"identity": {"names": True, "hidden": True, "print": True, "code": False}}, "lost: QR code"),
        (
            {"order": {"as before": False, "row by row": True, "by structure": True}},
            "lost: order of the fields",
        ),
    ],
)
def test_the_table_tells_of_losses(change: dict[str, Any], words: str) -> None:
    assert words in matrix_words.row("x", {**MATRIX["copies"]["blank"]["pdfjs"], **change})


def test_the_table_tells_which_copy_is_treated_otherwise() -> None:
    own = MATRIX["copies"]["blank"]["pdfjs"]
    assert not matrix_words.differs(own, own)
    assert matrix_words.differs({**own, "display": {**own["display"], "Greek": "nothing"}}, own)


# ---------------------------------------------------------------- on its way back


@pytest.fixture(params=["blank", "prefilled"])
def returned(request: pytest.FixtureRequest, measurements: Measurements) -> tuple[Source, Path]:
    copy = str(request.param)
    return source(copy), measurements.folder_of(copy, "pdfjs") / "texts.pdf"


def identified(path: Path, own: Source) -> list[tuple[str, str | None, str, int]]:
    reading = read(path.read_bytes(), {own.edition.edition: own.edition})
    return [(page.edition, page.token, page.category, page.page) for page in reading.found]


@pytest.mark.parametrize("how", REPACKERS)
def test_another_container_changes_nothing(how: str, returned: tuple[Source, Path], tmp_path: Path) -> None:
    own, before = returned
    after = tmp_path / "after.pdf"
    repack(how, before, after)
    assert read_back.values(after) == read_back.values(before)
    assert read_back.ticked(after) == read_back.ticked(before)
    assert annotations(after) == annotations(before)
    assert harvested(after, own) == harvested(before, own) != {}
    assert identified(after, own) == identified(before, own)


@pytest.mark.parametrize("tool", sorted(set(EXTRACTORS) - EXTRACTORS_THAT_FLATTEN))
def test_pages_taken_out_keep_their_values_and_identities(
    tool: str, returned: tuple[Source, Path], tmp_path: Path
) -> None:
    own, before = returned
    pages, part = [1, 2, 3], tmp_path / "part.pdf"
    extract_pages(tool, before, pages, part)
    orders = annotations(before)
    names = {name for page in pages for name in orders[page]}
    whole = read_back.values(before)
    assert read_back.values(part) == {name: text for name, text in whole.items() if name in names}
    assert annotations(part) == [orders[page] for page in pages]
    assert harvested(part, own) == {
        name: text for name, text in harvested(before, own).items() if name in names
    }
    assert identified(part, own) == [identified(before, own)[page] for page in pages]


def test_pymupdf_loses_fields_of_a_second_part_of_the_same_open_file(
    returned: tuple[Source, Path], tmp_path: Path
) -> None:
    """A fault of PyMuPDF 2.0, not of the file: opened anew, or taken out in one go, all fields are kept."""
    with opened(returned[1]) as whole, opened() as part:
        part.insert_pdf(whole, from_page=1, to_page=1)
        part.insert_pdf(whole, from_page=2, to_page=2)
        part.save(tmp_path / "part.pdf")
    assert annotations(tmp_path / "part.pdf") == [annotations(returned[1])[1], []]
