"""Every engine hands back what a partner entered with it, but for the measured exceptions."""

from pathlib import Path

import pytest
from PIL.Image import Image

from tests.readers import read_back
from tests.readers.engines import ENGINES, RENDERERS, EngineMissing, FillError, renderer, require
from tests.readers.engines.base import run
from tests.readers.known_losses import LOSSES, NOT_DRAWN, Loss, stored
from tests.readers.texts import TEXTS
from tests.readers.tiny_form import ALL_FIELDS, CHECKBOXES, HIDDEN, PAGE_SIZE, heading
from tests.readers.tools import flatten

FIELD_OF = dict(zip(TEXTS, ALL_FIELDS, strict=False))
VALUES = {FIELD_OF[name]: text for name, text in TEXTS.items()}
TICKED = CHECKBOXES[1]
FIRST, SECOND, THIRD = ALL_FIELDS[:3]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def returned(engine: str, blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A return with every text in a field of its own and one tick, filled in one go by one engine."""
    target = tmp_path_factory.mktemp(engine) / "returned.pdf"
    require(engine).fill(blank, VALUES, target, checks=[TICKED])
    return target


def test_there_is_a_field_for_every_text() -> None:
    assert len(FIELD_OF) == len(TEXTS)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_entered_but_for_the_known_losses(
    engine: str, returned: Path, text: str
) -> None:
    assert read_back.values(returned)[FIELD_OF[text]] == stored(engine, TEXTS[text])


def test_only_the_asked_checkbox_is_ticked(returned: Path) -> None:
    assert read_back.ticked(returned) == {TICKED}


def test_an_untouched_field_has_no_value(returned: Path) -> None:
    untouched = set(ALL_FIELDS) - set(VALUES)
    assert untouched
    assert not untouched & set(read_back.values(returned))


def test_the_hidden_fields_keep_their_values(returned: Path) -> None:
    found = read_back.values(returned)
    assert {name: found[name] for name in HIDDEN} == HIDDEN


def test_the_fields_keep_their_names_and_order(returned: Path, blank: Path) -> None:
    assert read_back.field_names(returned) == read_back.field_names(blank)


def test_a_second_filling_replaces_the_first(engine: str, blank: Path, tmp_path: Path) -> None:
    once, twice = tmp_path / "once.pdf", tmp_path / "twice.pdf"
    require(engine).fill(
        blank, {FIRST: "alt", SECOND: "bleibt", THIRD: "wird geleert"}, once, checks=[TICKED]
    )
    require(engine).fill(once, {FIRST: "neu", THIRD: ""}, twice, checks=[TICKED])
    found = read_back.values(twice)
    assert (found[FIRST], found[SECOND], found.get(THIRD, "")) == ("neu", "bleibt", "")
    assert read_back.ticked(twice) == {TICKED}


@pytest.mark.parametrize(("values", "checks"), [({"nowhere": "x"}, []), ({}, ["nowhere"])])
def test_a_name_that_the_form_does_not_have_is_refused(
    engine: str, blank: Path, tmp_path: Path, values: dict[str, str], checks: list[str]
) -> None:
    with pytest.raises(FillError, match="nowhere"):
        require(engine).fill(blank, values, tmp_path / "never.pdf", checks=checks)
    assert not (tmp_path / "never.pdf").exists() or read_back.values(tmp_path / "never.pdf") == HIDDEN


def test_what_was_entered_is_on_the_printed_page_unless_known_otherwise(
    engine: str, returned: Path, tmp_path: Path
) -> None:
    # Chrome's print takes the stored appearances and draws none of its own
    flatten("chrome", returned, tmp_path / "printed.pdf")
    page = run("poppler", ["pdftotext", "-l", "1", "-raw", tmp_path / "printed.pdf", "-"])
    drawn = [name for name in ("Polish", "Greek", "Cyrillic") if letters(TEXTS[name]) in letters(page)]
    assert drawn == ([] if engine in NOT_DRAWN else ["Polish", "Greek", "Cyrillic"])


def letters(text: str) -> str:
    """The letters alone: lines are broken differently, and MuPDF draws guillemets in Cyrillic text as dots."""
    return "".join(filter(str.isalpha, text))


@pytest.mark.parametrize(("engine_name", "loss"), [(name, loss) for name in LOSSES for loss in LOSSES[name]])
def test_a_known_loss_belongs_to_an_engine_and_concerns_some_text(engine_name: str, loss: Loss) -> None:
    assert engine_name in ENGINES
    assert any(loss.effect(text) != text for text in TEXTS.values())


@pytest.mark.parametrize("name", RENDERERS)
def test_a_renderer_shows_the_page_with_what_was_entered(name: str, blank: Path, filled: Path) -> None:
    empty, full = (renderer(name).render(path, 0, 72) for path in (blank, filled))
    assert empty.size == full.size == PAGE_SIZE
    assert dark_pixels(empty) > 50
    assert dark_pixels(full) > dark_pixels(empty) + 1000


def dark_pixels(image: Image) -> int:
    return sum(image.convert("L").histogram()[:128])


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("page", [0, 2])
def test_a_renderer_reads_the_page_text(name: str, filled: Path, page: int) -> None:
    assert heading(page) in renderer(name).text(filled, page)


def test_every_engine_says_its_version_and_what_people_call_it(engine: str) -> None:
    assert require(engine).name == engine
    assert require(engine).label
    assert any(character.isdigit() for character in require(engine).version())


def test_a_missing_tool_is_named_with_the_way_to_install_it() -> None:
    with pytest.raises(EngineMissing, match=r"'somewhere' needs the program no-such-tool.*install\.py"):
        run("somewhere", ["no-such-tool"])
