"""What happens to a filled form on its way back."""

from pathlib import Path

import pytest

from tests.readers import read_back
from tests.readers.engines import renderer
from tests.readers.texts import TEXTS
from tests.readers.tiny_form import CATEGORIES, heading
from tests.readers.tools import (
    EXTRACTORS,
    EXTRACTORS_THAT_FLATTEN,
    PRINTERS,
    REPACKERS,
    extract_pages,
    flatten,
    repack,
)


def shown(path: Path, page: int) -> str:
    """The page's text without white space, which every tool sets differently."""
    return "".join(renderer("poppler").text(path, page).split())


@pytest.mark.parametrize("tool", sorted(set(EXTRACTORS) - EXTRACTORS_THAT_FLATTEN))
@pytest.mark.parametrize("pages", [[1], [0, 2]])
def test_extracted_pages_keep_their_fields_and_values(
    tool: str, pages: list[int], filled: Path, tmp_path: Path
) -> None:
    extract_pages(tool, filled, pages, tmp_path / "part.pdf")
    categories = [CATEGORIES[page] for page in pages]
    assert read_back.values(tmp_path / "part.pdf") == {
        name: value for name, value in read_back.values(filled).items() if name.split("_")[1] in categories
    }


@pytest.mark.parametrize("tool", sorted(EXTRACTORS_THAT_FLATTEN))
def test_an_extractor_that_flattens_keeps_the_page_but_no_fields(
    tool: str, filled: Path, tmp_path: Path
) -> None:
    extract_pages(tool, filled, [0, 2], tmp_path / "part.pdf")
    assert read_back.field_names(tmp_path / "part.pdf") == []
    assert "".join(heading(2).split()) in shown(tmp_path / "part.pdf", 1)


@pytest.mark.parametrize("tool", PRINTERS)
def test_a_printed_return_has_no_fields_but_shows_their_text(tool: str, filled: Path, tmp_path: Path) -> None:
    flatten(tool, filled, tmp_path / "printed.pdf")
    assert read_back.field_names(tmp_path / "printed.pdf") == []
    for text in (heading(0), TEXTS["German"], TEXTS["Polish"], TEXTS["Cyrillic"], TEXTS["formula"]):
        assert "".join(text.split()) in shown(tmp_path / "printed.pdf", 0)


@pytest.mark.parametrize("tool", PRINTERS)
def test_printing_leaves_the_return_itself_alone(tool: str, filled: Path, tmp_path: Path) -> None:
    before = filled.read_bytes()
    flatten(tool, filled, tmp_path / "printed.pdf")
    assert filled.read_bytes() == before


@pytest.mark.parametrize("how", REPACKERS)
def test_a_repacked_return_holds_the_same(how: str, filled: Path, tmp_path: Path) -> None:
    repack(how, filled, tmp_path / "repacked.pdf")
    assert read_back.values(tmp_path / "repacked.pdf") == read_back.values(filled)
    assert read_back.ticked(tmp_path / "repacked.pdf") == read_back.ticked(filled)
    assert (tmp_path / "repacked.pdf").read_bytes() != filled.read_bytes()
