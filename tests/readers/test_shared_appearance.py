"""Why every field of a blank needs an appearance of its own: measured on a form whose fields share one."""

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Name

from tests.readers import read_back
from tests.readers.engines import ENGINES, renderer, require
from tests.readers.known_losses import NOT_DRAWN, WRITES_INTO_THE_APPEARANCE_FOUND
from tests.readers.tiny_form import ALL_FIELDS, field_names
from tests.readers.tools import flatten

ENTERED = {ALL_FIELDS[0]: "Erstens", ALL_FIELDS[1]: "Zuletzt"}


@pytest.fixture(scope="module")
def sharing(blank: Path) -> Path:
    """The small form, but with the first field's empty appearance in all text fields."""
    target = blank.with_name("sharing.pdf")
    with pikepdf.open(blank) as pdf:
        shared = pdf.pages[0].Annots[0].AP.N
        for page in pdf.pages:
            for widget in (annotation for annotation in page.Annots if annotation["/FT"] == Name.Tx):
                widget.AP.N = shared
        pdf.save(target)
    return target


def printed_words(returned: Path, target: Path) -> list[str]:
    flatten("chrome", returned, target)
    return [word for word in renderer("poppler").text(target, 0).split() if word in ENTERED.values()]


@pytest.mark.parametrize("engine", sorted(set(ENGINES) - set(NOT_DRAWN)))
def test_with_appearances_of_their_own_fields_show_their_own_text(
    engine: str, blank: Path, tmp_path: Path
) -> None:
    require(engine).fill(blank, ENTERED, tmp_path / "returned.pdf")
    assert printed_words(tmp_path / "returned.pdf", tmp_path / "printed.pdf") == ["Erstens", "Zuletzt"]


@pytest.mark.parametrize("engine", WRITES_INTO_THE_APPEARANCE_FOUND)
def test_with_one_appearance_for_all_every_field_shows_the_last_text(
    engine: str, sharing: Path, tmp_path: Path
) -> None:
    require(engine).fill(sharing, ENTERED, tmp_path / "returned.pdf")
    every_field = ["Zuletzt"] * len(field_names(0))
    assert printed_words(tmp_path / "returned.pdf", tmp_path / "printed.pdf") == every_field
    assert ENTERED.items() <= read_back.values(tmp_path / "returned.pdf").items()
