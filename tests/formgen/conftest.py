"""One blank of the built-in checklists for all tests of the blank."""

import io
from collections.abc import Iterator

import pikepdf
import pytest

from formgen.blank import Blank, build_blank
from spec.form.load import default_form


@pytest.fixture(scope="session")
def blank() -> Blank:
    return build_blank(default_form())


@pytest.fixture(scope="session")
def pdf(blank: Blank) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(blank.pdf)) as opened:
        yield opened
