"""What the real engines wrote into the project's own form arrives, and qpdf and pypdf agree on every file."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from formgen.blank import Blank, build_blank
from harvest.model import Reading
from harvest.reading import read
from harvest.reading.fields import fast_reader, pikepdf_reader, pypdf_reader
from harvest.text.clean_text import clean
from spec.form.load import default_form
from spec.names import RowField, parse_field_name
from tests.readers.engines import ENGINES, require
from tests.readers.known_losses import stored
from tests.readers.texts import TEXTS


@pytest.fixture(scope="module")
def blank() -> Blank:
    return build_blank(default_form())


@pytest.fixture(scope="module")
def values(blank: Blank) -> dict[str, str]:
    """Every held text in a cell of its own, spread over the sheets."""
    cells = [
        f"{blank.edition_file.edition}_{local}"
        for local in blank.edition_file.fields
        if isinstance(parse_field_name(f"{blank.edition_file.edition}_{local}"), RowField)
    ]
    return dict(zip(cells[:: len(cells) // len(TEXTS)], TEXTS.values(), strict=False))


@pytest.fixture(scope="module")
def ticks(blank: Blank) -> list[str]:
    return [
        f"{blank.edition_file.edition}_{local}"
        for local in blank.edition_file.fields
        if local.endswith("_nil")
    ][:2]


@pytest.fixture(scope="module", params=ENGINES)
def returned(
    request: pytest.FixtureRequest,
    blank: Blank,
    values: dict[str, str],
    ticks: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, bytes]:
    """The engine's name and what it saved."""
    folder = tmp_path_factory.mktemp(request.param)
    source, target = folder / "blank.pdf", folder / "returned.pdf"
    source.write_bytes(blank.pdf)
    require(request.param).fill(source, values, target, checks=ticks)
    return request.param, target.read_bytes()


def as_read(reading: Reading) -> dict[str, str]:
    return {str(field.name): field.text for field in reading.fields}


def test_every_text_and_tick_arrives(
    returned: tuple[str, bytes], blank: Blank, values: dict[str, str], ticks: list[str]
) -> None:
    engine, data = returned
    reading = read(data, {blank.edition_file.edition: blank.edition_file})
    found = as_read(reading)
    assert {name: clean(found[name]) for name in values} == {
        name: clean(stored(engine, text)) for name, text in values.items()
    }
    assert {name for name in found if name.endswith("_nil") and found[name] != "/Off"} == set(ticks)
    assert not {name for name in found if not name.endswith("_nil")} - set(values)
    assert reading.problems == ()


def test_every_page_is_known(returned: tuple[str, bytes], blank: Blank) -> None:
    edition = blank.edition_file
    reading = read(returned[1], {edition.edition: edition})
    assert [(page.category, page.page) for page in reading.found] == [
        (page.category, page.number) for page in edition.pages
    ]
    assert reading.pages == len(edition.pages)


def test_qpdf_and_pypdf_agree(returned: tuple[str, bytes]) -> None:
    one, other = pikepdf_reader.extract(returned[1]), pypdf_reader.extract(returned[1])
    assert Counter(one.fields) == Counter(other.fields)
    assert replace(one, fields=(), ours=0, foreign=0) == replace(other, fields=(), ours=0, foreign=0)


def test_the_blank_itself_says_nothing(blank: Blank, tmp_path: Path) -> None:
    reading = read(blank.pdf, {blank.edition_file.edition: blank.edition_file})
    assert {field.text for field in reading.fields} == {"/Off"}
    assert reading.problems == ()


def test_what_engines_save_goes_the_quick_way_and_says_the_same(returned: tuple[str, bytes]) -> None:
    _, data = returned
    assert fast_reader.extract(data) == pikepdf_reader.extract(data)
