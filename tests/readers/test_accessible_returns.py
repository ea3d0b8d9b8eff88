"""A return stays as accessible as the form was: veraPDF on what the engines save after plain German text."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.formgen import verapdf
from tests.readers.engines import ENGINES, require
from tests.readers.matrix_copies import COPIES, TEXTS_ON, source

GERMAN = (
    "Beratungsstelle „Brücke“\nMusterstraße 5, 50667 Köln",
    "Größe – 5 €, § 53 SGB XII; Mo–Fr 9–17 Uhr",
    "Frau Groß, 0221 123456-78",
)
#: What fails, by profile, and why. An engine that is not named here passes both profiles.
FAILS: Mapping[str, Mapping[str, frozenset[str]]] = {
    # draw with Helvetica of their own, not embedded: UA-1 7.21.4.1, A-3 6.2.11.4.1
    "mupdf": {"ua1": frozenset({"7.21.4.1-1"}), "3a": frozenset({"6.2.11.4.1-1"})},
    "mupdf-incremental": {"ua1": frozenset({"7.21.4.1-1"}), "3a": frozenset({"6.2.11.4.1-1"})},
    "pdf-lib": {"ua1": frozenset({"7.21.4.1-1"}), "3a": frozenset({"6.2.11.4.1-1"})},
    # sets NeedAppearances, which A-3 forbids (6.4.1) and UA-1 does not
    "pikepdf": {"ua1": frozenset(), "3a": frozenset({"6.4.1-3"})},
    # writes bytes of another encoding into the form font: empty boxes without a meaning
    "pdftk": {
        "ua1": frozenset({"7.21.7-1", "7.21.8-1"}),
        "3a": frozenset({"6.2.11.7.2-1", "6.2.11.8-1"}),
    },
}
PASS = frozenset({"pdfium-typed", "pdfium-pasted", "pdfjs", "poppler"})
"""The engines of browsers and of Linux desktops: here a failure is a fault of ours."""


@pytest.fixture(scope="module", params=[(copy, engine) for copy in COPIES for engine in ENGINES])
def returned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    copy, engine = request.param
    own = source(copy)
    folder = tmp_path_factory.mktemp("german")
    (folder / "blank.pdf").write_bytes(own.pdf)
    entered = dict(zip(own.cells(TEXTS_ON), GERMAN, strict=False))
    require(engine).fill(folder / "blank.pdf", entered, folder / "returned.pdf", checks=[own.nil])
    return engine, folder / "returned.pdf"


@pytest.mark.parametrize("profile", sorted(verapdf.PROFILES))
def test_a_return_of_german_text_passes_but_for_what_the_engine_spoils(
    returned: tuple[str, Path], profile: str
) -> None:
    engine, path = returned
    expected = FAILS.get(engine, {}).get(profile, frozenset())
    assert {failure.clause for failure in verapdf.failures(path, profile)} == expected


def test_browsers_and_linux_desktops_spoil_nothing() -> None:
    assert not PASS & FAILS.keys()
    assert set(ENGINES) >= PASS


@pytest.mark.parametrize("engine", sorted(PASS))
def test_other_scripts_pass_as_well(engine: str, tmp_path: Path) -> None:
    own = source("blank")
    (tmp_path / "blank.pdf").write_bytes(own.pdf)
    require(engine).fill(tmp_path / "blank.pdf", own.lines, tmp_path / "returned.pdf")
    assert [verapdf.failures(tmp_path / "returned.pdf", profile) for profile in verapdf.PROFILES] == [[], []]
