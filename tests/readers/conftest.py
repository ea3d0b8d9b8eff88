"""Forms that several of these tests use."""

from pathlib import Path

import pytest

from tests.readers import tiny_form
from tests.readers.engines import require
from tests.readers.texts import TEXTS


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small form, nobody's yet."""
    return tiny_form.build(tmp_path_factory.mktemp("blank") / "blank.pdf")


@pytest.fixture(scope="session")
def filled(blank: Path) -> Path:
    """The small form with every text, as Firefox saves it: values and appearances are all right there."""
    target = blank.with_name("filled.pdf")
    values = dict(zip(tiny_form.ALL_FIELDS, TEXTS.values(), strict=False))
    require("pdfjs").fill(blank, values, target, checks=tiny_form.CHECKBOXES[:1])
    return target
