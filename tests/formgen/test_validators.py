"""veraPDF and qpdf have nothing to say against a blank."""

import subprocess
from pathlib import Path

import pytest

from formgen.blank import Blank, build_blank
from tests.formgen import verapdf
from tests.formgen.samples import english_form, small_form


@pytest.fixture(scope="module", params=["built-in", "english", "small"])
def file(request: pytest.FixtureRequest, blank: Blank, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = {
        "built-in": lambda: blank,
        "english": lambda: build_blank(english_form()),
        "small": lambda: build_blank(small_form()),
    }
    path = tmp_path_factory.mktemp("blank") / f"{request.param}.pdf"
    path.write_bytes(made[request.param]().pdf)
    return path


@pytest.mark.parametrize("profile", sorted(verapdf.PROFILES))
def test_verapdf_passes(file: Path, profile: str) -> None:
    assert verapdf.failures(file, profile) == []


def test_verapdf_would_notice(tmp_path: Path) -> None:
    """The check of the check: without its language the same blank fails."""
    import pikepdf

    path = tmp_path / "spoilt.pdf"
    path.write_bytes(build_blank(small_form()).pdf)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        del pdf.Root.Lang
        pdf.save(path)
    assert verapdf.failures(path, "ua1") != []


def test_qpdf_passes(file: Path) -> None:
    run = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
